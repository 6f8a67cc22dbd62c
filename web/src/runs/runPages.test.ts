import { expect, test } from "vitest";
import type { LoggedRun, LoggedSkip } from "../api/horarium.schemas.ts";
import { fromSearch, isId, NO_FILTERS, toParams, toSearch, typedFilter } from "./filters.ts";
import { type List, neighboursOf } from "./neighbours.ts";
import { type Entry, entriesOf, newerThan, pageAt, patched, type RunPages } from "./runPages.ts";

const run = (id: string, state: LoggedRun["state"] = "succeeded") => ({ record: "run", id, state }) as LoggedRun;
const skip = (id: string, count: number) => ({ record: "skip", id, count }) as LoggedSkip;
const pages = (...of: Entry[][]): RunPages => ({
  pages: of.map((items, i) => ({ items, next_cursor: String(i), total: null })),
  pageParams: of.map((_, i) => (i === 0 ? null : String(i - 1))),
});

test("runs and skips are one list in the server's order, each once", () => {
  const all = entriesOf(pages([run("3"), skip("3", 7), run("2")], [skip("3", 5), run("1")]));
  expect(all.map((entry) => `${entry.record}${entry.id}`)).toEqual(["run3", "skip3", "run2", "run1"]);
  expect(all[1]).toEqual(skip("3", 7));
});

test("fresh values go into old places, and only there", () => {
  const before = pages([run("2", "running")], [run("1")]);
  const after = patched(before, [run("3"), run("2", "failed"), run("1")]);
  expect(entriesOf(after).map((entry) => (entry as LoggedRun).state)).toEqual(["failed", "succeeded"]);
  expect(after.pages[1]).toBe(before.pages[1]);
  expect(patched(before, [run("2", "running")])).toBe(before);
});

test("what is newer is counted, and a row knows its page", () => {
  expect(newerThan([run("1")], [run("3"), skip("1", 1), run("1")])).toBe(2);
  const some = pages([run("3"), run("2")], [run("1")]);
  expect([0, 1, 2, 9].map((row) => pageAt(some, row))).toEqual([0, 0, 1, 1]);
});

test("the address says what is asked for", () => {
  const id = "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG";
  const search = new URLSearchParams(
    `state=failed,nonsense,running&task=${id.toLowerCase()}&cause=manual&reason=timeout,lost,odd&from=2026-11-24T08:00:00Z&to=yesterday&tz=utc`,
  );
  const filters = fromSearch(search);
  expect(filters).toEqual({
    ...NO_FILTERS,
    states: ["failed", "running"],
    causes: ["manual"],
    reasons: ["timeout", "lost"],
    task: id,
    from: "2026-11-24T08:00:00Z",
  });
  expect(toParams(filters)).toEqual({
    state: ["failed", "running"],
    cause: ["manual"],
    reason: ["timeout", "lost"],
    task_id: id,
    from: "2026-11-24T08:00:00Z",
  });
  expect(toSearch(NO_FILTERS, search).toString()).toBe("tz=utc");
  const typed = ["tag:etl", " Pool: big one ", "worker:", "backup", "state:failed"].map(typedFilter);
  expect(typed).toEqual([{ name: "tag", value: "etl" }, { name: "pool", value: "big one" }, null, null, null]);
  expect([isId(` ${id} `), isId("x")]).toEqual([true, false]);
});

const BEGUN = Date.parse("2026-01-01T00:00:00Z");
/** Newest first, as the server lists: bounded by due_at, `to` not inside. */
const serverOf = (dues: number[]): { list: List; ids: string[]; asked: () => number } => {
  let asked = 0;
  const all = dues.map((due, i) => ({ id: `r${i}`, task_id: "t", due_at: new Date(due).toISOString() })).reverse();
  const list = (async ({ from, to, limit = 50 }) => {
    asked += 1;
    const found = all.filter(
      ({ due_at: due }) => (!from || Date.parse(due) >= Date.parse(from)) && (!to || Date.parse(due) < Date.parse(to)),
    );
    return { items: found.slice(0, limit), next_cursor: found.length > limit ? "more" : null };
  }) as List;
  return { list, ids: all.map(({ id }) => id).reverse(), asked: () => asked };
};

test.each([
  ["each minute", Array.from({ length: 5_000 }, (_, i) => BEGUN + i * 60_000)],
  [
    "in bursts",
    Array.from({ length: 2_000 }, (_, i) => BEGUN + Math.floor(i / 500) * 86_400_000 * 30 + (i % 500) * 10),
  ],
])("the neighbours of a run are found among many: %s", async (_how, dues) => {
  const now = (dues.at(-1) ?? 0) + 1_000;
  for (const i of [0, 1, 3, 499, 500, 1_234, dues.length - 1]) {
    const server = serverOf(dues);
    const due = new Date(dues[i] ?? 0).toISOString();
    const found = await neighboursOf({ id: `r${i}`, task_id: "t", due_at: due }, now, server.list);
    expect(found).toEqual({ previous: i === 0 ? null : `r${i - 1}`, next: i === dues.length - 1 ? null : `r${i + 1}` });
    expect(server.asked()).toBeLessThan(40);
  }
});

test("runs that were due at one instant are neighbours too", async () => {
  const { list } = serverOf([BEGUN, BEGUN, BEGUN + 5]);
  const due = new Date(BEGUN).toISOString();
  expect(await neighboursOf({ id: "r0", task_id: "t", due_at: due }, BEGUN + 10, list)).toEqual({
    previous: null,
    next: "r1",
  });
  expect(await neighboursOf({ id: "r1", task_id: "t", due_at: due }, BEGUN + 10, list)).toEqual({
    previous: "r0",
    next: "r2",
  });
});
