import { expect, test } from "vitest";
import { task } from "./making.ts";
import { all, isTicked, NOTHING, type Selection, ticked } from "./selection.ts";

const ROWS = ["a", "b", "c", "d", "e"].map((id) => task({ id }));
const ids = (selection: Selection) => [...selection.tasks.keys()].sort().join("");

test("one by one, and off again", () => {
  const one = ticked(NOTHING, "b", ROWS, false);
  expect(ids(one)).toBe("b");
  expect(ids(ticked(one, "b", ROWS, false))).toBe("");
});

test("a range in either direction takes the state of its end", () => {
  const range = ticked(ticked(NOTHING, "d", ROWS, false), "b", ROWS, true);
  expect(ids(range)).toBe("bcd");
  expect(ids(ticked(range, "d", ROWS, true))).toBe("");
});

test("what is no longer loaded stays ticked, and a range cannot begin there", () => {
  const before = ticked(NOTHING, "a", ROWS, false);
  expect(ids(ticked(before, "d", ROWS.slice(2), true))).toBe("ad");
  expect(ids(ticked(before, "a", ROWS.slice(2), false))).toBe("a");
});

test("all that is loaded", () => {
  expect(ids(all(ROWS))).toBe("abcde");
});

test("all that match are ticked, loaded or not, until one row is ticked by itself", () => {
  const matching = { ...all(ROWS.slice(0, 2)), matching: 8_412 };
  expect([isTicked(matching, "a"), isTicked(matching, "z")]).toEqual([true, true]);
  const less = ticked(matching, "a", ROWS, false);
  expect([less.matching, isTicked(less, "a"), isTicked(less, "b"), isTicked(less, "e")]).toEqual([
    null,
    false,
    true,
    false,
  ]);
});
