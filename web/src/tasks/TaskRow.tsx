import { memo, type MouseEvent } from "react";
import { Link, useNavigate } from "react-router";
import styled from "styled-components";
import type { TaskView } from "../api/horarium.schemas.ts";
import { Strip } from "../charts/Strip.tsx";
import { useNow } from "../lib/now.ts";
import { zoneOf } from "../lib/time.ts";
import { Checkbox, Muted, Tag, TickBox } from "../ui/misc.tsx";
import { color, size } from "../ui/tokens.ts";
import { columns } from "./columns.ts";
import { usePrefs } from "./context/prefs.tsx";
import { Moment } from "./Moment.tsx";
import { RunIcon, StateIcon } from "./StateIcon.tsx";
import { TaskMenu } from "./TaskMenu.tsx";
import type { TaskCommands } from "./useTaskCommands.tsx";
import { barsOf, lastRunOf, pauseOf, scheduleOf, stateOf, stripLabel, taskZone } from "./wording.ts";

const Line = styled.div`
  ${columns}
  position: absolute; inset-inline: 0; inset-block-start: 0; border-block-end: 1px solid ${color.line};
  font-size: ${size.small};
  &:hover { background: ${color.sunken}; }
  &[data-cursor="true"] { background: ${color.hover}; box-shadow: inset 2px 0 0 ${color.accent}; }
  &[data-ticked="true"] { background: ${color.accentSoft}; }
  & > * { min-inline-size: 0; }
  & .above { position: relative; z-index: 1; }
  /* Boxes come out where a hand or the cursor is, and in every row once one is ticked. */
  & input { opacity: 0; }
  &:hover input, &:focus-within input, &[data-cursor="true"] input, [data-picking="true"] & input { opacity: 1; }
  @media (hover: none) { & input { opacity: 1; } }
`;

const Name = styled.div`display: flex; align-items: center; gap: 6px; overflow: hidden;`;

const Title = styled(Link)`
  font-size: ${size.body}; font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: none; max-inline-size: 100%;
  &::after { content: ""; position: absolute; inset: 0; }
  &:focus-visible { outline: none; }
  &:focus-visible::after { outline: 2px solid ${color.focus}; outline-offset: -2px; border-radius: 4px; }
`;

/** They give way to the name, from the last one on. */
const Tags = styled.span`
  display: flex; flex-wrap: wrap; gap: 4px; block-size: 20px; overflow: hidden; flex: 1 1 0; min-inline-size: 0;
  & > span { max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis; }
`;
const Cut = styled.div`overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: ${color.textSoft};`;
const Last = styled.div`
  display: flex; align-items: center; gap: 6px; white-space: nowrap; overflow: hidden; color: ${color.textSoft};
  &[data-kind="failed"] { color: ${color.failedText}; }
  &[data-kind="running"] { color: ${color.runningText}; }
  &[data-unusual="true"] { color: ${color.lateText}; }
`;

export type RowProps = {
  task: TaskView;
  /** Counted from the first task of the whole list. */
  index: number;
  top: number;
  height: number;
  cursor: boolean;
  ticked: boolean;
  slots: number;
  serverZone: string;
  commands: TaskCommands;
  onTick: (id: string, range: boolean) => void;
  onCursor: (index: number) => void;
};

const TAGS_SHOWN = 3;

export const TaskRow = memo(function TaskRow(props: RowProps) {
  const { task, index, top, height, cursor, ticked, slots, serverZone, commands, onTick, onCursor } = props;
  const { zone: choice, hours } = usePrefs();
  const navigate = useNavigate();
  const now = useNow();
  const own = taskZone(task, serverZone);
  const zone = zoneOf(choice, own);
  const schedule = scheduleOf(task, zone, hours);
  const last = lastRunOf(task);
  return (
    <Line
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      data-cursor={cursor}
      data-ticked={ticked}
      style={{ transform: `translateY(${top}px)`, blockSize: height }}
      onMouseDown={() => onCursor(index)}
      onFocus={() => onCursor(index)}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest("a,button,label,svg,[role=menu]")) return;
        if (getSelection()?.isCollapsed !== false) void navigate(`/tasks/${task.id}`);
      }}
    >
      <div role="cell">
        <TickBox>
          <Checkbox
            aria-label={`Select ${task.name}`}
            checked={ticked}
            onChange={() => undefined}
            onClick={(event: MouseEvent) => onTick(task.id, event.shiftKey)}
          />
        </TickBox>
      </div>
      <div role="cell" style={{ display: "grid" }}>
        <StateIcon state={stateOf(task, now)} />
      </div>
      <Name role="cell">
        <Title to={`/tasks/${task.id}`} title={task.description || undefined} tabIndex={cursor ? 0 : -1}>
          {task.name}
        </Title>
        {task.tags.length > 0 && (
          <Tags>
            {task.tags.slice(0, TAGS_SHOWN).map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
            {task.tags.length > TAGS_SHOWN && <Muted>+{task.tags.length - TAGS_SHOWN}</Muted>}
          </Tags>
        )}
      </Name>
      <Cut
        role="cell"
        className="above"
        title={schedule.text === schedule.whole ? schedule.whole : `${schedule.text}\n${schedule.whole}`}
      >
        {schedule.text}
        {own !== zone && schedule.aside && <Muted>, {schedule.aside}</Muted>}
      </Cut>
      <Cut role="cell" className="above">
        {task.pause ? (
          <Muted title={pauseOf(task, zone, now)}>{pauseOf(task, zone, now)}</Muted>
        ) : task.next_due_at ? (
          <Moment at={task.next_due_at} taskZone={own} named={choice === "task"} skipped={task.is_next_skipped} />
        ) : (
          <Muted>{task.broken ? "not decided" : "never again"}</Muted>
        )}
      </Cut>
      <div role="cell" className="above" style={{ display: "grid" }}>
        <Strip
          bars={barsOf(task, zone, now)}
          slots={slots}
          label={stripLabel(task, slots, now)}
          onOpen={(id) => void navigate(`/runs/${id}`)}
        />
      </div>
      <Last role="cell" data-kind={last?.kind} data-unusual={last?.unusual && last.kind !== "failed"}>
        {last ? (
          <>
            <RunIcon state={last.kind} />
            <Cut as="span" style={{ color: "inherit" }}>
              {last.text}
            </Cut>
          </>
        ) : (
          <Muted>no runs yet</Muted>
        )}
      </Last>
      <div role="cell" className="above" style={{ display: "grid" }}>
        <TaskMenu task={task} commands={commands} />
      </div>
    </Line>
  );
});
