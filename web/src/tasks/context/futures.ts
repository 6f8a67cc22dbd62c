import type { TaskPatch } from "../../api/horarium.schemas.ts";

/** So many tasks are remembered; then it begins anew. */
const REMEMBERED_MAX = 20_000;

/**
 * Tells patches that change what comes from those that only tell of a run. A task's first patch cannot be compared, so it
 * counts as one that does.
 */
export class Futures {
  private readonly seen = new Map<string, string>();

  changedBy(patches: readonly TaskPatch[]): boolean {
    let changed = false;
    for (const { id, revision, is_paused, is_broken, is_deleted } of patches) {
      const now = `${revision} ${is_paused} ${is_broken} ${is_deleted}`;
      if (this.seen.get(id) === now) continue;
      if (this.seen.size >= REMEMBERED_MAX) this.seen.clear();
      this.seen.set(id, now);
      changed = true;
    }
    return changed;
  }
}
