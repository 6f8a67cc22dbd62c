import { memo } from "react";
import { Link } from "react-router";
import styled from "styled-components";
import { instantOf } from "../lib/ids.ts";
import { useNow } from "../lib/now.ts";
import { relative } from "../lib/time.ts";
import { IconButton } from "../ui/Button.tsx";
import { Play } from "../ui/icons.ts";
import { Muted } from "../ui/misc.tsx";
import { color, size } from "../ui/tokens.ts";
import { useMay } from "./context/actions.tsx";
import { Moment } from "./Moment.tsx";
import { RunIcon, StateIcon } from "./StateIcon.tsx";
import { TaskMenu } from "./TaskMenu.tsx";
import type { RowProps } from "./TaskRow.tsx";
import { lastRunOf, STATE_WORDS, stateOf, taskZone } from "./wording.ts";

const Card = styled.div`
  position: absolute; inset-inline: 0; inset-block-start: 0; display: grid; align-items: center; align-content: start; gap: 0 12px;
  grid-template-columns: 20px minmax(0, 1fr) auto; padding: 2px 8px 0 16px; border-block-end: 1px solid ${color.line};
  & > * { min-inline-size: 0; }
  /* Below the buttons, not beside them: a time and how far away it is need the width of the smallest phone. */
  & > .more { grid-column: 2 / -1; padding-inline-end: 8px; margin-block-start: -8px; }
`;
const Title = styled(Link)`
  display: block; font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-block: 2px;
  &::after { content: ""; position: absolute; inset: 0; }
`;
const Small = styled.div`
  display: flex; align-items: center; gap: 6px; font-size: ${size.small}; color: ${color.textSoft}; white-space: nowrap; overflow: hidden;
  & > time, & > span { overflow: hidden; text-overflow: ellipsis; }
  & > time { display: flex; & > span { flex: none; } & > span:last-child { margin-inline-start: 4px; } & > span:first-child { flex: 0 1 auto; overflow: hidden; text-overflow: ellipsis; } }
  &[data-kind="failed"] { color: ${color.failedText}; }
`;
const Buttons = styled.div`position: relative; z-index: 1; display: flex;`;

/** A row on a phone: is it broken, when next, run it, pause it. */
export const TaskCard = memo(function TaskCard({ task, index, top, height, serverZone, commands }: RowProps) {
  const now = useNow();
  const mayRun = useMay("operator");
  const state = stateOf(task, now);
  const last = lastRunOf(task);
  const [newest] = task.last_runs;
  return (
    <Card role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${top}px)`, blockSize: height }}>
      <div role="cell" style={{ display: "grid" }}>
        <StateIcon state={state} size={20} />
      </div>
      <div role="cell">
        <Title to={`/tasks/${task.id}`}>{task.name}</Title>
      </div>
      <Buttons role="cell">
        {mayRun && !task.broken && (
          <IconButton label={`Run ${task.name} now`} onClick={() => commands.askRun(task)}>
            <Play size={18} />
          </IconButton>
        )}
        <TaskMenu task={task} commands={commands} />
      </Buttons>
      <div role="cell" className="more">
        <Small>
          {task.next_due_at && !task.pause ? (
            <Moment
              at={task.next_due_at}
              taskZone={taskZone(task, serverZone)}
              named
              brief
              skipped={task.is_next_skipped}
            />
          ) : (
            <Muted>{STATE_WORDS[state]}</Muted>
          )}
        </Small>
        <Small data-kind={last?.kind}>
          {last ? (
            <>
              <RunIcon state={last.kind} />
              {last.kind === "failed" ? "failed, " : ""}
              {last.text}
              {newest && <Muted>· {relative(new Date(instantOf(newest.id)), now)}</Muted>}
            </>
          ) : (
            <Muted>no runs yet</Muted>
          )}
        </Small>
      </div>
    </Card>
  );
});
