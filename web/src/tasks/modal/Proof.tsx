import styled from "styled-components";
import type { ChangesView, NoteView } from "../../api/horarium.schemas.ts";
import { useNow } from "../../lib/now.ts";
import { dayTitle, localDate } from "../../lib/days.ts";
import { plural } from "../../lib/plural.ts";
import { inFull, relative, viewerZone, withZone } from "../../lib/time.ts";
import { AlertTriangle } from "../../ui/icons.ts";
import { Muted, Tag } from "../../ui/misc.tsx";
import { Bar, Failure } from "../../ui/Panel.tsx";
import { color, radius, size } from "../../ui/tokens.ts";
import { usePrefs } from "../context/prefs.tsx";
import { noteWords } from "../schedule/passed.ts";
import type { Read } from "../schedule/useSchedule.ts";
import { sentenceIn } from "../wording.ts";
import { Note } from "./look.ts";

const Part = styled.section`display: grid; gap: 8px; & > h3 { font-size: ${size.small}; font-weight: 500; color: ${color.textSoft}; }`;
export const Sentence = styled.p`font-size: ${size.large}; line-height: 22px; font-weight: 500; text-wrap: pretty; overflow-wrap: anywhere; &[data-old="true"] { color: ${color.textFaint}; }`;
const List = styled.ol`
  border: 1px solid ${color.line}; border-radius: ${radius}; background: ${color.ground};
  & > li { display: grid; gap: 0 8px; grid-template-columns: minmax(0, 1fr) auto; padding: 6px 10px; font-size: ${size.small}; line-height: 18px; }
  & > li + li { border-block-start: 1px solid ${color.line}; }
  & .second { grid-column: 1 / -1; }
`;
const MARKS: Partial<Record<NoteView["kind"], string>> = {
  moved: "moved",
  merged: "merged",
  repeated: "repeated",
  rolled: "moved to an open day",
  excluded: "left out",
  left_out: "left out",
};
const QUIET = new Set<NoteView["kind"]>(["clock_change", "ends", "excluded", "rolled"]);
const SHOWN_CHANGES = 3;
/** A clock change matters to what comes due about then. */
const NEAR_MS = 7 * 86_400_000;

type Props = { read: Read; zone: string; empty: boolean; editing: boolean };

/** What the schedule means: its sentence, its next instants, what is odd about it and what an edit changes. */
export function Proof({ read, zone, empty, editing }: Props) {
  const { hours } = usePrefs();
  const { preview, pending, misread, previewError } = read;
  if (empty) return <Muted>Say when, and here is what it means: in words, and the next five times.</Muted>;
  if (misread && !pending) return <Muted>The next times appear here once the text can be read.</Muted>;
  if (previewError && !preview) return <Failure what="The next times" error={previewError} />;
  if (!preview) {
    return (
      <Part aria-hidden="true">
        <Bar style={{ inlineSize: "80%", blockSize: 14 }} />
        <Bar style={{ inlineSize: "100%", blockSize: 120 }} />
      </Part>
    );
  }
  const last = Date.parse(preview.due.at(-1) ?? "");
  const near = (note: NoteView) => note.kind !== "clock_change" || !note.at || Date.parse(note.at) < last + NEAR_MS;
  const whole = preview.notes
    .filter(near)
    // The field itself says what has passed.
    .filter(({ kind }) => kind !== "passed")
    .filter((note) => note.at === null || !preview.due.includes(note.at) || !MARKS[note.kind]);
  return (
    <>
      <Part aria-live="polite" aria-busy={pending}>
        <Sentence data-old={pending}>{sentenceIn(preview.sentence, zone, hours)}</Sentence>
      </Part>
      <Part>
        <h3>Next runs</h3>
        {preview.due.length === 0 ? (
          <Note data-tone="late">
            <AlertTriangle size={14} /> It does not come due again.
          </Note>
        ) : (
          <Due due={preview.due} notes={preview.notes} zone={zone} />
        )}
      </Part>
      {whole.length > 0 && (
        <Part>
          {whole.map((note) => (
            <Note key={note.kind + note.at + note.text} data-tone={QUIET.has(note.kind) ? undefined : "late"}>
              {!QUIET.has(note.kind) && <AlertTriangle size={14} />} {noteWords(note, zone, hours)}
            </Note>
          ))}
        </Part>
      )}
      {editing && preview.changes && <Changes changes={preview.changes} zone={zone} />}
      {editing && preview.waiting && preview.waiting.length > 0 && (
        <Part>
          <h3>Waiting now</h3>
          {preview.waiting.map((run) => (
            <Note key={run.run_id}>{run.text}</Note>
          ))}
        </Part>
      )}
    </>
  );
}

export function Due({ due, notes, zone }: { due: readonly string[]; notes: readonly NoteView[]; zone: string }) {
  const { hours } = usePrefs();
  const now = useNow();
  const viewer = viewerZone();
  return (
    <List aria-label="Next runs">
      {due.map((instant) => {
        const at = new Date(instant);
        const marks = notes.filter((note) => note.at === instant && MARKS[note.kind]);
        return (
          <li key={instant} title={inFull(at, zone, now, hours)}>
            <time dateTime={instant}>{withZone(at, zone, now, hours)}</time>
            <Muted>{relative(at, now)}</Muted>
            {viewer !== zone && <Muted className="second">{withZone(at, viewer, now, hours)}</Muted>}
            {marks.map((note) => (
              <span className="second" key={note.kind}>
                <Tag>{MARKS[note.kind]}</Tag> <Muted>{note.text}</Muted>
              </span>
            ))}
          </li>
        );
      })}
    </List>
  );
}

function Changes({ changes, zone }: { changes: ChangesView; zone: string }) {
  const { hours } = usePrefs();
  const now = useNow();
  const words = (instant: string) => withZone(new Date(instant), zone, now, hours);
  const day = (instant: string) => {
    const at = new Date(instant);
    return dayTitle(localDate(at, zone), localDate(now, zone));
  };
  const { added, removed, moved } = changes;
  if (added.length + removed.length + moved.length === 0) return null;
  const some = (all: readonly string[]) =>
    all.slice(0, SHOWN_CHANGES).map(words).join(", ") + (all.length > SHOWN_CHANGES ? " …" : "");
  return (
    <Part>
      <h3>Against what is saved, until {day(changes.through)}</h3>
      {moved.length > 0 && (
        <Note>
          <span>
            <strong>{plural(moved.length, "run")} moved:</strong>{" "}
            {moved
              .slice(0, SHOWN_CHANGES)
              .map(({ from, to }) => `${words(from)} → ${words(to)}`)
              .join(", ")}
            {moved.length > SHOWN_CHANGES && " …"}
          </span>
        </Note>
      )}
      {added.length > 0 && (
        <Note>
          <span>
            <strong>{plural(added.length, "run")} added:</strong> {some(added)}
          </span>
        </Note>
      )}
      {removed.length > 0 && (
        <Note>
          <span>
            <strong>{plural(removed.length, "run")} removed:</strong> {some(removed)}
          </span>
        </Note>
      )}
      {changes.truncated && <Muted>There are too many to compare further.</Muted>}
    </Part>
  );
}
