import styled from "styled-components";
import type { Policy, TaskDetail } from "../api/horarium.schemas.ts";
import { plural } from "../lib/plural.ts";
import { duration, interval } from "../lib/time.ts";
import { Muted } from "../ui/misc.tsx";
import { color, size } from "../ui/tokens.ts";
import { Moment } from "./Moment.tsx";

const Table = styled.dl`
  display: grid; grid-template-columns: minmax(84px, auto) minmax(0, 1fr); gap: 6px 16px; font-size: ${size.small};
  & > dt { color: ${color.textFaint}; }
  & > dd { overflow-wrap: anywhere; }
`;

/** What is known of a task besides what it does. Every occurrence is in one of the counts. */
export function Facts({ task, taskZone }: { task: TaskDetail; taskZone: string }) {
  const { books, policy } = task;
  return (
    <Table>
      {books && (
        <>
          <dt>Due so far</dt>
          <dd>{dueOf(books)}</dd>
        </>
      )}
      {task.usual_ms !== null && (
        <>
          <dt>Usually takes</dt>
          <dd>{duration(task.usual_ms)}</dd>
        </>
      )}
      {policy && (
        <>
          <dt>If it fails</dt>
          <dd>{troubleOf(policy)}</dd>
        </>
      )}
      <dt>Pool</dt>
      <dd>
        {task.pool}
        {task.priority !== 0 && <Muted> · priority {task.priority}</Muted>}
      </dd>
      <dt>Changed</dt>
      <dd>
        <Moment at={task.updated_at} taskZone={taskZone} named /> <Muted>· revision{`\u00a0${task.revision}`}</Muted>
      </dd>
      <dt>Made by</dt>
      <dd>{task.created_by}</dd>
    </Table>
  );
}

/** `412 = 398 runs + 14 skipped`: the sum is shown, so that it can be checked. */
function dueOf({ decided, runs, skipped, forgotten }: NonNullable<TaskDetail["books"]>): string {
  if (decided === 0) return "nothing yet";
  const parts = [plural(runs, "run"), `${skipped.toLocaleString("en")} skipped`];
  if (forgotten > 0) parts.push(`${forgotten.toLocaleString("en")} no longer kept`);
  return `${decided.toLocaleString("en")} = ${parts.join(" + ")}`;
}

const OVERLAPS = {
  skip: "skipped while one runs",
  queue: "one more waits while one runs",
  allow: "may run side by side",
  replace: "replaces the one that runs",
} as const;

/** `no retries, no time limit, skipped while one runs`. */
export function troubleOf(policy: Policy): string {
  const attempts = policy.retry?.max_attempts ?? 1;
  const limit = policy.timeout_seconds;
  return [
    attempts > 1 ? `up to ${attempts} attempts` : "no retries",
    limit ? `stopped after ${interval(limit)}` : "no time limit",
    OVERLAPS[policy.overlap ?? "skip"],
  ].join(", ");
}
