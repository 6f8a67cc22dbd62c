import { expect, test } from "vitest";
import type { TaskPage } from "../api/horarium.schemas.ts";
import { run, task } from "./making.ts";
import {
  countOf,
  filledPage,
  PageMemory,
  pageOf,
  type PageParam,
  patched,
  type TaskPages,
  windowOf,
  without,
} from "./pages.ts";

const page = (ids: string[], next_cursor: string | null, total: number | null = null): TaskPage => ({
  items: ids.map((id) => task({ id })),
  next_cursor,
  total,
});

function loaded(...pages: [PageParam, TaskPage][]): { pages: TaskPages; memory: PageMemory } {
  const memory = new PageMemory();
  for (const [param, one] of pages) memory.note(param, one);
  return { pages: { pageParams: pages.map(([param]) => param), pages: pages.map(([, one]) => one) }, memory };
}

const FIRST: [PageParam, TaskPage] = [{ index: 0, cursor: null }, page(["a", "b", "c"], "C1", 7)];
const SECOND: [PageParam, TaskPage] = [{ index: 1, cursor: "C1" }, page(["d", "e"], "C2")];
const THIRD: [PageParam, TaskPage] = [{ index: 2, cursor: "C2" }, page(["f", "g"], null)];

test("rows keep their places when the pages before them have been let go", () => {
  const { pages, memory } = loaded(FIRST, SECOND, THIRD);
  expect(windowOf(pages, memory)).toMatchObject({ start: 0, end: 7 });
  const rest = { pageParams: pages.pageParams.slice(2), pages: pages.pages.slice(2) };
  const shown = windowOf(rest, memory);
  expect([shown.start, shown.end, shown.rows.map((one) => one.id)]).toEqual([5, 7, ["f", "g"]]);
  expect(windowOf(undefined, memory)).toEqual({ start: 0, end: 0, rows: [] });
});

test("what was let go can be asked for again, although a keyset only knows what comes next", () => {
  const { memory } = loaded(FIRST, SECOND, THIRD);
  expect(memory.before({ index: 2, cursor: "C2" })).toEqual({ index: 1, cursor: "C1" });
  expect(memory.before({ index: 1, cursor: "C1" })).toEqual({ index: 0, cursor: null });
  expect(memory.before({ index: 0, cursor: null })).toBeUndefined();
  expect(memory.after({ index: 1, cursor: "C1" }, SECOND[1])).toEqual({ index: 2, cursor: "C2" });
  expect(memory.after({ index: 2, cursor: "C2" }, THIRD[1])).toBeUndefined();
});

test("the page of a row is found", () => {
  const { pages, memory } = loaded(FIRST, SECOND, THIRD);
  expect([0, 2, 3, 6, 7].map((row) => pageOf(row, pages, memory)?.index)).toEqual([0, 0, 1, 2, undefined]);
});

test("fresh values go into their old places; nothing moves, appears or goes away", () => {
  const { pages } = loaded(FIRST, SECOND);
  const next = patched(pages, [task({ id: "e", running: 1 }), task({ id: "new" }), task({ id: "a" })]);
  expect(next.pages.flatMap((one) => one.items.map(({ id, running }) => [id, running]))).toEqual([
    ["a", 0],
    ["b", 0],
    ["c", 0],
    ["d", 0],
    ["e", 1],
  ]);
  expect(next.pages[0]).toBe(pages.pages[0]);
});

test.each([
  { revision: 2 },
  { next_due_at: null },
  { usual_ms: 5 },
  { pause: { at: "x", until: null, reason: "" } },
  { last_runs: [run("r", "succeeded", 1)] },
])("a change is seen: %o", (change) => {
  const { pages } = loaded(FIRST);
  expect(patched(pages, [task({ id: "a", ...change })])).not.toBe(pages);
  expect(patched(pages, [task({ id: "a" })])).toBe(pages);
});

test("what its person deleted leaves at once", () => {
  const { pages } = loaded(FIRST);
  expect(without(pages, "b").pages[0]?.items.map(({ id }) => id)).toEqual(["a", "c"]);
});

test("a count says when it stopped counting", () => {
  expect([1, 8_412, 100_000, 100_001].map(countOf)).toEqual([
    "1 task",
    "8,412 tasks",
    "100,000 tasks",
    "more than 100,000 tasks",
  ]);
});

test("later counts are compared with the first one after loading", () => {
  const { memory } = loaded(FIRST);
  expect(memory.counted(7)).toEqual({ now: 7, added: 0 });
  expect(memory.counted(9)).toEqual({ now: 9, added: 2 });
  expect(memory.counted(6)).toEqual({ now: 6, added: 0 });
  memory.note(...SECOND);
  expect(memory.counted(9).added).toBe(2);
  memory.note(...FIRST);
  expect(memory.counted(9)).toEqual({ now: 9, added: 0 });
  expect(memory.counted(100_001).added).toBe(99_991);
});

test("a list of one page knows by itself how many there were, so that none made before the first count is missed", () => {
  const memory = new PageMemory();
  memory.note({ index: 0, cursor: null }, page(["a", "b", "c"], null));
  expect(memory.counted(4)).toEqual({ now: 4, added: 1 });
});

test("a page is filled out of as many answers as it takes", async () => {
  const answers: Record<string, TaskPage> = {
    "": page([], "1"),
    "1": page(["a"], "2"),
    "2": page(["b", "c"], null),
  };
  const asked: [string | null, number][] = [];
  const filled = await filledPage(async (cursor, limit) => {
    asked.push([cursor, limit]);
    return answers[cursor ?? ""] ?? page([], null);
  }, null);
  expect([filled.items.map(({ id }) => id), filled.next_cursor]).toEqual([["a", "b", "c"], null]);
  expect(asked).toEqual([
    [null, 200],
    ["1", 200],
    ["2", 199],
  ]);
});

test("a search that finds nothing for ever comes to an end", async () => {
  let answers = 0;
  const filled = await filledPage(async () => {
    answers += 1;
    return page([], String(answers));
  }, null);
  expect([filled.items, filled.next_cursor, answers]).toEqual([[], "40", 40]);
});
