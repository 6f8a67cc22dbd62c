import { useState } from "react";
import styled from "styled-components";
import type { BulkBodyAction, BulkView } from "../api/horarium.schemas.ts";
import { refusalOf } from "../lib/http.ts";
import { plural } from "../lib/plural.ts";
import { viewerZone } from "../lib/time.ts";
import { ConfirmSheet } from "../ui/ConfirmSheet.tsx";
import { Input, Muted } from "../ui/misc.tsx";
import { color, size } from "../ui/tokens.ts";
import {
  type Aim,
  askedOf,
  bodyOf,
  countOfAim,
  doneOf,
  instantOf,
  presentCount,
  refusedBy,
  samplesOf,
} from "./bulk.ts";
import { useTaskActions } from "./context/actions.tsx";

const Names = styled.ul`
  margin-block: 4px 0; color: ${color.text};
  & > li { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
`;
const Parts = styled.div`
  display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr);
  & > label { display: grid; gap: 4px; font-size: ${size.small}; color: ${color.text}; font-weight: 500; }
  & > [role="alert"] { color: ${color.failedText}; }
`;
const Groups = styled.ul`
  display: grid; gap: 10px; grid-template-columns: minmax(0, 1fr); max-block-size: 40vh; overflow: auto;
  & b { font-weight: 500; color: ${color.text}; }
`;

const NAMES_SHOWN = 5;

type Props = {
  action: BulkBodyAction;
  aim: Aim;
  onClose: () => void;
  /** All of it was done. */
  onDone: (said: string) => void;
};

/** Shows how many tasks are meant and some of them, asks, and says which of them refused. */
export default function BulkSheet({ action, aim: first, onClose, onDone }: Props) {
  const actions = useTaskActions();
  const [aim, setAim] = useState(first);
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<BulkView | null>(null);
  const samples = samplesOf(aim);
  const count = countOfAim(aim);
  const asked = askedOf(action, count);

  const carryOut = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const view = await actions.bulk(bodyOf(aim, { action, until: instantOf(until), reason: reason.trim() }));
      if (view.done === view.count) onDone(doneOf(view));
      else setOutcome(view);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      const present = presentCount(refusal.kind, refusal.facts);
      if (present === null || aim.kind !== "matching") setProblem(refusal.message);
      else {
        setProblem(
          `There are ${plural(present, "task")} now, no longer ${count.toLocaleString("en")}. Nothing was done.`,
        );
        setAim({ ...aim, count: present });
      }
    } finally {
      setBusy(false);
    }
  };

  if (outcome) {
    const names = new Map((aim.kind === "ticked" ? aim.tasks : aim.samples).map((task) => [task.id, task.name]));
    return (
      <ConfirmSheet
        title={doneOf(outcome)}
        action="Close"
        onlyAction
        onClose={() => onDone("")}
        onConfirm={() => undefined}
      >
        <Groups aria-label="Refused">
          {refusedBy(outcome, (id) => names.get(id)).map((group) => (
            <li key={group.detail}>
              <b>{plural(group.count, "task")}:</b> {group.detail}
              <Names>
                {group.names.slice(0, NAMES_SHOWN).map((name) => (
                  <li key={name}>{name}</li>
                ))}
                {group.count > NAMES_SHOWN && <li>and {(group.count - NAMES_SHOWN).toLocaleString("en")} more</li>}
              </Names>
            </li>
          ))}
          {outcome.untried > 0 && (
            <li>
              <b>{plural(outcome.untried, "task")}</b> not tried: the store went away.
            </li>
          )}
        </Groups>
      </ConfirmSheet>
    );
  }
  return (
    <ConfirmSheet
      title={`${asked}?`}
      action={busy ? "…" : asked}
      tone={action === "delete" ? "danger" : "primary"}
      staysOpen
      busy={busy || count === 0}
      onClose={onClose}
      onConfirm={() => void carryOut()}
    >
      <Parts>
        <Names>
          {samples.map((task) => (
            <li key={task.id}>{task.name}</li>
          ))}
          {count > samples.length && (
            <li>
              <Muted>and {(count - samples.length).toLocaleString("en")} more</Muted>
            </li>
          )}
        </Names>
        {action === "delete" && (
          <span>They will not run again. What they have run stays in the books for a while.</span>
        )}
        {action === "pause" && (
          <>
            <label>
              Until ({viewerZone()}); empty: until it is resumed
              <Input type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
            </label>
            <label htmlFor="bulk-reason">
              Reason
              <Input
                id="bulk-reason"
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            </label>
          </>
        )}
        {problem && <span role="alert">{problem}</span>}
      </Parts>
    </ConfirmSheet>
  );
}
