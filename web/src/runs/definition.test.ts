import { expect, test } from "vitest";
import { chosenOf } from "./definition.ts";

/** As the server keeps a task of which only a name, a schedule and a command were given. */
const PLAIN = {
  name: "check",
  schedule: {
    kind: "cron",
    starts_at: null,
    ends_at: null,
    max_occurrences: null,
    jitter_seconds: 0,
    except: [],
    roll: "none",
    expression: "0 9 * * *",
    timezone: "Europe/Berlin",
    dst_gap: "run_after",
    dst_fold: "first",
  },
  action: { kind: "command", argv: null, shell: "true", env: {}, cwd: null },
  policy: {
    timeout_seconds: null,
    retry: { max_attempts: 1, first_delay_seconds: 10, factor: 2, max_delay_seconds: 3600 },
    overlap: "skip",
    catch_up: { mode: "latest", window_seconds: 86400, max_runs: 100 },
    on_lost: "retry",
    keep: { days: 30, runs: 1000 },
  },
  description: "",
  tags: [],
  pool: "default",
  priority: 0,
};
const CRON = { kind: "cron", expression: "0 9 * * *", timezone: "Europe/Berlin" };

test("what nobody chose is left out", () =>
  expect(chosenOf(PLAIN)).toEqual({
    name: "check",
    schedule: CRON,
    action: { kind: "command", shell: "true" },
  }));

test("what differs from the usual stays", () => {
  const policy = { ...PLAIN.policy, retry: { ...PLAIN.policy.retry, max_attempts: 3 }, timeout_seconds: 60 };
  const chosen = chosenOf({ ...PLAIN, policy, priority: -1, schedule: { ...PLAIN.schedule, roll: "next" } });
  expect(chosen["policy"]).toEqual({ retry: { max_attempts: 3 }, timeout_seconds: 60 });
  expect([chosen["priority"], chosen["schedule"]]).toEqual([-1, { ...CRON, roll: "next" }]);
});

test("an empty variable and a null that is sent are meant", () => {
  const action = { kind: "http", url: "https://x.example", headers: { "X-Empty": "" }, json: { a: null }, body: null };
  expect(chosenOf({ ...PLAIN, action })["action"]).toEqual({
    kind: "http",
    url: "https://x.example",
    headers: { "X-Empty": "" },
    json: { a: null },
  });
});

test("each of several schedules, and what is left out of it", () => {
  const holidays = { kind: "holidays", country: "DE", timezone: null, subdivision: null, version: null };
  const schedule = { kind: "any_of", schedules: [PLAIN.schedule, PLAIN.schedule], except: [holidays], roll: "none" };
  expect(chosenOf({ ...PLAIN, schedule })["schedule"]).toEqual({
    kind: "any_of",
    schedules: [CRON, CRON],
    except: [{ kind: "holidays", country: "DE" }],
  });
});
