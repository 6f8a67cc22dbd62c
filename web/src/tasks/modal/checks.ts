/** What is wrong with the fields: what can be told at once, and what the server said. */

import type { FieldError } from "../../lib/http.ts";
import { PASSED } from "../schedule/passed.ts";
import { type FieldName, type Form, pairs, words } from "./form.ts";

export type Errors = Partial<Record<FieldName, string>>;

const NUMBERS = [
  "timeout",
  "attempts",
  "firstDelay",
  "factor",
  "maxDelay",
  "catchWindow",
  "catchRuns",
  "priority",
  "keepDays",
  "keepRuns",
] as const;

/** Only what would keep the form from being sent at all; the rest is the server's to judge. */
export function checked(form: Form, suggested: string): Errors {
  const errors: Errors = {};
  if (form.kind === "command") {
    if (!form.shell.trim()) errors.shell = "Say what to run.";
    const bad = pairs(form.env, "=").find(([name]) => !/^[A-Za-z_]\w*$/.test(name));
    if (bad || form.env.split("\n").some((line) => line.trim() && !line.includes("=")))
      errors.env = "Write each line as NAME=value.";
  }
  if (form.kind === "http") {
    if (!form.url.trim()) errors.url = "Say which address to call.";
    if (form.headers.split("\n").some((line) => line.trim() && !/^\s*[^\s:]+\s*:/.test(line)))
      errors.headers = "Write each line as Name: value.";
    if (form.asJson && form.body.trim() && !isJson(form.body, () => true)) errors.body = "This is not JSON.";
    if (words(form.expectStatus).some((word) => !/^([1-5]xx|\d{3})$/i.test(word)))
      errors.expectStatus = "Write statuses such as 2xx or 200, 204.";
  }
  if (form.kind === "python") {
    if (!form.fn.trim()) errors.fn = "Name a function, as module:function.";
    if (form.args.trim() && !isJson(form.args, Array.isArray)) errors.args = 'Write a JSON list, such as ["a", 1].';
    if (form.kwargs.trim() && !isJson(form.kwargs, isObject))
      errors.kwargs = 'Write a JSON object, such as {"limit": 10}.';
  }
  if (form.kind === "log" && !form.message.trim()) errors.message = "Say what to write.";
  if (!form.when.trim()) errors.when = "Say when, e.g. every weekday at 9:00.";
  for (const name of NUMBERS) {
    const text = form[name].trim();
    if (text === "" ? name !== "timeout" : !Number.isFinite(Number(text))) errors[name] = "Write a number.";
  }
  // A name comes of what it does, so that is asked for first.
  if (!form.name.trim() && !suggested && Object.keys(errors).length === 0) errors.name = "Give it a name.";
  return errors;
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

function isJson(text: string, fits: (value: unknown) => boolean): boolean {
  try {
    return fits(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Longest first. */
const POINTERS: readonly [string, FieldName][] = [
  ["/policy/retry/first_delay_seconds", "firstDelay"],
  ["/policy/retry/max_delay_seconds", "maxDelay"],
  ["/policy/catch_up/window_seconds", "catchWindow"],
  ["/policy/retry/max_attempts", "attempts"],
  ["/action/expect_status", "expectStatus"],
  ["/policy/catch_up/max_runs", "catchRuns"],
  ["/policy/timeout_seconds", "timeout"],
  ["/policy/retry/factor", "factor"],
  ["/action/expect_body", "expectBody"],
  ["/schedule/timezone", "zone"],
  ["/action/function", "fn"],
  ["/policy/keep/days", "keepDays"],
  ["/policy/keep/runs", "keepRuns"],
  ["/policy/catch_up", "catchUp"],
  ["/action/headers", "headers"],
  ["/action/message", "message"],
  ["/policy/overlap", "overlap"],
  ["/policy/on_lost", "onLost"],
  ["/policy/retry", "attempts"],
  ["/policy/keep", "keepDays"],
  ["/action/kwargs", "kwargs"],
  ["/action/method", "method"],
  ["/action/shell", "shell"],
  ["/description", "description"],
  ["/action/argv", "shell"],
  ["/action/json", "body"],
  ["/action/body", "body"],
  ["/action/args", "args"],
  ["/action/env", "env"],
  ["/action/cwd", "cwd"],
  ["/action/url", "url"],
  ["/priority", "priority"],
  ["/timezone", "zone"],
  ["/schedule", "when"],
  ["/action", "kind"],
  ["/name", "name"],
  ["/pool", "pool"],
  ["/tags", "tags"],
  ["/text", "when"],
];

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The remedy follows, unless the message has said it already. */
function sentence(message: string, remedy: string | undefined): string {
  const told = capital(message);
  if (!remedy || told.toLowerCase().includes(remedy.toLowerCase())) return told.endsWith(".") ? told : `${told}.`;
  return `${told.endsWith(".") ? `${told} ${capital(remedy)}` : `${told}: ${remedy}`}.`;
}

/** What was said of each field; `rest`: of none of them. */
export function placed(told: readonly FieldError[]): { errors: Errors; rest: string[] } {
  const errors: Errors = {};
  const rest: string[] = [];
  for (const { pointer, message, remedy } of told) {
    const said = pointer === "/schedule/at" && message.endsWith(" has passed") ? PASSED : sentence(message, remedy);
    const name = POINTERS.find(([start]) => pointer === start || pointer.startsWith(`${start}/`))?.[1];
    if (name && !errors[name]) errors[name] = said;
    else if (!name) rest.push(said);
  }
  return { errors, rest };
}
