import { expect, test } from "vitest";
import type { AttemptView } from "../api/horarium.schemas.ts";
import { idAt } from "../lib/making.ts";
import {
  attemptCell,
  isAskedFor,
  latenessOf,
  listedAt,
  type Ran,
  shareOfUsual,
  skippedWords,
  verdictOf,
} from "./verdict.ts";

const NOW = new Date("2026-11-24T08:00:00Z");
const run = (more: Partial<Ran>): Ran => ({
  state: "succeeded",
  reason: null,
  cancel_reason: null,
  exit_status: null,
  http_status: null,
  detail: null,
  attempt: 1,
  max_attempts: 1,
  duration_ms: null,
  usual_ms: null,
  started_at: null,
  ready_at: "2026-11-24T08:00:00Z",
  pool: "default",
  ...more,
});

test.each<[Partial<Ran>, string]>([
  [
    {
      state: "failed",
      reason: "exit_status",
      exit_status: 1,
      duration_ms: 4_200,
      attempt: 3,
      max_attempts: 3,
      usual_ms: 1_100,
    },
    "Failed: exit 1 after 4.2 s · attempt 3 of 3 · usually 1.1 s",
  ],
  [{ state: "failed", reason: "http_status", http_status: 503, duration_ms: 80 }, "Failed: HTTP 503 after 80 ms"],
  [{ state: "failed", reason: "timeout", duration_ms: 60_000 }, "Failed: over its time limit after 1 min 00 s"],
  [{ state: "failed", reason: "lost" }, "Failed: its worker went away"],
  [{ exit_status: 0, duration_ms: 4_200, usual_ms: 4_100 }, "Succeeded after 4.2 s · usually 4.1 s"],
  [{ http_status: 204, duration_ms: 12 }, "Succeeded: HTTP 204 after 12 ms"],
  [{ state: "running", started_at: "2026-11-24T07:59:48Z", usual_ms: 1_100 }, "Running for 12 s · usually 1.1 s"],
  [{ state: "running", cancel_reason: "cancelled_by_user" }, "Stopping, since somebody asked for it"],
  [
    { state: "waiting", ready_at: "2026-11-24T08:00:10Z", attempt: 2, max_attempts: 3 },
    "Waiting: ready in 10 s · attempt 2 of 3",
  ],
  [{ state: "waiting" }, "Waiting for a free slot in pool default"],
  [{ state: "cancelled", reason: "cancelled_by_user" }, "Cancelled before it began: somebody asked for it"],
  [
    { state: "cancelled", reason: "replaced", started_at: "2026-11-24T07:59:48Z", duration_ms: 900 },
    "Cancelled after 900 ms: a newer run took its place",
  ],
])("%j", (more, words) => {
  expect(verdictOf(run(more), NOW)).toBe(words);
});

const attempts = (...outcomes: string[]) => outcomes.map((outcome, n) => ({ attempt: n + 1, outcome }) as AttemptView);

test.each<[number, number, string[], string]>([
  [2, 1, ["lost", "succeeded"], "attempt 2, the one before stopped with its worker"],
  [2, 1, ["shutdown", "succeeded"], "attempt 2, the one before stopped with its worker"],
  [3, 1, ["lost", "shutdown", "succeeded"], "attempt 3, 2 before stopped with their workers"],
  [3, 3, ["failed", "lost", "succeeded"], "attempt 3, 1 before stopped with its worker"],
  [2, 3, ["failed", "lost"], "attempt 2 of 3"], // it is the latest itself that was lost
  [2, 3, ["failed", "succeeded"], "attempt 2 of 3"],
  [2, 1, [], "attempt 2"], // nothing is known of those before yet
])("attempt %i of %i after %j", (attempt, max_attempts, outcomes, words) => {
  expect(verdictOf(run({ attempt, max_attempts }), NOW, { attempts: attempts(...outcomes) })).toBe(
    `Succeeded · ${words}`,
  );
});

const cell = (attempt: number, max_attempts: number) => attemptCell({ attempt, max_attempts });

test("a narrow column never says more attempts than there may be", () => {
  expect([cell(1, 1), cell(0, 1), cell(1, 3), cell(3, 3)].map(({ text }) => text)).toEqual(["", "", "1/3", "3/3"]);
  expect(cell(2, 1)).toEqual({
    text: "2",
    title: "Attempt 2: it may have 1, and those that stop with their worker are not counted",
  });
});

test("from the second failure of a day on, its number is said", () => {
  const failed = run({ state: "failed", reason: "exit_status", exit_status: 1 });
  const words = (nth: number, today: boolean) => verdictOf(failed, NOW, { failure: { nth, today } });
  expect([words(1, true), words(2, true), words(13, false)]).toEqual([
    "Failed: exit 1",
    "Failed: exit 1 · 2nd failure today",
    "Failed: exit 1 · 13th failure that day",
  ]);
});

test("a run again stands at the time it was asked for, every other at the time it was due", () => {
  const id = idAt(NOW.getTime());
  const due_at = "2026-11-23T08:00:00.000Z";
  expect(listedAt({ id, cause: "retry", due_at })).toBe("2026-11-24T08:00:00.000Z");
  expect(listedAt({ id, cause: "schedule", due_at })).toBe(due_at);
  expect(
    (["retry", "manual", "test", "schedule", "catch_up", "backfill"] as const).map((cause) => isAskedFor({ cause })),
  ).toEqual([true, true, true, false, false, false]);
});

test("lateness is worth a word above a second", () => {
  expect([
    latenessOf({ lateness_ms: null }),
    latenessOf({ lateness_ms: 1_000 }),
    latenessOf({ lateness_ms: 12_300 }),
  ]).toEqual([null, null, "12 s late"]);
});

test("skips are counted in words", () => {
  expect(skippedWords(1_037, "overlap")).toBe("1,037 not run: the run before was still going");
});

test("a bar is full at twice the usual", () => {
  expect([shareOfUsual(100, 100), shareOfUsual(900, 100), shareOfUsual(100, null), shareOfUsual(null, 100)]).toEqual([
    0.5,
    1,
    null,
    null,
  ]);
});
