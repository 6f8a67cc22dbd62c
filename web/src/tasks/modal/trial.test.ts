import { expect, it } from "vitest";
import { task } from "../making.ts";
import { emptyForm, formOf } from "./form.ts";
import { trialOf, whyNot } from "./trial.ts";

const form = (change = {}) => ({ ...emptyForm("Europe/Berlin"), ...change });

it("asks for nothing but what it runs", () => {
  expect(whyNot(form())).toBe("Say what to run.");
  expect(whyNot(form({ shell: "true" }))).toBeNull();
  expect(whyNot(form({ kind: "http", shell: "true" }))).toBe("Say which address to call.");
  expect(whyNot(form({ shell: "true", env: "A" }))).toBe("Environment: Write each line as NAME=value.");
  expect(whyNot(form({ shell: "true", timeout: "soon" }))).toBe("Time limit: Write a number.");
  expect(whyNot(form({ shell: "true", attempts: "many" }))).toBeNull();
});

it("lasts as long as the task may, and no test longer than an hour", () => {
  expect(trialOf(form({ shell: " true " }), null)).toEqual({
    action: { kind: "command", shell: "true" },
    timeout_seconds: null,
    pool: "default",
  });
  expect(trialOf(form({ shell: "true", timeout: "7200" }), null).timeout_seconds).toBe(3600);
  expect(trialOf(form({ shell: "true", timeout: "2.5", pool: "big" }), null)).toMatchObject({
    timeout_seconds: 2.5,
    pool: "big",
  });
});

it("runs a stored action as it is stored, but for what was changed", () => {
  const argv = task({ action: { kind: "command", argv: ["backup", "--all"], cwd: "/srv" } });
  const stored = { task: argv, form: formOf(argv, "UTC") };
  expect(trialOf(stored.form, stored).action).toEqual(argv.action);
  expect(trialOf({ ...stored.form, shell: "backup" }, stored).action).toEqual({
    kind: "command",
    shell: "backup",
    cwd: "/srv",
  });
  expect(trialOf({ ...stored.form, kind: "log", message: "hi" }, stored).action).toEqual({
    kind: "log",
    message: "hi",
  });
  const http = task({ action: { kind: "http", url: "http://a/", method: "POST", json: { a: 1, b: null } } });
  const held = { task: http, form: formOf(http, "UTC") };
  expect(trialOf({ ...held.form, body: '{"b": null}' }, held).action).toMatchObject({ json: { b: null } });
});
