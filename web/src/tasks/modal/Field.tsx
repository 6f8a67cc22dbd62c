import { type ChangeEvent, createContext, type ReactNode, useContext, useId } from "react";
import { AlertTriangle } from "../../ui/icons.ts";
import type { Errors } from "./checks.ts";
import type { FieldName, Form } from "./form.ts";
import { Area, Block, Choice, Hint, Label, TextInput, Wrong } from "./look.ts";
import { LABELS } from "./changes.ts";

export type Held = {
  form: Form;
  set: (change: Partial<Form>) => void;
  errors: Errors;
  changed: ReadonlySet<FieldName>;
  before: Form | null;
};

export const FormContext = createContext<Held | null>(null);

export function useForm(): Held {
  const held = useContext(FormContext);
  if (!held) throw new Error("a field stands outside its form");
  return held;
}

type Text = Exclude<FieldName, "asJson">;

type Wiring = {
  id: string;
  "data-field": FieldName;
  "aria-invalid": boolean | undefined;
  "aria-describedby": string | undefined;
};

type FieldProps = { name: FieldName; label?: string; hint?: ReactNode; children: (wiring: Wiring) => ReactNode };

/** A label, whatever takes the value, and below it a hint, or what is wrong. */
export function Field({ name, label = LABELS[name], hint, children }: FieldProps) {
  const { errors, changed, before } = useForm();
  const id = useId();
  const wrong = errors[name];
  const told = wrong || hint ? `${id}-told` : undefined;
  const was = before?.[name];
  return (
    <Block>
      <Label htmlFor={id}>
        {label}
        {changed.has(name) && (
          <span className="changed" title={typeof was === "string" ? `was: ${was || "empty"}` : undefined}>
            changed
          </span>
        )}
      </Label>
      {children({ id, "data-field": name, "aria-invalid": wrong ? true : undefined, "aria-describedby": told })}
      {wrong ? (
        <Wrong id={told} role="alert">
          <AlertTriangle size={14} /> {wrong}
        </Wrong>
      ) : (
        hint && <Hint id={told}>{hint}</Hint>
      )}
    </Block>
  );
}

type InputProps = {
  name: Text;
  label?: string;
  hint?: ReactNode;
  placeholder?: string;
  mono?: boolean;
  type?: string;
  first?: boolean;
  inputMode?: "numeric" | "decimal" | "url";
  onPaste?: (event: React.ClipboardEvent) => void;
};

export function TextField({ name, label, hint, mono, first, ...rest }: InputProps) {
  const { form, set } = useForm();
  return (
    <Field name={name} label={label} hint={hint}>
      {(wiring) => (
        <TextInput
          {...wiring}
          {...rest}
          data-mono={mono}
          data-autofocus={first}
          autoComplete="off"
          spellCheck={mono ? false : undefined}
          value={form[name]}
          onChange={(event: ChangeEvent<HTMLInputElement>) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

export function AreaField({
  name,
  label,
  hint,
  mono = true,
  rows = 2,
  first,
  ...rest
}: InputProps & { rows?: number }) {
  const { form, set } = useForm();
  return (
    <Field name={name} label={label} hint={hint}>
      {(wiring) => (
        <Area
          {...wiring}
          placeholder={rest.placeholder}
          onPaste={rest.onPaste}
          rows={rows}
          data-mono={mono}
          data-autofocus={first}
          autoCapitalize="off"
          spellCheck={!mono}
          value={form[name]}
          onChange={(event: ChangeEvent<HTMLTextAreaElement>) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

export function ChoiceField({
  name,
  label,
  hint,
  options,
}: {
  name: Text;
  label?: string;
  hint?: ReactNode;
  options: readonly (readonly [string, string])[];
}) {
  const { form, set } = useForm();
  return (
    <Field name={name} label={label} hint={hint}>
      {(wiring) => (
        <Choice {...wiring} value={form[name]} onChange={(event) => set({ [name]: event.target.value })}>
          {options.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Choice>
      )}
    </Field>
  );
}
