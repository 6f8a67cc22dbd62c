import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { listRuns } from "../api/horarium.ts";
import type { LogPage } from "../api/horarium.schemas.ts";
import { type RunFilters, toParams } from "./filters.ts";
import { entriesOf, isOpen, newerThan, PAGE_SIZE, PAGES_MAX, pageAt, patched, type RunPages } from "./runPages.ts";

const POLL_MS = 5_000;

const ask = async (filters: RunFilters, cursor: string | null, signal: AbortSignal): Promise<LogPage> =>
  (await listRuns(
    { ...toParams(filters), with: "skips", limit: PAGE_SIZE, cursor: cursor ?? undefined },
    { signal },
  )) as LogPage;

/** Runs and skips, newest first, as far as they are loaded. */
export function useRunPages(filters: RunFilters) {
  const client = useQueryClient();
  const key = useMemo(() => ["runs", "log", filters] as const, [filters]);
  const query = useInfiniteQuery<LogPage, Error, RunPages, typeof key, string | null>({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask(filters, pageParam, signal),
    initialPageParam: null,
    getNextPageParam: (last, pages) => (pages.length < PAGES_MAX ? last.next_cursor : null),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const entries = useMemo(() => entriesOf(query.data), [query.data]);
  /** Only the newest page is asked for again: what lies behind it is read again when it is scrolled to. */
  const restart = useCallback(async () => {
    client.setQueryData<RunPages>(
      key,
      (old) => old && { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) },
    );
    await client.refetchQueries({ queryKey: key, exact: true });
  }, [client, key]);
  return { query, key, entries, restart };
}

/** Every few seconds fresh values for what is on screen. Answers how many entries are newer than all that is loaded. */
export function useFreshRuns(
  filters: RunFilters,
  { query, key, entries }: ReturnType<typeof useRunPages>,
  row: number,
): number {
  const client = useQueryClient();
  const { data, isPlaceholderData } = query;
  const settled = data !== undefined && !isPlaceholderData;
  const newest = useQuery({
    queryKey: ["runs", "newest", filters],
    queryFn: ({ signal }) => ask(filters, null, signal),
    refetchInterval: POLL_MS,
    enabled: settled,
    gcTime: 0,
  });
  const index = data ? pageAt(data, row) : 0;
  const cursor = data?.pageParams[index] ?? null;
  const shown = useQuery({
    queryKey: ["runs", "shown", filters, cursor],
    queryFn: ({ signal }) => ask(filters, cursor, signal),
    refetchInterval: POLL_MS,
    // What has ended stays as it is.
    enabled: settled && index > 0 && (data?.pages[index]?.items.some(isOpen) ?? false),
    gcTime: 0,
  });
  useEffect(() => {
    for (const page of [newest.data, shown.data]) {
      if (page && settled) client.setQueryData<RunPages>(key, (old) => old && patched(old, page.items));
    }
  }, [client, key, settled, newest.data, shown.data]);
  return useMemo(
    () => (settled && newest.data ? newerThan(entries, newest.data.items) : 0),
    [settled, entries, newest.data],
  );
}
