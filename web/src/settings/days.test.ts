import { expect, test } from "vitest";
import { daysText, readDays } from "./days.ts";

test("a line is a day or a stretch; words behind # and empty lines are let go", () => {
  const text = "2026-12-24 # Christmas Eve\n\n2026-12-24\r\n2026-12-30..2027-01-01\n 2027-04-02 / 2027-04-05 ";
  expect(readDays(text)).toEqual({
    days: ["2026-12-24", "2026-12-30/2027-01-01", "2027-04-02/2027-04-05"],
    problem: null,
  });
});

test.each([
  ["2026-12-24\ntomorrow", 2, /no day/],
  ["2026-02-30", 1, /There is no day 2026-02-30/],
  ["2027-01-01/2026-12-30", 1, /is before/],
])("%j is refused with its line", (text, line, words) => {
  const { problem } = readDays(text);
  expect(problem?.line).toBe(line);
  expect(problem?.message).toMatch(words);
});

test("what is read can be shown again", () => {
  const days = ["2026-12-24", "2026-12-30/2027-01-01"];
  expect(readDays(daysText(days)).days).toEqual(days);
});
