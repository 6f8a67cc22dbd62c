/** How a run stands, in words. */

import type { AttemptView, Reason, RunView, SkipReason } from "../api/horarium.schemas.ts";
import { instantOf } from "../lib/ids.ts";
import { ordinal, plural } from "../lib/plural.ts";
import { duration, relative } from "../lib/time.ts";

export type Ran = Pick<
  RunView,
  | "state"
  | "reason"
  | "cancel_reason"
  | "exit_status"
  | "http_status"
  | "detail"
  | "attempt"
  | "max_attempts"
  | "duration_ms"
  | "usual_ms"
  | "started_at"
  | "ready_at"
  | "pool"
>;

export const REASON_WORDS: Record<Reason, string> = {
  exit_status: "it exited with an error",
  http_status: "it was answered with an error",
  timeout: "over its time limit",
  error: "an error",
  lost: "its worker went away",
  replaced: "a newer run took its place",
  edited: "its task was changed",
  deleted: "its task was deleted",
  cancelled_by_user: "somebody asked for it",
  shutdown: "the service was stopped",
};

export const SKIP_WORDS: Record<SkipReason, string> = {
  overlap: "the run before was still going",
  paused: "paused",
  missed: "missed while the service was down",
  too_old: "too long ago to catch up",
  coalesced: "caught up in one run",
  limit: "too many to catch up",
  skipped_by_user: "skipped by hand",
};

/** `exit 1`, `HTTP 503`, `over its time limit`. */
export function outcomeOf(run: Pick<RunView, "reason" | "exit_status" | "http_status">): string {
  if (run.reason === "exit_status" && run.exit_status !== null) return `exit ${run.exit_status}`;
  if (run.reason === "http_status" && run.http_status !== null) return `HTTP ${run.http_status}`;
  if (run.reason !== null) return REASON_WORDS[run.reason];
  if (run.exit_status !== null) return `exit ${run.exit_status}`;
  return run.http_status === null ? "" : `HTTP ${run.http_status}`;
}

/** What is known beside the run itself: its attempts, and which failure of its task's day it is. */
export type Known = { attempts?: readonly AttemptView[]; failure?: Failure | null };
export type Failure = { nth: number; today: boolean };

/** `Failed: exit 1 after 4.2 s · attempt 3 of 3 · usually 1.1 s · 2nd failure today`. */
export function verdictOf(run: Ran, now: Date, { attempts = [], failure = null }: Known = {}): string {
  return [said(run, now), attemptOf(run, attempts), usualOf(run), failureOf(failure)].filter(Boolean).join(" · ");
}

/** Attempts that end with their worker do not count against those a run may have. */
const UNCOUNTED = new Set(["lost", "shutdown"]);

function attemptOf(run: Ran, attempts: readonly AttemptView[]): string {
  if (run.attempt <= 1 && run.max_attempts <= 1) return "";
  const gone = attempts.filter((one) => one.attempt < run.attempt && UNCOUNTED.has(one.outcome)).length;
  if (gone > 0) {
    const before = run.attempt === 2 ? "the one before" : `${gone} before`;
    return `attempt ${run.attempt}, ${before} stopped with ${gone === 1 ? "its worker" : "their workers"}`;
  }
  return run.attempt > run.max_attempts ? `attempt ${run.attempt}` : `attempt ${run.attempt} of ${run.max_attempts}`;
}

/** The same in a narrow column. */
export function attemptCell(run: Pick<RunView, "attempt" | "max_attempts">): { text: string; title?: string } {
  if (run.attempt <= 1 && run.max_attempts <= 1) return { text: "" };
  if (run.attempt <= run.max_attempts) return { text: `${run.attempt}/${run.max_attempts}` };
  const title = `Attempt ${run.attempt}: it may have ${run.max_attempts}, and those that stop with their worker are not counted`;
  return { text: String(run.attempt), title };
}

const failureOf = (failure: Failure | null) =>
  failure === null || failure.nth < 2 ? "" : `${ordinal(failure.nth)} failure ${failure.today ? "today" : "that day"}`;

/** The instant a run stands at: when it was due; of a run again, which keeps the due_at of the run it repeats, when that was asked. */
export const listedAt = (run: Pick<RunView, "id" | "cause" | "due_at">): string =>
  run.cause === "retry" ? new Date(instantOf(run.id)).toISOString() : run.due_at;

/** A person asked for these, not a schedule. */
export const isAskedFor = (run: Pick<RunView, "cause">): boolean =>
  run.cause === "retry" || run.cause === "manual" || run.cause === "test";

const usualOf = (run: Ran) =>
  run.usual_ms === null || run.state === "waiting" ? "" : `usually ${duration(run.usual_ms)}`;

function said(run: Ran, now: Date): string {
  const after = run.duration_ms === null ? "" : ` after ${duration(run.duration_ms)}`;
  switch (run.state) {
    case "waiting": {
      if (Date.parse(run.ready_at) > now.getTime()) return `Waiting: ready ${relative(new Date(run.ready_at), now)}`;
      return `Waiting for a free slot in pool ${run.pool}`;
    }
    case "running": {
      const since =
        run.started_at === null ? "" : ` for ${duration(Math.max(0, now.getTime() - Date.parse(run.started_at)))}`;
      return run.cancel_reason === null ? `Running${since}` : `Stopping, since ${REASON_WORDS[run.cancel_reason]}`;
    }
    case "succeeded":
      return `Succeeded${run.http_status === null ? "" : `: HTTP ${run.http_status}`}${after}`;
    case "failed": {
      const outcome = outcomeOf(run);
      return `Failed${outcome && `: ${outcome}`}${after}`;
    }
    case "cancelled": {
      const why = run.reason ?? run.cancel_reason;
      const when = run.started_at === null ? " before it began" : after;
      return `Cancelled${when}${why === null ? "" : `: ${REASON_WORDS[why]}`}`;
    }
  }
}

/** `37 not run: overlap`; the stretch of time stands beside it. */
export function skippedWords(count: number, reason: SkipReason): string {
  return `${count.toLocaleString("en")} not run: ${SKIP_WORDS[reason]}`;
}

/** How much later than due it began, where that is worth a word. */
export function latenessOf(run: Pick<RunView, "lateness_ms">): string | null {
  return run.lateness_ms !== null && run.lateness_ms > 1_000 ? `${duration(run.lateness_ms)} late` : null;
}

/** How full a bar is that is full at twice the usual; null where nothing is usual yet. */
export function shareOfUsual(ms: number | null, usualMs: number | null): number | null {
  if (ms === null || usualMs === null || usualMs <= 0) return null;
  return Math.min(1, ms / (usualMs * 2));
}

export function attemptWords(attempt: AttemptView): string {
  const took = attempt.duration_ms === null ? "" : ` after ${duration(attempt.duration_ms)}`;
  if (attempt.ended_at === null) return "running";
  const outcome = outcomeOf(attempt);
  return `${attempt.outcome.replaceAll("_", " ")}${outcome && attempt.reason !== null ? `: ${outcome}` : ""}${took}`;
}

export const countOfRuns = (count: number): string => plural(count, "run");
