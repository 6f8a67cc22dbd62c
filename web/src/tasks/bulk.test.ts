import { expect, test } from "vitest";
import {
  type Aim,
  askedOf,
  bodyOf,
  countOfAim,
  doneOf,
  instantOf,
  presentCount,
  refusedBy,
  samplesOf,
} from "./bulk.ts";
import { NO_FILTERS } from "./filters.ts";
import { task } from "./making.ts";

const rows = ["a", "b", "c", "d", "e", "f"].map((id) => task({ id, name: id.toUpperCase() }));
const ticked: Aim = { kind: "ticked", tasks: rows };
const filters = { ...NO_FILTERS, words: "etl", tags: ["ops"], states: ["failing"] as const };
const matching: Aim = { kind: "matching", filters, count: 8_412, samples: rows };

test("ticked tasks are named one by one, and the count goes along", () => {
  expect(bodyOf(ticked, { action: "run" })).toEqual({
    action: "run",
    ids: ["a", "b", "c", "d", "e", "f"],
    expected_count: 6,
  });
});

test("all that match are named by the words of the list, without its order", () => {
  expect(bodyOf(matching, { action: "delete" })).toEqual({
    action: "delete",
    filter: { words: "etl", tag: ["ops"], state: ["failing"] },
    expected_count: 8_412,
  });
  expect(bodyOf({ ...matching, filters: NO_FILTERS }, { action: "resume" })).toEqual({
    action: "resume",
    filter: {},
    expected_count: 8_412,
  });
});

test("until and reason go with a pause only", () => {
  const more = { until: "2026-11-25T08:00:00.000Z", reason: "moving" };
  expect(bodyOf(ticked, { action: "pause", ...more })).toMatchObject(more);
  expect(bodyOf(ticked, { action: "pause", until: null, reason: "" })).not.toHaveProperty("until");
  expect(bodyOf(ticked, { action: "run", ...more })).not.toHaveProperty("reason");
});

test("five are shown, all are counted", () => {
  expect(samplesOf(matching).map(({ name }) => name)).toEqual(["A", "B", "C", "D", "E"]);
  expect([countOfAim(matching), countOfAim(ticked)]).toEqual([8_412, 6]);
  expect([askedOf("pause", 8_412), askedOf("run", 1)]).toEqual(["Pause 8,412 tasks", "Run 1 task"]);
});

test("what was done, and what each refusal says of whom", () => {
  const refused = [
    { id: "a", type: "urn:horarium:run-is-open", detail: "It runs." },
    { id: "x", type: "urn:horarium:not-found", detail: "No such task." },
    { id: "b", type: "urn:horarium:run-is-open", detail: "It runs." },
  ];
  const view = { action: "run" as const, count: 300, done: 297, untried: 0, refused };
  expect(doneOf(view)).toBe("Started 297 of 300 tasks");
  expect(doneOf({ ...view, done: 300, refused: [] })).toBe("Started 300 tasks");
  expect(refusedBy(view, (id) => ({ a: "A", b: "B" })[id])).toEqual([
    { detail: "It runs.", count: 2, names: ["A", "B"] },
    { detail: "No such task.", count: 1, names: ["x"] },
  ]);
});

test("only a changed count is asked about again", () => {
  expect(presentCount("count-changed", { count: 301 })).toBe(301);
  expect(presentCount("conflict", { count: 301 })).toBeNull();
  expect(presentCount("count-changed", {})).toBeNull();
});

test("a local reading is one of this browser's zone", () => {
  expect(instantOf("2026-11-24T18:00")).toBe("2026-11-24T17:00:00.000Z"); // Berlin, winter
  expect(instantOf("2026-07-01T18:00")).toBe("2026-07-01T16:00:00.000Z");
  expect([instantOf(""), instantOf("soon")]).toEqual([null, null]);
});
