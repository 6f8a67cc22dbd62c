import { memo, useState } from "react";
import { Link } from "react-router";
import styled from "styled-components";
import { useNowFor } from "../lib/now.ts";
import { clock, inFull, relative, withZone, zoneName } from "../lib/time.ts";
import { useLive, useMay, usePrefs } from "../tasks/TaskContext.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import {
  CalendarClock,
  ChevronDown,
  ChevronRight,
  Clock,
  MoreHorizontal,
  Play,
  SkipForward,
  Undo2,
} from "../ui/icons.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { color, media, size } from "../ui/tokens.ts";
import { type Line, moreWords } from "./agenda.ts";
import { useEach } from "./queries.ts";

const Item = styled.li`
  display: grid; grid-template-columns: var(--time) minmax(0, 1fr) auto; align-items: center; gap: 0 12px; min-block-size: 40px; padding-inline: 12px 4px;
  border-block-start: 1px solid ${color.line}; font-size: ${size.body};
  &:hover { background: ${color.hover}; }
  & > time { color: ${color.textFaint}; white-space: nowrap; font-size: ${size.small}; }
  /* Each hour begins with a time that stands out. */
  &:first-child > time { color: ${color.text}; font-weight: 500; }
  &[data-becomes="skipped"] .name { color: ${color.textSoft}; text-decoration: line-through; }
  & .what { display: flex; flex-wrap: wrap; align-items: center; gap: 0 10px; }
  & .name { display: inline-flex; align-items: center; min-block-size: 24px; min-inline-size: 24px; font-weight: 500; overflow-wrap: anywhere; }
  & .name:hover { text-decoration: underline; }
  & .aside { color: ${color.textFaint}; font-size: ${size.small}; }
  & .mark { display: inline-flex; align-items: center; gap: 4px; color: ${color.textSoft}; font-size: ${size.small}; order: 1; flex: 1 0 100%; padding-block-end: 4px; }
  & .said { display: inline-flex; align-items: center; gap: 4px; color: ${color.textSoft}; font-size: ${size.small}; }
  &[data-becomes="moved"] .said > svg { color: ${color.accentText}; }
  & .buttons { display: flex; align-items: center; min-inline-size: 84px; justify-content: flex-end; }
  ${media.phone} {
    min-block-size: 56px; padding-block: 4px; & .buttons { min-inline-size: 0; }
    /* The fold on the line below is higher than its line. */
    & .name { position: relative; z-index: 1; }
  }
`;

const Fold = styled.button`
  display: inline-flex; align-items: center; gap: 2px; min-block-size: 24px; padding-inline: 6px; margin-inline: -6px; border-radius: 4px;
  color: ${color.textSoft}; font-size: ${size.small};
  &:hover { background: ${color.menuHover}; color: ${color.text}; }
  ${media.phone} { min-block-size: 44px; text-align: start; }
`;

const Rest = styled.li`padding: 4px 12px 8px calc(var(--time) + 24px); color: ${color.textSoft}; font-size: ${size.small};`;

export type Commands = {
  skip: (line: Line) => void;
  move: (line: Line) => void;
  undo: (line: Line) => void;
  run: (line: Line) => void;
};

/** `named`: each time with its zone, where not all are of the same. */
type Props = { line: Line; zone: string; taskZone: string | undefined; named: boolean; commands: Commands };

const EACH_FIRST = 30;
const EACH_MAX = 1_000;

type RowProps = Props & { open: boolean; onFold: (key: string) => void };

export const Row = memo(function Row({ open, onFold, ...props }: RowProps) {
  return (
    <>
      <One {...props} open={open} onFold={() => onFold(props.line.key)} />
      {open && <Each {...props} />}
    </>
  );
});

