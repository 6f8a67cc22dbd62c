import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import styled from "styled-components";
import { readTask } from "../api/horarium.ts";
import { CAUSE_WORDS } from "../lib/causes.ts";
import { Moment, useLive } from "../tasks/TaskContext.tsx";
import { X } from "../ui/icons.ts";
import { Hidden } from "../ui/misc.tsx";
import { color, media, size } from "../ui/tokens.ts";
import type { RunFilters } from "./filters.ts";
import { REASON_WORDS } from "./verdict.ts";

export const Chip = styled.button`
  position: relative; display: inline-flex; align-items: center; gap: 6px; min-block-size: 28px; padding-inline: 10px; border-radius: 14px;
  border: 1px solid ${color.line}; font-size: ${size.small}; color: ${color.textSoft}; white-space: nowrap;
  &:hover { background: ${color.hover}; }
  &[aria-pressed="true"], &[data-pill] { background: ${color.accentSoft}; border-color: ${color.accent}; color: ${color.text}; }
  &[data-pill] { white-space: normal; overflow-wrap: anywhere; text-align: start; }
  &:focus-visible { border-radius: 14px; }
  ${media.phone} { min-block-size: 44px; border-radius: 22px; padding-inline: 14px; }
`;

type Props = { filters: RunFilters; change: (change: Partial<RunFilters>) => void };

/** What is asked for beside the states, each to be taken away. */
export function RunPills({ filters, change }: Props) {
  const { serverZone } = useLive();
  return (
    <>
      {filters.task !== null && <TaskPill id={filters.task} onDrop={() => change({ task: null })} />}
      {filters.causes.map((cause) => (
        <Pill
          key={cause}
          name={`cause ${CAUSE_WORDS[cause]}`}
          onDrop={() => change({ causes: filters.causes.filter((one) => one !== cause) })}
        >
          {CAUSE_WORDS[cause]}
        </Pill>
      ))}
      {filters.reasons.map((reason) => (
        <Pill
          key={reason}
          name={`reason ${REASON_WORDS[reason]}`}
          onDrop={() => change({ reasons: filters.reasons.filter((one) => one !== reason) })}
        >
          {REASON_WORDS[reason]}
        </Pill>
      ))}
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
          <Pill key={name} name={`${name}:${filters[name]}`} onDrop={() => change({ [name]: null })}>
            {name}:{filters[name]}
          </Pill>
        ),
      )}
    </>
  );
}

function Pill({ name, onDrop, children }: { name: string; onDrop: () => void; children: ReactNode }) {
  return (
    <Chip type="button" data-pill aria-label={`Remove ${name}`} onClick={onDrop}>
      <span>{children}</span> <X size={12} />
    </Chip>
  );
}

function TaskPill({ id, onDrop }: { id: string; onDrop: () => void }) {
  const task = useQuery({ queryKey: ["tasks", "one", id], queryFn: ({ signal }) => readTask(id, { signal }) });
  const name = task.data?.name ?? id;
  return (
    <Pill name={`task ${name}`} onDrop={onDrop}>
      {name}
    </Pill>
  );
}
