/** What a task was, without what nobody chose. */

type Named = Record<string, unknown>;

/** What holds where nothing is said. */
const SCHEDULE: Named = { jitter_seconds: 0, roll: "none", dst_gap: "run_after", dst_fold: "first" };
const POLICY: Named = {
  retry: { max_attempts: 1, first_delay_seconds: 10, factor: 2, max_delay_seconds: 3_600 },
  overlap: "skip",
  catch_up: { mode: "latest", window_seconds: 86_400, max_runs: 100 },
  on_lost: "retry",
  keep: { days: 30, runs: 1_000 },
};
const TASK: Named = { pool: "default", priority: 0 };

const isNamed = (value: unknown): value is Named =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown) =>
  value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/** Without what was left open and what is as it is by default. */
export function chosenOf({ schedule, action, policy, ...task }: Named): Named {
  return told({
    ...said(task, TASK),
    schedule: isNamed(schedule) ? chosenSchedule(schedule) : schedule,
    // Only its own parts: an empty variable or a null in what it sends is meant.
    action: isNamed(action) ? told(action) : action,
    policy: isNamed(policy) ? said(policy, POLICY) : policy,
  });
}

function chosenSchedule(schedule: Named): Named {
  const { schedules, except, ...rest } = said(schedule, SCHEDULE);
  const all = (list: unknown, one: (value: Named) => Named) =>
    Array.isArray(list) ? list.map((value: unknown) => (isNamed(value) ? one(value) : value)) : list;
  return told({ ...rest, schedules: all(schedules, chosenSchedule), except: all(except, told) });
}

/** What differs from the usual. */
function said(value: Named, usual: Named): Named {
  const entries = Object.entries(value).map(([name, is]): [string, unknown] => {
    const was = usual[name];
    return [name, isNamed(is) && isNamed(was) ? said(is, was) : is === was ? null : is];
  });
  return told(Object.fromEntries(entries));
}

const told = (value: Named): Named =>
  Object.fromEntries(Object.entries(value).filter(([, is]) => is !== undefined && !isEmpty(is)));
