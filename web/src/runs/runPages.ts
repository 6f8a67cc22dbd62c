/** Pages of runs and skips as one list: each once, in the server's order, fresh values in old places. */

import type { InfiniteData } from "@tanstack/react-query";
import type { LoggedRun, LoggedSkip, LogPage } from "../api/horarium.schemas.ts";

export const PAGE_SIZE = 200;
export const PREFETCH_ROWS = 50;
/** Whoever wants to see further back narrows the time. */
export const PAGES_MAX = 100;

export type Entry = LoggedRun | LoggedSkip;
export type RunPages = InfiniteData<LogPage, string | null>;

const keyOf = (entry: Entry) => `${entry.record}:${entry.id}`;

/** A skip that grew between two questions comes twice: it stays where it was first. */
export function entriesOf(pages: RunPages | undefined): Entry[] {
  const seen = new Set<string>();
  const found: Entry[] = [];
  for (const page of pages?.pages ?? []) {
    for (const entry of page.items) {
      const key = keyOf(entry);
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(entry);
    }
  }
  return found;
}

/** Values of entries that are shown; nothing moves, nothing appears. */
export function patched(pages: RunPages, fresh: readonly Entry[]): RunPages {
  const byKey = new Map(fresh.map((entry) => [keyOf(entry), entry]));
  let changed = false;
  const next = pages.pages.map((page) => {
    let own = false;
    const items = page.items.map((entry) => {
      const now = byKey.get(keyOf(entry));
      if (!now || same(entry, now)) return entry;
      own = true;
      return now;
    });
    changed ||= own;
    return own ? { ...page, items } : page;
  });
  return changed ? { ...pages, pages: next } : pages;
}

function same(a: Entry, b: Entry): boolean {
  if (a.record === "skip" || b.record === "skip")
    return a.record === b.record && (a as LoggedSkip).count === (b as LoggedSkip).count;
  return (
    a.state === b.state &&
    a.attempt === b.attempt &&
    a.started_at === b.started_at &&
    a.duration_ms === b.duration_ms &&
    a.usual_ms === b.usual_ms &&
    a.cancel_reason === b.cancel_reason &&
    a.detail === b.detail
  );
}

/** How many of the newest page are not in the list yet. */
export function newerThan(entries: readonly Entry[], newest: readonly Entry[]): number {
  const known = new Set(entries.map(keyOf));
  return newest.filter((entry) => !known.has(keyOf(entry))).length;
}

export const isOpen = (entry: Entry): boolean =>
  entry.record === "run" && (entry.state === "running" || entry.state === "waiting");

/** The page that a row of the list came from. */
export function pageAt(pages: RunPages, row: number): number {
  let rows = 0;
  for (let index = 0; index < pages.pages.length; index++) {
    rows += pages.pages[index]?.items.length ?? 0;
    if (row < rows) return index;
  }
  return Math.max(0, pages.pages.length - 1);
}
