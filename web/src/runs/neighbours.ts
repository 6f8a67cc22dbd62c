/**
 * The run before and the run after, where the server lists newest first only. A list is in the order of ids, which begin with an
 * instant; that of a run again is when it was asked for, not when the one it repeats was due.
 */

import type { ListRunsParams, RunView } from "../api/horarium.schemas.ts";
import { instantOf } from "../lib/ids.ts";

export type List = (params: ListRunsParams) => Promise<{ items: RunView[]; next_cursor: string | null }>;
export type Neighbours = { previous: string | null; next: string | null };

const PAGE = 100;
/** Each step looks four times as far ahead, or halves what is left: enough for a century in milliseconds. */
const STEPS_MAX = 60;
const LEAST_MS = 60_000;

const iso = (ms: number) => new Date(ms).toISOString();

export async function neighboursOf(run: Pick<RunView, "id" | "task_id">, now: number, list: List): Promise<Neighbours> {
  const at = instantOf(run.id);
  const older = await list({ task_id: run.task_id, to: iso(at + 1), limit: PAGE });
  const here = older.items.findIndex((one) => one.id === run.id);
  const before = older.items[here + 1];
  const previous = before?.id ?? null;
  // At one instant there may be several; what stands above in the same page is newer.
  const same = here > 0 ? older.items[here - 1] : undefined;
  if (same) return { previous, next: same.id };
  return { previous, next: await nextOf(run, at, before ? at - instantOf(before.id) : 0, now, list) };
}

/** A window that grows until something is in it, and is cut again while it holds more than a page. */
async function nextOf(
  run: Pick<RunView, "task_id">,
  at: number,
  gap: number,
  now: number,
  list: List,
): Promise<string | null> {
  let span = Math.max(LEAST_MS, gap * 2);
  let empty = 0;
  let full: number | null = null;
  for (let step = 0; step < STEPS_MAX; step++) {
    const whole = at + span > now;
    const page = await list({
      task_id: run.task_id,
      from: iso(at + 1),
      limit: PAGE,
      ...(whole ? {} : { to: iso(at + span) }),
    });
    const nearest = page.items.at(-1);
    if (nearest && page.next_cursor === null) return nearest.id;
    if (nearest) full = instantOf(nearest.id) - at;
    else if (whole) return null;
    else empty = span;
    span = full === null ? span * 4 : empty + Math.max(1, Math.floor((full - empty) / 2));
  }
  return null;
}
