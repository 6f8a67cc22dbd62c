import { describe, expect, test, vi } from "vitest";
import {
  absolute,
  changesIn,
  clock,
  comparedToUsual,
  duration,
  inFull,
  interval,
  localeOf,
  offsetName,
  relative,
  withZone,
  zoneName,
  zoneOf,
} from "./time.ts";

const NOW = new Date("2026-11-24T08:00:00Z");
const at = (text: string) => new Date(text);

describe("an instant in words", () => {
  test("is the reading of its zone", () => {
    vi.stubGlobal("navigator", { language: "en-GB" });
    expect(absolute(at("2026-11-24T08:00:00Z"), "Europe/Berlin", NOW)).toBe("Tue 24 Nov 09:00");
    expect(absolute(at("2026-11-24T08:00:00Z"), "Asia/Tokyo", NOW)).toBe("Tue 24 Nov 17:00");
  });
  test("has seconds only where there are some, and the year where it is far away", () => {
    expect(absolute(at("2026-11-24T08:00:05Z"), "UTC", NOW)).toBe("Tue 24 Nov 08:00:05");
    expect(absolute(at("2028-02-29T08:00:00Z"), "UTC", NOW)).toBe("Tue 29 Feb 2028 08:00");
  });
  test("can be shorter", () => {
    expect(absolute(at("2026-11-24T08:00:00Z"), "UTC", NOW, "auto", true)).toBe("24 Nov 08:00");
  });
  test("follows the person's hours", () => {
    expect(absolute(at("2026-11-24T15:00:00Z"), "UTC", NOW, "h12")).toMatch(/^Tue 24 Nov 3:00 pm$/i);
    expect(clock(at("2026-11-24T00:05:00Z"), "UTC", "h23")).toBe("00:05");
  });
  test("names the zone that held then, on both sides of a clock change", () => {
    expect(withZone(at("2027-03-28T00:30:00Z"), "Europe/Berlin", NOW)).toBe("Sun 28 Mar 01:30 CET");
    expect(withZone(at("2027-03-28T01:30:00Z"), "Europe/Berlin", NOW)).toBe("Sun 28 Mar 03:30 CEST");
    expect(
      ["Asia/Tokyo", "America/New_York", "Australia/Sydney", "Etc/UTC"].map((zone) => zoneName(NOW, zone)),
    ).toEqual(["GMT+9", "EST", "AEDT", "UTC"]);
    expect(offsetName(NOW, "Asia/Kolkata")).toBe("UTC+5:30");
  });
  test("in full has all zones once, ISO 8601, and how far away it is", () => {
    expect(inFull(at("2026-11-24T11:12:00Z"), "Asia/Tokyo", NOW).split("\n")).toEqual([
      "Tue 24 Nov 20:12 GMT+9 (Asia/Tokyo)",
      "Tue 24 Nov 12:12 CET (Europe/Berlin)",
      "Tue 24 Nov 11:12 UTC (UTC)",
      "2026-11-24T11:12:00.000Z",
      "in 3 h 12 min",
    ]);
    expect(inFull(NOW, "Europe/Berlin", NOW).split("\n")).toHaveLength(4);
  });
});

test("words are English whatever the browser speaks", () => {
  expect([localeOf("en-US"), localeOf("de-DE"), localeOf("ja")]).toEqual(["en-US", "en-GB", "en-GB"]);
});

test("a zone is the task's, the viewer's, or UTC", () => {
  expect([zoneOf("task", "Asia/Tokyo"), zoneOf("viewer", "Asia/Tokyo"), zoneOf("utc", "Asia/Tokyo")]).toEqual([
    "Asia/Tokyo",
    "Europe/Berlin",
    "UTC",
  ]);
});

test.each([
  [0, "now"],
  [999, "now"],
  [4_000, "in 4 s"],
  [-6 * 60_000, "6 min ago"],
  [3 * 3_600_000 + 12 * 60_000, "in 3 h 12 min"],
  [-3_600_000, "1 h ago"],
  [3 * 86_400_000 + 5 * 3_600_000, "in 3 d 5 h"],
  [120 * 3_600_000, "in 5 d"],
  [40 * 86_400_000, "in 40 d"],
])("%i ms from now is %s", (ms, words) => {
  expect(relative(new Date(NOW.getTime() + ms), NOW)).toBe(words);
});

test.each([
  [850, "850 ms"],
  [4_250, "4.2 s"],
  [9_999, "9.9 s"],
  [59_999, "59 s"],
  [187_000, "3 min 07 s"],
  [3_720_000, "1 h 02 min"],
  [120 * 3_600_000, "5 d 00 h"],
])("%i ms long is %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test.each([
  [6, "6 s"],
  [90, "1 min 30 s"],
  [3_600, "1 h"],
  [5_400, "1 h 30 min"],
  [604_800, "7 d"],
])("every %i s is every %s", (seconds, words) => {
  expect(interval(seconds)).toBe(words);
});

test.each([
  [4_000, null, "4.0 s"],
  [4_000, 3_900, "4.0 s"],
  [4_000, 1_300, "4.0 s, 3× usual"],
  [60_000, 1_000, "1 min 00 s, 60+× usual"],
  [300, 60, "300 ms"],
])("%i ms where %s is usual: %s", (ms, usual, words) => {
  expect(comparedToUsual(ms, usual)).toBe(words);
});

test("words change each second only for what is under a minute away", () => {
  expect(changesIn(new Date(NOW.getTime() + 59_000), NOW)).toBe(1_000);
  expect(changesIn(new Date(NOW.getTime() - 61_000), NOW)).toBe(15_000);
});