function One({ line, zone, taskZone, named, commands, open, onFold }: Props & { open?: boolean; onFold?: () => void }) {
  const { hours } = usePrefs();
  const { serverZone } = useLive();
  const mayRun = useMay("operator");
  const at = new Date(line.at);
  const now = useNowFor(at);
  const shown = taskZone ?? zone;
  const inWords = (instant: Date) => `${clock(instant, shown, hours)}${named ? ` ${zoneName(instant, shown)}` : ""}`;
  const isMany = line.count > 1;
  const isPlain = line.becomes === "run";
  const told = `${line.taskName} at ${clock(at, shown, hours)}`;
  const entries = (): MenuEntry[] => [
    { kind: "item", label: "Run now", icon: <Play size={14} />, keys: "R", run: () => commands.run(line) },
    ...(isMany
      ? []
      : ([
          { kind: "line" },
          ...(line.becomes === "skipped"
            ? []
            : [
                {
                  kind: "item",
                  label: "Skip this one",
                  icon: <SkipForward size={14} />,
                  keys: "S",
                  run: () => commands.skip(line),
                },
              ]),
          {
            kind: "item",
            label: "Move this one…",
            icon: <CalendarClock size={14} />,
            keys: "M",
            run: () => commands.move(line),
          },
          ...(isPlain
            ? []
            : [{ kind: "item", label: "Undo", icon: <Undo2 size={14} />, keys: "U", run: () => commands.undo(line) }]),
        ] as MenuEntry[])),
    { kind: "line" },
    { kind: "link", label: "Open task", to: `/tasks/${line.taskId}` },
    { kind: "link", label: "Only this task", to: `/upcoming?task=${line.taskId}` },
  ];
  return (
    <Item data-line={line.key} data-becomes={line.becomes}>
      <time dateTime={line.at} title={inFull(at, taskZone ?? serverZone, now, hours)}>
        {inWords(at)}
      </time>
      <div className="what">
        <Link className="name" to={`/tasks/${line.taskId}`}>
          {line.taskName}
        </Link>
        {line.becomes === "skipped" && (
          <span className="said">
            <SkipForward size={14} /> Skipped
          </span>
        )}
        {line.becomes === "moved" && (
          <span className="said">
            <CalendarClock size={14} /> Moved from {withZone(new Date(line.dueAt), shown, now, hours)}
          </span>
        )}
        {line.notes.map((text) => (
          <span className="mark" key={text}>
            <Clock size={12} aria-hidden="true" /> {text}
          </span>
        ))}
        {isMany && onFold && (
          <Fold type="button" aria-expanded={open} onClick={onFold}>
            {open ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
            {moreWords(line)}
          </Fold>
        )}
        {isPlain && (
          <span className="aside">
            {relative(at, now)}
            {isMany && ` · until ${inWords(new Date(line.lastAt))}`}
          </span>
        )}
      </div>
      <div className="buttons">
        {mayRun && !isMany && isPlain && (
          <IconButton className="quick" label={`Skip ${told}`} onClick={() => commands.skip(line)}>
            <SkipForward size={14} />
          </IconButton>
        )}
        {mayRun && !isPlain && (
          <Button look="ghost" aria-label={`Undo: ${told} is ${line.becomes}`} onClick={() => commands.undo(line)}>
            <Undo2 size={14} /> Undo
          </Button>
        )}
        {mayRun && (
          <Menu
            label={`Actions for ${told}`}
            entries={entries}
            trigger={
              <IconButton label={`Actions for ${told}`}>
                <MoreHorizontal size={16} />
              </IconButton>
            }
          />
        )}
      </div>
    </Item>
  );
}

/** The single ones that a row stands for, so that one of them can be skipped or moved. */
function Each({ line, ...shared }: Props) {
  const [count, setCount] = useState(EACH_FIRST);
  const wanted = Math.min(count, line.count, EACH_MAX);
  const each = useEach(line.taskId, line.at, wanted);
  if (each.error) return <Rest role="alert">The single times could not be read: {each.error.message}</Rest>;
  const within = (each.data?.due ?? []).filter((at) => at <= line.lastAt);
  const rest = Math.min(line.count, EACH_MAX) - within.length;
  return (
    <>
      {within.map((at) => {
        const one: Line = {
          ...line,
          key: `${line.taskId}|${at}`,
          dueAt: at,
          at,
          lastAt: at,
          count: 1,
          everySeconds: null,
          notes: [],
        };
        return <One key={at} line={one} {...shared} />;
      })}
      {each.data && rest > 0 && within.length >= wanted && (
        <Rest>
          <Button onClick={() => setCount(count + EACH_FIRST)}>Show more of {line.taskName}</Button>
        </Rest>
      )}
    </>
  );
}
