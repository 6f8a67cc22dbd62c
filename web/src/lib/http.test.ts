// @vitest-environment jsdom
import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from "axios";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { address, base, client, http, onSignedOut, Refusal, refusalOf } from "./http.ts";

const asked: InternalAxiosRequestConfig[] = [];
let answer: { status: number; data: unknown; headers?: Record<string, string> } | "nothing";

beforeEach(() => {
  asked.length = 0;
  answer = { status: 200, data: { ok: true } };
  client.defaults.adapter = async (config) => {
    asked.push(config);
    if (answer === "nothing") throw new AxiosError("Network Error", AxiosError.ERR_NETWORK, config);
    const response = { ...answer, statusText: "", headers: new AxiosHeaders(answer.headers), config };
    if (answer.status >= 400) throw new AxiosError("bad", AxiosError.ERR_BAD_REQUEST, config, null, response);
    return response;
  };
});

afterEach(() => {
  document.head.innerHTML = "";
});

test("every address begins where <base href> says", async () => {
  document.head.innerHTML = '<base href="/horarium/">';
  expect(base()).toBe("http://localhost:3000/horarium");
  expect(address("/api/v1/events")).toBe("http://localhost:3000/horarium/api/v1/events");
  await http({ url: "/api/v1/tasks", method: "GET" });
  expect(asked[0]?.url).toBe("http://localhost:3000/horarium/api/v1/tasks");
});

test("a change names the revision that it is based upon", async () => {
  await http({ url: "/x", method: "PATCH", data: {} }, { revision: 7 });
  await http({ url: "/x", method: "PATCH", data: {} }, { revision: "*" });
  await http({ url: "/x", method: "GET" });
  expect(asked.map((one) => one.headers.get("If-Match"))).toEqual(['"7"', "*", undefined]);
});

test("a problem becomes a refusal with its words, its fields, its facts and its number", async () => {
  answer = {
    status: 412,
    data: { type: "urn:horarium:stale-revision", title: "x", detail: "ada changed it", errors: [], revision: 9 },
    headers: { "x-request-id": "a1-2" },
  };
  const refusal = await http({ url: "/x" }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ status: 412, kind: "stale-revision", message: "ada changed it", requestId: "a1-2" });
  expect((refusal as Refusal).facts.revision).toBe(9);
});

test("no answer is a refusal too, and says that nobody answered", async () => {
  answer = "nothing";
  const refusal = refusalOf(await http({ url: "/x" }).catch((error: unknown) => error));
  expect([refusal?.offline, refusal?.kind, refusal?.message]).toEqual([true, "offline", "The server does not answer."]);
});

test("what was called off is no refusal", () => {
  expect(refusalOf(new AxiosError("x", AxiosError.ERR_CANCELED))).toBeNull();
  expect(refusalOf(new Error("mine"))).toBeNull();
});

test("when the session is over, whoever listens hears it, unless the question was just that", async () => {
  const heard = vi.fn();
  const stop = onSignedOut(heard);
  answer = { status: 401, data: {} };
  await http({ url: "/x" }, { staysQuietWhenSignedOut: true }).catch(() => undefined);
  expect(heard).not.toHaveBeenCalled();
  await http({ url: "/x" }).catch(() => undefined);
  expect(heard).toHaveBeenCalledTimes(1);
  stop();
  await http({ url: "/x" }).catch(() => undefined);
  expect(heard).toHaveBeenCalledTimes(1);
});

test("several values of one parameter are repeated, as the API reads them", () => {
  expect(client.getUri({ url: "/x", params: { tag: ["a", "b"] } })).toBe("/x?tag=a&tag=b");
});
