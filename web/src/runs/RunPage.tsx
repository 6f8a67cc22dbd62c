import { lazy, Suspense, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import styled from "styled-components";
import type { RunView } from "../api/horarium.schemas.ts";
import { refusalOf } from "../lib/http.ts";
import { useKeys } from "../lib/keys.ts";
import { useNow } from "../lib/now.ts";
import { zoneOf } from "../lib/time.ts";
import { RunIcon, useLive, useMay, usePrefs, useTask } from "../tasks/TaskContext.tsx";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Confirm } from "../ui/Confirm.tsx";
import { Ban, ChevronLeft, ChevronRight, RefreshCw } from "../ui/icons.ts";
import { Mono, Muted } from "../ui/misc.tsx";
import { Bar, Boundary, Failure, Notice, useSlow } from "../ui/Panel.tsx";
import { color, font, media, radius, size } from "../ui/tokens.ts";
import { chosenOf } from "./definition.ts";
import { Timeline } from "./Timeline.tsx";
import { useAttempts, useDefinition, useFailure, useNeighbours, useRun, useRunCommands } from "./useRun.ts";
import { verdictOf } from "./verdict.ts";

const LogView = lazy(() => import("./log/LogView.tsx").then((module) => ({ default: module.LogView })));

const Page = styled.article`
  max-inline-size: 1168px; padding: 16px 24px 48px; display: grid; gap: 20px; grid-template-columns: minmax(0, 1fr);
  /* Who looks on a phone wants to know why it failed: the log comes first there. */
  ${media.phone} { padding: 16px 16px 32px; & > .times { order: 1; } & > .was { order: 2; } }
`;

const Header = styled.header`
  display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 16px; align-items: start;
  & > * { grid-column: 1 / -1; }
  & > .line { grid-column: 1; display: flex; align-items: center; gap: 10px; min-block-size: 32px; }
  & h1 { font-size: ${size.title}; line-height: 28px; overflow-wrap: anywhere; }
  & h1 a:hover { text-decoration: underline; text-underline-offset: 3px; }
  & > .buttons { grid-column: 2; grid-row: 1; display: flex; gap: 8px; align-items: center; }
  & > p { font-size: ${size.large}; line-height: 24px; overflow-wrap: anywhere; }
  & > p[data-state="failed"] { color: ${color.failedText}; }
  & > p[data-state="running"] { color: ${color.runningText}; }
  & > .detail { font-size: ${size.small}; color: ${color.textSoft}; font-family: ${font.mono}; line-height: 20px; }
  ${media.phone} { & > .line { grid-column: 1 / -1; } & > .buttons { grid-column: 1 / -1; grid-row: auto; order: 1; margin-block-start: 8px; } }
`;

const Section = styled.section`
  display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr);
  & > h2 { font-size: ${size.small}; color: ${color.textSoft}; font-weight: 500; }
`;

const Code = styled.pre`
  margin: 0; padding: 10px 12px; border-radius: ${radius}; border: 1px solid ${color.line}; background: ${color.sunken};
  font: ${size.tiny}/18px ${font.mono}; white-space: pre-wrap; overflow-wrap: anywhere; max-block-size: 420px; overflow: auto;
`;

/** One run: how it went in words, when, what it wrote, and what it was. */
export function RunPage() {
  const { id = "" } = useParams();
  const run = useRun(id);
  const slow = useSlow(run.isPending);
  const refusal = refusalOf(run.error);
  if (run.data) {
    return (
      <Boundary what="The run" resetOn={id}>
        <Shown key={id} run={run.data} />
      </Boundary>
    );
  }
  if (refusal?.status === 404 || refusal?.status === 422) {
    return (
      <Notice title="There is no such run" actions={<ButtonLink to="/runs">All runs</ButtonLink>}>
        <p>
          No run has the id <Mono>{id}</Mono>. Runs are kept for a while only.
        </p>
      </Notice>
    );
  }
  if (run.error) return <Failure what="The run" error={run.error} onRetry={() => void run.refetch()} />;
  return slow ? (
    <Page aria-hidden="true">
      <Bar style={{ inlineSize: 240, blockSize: 20 }} />
      <Bar style={{ inlineSize: "60%" }} />
      <Bar style={{ blockSize: 200 }} />
    </Page>
  ) : null;
}

