/** What the server said, by key. Nothing of it is kept anywhere else. */

import { keepPreviousData, type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import {
  listRuns,
  listTasks,
  listUpcoming,
  readSession,
  readSettings,
  readStats,
  readTask,
} from "../../api/horarium.ts";
import type { ListRunsParams, RunPage, SessionView, SettingsView, TaskView } from "../../api/horarium.schemas.ts";
import { Refusal } from "../../lib/http.ts";
import type { TaskFilters } from "../filters.ts";

export const POLL_MS = 5_000;
/** With the stream of events, questions only make sure that nothing is wrong for long. */
const POLL_LIVE_MS = 60_000;

let live = false;

/** Whether changes are told, so that little needs to be asked. */
export function notePace(isLive: boolean): void {
  live = isLive;
}

export const pollMs = (): number => (live ? POLL_LIVE_MS : POLL_MS);

export const keys = {
  session: ["session"] as const,
  settings: ["settings"] as const,
  stats: ["stats"] as const,
  tasks: ["tasks"] as const,
  taskList: (filters: TaskFilters) => ["tasks", "list", filters] as const,
  taskCount: (filters: TaskFilters) => ["tasks", "count", filters] as const,
  freshTasks: (filters: TaskFilters, page: number) => ["tasks", "fresh", filters, page] as const,
  task: (id: string) => ["tasks", "one", id] as const,
  agenda: ["tasks", "agenda"] as const,
  upcoming: (id: string) => ["tasks", "upcoming", id] as const,
  runs: (params: ListRunsParams) => ["runs", params] as const,
};

/** The document says whether a session came along with the request for it: where none did, nobody needs to ask. */
export const knownSignedOut = (): boolean => document.documentElement.dataset.session === "none";

export function noteSignedIn(): void {
  document.documentElement.dataset.session = "maybe";
}

/** The session of this browser; null where nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    if (knownSignedOut()) return null;
    try {
      return await readSession({ signal, staysQuietWhenSignedOut: true });
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** Somebody else may sit here now: nothing that was read for the one before is kept. */
export function forgetAllBut(client: QueryClient, session: SessionView | null): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
  client.setQueryData(keys.session, session);
}

export const statsQuery = queryOptions({
  queryKey: keys.stats,
  queryFn: async ({ signal }) => {
    const asked = Date.now();
    const stats = await readStats({ signal });
    // The server's clock, seen in the middle of the question and the answer.
    return { ...stats, offsetMs: Date.parse(stats.now) - (asked + Date.now()) / 2 };
  },
  refetchInterval: POLL_MS,
});

export const useSession = () => useQuery(sessionQuery);
export const useStats = () => useQuery(statsQuery);

/** The figures name the zone that new tasks are offered as well, and whoever makes one next should not wait for them. */
export function noteSettings(client: QueryClient, saved: SettingsView): void {
  client.setQueryData(keys.settings, saved);
  client.setQueryData(statsQuery.queryKey, (stats) => stats && { ...stats, timezone: saved.timezone });
  void client.invalidateQueries({ queryKey: keys.stats });
}

export const useSettings = () =>
  useQuery({ queryKey: keys.settings, queryFn: ({ signal }) => readSettings({ signal }), staleTime: 60_000 });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: keys.task(id),
    queryFn: ({ signal }) => readTask(id, { signal }),
    refetchInterval: pollMs,
  });

export const useTask = (id: string) => useQuery(taskQuery(id));

/** The next due instants of one task; asked again whenever the one before has passed. */
export const useUpcoming = (id: string, nextDueAt: string | null, revision: number | undefined) =>
  useQuery({
    queryKey: [...keys.upcoming(id), nextDueAt, revision],
    queryFn: ({ signal }) => listUpcoming(id, { count: 5 }, { signal }),
    placeholderData: keepPreviousData,
    enabled: revision !== undefined,
  });

/** One page of runs, without skips. */
export const useRuns = (params: Omit<ListRunsParams, "with">) =>
  useQuery({
    queryKey: keys.runs(params),
    queryFn: async ({ signal }) => (await listRuns(params, { signal })) as RunPage,
    refetchInterval: pollMs,
    placeholderData: keepPreviousData,
  });

const PALETTE_TASKS = 8;

/** The few tasks that the words mean. While the answer for `typed` is on its way, those known that still fit it. */
export function usePaletteTasks(words: string, typed: string): { tasks: readonly TaskView[]; isFetching: boolean } {
  const { data, isFetching, isPlaceholderData } = useQuery({
    queryKey: [...keys.tasks, "palette", words],
    queryFn: async ({ signal }) => (await listTasks({ words, limit: PALETTE_TASKS }, { signal })).items,
    enabled: words !== "",
    placeholderData: keepPreviousData,
    staleTime: POLL_MS,
  });
  if (typed === "") return { tasks: [], isFetching: false };
  const all = data ?? [];
  const settled = words === typed && !isPlaceholderData;
  const fits = ({ name }: TaskView) => name.toLowerCase().includes(typed.toLowerCase());
  return { tasks: settled ? all : all.filter(fits), isFetching };
}
