import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, useState } from "react";
import styled from "styled-components";
import { listPools, listWorkers } from "../api/horarium.ts";
import type { Cause, Reason } from "../api/horarium.schemas.ts";
import { CAUSE_WORDS } from "../lib/causes.ts";
import { serverNow } from "../lib/now.ts";
import { viewerZone, zoneOf } from "../lib/time.ts";
import { RunIcon, usePrefs } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { ChevronDown } from "../ui/icons.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { media } from "../ui/tokens.ts";
import { DaysSheet } from "./DaysSheet.tsx";
import { CAUSES, isFiltered, NO_FILTERS, REASONS, type RunFilters, STATES } from "./filters.ts";
import { Chip, RunPills } from "./RunPills.tsx";
import { TaskPicker } from "./TaskPicker.tsx";
import { REASON_WORDS } from "./verdict.ts";

const Bar = styled.div`
  display: flex; align-items: center; gap: 8px 12px; padding: 10px 24px; flex-wrap: wrap;
  ${media.phone} { gap: 8px; padding-inline: 16px; }
`;

/** Their words, not the room around them, begin at the margin. */
const Menus = styled.div`display: flex; flex-wrap: wrap; margin-inline-start: -9px;`;

const Chips = styled.div`
  display: flex; gap: 4px; flex-wrap: wrap;
  ${media.phone} { flex-wrap: nowrap; overflow-x: auto; margin-inline: -16px; padding-inline: 16px; scrollbar-width: none; inline-size: calc(100% + 32px); }
`;

/** So many pools and workers are offered; others are typed. */
const NAMES_MAX = 1_000;
const HOUR_MS = 3_600_000;
const SPANS = [
  { value: "all", label: "Any time", ms: 0 },
  { value: "1h", label: "The last hour", ms: HOUR_MS },
  { value: "24h", label: "The last 24 hours", ms: 24 * HOUR_MS },
  { value: "7d", label: "The last 7 days", ms: 168 * HOUR_MS },
  { value: "30d", label: "The last 30 days", ms: 720 * HOUR_MS },
] as const;

type Props = { filters: RunFilters; change: (change: Partial<RunFilters>) => void };

/** Which runs are asked for: states as chips, the task by name, the rest from menus. */
export function RunFilterBar({ filters, change }: Props) {
  const { zone: choice } = usePrefs();
  const [asking, setAsking] = useState(false);
  const pools = useQuery({
    queryKey: ["pools"],
    queryFn: ({ signal }) => listPools({ limit: NAMES_MAX }, { signal }),
  });
  const workers = useQuery({
    queryKey: ["workers"],
    queryFn: ({ signal }) => listWorkers({ limit: NAMES_MAX }, { signal }),
  });
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
    { kind: "line" },
    { kind: "item", label: "Between two days…", run: () => setAsking(true) },
  ];
  const reasons = (): MenuEntry[] => [
    {
      kind: "choice",
      title: "Why it ended",
      value: filters.reasons.length === 1 ? (filters.reasons[0] ?? "any") : "any",
      choose: (value) => change({ reasons: value === "any" ? [] : [value as Reason] }),
      options: [
        { value: "any", label: "Any reason" },
        ...REASONS.map((value) => ({ value, label: REASON_WORDS[value] })),
      ],
    },
  ];
  const places = (): MenuEntry[] =>
    (["pool", "worker"] as const).map((name) => ({
      kind: "choice",
      title: name === "pool" ? "Pool" : "Worker",
      value: filters[name] ?? "",
      choose: (value) => change({ [name]: value || null }),
      options: [
        { value: "", label: `Any ${name}` },
        ...namesOf(name === "pool" ? pools.data?.items : workers.data?.items, filters[name]).map((value) => ({
          value,
          label: value,
        })),
      ],
    }));
  return (
    <Bar>
      {filters.task === null && <TaskPicker onPick={(task) => change({ task })} onFilter={change} />}
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
      <Menus>
        <FilterMenu name="Cause" any="Any cause" chosen={filters.causes.length > 0} entries={causes} />
        <FilterMenu name="Reason" any="Any reason" chosen={filters.reasons.length > 0} entries={reasons} />
        <FilterMenu name="Time" any="Any time" chosen={filters.from !== null || filters.to !== null} entries={spans} />
        <FilterMenu
          name="Where"
          any="Anywhere"
          chosen={filters.pool !== null || filters.worker !== null}
          entries={places}
        />
      </Menus>
      <RunPills filters={filters} change={change} />
      {isFiltered(filters) && (
        <Button look="ghost" onClick={() => change(NO_FILTERS)}>
          Clear
        </Button>
      )}
      {asking && (
        <DaysSheet
          zone={zoneOf(choice, viewerZone())}
          onClose={() => setAsking(false)}
          onChoose={(stretch) => {
            setAsking(false);
            change(stretch);
          }}
        />
      )}
    </Bar>
  );
}

/** Each name once, the one that is asked for among them. */
const namesOf = (found: readonly { name: string }[] | undefined, asked: string | null): string[] =>
  [...new Set([...(found ?? []).map(({ name }) => name), ...(asked === null ? [] : [asked])])].sort();

type FilterMenuProps = Pick<ComponentProps<typeof Menu>, "entries"> & { name: string; any: string; chosen: boolean };

/** What is chosen stands as a pill below; the button only says whether something is. */
const FilterMenu = ({ name, any, chosen, entries }: FilterMenuProps) => (
  <Menu
    label={name}
    entries={entries}
    trigger={
      <Button look="ghost">
        {chosen ? name : any} <ChevronDown size={12} />
      </Button>
    }
  />
);
