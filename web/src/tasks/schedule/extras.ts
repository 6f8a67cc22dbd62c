/** What a schedule carries besides its rule: days left out, where it moves instead, clock changes, a beginning, spreading. */

import type { AnyOf, Cron, Dates, Every, Holidays, Once, Rrule, Weekdays } from "../../api/horarium.schemas.ts";
import { reading } from "../../lib/reading.ts";

export type Schedule = Once | Every | Cron | Rrule | AnyOf;
export type Exclusion = NonNullable<Cron["except"]>[number];
export type Clocks = { dst_gap: "run_after" | "skip"; dst_fold: "first" | "both" };

const MONTH = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" });

const UNITS = [
  ["hour", 3600],
  ["minute", 60],
] as const;

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const isWeekend = (one: Exclusion) => one.kind === "weekdays" && [...one.days].sort().join(" ") === "saturday sunday";

/** As a person says it, and as a phrase says it behind "except"; null for what only a whole schedule can say. */
export function exclusionWords(one: Exclusion): string | null {
  switch (one.kind) {
    case "weekdays":
      return isWeekend(one) ? "weekends" : (one as Weekdays).days.map(capital).join(" and ");
    case "holidays": {
      const { country, subdivision } = one as Holidays;
      return `holidays of ${subdivision ? `${country}-${subdivision}` : country}`;
    }
    case "calendar":
      return "name" in one ? `calendar ${JSON.stringify(one.name)}` : null;
    case "dates":
      return (one as Dates).dates.map((text) => text.split("/").map(dayWords).join(" to ")).join(" and ");
    default:
      return null;
  }
}

/** `2027-12-24` stays; `--12-24` is `24 December`. */
function dayWords(text: string): string {
  const yearly = /^--(\d\d)-(\d\d)$/.exec(text);
  return yearly ? `${Number(yearly[2])} ${MONTH.format(Date.UTC(2000, Number(yearly[1]) - 1))}` : text;
}

/** `5 minutes`, in the largest unit that leaves no rest. */
export function lengthWords(seconds: number): string {
  const [unit, worth] = UNITS.find(([, size]) => seconds % size === 0) ?? (["second", 1] as const);
  return `${seconds / worth} ${unit}${seconds === worth ? "" : "s"}`;
}

/** How clock changes are met, where all parts of the schedule agree; null where they do not, or follow no clock. */
export function clocksOf(schedule: Schedule): Clocks | null {
  if (schedule.kind === "cron" || schedule.kind === "rrule")
    return { dst_gap: schedule.dst_gap ?? "run_after", dst_fold: schedule.dst_fold ?? "first" };
  if (schedule.kind !== "any_of") return null;
  const all = (schedule.schedules as Schedule[]).map(clocksOf);
  const [first] = all;
  if (!first) return null;
  return all.every((one) => one?.dst_gap === first.dst_gap && one.dst_fold === first.dst_fold) ? first : null;
}

export function withClocks(schedule: Schedule, change: Partial<Clocks>): Schedule {
  if (schedule.kind === "cron" || schedule.kind === "rrule") return { ...schedule, ...change };
  if (schedule.kind !== "any_of") return schedule;
  return { ...schedule, schedules: (schedule.schedules as Schedule[]).map((one) => withClocks(one, change)) };
}

/** Lists of days need a zone where the schedule has none of its own. */
export function leavingOut(schedule: Schedule, found: readonly Exclusion[], zone: string): Schedule {
  const own = schedule.kind === "cron" || schedule.kind === "rrule";
  const added = found.map((one) => ({ ...one, timezone: own ? null : zone }));
  const known = new Set((schedule.except ?? []).map(exclusionWords));
  const except = [...(schedule.except ?? []), ...added.filter((one) => !known.has(exclusionWords(one)))];
  return { ...schedule, except } as Schedule;
}

/** There is nothing to move away from once no list of days is left. */
export function leavingIn(schedule: Schedule, one: Exclusion): Schedule {
  const except = (schedule.except ?? []).filter((other) => other !== one);
  const roll = except.some((other) => exclusionWords(other) !== null) ? schedule.roll : "none";
  return { ...schedule, except, roll } as Schedule;
}

/** The clauses that say all this behind a rule, or why they cannot: `{ words: ", except weekends" }`. */
export function clausesOf(schedule: Once | Every | Cron | Rrule, zone: string): { words: string } | { reason: string } {
  const said: string[] = [];
  const clocks = clocksOf(schedule);
  if (clocks?.dst_gap === "skip") said.push("left out when the clocks skip it");
  if (clocks?.dst_fold === "both") said.push("twice when the clocks repeat it");
  for (const one of schedule.except ?? []) {
    const words = exclusionWords(one);
    if (words === null) return { reason: "it leaves out another schedule" };
    const own = "timezone" in one ? one.timezone : null;
    if (own && own !== zone) return { reason: `it leaves out days of ${own}` };
    said.push(`except ${words}`);
  }
  if (schedule.roll === "forward") said.push("moved to the next open day");
  if (schedule.roll === "back") said.push("moved to the previous open day");
  if (schedule.starts_at) {
    const { date, time, seconds } = reading(new Date(schedule.starts_at), zone);
    if (time !== "00:00" || seconds !== "00") return { reason: "it begins within a day" };
    said.push(`starting ${date}`);
  }
  if (schedule.jitter_seconds) said.push(`each at random within ${lengthWords(schedule.jitter_seconds)}`);
  return { words: said.map((words) => `, ${words}`).join("") };
}

/** One line about it: `weekends left out, moved to the next open day; clock changes: run once`. */
export function extrasWords(schedule: Schedule): string {
  const except = (schedule.except ?? []).map((one) => exclusionWords(one) ?? "another schedule");
  const clocks = clocksOf(schedule);
  const usual = clocks?.dst_gap === "run_after" && clocks.dst_fold === "first";
  return [
    except.length > 0 ? `without ${except.join(", ")}` : "no days left out",
    schedule.roll === "forward" ? "moved to the next open day" : "",
    schedule.roll === "back" ? "moved to the previous open day" : "",
    clocks && !usual ? clocksWords(clocks) : "",
    clocks && usual ? "once when clocks change" : "",
    schedule.jitter_seconds ? `spread over ${lengthWords(schedule.jitter_seconds)}` : "",
    schedule.starts_at || schedule.ends_at ? "bounded" : "",
    schedule.max_occurrences ? `${schedule.max_occurrences} times at most` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

const clocksWords = ({ dst_gap, dst_fold }: Clocks) =>
  [dst_gap === "skip" ? "left out when clocks skip it" : "", dst_fold === "both" ? "twice when clocks repeat it" : ""]
    .filter(Boolean)
    .join(", ");
