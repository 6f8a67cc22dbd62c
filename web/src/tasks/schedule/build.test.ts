import { expect, test } from "vitest";
import { begun, type Build, type Ends, NEVER, write } from "./build.ts";
import { type AnySchedule, unbuild } from "./unbuild.ts";
import { weekOf } from "./week.ts";
import { findZones } from "./zones.ts";

const ZONE = "Europe/Berlin";
const at = { time: "09:00", ends: NEVER };
const cron = (expression: string, more = {}): AnySchedule => ({ kind: "cron", expression, timezone: ZONE, ...more });
const rule = (text: string, start: string): AnySchedule => ({ kind: "rrule", rule: text, start, timezone: ZONE });
const count: Ends = { by: "count", count: 10 };

// (what the builder holds, the phrase, what the service reads it as; tests/e2e/page/test_form.py asks the service itself)
const CASES: [Build, string, AnySchedule][] = [
  [
    { kind: "once", date: "2026-11-25", time: "18:00" },
    "2026-11-25 18:00",
    { kind: "once", at: "2026-11-25T17:00:00.000Z" },
  ],
  [{ kind: "every", count: 15, unit: "minute", ...at }, "every 15 minutes", { kind: "every", seconds: 900 }],
  [
    { kind: "every", count: 1, unit: "hour", ...at, ends: count },
    "every hour, 10 times",
    { kind: "every", seconds: 3600, max_occurrences: 10 },
  ],
  [{ kind: "every", count: 1, unit: "day", ...at }, "every day at 09:00", cron("0 9 * * *")],
  [
    { kind: "every", count: 2, unit: "day", ...at, from: "2026-11-25" },
    "every 2 days at 09:00, counted from 2026-11-25",
    rule("FREQ=DAILY;INTERVAL=2", "2026-11-25T09:00:00"),
  ],
  [{ kind: "weekdays", ...at }, "every weekday at 09:00", cron("0 9 * * 1-5")],
  [
    { kind: "weekdays", ...at, ends: { by: "date", date: "2027-01-31" } },
    "every weekday at 09:00, until 2027-01-31",
    cron("0 9 * * 1-5", { ends_at: "2027-01-31T22:59:59.999Z" }),
  ],
  [
    {
      kind: "weekdays",
      ...at,
      more: ", left out when the clocks skip it, twice when the clocks repeat it, except holidays of DE, moved to the next open day",
      ends: count,
    },
    "every weekday at 09:00, left out when the clocks skip it, twice when the clocks repeat it, except holidays of DE, moved to the next open day, 10 times",
    cron("0 9 * * 1-5", {
      dst_gap: "skip",
      dst_fold: "both",
      except: [{ kind: "holidays", country: "DE" }],
      roll: "forward",
      max_occurrences: 10,
    }),
  ],
  [
    { kind: "every", count: 15, unit: "minute", ...at, more: ", starting 2999-02-01, each at random within 5 minutes" },
    "every 15 minutes, starting 2999-02-01, each at random within 5 minutes",
    { kind: "every", seconds: 900, starts_at: "2999-01-31T23:00:00.000Z", jitter_seconds: 300 },
  ],
  [
    { kind: "weekly", count: 1, days: ["Monday", "Friday"], ...at },
    "every Monday and Friday at 09:00",
    cron("0 9 * * 1,5"),
  ],
  [{ kind: "weekly", count: 1, days: ["Sunday"], ...at }, "every Sunday at 09:00", cron("0 9 * * 0")],
  [
    { kind: "weekly", count: 2, days: ["Monday", "Friday"], time: "09:30", ends: NEVER, from: "2026-11-27" },
    "every 2 weeks on Monday and Friday at 09:30, counted from 2026-11-27",
    rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-11-27T09:30:00"),
  ],
  [
    { kind: "monthly", count: 1, on: { by: "date", date: 15 }, ...at },
    "on the 15th of the month at 09:00",
    cron("0 9 15 * *"),
  ],
  [
    { kind: "monthly", count: 1, on: { by: "weekday", ordinal: "third", day: "Tuesday" }, ...at },
    "on the third Tuesday of the month at 09:00",
    cron("0 9 * * 2#3"),
  ],
  [
    { kind: "monthly", count: 1, on: { by: "weekday", ordinal: "last", day: "Friday" }, ...at },
    "on the last Friday of the month at 09:00",
    cron("0 9 * * 5L"),
  ],
  [
    { kind: "monthly", count: 1, on: { by: "last day" }, ...at },
    "on the last day of the month at 09:00",
    cron("0 9 L * *"),
  ],
  [
    { kind: "monthly", count: 3, on: { by: "last workday" }, ...at },
    "every 3 months on the last workday at 09:00",
    cron("0 9 LW 1,4,7,10 *"),
  ],
  [
    { kind: "monthly", count: 5, on: { by: "weekday", ordinal: "last", day: "Friday" }, ...at, from: "2026-11-01" },
    "every 5 months on the last Friday at 09:00, counted from 2026-11-01",
    rule("FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR", "2026-11-01T09:00:00"),
  ],
];

test.each(CASES)("%j is written and read", (build, phrase, schedule) => {
  expect(write(build)).toBe(phrase);
  expect(unbuild(schedule, ZONE)).toEqual({ build });
});

