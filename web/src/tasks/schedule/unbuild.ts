/** From a schedule back to what the builder holds, or the reason why the builder cannot hold it. */

import type { Cron, Every, Once, Rrule } from "../../api/horarium.schemas.ts";
import { clausesOf } from "./extras.ts";
import { reading } from "../../lib/reading.ts";
import {
  type Build,
  type Day,
  DAYS,
  type Ends,
  type MonthDay,
  NEVER,
  ORDINALS,
  type Ordinal,
  type Unit,
} from "./build.ts";

export type AnySchedule = { kind: "any_of" } | Once | Every | Cron | Rrule;
export type Unbuilt = { build: Build } | { reason: string };

type Ending = { ends: Ends; more?: string };

const no = (reason: string): Unbuilt => ({ reason });

/** `zone`: the one that the form names, in which phrases are read. */
export function unbuild(schedule: AnySchedule, zone: string): Unbuilt {
  if (schedule.kind === "any_of") return no("it joins several schedules");
  const more = clausesOf(schedule, zone);
  if ("reason" in more) return more;
  const ends = endsOf(schedule, zone);
  if (!ends) return no("it ends within a day, or both by date and by count");
  const ending: Ending = more.words ? { ends, more: more.words } : { ends };
  switch (schedule.kind) {
    case "once": {
      if (more.words || ends.by !== "never") return no("it says more than an instant");
      if (schedule.if_past) return no("it says what to do if its time has passed");
      const { date, time, seconds } = reading(new Date(schedule.at), zone);
      if (seconds !== "00" || schedule.at.slice(19, 23) > ".000Z") return no("it names seconds");
      return { build: { kind: "once", date, time } };
    }
    case "every":
      return steady(schedule.seconds, ending);
    case "cron":
    case "rrule": {
      if (schedule.timezone !== zone) return no(`its text names ${schedule.timezone}`);
      return schedule.kind === "cron" ? cron(schedule.expression, ending) : rrule(schedule, ending);
    }
  }
}

function endsOf(schedule: Once | Every | Cron | Rrule, zone: string): Ends | null {
  const { ends_at: at, max_occurrences: count } = schedule;
  if (at && count) return null;
  if (count) return { by: "count", count };
  if (!at) return NEVER;
  const { date, time, seconds } = reading(new Date(at), zone);
  return time === "23:59" && seconds === "59" ? { by: "date", date } : null;
}

