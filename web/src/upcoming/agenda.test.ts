import { describe, expect, test } from "vitest";
import type { AgendaItem } from "../api/horarium.schemas.ts";
import { daysOf, everyWords, linesOf, moreWords, totalWords } from "./agenda.ts";

const item = (at: string, more: Partial<AgendaItem> = {}): AgendaItem => ({
  task_id: "a",
  task_name: "probe",
  becomes: "run",
  due_at: at,
  at,
  last_at: at,
  count: 1,
  every_seconds: null,
  notes: [],
  ...more,
});

/** Each minute of one hour of UTC. */
const minutes = (hour: string) =>
  item(`${hour}:00:00.000Z`, { last_at: `${hour}:59:00.000Z`, count: 60, every_seconds: 60 });

const keys = (items: AgendaItem[]) => linesOf(items, "UTC").map((line) => line.key);

describe("dense tasks", () => {
  test("what goes on evenly is one row a day of the zone", () => {
    const lines = linesOf(["2027-01-10T21", "2027-01-10T22", "2027-01-10T23"].map(minutes), "Europe/Berlin");
    // Berlin's 11 January begins at 23:00 UTC.
    expect(lines.map((line) => [line.at.slice(11, 16), line.count])).toEqual([
      ["21:00", 120],
      ["23:00", 60],
    ]);
    expect(linesOf(["2027-01-10T21", "2027-01-10T22", "2027-01-10T23"].map(minutes), "UTC")).toHaveLength(1);
  });

  test("a gap, another task and another spacing begin a new row", () => {
    const hours = [minutes("2027-01-10T10"), minutes("2027-01-10T12")];
    expect(linesOf(hours, "UTC")).toHaveLength(2);
    const two = [minutes("2027-01-10T10"), { ...minutes("2027-01-10T10"), task_id: "b" }, minutes("2027-01-10T11")];
    expect(linesOf(two, "UTC").map((line) => [line.taskId, line.count])).toEqual([
      ["a", 120],
      ["b", 60],
    ]);
    const uneven = { ...minutes("2027-01-10T11"), every_seconds: null, count: 59 };
    expect(linesOf([minutes("2027-01-10T10"), uneven], "UTC")).toHaveLength(2);
  });

  test("what the clocks did to one of them is said of the row", () => {
    const note = { kind: "merged", at: "2027-01-10T22:00:00.000Z", text: "Two became one." } as const;
    const hours = [minutes("2027-01-10T21"), { ...minutes("2027-01-10T22"), notes: [note] }];
    expect(linesOf(hours, "UTC").map((line) => line.notes)).toEqual([["Two became one."]]);
  });

  test("the row stays the same one while the first that it stands for pass by", () => {
    const hours = [minutes("2027-01-10T10"), minutes("2027-01-10T12")];
    const later = item("2027-01-10T10:07:00.000Z", { last_at: hours[0]?.last_at, count: 53, every_seconds: 60 });
    expect(keys([later, ...hours.slice(1)])).toEqual(keys(hours));
    expect(new Set(keys(hours)).size).toBe(2);
  });

  test("a skipped one stays a row of its own", () => {
    const skipped = item("2027-01-10T10:30:00.000Z", { becomes: "skipped" });
    const lines = linesOf([minutes("2027-01-10T10"), skipped, minutes("2027-01-10T11")], "UTC");
    expect(lines.map((line) => [line.becomes, line.count])).toEqual([
      ["run", 120],
      ["skipped", 1],
    ]);
  });
});

describe("days and hours", () => {
  test("the hour that comes twice is shown twice, with what the clocks did between", () => {
    // Europe/Berlin, 31 October 2027: 03:00 CEST becomes 02:00 CET at 01:00 UTC.
    const items = ["2027-10-30T23:30:00Z", "2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"].map((at) => item(at));
    const [day, ...others] = daysOf(linesOf(items, "Europe/Berlin"), "Europe/Berlin");
    expect(others).toEqual([]);
    expect(day?.date).toBe("2027-10-31");
    expect(day?.hours.map((hour) => hour.change)).toEqual([null, null, { before: "UTC+2", after: "UTC+1" }]);
  });

  test("half an hour of change is seen as well", () => {
    // Australia/Lord_Howe, 3 October 2027: from +10:30 to +11 at 15:30 UTC on the 2nd.
    const items = ["2027-10-02T15:00:00Z", "2027-10-02T16:00:00Z"].map((at) => item(at));
    const days = daysOf(linesOf(items, "Australia/Lord_Howe"), "Australia/Lord_Howe");
    expect(days.map((day) => day.date)).toEqual(["2027-10-03"]);
    expect(days[0]?.hours.at(-1)?.change).toEqual({ before: "UTC+10:30", after: "UTC+11" });
  });

  test("nothing is nothing", () => expect(daysOf([], "UTC")).toEqual([]));
});

describe("words", () => {
  test("how often", () => {
    expect([1, 60, 90, 300, 3_600, 86_400].map(everyWords)).toEqual([
      "every second",
      "every minute",
      "every 1 min 30 s",
      "every 5 min",
      "every hour",
      "every day",
    ]);
  });

  test("how many more", () => {
    const [line] = linesOf([{ ...minutes("2027-01-10T10"), count: 85 }], "UTC");
    expect(line && moreWords(line)).toBe("+84 more every minute");
    const [uneven] = linesOf([{ ...minutes("2027-01-10T10"), count: 1_001, every_seconds: null }], "UTC");
    expect(uneven && moreWords(uneven)).toBe("+1,000 more");
  });

  test("what is skipped is not counted as due", () => {
    const skipped = item("2027-01-10T12:00:00Z", { becomes: "skipped", task_id: "b" });
    expect(totalWords(linesOf([minutes("2027-01-10T10"), skipped], "UTC"))).toBe(
      "60 occurrences of 2 tasks, 1 skipped",
    );
  });
});
