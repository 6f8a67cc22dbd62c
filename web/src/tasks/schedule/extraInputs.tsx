import { type ReactNode, useId, useState } from "react";
import { AlertTriangle } from "../../ui/icons.ts";
import { Block, Choice, Hint, Label, TextInput, Wrong } from "../modal/look.ts";
import type { Extras, Part } from "./useExtras.ts";

type TypedProps = {
  extras: Extras;
  label: string;
  type: "date" | "number";
  value: string;
  part: Part;
  placeholder?: string;
  hint?: string;
  onChange: (text: string) => void;
};

/** What is typed counts as soon as it can be one; until then it is only shown. */
export function Typed({ label, type, value, part, placeholder, hint, extras, onChange }: TypedProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Block>
      <Label htmlFor={id}>{label}</Label>
      <TextInput
        id={id}
        type={type}
        min={type === "number" ? 0 : undefined}
        placeholder={placeholder}
        value={typed ?? value}
        aria-invalid={extras.wrong?.part === part ? true : undefined}
        aria-describedby={`${id}-told`}
        onBlur={() => extras.wrong?.part === part || setTyped(null)}
        onChange={(event) => {
          setTyped(event.target.value);
          if (event.target.validity.badInput) return;
          if (type === "date" && event.target.value && !/^[1-9]\d{3}-/.test(event.target.value)) return;
          onChange(event.target.value);
        }}
      />
      <Told id={`${id}-told`} extras={extras} part={part} hint={hint} />
    </Block>
  );
}

type PickProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
  told?: ReactNode;
};

export function Pick<Value extends string>({ label, value, options, onChange, told }: PickProps<Value>) {
  const id = useId();
  return (
    <Block>
      <Label htmlFor={id}>{label}</Label>
      <Choice id={id} value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </Choice>
      {told}
    </Block>
  );
}

/** What was refused of this part, or a hint. */
export function Told({ id, extras, part, hint }: { extras: Extras; id?: string; part: Part; hint?: string }) {
  const { wrong } = extras;
  if (wrong?.part !== part) return hint ? <Hint id={id}>{hint}</Hint> : null;
  return (
    <Wrong id={id} role="alert">
      <AlertTriangle size={14} /> {wrong.message}.
    </Wrong>
  );
}
