import { expect, test } from "vitest";
import type { RunPatch, TaskPatch, TaskView } from "../api/horarium.schemas.ts";
import { changedRows, laid, laidRun, withRunPatches } from "./livePatch.ts";
import { run, task } from "./making.ts";
import type { TaskPages } from "./pages.ts";

const AT = "2026-11-24T12:00:00.000Z";

const patchFor = (of: TaskView, change: Partial<TaskPatch> = {}): TaskPatch => ({
  id: of.id,
  revision: of.revision,
  next_due_at: of.next_due_at,
  is_next_skipped: of.is_next_skipped,
  running: of.running,
  is_paused: of.pause !== null,
  is_broken: of.broken !== null,
  is_deleted: of.deleted_at !== null,
  is_failing: false,
  last_run: of.last_runs[0] ?? null,
  ...change,
});

const runPatch = (change: Partial<RunPatch>): RunPatch => ({
  id: "r1",
  task_id: "t",
  cause: "schedule",
  state: "succeeded",
  reason: null,
  cancel_reason: null,
  attempt: 1,
  due_at: AT,
  ready_at: AT,
  started_at: AT,
  ended_at: AT,
  exit_status: 0,
  http_status: null,
  detail: null,
  lateness_ms: 0,
  duration_ms: 900,
  ...change,
});

test("what says nothing new leaves the very same task", () => {
  const before = task({ last_runs: [run("r1", "succeeded", 1)] });
  expect(laid(before, patchFor(before), AT)).toEqual({ task: before, reread: false });
  expect(laid(before, patchFor(before), AT).task).toBe(before);
});

test("a run begins and ends where it stands, and the oldest of twenty goes", () => {
  const before = task({ last_runs: Array.from({ length: 20 }, (_, n) => run(`r${20 - n}`, "succeeded", 20 - n)) });
  const begun = laid(before, patchFor(before, { running: 1, last_run: run("r21", "running", 21, null) }), AT).task;
  expect([begun.running, begun.last_runs.length, begun.last_runs[0]?.id, begun.last_runs.at(-1)?.id]).toEqual([
    1,
    20,
    "r21",
    "r2",
  ]);
  const ended = laid(begun, patchFor(begun, { running: 0, last_run: run("r21", "failed", 21, 70) }), AT).task;
  expect(ended.last_runs[0]).toMatchObject({ id: "r21", state: "failed", duration_ms: 70 });
  expect(ended.last_runs.length).toBe(20);
});

test("that the next one is skipped is told like any other value", () => {
  const before = task();
  expect(laid(before, patchFor(before, { is_next_skipped: true }), AT)).toEqual({
    task: { ...before, is_next_skipped: true },
    reread: false,
  });
});

test("a pause is shown at once, and who paused it and why is to be read", () => {
  const before = task();
  const paused = laid(before, patchFor(before, { is_paused: true }), AT);
  expect(paused).toMatchObject({ reread: true, task: { pause: { at: AT, until: null, reason: "" } } });
  expect(laid(paused.task, patchFor(paused.task, { is_paused: false }), AT)).toMatchObject({
    reread: true,
    task: { pause: null },
  });
});

test("another revision, and a definition that broke, are to be read; a deleted task stays where it is", () => {
  const before = task();
  expect(laid(before, patchFor(before, { revision: 2 }), AT).reread).toBe(true);
  expect(laid(before, patchFor(before, { is_broken: true }), AT).reread).toBe(true);
  expect(laid(before, patchFor(before, { is_deleted: true }), AT).task.deleted_at).toBe(AT);
});

const page = (...ids: string[]) => ({ items: ids.map((id) => task({ id })), next_cursor: null, total: null });

test("rows stay in their order, and pages without a change stay the same", () => {
  const pages: TaskPages = {
    pages: [page("a", "b"), page("c")],
    pageParams: [
      { index: 0, cursor: null },
      { index: 1, cursor: "x" },
    ],
  };
  const next = changedRows(pages, (one) => (one.id === "b" ? { ...one, running: 3 } : one));
  expect(next.pages.flatMap((one) => one.items.map(({ id, running }) => `${id}${running}`))).toEqual([
    "a0",
    "b3",
    "c0",
  ]);
  expect(next.pages[1]).toBe(pages.pages[1]);
  expect(changedRows(pages, (one) => one)).toBe(pages);
});

test("a run that is not the newest ends in its task's strip; an unknown one is not added", () => {
  const before = task({ last_runs: [run("r2", "running", 2, null), run("r1", "running", 1, null)] });
  const after = laidRun(before, runPatch({ id: "r1", state: "failed" }));
  expect(after.last_runs.map(({ id, state }) => `${id} ${state}`)).toEqual(["r2 running", "r1 failed"]);
  expect(laidRun(before, runPatch({ id: "r0" }))).toBe(before);
});

test("runs are found alone, in a page, and in pages; anything else is left alone", () => {
  const patches = new Map([["r1", runPatch({ state: "failed", exit_status: 3 })]]);
  const one = { id: "r1", state: "running", exit_status: null, task_name: "backup" };
  const other = { id: "r2", state: "running" };
  const failed = { ...runPatch({ state: "failed", exit_status: 3 }), task_name: "backup" };
  expect(withRunPatches(one, patches)).toEqual(failed);
  expect(withRunPatches({ items: [one, other], next_cursor: null }, patches)).toEqual({
    items: [failed, other],
    next_cursor: null,
  });
  const pages = { pages: [{ items: [other] }, { items: [one] }], pageParams: [null, "x"] };
  const next = withRunPatches(pages, patches) as typeof pages;
  expect(next.pages[0]).toBe(pages.pages[0]);
  expect(next.pages[1]?.items).toEqual([failed]);
  for (const same of [undefined, null, 7, other, { items: [other] }, { total: 3 }, failed]) {
    expect(withRunPatches(same, patches)).toBe(same);
  }
});
