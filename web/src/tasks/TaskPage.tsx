import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import styled from "styled-components";
import type { RunView, TaskDetail } from "../api/horarium.schemas.ts";
import { Strip } from "../charts/Strip.tsx";
import { CAUSE_WORDS } from "../lib/causes.ts";
import { refusalOf } from "../lib/http.ts";
import { useNow } from "../lib/now.ts";
import { comparedToUsual, duration, zoneName, zoneOf } from "../lib/time.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { Mono, Muted } from "../ui/misc.tsx";
import { Bar, Boundary, Failure, Notice, useSlow } from "../ui/Panel.tsx";
import { color, font, media, radius, size } from "../ui/tokens.ts";
import { useLive } from "./context/live.tsx";
import { usePrefs } from "./context/prefs.tsx";
import { useRuns, useTask, useUpcoming } from "./context/queries.ts";
import { Facts } from "./Facts.tsx";
import { Moment } from "./Moment.tsx";
import { RunIcon } from "./StateIcon.tsx";
import { actionOf, barsOf, pauseOf, placeOf, scheduleOf, stripLabel, taskZone, whyFailed } from "./wording.ts";

const Page = styled.article`
  max-inline-size: 1168px; padding: 20px 24px 48px; display: grid; gap: 24px;
  grid-template-columns: minmax(0, 1fr);
  ${media.phone} { padding: 16px 16px 32px; gap: 20px; }
`;

const Columns = styled.div`
  display: grid; gap: 24px 32px; grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr); align-items: start;
  @media (max-width: 900px) { grid-template-columns: minmax(0, 1fr); }
`;

const Section = styled.section`
  display: grid; gap: 8px;
  & > h2 { font-size: ${size.small}; color: ${color.textSoft}; font-weight: 500; display: flex; align-items: center; gap: 8px; min-block-size: 20px; }
  & > h2 > .end { margin-inline-start: auto; }
`;

const Code = styled.pre`
  margin: 0; padding: 10px 12px; border-radius: ${radius}; border: 1px solid ${color.line}; background: ${color.sunken};
  font: ${size.small}/20px ${font.mono}; white-space: pre-wrap; overflow-wrap: anywhere;
`;

const List = styled.ol`
  border: 1px solid ${color.line}; border-radius: ${radius}; overflow: hidden;
  & > li + li { border-block-start: 1px solid ${color.line}; }
`;

const Row = styled.li`
  position: relative; display: flex; align-items: center; gap: 10px; min-block-size: 40px; padding: 4px 12px; font-size: ${size.small};
  ${media.phone} { flex-wrap: wrap; min-block-size: 44px; padding-block: 8px; }
  & .end { margin-inline-start: auto; color: ${color.textSoft}; white-space: nowrap; }
  & a::after { content: ""; position: absolute; inset: 0; }
  &:has(a):hover { background: ${color.sunken}; }
`;

const Detail = styled.span`
  color: ${color.textSoft}; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-inline-size: 0; flex: 1 1 0;
  ${media.phone} { order: 1; flex: 1 0 100%; padding-inline-start: 24px; margin-block-start: -6px; }
`;

const Warning = styled.div`
  display: grid; gap: 4px; padding: 10px 12px; border-radius: ${radius}; background: ${color.failedSoft}; color: ${color.failedText}; font-size: ${size.small};
  &[data-tone="quiet"] { background: ${color.sunken}; color: ${color.textSoft}; }
`;

const RUNS_SHOWN = 10;

/** One task: what it does and when, what comes next, what happened. */
export function TaskPage() {
  const { id = "" } = useParams();
  const [search] = useSearchParams();
  const task = useTask(id);
  const slow = useSlow(task.isPending);
  const refusal = refusalOf(task.error);
  if (task.data) {
    return (
      <Boundary what="The task" resetOn={id + search}>
        <Overview task={task.data} />
      </Boundary>
    );
  }
  if (refusal?.status === 404 || refusal?.status === 422) {
    return (
      <Notice title="There is no such task" actions={<ButtonLink to="/tasks">All tasks</ButtonLink>}>
        <p>
          No task has the id <Mono>{id}</Mono>.
        </p>
      </Notice>
    );
  }
  if (task.error) return <Failure what="The task" error={task.error} onRetry={() => void task.refetch()} />;
  return slow ? (
    <Page aria-hidden="true">
      <Bar style={{ inlineSize: 240, blockSize: 20 }} />
      <Bar style={{ inlineSize: "60%" }} />
      <Bar style={{ inlineSize: "40%" }} />
    </Page>
  ) : null;
}

