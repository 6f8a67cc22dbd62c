import { memo } from "react";
import { Link, useNavigate } from "react-router";
import styled from "styled-components";
import type { LoggedRun, LoggedSkip } from "../api/horarium.schemas.ts";
import { CAUSE_WORDS } from "../lib/causes.ts";
import { useNow } from "../lib/now.ts";
import { absolute, comparedToUsual, duration, inFull, withZone, zoneOf } from "../lib/time.ts";
import { Moment, RunIcon, useLive, usePrefs } from "../tasks/TaskContext.tsx";
import { SkipForward } from "../ui/icons.ts";
import { Muted } from "../ui/misc.tsx";
import { color, media, size } from "../ui/tokens.ts";
import { columns } from "./columns.ts";
import { attemptCell, latenessOf, listedAt, outcomeOf, shareOfUsual, skippedWords } from "./verdict.ts";

const Line = styled.div`
  ${columns}
  position: absolute; inset-inline: 0; inset-block-start: 0; border-block-end: 1px solid ${color.line}; font-size: ${size.small};
  color: ${color.textSoft};
  &:hover { background: ${color.sunken}; }
  &[data-cursor="true"] { background: ${color.hover}; box-shadow: inset 2px 0 0 ${color.accent}; }
  & > * { min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  & .above { position: relative; z-index: 1; }
  & .late { color: ${color.lateText}; }
`;

export const Title = styled(Link)`
  font-weight: 500; color: ${color.text};
  &::after { content: ""; position: absolute; inset: 0; }
  &:focus-visible { outline: none; }
  &:focus-visible::after { outline: 2px solid ${color.focus}; outline-offset: -2px; border-radius: 4px; }
`;

const Took = styled.div`
  position: relative; align-self: stretch; display: grid; align-items: center;
  & > svg { position: absolute; inset-block-end: 5px; inset-inline: 0; inline-size: 100%; block-size: 2px; }
  & rect { fill: ${color.line}; }
  & .failed { fill: ${color.failed}; } & .running { fill: ${color.running}; } & .usual { fill: ${color.lineStrong}; }
  &[data-unusual="true"] { color: ${color.lateText}; }
`;

const Said = styled.div`
  &[data-state="failed"] { color: ${color.failedText}; }
`;

const Quiet = styled.div`
  position: absolute; inset-inline: 0; inset-block-start: 0; display: flex; align-items: center; gap: 12px; padding-inline: 24px 16px;
  border-block-end: 1px solid ${color.line}; background: ${color.sunken}; color: ${color.textFaint}; font-size: ${size.tiny};
  & > div { display: flex; gap: 12px; align-items: center; overflow: hidden; white-space: nowrap; }
  & a:hover { color: ${color.text}; }
  ${media.phone} { & > div { flex-wrap: wrap; gap: 0 8px; line-height: 18px; } & span:last-child { flex-basis: 100%; } }
`;

const MINUTE_MS = 60_000;

export type RowProps<E> = {
  entry: E;
  index: number;
  top: number;
  height: number;
  cursor: boolean;
  /** Where every run is of the same task, the task is not named. */
  alone: boolean;
  onCursor: (index: number) => void;
};

