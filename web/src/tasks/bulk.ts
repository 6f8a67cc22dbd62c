/** What is asked of many tasks at once, and what is said about it. */

import type { BulkBody, BulkBodyAction, BulkFilter, BulkView, TaskView } from "../api/horarium.schemas.ts";
import { plural } from "../lib/plural.ts";
import type { TaskFilters } from "./filters.ts";

/** The server takes no more at once. */
export const BULK_MAX = 10_000;
export const SAMPLES = 5;

/** The ticked tasks, or all that the list's words mean: `count` as the person has seen it. */
export type Aim =
  | { kind: "ticked"; tasks: readonly TaskView[] }
  | { kind: "matching"; filters: TaskFilters; count: number; samples: readonly TaskView[] };

export const countOfAim = (aim: Aim): number => (aim.kind === "ticked" ? aim.tasks.length : aim.count);

/** The first few, to be recognised. */
export const samplesOf = (aim: Aim): readonly TaskView[] =>
  (aim.kind === "ticked" ? aim.tasks : aim.samples).slice(0, SAMPLES);

export const toBulkFilter = (filters: TaskFilters): BulkFilter => ({
  ...(filters.words ? { words: filters.words } : {}),
  ...(filters.states.length > 0 ? { state: [...filters.states] } : {}),
  ...(filters.tags.length > 0 ? { tag: [...filters.tags] } : {}),
  ...(filters.kind ? { kind: filters.kind } : {}),
  ...(filters.pool ? { pool: filters.pool } : {}),
});

export type Wish = { action: BulkBodyAction; until?: string | null; reason?: string };

export function bodyOf(aim: Aim, { action, until, reason }: Wish): BulkBody {
  const pause = action === "pause" ? { ...(until ? { until } : {}), ...(reason ? { reason } : {}) } : {};
  const which = aim.kind === "ticked" ? { ids: aim.tasks.map(({ id }) => id) } : { filter: toBulkFilter(aim.filters) };
  return { action, ...which, expected_count: countOfAim(aim), ...pause };
}

const VERBS: Record<BulkBodyAction, { verb: string; done: string }> = {
  run: { verb: "Run", done: "Started" },
  pause: { verb: "Pause", done: "Paused" },
  resume: { verb: "Resume", done: "Resumed" },
  delete: { verb: "Delete", done: "Deleted" },
};

/** `Pause 300 tasks`. */
export const askedOf = (action: BulkBodyAction, count: number): string =>
  `${VERBS[action].verb} ${plural(count, "task")}`;

/** `Paused 298 of 300 tasks`. */
export function doneOf({ action, count, done }: BulkView): string {
  const of = done === count ? plural(count, "task") : `${done.toLocaleString("en")} of ${plural(count, "task")}`;
  return `${VERBS[action].done} ${of}`;
}

/** What was not done, reason by reason: `3 tasks: A run is open.` with the names that are known. */
export type Group = { detail: string; count: number; names: readonly string[] };

export function refusedBy(view: BulkView, nameOf: (id: string) => string | undefined): Group[] {
  const groups = Map.groupBy(view.refused, ({ detail }) => detail);
  return [...groups]
    .map(([detail, all]) => ({ detail, count: all.length, names: all.map(({ id }) => nameOf(id) ?? id) }))
    .sort((a, b) => b.count - a.count);
}

/** The present count, where the server says that it is not the one that was seen. */
export function presentCount(kind: string, facts: Readonly<Record<string, unknown>>): number | null {
  return kind === "count-changed" && typeof facts.count === "number" ? facts.count : null;
}

/** `2026-11-24T18:00` as this browser's zone has it, as an instant; null for nothing. */
export function instantOf(local: string): string | null {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
