/** What the builder holds, and the phrase that says the same. */

import { ordinal } from "../../lib/plural.ts";

export type Unit = "second" | "minute" | "hour" | "day";
export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
export type Day = (typeof DAYS)[number];
export const ORDINALS = ["first", "second", "third", "fourth", "fifth", "last"] as const;
export type Ordinal = (typeof ORDINALS)[number];
export type MonthDay =
  | { by: "date"; date: number }
  | { by: "weekday"; ordinal: Ordinal; day: Day }
  | { by: "last day" }
  | { by: "last workday" };
export type Ends = { by: "never" } | { by: "date"; date: string } | { by: "count"; count: number };

/** `more`: clauses that have fields of their own elsewhere, as they stand in the text: `, except weekends`. */
type Timed = { time: string; ends: Ends; more?: string };
/** `from`: what intervals are counted from, where that was said. Times read HH:MM, dates YYYY-MM-DD. */
export type Build =
  | { kind: "once"; date: string; time: string }
  | ({ kind: "every"; count: number; unit: Unit; from?: string } & Timed)
  | ({ kind: "weekdays" } & Timed)
  | ({ kind: "weekly"; count: number; days: readonly Day[]; from?: string } & Timed)
  | ({ kind: "monthly"; count: number; on: MonthDay; from?: string } & Timed);
export type BuildKind = Build["kind"];

/** Five or six fields, or a name such as @daily. */
export const isCronText = (text: string): boolean => /^[\d*@]\S*(\s+\S+){4,6}$|^@[a-z]+$/.test(text.trim());

export const NEVER: Ends = { by: "never" };

/** The phrase; the service reads it as the same schedule. */
export function write(build: Build): string {
  if (build.kind === "once") return `${build.date} ${build.time}`;
  return `${rule(build)}${fromOf(build)}${build.more ?? ""}${endsOf(build.ends)}`;
}

/** Where each unit counts there is nothing to count from, only a beginning; a text has one of these at most. */
function fromOf(build: Exclude<Build, { kind: "once" }>): string {
  if (!("from" in build) || !build.from) return "";
  if (build.count > 1) return `, counted from ${build.from}`;
  return build.more?.includes(", starting ") ? "" : `, starting ${build.from}`;
}

function rule(build: Exclude<Build, { kind: "once" }>): string {
  const at = `at ${build.time}`;
  switch (build.kind) {
    case "every": {
      const every = build.count === 1 ? `every ${build.unit}` : `every ${build.count} ${build.unit}s`;
      return build.unit === "day" ? `${every} ${at}` : every;
    }
    case "weekdays":
      return `every weekday ${at}`;
    case "weekly": {
      const days = listed(DAYS.filter((day) => build.days.includes(day)));
      return build.count === 1 ? `every ${days} ${at}` : `every ${build.count} weeks on ${days} ${at}`;
    }
    case "monthly": {
      const day = monthDay(build.on);
      return build.count === 1 ? `on ${day} of the month ${at}` : `every ${build.count} months on ${day} ${at}`;
    }
  }
}

function monthDay(on: MonthDay): string {
  switch (on.by) {
    case "date":
      return `the ${ordinal(on.date)}`;
    case "weekday":
      return `the ${on.ordinal} ${on.day}`;
    case "last day":
      return "the last day";
    case "last workday":
      return "the last workday";
  }
}

const endsOf = (ends: Ends): string =>
  ends.by === "date" ? `, until ${ends.date}` : ends.by === "count" ? `, ${ends.count} times` : "";

/** `A`, `A and B`, `A, B and C`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** What a chip opens with, on a day. */
export function begun(kind: BuildKind, today: string, before: Build | null): Build {
  const time = before && "time" in before ? before.time : "09:00";
  const ends = before && "ends" in before ? before.ends : NEVER;
  const kept = before && "more" in before && before.more ? { ends, more: before.more } : { ends };
  const date = Number(today.slice(8));
  const day = DAYS[(new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7] ?? "Monday";
  switch (kind) {
    case "once":
      return { kind, date: tomorrowOf(today), time };
    case "every":
      return { kind, count: 15, unit: "minute", time, ...kept };
    case "weekdays":
      return { kind, time, ...kept };
    case "weekly":
      return { kind, count: 1, days: [day], time, ...kept };
    case "monthly":
      return { kind, count: 1, on: { by: "date", date }, time, ...kept };
  }
}

/** A date of the calendar has no zone, so this is counting, not reckoning with one. */
function tomorrowOf(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
