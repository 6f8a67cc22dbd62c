import { Link } from "react-router";
import styled from "styled-components";
import type { AttemptView, RunView } from "../api/horarium.schemas.ts";
import { CAUSE_WORDS } from "../lib/causes.ts";
import { duration } from "../lib/time.ts";
import { Moment, RunIcon } from "../tasks/TaskContext.tsx";
import { Circle, Clock } from "../ui/icons.ts";
import { Muted } from "../ui/misc.tsx";
import { color, media, radius, size } from "../ui/tokens.ts";
import { attemptWords, isAskedFor, latenessOf, listedAt } from "./verdict.ts";

const List = styled.ol`
  border: 1px solid ${color.line}; border-radius: ${radius}; font-size: ${size.small}; overflow: hidden;
  & > li { display: grid; grid-template-columns: 16px minmax(80px, auto) minmax(0, 1fr); gap: 2px 10px; padding: 7px 12px; align-items: center; }
  & > li + li { border-block-start: 1px solid ${color.line}; }
  & > li > svg { color: ${color.idle}; }
  & .what { color: ${color.textSoft}; overflow-wrap: anywhere; }
  & .what time { white-space: normal; }
  & .late { color: ${color.lateText}; }
  & .more { grid-column: 3; color: ${color.textSoft}; overflow-wrap: anywhere; }
  ${media.phone} { & > li { grid-template-columns: 16px minmax(0, 1fr); } & .what, & .more { grid-column: 2; } }
  & a { text-decoration: underline; text-underline-offset: 3px; }
  & button { text-align: start; color: ${color.accentText}; min-block-size: 24px; }
  & button[aria-pressed="true"] { color: ${color.text}; font-weight: 500; }
`;

type Props = {
  run: RunView;
  attempts: readonly AttemptView[];
  zone: string;
  shown: number;
  onShow: (attempt: number) => void;
};

/** When it should have begun, when it did, how each attempt went, when it ended. */
export function Timeline({ run, attempts, zone, shown, onShow }: Props) {
  const late = latenessOf(run);
  // A run that was tried again began with its first attempt.
  const startedAt = attempts[0]?.started_at ?? run.started_at;
  const waited = startedAt === null ? null : Date.parse(startedAt) - Date.parse(listedAt(run));
  const began = late ?? (waited !== null && waited > 1_000 ? `${duration(waited)} after` : null);
  return (
    <List aria-label="Timeline">
      <li>
        <Clock size={14} />
        <span>{isAskedFor(run) ? "Asked for" : "Scheduled"}</span>
        <span className="what">
          <Moment at={listedAt(run)} taskZone={zone} named /> <Muted>· {CAUSE_WORDS[run.cause]}</Muted>
          {run.retry_of !== null && (
            <Muted>
              {" of "}
              <Link to={`/runs/${run.retry_of}`}>
                <Moment at={run.due_at} taskZone={zone} named relativeToo={false} />
              </Link>
            </Muted>
          )}
          {run.created_by !== null && <Muted>, by {run.created_by}</Muted>}
        </span>
      </li>
      {startedAt !== null && (
        <li>
          <Circle size={14} />
          <span>Started</span>
          <span className="what">
            <Moment at={startedAt} taskZone={zone} named relativeToo={false} />
            {began && <span className={late ? "late" : undefined}> · {began}</span>}
            {run.worker !== null && <Muted> · on {run.worker}</Muted>}
          </span>
        </li>
      )}
      {attempts.length > 1 &&
        attempts.map((attempt) => (
          <li key={attempt.attempt}>
            <RunIcon state={iconOf(attempt)} />
            <button
              type="button"
              aria-pressed={attempt.attempt === shown}
              title="Show what it wrote"
              onClick={() => onShow(attempt.attempt)}
            >
              Attempt {attempt.attempt}
            </button>
            <span className="what">
              {attempt.started_at !== null && (
                <>
                  <Moment at={attempt.started_at} taskZone={zone} named relativeToo={false} /> ·{" "}
                </>
              )}
              {attemptWords(attempt)}
            </span>
            {attempt.detail !== null && attempt.detail !== run.detail && <span className="more">{attempt.detail}</span>}
          </li>
        ))}
      {run.ended_at !== null && (
        <li>
          <RunIcon state={run.state} />
          <span>Ended</span>
          <span className="what">
            <Moment at={run.ended_at} taskZone={zone} named />
          </span>
        </li>
      )}
    </List>
  );
}

function iconOf(attempt: AttemptView): RunView["state"] {
  if (attempt.ended_at === null) return "running";
  if (attempt.outcome === "succeeded" || attempt.outcome === "cancelled") return attempt.outcome;
  return "failed";
}
