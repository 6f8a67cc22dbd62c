/** What the stream says of tasks and runs, laid upon what is shown: values change where they stand, nothing else does. */

import type { LastRunView, RunPatch, TaskPatch, TaskView } from "../api/horarium.schemas.ts";
import type { TaskPages } from "./pages.ts";

const LAST_RUNS_MAX = 20;

export type Laid<T> = { task: T; reread: boolean };

/** `reread`: the patch says that something changed which it does not hold. `at`: now, as an ISO instant. */
export function laid<T extends TaskView>(task: T, patch: TaskPatch, at: string): Laid<T> {
  const paused = task.pause !== null;
  const reread =
    patch.revision !== task.revision ||
    patch.is_broken !== (task.broken !== null) ||
    patch.is_paused !== paused ||
    patch.is_deleted !== (task.deleted_at !== null);
  const lastRuns = patch.last_run ? withRun(task.last_runs, patch.last_run, true) : task.last_runs;
  const same =
    !reread &&
    patch.next_due_at === task.next_due_at &&
    patch.is_next_skipped === task.is_next_skipped &&
    patch.running === task.running &&
    lastRuns === task.last_runs;
  if (same) return { task, reread };
  const next: T = {
    ...task,
    next_due_at: patch.next_due_at,
    is_next_skipped: patch.is_next_skipped,
    running: patch.running,
    last_runs: lastRuns,
  };
  // Until it has been read: who paused it, why and until when is not in the patch.
  if (patch.is_paused && !paused) next.pause = { at, until: null, reason: "" };
  if (!patch.is_paused) next.pause = null;
  next.deleted_at = patch.is_deleted ? (task.deleted_at ?? at) : null;
  return { task: next, reread };
}

/** Newest first. A run that is there changes where it stands; the newest of all may be added. */
function withRun(runs: LastRunView[], run: LastRunView, adds: boolean): LastRunView[] {
  const index = runs.findIndex(({ id }) => id === run.id);
  const known = runs[index];
  if (!known) return adds ? [run, ...runs].slice(0, LAST_RUNS_MAX) : runs;
  if (known.state === run.state && known.duration_ms === run.duration_ms) return runs;
  return runs.with(index, { ...known, state: run.state, duration_ms: run.duration_ms });
}

/** A run that is not the newest ends too. */
export function laidRun<T extends TaskView>(task: T, patch: RunPatch): T {
  const lastRuns = withRun(task.last_runs, patch, false);
  return lastRuns === task.last_runs ? task : { ...task, last_runs: lastRuns };
}

/** Every loaded row that `change` makes another; the same pages where there is none. */
export function changedRows(pages: TaskPages, change: (task: TaskView) => TaskView): TaskPages {
  let changed = false;
  const next = pages.pages.map((page) => {
    const items = page.items.map(change);
    if (items.every((task, at) => task === page.items[at])) return page;
    changed = true;
    return { ...page, items };
  });
  return changed ? { ...pages, pages: next } : pages;
}

type HasRuns = { id?: unknown; state?: unknown; items?: unknown; pages?: unknown };

/** Runs wherever they are: one, a page of them, or pages. Anything else stays as it is. */
export function withRunPatches(data: unknown, patches: ReadonlyMap<string, RunPatch>): unknown {
  if (Array.isArray(data)) {
    const next = data.map((one) => withRunPatches(one, patches));
    return next.every((one, at) => one === data[at]) ? data : next;
  }
  if (typeof data !== "object" || data === null) return data;
  const held = data as HasRuns;
  if (typeof held.id === "string" && typeof held.state === "string") {
    const patch = patches.get(held.id);
    return patch && differs(held, patch) ? { ...held, ...patch } : data;
  }
  const inside = held.pages ? "pages" : held.items ? "items" : null;
  if (inside === null) return data;
  const next = withRunPatches(held[inside], patches);
  return next === held[inside] ? data : { ...held, [inside]: next };
}

const differs = (run: object, patch: RunPatch): boolean =>
  Object.entries(patch).some(([name, value]) => (run as Record<string, unknown>)[name] !== value);
