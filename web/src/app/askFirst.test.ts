// @vitest-environment jsdom
import { QueryClient } from "@tanstack/react-query";
import { AxiosHeaders } from "axios";
import { afterEach, beforeEach, expect, test } from "vitest";
import { client as http } from "../lib/http.ts";
import { sessionQuery } from "../tasks/context/queries.ts";
import { askFirst } from "./askFirst.ts";

const asked: string[] = [];
const base = new URL("http://host/deep/");

beforeEach(() => {
  asked.length = 0;
  http.defaults.adapter = async (config) => {
    asked.push(http.getUri(config));
    return { status: 200, data: { items: [], next_cursor: null }, statusText: "", headers: new AxiosHeaders(), config };
  };
});

afterEach(() => {
  delete document.documentElement.dataset.session;
});

const askedAt = async (path: string): Promise<string[]> => {
  const client = new QueryClient();
  askFirst(client, new URL(path, base), base);
  await client.fetchQuery(sessionQuery).catch(() => undefined);
  return asked.map((one) => one.replace(/^.*\/api\/v1/, ""));
};

test("the list is asked for together with the session, by the filters of the address", async () => {
  expect(await askedAt("tasks?state=failing&q=etl")).toEqual([
    "/session",
    "/tasks?sort=failing&words=etl&state=failing&limit=200",
  ]);
});

test("so is it where the address leads to the list", async () => {
  expect(await askedAt("")).toEqual(["/session", "/tasks?sort=failing&limit=200"]);
  expect(await askedAt("tasks/")).toContain("/tasks?sort=failing&limit=200");
});

test("any other address needs nothing but the session", async () => {
  for (const path of ["runs", "tasks/01ABC", "settings/tokens"]) {
    asked.length = 0;
    expect(await askedAt(path)).toEqual(["/session"]);
  }
});

test("without a session nothing is asked", async () => {
  document.documentElement.dataset.session = "none";
  expect(await askedAt("tasks")).toEqual([]);
});
