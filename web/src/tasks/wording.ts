/** What a row says of a task, in words. */

import type { LastRunView, RunState, RunView, TaskView } from "../api/horarium.schemas.ts";
import type { Bar } from "../charts/Strip.tsx";
import { instantOf } from "../lib/ids.ts";
import { plural } from "../lib/plural.ts";
import {
  absolute,
  comparedToUsual,
  dated,
  duration,
  type HourCycle,
  interval,
  relative,
  zoneName,
} from "../lib/time.ts";

/** A due instant that has passed for so long is late. */
const LATE_AFTER_MS = 5_000;

export type TaskState = "broken" | "deleted" | "paused" | "late" | "running" | "failing" | "ended" | "active";

/** The one state that a row's icon shows: what needs a person first. */
export function stateOf(task: TaskView, now: Date): TaskState {
  if (task.deleted_at !== null) return "deleted";
  if (task.broken !== null) return "broken";
  if (task.pause !== null) return "paused";
  if (task.next_due_at !== null && now.getTime() - Date.parse(task.next_due_at) > LATE_AFTER_MS) return "late";
  if (task.running > 0) return "running";
  if (lastEnded(task)?.state === "failed") return "failing";
  return task.next_due_at === null ? "ended" : "active";
}

export const STATE_WORDS: Record<TaskState, string> = {
  broken: "Broken",
  deleted: "Deleted",
  paused: "Paused",
  late: "Late",
  running: "Running",
  failing: "Failing",
  ended: "Ended",
  active: "Active",
};

export function lastEnded(task: TaskView): LastRunView | undefined {
  return task.last_runs.find((run) => run.state !== "waiting" && run.state !== "running");
}

/** The zone that a task's schedule lives in; one without a zone lives in the server's. */
export function taskZone(task: TaskView, serverZone: string): string {
  const kind = task.schedule?.kind;
  return task.schedule && (kind === "cron" || kind === "rrule") && "timezone" in task.schedule
    ? task.schedule.timezone
    : serverZone;
}

/** `Berlin` of `Europe/Berlin`. */
export const placeOf = (zone: string): string => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

const ONCE = /^Once at (\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d(?:\.\d{3})?)?)Z/;

/** A schedule's sentence for people. The server names a single instant in UTC, as the sentence has to be read back exactly;
 * here it is told by the clocks of `zone`. */
export const sentenceIn = (sentence: string, zone: string, hours: HourCycle): string =>
  sentence.replace(ONCE, (_, day, time) => `Once on ${dated(new Date(`${day}T${time}Z`), zone, hours)}`);

type Told = { text: string; aside: string; whole: string };

/** The server's sentence without its zone, and without when a beat began. `aside`: the place whose clocks it means. `whole`
 * is for the tooltip: the rule as it was written. */
export function scheduleOf(task: TaskView, zone: string, hours: HourCycle): Told {
  const { schedule, broken } = task;
  if (schedule === null) return { text: broken?.reason ?? "unreadable", aside: "", whole: broken?.reason ?? "" };
  switch (schedule.kind) {
    case "cron": {
      const whole = `${schedule.expression} (${schedule.timezone})`;
      const text = task.sentence?.replace(`, ${schedule.timezone}`, "") ?? schedule.expression;
      return { text, aside: placeOf(schedule.timezone), whole };
    }
    case "every": {
      const whole = task.sentence ?? `Every ${interval(schedule.seconds)}`;
      return { text: whole.replace(/, counted from [^Z]+Z/, ""), aside: "", whole };
    }
    case "once": {
      const at = dated(new Date(schedule.at), zone, hours);
      const text = task.sentence === null ? `Once on ${at}` : sentenceIn(task.sentence, zone, hours);
      return { text, aside: "", whole: schedule.at };
    }
    case "rrule": {
      const whole = `${schedule.rule} from ${schedule.start} (${schedule.timezone})`;
      const text = task.sentence?.replace(`, ${schedule.timezone}`, "") ?? schedule.rule;
      return { text, aside: placeOf(schedule.timezone), whole };
    }
    case "any_of":
      return { text: task.sentence ?? "several schedules", aside: "", whole: task.sentence ?? "" };
  }
}

const RUN_WORDS: Record<RunState, string> = {
  waiting: "waiting",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
};

/** Oldest first, as they are drawn. */
export function barsOf(task: TaskView, zone: string, now: Date): Bar[] {
  return task.last_runs
    .map((run) => {
      const at = new Date(instantOf(run.id));
      const took = run.duration_ms === null ? "" : `, ${duration(run.duration_ms)}`;
      const title = `${RUN_WORDS[run.state]}${took}\n${absolute(at, zone, now)} ${zoneName(at, zone)}`;
      return { id: run.id, kind: run.state, title };
    })
    .reverse();
}

/** `last 20 runs: 1 failed, 6 min ago`. */
export function stripLabel(task: TaskView, slots: number, now: Date): string {
  const runs = task.last_runs.slice(0, slots);
  const [newest] = runs;
  if (!newest) return "no runs yet";
  const failed = runs.filter((run) => run.state === "failed").length;
  const verdict = failed === 0 ? "none failed" : `${failed} failed`;
  return `last ${plural(runs.length, "run")}: ${verdict}, ${relative(new Date(instantOf(newest.id)), now)}`;
}

export type LastRunWords = { kind: RunState; text: string; unusual: boolean };

/** `4 s, 3× usual`; for an open run, that it runs. */
export function lastRunOf(task: TaskView): LastRunWords | null {
  const [newest] = task.last_runs;
  if (!newest) return null;
  if (newest.state === "running" || newest.state === "waiting" || newest.duration_ms === null) {
    return { kind: newest.state, text: RUN_WORDS[newest.state], unusual: false };
  }
  const text = comparedToUsual(newest.duration_ms, task.usual_ms);
  return { kind: newest.state, text, unusual: text.includes("×") };
}

/** What the task does, in one line. */
export function actionOf(task: TaskView): string {
  const { action } = task;
  switch (action?.kind) {
    case "command":
      return action.shell ?? (action.argv ?? []).map(quoted).join(" ");
    case "http":
      return `${action.method ?? "GET"} ${action.url}`;
    case "python":
      return action.function;
    case "log":
      return action.message;
    case undefined:
      return "";
  }
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

export function pauseOf(task: TaskView, zone: string, now: Date): string {
  const { pause } = task;
  if (!pause) return "";
  const until = pause.until
    ? ` until ${absolute(new Date(pause.until), zone, now)} ${zoneName(new Date(pause.until), zone)}`
    : "";
  return `Paused${until}${pause.reason ? `: ${pause.reason}` : ""}`;
}

/** `exit 3: no route`, `HTTP 503`: of a run that failed. */
export function whyFailed(run: Pick<RunView, "exit_status" | "http_status" | "reason" | "detail">): string {
  const code =
    run.exit_status === null
      ? run.http_status === null
        ? run.reason
        : `HTTP ${run.http_status}`
      : `exit ${run.exit_status}`;
  return [code?.replaceAll("_", " "), run.detail].filter(Boolean).join(": ");
}
