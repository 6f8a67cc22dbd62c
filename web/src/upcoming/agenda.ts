/** The agenda as it is shown: dense tasks folded for a whole day, days and hours of one zone, and where its clocks change. */

import type { AgendaItem } from "../api/horarium.schemas.ts";
import { type LocalDate, localDate, localHour } from "../lib/days.ts";
import { plural } from "../lib/plural.ts";
import { interval, offsetName } from "../lib/time.ts";

/** One row: one occurrence, or `count` of them from `at` to `lastAt`. */
export type Line = {
  key: string;
  taskId: string;
  taskName: string;
  becomes: AgendaItem["becomes"];
  dueAt: string;
  at: string;
  lastAt: string;
  count: number;
  everySeconds: number | null;
  /** What clocks and closed days did to it, in the server's words. */
  notes: readonly string[];
};

/** `change`: what the offset was before this hour, and what it is from then on, where these differ. */
export type Hour = { key: string; at: Date; lines: Line[]; change: { before: string; after: string } | null };
export type Day = { date: LocalDate; hours: Hour[]; count: number };

/** Unevenly spaced occurrences of neighbouring hours are no further apart. */
const UNEVEN_GAP_MS = 2 * 3_600_000;

export function lineOf(item: AgendaItem, key = `${item.task_id}|${item.due_at}`): Line {
  return {
    key,
    taskId: item.task_id,
    taskName: item.task_name,
    becomes: item.becomes,
    dueAt: item.due_at,
    at: item.at,
    lastAt: item.last_at,
    count: item.count,
    everySeconds: item.every_seconds,
    notes: item.notes.map(({ text }) => text),
  };
}

/** The server folds a task hour by hour; what goes on evenly becomes one row a day. */
export function linesOf(items: readonly AgendaItem[], zone: string): Line[] {
  const lines: Line[] = [];
  const open = new Map<string, Line>();
  const folded = new Map<string, number>();
  for (const item of items) {
    const before = open.get(item.task_id);
    if (item.count === 1) {
      lines.push(lineOf(item));
      continue;
    }
    if (before && goesOn(before, item, zone)) {
      before.count += item.count;
      before.lastAt = item.last_at;
      before.notes = [...before.notes, ...item.notes.map(({ text }) => text)];
      continue;
    }
    // The first that it stands for passes by and the row remains: it is its task's first, second … of that day.
    const day = `${item.task_id}|${localDate(new Date(item.at), zone)}|many`;
    const nth = folded.get(day) ?? 0;
    folded.set(day, nth + 1);
    const line = lineOf(item, `${day}${nth}`);
    open.set(item.task_id, line);
    lines.push(line);
  }
  return lines;
}

function goesOn(line: Line, item: AgendaItem, zone: string): boolean {
  if (line.everySeconds !== item.every_seconds) return false;
  const gap = Date.parse(item.at) - Date.parse(line.lastAt);
  const most = line.everySeconds === null ? UNEVEN_GAP_MS : line.everySeconds * 1_000;
  return gap <= most && localDate(new Date(item.last_at), zone) === localDate(new Date(line.at), zone);
}

export function daysOf(lines: readonly Line[], zone: string): Day[] {
  const days: Day[] = [];
  let offset: string | null = null;
  for (const line of lines) {
    const at = new Date(line.at);
    const date = localDate(at, zone);
    let day = days.at(-1);
    if (day?.date !== date) {
      day = { date, hours: [], count: 0 };
      days.push(day);
    }
    const now = offsetName(at, zone);
    const key = `${date} ${localHour(at, zone)} ${now}`;
    let hour = day.hours.at(-1);
    if (hour?.key !== key) {
      hour = { key, at, lines: [], change: offset === null || offset === now ? null : { before: offset, after: now } };
      day.hours.push(hour);
    }
    offset = now;
    hour.lines.push(line);
    day.count += line.count;
  }
  return days;
}

/** `every minute`, `every 5 s`, `every 1 h 30 min`. */
export function everyWords(seconds: number): string {
  const units: Record<number, string> = { 1: "second", 60: "minute", 3_600: "hour", 86_400: "day" };
  return `every ${units[seconds] ?? interval(seconds)}`;
}

/** `+84 more every minute`. */
export function moreWords(line: Line): string {
  const more = `+${(line.count - 1).toLocaleString("en")} more`;
  return line.everySeconds === null ? more : `${more} ${everyWords(line.everySeconds)}`;
}

/** What the head of the agenda says of all that is shown. */
export function totalWords(lines: readonly Line[]): string {
  const due = lines.filter((line) => line.becomes !== "skipped").reduce((sum, line) => sum + line.count, 0);
  const tasks = new Set(lines.map((line) => line.taskId)).size;
  const skipped = lines.filter((line) => line.becomes === "skipped").length;
  const more = skipped === 0 ? "" : `, ${skipped} skipped`;
  return `${plural(due, "occurrence")} of ${plural(tasks, "task")}${more}`;
}
