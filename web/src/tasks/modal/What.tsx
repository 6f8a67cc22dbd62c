import type { ClipboardEvent } from "react";
import { Checkbox } from "../../ui/misc.tsx";
import { AreaField, ChoiceField, TextField, useForm } from "./Field.tsx";
import type { Kind } from "./form.ts";
import { Group, Hint, Label, Pair, Tabs } from "./look.ts";

const KINDS: readonly (readonly [Kind, string])[] = [
  ["command", "Command"],
  ["http", "HTTP"],
  ["python", "Python"],
  ["log", "Log"],
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((name) => [name, name] as const);

type Props = { suggested: string; argv: boolean; onPaste: (event: ClipboardEvent) => void };

/** What the task is called and what it does. */
export function What({ suggested, argv, onPaste }: Props) {
  const { form, set, changed } = useForm();
  return (
    <Group onPaste={onPaste}>
      <legend>What</legend>
      <TextField
        name="name"
        placeholder={suggested || "nightly backup"}
        hint={!form.name && suggested ? `Left empty, it is called “${suggested}”.` : undefined}
      />
      <Tabs role="radiogroup" aria-label="What it does">
        {KINDS.map(([kind, words]) => (
          <label key={kind}>
            <input
              type="radio"
              name="kind"
              data-field={kind === form.kind ? "kind" : undefined}
              checked={kind === form.kind}
              onChange={() => set({ kind })}
            />
            {words}
          </label>
        ))}
      </Tabs>
      {form.kind === "command" && (
        <>
          <AreaField
            name="shell"
            first
            placeholder={'echo "hello"'}
            hint={
              argv
                ? changed.has("shell")
                  ? "It was a list of words without a shell; as changed it is a line for /bin/sh."
                  : "A list of words without a shell; changed here it becomes a line for /bin/sh."
                : "A line for /bin/sh. A curl command or a crontab line can be pasted."
            }
          />
          <Pair>
            <TextField name="cwd" mono placeholder="the home folder" />
            <AreaField name="env" rows={1} placeholder="NAME=value" />
          </Pair>
        </>
      )}
      {form.kind === "http" && <Http />}
      {form.kind === "python" && (
        <>
          <TextField name="fn" mono first placeholder="package.module:function" />
          <Pair>
            <TextField name="args" mono placeholder='["a", 1]' hint="A JSON list" />
            <TextField name="kwargs" mono placeholder='{"limit": 10}' hint="A JSON object" />
          </Pair>
        </>
      )}
      {form.kind === "log" && (
        <AreaField
          name="message"
          mono={false}
          first
          placeholder="still here"
          hint="It is written to the run's output."
        />
      )}
    </Group>
  );
}

function Http() {
  const { form, set } = useForm();
  return (
    <>
      <div style={{ display: "grid", gridTemplateColumns: "112px minmax(0, 1fr)", gap: 12, alignItems: "start" }}>
        <ChoiceField name="method" options={METHODS} />
        <TextField name="url" mono first inputMode="url" placeholder="https://example.com/health" />
      </div>
      <AreaField name="headers" rows={1} placeholder="Accept: application/json" />
      {!["GET", "HEAD"].includes(form.method) || form.body ? (
        <>
          <AreaField name="body" rows={3} />
          <Label style={{ fontWeight: 400 }}>
            <Checkbox checked={form.asJson} onChange={(event) => set({ asJson: event.target.checked })} /> The body is
            JSON
          </Label>
        </>
      ) : null}
      <Pair>
        <TextField name="expectStatus" hint="Such as 2xx, or 200, 204" />
        <TextField name="expectBody" placeholder="any" />
      </Pair>
      <Hint>The answer's body is the run's output.</Hint>
    </>
  );
}
