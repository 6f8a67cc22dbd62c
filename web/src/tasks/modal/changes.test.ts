import { expect, test } from "vitest";
import type { Policy } from "../../api/horarium.schemas.ts";
import { task } from "../making.ts";
import { changedFields, conflicts, merged, mergePatch, patchOf, resolved } from "./changes.ts";
import { checked, placed } from "./checks.ts";
import { definitionOf, emptyForm, formOf } from "./form.ts";

// The examples of RFC 7396, appendix A, as (original, patch, result).
test.each([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])("%j with %j is %j", (original, patch, result) => expect(merged(original, patch)).toEqual(result));

test("only what differs is sent, and laying it over gives the new state", () => {
  const before = { a: 1, b: { c: 2, d: 3 }, e: [1, 2] };
  const after = { a: 1, b: { c: 4 }, e: [1], f: "x" };
  expect(mergePatch(before, after)).toEqual({ b: { c: 4, d: null }, e: [1], f: "x" });
  expect(merged(before, mergePatch(before, after))).toEqual(after);
  expect(mergePatch(after, after)).toBeUndefined();
});

const shell = task({ action: { kind: "command", shell: "backup", env: { A: "1", TOKEN: "***" } } });
const form = formOf(shell, "UTC");

test("a form is what the task is", () => {
  expect(form).toMatchObject({
    name: "backup",
    shell: "backup",
    env: "A=1\nTOKEN=***",
    when: "At 09:00, Monday to Friday",
    zone: "Europe/Berlin",
  });
  expect(formOf(task({ action: { kind: "command", argv: ["sh", "-c", "a b"] } }), "UTC").shell).toBe("sh -c 'a b'");
  const every = task({
    schedule: { kind: "every", seconds: 900 },
    sentence: "Every 15 minutes, counted from 2026-11-24 12:49:17Z",
  });
  expect(formOf(every, "Asia/Tokyo")).toMatchObject({ when: "Every 15 minutes", zone: "Asia/Tokyo" });
  const once = task({
    schedule: { kind: "once", at: "2026-11-25T08:00:00.000Z" },
    sentence: "Once at 2026-11-25 08:00Z",
  });
  expect(formOf(once, "Asia/Tokyo").when).toBe("2026-11-25 17:00");
});

test("a form holds the whole policy", () => {
  const policy: Policy = {
    timeout_seconds: 90,
    retry: { max_attempts: 5, first_delay_seconds: 1.5, factor: 3, max_delay_seconds: 600 },
    overlap: "queue",
    catch_up: { mode: "all", window_seconds: 5_400, max_runs: 7 },
    on_lost: "fail",
    keep: { days: 3, runs: 20 },
  };
  expect(definitionOf(formOf(task({ policy }), "UTC")).policy).toEqual(policy);
});

test("fields of another kind do not count", () => {
  expect(changedFields(form, { ...form, pool: "big", url: "https://x.org", name: "backup " })).toEqual(["pool"]);
  expect(changedFields(form, { ...form, kind: "log", message: "x" })).toEqual(["kind", "message"]);
});

test("a patch names what changed and nothing else", () => {
  expect(patchOf(form, form, false)).toEqual({});
  expect(patchOf(form, { ...form, env: "A=2\nTOKEN=***", timeout: "60", tags: "a, b" }, false)).toEqual({
    action: { env: { A: "2" } },
    policy: { timeout_seconds: 60 },
    tags: ["a", "b"],
  });
  expect(patchOf(form, { ...form, factor: "1", maxDelay: "60", catchRuns: "5", keepDays: "7" }, false)).toEqual({
    policy: { retry: { factor: 1, max_delay_seconds: 60 }, catch_up: { max_runs: 5 }, keep: { days: 7 } },
  });
  expect(patchOf(form, { ...form, env: "" }, false)).toEqual({ action: { env: null } });
  expect(patchOf(form, { ...form, shell: "other" }, true)).toEqual({ action: { shell: "other", argv: null } });
  expect(patchOf(form, { ...form, kind: "log", message: "x" }, false)).toEqual({
    action: { kind: "log", message: "x" },
  });
});

test("who comes second chooses field by field", () => {
  const mine = { ...form, pool: "mine", description: "both agree" };
  const theirs = { ...form, pool: "theirs", priority: "5", description: "both agree" };
  const found = conflicts(form, mine, theirs);
  expect(found).toEqual([
    { name: "pool", mine: "mine", theirs: "theirs", both: true },
    { name: "priority", mine: "0", theirs: "5", both: false },
  ]);
  expect(resolved(mine, found, {})).toMatchObject({ pool: "mine", priority: "5" });
  expect(resolved(mine, found, { pool: "theirs", priority: "mine" })).toMatchObject({ pool: "theirs", priority: "0" });
  // Saved anew against theirs, only what is still different is sent.
  expect(patchOf(theirs, resolved(mine, found, {}), false)).toEqual({ pool: "mine" });
});

test("what is wrong stands at its field", () => {
  expect(Object.keys(checked(emptyForm("UTC"), ""))).toEqual(["shell", "when"]);
  expect(Object.keys(checked({ ...emptyForm("UTC"), shell: "x", when: "daily" }, ""))).toEqual(["name"]);
  const http = {
    ...emptyForm("UTC"),
    kind: "http",
    url: "x",
    when: "daily",
    headers: "no colon",
    expectStatus: "ok",
    asJson: true,
    body: "{",
  } as const;
  expect(Object.keys(checked(http, "x"))).toEqual(["headers", "body", "expectStatus"]);
  expect(checked({ ...form, timeout: "1h" }, "")).toEqual({ timeout: "Write a number." });
  const told = placed([
    { pointer: "/action/url", message: "only absolute addresses", remedy: "write http://" },
    { pointer: "/policy/retry/max_attempts", message: "0 is outside 1 to 1000" },
    { pointer: "/policy/retry/factor", message: "0 is outside 1 to 100" },
    { pointer: "/policy/retry/max_delay_seconds", message: "-1 is outside 0 to 2592000" },
    { pointer: "/policy/catch_up/max_runs", message: "0 is outside 1 to 1000" },
    { pointer: "/policy/keep/runs", message: "0 is outside 1 to 10000000" },
    { pointer: "/elsewhere", message: "odd" },
    { pointer: "/name", message: "It is taken. Choose another name.", remedy: "choose another name" },
  ]);
  expect(told).toEqual({
    errors: {
      url: "Only absolute addresses: write http://.",
      attempts: "0 is outside 1 to 1000.",
      factor: "0 is outside 1 to 100.",
      maxDelay: "-1 is outside 0 to 2592000.",
      catchRuns: "0 is outside 1 to 1000.",
      keepRuns: "0 is outside 1 to 10000000.",
      name: "It is taken. Choose another name.",
    },
    rest: ["Odd."],
  });
});