function Shown({ run }: { run: RunView }) {
  const { serverZone } = useLive();
  const { keys, zone: choice } = usePrefs();
  const now = useNow(run.state === "running" || run.state === "waiting" ? 1_000 : 60_000);
  const navigate = useNavigate();
  const mayRun = useMay("operator");
  const task = useTask(run.task_id);
  const attempts = useAttempts(run);
  const beside = useNeighbours(run);
  const [search, setSearch] = useSearchParams();
  const [asking, setAsking] = useState(false);
  const { again, cancel } = useRunCommands(run);
  const zone = zoneOfTask(task.data?.schedule) ?? serverZone;
  const failure = useFailure(run, zoneOf(choice, zone), now, task.data?.books);
  const open = run.state === "running" || run.state === "waiting";
  const asked = Number(search.get("attempt"));
  const shown = Number.isInteger(asked) && asked > 0 && asked <= run.attempt ? asked : run.attempt;
  const { previous = null, next = null } = beside.data ?? {};
  useKeys(
    {
      "[": () => previous !== null && void navigate(`/runs/${previous}`),
      "]": () => next !== null && void navigate(`/runs/${next}`),
    },
    keys,
  );
  // An attempt before the last one has ended: its output is not followed.
  const logState = shown < run.attempt ? "failed" : run.state;
  return (
    <Page>
      <title>{`${run.task_name}: ${run.state} · Horarium`}</title>
      <Header>
        <div className="line">
          <RunIcon state={run.state} size={18} />
          <h1>
            <Link to={`/tasks/${run.task_id}`}>{run.task_name}</Link>
          </h1>
        </div>
        <div className="buttons">
          {mayRun && open && (
            <Button
              look="danger"
              disabled={cancel.isPending || run.cancel_reason !== null}
              onClick={() => setAsking(true)}
            >
              <Ban size={14} /> Cancel
            </Button>
          )}
          {mayRun && !open && run.cause !== "test" && (
            <Button look="primary" disabled={again.isPending} onClick={() => again.mutate(undefined)}>
              <RefreshCw size={14} /> Run again
            </Button>
          )}
          <Beside to={previous} label="Previous run" keys="[">
            <ChevronLeft size={16} />
          </Beside>
          <Beside to={next} label="Next run" keys="]">
            <ChevronRight size={16} />
          </Beside>
        </div>
        <p data-state={run.state}>{verdictOf(run, now, { attempts: attempts.data?.items, failure })}</p>
        {run.detail !== null && run.state === "failed" && <p className="detail">{run.detail}</p>}
      </Header>
      <div className="times">
        <Timeline
          run={run}
          attempts={attempts.data?.items ?? []}
          zone={zone}
          shown={shown}
          onShow={(attempt) => setSearch({ attempt: String(attempt) }, { replace: true })}
        />
      </div>
      <Section>
        <h2>{run.attempt > 1 ? `What attempt ${shown} wrote` : "What it wrote"}</h2>
        <Suspense fallback={<Bar style={{ blockSize: 120 }} />}>
          {run.attempt > 0 ? (
            <LogView key={`${run.id}:${shown}`} runId={run.id} attempt={shown} state={logState} taskZone={zone} />
          ) : (
            <Muted>It has not begun.</Muted>
          )}
        </Suspense>
      </Section>
      <Definition run={run} />
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        tone="danger"
        title={`Cancel this run of ${run.task_name}?`}
        action="Cancel the run"
        keep={run.state === "waiting" ? "Keep it waiting" : "Keep it running"}
        onConfirm={() => cancel.mutate()}
      >
        <span>{run.state === "waiting" ? "It will not begin." : "It is asked to stop, and ended if it does not."}</span>
      </Confirm>
    </Page>
  );
}

type BesideProps = { to: string | null; label: string; keys: string; children: React.ReactNode };

function Beside({ to, label, keys, children }: BesideProps) {
  const title = `${label} (${keys})`;
  if (to === null) {
    return (
      <Button look="ghost" disabled aria-label={label} title={title}>
        {children}
      </Button>
    );
  }
  return (
    <ButtonLink look="ghost" to={`/runs/${to}`} aria-label={label} title={title}>
      {children}
    </ButtonLink>
  );
}

function zoneOfTask(schedule: { kind: string } | null | undefined): string | undefined {
  return schedule && "timezone" in schedule && typeof schedule.timezone === "string" ? schedule.timezone : undefined;
}

/** What the task was when this run was made. */
function Definition({ run }: { run: RunView }) {
  const revision = useDefinition(run);
  const definition = revision.data?.definition ?? null;
  return (
    <Section className="was">
      <h2>What it was: revision {run.task_revision}</h2>
      {definition !== null && <Code tabIndex={0}>{JSON.stringify(chosenOf(definition), null, 2)}</Code>}
      {revision.error && <Muted>{refusalOf(revision.error)?.message ?? "It could not be read."}</Muted>}
    </Section>
  );
}
