import { type ClipboardEvent, useId } from "react";
import styled from "styled-components";
import { AlertTriangle } from "../../ui/icons.ts";
import { color, font, media, size } from "../../ui/tokens.ts";
import { useForm } from "../modal/Field.tsx";
import { Block, Chips, Hint, Label, TextInput, Wrong } from "../modal/look.ts";
import type { Misread, Read } from "./useSchedule.ts";

const Line = styled.code`
  display: block; font: ${size.small}/20px ${font.mono}; color: ${color.textSoft}; overflow-wrap: anywhere; white-space: pre-wrap;
  & > mark { background: ${color.failedSoft}; color: ${color.failedText}; text-decoration: underline wavy; text-underline-offset: 3px; }
`;
const Notes = styled.ul`font-size: ${size.tiny}; line-height: 16px; color: ${color.textFaint}; overflow-wrap: anywhere;`;
const Offers = styled(Chips)`& button { ${media.phone} { flex: 1 1 100%; } }`;

type Props = { read: Read; passed: string | null; onPaste?: (event: ClipboardEvent) => void };

/** When: a phrase, cron text, a date or a rule; below it what the service made of it. `passed`: that it can no longer come. */
export function WhenField({ read, passed, onPaste }: Props) {
  const { form, set, errors, changed, before } = useForm();
  const id = useId();
  const told = `${id}-told`;
  const { misread, pending } = read;
  const wrong = misread && !pending ? null : (passed ?? errors.when);
  const shown = misread && !pending ? misread : null;
  const notes =
    shown || pending ? [] : (read.parsed?.notes ?? []).filter((note) => !note.startsWith("times are those of"));
  return (
    <Block>
      <Label htmlFor={id}>
        When
        {changed.has("when") && (
          <span className="changed" title={`was: ${before?.when ?? ""}`}>
            changed
          </span>
        )}
      </Label>
      <TextInput
        id={id}
        data-field="when"
        value={form.when}
        placeholder="every weekday at 9:00"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={shown || wrong ? true : undefined}
        aria-describedby={told}
        onPaste={onPaste}
        onChange={(event) => set({ when: event.target.value })}
      />
      <div id={told} aria-live="polite" style={{ display: "grid", gap: 4 }}>
        {shown && <Misreading misread={shown} text={form.when} />}
        {wrong && (
          <Wrong>
            <AlertTriangle size={14} /> {wrong}
          </Wrong>
        )}
        {notes.length > 0 && (
          <Notes>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </Notes>
        )}
        {!form.when && !wrong && <Hint>A phrase, cron text, a date, or an RRULE.</Hint>}
      </div>
      {shown && shown.offers.length > 0 && (
        <Offers role="group" aria-label="What could be meant">
          {shown.offers.map((offer) => (
            <button key={offer} type="button" onClick={() => set({ when: offer })}>
              {offer}
            </button>
          ))}
        </Offers>
      )}
    </Block>
  );
}

function Misreading({ misread, text }: { misread: Misread; text: string }) {
  // Columns count characters, not the halves of pairs that JavaScript counts.
  const signs = Array.from(text);
  const from = misread.column - 1;
  const to = from + Array.from(misread.word).length;
  return (
    <>
      <Wrong>
        <AlertTriangle size={14} /> {misread.message}
      </Wrong>
      {misread.word !== "" && (
        <Line>
          {signs.slice(0, from).join("")}
          <mark>{signs.slice(from, to).join("")}</mark>
          {signs.slice(to).join("")}
        </Line>
      )}
    </>
  );
}
