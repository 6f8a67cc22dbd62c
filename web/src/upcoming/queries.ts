/** What the server says of what comes. It turns readings of a clock into instants as well: the page does not. */

import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { listAgenda, listTasks, listUpcoming, listZones, previewSchedule, readTask } from "../api/horarium.ts";
import type { AgendaItem, AgendaView, NoteView, TaskDetail } from "../api/horarium.schemas.ts";
import { daily, type LocalDate } from "../lib/days.ts";
import { serverNow } from "../lib/now.ts";
import { keys } from "../tasks/TaskContext.tsx";
import { isMark, ownZone } from "./reasons.ts";

export type Span = "day" | "week";
export const DAYS: Record<Span, number> = { day: 1, week: 7 };

const RENEW_MS = 10_000;
const ITEMS_MAX = 500;
const FOUND_MAX = 8;
/** So many of one task are shown one by one. */
export const ONE_TASK_MAX = 200;
/** Of so many tasks the zone is asked for. */
const ZONES_ASKED_MAX = 60;
/** There are some 600. */
const ZONES_MAX = 1_000;
const DAY_MS = 86_400_000;

/** Apart from the agenda, which the stream reads again: a row that was opened goes with its task. */
export const eachKey = [...keys.tasks, "each"] as const;

export type Stretch = { from: string | undefined; to: string | undefined };

