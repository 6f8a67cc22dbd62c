import { expect, test } from "vitest";
import type { NoteView, TaskDetail } from "../api/horarium.schemas.ts";
import { clockNotes, isMark, ownZone, whyNot } from "./reasons.ts";

const task: TaskDetail = {
  id: "a",
  revision: 1,
  name: "report",
  description: "",
  tags: [],
  pool: "default",
  priority: 0,
  schedule: { kind: "cron", expression: "0 9 * * *", timezone: "Asia/Tokyo" },
  sentence: null,
  action: null,
  policy: null,
  pause: null,
  broken: null,
  next_due_at: "2027-01-20T00:00:00Z",
  is_next_skipped: false,
  running: 0,
  last_runs: [],
  usual_ms: null,
  created_at: "2027-01-01T00:00:00Z",
  created_by: "ada",
  updated_at: "2027-01-01T00:00:00Z",
  deleted_at: null,
  books: null,
};
const told = (at: string) => `<${at.slice(0, 10)}>`;
const note = (kind: NoteView["kind"], at: string | null, text: string): NoteView => ({ kind, at, text });
const ask = (more: Partial<TaskDetail>, shown = 0, notes: NoteView[] = []) =>
  whyNot({ ...task, ...more }, shown, "2027-01-18T00:00:00Z", notes, told).map(({ kind }) => kind);

test("every reason has its answer", () => {
  expect(ask({})).toEqual(["outside"]);
  expect(ask({ next_due_at: null })).toEqual(["ended"]);
  expect(ask({ broken: { reason: "no such zone" } as TaskDetail["broken"] })).toEqual(["broken"]);
  expect(ask({ deleted_at: "2027-01-02T00:00:00Z" })).toEqual(["deleted"]);
  expect(ask({ next_due_at: "2027-01-17T00:00:00Z" }, 3)).toEqual(["here"]);
});

test("a paused task has not ended, and says until when", () => {
  const pause = { until: "2027-03-01T00:00:00Z", reason: "moving house" } as TaskDetail["pause"];
  expect(ask({ pause, next_due_at: null })).toEqual(["paused"]);
  expect(whyNot({ ...task, pause }, 0, null, [], told)[0]?.text).toContain("until <2027-03-01> (moving house)");
});

test("what is left out is told as far as it lies in the stretch", () => {
  const notes = [
    note("excluded", "2027-01-17T00:00:00Z", "Left out: New Year"),
    note("excluded", "2027-02-17T00:00:00Z", "Left out: much later"),
  ];
  expect(whyNot(task, 0, "2027-01-18T00:00:00Z", notes, told).map(({ text }) => text)).toEqual([
    "It comes later: it is next due <2027-01-20>.",
    "Left out: New Year",
  ]);
});

test("changes of the clocks", () => {
  const moved = note("moved", "2027-01-17T00:00:00Z", "02:30 becomes 03:00");
  const notes = [
    note("clock_change", "2027-01-17T00:00:00Z", "The clocks go forward."),
    moved,
    note("clock_change", "2027-10-17T00:00:00Z", "They go back."),
    note("crowded", null, "many"),
  ];
  expect(clockNotes(notes, "2027-01-18T00:00:00Z")).toEqual(["The clocks go forward."]);
  expect(notes.filter(isMark)).toEqual([moved]);
});

test("which zone a schedule lives in", () => {
  expect(ownZone(task)).toBe("Asia/Tokyo");
  expect(ownZone({ schedule: { kind: "every", seconds: 60 } })).toBeNull();
});
