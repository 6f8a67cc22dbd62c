import { expect, test } from "vitest";
import type { RunView } from "../api/horarium.schemas.ts";
import { instantOf } from "../lib/ids.ts";
import { idAt } from "../lib/making.ts";
import { type List, neighboursOf } from "./neighbours.ts";

const NOW = Date.parse("2026-11-24T17:00:00Z");
const run = (id: string) => ({ id, task_id: "T" }) as RunView;

/** As the server lists: newest id first, from the one instant up to the other. */
const listOf =
  (ids: string[], pages: { asked: number } = { asked: 0 }): List =>
  async ({ from, to, limit = 100 }) => {
    pages.asked += 1;
    const found = [...ids]
      .sort()
      .reverse()
      .filter((id) => !from || instantOf(id) >= Date.parse(from))
      .filter((id) => !to || instantOf(id) < Date.parse(to));
    return { items: found.slice(0, limit).map(run), next_cursor: found.length > limit ? "more" : null };
  };

test("each run has the one before and the one after, and never itself", async () => {
  const ids = [900_000, 70_000, 70_000, 3, 2, 1].map((ago, n) => idAt(NOW - ago, n));
  for (const [n, id] of ids.entries())
    expect(await neighboursOf(run(id), NOW, listOf(ids))).toEqual({
      previous: ids[n - 1] ?? null,
      next: ids[n + 1] ?? null,
    });
});

const BEGUN = Date.parse("2026-01-01T00:00:00Z");

test.each([
  ["each minute", Array.from({ length: 5_000 }, (_, i) => BEGUN + i * 60_000)],
  [
    "in bursts",
    Array.from({ length: 2_000 }, (_, i) => BEGUN + Math.floor(i / 500) * 86_400_000 * 30 + (i % 500) * 10),
  ],
])("the neighbours of a run are found among many: %s", async (_how, instants) => {
  const ids = instants.map((at, n) => idAt(at, n));
  const now = (instants.at(-1) ?? 0) + 1_000;
  for (const n of [0, 1, 3, 499, 500, 1_234, ids.length - 1]) {
    const pages = { asked: 0 };
    const found = await neighboursOf(run(ids[n] ?? ""), now, listOf(ids, pages));
    expect(found).toEqual({ previous: ids[n - 1] ?? null, next: ids[n + 1] ?? null });
    expect(pages.asked).toBeLessThan(40);
  }
});
