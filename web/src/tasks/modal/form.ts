/** What the form holds, all as a person types it, and what the API takes and gives. */

import type { Command, Draft, Http, Policy, PythonCall, TaskView } from "../../api/horarium.schemas.ts";
import { reading } from "../../lib/reading.ts";
import { quoted } from "./quoting.ts";

export type Kind = "command" | "http" | "python" | "log";

export type Form = {
  name: string;
  kind: Kind;
  shell: string;
  env: string;
  cwd: string;
  method: string;
  url: string;
  headers: string;
  body: string;
  asJson: boolean;
  expectStatus: string;
  expectBody: string;
  fn: string;
  args: string;
  kwargs: string;
  message: string;
  when: string;
  zone: string;
  timeout: string;
  attempts: string;
  firstDelay: string;
  factor: string;
  maxDelay: string;
  overlap: string;
  catchUp: string;
  catchWindow: string;
  catchRuns: string;
  onLost: string;
  description: string;
  tags: string;
  pool: string;
  priority: string;
  keepDays: string;
  keepRuns: string;
};

export type FieldName = keyof Form;

export const emptyForm = (zone: string): Form => ({
  name: "",
  kind: "command",
  shell: "",
  env: "",
  cwd: "",
  method: "GET",
  url: "",
  headers: "",
  body: "",
  asJson: false,
  expectStatus: "2xx",
  expectBody: "",
  fn: "",
  args: "",
  kwargs: "",
  message: "",
  when: "",
  zone,
  timeout: "",
  attempts: "1",
  firstDelay: "10",
  factor: "2",
  maxDelay: "3600",
  overlap: "skip",
  catchUp: "latest",
  catchWindow: "24",
  catchRuns: "100",
  onLost: "retry",
  description: "",
  tags: "",
  pool: "default",
  priority: "0",
  keepDays: "30",
  keepRuns: "1000",
});

type Definition = Pick<
  TaskView,
  "name" | "description" | "tags" | "pool" | "priority" | "schedule" | "action" | "policy"
> & {
  sentence?: string | null;
};

/** The form of a task; `zone` is for schedules that have none of their own. */
export function formOf(task: Definition, zone: string): Form {
  const policy = task.policy ?? {};
  return {
    ...emptyForm(zone),
    ...actionFields(task.action),
    ...whenFields(task, zone),
    name: task.name,
    timeout: policy.timeout_seconds ? String(policy.timeout_seconds) : "",
    attempts: String(policy.retry?.max_attempts ?? 1),
    firstDelay: String(policy.retry?.first_delay_seconds ?? 10),
    factor: String(policy.retry?.factor ?? 2),
    maxDelay: String(policy.retry?.max_delay_seconds ?? 3_600),
    overlap: policy.overlap ?? "skip",
    catchUp: policy.catch_up?.mode ?? "latest",
    catchWindow: String((policy.catch_up?.window_seconds ?? 86_400) / 3600),
    catchRuns: String(policy.catch_up?.max_runs ?? 100),
    onLost: policy.on_lost ?? "retry",
    description: task.description,
    tags: task.tags.join(", "),
    pool: task.pool,
    priority: String(task.priority),
    keepDays: String(policy.keep?.days ?? 30),
    keepRuns: String(policy.keep?.runs ?? 1_000),
  };
}

function actionFields(action: Definition["action"]): Partial<Form> {
  switch (action?.kind) {
    case "command":
      return {
        kind: "command",
        shell: action.shell ?? (action.argv ?? []).map(quoted).join(" "),
        env: lines(action.env, "="),
        cwd: action.cwd ?? "",
      };
    case "http": {
      const asJson = action.json !== undefined && action.json !== null;
      return {
        kind: "http",
        method: action.method ?? "GET",
        url: action.url,
        headers: lines(action.headers, ": "),
        body: asJson ? JSON.stringify(action.json, null, 2) : (action.body ?? ""),
        asJson,
        expectStatus: (action.expect_status ?? ["2xx"]).join(", "),
        expectBody: action.expect_body ?? "",
      };
    }
    case "python":
      return {
        kind: "python",
        fn: action.function,
        args: action.args?.length ? JSON.stringify(action.args) : "",
        kwargs: Object.keys(action.kwargs ?? {}).length > 0 ? JSON.stringify(action.kwargs) : "",
      };
    case "log":
      return { kind: "log", message: action.message };
    case undefined:
      return {};
  }
}

