import type { Draft } from "../../api/horarium.schemas.ts";

/** Three tasks to look at: one often, one that calls an address, and one that fails, to show what that looks like. */
export const examples = (zone: string): Draft[] => [
  {
    name: "example: each minute",
    description: "Says hello, once a minute.",
    tags: ["example"],
    schedule: { kind: "every", seconds: 60 },
    action: { kind: "log", message: "hello from horarium" },
  },
  {
    name: "example: is it up?",
    description: "Calls an address on weekdays and expects an answer of 2xx.",
    tags: ["example"],
    schedule: { kind: "cron", expression: "0 9 * * 1-5", timezone: zone },
    action: { kind: "http", method: "GET", url: "https://example.com/" },
    policy: { timeout_seconds: 30 },
  },
  {
    name: "example: fails on purpose",
    description: "Fails twice in a row each time it runs, to show a retry.",
    tags: ["example"],
    schedule: { kind: "every", seconds: 300 },
    action: { kind: "python", function: "json:loads", args: ["this is no JSON"] },
    policy: { retry: { max_attempts: 2, first_delay_seconds: 5 } },
  },
];
