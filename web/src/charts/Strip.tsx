import { memo, type MouseEvent, useMemo } from "react";
import styled from "styled-components";
import { color } from "../ui/tokens.ts";

export type Bar = { id: string; kind: "succeeded" | "failed" | "running" | "waiting" | "cancelled"; title: string };

const STEP = 6;
const BAR = 4;
const HEIGHT = 20;

const Picture = styled.svg`
  cursor: pointer;
  .succeeded { fill: ${color.succeeded}; opacity: 0.75; }
  .failed { fill: ${color.failed}; }
  .running { fill: none; stroke: ${color.running}; }
  .waiting { fill: none; stroke: ${color.idle}; }
  .cancelled { fill: ${color.idle}; }
  .none { fill: ${color.line}; }
`;

/** One path per kind keeps a row at a handful of nodes: failed is taller and broken in two, running hollow, cancelled low. */
function shape(kind: Bar["kind"], x: number): string {
  switch (kind) {
    case "failed":
      return `M${x} 1h${BAR}v8h-${BAR}zM${x} 11h${BAR}v8h-${BAR}z`;
    case "succeeded":
      return `M${x} 4h${BAR}v12h-${BAR}z`;
    case "running":
    case "waiting":
      return `M${x + 0.5} 4.5h${BAR - 1}v11h-${BAR - 1}z`;
    case "cancelled":
      return `M${x} 11h${BAR}v5h-${BAR}z`;
  }
}

type Props = { bars: readonly Bar[]; slots: number; label: string; onOpen?: (id: string) => void };

/** The last runs, oldest first, newest at the right. The pointer's run is named by the picture's title. */
export const Strip = memo(function Strip({ bars, slots, label, onOpen }: Props) {
  const shown = useMemo(() => bars.slice(-slots), [bars, slots]);
  const empty = slots - shown.length;
  const paths = useMemo(() => {
    const found = new Map<string, string>();
    for (let i = 0; i < empty && shown.length > 0; i++)
      found.set("none", `${found.get("none") ?? ""}M${i * STEP} 14h${BAR}v2h-${BAR}z`);
    shown.forEach((bar, i) => {
      found.set(bar.kind, (found.get(bar.kind) ?? "") + shape(bar.kind, (empty + i) * STEP));
    });
    return [...found];
  }, [shown, empty]);
  const under = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return shown[Math.floor((event.clientX - box.left) / STEP) - empty];
  };
  const inline = slots * STEP - 2;
  return (
    <Picture
      role="img"
      aria-label={label}
      width={inline}
      height={HEIGHT}
      viewBox={`0 0 ${inline} ${HEIGHT}`}
      onMouseMove={(event) => {
        const title = event.currentTarget.firstElementChild;
        if (title) title.textContent = under(event)?.title ?? label;
      }}
      onClick={(event) => {
        const bar = under(event);
        if (!bar || !onOpen) return;
        event.stopPropagation();
        event.preventDefault();
        onOpen(bar.id);
      }}
    >
      <title>{label}</title>
      {paths.map(([kind, path]) => (
        <path key={kind} className={kind} d={path} />
      ))}
    </Picture>
  );
});
