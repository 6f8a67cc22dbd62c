import styled from "styled-components";
import { Button } from "../../ui/Button.tsx";
import { AlertTriangle, Check } from "../../ui/icons.ts";
import { Mono } from "../../ui/misc.tsx";
import { color, font, media, radius, size } from "../../ui/tokens.ts";
import { type Choice, type Conflict, LABELS } from "./changes.ts";
import type { FieldName, Form } from "./form.ts";

const Box = styled.section`
  display: grid; gap: 10px; padding: 12px; border: 1px solid ${color.late}; border-radius: ${radius}; background: ${color.lateSoft};
  & > p { display: flex; gap: 6px; color: ${color.lateText}; font-size: ${size.small}; line-height: 18px; & > svg { margin-block-start: 2px; } }
`;
const One = styled.fieldset`
  margin: 0; padding: 0; border: 0; display: grid; gap: 6px; grid-template-columns: repeat(2, minmax(0, 1fr)); min-inline-size: 0;
  & > legend { padding: 0; margin-block-end: 4px; font-size: ${size.small}; font-weight: 500; }
  & > label {
    position: relative; display: grid; gap: 2px; padding: 8px 10px; border-radius: ${radius}; background: ${color.ground}; border: 1px solid ${color.line}; font-size: ${size.small}; cursor: pointer;
    & > input { position: absolute; inset: 0; opacity: 0; margin: 0; inline-size: 100%; block-size: 100%; cursor: pointer; }
    & > code { font-family: ${font.mono}; white-space: pre-wrap; overflow-wrap: anywhere; max-block-size: 120px; overflow: auto; }
    &:has(:checked) { border-color: ${color.accent}; box-shadow: inset 0 0 0 1px ${color.accent}; }
    &:has(:focus-visible) { outline: 2px solid ${color.focus}; outline-offset: 1px; }
  }
  ${media.phone} { grid-template-columns: minmax(0, 1fr); }
`;
const Who = styled.span`display: flex; align-items: center; gap: 4px; font-size: ${size.tiny}; color: ${color.textSoft};`;

type Props = {
  who: string;
  form: Form;
  found: readonly Conflict[];
  choices: Partial<Record<FieldName, Choice>>;
  onChoose: (name: FieldName, choice: Choice) => void;
  onDone: () => void;
};

/** Somebody else saved first: each field that differs is taken from one or the other. */
export function Merge({ who, form, found, choices, onChoose, onDone }: Props) {
  return (
    <Box role="alert" aria-label="Changed meanwhile" data-merge>
      <p>
        <AlertTriangle size={14} /> {who} saved this task while you were editing. Nothing of yours is lost: choose,
        field by field, then save again.
      </p>
      {found.length === 0 && <p>What you have typed does not touch what they changed.</p>}
      {found.map(({ name, theirs, both }) => {
        const chosen = choices[name] ?? (both ? "mine" : "theirs");
        return (
          <One key={name}>
            <legend>{LABELS[name]}</legend>
            {(["mine", "theirs"] as const).map((side) => (
              <label key={side}>
                <input
                  type="radio"
                  name={`merge-${name}`}
                  checked={chosen === side}
                  onChange={() => onChoose(name, side)}
                />
                <Who>
                  {chosen === side && <Check size={14} />}{" "}
                  {side === "mine" ? (both ? "Yours" : "As it was for you") : "Theirs"}
                </Who>
                <Mono>{String(side === "mine" ? form[name] : theirs) || "empty"}</Mono>
              </label>
            ))}
          </One>
        );
      })}
      <div>
        <Button onClick={onDone}>Use what is chosen</Button>
      </div>
    </Box>
  );
}
