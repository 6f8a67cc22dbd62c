import { expect, test } from "vitest";
import { isWhole } from "./useRun.ts";

test("failures are counted only of a day of which nothing is forgotten", () => {
  const began = new Date("2026-11-23T23:00:00Z");
  expect([
    isWhole({ forgotten: 0, kept_from: "2026-11-24T07:00:00Z" }, began), // made this morning
    isWhole({ forgotten: 9, kept_from: "2026-11-23T23:00:00Z" }, began),
    isWhole({ forgotten: 9, kept_from: "2026-11-24T07:00:00Z" }, began),
  ]).toEqual([true, true, false]);
});
