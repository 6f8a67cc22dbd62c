import { expect, test } from "vitest";
import { keyGroups, modKey } from "./keyHelp.ts";
import { leads, meant, ranked } from "./ranking.ts";

const commands = [
  { title: "New task", also: "create add" },
  { title: "Tasks", also: "go to" },
  { title: "Failing tasks" },
  { title: "Colours: dark", also: "theme mode" },
  { title: "Show times in UTC", also: "time zone timezone" },
];
const found = (text: string) => ranked(commands, text).items.map(({ title }) => title);

test("the start of the title stands above the start of a word, and that above the middle of one", () => {
  expect(found("tas")).toEqual(["Tasks", "New task", "Failing tasks"]);
  expect(found("ask")).toEqual(["New task", "Tasks", "Failing tasks"]);
});

test("every word must be meant, in whatever order", () => {
  expect(found("dark colours")).toEqual(["Colours: dark"]);
  expect(found("theme")).toEqual(["Colours: dark"]);
  expect(found("utc zone")).toEqual(["Show times in UTC"]);
  expect(found("dark utc")).toEqual([]);
});

test("nothing typed means all, in their order", () => {
  expect(found("  ")).toEqual(commands.map(({ title }) => title));
});

test("one letter means only starts, and accents do not matter", () => {
  expect(found("a")).toEqual(["New task"]); // add
  expect(meant({ title: "Übersicht" }, "uber")).toBe(3);
});

test("what the server found stands on top unless a command is meant by a start", () => {
  expect(leads(ranked(commands, "dark").best)).toBe(true);
  expect(leads(ranked(commands, "ask").best)).toBe(false);
  expect(leads(ranked(commands, "nightly").best)).toBe(false);
});

test("only keys that lead somewhere and are allowed are listed", () => {
  const tasks = { path: "/tasks", title: "Tasks", rail: { label: "Tasks", key: "t" } };
  const told = (mayRun: boolean, mayEdit: boolean, ...more: { path: string; title: string }[]) =>
    keyGroups([tasks, ...more], mayRun, mayEdit).flatMap(({ lines }) => lines.map(({ keys }) => keys.join(" ")));
  expect(told(false, false)).not.toContain("R");
  expect(told(false, false)).not.toContain("C");
  expect(told(true, true)).toEqual(expect.arrayContaining(["G T", "C", "R", "P", "E", "D", "?"]));
  expect(told(true, true)).not.toContain("[ ]");
  expect(told(true, true, { path: "/runs/:id", title: "Run" })).toContain("[ ]");
  expect([modKey("MacIntel"), modKey("Linux x86_64")]).toEqual(["⌘", "Ctrl "]);
});
