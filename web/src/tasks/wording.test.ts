import { beforeAll, expect, test, vi } from "vitest";
import { idAt } from "../lib/making.ts";
import { run, task } from "./making.ts";
import {
  actionOf,
  barsOf,
  lastRunOf,
  pauseOf,
  placeOf,
  scheduleOf,
  sentenceIn,
  stateOf,
  stripLabel,
  taskZone,
} from "./wording.ts";

beforeAll(() => void vi.stubGlobal("navigator", { language: "en-GB" }));

const NOW = new Date("2026-11-24T08:00:00Z");

test("the state is what needs a person first", () => {
  const broken = { field: "schedule", reason: "unknown", definition: null };
  const pause = { at: "2026-11-24T07:00:00Z", until: null, reason: "" };
  const failed = [run("b", "running", 59, null), run("a", "failed", 1)];
  expect(stateOf(task(), NOW)).toBe("active");
  expect(stateOf(task({ next_due_at: null }), NOW)).toBe("ended");
  expect(stateOf(task({ next_due_at: null, last_runs: failed }), NOW)).toBe("failing");
  expect(stateOf(task({ running: 1, last_runs: failed }), NOW)).toBe("running");
  expect(stateOf(task({ running: 1, next_due_at: "2026-11-24T07:59:54Z" }), NOW)).toBe("late");
  expect(stateOf(task({ next_due_at: "2026-11-24T07:59:56Z" }), NOW)).toBe("active");
  expect(stateOf(task({ pause, next_due_at: "2026-11-24T07:00:00Z" }), NOW)).toBe("paused");
  expect(stateOf(task({ pause, broken }), NOW)).toBe("broken");
  expect(stateOf(task({ broken, deleted_at: "2026-11-24T07:00:00Z" }), NOW)).toBe("deleted");
});

test("a schedule is the server's sentence, or the rule as it was written", () => {
  const sentence = "At 09:00, Monday to Friday, Europe/Berlin, except holidays of DE";
  expect(scheduleOf({ ...task(), sentence }, "UTC", "auto")).toEqual({
    text: "At 09:00, Monday to Friday, except holidays of DE",
    aside: "Berlin",
    whole: "0 9 * * 1-5 (Europe/Berlin)",
  });
  expect(scheduleOf(task({ sentence: null }), "UTC", "auto")).toMatchObject({ text: "0 9 * * 1-5", aside: "Berlin" });
  expect(scheduleOf(task({ sentence: null, schedule: { kind: "every", seconds: 900 } }), "UTC", "auto").text).toBe(
    "Every 15 min",
  );
  const beat = "Every 15 minutes, counted from 2026-11-24 12:49:17Z";
  expect(scheduleOf(task({ sentence: beat, schedule: { kind: "every", seconds: 900 } }), "UTC", "auto")).toMatchObject({
    text: "Every 15 minutes",
    whole: beat,
  });
  const once = task({ sentence: null, schedule: { kind: "once", at: "2026-11-25T08:00:00Z" } });
  expect(scheduleOf(once, "Europe/Berlin", "auto").text).toBe("Once on Wed 25 Nov 2026, 09:00 CET");
  const broken = { field: "schedule", reason: "there is no kind moon", definition: "{}" };
  expect(scheduleOf(task({ schedule: null, broken }), "UTC", "auto").text).toBe("there is no kind moon");
});

const told = (sentence: string, zone: string) => sentenceIn(sentence, zone, "h23");

test("a single instant is told in the zone that is read, whatever else its sentence says", () => {
  expect(told("Once at 2026-12-24 17:00Z", "Europe/Berlin")).toBe("Once on Thu 24 Dec 2026, 18:00 CET");
  expect(told("Once at 2026-11-26 03:00Z, at once if that has passed", "Asia/Tokyo")).toBe(
    "Once on Thu 26 Nov 2026, 12:00 GMT+9, at once if that has passed",
  );
  expect(told("Once at 2026-11-26 03:00:07.250Z", "UTC")).toBe("Once on Thu 26 Nov 2026, 03:00:07 UTC");
  for (const whole of ["Every hour", "(Once at 2026-11-26 03:00Z) or (At 09:00, UTC)", ""])
    expect(told(whole, "Europe/Berlin")).toBe(whole);
  const once = task({
    sentence: "Once at 2026-12-24 17:00Z",
    schedule: { kind: "once", at: "2026-12-24T17:00:00.000Z" },
  });
  expect(scheduleOf(once, "Europe/Berlin", "h12").text).toBe("Once on Thu 24 Dec 2026, 6:00 pm CET");
});

