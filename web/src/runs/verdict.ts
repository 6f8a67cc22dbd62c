/** How a run stands, in words. */

import type { AttemptView, Reason, RunView, SkipReason } from "../api/horarium.schemas.ts";
import { plural } from "../lib/plural.ts";
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

/** `Failed: exit 1 after 4.2 s · attempt 3 of 3 · usually 1.1 s`. */
export function verdictOf(run: Ran, now: Date): string {
  return [said(run, now), attemptOf(run), usualOf(run)].filter(Boolean).join(" · ");
}

const attemptOf = (run: Ran) =>
  run.max_attempts > 1 || run.attempt > 1 ? `attempt ${run.attempt} of ${run.max_attempts}` : "";
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
