import styled from "styled-components";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Activity, Search } from "../ui/icons.ts";
import { Bar, Notice } from "../ui/Panel.tsx";
import { color } from "../ui/tokens.ts";
import { columns } from "./columns.ts";

const Line = styled.div`${columns} border-block-end: 1px solid ${color.line};`;
const WIDTHS = [62, 48, 71, 55, 66, 43];

export function Skeleton({ rows, height, alone }: { rows: number; height: number; alone: boolean }) {
  return (
    <div role="rowgroup" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => {
        const share = WIDTHS[row % WIDTHS.length] ?? 50;
        return (
          // oxlint-disable-next-line react/no-array-index-key -- they are all alike and never move
          <Line key={row} data-alone={alone} style={{ blockSize: height }}>
            <Bar style={{ inlineSize: 14, blockSize: 14 }} />
            {!alone && <Bar style={{ inlineSize: `${share}%` }} />}
            <Bar style={{ inlineSize: 150 }} />
            <Bar style={{ inlineSize: `${share - 10}%` }} />
            <span />
            <Bar style={{ inlineSize: `${share}%` }} />
          </Line>
        );
      })}
    </div>
  );
}

export function NoRuns({ alone }: { alone: boolean }) {
  return (
    <Notice
      icon={<Activity size={28} strokeWidth={1.5} />}
      title={alone ? "It has not run yet" : "No runs yet"}
      actions={!alone && <ButtonLink to="/tasks">All tasks</ButtonLink>}
    >
      <p>Each time a task comes due, or somebody runs it, what became of it is listed here.</p>
    </Notice>
  );
}

export function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <Notice
      icon={<Search size={24} strokeWidth={1.5} />}
      title="No run matches"
      actions={<Button onClick={onClear}>Clear filters</Button>}
    >
      <p>
        Several states mean any of them. Where a state, a cause or a worker is asked for, what was not run is left out.
      </p>
    </Notice>
  );
}
