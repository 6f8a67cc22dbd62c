import { expect, test } from "vitest";
import type { LoggedRun, LoggedSkip } from "../api/horarium.schemas.ts";
import { fromSearch, isId, NO_FILTERS, toParams, toSearch, typedFilter } from "./filters.ts";
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
