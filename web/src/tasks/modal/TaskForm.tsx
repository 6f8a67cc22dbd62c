import { type ClipboardEvent, type KeyboardEvent, useEffect, useMemo, useState } from "react";
import styled from "styled-components";
import type { TaskView } from "../../api/horarium.schemas.ts";
import { useNow } from "../../lib/now.ts";
import { plural } from "../../lib/plural.ts";
import { withZone } from "../../lib/time.ts";
import { Button } from "../../ui/Button.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useSay } from "../../ui/Toast.tsx";
import { color, media, size } from "../../ui/tokens.ts";
import { useNavigate, useSearchParams } from "react-router";
import { useLive } from "../context/live.tsx";
import { usePrefs } from "../context/prefs.tsx";
import { Builder } from "../schedule/Builder.tsx";
import { Exceptions } from "../schedule/Exceptions.tsx";
import { passedWords } from "../schedule/passed.ts";
import { useExtras } from "../schedule/useExtras.ts";
import { type Schedule, useSchedule } from "../schedule/useSchedule.ts";
import { WhenField } from "../schedule/WhenField.tsx";
import { ZonePicker } from "../schedule/ZonePicker.tsx";
import { withShown } from "../formRoute.ts";
import { changedFields } from "./changes.ts";
import { FormContext } from "./Field.tsx";
import type { FieldName, Form } from "./form.ts";
import { History } from "./History.tsx";
import { Group, Note, Tabs } from "./look.ts";
import { Merge } from "./Merge.tsx";
import { pasted } from "./paste.ts";
import { Proof } from "./Proof.tsx";
import { suggestedName } from "./suggest.ts";
import { Trial } from "./Trial.tsx";
import { More, Trouble } from "./Trouble.tsx";
import { hasArgv, sameWhen, type Stored, useSaving } from "./useSaving.ts";
import { What } from "./What.tsx";

const Body = styled.div`
  flex: 1; min-block-size: 0; display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(0, 380px); overscroll-behavior: contain;
  & > * { overflow: auto; }
  & > .fields { display: grid; gap: 20px; align-content: start; padding: 20px; }
  & > aside { display: grid; gap: 20px; align-content: start; padding: 20px; background: ${color.sunken}; border-inline-start: 1px solid ${color.line}; }
  @media (max-width: 900px) {
    display: block; overflow: auto;
    & > * { overflow: visible; }
    & > aside { border-inline-start: 0; border-block-start: 1px solid ${color.line}; }
  }
  ${media.phone} { & > .fields, & > aside { padding: 16px; } }
`;

const Foot = styled.footer`
  display: flex; align-items: center; gap: 12px; padding: 10px 20px; border-block-start: 1px solid ${color.line}; background: ${color.ground};
  & > p { flex: 1; min-inline-size: 0; font-size: ${size.small}; line-height: 18px; color: ${color.textSoft}; overflow-wrap: anywhere; }
  ${media.phone} { padding: 8px 16px calc(8px + env(safe-area-inset-bottom)); flex-wrap: wrap; & > p { flex: 1 1 100%; &:empty { display: none; } } & > button { flex: 1; } }
`;

type Props = {
  mode: "new" | "copy" | "edit";
  title: string;
  task: TaskView | null;
  start: Form;
  said: string | null;
  onDirty: (dirty: boolean) => void;
  onClose: () => void;
  onDone: () => void;
};

