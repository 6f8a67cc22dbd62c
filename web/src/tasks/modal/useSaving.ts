import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readTask } from "../../api/horarium.ts";
import type { Draft, PatchTaskBodyOne, TaskView } from "../../api/horarium.schemas.ts";
import { refusalOf } from "../../lib/http.ts";
import { useTaskActions } from "../context/actions.tsx";
import { parseQuery } from "../schedule/useSchedule.ts";
import { actionNow, type Choice, type Conflict, conflicts, merged, patchOf, resolved } from "./changes.ts";
import { checked, type Errors, placed } from "./checks.ts";
import { definitionOf, type FieldName, type Form, formOf } from "./form.ts";

export type Stored = { task: TaskView; form: Form };
export type Meeting = { theirs: TaskView; who: string; found: Conflict[]; choices: Partial<Record<FieldName, Choice>> };

type Wishes = {
  mode: "new" | "copy" | "edit";
  form: Form;
  setForm: (form: Form) => void;
  /** The task as it was when the form was filled. */
  stored: Stored | null;
  setStored: (stored: Stored) => void;
  suggested: string;
  zone: string;
  onSaved: (task: TaskView | null) => void;
};

export const hasArgv = (task: TaskView | undefined): boolean =>
  task?.action?.kind === "command" && Boolean(task.action.argv);

export const sameWhen = (a: Form, b: Form): boolean => a.when.trim() === b.when.trim() && a.zone === b.zone;

/** The first of these that is there gets the focus, or at least comes into sight, once it is drawn. */
function useShow(): (...selectors: string[]) => void {
  const [wanted, setWanted] = useState<readonly string[]>([]);
  useEffect(() => {
    for (const selector of wanted) {
      const found = document.querySelector<HTMLElement>(`[role="dialog"] ${selector}`);
      if (!found) continue;
      found.focus();
      found.scrollIntoView({ block: "nearest" });
      return;
    }
  }, [wanted]);
  return (...selectors) => setWanted(selectors);
}

/** Saves, and says what stood in the way: fields that are wrong, or somebody who was faster. */
export function useSaving({ mode, form, setForm, stored, setStored, suggested, zone, onSaved }: Wishes) {
  const actions = useTaskActions();
  const client = useQueryClient();
  const show = useShow();
  const [errors, setErrors] = useState<Errors>({});
  const [rest, setRest] = useState<readonly string[]>([]);
  const [saving, setSaving] = useState(false);
  const [meeting, setMeeting] = useState<Meeting | null>(null);

  const refuse = (wrong: Errors, others: readonly string[] = []) => {
    setErrors(wrong);
    setRest(others);
    show('[aria-invalid="true"]', '[role="alert"]');
  };

  /** What is chosen becomes the form, and theirs what it is compared with. */
  const settle = (): { form: Form; stored: Stored | null } => {
    if (!meeting) return { form, stored };
    const next = resolved(form, meeting.found, meeting.choices);
    const base = { task: meeting.theirs, form: formOf(meeting.theirs, zone) };
    setForm(next);
    setStored(base);
    setMeeting(null);
    return { form: next, stored: base };
  };

  const send = async (now: Form, base: Stored | null): Promise<TaskView | null> => {
    const named = { ...now, name: now.name.trim() || suggested };
    const unchanged = base !== null && sameWhen(base.form, now);
    const parsed = unchanged ? null : await client.fetchQuery(parseQuery(now.when, now.zone));
    if (base && mode === "edit") {
      const patch: PatchTaskBodyOne = patchOf(base.form, named, hasArgv(base.task));
      if (parsed) patch.schedule = { ...parsed.schedule };
      return Object.keys(patch).length > 0 ? actions.update(base.task, patch) : null;
    }
    if (base) {
      const { description, tags, pool, priority, action, policy } = base.task;
      const own = { name: base.form.name, description, tags, pool, priority, action, policy };
      const { anchor: _, ...schedule } = { anchor: null, ...base.task.schedule };
      const draft = merged(own, patchOf(base.form, named, hasArgv(base.task))) as Omit<Draft, "schedule">;
      if (action) draft.action = actionNow(action, base.form, named, hasArgv(base.task));
      return actions.create({ ...draft, schedule: parsed?.schedule ?? (schedule as Draft["schedule"]) });
    }
    return parsed && actions.create({ ...definitionOf(named), schedule: parsed.schedule });
  };

  /** `passed`: why what stands in the field for when would be refused. */
  const save = async (passed: string | null) => {
    if (saving) return;
    const now = settle();
    const wrong = checked(now.form, suggested);
    if (Object.keys(wrong).length > 0 || (passed && sameWhen(now.form, form))) return refuse(wrong);
    setErrors({});
    setRest([]);
    setSaving(true);
    try {
      onSaved(await send(now.form, now.stored));
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      if (refusal.status === 412 && now.stored) {
        const theirs = await readTask(now.stored.task.id);
        const found = conflicts(now.stored.form, now.form, formOf(theirs, zone));
        setMeeting({ theirs, who: String(refusal.facts.changed_by ?? "Somebody else"), found, choices: {} });
        show("[data-merge] input:checked", "[data-merge] button");
      } else {
        const { errors: fields, rest: others } = placed(refusal.errors);
        refuse(fields, refusal.errors.length === 0 ? [refusal.message] : others);
      }
    } finally {
      setSaving(false);
    }
  };

  return {
    errors,
    rest,
    saving,
    meeting,
    save,
    settle,
    forget: (names: readonly string[]) =>
      setErrors((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !names.includes(name)))),
    choose: (name: FieldName, choice: Choice) =>
      setMeeting((before) => before && { ...before, choices: { ...before.choices, [name]: choice } }),
  };
}
