/** An action run once, before anything is saved. */

import type { TrialBody } from "../../api/horarium.schemas.ts";
import { actionNow, LABELS, OF_KIND } from "./changes.ts";
import { checked } from "./checks.ts";
import { actionOfForm, type Form } from "./form.ts";
import { hasArgv, type Stored } from "./useSaving.ts";

/** The service lets no test run for longer. */
export const TRIAL_SECONDS_MAX = 3_600;

/** What keeps the action from being run as it is typed; neither a name nor a schedule is needed. */
export function whyNot(form: Form): string | null {
  const errors = checked(form, "a name");
  for (const name of [...OF_KIND[form.kind], "timeout"] as const) {
    const wrong = errors[name];
    if (wrong) return wrong.startsWith("Say") || wrong.startsWith("Name a") ? wrong : `${LABELS[name]}: ${wrong}`;
  }
  return null;
}

/** `stored`: the task that the form was filled from. Raises SyntaxError where `whyNot` says something. */
export function trialOf(form: Form, stored: Stored | null): TrialBody {
  const before = stored?.task.action;
  return {
    action: before ? actionNow(before, stored.form, form, hasArgv(stored.task)) : actionOfForm(form),
    timeout_seconds: form.timeout.trim() ? Math.min(Number(form.timeout), TRIAL_SECONDS_MAX) : null,
    pool: form.pool.trim() || "default",
  };
}
