/** What is asked of the list of tasks: to and from the address, and out of what a person types. */

import type { ListTasksParams, TaskView } from "../api/horarium.schemas.ts";

export const STATES = ["failing", "late", "running", "active", "paused", "broken", "ended", "deleted"] as const;
export const KINDS = ["command", "http", "python", "log"] as const;
export const SORTS = ["failing", "name", "next_due_at", "-last_run", "-created_at"] as const;

export type StateName = (typeof STATES)[number];
export type Kind = (typeof KINDS)[number];
export type Sort = (typeof SORTS)[number];

export type TaskFilters = {
  words: string;
  states: readonly StateName[];
  tags: readonly string[];
  kind: Kind | null;
  pool: string | null;
  sort: Sort;
};

/** Failing first: where nothing fails, that is the order of names. */
export const NO_FILTERS: TaskFilters = { words: "", states: [], tags: [], kind: null, pool: null, sort: "failing" };

const WORDS_MAX = 200;

const known = <T extends string>(all: readonly T[], text: string | null): T | null =>
  all.includes(text as T) ? (text as T) : null;

export function fromSearch(search: URLSearchParams): TaskFilters {
  const states = (search.get("state") ?? "").split(",").filter((name) => known(STATES, name) !== null);
  return {
    words: (search.get("q") ?? "").slice(0, WORDS_MAX),
    states: states as StateName[],
    tags: search.getAll("tag").filter(Boolean),
    kind: known(KINDS, search.get("kind")),
    pool: search.get("pool") || null,
    sort: known(SORTS, search.get("sort")) ?? NO_FILTERS.sort,
  };
}

/** Only what differs from the default is said; parameters of others stay. */
export function toSearch(filters: TaskFilters, others: URLSearchParams = new URLSearchParams()): URLSearchParams {
  const search = new URLSearchParams(others);
  for (const name of ["q", "state", "tag", "kind", "pool", "sort"]) search.delete(name);
  if (filters.words) search.set("q", filters.words);
  if (filters.states.length > 0) search.set("state", filters.states.join(","));
  for (const tag of filters.tags) search.append("tag", tag);
  if (filters.kind) search.set("kind", filters.kind);
  if (filters.pool) search.set("pool", filters.pool);
  if (filters.sort !== NO_FILTERS.sort) search.set("sort", filters.sort);
  return search;
}

export function toParams(filters: TaskFilters): ListTasksParams {
  return {
    sort: filters.sort,
    ...(filters.words ? { words: filters.words } : {}),
    ...(filters.states.length > 0 ? { state: [...filters.states] } : {}),
    ...(filters.tags.length > 0 ? { tag: [...filters.tags] } : {}),
    ...(filters.kind ? { kind: filters.kind } : {}),
    ...(filters.pool ? { pool: filters.pool } : {}),
  };
}

export const isFiltered = (filters: TaskFilters): boolean =>
  Boolean(filters.words || filters.states.length || filters.tags.length || filters.kind || filters.pool);

const PILL = /(?:^|\s)(tag|state|kind|pool):(?:"([^"]+)"|(\S+))(?=\s|$)/g;

/** `tag:etl state:failing disk` → two pills, and the words that are left. What means nothing stays a word. */
export function withTyped(filters: TaskFilters, text: string): { filters: TaskFilters; words: string } {
  let next = filters;
  const words = text.replace(PILL, (whole: string, name: string, quoted?: string, bare?: string) => {
    const added = withPill(next, name, quoted ?? bare ?? "");
    if (added === null) return whole;
    next = added;
    return "";
  });
  return { filters: next, words: words.trimStart() };
}

function withPill(filters: TaskFilters, name: string, value: string): TaskFilters | null {
  if (name === "tag") return filters.tags.includes(value) ? filters : { ...filters, tags: [...filters.tags, value] };
  if (name === "pool") return { ...filters, pool: value };
  if (name === "kind") return known(KINDS, value) ? { ...filters, kind: value as Kind } : null;
  const state = known(STATES, value);
  if (state === null) return null;
  return filters.states.includes(state) ? filters : { ...filters, states: [...filters.states, state] };
}

export type Pill = { name: "tag" | "state" | "kind" | "pool"; value: string };

export function pillsOf(filters: TaskFilters): Pill[] {
  return [
    ...filters.states.map((value) => ({ name: "state" as const, value })),
    ...filters.tags.map((value) => ({ name: "tag" as const, value })),
    ...(filters.kind ? [{ name: "kind" as const, value: filters.kind }] : []),
    ...(filters.pool ? [{ name: "pool" as const, value: filters.pool }] : []),
  ];
}

export function withoutPill(filters: TaskFilters, pill: Pill): TaskFilters {
  switch (pill.name) {
    case "state":
      return { ...filters, states: filters.states.filter((value) => value !== pill.value) };
    case "tag":
      return { ...filters, tags: filters.tags.filter((value) => value !== pill.value) };
    case "kind":
      return { ...filters, kind: null };
    case "pool":
      return { ...filters, pool: null };
  }
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/;

/** Whether somebody pasted the id of a task. */
export const isId = (text: string): boolean => ULID.test(text.trim());

export type Task = TaskView;