/** The service takes rules as they are typed; a start that is not said is the rule's next time. */
test.each([
  ["FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", "2026-11-30T09:00:00", "every Monday at 09:00, starting 2026-11-30"],
  [
    "FREQ=MONTHLY;BYDAY=2TU;BYHOUR=9;BYMINUTE=0",
    "2026-12-08T09:00:00",
    "on the second Tuesday of the month at 09:00, starting 2026-12-08",
  ],
  ["FREQ=MONTHLY;BYDAY=+1FR", "2026-12-04T09:00", "on the first Friday of the month at 09:00, starting 2026-12-04"],
  ["FREQ=DAILY;BYHOUR=9;BYMINUTE=5;BYSECOND=0", "2026-11-25T09:05:00", "every day at 09:05, starting 2026-11-25"],
  ["FREQ=WEEKLY;BYHOUR=9", "2026-12-01T09:00:00", "every Tuesday at 09:00, starting 2026-12-01"], // a Tuesday
  ["FREQ=MONTHLY", "2026-12-31T09:00:00", "on the 31st of the month at 09:00, starting 2026-12-31"],
  // The 9:00 of its first day lies before its start.
  ["FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "2026-12-31T10:00:00", "every day at 09:00, starting 2027-01-01"],
  [
    "FREQ=WEEKLY;WKST=SU;BYDAY=TH;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
    "2026-12-31T09:00:01",
    "every Thursday at 09:00, starting 2027-01-01",
  ],
  [
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYHOUR=9;BYMINUTE=0",
    "2026-12-01T08:00:00",
    "every 2 weeks on Tuesday at 09:00, counted from 2026-12-01",
  ],
])("the rule %s from %s is written as %s", (text, start, phrase) => {
  const found = unbuild(rule(text, start), ZONE);
  expect("build" in found ? write(found.build) : found.reason).toBe(phrase);
});

test("one beginning is written, whatever is counted", () => {
  const build: Build = { kind: "weekly", count: 2, days: ["Monday"], ...at, from: "2026-11-30" };
  expect(write({ ...build, count: 1 })).toBe("every Monday at 09:00, starting 2026-11-30");
  expect(write({ ...build, count: 1, more: ", starting 2026-12-01" })).toBe(
    "every Monday at 09:00, starting 2026-12-01",
  );
});

test.each([
  [cron("0 9,17 * * 1"), "it names more times than one a day"],
  [cron("*/5 * * * *"), "it names more times than one a day"],
  [cron("0 9 1 5 *"), "it names months"],
  [cron("0 9 1 * 1"), "the days it names have no button here"],
  [cron("0 9 * * *", { starts_at: "2027-01-31T12:00:00.000Z" }), "it begins within a day"],
  [cron("0 9 * * *", { except: [{ kind: "cron" }] }), "it leaves out another schedule"],
  [{ kind: "once", at: "2026-11-25T17:00:00.000Z", jitter_seconds: 60 } as AnySchedule, "it says more than an instant"],
  [cron("0 9 * * *", { timezone: "Asia/Tokyo" }), "its text names Asia/Tokyo"],
  [cron("0 9 * * *", { ends_at: "2027-01-31T12:00:00.000Z" }), "it ends within a day, or both by date and by count"],
  [rule("FREQ=MONTHLY;BYSETPOS=2;BYDAY=MO,TU", "2026-11-01T09:00:00"), "its rule says more than there are fields for"],
  [rule("FREQ=DAILY;BYHOUR=9,17", "2026-11-25T09:00:00"), "it names more times than one a day"],
  [rule("FREQ=DAILY", "2026-11-25T09:00:30"), "it names seconds"],
  [rule("FREQ=DAILY;BYSECOND=30", "2026-11-25T09:00:30"), "it names seconds"],
  [rule("FREQ=YEARLY", "2026-11-25T09:00:00"), "its rule says more than there are fields for"],
  [rule("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "2026-11-25T09:00:00"), "its rule says more than there are fields for"],
  [rule("FREQ=DAILY;INTERVAL=2;BYHOUR=9", "2026-11-25T10:00:00"), "it begins later in the day than it is due"],
  [
    { ...rule("FREQ=DAILY", "2026-11-25T09:00:00"), starts_at: "2026-11-30T23:00:00.000Z" } as AnySchedule,
    "it names two beginnings",
  ],
  [{ kind: "any_of" } as AnySchedule, "it joins several schedules"],
])("%j cannot be held: %s", (schedule, reason) => expect(unbuild(schedule, ZONE)).toEqual({ reason }));

test("a chip begins with the day that is today, and keeps the time and the end", () => {
  expect(begun("weekly", "2026-11-24", null)).toMatchObject({ days: ["Tuesday"], time: "09:00" }); // a Tuesday
  expect(begun("once", "2026-12-31", null)).toMatchObject({ date: "2027-01-01" });
  const before: Build = { kind: "weekdays", time: "07:15", ends: count };
  expect(begun("weekdays", "2026-11-24", { ...before, more: ", except weekends" })).toMatchObject({
    more: ", except weekends",
  });
  expect(begun("monthly", "2026-11-24", before)).toEqual({
    kind: "monthly",
    count: 1,
    on: { by: "date", date: 24 },
    time: "07:15",
    ends: count,
  });
});

test("weeks begin where the person's calendars do", () => {
  expect([weekOf("de-DE")[0], weekOf("en-US")[0], weekOf("ar-EG")[0]]).toEqual(["Monday", "Sunday", "Saturday"]);
});

test("a zone is found by its city", () => {
  const zones = ["America/New_York", "America/North_Dakota/New_Salem", "Asia/Tokyo", "Europe/Berlin", "UTC"];
  expect(findZones(zones, "berl", [])).toEqual(["Europe/Berlin"]);
  expect(findZones(zones, "new y", [])).toEqual(["America/New_York"]);
  expect(findZones(zones, "", ["UTC", "Mars", "UTC"])[0]).toBe("UTC");
  expect(findZones(zones, "zzz", [])).toEqual([]);
});