const lines = (of: Record<string, string> | undefined, between: string) =>
  Object.entries(of ?? {})
    .map(([name, value]) => `${name}${between}${value}`)
    .join("\n");

/** The server's sentence, which it reads back as the same schedule; the zone stands in a field of its own. */
function whenFields({ schedule, sentence }: Definition, zone: string): Partial<Form> {
  if (!schedule) return {};
  switch (schedule.kind) {
    case "once": {
      const { date, time, seconds } = reading(new Date(schedule.at), zone);
      return { zone, when: `${date} ${time}${seconds === "00" ? "" : `:${seconds}`}` };
    }
    case "every":
      return {
        zone,
        when: (sentence ?? `every ${schedule.seconds} seconds`).replace(/, counted from \d{4}-[\d-]+ [\d:.]+Z/, ""),
      };
    case "cron":
    case "rrule": {
      const written = schedule.kind === "cron" ? schedule.expression : schedule.rule;
      return { zone: schedule.timezone, when: sentence ? textOf(schedule, sentence) : written };
    }
    case "any_of":
      return { zone, when: sentence ?? "" };
  }
}

/** The sentence of a schedule as it stands in the box, beside the field for the zone. */
export const textOf = (schedule: Draft["schedule"], sentence: string): string =>
  "timezone" in schedule ? sentence.replace(`, ${schedule.timezone}`, "") : sentence;

export type Action = Draft["action"];

/** The action as it is typed. Raises for nothing: what cannot be read is caught by `checked` before. */
export function actionOfForm(form: Form): Action {
  switch (form.kind) {
    case "command": {
      const action: Command = { kind: "command", shell: form.shell.trim() };
      const env = pairs(form.env, "=");
      if (env.length > 0) action.env = Object.fromEntries(env);
      if (form.cwd.trim()) action.cwd = form.cwd.trim();
      return action;
    }
    case "http": {
      const action: Http = { kind: "http", method: form.method as Http["method"], url: form.url.trim() };
      const headers = pairs(form.headers, ":");
      if (headers.length > 0) action.headers = Object.fromEntries(headers);
      if (form.body.trim()) {
        if (form.asJson) action.json = JSON.parse(form.body);
        else action.body = form.body;
      }
      const expected = statuses(form.expectStatus);
      if (expected.length > 0) action.expect_status = expected;
      if (form.expectBody) action.expect_body = form.expectBody;
      return action;
    }
    case "python": {
      const action: PythonCall = { kind: "python", function: form.fn.trim() };
      if (form.args.trim()) action.args = JSON.parse(form.args);
      if (form.kwargs.trim()) action.kwargs = JSON.parse(form.kwargs);
      return action;
    }
    case "log":
      return { kind: "log", message: form.message };
  }
}

const statuses = (text: string): NonNullable<Http["expect_status"]> =>
  words(text).map((word) => (/^\d+$/.test(word) ? Number(word) : (word.toLowerCase() as "2xx")));

export const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** Lines of names and values; a line without the sign between them has a null value. */
export function pairs(text: string, between: "=" | ":"): [string, string][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const at = line.indexOf(between);
      const [name, value] = at === -1 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
      return [name.trim(), between === ":" ? value.trim() : value];
    });
}

/** All but the schedule, with everything said, so that two of them can be compared. */
export function definitionOf(form: Form) {
  const policy: Policy = {
    timeout_seconds: form.timeout.trim() ? Number(form.timeout) : null,
    retry: {
      max_attempts: Number(form.attempts),
      first_delay_seconds: Number(form.firstDelay),
      factor: Number(form.factor),
      max_delay_seconds: Number(form.maxDelay),
    },
    overlap: form.overlap as Policy["overlap"],
    catch_up: {
      mode: form.catchUp as "latest",
      window_seconds: Math.round(Number(form.catchWindow) * 3600),
      max_runs: Number(form.catchRuns),
    },
    on_lost: form.onLost as Policy["on_lost"],
    keep: { days: Number(form.keepDays), runs: Number(form.keepRuns) },
  };
  return {
    name: form.name.trim(),
    action: actionOfForm(form),
    policy,
    description: form.description.trim(),
    tags: [
      ...new Set(
        form.tags
          .split(",")
          .map((tag) => tag.trim())
          .filter(Boolean),
      ),
    ],
    pool: form.pool.trim() || "default",
    priority: Number(form.priority || "0"),
  };
}
