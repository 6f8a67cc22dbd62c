/** Why there is a run, as every list says it. */
export const CAUSE_WORDS = {
  schedule: "schedule",
  catch_up: "catching up",
  manual: "run by hand",
  backfill: "backfill",
  retry: "run again",
  test: "test",
} as const;
