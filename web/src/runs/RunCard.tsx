import { memo } from "react";
import styled from "styled-components";
import type { LoggedRun } from "../api/horarium.schemas.ts";
import { CAUSE_WORDS } from "../lib/causes.ts";
import { comparedToUsual } from "../lib/time.ts";
import { Moment, RunIcon, useLive } from "../tasks/TaskContext.tsx";
import { color, size } from "../ui/tokens.ts";
import { type RowProps, saidOf, Title, useAgainFor } from "./RunRow.tsx";
import { latenessOf, listedAt } from "./verdict.ts";

const Card = styled.div`
  position: absolute; inset-inline: 0; inset-block-start: 0; display: grid; align-items: center; gap: 0 12px;
  grid-template-columns: 20px minmax(0, 1fr); padding-inline: 16px; border-block-end: 1px solid ${color.line};
  & > div { min-inline-size: 0; }
`;

const Small = styled.div`
  font-size: ${size.small}; color: ${color.textSoft}; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
  &[data-state="failed"] { color: ${color.failedText}; }
`;

/** A run on a phone: what, when, how it went. */
export const RunCard = memo(function RunCard({ entry: run, index, top, height, alone }: RowProps<LoggedRun>) {
  const { serverZone } = useLive();
  const when = <Moment at={listedAt(run)} taskZone={serverZone} named brief />;
  const took = run.duration_ms === null ? run.state : comparedToUsual(run.duration_ms, run.usual_ms);
  const again = useAgainFor(run, true);
  const said = saidOf(run) || (again ? `run ${again}` : run.cause === "schedule" ? "" : CAUSE_WORDS[run.cause]);
  return (
    <Card
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      style={{ transform: `translateY(${top}px)`, blockSize: height }}
    >
      <div role="cell" style={{ display: "grid" }}>
        <RunIcon state={run.state} size={20} />
      </div>
      <div role="cell">
        <Small as="div" style={{ fontSize: "inherit" }}>
          <Title to={`/runs/${run.id}`}>{alone ? when : run.task_name}</Title>
        </Small>
        {!alone && <Small>{when}</Small>}
        <Small data-state={run.state}>{[took, latenessOf(run), said].filter(Boolean).join(" · ")}</Small>
      </div>
    </Card>
  );
});
