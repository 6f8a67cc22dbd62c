import { Refusal } from "../lib/http.ts";
import { Skeleton } from "../tasks/ListStates.tsx";
import { Button } from "../ui/Button.tsx";
import { LayoutList } from "../ui/icons.ts";
import { Bar, Boundary, Failure, Notice, useSlow } from "../ui/Panel.tsx";
import { Room } from "./Shown.tsx";

const ROW_PX = 40;
const retry = () => undefined;

function Mistake(): never {
  throw new Error("A mistake of ours.");
}

function Slow() {
  return useSlow(true) ? <Skeleton rows={4} height={ROW_PX} /> : null;
}

export function Panels() {
  return (
    <>
      <h3>Loading: nothing for 150 ms, then a skeleton</h3>
      <Room>
        <Slow />
      </Room>
      <Room style={{ display: "grid", gap: 12, padding: 16 }}>
        <Bar style={{ inlineSize: 240, blockSize: 20 }} />
        <Bar style={{ inlineSize: "60%" }} />
      </Room>
      <h3>Empty</h3>
      <Room>
        <Notice
          icon={<LayoutList size={28} strokeWidth={1.5} />}
          title="No tasks yet"
          actions={<Button look="primary">New task</Button>}
        >
          <p>A task is something to run and when to run it: a command, a web address, a Python function.</p>
        </Notice>
      </Room>
      <h3>Refused</h3>
      <Room>
        <Failure
          what="The tasks"
          error={new Refusal(500, { detail: "The books are away." }, "01JD-7QX2")}
          onRetry={retry}
        />
      </Room>
      <h3>Offline, nothing to try</h3>
      <Room>
        <Failure what="The tasks" error={new Refusal(0, {}, null)} />
      </Room>
      <h3>A mistake in one panel</h3>
      <Room>
        <Boundary what="The panel">
          <Mistake />
        </Boundary>
      </Room>
    </>
  );
}
