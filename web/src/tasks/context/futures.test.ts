import { expect, test } from "vitest";
import type { TaskPatch } from "../../api/horarium.schemas.ts";
import { Futures } from "./futures.ts";

const patch = (change: Partial<TaskPatch> = {}): TaskPatch => ({
  id: "a",
  revision: 1,
  next_due_at: null,
  is_next_skipped: false,
  running: 0,
  is_paused: false,
  is_broken: false,
  is_deleted: false,
  is_failing: false,
  last_run: null,
  ...change,
});

test("what is paused, edited, deleted or new changes what comes; a run does not", () => {
  const futures = new Futures();
  const told = [{}, {}, { running: 1 }, { next_due_at: "2027-01-01T00:00:00.000Z" }, { is_failing: true }];
  expect(told.map((change) => futures.changedBy([patch(change)]))).toEqual([true, false, false, false, false]);
  for (const change of [{ is_paused: true }, { revision: 2 }, { is_broken: true }, { is_deleted: true }, { id: "b" }]) {
    expect(futures.changedBy([patch(change)])).toBe(true);
    expect(futures.changedBy([patch(change)])).toBe(false);
  }
  expect(futures.changedBy([])).toBe(false);
});
