import type { RunState } from "../api/horarium.schemas.ts";
import { StateIcon } from "../tasks/StateIcon.tsx";
import { RunIcon } from "../tasks/TaskContext.tsx";
import { STATE_WORDS, type TaskState } from "../tasks/wording.ts";
import * as icons from "../ui/icons.ts";
import { Grid, Shown } from "./Shown.tsx";

export const TASK_STATES = Object.keys(STATE_WORDS) as TaskState[];
export const RUN_STATES = Object.keys({
  waiting: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  cancelled: 0,
} satisfies Record<RunState, 0>) as RunState[];

export function Icons() {
  return (
    <>
      <Shown as="Tasks">
        {TASK_STATES.map((state) => (
          <span key={state} style={{ display: "inline-flex", gap: 6, alignItems: "center" }}>
            <StateIcon state={state} /> {STATE_WORDS[state]}
          </span>
        ))}
      </Shown>
      <Shown as="Runs">
        {RUN_STATES.map((state) => (
          <span key={state} style={{ display: "inline-flex", gap: 6, alignItems: "center" }}>
            <RunIcon state={state} /> {state}
          </span>
        ))}
      </Shown>
      <Grid>
        {Object.entries(icons).map(([name, Icon]) => (
          <span key={name}>
            <Icon size={16} /> {name}
          </span>
        ))}
      </Grid>
    </>
  );
}
