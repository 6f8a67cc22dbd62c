import { type Bar, Strip } from "../charts/Strip.tsx";
import { useSay } from "../ui/Toast.tsx";
import { Shown } from "./Shown.tsx";

const SLOTS = 20;
const HALF = 10;
const KINDS = Object.keys({
  succeeded: 0,
  failed: 0,
  running: 0,
  waiting: 0,
  cancelled: 0,
} satisfies Record<Bar["kind"], 0>) as Bar["kind"][];

const bars = (length: number, kindOf: (at: number) => Bar["kind"]): Bar[] =>
  Array.from({ length }, (_, at) => ({ id: `run ${at + 1}`, kind: kindOf(at), title: `run ${at + 1}: ${kindOf(at)}` }));

const mixed = bars(SLOTS, (at) => KINDS[at % KINDS.length] ?? "succeeded");

export function Charts() {
  const say = useSay();
  const open = (id: string) => say(`Opened ${id}`);
  return (
    <>
      <Shown as="Strip, no run yet">
        <Strip bars={[]} slots={SLOTS} label="no runs yet" />
      </Shown>
      {KINDS.map((kind) => (
        <Shown key={kind} as={`Strip, ${kind}`}>
          <Strip bars={bars(1, () => kind)} slots={SLOTS} label={`last run: ${kind}`} onOpen={open} />
          <Strip bars={bars(SLOTS, () => kind)} slots={SLOTS} label={`last 20 runs: ${kind}`} onOpen={open} />
        </Shown>
      ))}
      <Shown as="Strip, mixed">
        <Strip bars={mixed} slots={SLOTS} label="last 20 runs of every kind" onOpen={open} />
        <Strip bars={mixed} slots={HALF} label="last 10 runs of every kind" onOpen={open} />
      </Shown>
    </>
  );
}
