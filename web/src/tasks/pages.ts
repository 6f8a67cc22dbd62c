/** Keyset pages as one long list: which of its rows are loaded, and where they stand. */

import type { InfiniteData } from "@tanstack/react-query";
import type { TaskPage, TaskView } from "../api/horarium.schemas.ts";
import { plural } from "../lib/plural.ts";

export const PAGE_SIZE = 200;
/** The next page is asked for when so few rows are left below the last one seen. */
export const PREFETCH_ROWS = 50;
export const PAGES_MAX = 10;

/** The server counts no further: a larger total only says that there are more. */
export const COUNTED_MAX = 100_000;

/** `1 task`, `8,412 tasks`, `more than 100,000 tasks`. */
export const countOf = (total: number): string =>
  total > COUNTED_MAX ? `more than ${plural(COUNTED_MAX, "task")}` : plural(total, "task");

/** `added`: how many more there are than when the list was loaded. */
export type Count = { now: number; added: number };

export type PageParam = { index: number; cursor: string | null };
export type TaskPages = InfiniteData<TaskPage, PageParam>;

/** The server searches for a moment and then answers with what it has, which may be little; so many moments make a page. */
const MOMENTS_MAX = 40;

/** A whole page, out of as many answers as it takes. */
export async function filledPage(
  ask: (cursor: string | null, limit: number) => Promise<TaskPage>,
  start: string | null,
): Promise<TaskPage> {
  let page = await ask(start, PAGE_SIZE);
  for (let moment = 1; moment < MOMENTS_MAX; moment++) {
    const wanted = PAGE_SIZE - page.items.length;
    if (page.next_cursor === null || wanted <= 0) break;
    const more = await ask(page.next_cursor, wanted);
    page = { ...more, items: [...page.items, ...more.items] };
  }
  return page;
}

/** Remembers what pages were like that have been let go: a keyset cannot be asked for what lies before. */
export class PageMemory {
  private readonly cursors: (string | null)[] = [null];
  private readonly sizes: number[] = [];
  /** How many there were when the list was last loaded; null until they have been counted, where it has several pages. */
  total: number | null = null;

  /** The first page begins a list anew; where it is the whole list, it says itself how many there are, and nothing that is
   * made between this answer and the first count is missed. */
  note(param: PageParam, page: TaskPage): void {
    if (param.index === 0) this.total = page.next_cursor === null ? page.items.length : null;
    this.sizes[param.index] = page.items.length;
    if (page.next_cursor !== null) this.cursors[param.index + 1] = page.next_cursor;
  }

  /** How many there are now: the first count after loading is the one that later ones are compared with. */
  counted(now: number): Count {
    this.total ??= now;
    return { now, added: Math.max(0, Math.min(now, COUNTED_MAX) - Math.min(this.total, COUNTED_MAX)) };
  }

  before(param: PageParam): PageParam | undefined {
    const index = param.index - 1;
    return index < 0 ? undefined : { index, cursor: this.cursors[index] ?? null };
  }

  after(param: PageParam, page: TaskPage): PageParam | undefined {
    return page.next_cursor === null ? undefined : { index: param.index + 1, cursor: page.next_cursor };
  }

  /** How many rows stand before that page. */
  offset(index: number): number {
    let rows = 0;
    for (let page = 0; page < index; page++) rows += this.sizes[page] ?? PAGE_SIZE;
    return rows;
  }
}

export type Window = { start: number; end: number; rows: readonly TaskView[] };

export function windowOf(pages: TaskPages | undefined, memory: PageMemory): Window {
  const first = pages?.pageParams[0];
  if (!pages || !first) return { start: 0, end: 0, rows: [] };
  const rows = pages.pages.flatMap((page) => page.items);
  const start = memory.offset(first.index);
  return { start, end: start + rows.length, rows };
}

/** The page that holds a row, counted from the first row of all. */
export function pageOf(row: number, pages: TaskPages, memory: PageMemory): PageParam | undefined {
  return pages.pageParams.find((param, at) => {
    const start = memory.offset(param.index);
    return row >= start && row < start + (pages.pages[at]?.items.length ?? 0);
  });
}

/** Fresh values into old places: nothing moves, nothing appears, nothing goes away. */
export function patched(pages: TaskPages, fresh: readonly TaskView[]): TaskPages {
  const byId = new Map(fresh.map((task) => [task.id, task]));
  let changed = false;
  const next = pages.pages.map((page) => {
    let own = false;
    const items = page.items.map((task) => {
      const now = byId.get(task.id);
      if (!now || same(task, now)) return task;
      own = true;
      return now;
    });
    changed ||= own;
    return own ? { ...page, items } : page;
  });
  return changed ? { ...pages, pages: next } : pages;
}

/** A task that its person deleted leaves at once. */
export function without(pages: TaskPages, id: string): TaskPages {
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((task) => task.id !== id) })),
  };
}

function same(a: TaskView, b: TaskView): boolean {
  return (
    a.revision === b.revision &&
    a.next_due_at === b.next_due_at &&
    a.is_next_skipped === b.is_next_skipped &&
    a.running === b.running &&
    a.usual_ms === b.usual_ms &&
    a.pause?.at === b.pause?.at &&
    a.deleted_at === b.deleted_at &&
    a.last_runs.length === b.last_runs.length &&
    a.last_runs.every((run, i) => run.id === b.last_runs[i]?.id && run.state === b.last_runs[i]?.state)
  );
}
