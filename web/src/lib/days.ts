/** Days as people in a zone read them: Intl says which day an instant lies on; no offsets are computed here. */

import { localeOf } from "./time.ts";

/** A calendar day, `2027-03-28`. */
export type LocalDate = string;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const cached = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${zone}|${JSON.stringify(options)}`;
  let found = cached.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    cached.set(key, found);
  }
  return found;
}

const NUMBERS = {
  calendar: "iso8601",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;

/** `2027-03-28T02:30`, as a date-time field wants it. */
export function localReading(at: Date, zone: string): string {
  const parts = formatter("en-GB", zone, NUMBERS).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "00";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

export const localDate = (at: Date, zone: string): LocalDate => localReading(at, zone).slice(0, 10);

/** Longer than any day, with whatever clocks did on it. */
const DAY_MAX_MS = 50 * 3_600_000;

/** The first instant of the day that an instant lies on, found by asking Intl: not every day begins at 00:00. */
export function dayBegan(at: Date, zone: string): Date {
  const day = localDate(at, zone);
  let inside = at.getTime();
  let before = inside - DAY_MAX_MS;
  while (inside - before > 1) {
    const middle = Math.floor((inside + before) / 2);
    if (localDate(new Date(middle), zone) === day) inside = middle;
    else before = middle;
  }
  return new Date(inside);
}

/** The hour on the clock, 0 to 23. */
export const localHour = (at: Date, zone: string): number => Number(localReading(at, zone).slice(11, 13));

/** Whether a text is a day of the calendar. */
export function isDate(text: string | null): text is LocalDate {
  return text !== null && DATE.test(text) && shifted(text, 0) === text;
}

/** So many days later in the calendar, which knows no zones. */
export function shifted(date: LocalDate, days: number): LocalDate {
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return "";
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** `Sunday 28 March`; with the year where it is another than today's. */
export function dayTitle(date: LocalDate, today: LocalDate): string {
  const words = formatter(localeOf(globalThis.navigator?.language ?? "en-GB"), "UTC", {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(date.slice(0, 4) === today.slice(0, 4) ? {} : { year: "numeric" }),
  }).format(new Date(`${date}T12:00:00Z`));
  const near = date === today ? "Today" : date === shifted(today, 1) ? "Tomorrow" : null;
  return near ? `${near}, ${words.replaceAll(",", "")}` : words.replaceAll(",", "");
}

/** Asks the service at which instants so many days in a row show a reading in a zone: `start` is the first, without offset. */
export const daily = (start: string, timezone: string, count: number) => ({
  schedule: { kind: "rrule" as const, rule: `FREQ=DAILY;COUNT=${count}`, start, timezone },
  // Earlier than that reading in any zone, so that the notes speak of that day alone.
  after: `${shifted(start.slice(0, 10), -2)}T00:00:00Z`,
  count,
});