test("a task without a zone of its own lives in the server's", () => {
  expect(taskZone(task(), "UTC")).toBe("Europe/Berlin");
  expect(taskZone(task({ schedule: { kind: "every", seconds: 60 } }), "Asia/Tokyo")).toBe("Asia/Tokyo");
  expect([placeOf("America/Argentina/Buenos_Aires"), placeOf("UTC")]).toEqual(["Buenos Aires", "UTC"]);
});

const ago = (minutes: number) => idAt(NOW.getTime() - minutes * 60_000);

test("bars go from the oldest to the newest and say what happened when", () => {
  const [older, newer] = [ago(59), ago(58)];
  const bars = barsOf(task({ last_runs: [run(newer, "failed", 2, 250), run(older, "running", 1, null)] }), "UTC", NOW);
  expect(bars.map(({ id, kind }) => [id, kind])).toEqual([
    [older, "running"],
    [newer, "failed"],
  ]);
  expect(bars[1]?.title).toBe("failed, 250 ms\nTue 24 Nov 07:02 UTC");
});

test("the strip is said in words", () => {
  const last_runs = [run(ago(6), "failed", 54), run(ago(7), "succeeded", 53), run(ago(8), "failed", 52)];
  expect(stripLabel(task({ last_runs }), 20, NOW)).toBe("last 3 runs: 2 failed, 6 min ago");
  expect(stripLabel(task({ last_runs }), 1, NOW)).toBe("last 1 run: 1 failed, 6 min ago");
  expect(stripLabel(task({ last_runs: [run(ago(6), "succeeded", 54)] }), 20, NOW)).toBe(
    "last 1 run: none failed, 6 min ago",
  );
  expect(stripLabel(task(), 20, NOW)).toBe("no runs yet");
});

test("a run again stands at the time it was asked for", () => {
  const again = task({ last_runs: [run(ago(2), "succeeded", 1)] }); // of the run that was due at 07:01
  expect(stripLabel(again, 20, NOW)).toBe("last 1 run: none failed, 2 min ago");
  expect(barsOf(again, "UTC", NOW)[0]?.title).toBe("succeeded, 4.0 s\nTue 24 Nov 07:58 UTC");
});

test("the last run is compared with what is usual", () => {
  expect(lastRunOf(task())).toBeNull();
  expect(lastRunOf(task({ usual_ms: 1_300, last_runs: [run("a", "succeeded", 1)] }))).toEqual({
    kind: "succeeded",
    text: "4.0 s, 3× usual",
    unusual: true,
  });
  expect(lastRunOf(task({ last_runs: [run("a", "waiting", 1, null)] }))).toMatchObject({
    text: "waiting",
    unusual: false,
  });
});

test("an action is one line, quoted as a shell would want it", () => {
  const argv = ["/usr/bin/backup", "--to", "a b", "it's"];
  expect(actionOf(task({ action: { kind: "command", argv } }))).toBe("/usr/bin/backup --to 'a b' 'it'\\''s'");
  expect(actionOf(task({ action: { kind: "command", shell: "a | b" } }))).toBe("a | b");
  expect(actionOf(task({ action: { kind: "http", url: "http://x/" } }))).toBe("GET http://x/");
  expect(actionOf(task({ action: { kind: "python", function: "a.b:c" } }))).toBe("a.b:c");
  expect(actionOf(task({ action: { kind: "log", message: "hi" } }))).toBe("hi");
  expect(actionOf(task({ action: null }))).toBe("");
});

test("a pause says until when and why", () => {
  const pause = { at: "2026-11-24T07:00:00Z", until: "2026-11-25T08:00:00Z", reason: "new disk" };
  expect(pauseOf(task({ pause }), "Europe/Berlin", NOW)).toBe("Paused until Wed 25 Nov 09:00 CET: new disk");
  expect(pauseOf(task({ pause: { ...pause, until: null, reason: "" } }), "UTC", NOW)).toBe("Paused");
});
