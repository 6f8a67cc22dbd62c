/** What differs between two states of the form, and what is sent for it. */

import type { PatchTaskBodyOne } from "../../api/horarium.schemas.ts";
import { type Action, actionOfForm, definitionOf, type FieldName, type Form } from "./form.ts";

export const LABELS: Record<FieldName, string> = {
  name: "Name",
  kind: "What it does",
  shell: "Command",
  env: "Environment",
  cwd: "Folder",
  method: "Method",
  url: "Address",
  headers: "Headers",
  body: "Body",
  asJson: "Body is JSON",
  expectStatus: "Expected status",
  expectBody: "Expected text",
  fn: "Function",
  args: "Arguments",
  kwargs: "Named arguments",
  message: "Message",
  when: "When",
  zone: "Time zone",
  timeout: "Time limit",
  attempts: "Attempts",
  firstDelay: "First pause",
  factor: "Each pause longer by",
  maxDelay: "Longest pause",
  overlap: "If it still runs",
  catchUp: "If it was missed",
  catchWindow: "Missed at most",
  catchRuns: "Missed runs at most",
  onLost: "If its worker is lost",
  description: "Description",
  tags: "Tags",
  pool: "Pool",
  priority: "Priority",
  keepDays: "Kept for",
  keepRuns: "Runs kept",
};

export const OF_KIND: Record<Form["kind"], readonly FieldName[]> = {
  command: ["shell", "env", "cwd"],
  http: ["method", "url", "headers", "body", "asJson", "expectStatus", "expectBody"],
  python: ["fn", "args", "kwargs"],
  log: ["message"],
};
const OTHERS: ReadonlySet<FieldName> = new Set(Object.values(OF_KIND).flat());

/** The fields that count and are different; those of another kind of action do not count. */
export function changedFields(before: Form, after: Form): FieldName[] {
  const counted = new Set(OF_KIND[after.kind]);
  return (Object.keys(LABELS) as FieldName[]).filter((name) => {
    if (OTHERS.has(name) && !counted.has(name)) return false;
    return same(before[name]) !== same(after[name]);
  });
}

const same = (value: string | boolean) => (typeof value === "string" ? value.trim() : value);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** RFC 7396: what has to be sent so that `before` becomes `after`; undefined where that is nothing. */
export function mergePatch(before: unknown, after: unknown): Json | undefined {
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : (after as Json);
  }
  const patch: Record<string, Json> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!(name in after)) patch[name] = null;
    else if (!(name in before)) patch[name] = after[name] ?? null;
    else {
      const inner = mergePatch(before[name], after[name]);
      if (inner !== undefined) patch[name] = inner;
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** RFC 7396: `patch` laid over `value`. */
export function merged(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const made: Record<string, unknown> = isObject(value) ? { ...value } : {};
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) delete made[name];
    else made[name] = merged(made[name], change);
  }
  return made;
}

/** All that changed but the schedule. `argv`: the task's command is a list of words, which a shell line replaces. */
export function patchOf(before: Form, after: Form, argv: boolean): PatchTaskBodyOne {
  const [old, now] = [definitionOf(before), definitionOf(after)];
  const patch = (mergePatch(old, now) ?? {}) as Record<string, Json>;
  if (patch.action !== undefined) {
    // Another kind takes the place of the whole object.
    if (old.action.kind !== now.action.kind) patch.action = now.action as unknown as Json;
    else if (isObject(patch.action)) {
      if ("shell" in patch.action && argv) patch.action.argv = null;
      // JSON is one value: merging into it could not take nulls.
      if ("json" in now.action && now.action.json !== undefined && "json" in patch.action)
        patch.action = now.action as unknown as Json;
    }
  }
  return patch as PatchTaskBodyOne;
}

/** The action as it is typed now, with what the form has no field for as it is stored. */
export function actionNow(stored: Action, before: Form, after: Form, argv: boolean): Action {
  const whole = actionOfForm(after);
  const patch = patchOf(before, after, argv).action;
  if (!patch) return stored;
  if (stored.kind !== whole.kind) return whole;
  const made = merged(stored, patch) as Action;
  // JSON is one value: laid over the other it would lose its nulls.
  return whole.kind === "http" && whole.json !== undefined ? ({ ...made, json: whole.json } as Action) : made;
}

export type Choice = "mine" | "theirs";
export type Conflict = { name: FieldName; mine: Form[FieldName]; theirs: Form[FieldName]; both: boolean };

/** Where somebody else's save differs from what one began with. `both`: one has changed it too, to something else. */
export function conflicts(base: Form, mine: Form, theirs: Form): Conflict[] {
  return (Object.keys(LABELS) as FieldName[])
    .filter((name) => same(base[name]) !== same(theirs[name]) && same(mine[name]) !== same(theirs[name]))
    .map((name) => ({ name, mine: mine[name], theirs: theirs[name], both: same(base[name]) !== same(mine[name]) }));
}

/** The form after choosing: what is not chosen stays one's own where one has changed it, else becomes theirs. */
export function resolved(mine: Form, found: readonly Conflict[], choices: Partial<Record<FieldName, Choice>>): Form {
  const made: Record<string, string | boolean> = { ...mine };
  for (const { name, theirs, both } of found) {
    if ((choices[name] ?? (both ? "mine" : "theirs")) === "theirs") made[name] = theirs;
  }
  return made as Form;
}