const UNITS: readonly [Unit, number][] = [
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

function steady(seconds: number, ending: Ending): Unbuilt {
  const found = UNITS.find(([, worth]) => seconds % worth === 0);
  if (!found) return no("it counts parts of seconds");
  const [unit, worth] = found;
  return { build: { kind: "every", count: seconds / worth, unit, time: "09:00", ...ending } };
}

const two = (text: string) => text.padStart(2, "0");
const whole = (text: string | undefined): text is string => text !== undefined && /^\d{1,2}$/.test(text);

function cron(expression: string, ending: Ending): Unbuilt {
  const fields = expression.trim().split(/\s+/);
  const [minute, hour, date, months, weekdays] = fields;
  if (fields.length !== 5 || !whole(minute) || !whole(hour)) return no("it names more times than one a day");
  const timed = { time: `${two(hour)}:${two(minute)}`, ...ending };
  const every = countOfMonths(months ?? "");
  if (every === null) return no("it names months");
  if (date === "*" && every === 1) {
    if (weekdays === "*") return { build: { kind: "every", count: 1, unit: "day", ...timed } };
    if (weekdays === "1-5") return { build: { kind: "weekdays", ...timed } };
    const days = daysOf(weekdays ?? "");
    if (days) return { build: { kind: "weekly", count: 1, days, ...timed } };
  }
  const on = monthDay(date ?? "", weekdays ?? "");
  return on ? { build: { kind: "monthly", count: every, on, ...timed } } : no("the days it names have no button here");
}

/** Every so many months, where that is what a list of months means: `1,4,7,10` is 3. */
function countOfMonths(text: string): number | null {
  if (text === "*") return 1;
  for (const count of [2, 3, 4, 6]) {
    const months = Array.from({ length: 12 / count }, (_, i) => 1 + i * count).join(",");
    if (months === text) return count;
  }
  return null;
}

function daysOf(text: string): Day[] | null {
  const days: Day[] = [];
  for (const part of text.split(",")) {
    const range = /^([0-7])(?:-([0-7]))?$/.exec(part);
    if (!range) return null;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    for (let day = first; day <= last; day += 1) days.push(DAYS[(day + 6) % 7] ?? "Monday");
  }
  return DAYS.filter((day) => days.includes(day));
}

function monthDay(date: string, weekdays: string): MonthDay | null {
  if (weekdays === "*") {
    if (whole(date)) return { by: "date", date: Number(date) };
    if (date === "L") return { by: "last day" };
    return date === "LW" ? { by: "last workday" } : null;
  }
  const nth = date === "*" ? /^([0-7])(?:#([1-5])|(L))$/.exec(weekdays) : null;
  if (!nth) return null;
  const ordinal: Ordinal = nth[3] ? "last" : (ORDINALS[Number(nth[2]) - 1] ?? "first");
  return { by: "weekday", ordinal, day: DAYS[(Number(nth[1]) + 6) % 7] ?? "Monday" };
}

const CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const SHOWN = new Set(["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "WKST"]);
const MORE = "its rule says more than there are fields for";

/** A date of the calendar has no zone, so this is counting, not reckoning with one. */
const dayAfter = (date: string) => new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
const dayOf = (date: string): Day => DAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? "Monday";

function rrule(schedule: Rrule, ending: Ending): Unbuilt {
  const parts = new Map(
    schedule.rule
      .toUpperCase()
      .split(";")
      .map((part) => part.split("=") as [string, string]),
  );
  const [date = "", clock = ""] = schedule.start.split("T");
  if ([...parts.keys()].some((name) => !SHOWN.has(name))) return no(MORE);
  // What the rule leaves open, its start fills in.
  const [startHour = "", startMinute = "", startSecond = "00"] = clock.split(":");
  const [hour, minute] = [parts.get("BYHOUR") ?? startHour, parts.get("BYMINUTE") ?? startMinute];
  if (!whole(hour) || !whole(minute)) return no("it names more times than one a day");
  if (Number(parts.get("BYSECOND") ?? startSecond) !== 0) return no("it names seconds");
  const count = Number(parts.get("INTERVAL") ?? 1);
  // Where weeks begin matters only to those that are counted.
  if (count > 1 && (parts.get("WKST") ?? "MO") !== "MO") return no(MORE);
  const time = `${two(hour)}:${two(minute)}`;
  const late = clock > `${time}:00`;
  if (late && count > 1) return no("it begins later in the day than it is due");
  if (count === 1 && ending.more?.includes(", starting ")) return no("it names two beginnings");
  const timed = { time, ...ending, from: late ? dayAfter(date) : date };
  const byDay = parts.get("BYDAY")?.split(",");
  const byDate = parts.get("BYMONTHDAY");
  switch (parts.get("FREQ")) {
    case "DAILY":
      if (!byDay && !byDate) return { build: { kind: "every", count, unit: "day", ...timed } };
      break;
    case "WEEKLY": {
      const days = byDay?.map((code) => DAYS[CODES.indexOf(code)]) ?? [dayOf(date)];
      if (days.every((day): day is Day => day !== undefined) && !byDate)
        return { build: { kind: "weekly", count, days, ...timed } };
      break;
    }
    case "MONTHLY": {
      if (byDate && !byDay) {
        if (byDate === "-1") return { build: { kind: "monthly", count, on: { by: "last day" }, ...timed } };
        if (whole(byDate))
          return { build: { kind: "monthly", count, on: { by: "date", date: Number(byDate) }, ...timed } };
      }
      if (!byDate && !byDay)
        return { build: { kind: "monthly", count, on: { by: "date", date: Number(date.slice(8)) }, ...timed } };
      const nth = byDay?.length === 1 && !byDate ? /^(-1|\+?[1-5])([A-Z]{2})$/.exec(byDay[0] ?? "") : null;
      const day = nth && DAYS[CODES.indexOf(nth[2] ?? "")];
      if (nth && day) {
        const ordinal: Ordinal = nth[1] === "-1" ? "last" : (ORDINALS[Number(nth[1]) - 1] ?? "first");
        return { build: { kind: "monthly", count, on: { by: "weekday", ordinal, day }, ...timed } };
      }
      break;
    }
  }
  return no(MORE);
}
