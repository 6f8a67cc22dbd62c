import { lazy, Suspense } from "react";
import styled from "styled-components";
import { Button } from "../ui/Button.tsx";
import { LayoutList, Search } from "../ui/icons.ts";
import { Bar, Notice } from "../ui/Panel.tsx";
import { color } from "../ui/tokens.ts";
import { columns } from "./columns.ts";
import { useMay } from "./context/actions.tsx";
import { useLive } from "./context/live.tsx";

const Line = styled.div`${columns} border-block-end: 1px solid ${color.line};`;

const WIDTHS = [62, 48, 71, 55, 66, 43];

export function Skeleton({ rows, height }: { rows: number; height: number }) {
  return (
    <div role="rowgroup" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => {
        const share = WIDTHS[row % WIDTHS.length] ?? 50;
        return (
          // oxlint-disable-next-line react/no-array-index-key -- they are all alike and never move
          <Line key={row} style={{ blockSize: height }}>
            <span />
            <Bar style={{ inlineSize: 14, blockSize: 14 }} />
            <Bar style={{ inlineSize: `${share}%` }} />
            <Bar style={{ inlineSize: `${share - 10}%` }} />
            <Bar style={{ inlineSize: 150 }} />
            <Bar style={{ inlineSize: "100%" }} />
            <Bar style={{ inlineSize: 60 }} />
            <span />
          </Line>
        );
      })}
    </div>
  );
}

const Composer = lazy(() => import("./composer/Composer.tsx").then((module) => ({ default: module.Composer })));

export function NoTasks() {
  const mayEdit = useMay("editor");
  if (mayEdit) {
    return (
      <Suspense fallback={null}>
        <Composer />
      </Suspense>
    );
  }
  return (
    <Notice icon={<LayoutList size={28} strokeWidth={1.5} />} title="No tasks yet">
      <p>A task is something to run and when to run it: a command, a web address, a Python function.</p>
    </Notice>
  );
}

export function NoneFound({ onClear }: { onClear: () => void }) {
  const { stats } = useLive();
  const all = stats?.tasks.total;
  return (
    <Notice
      icon={<Search size={24} strokeWidth={1.5} />}
      title={all === undefined ? "No task matches" : `0 of ${all.toLocaleString("en")} tasks match`}
      actions={<Button onClick={onClear}>Clear search</Button>}
    >
      <p>Words are looked for in names and descriptions; several states mean any of them, several tags all of them.</p>
    </Notice>
  );
}