export function TaskForm({ mode, title, task, start, said, onDirty, onClose, onDone }: Props) {
  const { serverZone } = useLive();
  const { hours } = usePrefs();
  const say = useSay();
  const navigate = useNavigate();
  const [form, setForm] = useState(start);
  const [begun] = useState(start);
  const [stored, setStored] = useState<Stored | null>(task && { task, form: start });
  const [filled, setFilled] = useState<{ said: string; before: Form | null } | null>(
    said ? { said, before: null } : null,
  );
  const [search, setSearch] = useSearchParams();
  const tab = search.get("show") === "history" ? "history" : "form";
  const suggested = suggestedName(form);
  const editing = mode === "edit";

  const kept = stored && sameWhen(stored.form, form) ? (stored.task.schedule as Schedule) : null;
  const saving = useSaving({
    mode,
    form,
    setForm,
    stored,
    setStored,
    suggested,
    zone: begun.zone,
    onSaved: (saved) => {
      onDirty(false);
      if (saved) {
        const words = editing ? `Saved ${saved.name}` : `Scheduled ${saved.name}`;
        say(words, editing ? {} : { action: { label: "Show", run: () => void navigate(`/tasks/${saved.id}`) } });
      }
      onDone();
    },
  });

  const before = editing ? (stored?.form ?? null) : null;
  const changed = useMemo(() => new Set(before ? changedFields(before, form) : []), [before, form]);
  const dirty =
    changedFields(begun, form).length > 0 && (before === null || changed.size > 0 || saving.meeting !== null);
  useEffect(() => onDirty(dirty), [dirty, onDirty]);

  // Somebody else's save is what is saved from the moment it is known, not only once the fields are chosen.
  const saved = editing ? (saving.meeting?.theirs ?? stored?.task) : undefined;
  const read = useSchedule(form.when, form.zone, { saved, stored: kept });
  const passed = passedWords(read, kept ?? read.parsed?.schedule ?? null, form.zone, hours);

  const set = (change: Partial<Form>) => {
    setForm((now) => ({ ...now, ...change }));
    saving.forget(Object.keys(change));
    // What is typed now is meant, whatever stood chosen.
    for (const name of Object.keys(change)) saving.choose(name as FieldName, "mine");
  };
  const extras = useExtras({ form, set, read, kept });
  const onPaste = (event: ClipboardEvent) => {
    const found = pasted(event.clipboardData.getData("text"));
    if (!found) return;
    event.preventDefault();
    setFilled({ said: found.said, before: form });
    set(found.change);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    if (!extras.busy) void saving.save(passed);
  };
  const held = { form, set, errors: saving.errors, changed, before };

  return (
    <FormContext value={held}>
      <Sheet
        title={title}
        onClose={onClose}
        onKeyDown={onKeyDown}
        aside={
          editing && (
            <Tabs role="radiogroup" aria-label="Show">
              {(["form", "history"] as const).map((one) => (
                <label key={one}>
                  <input
                    type="radio"
                    name="sheet"
                    checked={tab === one}
                    onChange={() => setSearch(withShown(search, one), { replace: true })}
                  />
                  {one === "form" ? "Form" : "History"}
                </label>
              ))}
            </Tabs>
          )
        }
      >
        <Body>
          {tab === "history" && stored ? (
            <div className="fields">
              <History task={stored.task} zone={form.zone} onRestored={() => (onDirty(false), onDone())} />
            </div>
          ) : (
            <div className="fields">
              {saving.meeting && (
                <Merge {...saving.meeting} form={form} onChoose={saving.choose} onDone={() => saving.settle()} />
              )}
              {saving.rest.length > 0 && (
                <Note data-tone="failed" role="alert">
                  {saving.rest.join(" ")}
                </Note>
              )}
              {filled && (
                <Note role="status">
                  <span style={{ flex: 1 }}>{filled.said}</span>
                  {filled.before && (
                    <Button
                      look="ghost"
                      onClick={() => {
                        if (filled.before) setForm(filled.before);
                        setFilled(null);
                      }}
                    >
                      Undo
                    </Button>
                  )}
                </Note>
              )}
              <What suggested={suggested} argv={before !== null && hasArgv(stored?.task)} onPaste={onPaste} />
              <Trial form={form} stored={stored} />
              <Group>
                <legend>Schedule</legend>
                <WhenField read={read} passed={passed} onPaste={onPaste} />
                <Builder read={read} stored={extras.sure} />
                <ZonePicker serverZone={serverZone} />
                <Exceptions extras={extras} />
              </Group>
              <Trouble />
              <More />
            </div>
          )}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys */}
          <aside aria-label="What the schedule means" tabIndex={0}>
            <Proof read={read} zone={form.zone} empty={form.when.trim() === ""} editing={editing && kept === null} />
          </aside>
        </Body>
        <Foot>
          <FootWords
            stored={editing ? stored : null}
            form={form}
            count={changed.size}
            next={read.pending || kept ? undefined : read.preview?.due[0]}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            title="Ctrl-S or ⌘S"
            disabled={saving.saving || extras.busy || (editing && !dirty)}
            onClick={() => void saving.save(passed)}
          >
            {editing ? "Save" : "Schedule"}
          </Button>
        </Foot>
      </Sheet>
    </FormContext>
  );
}

type WordsProps = { stored: Stored | null; form: Form; count: number; next: string | undefined };

/** `2 changes · next run moves from Tue 24 Nov 09:00 CET to …`. */
function FootWords({ stored, form, count, next }: WordsProps) {
  const { hours } = usePrefs();
  const now = useNow();
  if (!stored) return <p aria-live="polite" />;
  const words = (instant: string) => withZone(new Date(instant), form.zone, now, hours);
  const was = stored.task.next_due_at;
  const moves =
    next && was && Date.parse(next) !== Date.parse(was) ? ` · next run moves from ${words(was)} to ${words(next)}` : "";
  return <p aria-live="polite">{count === 0 ? "Nothing changed yet" : plural(count, "change") + moves}</p>;
}
