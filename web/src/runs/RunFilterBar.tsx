import { useQuery } from "@tanstack/react-query";
import styled from "styled-components";
import { readTask } from "../api/horarium.ts";
import type { Cause } from "../api/horarium.schemas.ts";
import { CAUSE_WORDS } from "../lib/causes.ts";
import { serverNow } from "../lib/now.ts";
import { Moment, RunIcon, useLive } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { ChevronDown, X } from "../ui/icons.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { Hidden } from "../ui/misc.tsx";
import { color, media, size } from "../ui/tokens.ts";
import { CAUSES, isFiltered, NO_FILTERS, type RunFilters, STATES } from "./filters.ts";
import { TaskPicker } from "./TaskPicker.tsx";

const Bar = styled.div`
  display: flex; align-items: center; gap: 8px 12px; padding: 10px 24px; flex-wrap: wrap;
  ${media.phone} { gap: 8px; padding-inline: 16px; }
`;

const Chips = styled.div`
  display: flex; gap: 4px; flex-wrap: wrap;
  ${media.phone} { flex-wrap: nowrap; overflow-x: auto; margin-inline: -16px; padding-inline: 16px; scrollbar-width: none; inline-size: calc(100% + 32px); }
`;

const Chip = styled.button`
  position: relative; display: inline-flex; align-items: center; gap: 6px; block-size: 28px; padding-inline: 10px; border-radius: 14px;
  border: 1px solid ${color.line}; font-size: ${size.small}; color: ${color.textSoft}; white-space: nowrap;
  &:hover { background: ${color.hover}; }
  &[aria-pressed="true"], &[data-pill] { background: ${color.accentSoft}; border-color: ${color.accent}; color: ${color.text}; }
  &:focus-visible { border-radius: 14px; }
  ${media.phone} { block-size: 44px; border-radius: 22px; padding-inline: 14px; }
`;

const HOUR_MS = 3_600_000;
const SPANS = [
  { value: "all", label: "Any time", ms: 0 },
  { value: "1h", label: "The last hour", ms: HOUR_MS },
  { value: "24h", label: "The last 24 hours", ms: 24 * HOUR_MS },
  { value: "7d", label: "The last 7 days", ms: 168 * HOUR_MS },
  { value: "30d", label: "The last 30 days", ms: 720 * HOUR_MS },
] as const;

type Props = { filters: RunFilters; change: (change: Partial<RunFilters>) => void };

/** Which runs are asked for: states as chips, the task by name, cause and time from menus. */
export function RunFilterBar({ filters, change }: Props) {
  const { serverZone } = useLive();
  const causes = (): MenuEntry[] => [
    {
      kind: "choice",
      title: "Why it ran",
      value: filters.causes.length === 1 ? (filters.causes[0] ?? "any") : "any",
      choose: (value) => change({ causes: value === "any" ? [] : [value as Cause] }),
      options: [{ value: "any", label: "Any cause" }, ...CAUSES.map((value) => ({ value, label: CAUSE_WORDS[value] }))],
    },
  ];
  const spans = (): MenuEntry[] => [
    {
      kind: "choice",
      title: "When it was due",
      value: filters.from === null && filters.to === null ? "all" : "",
      choose: (value) => {
        const ms = SPANS.find((span) => span.value === value)?.ms ?? 0;
        change({ from: ms === 0 ? null : new Date(serverNow() - ms).toISOString(), to: null });
      },
      options: SPANS.map(({ value, label }) => ({ value, label })),
    },
  ];
  return (
    <Bar>
      {filters.task === null ? (
        <TaskPicker onPick={(task) => change({ task })} />
      ) : (
        <TaskPill id={filters.task} onDrop={() => change({ task: null })} />
      )}
      <Chips role="group" aria-label="Runs by state">
        {STATES.map((name) => {
          const pressed = filters.states.includes(name);
          const states = pressed ? filters.states.filter((one) => one !== name) : [...filters.states, name];
          return (
            <Chip key={name} type="button" aria-pressed={pressed} onClick={() => change({ states })}>
              <RunIcon state={name} /> {name}
            </Chip>
          );
        })}
      </Chips>
      <Menu
        label="Cause"
        entries={causes}
        trigger={
          <Button look="ghost">
            {filters.causes.map((cause) => CAUSE_WORDS[cause]).join(", ") || "Any cause"} <ChevronDown size={12} />
          </Button>
        }
      />
      <Menu
        label="Time"
        entries={spans}
        trigger={
          <Button look="ghost">
            {filters.from === null && filters.to === null ? "Any time" : "Time"} <ChevronDown size={12} />
          </Button>
        }
      />
      {(["from", "to"] as const).map((end) => {
        const at = filters[end];
        return (
          at !== null && (
            <Chip key={end} type="button" data-pill title="Remove" onClick={() => change({ [end]: null })}>
              <Hidden>Remove </Hidden>
              {end === "from" ? "since" : "before"} <Moment at={at} taskZone={serverZone} named relativeToo={false} />{" "}
              <X size={12} />
            </Chip>
          )
        );
      })}
      {(["tag", "pool", "worker"] as const).map((name) =>
        filters[name] === null ? null : (
          <Chip
            key={name}
            type="button"
            data-pill
            aria-label={`Remove ${name}:${filters[name]}`}
            onClick={() => change({ [name]: null })}
          >
            {name}:{filters[name]} <X size={12} />
          </Chip>
        ),
      )}
      {isFiltered(filters) && (
        <Button look="ghost" onClick={() => change(NO_FILTERS)}>
          Clear
        </Button>
      )}
    </Bar>
  );
}

function TaskPill({ id, onDrop }: { id: string; onDrop: () => void }) {
  const task = useQuery({ queryKey: ["tasks", "one", id], queryFn: ({ signal }) => readTask(id, { signal }) });
  const name = task.data?.name ?? id;
  return (
    <Chip type="button" data-pill aria-label={`Remove task ${name}`} onClick={onDrop}>
      {name} <X size={12} />
    </Chip>
  );
}
