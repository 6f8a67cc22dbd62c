/** Takes what the stream says into the query cache. */

import type { QueryClient } from "@tanstack/react-query";
import { readTask } from "../../api/horarium.ts";
import type { RunPatch, TaskDetail, TaskPatch, TaskView } from "../../api/horarium.schemas.ts";
import { refusalOf } from "../../lib/http.ts";
import { serverNow } from "../../lib/now.ts";
import { changedRows, laid, laidRun, withRunPatches } from "../livePatch.ts";
import type { TaskPages } from "../pages.ts";
import { Futures } from "./futures.ts";
import { keys } from "./queries.ts";
import { noteMissed, patchTasks } from "./taskPages.ts";

/** Questions that follow from events are asked no more often than this. */
const SETTLE_MS = 1_000;
/** Where more tasks than this are to be read, the page on screen is read as a whole. */
const READ_MAX = 20;

const lists = [...keys.tasks, "list"];

/** Lists of runs that may be read anew without moving what is on screen. */
const mayReread = (key: readonly unknown[]) => key[0] === "runs" && (typeof key[1] === "object" || key[1] === "newest");

export class News {
  private readonly client: QueryClient;
  private readonly stale = new Set<string>();
  private readonly futures = new Futures();
  private readonly due = new Map<string, () => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.client = client;
  }

  tasks(patches: readonly TaskPatch[]): void {
    const byId = new Map(patches.map((patch) => [patch.id, patch]));
    const at = new Date(serverNow()).toISOString();
    const unseen = new Set(byId.keys());
    const change = <T extends TaskView>(task: T): T => {
      const patch = byId.get(task.id);
      if (!patch) return task;
      unseen.delete(task.id);
      const { task: next, reread } = laid(task, patch, at);
      if (reread && !patch.is_deleted) this.stale.add(task.id);
      return next;
    };
    this.client.setQueriesData<TaskPages>({ queryKey: lists }, (pages) => pages && changedRows(pages, change));
    for (const id of byId.keys()) {
      this.client.setQueryData<TaskDetail>(keys.task(id), (task) => task && change(task));
      // Its books have changed too.
      if (this.client.getQueryState(keys.task(id))) this.later(id, () => this.reread(keys.task(id)));
    }
    if (unseen.size > 0 || patches.some((patch) => patch.is_deleted)) {
      this.later("count", () => this.reread([...keys.tasks, "count"]));
    }
    if (this.futures.changedBy(patches)) this.later("agenda", () => this.reread(keys.agenda));
    if (this.stale.size > 0) this.later("stale", () => void this.readStale());
    this.later("stats", () => this.reread(keys.stats));
  }

  runs(patches: readonly RunPatch[]): void {
    const byId = new Map(patches.map((patch) => [patch.id, patch]));
    const byTask = Map.groupBy(patches, (patch) => patch.task_id);
    const change = <T extends TaskView>(task: T): T => (byTask.get(task.id) ?? []).reduce(laidRun, task);
    this.client.setQueriesData<TaskPages>({ queryKey: lists }, (pages) => pages && changedRows(pages, change));
    this.client.setQueriesData({ queryKey: ["runs"] }, (data: unknown) => withRunPatches(data, byId));
    this.later("runs", () => void this.client.invalidateQueries({ predicate: ({ queryKey }) => mayReread(queryKey) }));
  }

  /** Not the lists themselves: their rows would move. Values on screen come by `fresh`, newcomers by `count`. */
  missed(): void {
    noteMissed();
    this.everything();
  }

  everything(): void {
    for (const part of ["fresh", "count", "one", "agenda"]) this.reread([...keys.tasks, part]);
    this.reread(keys.stats);
    void this.client.invalidateQueries({
      predicate: ({ queryKey }) => mayReread(queryKey) || (queryKey[0] === "runs" && queryKey[1] === "one"),
    });
  }

  /** The server answers again: what could not be read is read now. */
  recovered(): void {
    void this.client.refetchQueries({ type: "active", predicate: ({ state }) => state.error !== null });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.due.clear();
    this.stale.clear();
  }

  private reread(queryKey: readonly unknown[]): void {
    void this.client.invalidateQueries({ queryKey });
  }

  /** At the end of the present second, once for however many events. */
  private later(name: string, work: () => void): void {
    this.due.set(name, work);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const all = [...this.due.values()];
      this.due.clear();
      for (const one of all) one();
    }, SETTLE_MS);
  }

  private async readStale(): Promise<void> {
    const ids = [...this.stale];
    this.stale.clear();
    if (ids.length > READ_MAX) return this.reread([...keys.tasks, "fresh"]);
    for (const id of ids) {
      try {
        patchTasks(this.client, [await readTask(id)]);
      } catch (error) {
        // Deleted meanwhile, or the server is away: the next event or the next question tells.
        if (refusalOf(error) === null) throw error;
      }
    }
    return undefined;
  }
}