function Overview({ task }: { task: TaskDetail }) {
  const { zone: choice, hours } = usePrefs();
  const { serverZone } = useLive();
  const now = useNow();
  const own = taskZone(task, serverZone);
  const zone = zoneOf(choice, own);
  const schedule = scheduleOf(task, zone, hours);
  const upcoming = useUpcoming(task.id, task.next_due_at, task.broken ? undefined : task.revision);
  const navigate = useNavigate();
  const runs = useRuns({ task_id: task.id, limit: RUNS_SHOWN });
  return (
    <Page>
      <title>{`${task.name} · Horarium`}</title>
      {task.broken && (
        <Warning role="alert">
          <strong>Its definition cannot be read: {task.broken.reason}</strong>
          <span>Nothing of it is decided until {task.broken.field} is mended.</span>
        </Warning>
      )}
      {task.pause && <Warning data-tone="quiet">{pauseOf(task, zone, now)}</Warning>}
      <Columns>
        <div style={{ display: "grid", gap: 24, minInlineSize: 0 }}>
          <Section>
            <h2>What</h2>
            <Code>{task.broken ? (task.broken.definition ?? "") : actionOf(task)}</Code>
          </Section>
          <Section>
            <h2>
              Last runs {choice !== "task" && <Muted>{zoneName(now, zone)}</Muted>}
              {task.last_runs.length > 0 && (
                <span className="end">
                  <Strip
                    bars={barsOf(task, zone, now)}
                    slots={20}
                    label={stripLabel(task, 20, now)}
                    onOpen={(run) => void navigate(`/runs/${run}`)}
                  />
                </span>
              )}
            </h2>
            {runs.error && !runs.data ? (
              <Failure what="The runs" error={runs.error} onRetry={() => void runs.refetch()} />
            ) : runs.data && runs.data.items.length === 0 ? (
              <Muted>It has not run yet.</Muted>
            ) : (
              <List aria-label="Last runs">
                {runs.data?.items.map((run) => (
                  <RunRow key={run.id} run={run} zone={own} named={choice === "task"} />
                ))}
              </List>
            )}
          </Section>
        </div>
        <div style={{ display: "grid", gap: 24, minInlineSize: 0 }}>
          <Section aria-label="When">
            <h2>When</h2>
            <div title={schedule.whole}>
              {schedule.text}
              {schedule.aside && <Muted>, {schedule.aside}</Muted>}
            </div>
            {upcoming.data && upcoming.data.due.length > 0 && (
              <List aria-label={`Next runs (${placeOf(zone)})`}>
                {upcoming.data.due.map((due) => (
                  <Row key={due}>
                    <Moment at={due} taskZone={own} named />
                  </Row>
                ))}
              </List>
            )}
            {upcoming.data?.due.length === 0 && (
              <Muted>{task.pause ? "Nothing of it is due while it is paused." : "It does not come due again."}</Muted>
            )}
          </Section>
          <Section>
            <h2>Details</h2>
            <Facts task={task} taskZone={own} />
          </Section>
        </div>
      </Columns>
    </Page>
  );
}

function RunRow({ run, zone, named }: { run: RunView; zone: string; named: boolean }) {
  const failed = run.state === "failed";
  const why = whyFailed(run);
  const more = failed ? why : run.cause === "schedule" ? "" : CAUSE_WORDS[run.cause];
  return (
    <Row>
      <RunIcon state={run.state} />
      <Link to={`/runs/${run.id}`}>
        <Moment at={run.started_at ?? run.due_at} taskZone={zone} named={named} relativeToo={false} />
      </Link>
      {more && <Detail title={more}>{more}</Detail>}
      <span className="end">
        {run.attempt > 1 && <Muted>attempt {run.attempt} · </Muted>}
        {run.duration_ms === null
          ? run.state
          : failed
            ? duration(run.duration_ms)
            : comparedToUsual(run.duration_ms, run.usual_ms)}
      </span>
    </Row>
  );
}
