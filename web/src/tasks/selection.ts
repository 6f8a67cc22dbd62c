/** Ticked rows, with a range from the one ticked before. They stay ticked when their page has been let go. */

import type { TaskView } from "../api/horarium.schemas.ts";

/** `matching`: all that the list's words mean, so many as were counted then, whether their rows are loaded or not. */
export type Selection = { tasks: ReadonlyMap<string, TaskView>; anchor: string | null; matching: number | null };

export const NOTHING: Selection = { tasks: new Map(), anchor: null, matching: null };

/** One row's tick changes; with `range` all from the anchor to it take the new state. `rows`: what is loaded, in order. */
export function ticked(selection: Selection, id: string, rows: readonly TaskView[], range: boolean): Selection {
  const on = !selection.tasks.has(id);
  const tasks = new Map(selection.tasks);
  const from = range && selection.anchor !== null ? rows.findIndex((row) => row.id === selection.anchor) : -1;
  const to = rows.findIndex((row) => row.id === id);
  if (to < 0) return selection;
  const start = from < 0 ? to : from;
  for (const row of rows.slice(Math.min(start, to), Math.max(start, to) + 1)) {
    if (on) tasks.set(row.id, row);
    else tasks.delete(row.id);
  }
  // Whoever ticks one row no longer means all.
  return { tasks, anchor: id, matching: null };
}

export const all = (rows: readonly TaskView[]): Selection => ({
  tasks: new Map(rows.map((row) => [row.id, row])),
  anchor: null,
  matching: null,
});

export const isTicked = (selection: Selection, id: string): boolean =>
  selection.matching !== null || selection.tasks.has(id);
