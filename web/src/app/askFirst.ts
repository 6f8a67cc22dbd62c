import type { QueryClient } from "@tanstack/react-query";
import { knownSignedOut, sessionQuery } from "../tasks/context/queries.ts";
import { taskListQuery } from "../tasks/context/taskPages.ts";
import { fromSearch } from "../tasks/filters.ts";

/** Of these addresses, below the base, the list of tasks is the first screen. */
const LISTS: ReadonlySet<string> = new Set(["", "tasks"]);

/** What the first screen waits for is asked before anything is drawn, all at once: on a slow line each question is a wait. */
export function askFirst(client: QueryClient, here: URL, base: URL): void {
  if (knownSignedOut()) return;
  void client.prefetchQuery(sessionQuery);
  const path = here.pathname.slice(base.pathname.length).replace(/\/$/, "");
  if (LISTS.has(path)) void client.prefetchInfiniteQuery(taskListQuery(client, fromSearch(here.searchParams)));
}
