import styled from "styled-components";
import type { TaskCounts } from "../api/horarium.schemas.ts";
import { color, media, size } from "../ui/tokens.ts";
import { useTaskFilters } from "./context/filters.tsx";
import { useLive } from "./context/live.tsx";
import type { StateName } from "./filters.ts";
import { StateIcon } from "./StateIcon.tsx";

const Row = styled.div`
  display: flex; gap: 4px; flex-wrap: wrap;
  ${media.phone} { flex-wrap: nowrap; overflow-x: auto; margin-inline: -16px; padding-inline: 16px; scrollbar-width: none; }
`;

const Chip = styled.button`
  display: inline-flex; align-items: center; gap: 6px; block-size: 28px; padding-inline: 10px; border-radius: 14px;
  border: 1px solid ${color.line}; font-size: ${size.small}; color: ${color.textSoft}; white-space: nowrap;
  & > b { font-weight: 500; color: ${color.text}; }
  &:hover { background: ${color.hover}; }
  &[aria-pressed="true"] { background: ${color.accentSoft}; border-color: ${color.accent}; color: ${color.text}; }
  &:focus-visible { border-radius: 14px; }
  ${media.phone} { block-size: 44px; border-radius: 22px; padding-inline: 14px; }
`;

const SHOWN: readonly { name: StateName & keyof TaskCounts; always: boolean }[] = [
  { name: "active", always: true },
  { name: "failing", always: false },
  { name: "late", always: false },
  { name: "broken", always: false },
  { name: "paused", always: false },
  { name: "running", always: false },
  { name: "ended", always: false },
];

/** How many tasks are in each state; a press asks for only those. States may overlap. */
export function TaskChips() {
  const { stats } = useLive();
  const { filters, change } = useTaskFilters();
  if (!stats) return <Row style={{ minBlockSize: 28 }} />;
  const shown = SHOWN.filter(({ name, always }) => always || stats.tasks[name] > 0 || filters.states.includes(name));
  return (
    <Row role="group" aria-label="Tasks by state">
      {shown.map(({ name }) => {
        const pressed = filters.states.includes(name);
        const states = pressed ? filters.states.filter((one) => one !== name) : [...filters.states, name];
        return (
          <Chip key={name} type="button" aria-pressed={pressed} onClick={() => change({ states })}>
            <StateIcon state={name === "deleted" ? "deleted" : name} size={14} />
            <b>{stats.tasks[name].toLocaleString("en")}</b> {name}
          </Chip>
        );
      })}
    </Row>
  );
}
