import { type CSSProperties, useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import styled from "styled-components";
import { dayTitle, isDate, localDate } from "../lib/days.ts";
import { refusalOf } from "../lib/http.ts";
import { useKeys } from "../lib/keys.ts";
import { useNow } from "../lib/now.ts";
import { plural } from "../lib/plural.ts";
import { halfDays, withZone, zoneName, zoneOf, viewerZone } from "../lib/time.ts";
import { useLive, useMay, usePrefs } from "../tasks/TaskContext.tsx";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { CalendarDays, Clock } from "../ui/icons.ts";
import { Bar, Failure, Notice, useSlow } from "../ui/Panel.tsx";
import { color, media, radius, size } from "../ui/tokens.ts";
import { daysOf, type Line, linesOf, totalWords } from "./agenda.ts";
import { Head } from "./Head.tsx";
import { ONE_TASK_MAX, type Span, useAbout, useAgenda, useOneTask, useStretch, useTaskZones } from "./queries.ts";
import { Row } from "./Row.tsx";
import { useOccurrences } from "./useOccurrences.tsx";
import { LeftOut, WhyPanel } from "./Why.tsx";
import { clockNotes, ownZone, whyNot } from "./reasons.ts";

const Page = styled.div`
  max-inline-size: 1168px; padding: 10px 24px 48px; display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr);
  ${media.phone} { padding: 10px 16px 32px; gap: 12px; }
`;
const DayBox = styled.section`
  border: 1px solid ${color.line}; border-radius: ${radius}; overflow: clip;
  & > h2 {
    display: flex; flex-wrap: wrap; gap: 0 10px; align-items: baseline; padding: 8px 12px; font-size: ${size.body}; background: ${color.sunken};
    position: sticky; inset-block-start: 0; z-index: 1;
  }
  & > h2 > span { font-weight: 400; font-size: ${size.small}; color: ${color.textSoft}; }
`;
const Change = styled.p`
  display: flex; gap: 8px; align-items: center; padding: 6px 12px; font-size: ${size.small}; color: ${color.lateText}; background: ${color.lateSoft};
  border-block-start: 1px solid ${color.line};
`;
const Quiet = styled.p`font-size: ${size.small}; color: ${color.textSoft}; overflow-wrap: anywhere;`;
const Wait = styled.div`
  display: grid; grid-template-columns: 48px minmax(0, 1fr); gap: 12px; align-items: center; block-size: 40px; padding-inline: 12px;
  border-block-end: 1px solid ${color.line};
`;

/** What the column of times needs: am and pm, and the zone's name, take room. */
const timeWidth = (halves: boolean, named: boolean): CSSProperties =>
  ({ "--time": `${40 + (halves ? 24 : 0) + (named ? 44 : 0)}px` }) as CSSProperties;

const WIDTHS = [38, 52, 31, 46, 40, 55, 34, 48];

export function Upcoming() {
  const [search, setSearch] = useSearchParams();
  const { zone: choice, hours, keys } = usePrefs();
  const mayRun = useMay("operator");
  const { offline } = useLive();
  const now = useNow();
  // A day needs one zone; where tasks have each their own, days are those of whoever looks.
  const zone = zoneOf(choice, viewerZone());
  const today = localDate(now, zone);
  const asked = search.get("from");
  const date = isDate(asked) && asked > today ? asked : null;
  const span: Span = search.get("span") === "week" ? "week" : "day";
  const only = search.get("task");
  const set = (change: Record<string, string | null>) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      for (const [name, value] of Object.entries(change)) {
        if (value === null) after.delete(name);
        else after.set(name, value);
      }
      return after;
    });

  const stretch = useStretch(date, span, zone);
  const agenda = useAgenda(stretch.data, span, only === null);
  const asking = useAbout(only);
  const task = only === null ? undefined : asking.data;
  const one = useOneTask(task, stretch.data, span);
  const items = useMemo(
    () => (only === null ? (agenda.data?.pages.flatMap((page) => page.items) ?? []) : (one.data?.items ?? [])),
    [only, agenda.data, one.data],
  );
  const lines = useMemo(() => linesOf(items, zone), [items, zone]);
  const named = choice === "task" || new Set(lines.map((line) => zoneName(new Date(line.at), zone))).size > 1;
  const days = useMemo(() => daysOf(lines, zone), [lines, zone]);
  const ids = useMemo(() => [...new Set(lines.map((line) => line.taskId))], [lines]);
  const taskZones = useTaskZones(ids, choice === "task");
  const { commands, dialogs } = useOccurrences(zone);
  // Kept here: as time passes, a row goes on to the next hour.
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set());
  const fold = useCallback((key: string) => setOpened((before) => toggled(before, key)), []);

  const focused = (): Line | undefined => {
    const key = document.activeElement?.closest<HTMLElement>("[data-line]")?.dataset.line;
    const [taskId, at] = key?.split("|") ?? [];
    if (!taskId || !at) return undefined;
    const whole = lines.find((line) => line.key === key);
    if (whole) return whole;
    // One of those that a row for many was opened into.
    const many = lines.find((line) => line.taskId === taskId && line.count > 1);
    return (
      many && { ...many, key: `${taskId}|${at}`, dueAt: at, at, lastAt: at, count: 1, everySeconds: null, notes: [] }
    );
  };
  const onOne = (command: (line: Line) => void, fits: (line: Line) => boolean) => () => {
    const line = focused();
    if (line && mayRun && fits(line)) command(line);
  };
  useKeys(
    {
      j: () => step(1),
      k: () => step(-1),
      s: onOne(commands.skip, (line) => line.count === 1 && line.becomes !== "skipped"),
      m: onOne(commands.move, (line) => line.count === 1),
      u: onOne(commands.undo, (line) => line.becomes !== "run"),
      r: onOne(commands.run, () => true),
    },
    keys,
  );

  const pages = agenda.data?.pages;
  const last = pages?.at(-1);
  const to = only === null ? (last?.to ?? null) : (one.data?.to ?? null);
  const pending = only === null ? agenda.data === undefined : asking.data === undefined || one.data === undefined;
  const slow = useSlow(pending);
  const error = stretch.error ?? (only === null ? agenda.error : (asking.error ?? one.error));
  const retry = () => void Promise.all([stretch.refetch(), only === null ? agenda.refetch() : one.refetch()]);
  const toldIn = (at: string) =>
    withZone(new Date(at), task && choice === "task" ? (ownZone(task) ?? zone) : zone, now, hours);
  const more = (pages ?? []).reduce((sum, page) => sum + page.more, 0);
  const answers = task ? whyNot(task, lines.length, to, one.data?.notes ?? [], toldIn) : [];
  const clocks = clockNotes(one.data?.notes ?? [], to);

  return (
    <Page>
      <Head
        date={date}
        today={today}
        span={span}
        told={pending ? "" : `${totalWords(lines)} · ${choice === "task" ? "each in its task's zone" : zone}`}
        onDate={(next) => set({ from: next })}
        onSpan={(next) => set({ span: next === "day" ? null : next })}
      />
      {task && <WhyPanel task={task} answers={answers} onClose={() => set({ task: null })} />}
      {task &&
        clocks.map((text) => (
          <Change key={text}>
            <Clock size={14} aria-hidden="true" />
            {text}
          </Change>
        ))}
      {error && pending && <Failure what="What comes" error={error} onRetry={retry} />}
      {error && !pending && !offline && (
        <Quiet role="alert">Not fresh: {refusalOf(error)?.message ?? "the last answer could not be read."}</Quiet>
      )}
      {!error && pending && slow && (
        <DayBox aria-hidden="true">
          {WIDTHS.map((share) => (
            <Wait key={share}>
              <Bar />
              <Bar style={{ inlineSize: `${share}%` }} />
            </Wait>
          ))}
        </DayBox>
      )}
      {!pending && lines.length === 0 && (
        <Notice
          icon={<CalendarDays size={28} strokeWidth={1.5} />}
          title={
            task
              ? `Nothing of ${task.name} is due here`
              : `Nothing is due in ${date === null ? "the next" : "this"} ${date === null && span === "day" ? "24 hours" : span === "week" ? "7 days" : "day"}`
          }
          actions={
            <>
              {span === "day" && <Button onClick={() => set({ span: "week" })}>Show a week</Button>}
              <ButtonLink to="/tasks">All tasks</ButtonLink>
            </>
          }
        >
          <p>Skip and move single occurrences here, once there are some.</p>
        </Notice>
      )}
      {days.map((day) => (
        <DayBox key={day.date} aria-label={dayTitle(day.date, today)} style={timeWidth(halfDays(hours), named)}>
          <h2>
            {dayTitle(day.date, today)} <span>{plural(day.count, "time")}</span>
          </h2>
          {day.hours.map((hour) => (
            <div className="hour" key={hour.key}>
              {hour.change && (
                <Change>
                  <Clock size={14} aria-hidden="true" />
                  The clocks have changed: {hour.change.before} before, {hour.change.after} from here on ({zone})
                </Change>
              )}
              <ol>
                {hour.lines.map((line) => (
                  <Row
                    key={line.key}
                    line={line}
                    zone={zone}
                    taskZone={choice === "task" ? taskZones.get(line.taskId) : undefined}
                    named={named}
                    commands={commands}
                    open={opened.has(line.key)}
                    onFold={fold}
                  />
                ))}
              </ol>
            </div>
          ))}
        </DayBox>
      ))}
      {more > 0 && <Quiet>{more.toLocaleString("en")} more in the fullest hour are not shown.</Quiet>}
      {last?.truncated && only === null && (
        <Quiet>There is more than could be looked at in half a second: what is shown may not be all.</Quiet>
      )}
      {one.data?.capped && only !== null && <Quiet>The first {ONE_TASK_MAX} times are shown.</Quiet>}
      {only === null && agenda.hasNextPage && (
        <Button onClick={() => void agenda.fetchNextPage()} aria-disabled={agenda.isFetchingNextPage}>
          Show later times
        </Button>
      )}
      {!pending && only === null && (
        <LeftOut counts={last?.left_out} hrefOf={(id) => `/upcoming?${withTask(search, id)}`} />
      )}
      {dialogs}
    </Page>
  );
}

function withTask(search: URLSearchParams, id: string): URLSearchParams {
  const next = new URLSearchParams(search);
  next.set("task", id);
  return next;
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const after = new Set(keys);
  if (!after.delete(key)) after.add(key);
  return after;
}

/** To the next row, or the one before. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-line]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.querySelector<HTMLElement>("a")?.focus();
}
