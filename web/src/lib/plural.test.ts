import { expect, test } from "vitest";
import { ordinal, plural } from "./plural.ts";

test("ordinals", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 31].map(ordinal)).toEqual([
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "22nd",
    "23rd",
    "31st",
  ]);
});

test("counts are written for people", () => {
  expect([plural(1, "run"), plural(1_234, "run"), ordinal(1_002)]).toEqual(["1 run", "1,234 runs", "1,002nd"]);
});