export const RunRow = memo(function RunRow(props: RowProps<LoggedRun>) {
  const { entry: run, index, top, height, cursor, alone, onCursor } = props;
  const { zone: choice, hours } = usePrefs();
  const { serverZone } = useLive();
  const navigate = useNavigate();
  const named = choice === "task";
  const late = latenessOf(run);
  const title = <Moment at={listedAt(run)} taskZone={serverZone} named={named} relativeToo={false} />;
  const href = `/runs/${run.id}`;
  const tried = attemptCell(run);
  const again = useAgainFor(run);
  return (
    <Line
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      data-cursor={cursor}
      data-alone={alone}
      style={{ transform: `translateY(${top}px)`, blockSize: height }}
      onMouseDown={() => onCursor(index)}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest("a,button")) return;
        if (getSelection()?.isCollapsed !== false) void navigate(href);
      }}
    >
      <div role="cell" style={{ display: "grid" }}>
        <RunIcon state={run.state} />
      </div>
      {!alone && (
        <div role="cell">
          <Title to={href} tabIndex={cursor ? 0 : -1}>
            {run.task_name}
          </Title>
        </div>
      )}
      <div role="cell">
        {alone ? (
          <Title to={href} tabIndex={cursor ? 0 : -1}>
            {title}
          </Title>
        ) : (
          title
        )}
        {run.started_at === null ? (
          <Muted> {run.state}</Muted>
        ) : (
          late !== null && (
            <span className="late" title={inFull(new Date(run.started_at), serverZone, new Date(run.due_at), hours)}>
              {" → "}
              {late}
            </span>
          )
        )}
      </div>
      <Duration run={run} />
      <div role="cell" title={tried.title}>
        {tried.text}
      </div>
      <Said role="cell" data-state={run.state} title={run.detail ?? undefined}>
        {saidOf(run)}
      </Said>
      <div role="cell" title={again}>
        {CAUSE_WORDS[run.cause]}
      </div>
      <div role="cell" className="wide" title={run.worker ?? undefined}>
        {run.worker}
      </div>
    </Line>
  );
});

/** `again for Mon 23 Nov 09:00 CET`: a run again stands at the time that it was asked for. `brief`: without the day and the zone. */
export function useAgainFor(run: LoggedRun, brief = false): string | undefined {
  const { zone: choice, hours } = usePrefs();
  const { serverZone } = useLive();
  const now = useNow(MINUTE_MS);
  if (run.cause !== "retry") return undefined;
  const due = new Date(run.due_at);
  const zone = zoneOf(choice, serverZone);
  return `again for ${brief ? absolute(due, zone, now, hours, true) : withZone(due, zone, now, hours)}`;
}

/** `exit 3: no route`; of a run that went well only what is not to be expected. */
export function saidOf(run: LoggedRun): string {
  if (run.state === "failed") return [outcomeOf(run), run.detail].filter(Boolean).join(": ");
  if (run.state === "succeeded") return run.http_status === null ? "" : outcomeOf(run);
  if (run.state === "running") return run.cancel_reason === null ? "" : "stopping";
  return run.state === "cancelled" ? outcomeOf(run) : "";
}

function Duration({ run }: { run: LoggedRun }) {
  if (run.duration_ms === null) return <div role="cell">{run.state === "running" ? "running" : ""}</div>;
  const words = run.state === "succeeded" ? comparedToUsual(run.duration_ms, run.usual_ms) : duration(run.duration_ms);
  const share = shareOfUsual(run.duration_ms, run.usual_ms);
  return (
    <Took
      role="cell"
      data-unusual={words.includes("×")}
      title={run.usual_ms === null ? undefined : `usually ${duration(run.usual_ms)}`}
    >
      {words}
      {share !== null && (
        <svg viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
          <rect className={run.state} width={Math.max(1, share * 100)} height="2" />
          <rect className="usual" x="49" width="2" height="2" />
        </svg>
      )}
    </Took>
  );
}

/** A quiet row between the runs: how many were not run, why, and when they would have been. */
export const SkipRow = memo(function SkipRow({ entry: skip, index, top, height, alone }: RowProps<LoggedSkip>) {
  const { serverZone } = useLive();
  const { zone: choice } = usePrefs();
  const named = choice === "task";
  return (
    <Quiet
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      style={{ transform: `translateY(${top}px)`, blockSize: height }}
    >
      <div role="cell">
        <SkipForward size={14} />
        {!alone && <Link to={`/tasks/${skip.task_id}`}>{skip.task_name}</Link>}
        <span>{skippedWords(skip.count, skip.reason)}</span>
        <span>
          <Moment at={skip.first_due_at} taskZone={serverZone} named={named} relativeToo={false} />
          {skip.count > 1 && (
            <>
              {" – "}
              <Moment at={skip.last_due_at} taskZone={serverZone} named={named} relativeToo={false} />
            </>
          )}
        </span>
      </div>
    </Quiet>
  );
});
