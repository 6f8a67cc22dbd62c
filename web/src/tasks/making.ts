/** Tasks for tests. */

import type { LastRunView, RunState, TaskView } from "../api/horarium.schemas.ts";

export function task(change: Partial<TaskView> = {}): TaskView {
  return {
    id: "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG",
    revision: 1,
    name: "backup",
    description: "",
    tags: [],
    pool: "default",
    priority: 0,
    schedule: { kind: "cron", expression: "0 9 * * 1-5", timezone: "Europe/Berlin" },
    sentence: "At 09:00, Monday to Friday, Europe/Berlin",
    action: { kind: "command", argv: ["backup", "--all"] },
    policy: {},
    pause: null,
    broken: null,
    next_due_at: "2026-11-24T12:00:00.000Z",
    is_next_skipped: false,
    running: 0,
    last_runs: [],
    usual_ms: null,
    created_at: "2026-11-01T00:00:00.000Z",
    created_by: "ada",
    updated_at: "2026-11-01T00:00:00.000Z",
    deleted_at: null,
    ...change,
  };
}

export const run = (id: string, state: RunState, minute: number, duration_ms: number | null = 4_000): LastRunView => ({
  id,
  state,
  due_at: `2026-11-24T07:${String(minute).padStart(2, "0")}:00.000Z`,
  duration_ms,
});
