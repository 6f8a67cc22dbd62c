import { expect, test } from "vitest";
import {
  clausesOf,
  clocksOf,
  type Exclusion,
  exclusionWords,
  extrasWords,
  leavingIn,
  leavingOut,
  type Schedule,
  withClocks,
} from "./extras.ts";

const ZONE = "Europe/Berlin";
const weekends: Exclusion = { kind: "weekdays", days: ["saturday", "sunday"] };
const berlin: Exclusion = { kind: "holidays", country: "DE", subdivision: "BE" };
const nested = { kind: "cron", expression: "0 9 * * 1", timezone: ZONE } as Exclusion;
const cron = { kind: "cron", expression: "0 9 * * *", timezone: ZONE } as const;
const evening: Schedule = { ...cron, expression: "30 17 * * *" };
const every = { kind: "every", seconds: 900 } as const;

// As the service says the same in its sentences.
test.each<[Exclusion, string | null]>([
  [weekends, "weekends"],
  [{ kind: "weekdays", days: ["monday", "friday"] }, "Monday and Friday"],
  [{ kind: "holidays", country: "FR" }, "holidays of FR"],
  [berlin, "holidays of DE-BE"],
  [{ kind: "calendar", name: 'the "ops" days' }, 'calendar "the \\"ops\\" days"'],
  [{ kind: "dates", dates: ["2027-12-24", "--12-24/--01-02"] }, "2027-12-24 and 24 December to 2 January"],
  [nested, null],
])("%j is said as %s", (one, words) => expect(exclusionWords(one)).toBe(words));

test("clauses say all that stands beside the rule, or why they cannot", () => {
  const all = {
    ...cron,
    dst_gap: "skip",
    dst_fold: "both",
    except: [weekends, berlin],
    roll: "forward",
    starts_at: "2027-01-31T23:00:00.000Z", // midnight there
    jitter_seconds: 300,
  } as const;
  expect(clausesOf({ ...all, except: [...all.except] }, ZONE)).toEqual({
    words:
      ", left out when the clocks skip it, twice when the clocks repeat it, except weekends, except holidays of DE-BE," +
      " moved to the next open day, starting 2027-02-01, each at random within 5 minutes",
  });
  expect(clausesOf(cron, ZONE)).toEqual({ words: "" });
  expect(clausesOf({ ...cron, jitter_seconds: 1_001 }, ZONE)).toEqual({
    words: ", each at random within 1001 seconds",
  });
  expect(clausesOf({ ...cron, except: [nested] }, ZONE)).toEqual({ reason: "it leaves out another schedule" });
  expect(clausesOf({ ...cron, starts_at: "2027-02-01T12:00:00.000Z" }, ZONE)).toEqual({
    reason: "it begins within a day",
  });
  expect(clausesOf({ ...every, except: [{ ...weekends, timezone: "Asia/Tokyo" } as Exclusion] }, ZONE)).toEqual({
    reason: "it leaves out days of Asia/Tokyo",
  });
});

test("clock changes are those of all parts", () => {
  const both: Schedule = { kind: "any_of", schedules: [cron, evening] };
  expect(clocksOf(both)).toEqual({ dst_gap: "run_after", dst_fold: "first" });
  const changed = withClocks(both, { dst_gap: "skip" });
  expect(clocksOf(changed)).toEqual({ dst_gap: "skip", dst_fold: "first" });
  const other: Schedule = { ...cron, dst_gap: "skip" };
  expect(clocksOf({ kind: "any_of", schedules: [cron, other] })).toBeNull();
  expect(clocksOf(every)).toBeNull();
});

test("days are left out once, in the zone of the schedule, and moving away ends with the last of them", () => {
  const left = leavingOut(leavingOut(cron, [weekends], ZONE), [weekends], ZONE);
  expect(left.except).toEqual([{ ...weekends, timezone: null }]);
  expect(leavingOut(every, [weekends], ZONE).except).toEqual([{ ...weekends, timezone: ZONE }]);
  const rolled = { ...leavingOut(left, [berlin], ZONE), roll: "forward" } as Schedule;
  const [first, second] = rolled.except as [Exclusion, Exclusion];
  const without = leavingIn(rolled, second);
  expect([without.roll, without.except]).toEqual(["forward", [first]]);
  expect(leavingIn(without, first)).toMatchObject({ roll: "none", except: [] });
});

test("one line sums it up", () => {
  expect(extrasWords(cron)).toBe("no days left out, once when clocks change");
  expect(extrasWords(every)).toBe("no days left out");
  expect(extrasWords({ ...every, starts_at: "2027-02-01T00:00:00.000Z", max_occurrences: 3 })).toBe(
    "no days left out, bounded, 3 times at most",
  );
  expect(extrasWords({ ...cron, except: [weekends, nested], roll: "back", dst_gap: "skip", jitter_seconds: 60 })).toBe(
    "without weekends, another schedule, moved to the previous open day, left out when clocks skip it, spread over 1 minute",
  );
});