/** The instants at which the days begin and end in a zone; without a day, from now on for so many times 24 hours. */
export function useStretch(date: LocalDate | null, span: Span, zone: string) {
  const days = DAYS[span];
  return useQuery({
    queryKey: ["stretch", date, span, zone],
    queryFn: async ({ signal }): Promise<Stretch> => {
      if (date === null) return { from: undefined, to: undefined };
      const { due } = await previewSchedule(daily(`${date}T00:00:00`, zone, days + 1), { signal });
      return { from: due[0], to: due.at(-1) };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Page by page, each beginning where the one before was complete. */
export function useAgenda(stretch: Stretch | undefined, span: Span, on: boolean) {
  return useInfiniteQuery({
    queryKey: [...keys.agenda, stretch?.from, stretch?.to, span],
    queryFn: async ({ pageParam, signal }): Promise<AgendaView> => {
      const to = stretch?.to ?? new Date(serverNow() + DAYS[span] * DAY_MS).toISOString();
      return listAgenda({ from: pageParam ?? stretch?.from, to, limit: ITEMS_MAX }, { signal });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_from ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: RENEW_MS,
    enabled: on && stretch !== undefined,
  });
}

/** The one task that is asked after, if any. */
export const useAbout = (id: string | null) =>
  useQuery({
    queryKey: keys.task(id ?? ""),
    queryFn: ({ signal }) => readTask(id ?? "", { signal }),
    refetchInterval: RENEW_MS,
    enabled: id !== null,
  });

/** What is due of one task: its instants, what was moved, and what was skipped; the server's notes on its schedule. */
export function useOneTask(task: TaskDetail | undefined, stretch: Stretch | undefined, span: Span) {
  return useQuery({
    queryKey: [...keys.agenda, "one", task?.id, task?.revision, task?.next_due_at, stretch?.from, stretch?.to, span],
    queryFn: async ({ signal }) => {
      if (!task) throw new Error("asked too early");
      const now = new Date(serverNow()).toISOString();
      const after = stretch?.from && stretch.from > now ? before(stretch.from) : now;
      const to = stretch?.to ?? new Date(Date.parse(now) + DAYS[span] * DAY_MS).toISOString();
      const [coming, preview] = await Promise.all([
        listUpcoming(task.id, { after, count: ONE_TASK_MAX }, { signal }),
        task.schedule
          ? previewSchedule({ schedule: task.schedule, after, count: ONE_TASK_MAX }, { signal })
          : Promise.resolve(null),
      ]);
      const marks = (preview?.notes ?? []).filter(isMark);
      const within = (at: string) => Date.parse(at) > Date.parse(after) && Date.parse(at) < Date.parse(to);
      const item = (becomes: AgendaItem["becomes"], due: string, at: string): AgendaItem => ({
        task_id: task.id,
        task_name: task.name,
        becomes,
        due_at: due,
        at,
        last_at: at,
        count: 1,
        every_seconds: null,
        notes: becomes === "run" ? marks.filter((note) => note.at === at) : [],
      });
      const moved = new Map(coming.overrides.filter((one) => one.move_to).map((one) => [one.move_to, one.due_at]));
      const skipped = coming.overrides.filter((one) => one.skip).map((one) => item("skipped", one.due_at, one.due_at));
      const due = coming.due.map((at) => item(moved.has(at) ? "moved" : "run", moved.get(at) ?? at, at));
      const items = [...(task.pause && !task.pause.until ? [] : due), ...skipped]
        .filter((one) => within(one.at))
        .sort((a, b) => a.at.localeCompare(b.at));
      return {
        items,
        to,
        notes: preview?.notes ?? [],
        capped: coming.due.length === ONE_TASK_MAX && within(coming.due.at(-1) ?? to),
      };
    },
    placeholderData: keepPreviousData,
    refetchInterval: RENEW_MS,
    enabled: task !== undefined && stretch !== undefined,
  });
}

const before = (at: string) => new Date(Date.parse(at) - 1).toISOString();

/** The single instants of a row that stands for many. */
export const useEach = (taskId: string, at: string, count: number) =>
  useQuery({
    queryKey: [...eachKey, taskId, at, count],
    queryFn: ({ signal }) => listUpcoming(taskId, { after: before(at), count }, { signal }),
    placeholderData: keepPreviousData,
  });

/** Whether a note is on that instant: what its clocks did to it, or that they change about then. */
function speaksOf({ kind, at }: NoteView, due: string | undefined): boolean {
  if (kind !== "moved" && kind !== "merged" && kind !== "repeated" && kind !== "clock_change") return false;
  return at !== null && due !== undefined && Math.abs(Date.parse(at) - Date.parse(due)) < DAY_MS / 2;
}

/** Which instant a reading of the clocks of a zone is. */
export const useResolved = (reading: string, zone: string) =>
  useQuery({
    queryKey: ["resolved", reading, zone],
    queryFn: async ({ signal }) => {
      const { due, notes } = await previewSchedule(daily(reading.length === 16 ? `${reading}:00` : reading, zone, 1), {
        signal,
      });
      return {
        at: due[0] ?? null,
        notes: notes.filter((note) => speaksOf(note, due[0])),
      };
    },
    enabled: reading !== "",
    placeholderData: keepPreviousData,
  });

export const useZones = () =>
  useQuery({
    queryKey: ["zones"],
    queryFn: ({ signal }) => listZones({ limit: ZONES_MAX }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Tasks whose names or descriptions have the words. */
export const useFound = (words: string) =>
  useQuery({
    queryKey: [...keys.tasks, "found", words],
    queryFn: ({ signal }) => listTasks({ words, limit: FOUND_MAX }, { signal }),
    enabled: words.trim() !== "",
    placeholderData: keepPreviousData,
  });

/** The zones of the tasks shown, where each is to be printed in its own. */
export function useTaskZones(ids: readonly string[], on: boolean): ReadonlyMap<string, string> {
  const asked = on ? ids.slice(0, ZONES_ASKED_MAX) : [];
  return useQueries({
    queries: asked.map((id) => ({
      queryKey: [...keys.tasks, "zone", id],
      queryFn: async ({ signal }: { signal: AbortSignal }) => ownZone(await readTask(id, { signal })),
      staleTime: 300_000,
    })),
    combine: (answers) =>
      new Map(answers.flatMap(({ data }, at) => (data && asked[at] ? [[asked[at], data] as const] : []))),
  });
}
