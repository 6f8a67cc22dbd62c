import { ChevronDown } from "../../ui/icons.ts";
import { type ReactNode, useState } from "react";
import { AreaField, ChoiceField, TextField, useForm } from "./Field.tsx";
import { emptyForm, type FieldName, type Form } from "./form.ts";
import { Fold, Pair } from "./look.ts";

const OVERLAPS = [
  ["skip", "skip this one"],
  ["queue", "wait until it has ended"],
  ["allow", "run side by side"],
  ["replace", "stop it, run this one"],
] as const;
const CATCH_UPS = [
  ["latest", "run the latest"],
  ["all", "run all"],
  ["none", "run none"],
] as const;
const LOST = [
  ["retry", "try again"],
  ["fail", "count it as failed"],
] as const;

const wordsOf = (options: readonly (readonly [string, string])[], value: string) =>
  options.find(([name]) => name === value)?.[1] ?? value;

/** `no retries, no time limit, skip if running, missed: run the latest`. */
export function troubleWords(form: Form): string {
  const attempts = Number(form.attempts);
  const overlap = {
    skip: "skip if running",
    queue: "wait if running",
    allow: "may overlap",
    replace: "replace what runs",
  };
  return [
    attempts > 1 ? `up to ${attempts} attempts` : "no retries",
    form.timeout.trim() ? `stopped after ${form.timeout} s` : "no time limit",
    overlap[form.overlap as keyof typeof overlap] ?? form.overlap,
    `missed: ${wordsOf(CATCH_UPS, form.catchUp)}`,
  ].join(", ");
}

const USUAL = emptyForm("UTC");
const TROUBLE: readonly FieldName[] = [
  "timeout",
  "attempts",
  "firstDelay",
  "factor",
  "maxDelay",
  "overlap",
  "catchUp",
  "catchWindow",
  "catchRuns",
  "onLost",
];
const MORE: readonly FieldName[] = ["tags", "description", "pool", "priority", "keepDays", "keepRuns"];

const PAUSES = ["firstDelay", "factor", "maxDelay"] as const;

export function Trouble() {
  const { form, errors } = useForm();
  // Pauses mean nothing where nothing is tried again, unless one of them is what is wrong.
  const pauses = Number(form.attempts) > 1 || PAUSES.some((name) => errors[name]);
  const limited = form.catchUp === "all" || Boolean(errors.catchRuns);
  return (
    <Folding title="If things go wrong" summary={troubleWords(form)} fields={TROUBLE}>
      <Pair>
        <TextField name="timeout" label="Time limit, in seconds" inputMode="decimal" placeholder="none" />
        <TextField name="attempts" label="Attempts in all" inputMode="numeric" />
      </Pair>
      {pauses && (
        <Pair>
          <TextField name="firstDelay" label="First pause, in seconds" inputMode="decimal" />
          <TextField
            name="factor"
            label="Each pause longer by"
            inputMode="decimal"
            hint="2 doubles it; 1 keeps it the same"
          />
          <TextField name="maxDelay" label="Longest pause, in seconds" inputMode="decimal" />
        </Pair>
      )}
      <Pair>
        <ChoiceField name="overlap" label="If one still runs" options={OVERLAPS} />
        <ChoiceField name="onLost" label="If its worker is lost" options={LOST} />
      </Pair>
      <Pair>
        <ChoiceField name="catchUp" label="If some were missed" options={CATCH_UPS} />
        <TextField
          name="catchWindow"
          label="Missed at most, in hours"
          inputMode="decimal"
          hint="What is older is counted, not run"
        />
        {limited && (
          <TextField name="catchRuns" label="So many at most" inputMode="numeric" hint="The newest of them" />
        )}
      </Pair>
    </Folding>
  );
}

/** `kept for 7 days, at most 100`; nothing where it is as usual. */
export function keptWords({ keepDays, keepRuns }: Form): string {
  const days = keepDays === USUAL.keepDays ? "" : `kept for ${keepDays} days`;
  const runs = keepRuns === USUAL.keepRuns ? "" : `${days ? "" : "kept: "}at most ${keepRuns}`;
  return [days, runs].filter(Boolean).join(", ");
}

export function More() {
  const { form } = useForm();
  const summary = [
    form.tags.trim() || "no tags",
    `pool ${form.pool || "default"}`,
    Number(form.priority) ? `priority ${form.priority}` : "",
    form.description.trim() ? "described" : "",
    keptWords(form),
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <Folding title="Tags and notes" summary={summary} fields={MORE}>
      <AreaField name="description" mono={false} rows={2} />
      <Pair>
        <TextField name="tags" placeholder="ops, nightly" hint="With commas between them" />
        <TextField name="pool" />
        <TextField name="priority" inputMode="numeric" hint="From −10 to 10; higher goes first" />
      </Pair>
      <Pair>
        <TextField name="keepDays" label="Keep records for, in days" inputMode="numeric" />
        <TextField
          name="keepRuns"
          label="Keep so many at most"
          inputMode="numeric"
          hint="Older ones go with their output; they stay counted"
        />
      </Pair>
    </Folding>
  );
}

type FoldingProps = { title: string; summary: string; fields: readonly FieldName[]; children: ReactNode };

/** Opens by itself where something in it is wrong. */
function Folding({ title, summary, fields, children }: FoldingProps) {
  const { errors, changed } = useForm();
  const [open, setOpen] = useState(false);
  const wrong = fields.some((name) => errors[name]);
  const touched = fields.filter((name) => changed.has(name)).length;
  return (
    <Fold open={open || wrong} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronDown size={14} />
        <strong>{title}</strong>
        <span>
          {summary}
          {touched > 0 && ` · ${touched} changed`}
        </span>
      </summary>
      <div>{children}</div>
    </Fold>
  );
}
