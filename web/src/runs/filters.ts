/** What is asked of the list of runs: to and from the address. */

import type { Cause, ListRunsParams, Reason, RunState } from "../api/horarium.schemas.ts";

export const STATES = ["failed", "running", "waiting", "succeeded", "cancelled"] as const satisfies readonly RunState[];
export const CAUSES = [
  "schedule",
  "catch_up",
  "manual",
  "backfill",
  "retry",
  "test",
] as const satisfies readonly Cause[];

export const REASONS = [
  "exit_status",
  "http_status",
  "timeout",
  "error",
  "lost",
  "replaced",
  "edited",
  "deleted",
  "cancelled_by_user",
  "shutdown",
] as const satisfies readonly Reason[];

export type RunFilters = {
  states: readonly RunState[];
  causes: readonly Cause[];
  reasons: readonly Reason[];
  task: string | null;
  /** Instants; `from` is inside, `to` is not. */
  from: string | null;
  to: string | null;
  tag: string | null;
  pool: string | null;
  worker: string | null;
};

export const NO_FILTERS: RunFilters = {
  states: [],
  causes: [],
  reasons: [],
  task: null,
  from: null,
  to: null,
  tag: null,
  pool: null,
  worker: null,
};

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Whether somebody pasted an id. */
export const isId = (text: string): boolean => ULID.test(text.trim().toUpperCase());

const listed = <T extends string>(all: readonly T[], text: string | null): T[] =>
  (text ?? "").split(",").filter((name): name is T => all.includes(name as T));

const instant = (text: string | null): string | null => {
  if (text === null || !/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  return Number.isNaN(Date.parse(text)) ? null : text;
};

export function fromSearch(search: URLSearchParams): RunFilters {
  const task = (search.get("task") ?? "").toUpperCase();
  return {
    states: listed(STATES, search.get("state")),
    causes: listed(CAUSES, search.get("cause")),
    reasons: listed(REASONS, search.get("reason")),
    task: isId(task) ? task : null,
    from: instant(search.get("from")),
    to: instant(search.get("to")),
    tag: search.get("tag") || null,
    pool: search.get("pool") || null,
    worker: search.get("worker") || null,
  };
}

/** Only what differs from nothing is said; parameters of others stay. */
export function toSearch(filters: RunFilters, others: URLSearchParams = new URLSearchParams()): URLSearchParams {
  const search = new URLSearchParams(others);
  const said: Record<string, string | null> = {
    state: filters.states.join(",") || null,
    cause: filters.causes.join(",") || null,
    reason: filters.reasons.join(",") || null,
    task: filters.task,
    from: filters.from,
    to: filters.to,
    tag: filters.tag,
    pool: filters.pool,
    worker: filters.worker,
  };
  for (const [name, value] of Object.entries(said)) {
    if (value === null) search.delete(name);
    else search.set(name, value);
  }
  return search;
}

export function toParams(filters: RunFilters): ListRunsParams {
  return {
    ...(filters.states.length > 0 ? { state: [...filters.states] } : {}),
    ...(filters.causes.length > 0 ? { cause: [...filters.causes] } : {}),
    ...(filters.reasons.length > 0 ? { reason: [...filters.reasons] } : {}),
    ...(filters.task ? { task_id: filters.task } : {}),
    ...(filters.from ? { from: filters.from } : {}),
    ...(filters.to ? { to: filters.to } : {}),
    ...(filters.tag ? { tag: filters.tag } : {}),
    ...(filters.pool ? { pool: filters.pool } : {}),
    ...(filters.worker ? { worker: filters.worker } : {}),
  };
}

const TYPED = /^\s*(tag|pool|worker):\s*(\S.*?)\s*$/i;

/** `tag:etl` and the like, typed where the task is asked for. */
export function typedFilter(text: string): { name: "tag" | "pool" | "worker"; value: string } | null {
  const [, name, value] = TYPED.exec(text) ?? [];
  return name && value ? { name: name.toLowerCase() as "tag", value } : null;
}

export const isFiltered = (filters: RunFilters): boolean => toSearch(filters).size > 0;
