import { type FormEvent, useEffect, useState } from "react";
import styled from "styled-components";
import { localReading } from "../lib/days.ts";
import { refusalOf } from "../lib/http.ts";
import { serverNow, useNow } from "../lib/now.ts";
import { relative, viewerZone, withZone, zoneOf } from "../lib/time.ts";
import { useLive, usePrefs, useTask } from "../tasks/TaskContext.tsx";
import { Button } from "../ui/Button.tsx";
import { FormSheet } from "../ui/FormSheet.tsx";
import { Input } from "../ui/misc.tsx";
import { color, media, radius, size } from "../ui/tokens.ts";
import type { Line } from "./agenda.ts";
import { useResolved, useZones } from "./queries.ts";
import { ownZone } from "./reasons.ts";

const Form = styled.form`
  display: grid; gap: 14px;
  & > label { display: grid; gap: 4px; font-size: ${size.small}; color: ${color.textSoft}; }
  & > footer { display: flex; justify-content: flex-end; gap: 8px; }
  & > .told { min-block-size: 40px; font-size: ${size.small}; color: ${color.textSoft}; overflow-wrap: anywhere; }
  & > .told strong { color: ${color.text}; font-weight: 500; }
  & > .told[data-failed="true"] { color: ${color.failedText}; }
  & input { color-scheme: inherit; }
  ${media.phone} { & > footer { flex-direction: column-reverse; } & input, & select { block-size: 44px; font-size: ${size.large}; } }
`;
const Select = styled.select`
  inline-size: 100%; block-size: 36px; padding-inline: 10px 28px; border-radius: ${radius}; color: ${color.text};
  background-color: ${color.ground}; border: 1px solid ${color.lineStrong}; font-size: ${size.body};
`;

const DEBOUNCE_MS = 150;

type Props = { line: Line; onClose: () => void; onMove: (to: string) => Promise<void> };

/** Asks for a reading of a clock and for its zone; the server says which instant that is. */
export function MoveSheet({ line, onClose, onMove }: Props) {
  const { zone: choice, hours } = usePrefs();
  const { serverZone } = useLive();
  const { data: task } = useTask(line.taskId);
  const zones = useZones();
  const now = useNow();
  const own = (task && ownZone(task)) ?? serverZone;
  const [chosen, setChosen] = useState<string | null>(null);
  const zone = chosen ?? zoneOf(choice, own);
  const [typed, setTyped] = useState<string | null>(null);
  const reading = typed ?? localReading(new Date(line.at), zone);
  const asked = useSettled(reading);
  const resolved = useResolved(asked, zone);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const at = resolved.data?.at ?? null;
  const date = at === null ? null : new Date(at);
  const isPast = date !== null && date.getTime() <= serverNow();
  const isSame = date !== null && date.getTime() === Date.parse(line.at);
  const fresh = asked === reading && !resolved.isPlaceholderData && !resolved.isFetching;
  const ready = fresh && date !== null && !isPast && !isSame && !busy;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || at === null) return;
    setBusy(true);
    try {
      await onMove(at);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      setFailure(refusal.words);
      setBusy(false);
    }
  };
  const wrong = failure ?? refusalOf(resolved.error)?.message ?? null;
  const near = [...new Set([own, viewerZone(), serverZone, "UTC", zone])];
  return (
    <FormSheet title={`Move ${line.taskName}`} onClose={onClose}>
      <Form onSubmit={(event) => void submit(event)}>
        <p className="told" style={{ minBlockSize: 0 }}>
          Due <strong>{withZone(new Date(line.dueAt), zone, now, hours)}</strong>. Only this one is moved.
        </p>
        <label htmlFor="move-to">
          Date and time
          <Input
            id="move-to"
            type="datetime-local"
            required
            value={reading}
            onChange={(event) => {
              setTyped(event.target.value);
              setFailure(null);
            }}
          />
        </label>
        <label>
          On the clocks of
          <Select value={zone} onChange={(event) => setChosen(event.target.value)}>
            {near.map((name) => (
              <option key={name}>{name}</option>
            ))}
            <optgroup label="All zones">
              {(zones.data?.items ?? [])
                .filter((name) => !near.includes(name))
                .map((name) => (
                  <option key={name}>{name}</option>
                ))}
            </optgroup>
          </Select>
        </label>
        <div className="told" role="status" data-failed={wrong !== null || isPast}>
          {wrong ?? (
            <>
              {date && fresh && (
                <>
                  It will run <strong>{withZone(date, zone, now, hours)}</strong>, {relative(date, now)}.
                  {isPast && " That has passed: take a later time."}
                  {isSame && " That is when it is due now."}
                </>
              )}
              {fresh && resolved.data?.notes.map((note) => <div key={note.text}>{note.text}</div>)}
            </>
          )}
        </div>
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" aria-disabled={!ready}>
            Move
          </Button>
        </footer>
      </Form>
    </FormSheet>
  );
}

/** What was typed, once the typing has stopped. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
