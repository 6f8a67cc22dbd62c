import { memo } from "react";
import styled from "styled-components";
import type { RunState } from "../api/horarium.schemas.ts";
import {
  AlertTriangle,
  Ban,
  Check,
  Circle,
  CircleDashed,
  CircleDot,
  CircleSlash,
  Clock,
  PauseCircle,
  Trash2,
  X,
  XOctagon,
} from "../ui/icons.ts";
import { color } from "../ui/tokens.ts";
import { STATE_WORDS, type TaskState } from "./wording.ts";

const LOOK: Record<TaskState, { Icon: typeof Check; tone: string }> = {
  active: { Icon: Circle, tone: "quiet" },
  ended: { Icon: CircleSlash, tone: "quiet" },
  deleted: { Icon: Trash2, tone: "quiet" },
  paused: { Icon: PauseCircle, tone: "quiet" },
  running: { Icon: CircleDot, tone: "running" },
  late: { Icon: Clock, tone: "late" },
  failing: { Icon: XOctagon, tone: "failed" },
  broken: { Icon: AlertTriangle, tone: "failed" },
};

const RUN_LOOK: Record<RunState, { Icon: typeof Check; tone: string }> = {
  waiting: { Icon: CircleDashed, tone: "quiet" },
  running: { Icon: CircleDot, tone: "running" },
  succeeded: { Icon: Check, tone: "succeeded" },
  failed: { Icon: X, tone: "failed" },
  cancelled: { Icon: Ban, tone: "quiet" },
};

const Coloured = styled.span`
  display: inline-flex; align-items: center; color: ${color.idle};
  &[data-tone="running"] { color: ${color.running}; }
  &[data-tone="late"] { color: ${color.late}; }
  &[data-tone="failed"] { color: ${color.failed}; }
  &[data-tone="succeeded"] { color: ${color.succeeded}; }
`;

/** A shape and a word; the colour only helps. */
export const StateIcon = memo(function StateIcon({ state, size = 16 }: { state: TaskState; size?: number }) {
  const { Icon, tone } = LOOK[state];
  return (
    <Coloured data-tone={tone} role="img" aria-label={STATE_WORDS[state]} title={STATE_WORDS[state]}>
      <Icon size={size} strokeWidth={state === "active" ? 1.5 : 2} />
    </Coloured>
  );
});

export const RunIcon = memo(function RunIcon({ state, size = 14 }: { state: RunState; size?: number }) {
  const { Icon, tone } = RUN_LOOK[state];
  return (
    <Coloured data-tone={tone} role="img" aria-label={state} title={state}>
      <Icon size={size} strokeWidth={2.25} />
    </Coloured>
  );
});
