import { expect, test } from "vitest";
import { safeNext } from "./safeNext.ts";

test.each([
  ["/tasks?q=a", "/tasks?q=a"],
  [null, "/tasks"],
  ["https://elsewhere.test/", "/tasks"],
  ["//elsewhere.test/", "/tasks"],
  ["/\\elsewhere.test", "/tasks"],
  ["javascript:alert(1)", "/tasks"],
  ["/signin?next=/signin", "/tasks"],
])("%s leads to %s", (next, where) => {
  expect(safeNext(next)).toBe(where);
});
