import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { listTasks } from "../../api/horarium.ts";
import type { TaskPage, TaskView } from "../../api/horarium.schemas.ts";
import { type TaskFilters, toParams } from "../filters.ts";
import {
  type Count,
  filledPage,
  PAGE_SIZE,
  PageMemory,
  type PageParam,
  PAGES_MAX,
  patched,
  type TaskPages,
  windowOf,
  without,
} from "../pages.ts";
import { keys, POLL_MS, pollMs } from "./queries.ts";

const memories = new Map<string, PageMemory>();
const MEMORIES_MAX = 50;
/** A question that is asked again and again leaves the server so many times as long in peace as it took. */
const REST = 10;

let begun = false;
let missed = false;

/** The stream of events has a gap: rows that come on screen are asked for. Before the first one nothing was shown for long. */
export function noteMissed(): void {
  missed = begun;
  begun = true;
}

function memoryOf(filters: TaskFilters): PageMemory {
  const key = JSON.stringify(filters);
  let memory = memories.get(key);
  if (!memory) {
    if (memories.size >= MEMORIES_MAX) memories.clear();
    memory = new PageMemory();
    memories.set(key, memory);
  }
  return memory;
}

/** The list of tasks, page by page. */
export const taskListQuery = (client: QueryClient, filters: TaskFilters) => {
  const memory = memoryOf(filters);
  return infiniteQueryOptions<TaskPage, Error, TaskPages, ReturnType<typeof keys.taskList>, PageParam>({
    queryKey: keys.taskList(filters),
    queryFn: async ({ pageParam, signal }) => {
      const page = await filledPage(
        (cursor, limit) => listTasks({ ...toParams(filters), limit, cursor: cursor ?? undefined }, { signal }),
        pageParam.cursor,
      );
      memory.note(pageParam, page);
      if (pageParam.index === 0) void client.invalidateQueries({ queryKey: keys.taskCount(filters) });
      return page;
    },
    initialPageParam: { index: 0, cursor: null },
    getNextPageParam: (last, _pages, param) => memory.after(param, last),
    getPreviousPageParam: (_first, _pages, param) => memory.before(param),
    maxPages: PAGES_MAX,
    // A page that stays is the same object anyway; when an early one is let go, each would be compared with its neighbour.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
};

/** The list of tasks as far as it is loaded. `window.start`: rows before it have been let go and come back when needed. */
export function useTaskPage(filters: TaskFilters) {
  const client = useQueryClient();
  const memory = memoryOf(filters);
  const query = useInfiniteQuery({ ...taskListQuery(client, filters), placeholderData: keepPreviousData });
  const { data, isPlaceholderData } = query;
  const window = useMemo(
    () => windowOf(data, isPlaceholderData ? new PageMemory() : memory),
    [data, isPlaceholderData, memory],
  );
  const loaded = query.isSuccess && !isPlaceholderData;
  return { query, memory, window, count: useTaskCount(filters, memory, loaded) };
}

/** Counting takes longer than reading a page, so nobody waits for it. */
function useTaskCount(filters: TaskFilters, memory: PageMemory, loaded: boolean): Count | undefined {
  const { data } = useQuery({
    queryKey: keys.taskCount(filters),
    queryFn: async ({ signal }) => {
      const began = performance.now();
      const { total } = await listTasks({ ...toParams(filters), limit: 1, total: true }, { signal });
      return { ...memory.counted(total ?? 0), tookMs: performance.now() - began };
    },
    enabled: loaded,
    staleTime: POLL_MS,
    refetchInterval: (query) => Math.max(pollMs(), REST * (query.state.data?.tookMs ?? 0)),
  });
  return data;
}

/** Every few seconds, fresh values for the page on screen; never more often than the server finds easy. */
export function useFreshValues(filters: TaskFilters, page: PageParam | undefined): void {
  const client = useQueryClient();
  useQuery({
    queryKey: keys.freshTasks(filters, page?.index ?? 0),
    queryFn: async ({ signal }) => {
      const began = performance.now();
      const asked = { ...toParams(filters), limit: PAGE_SIZE, cursor: page?.cursor ?? undefined };
      patchTasks(client, (await listTasks(asked, { signal })).items);
      return { tookMs: performance.now() - began };
    },
    enabled: page !== undefined,
    refetchInterval: (query) => Math.max(pollMs(), REST * (query.state.data?.tookMs ?? 0)),
    staleTime: POLL_MS,
    initialData: { tookMs: 0 },
    initialDataUpdatedAt: () => (missed ? 0 : Date.now()),
  });
}

/** Wherever these tasks are shown, they show this. */
export function patchTasks(client: QueryClient, fresh: readonly TaskView[]): void {
  client.setQueriesData<TaskPages>({ queryKey: [...keys.tasks, "list"] }, (pages) => pages && patched(pages, fresh));
}

export function dropTask(client: QueryClient, id: string): void {
  client.setQueriesData<TaskPages>({ queryKey: [...keys.tasks, "list"] }, (pages) => pages && without(pages, id));
}
