import { expect, test } from "vitest";
import { dayBegan, dayTitle, isDate, localDate, localHour, localReading, shifted } from "./days.ts";

test("readings are those of the zone", () => {
  const at = new Date("2027-03-28T01:30:00Z"); // just after Berlin's clocks went forward
  expect(localReading(at, "Europe/Berlin")).toBe("2027-03-28T03:30");
  expect(localReading(at, "Asia/Tokyo")).toBe("2027-03-28T10:30");
  expect(localReading(at, "Australia/Lord_Howe")).toBe("2027-03-28T12:30");
  expect(localReading(new Date("2027-01-01T00:00:00Z"), "UTC")).toBe("2027-01-01T00:00");
  expect(localDate(at, "America/Los_Angeles")).toBe("2027-03-27");
  expect(localHour(at, "America/Los_Angeles")).toBe(18);
});

test.each([
  ["2026-11-24T09:15:00.250Z", "Europe/Berlin", "2026-11-23T23:00:00.000Z"],
  ["2026-11-23T23:00:00.000Z", "Europe/Berlin", "2026-11-23T23:00:00.000Z"],
  ["2026-11-23T22:59:59.999Z", "Europe/Berlin", "2026-11-22T23:00:00.000Z"],
  ["2027-03-28T20:00:00.000Z", "Europe/Berlin", "2027-03-27T23:00:00.000Z"], // a day of 23 hours
  ["2026-10-25T22:59:59.999Z", "Europe/Berlin", "2026-10-24T22:00:00.000Z"], // and one of 25
  ["2023-04-28T10:00:00.000Z", "Africa/Cairo", "2023-04-27T22:00:00.000Z"], // it began at 01:00
  ["2011-12-31T05:00:00.000Z", "Pacific/Apia", "2011-12-30T10:00:00.000Z"], // there was no day before
])("the day of %s in %s began at %s", (at, zone, began) => {
  expect(dayBegan(new Date(at), zone).toISOString()).toBe(began);
});

test("days are counted in the calendar", () => {
  expect(shifted("2028-02-28", 1)).toBe("2028-02-29");
  expect(shifted("2027-01-01", -1)).toBe("2026-12-31");
  expect(["2027-02-28", "2027-02-30", "tomorrow", "", null].map(isDate)).toEqual([true, false, false, false, false]);
});

test("titles name today and tomorrow", () => {
  expect(dayTitle("2027-03-28", "2027-03-28")).toMatch(/^Today, Sunday/);
  expect(dayTitle("2027-03-29", "2027-03-28")).toMatch(/^Tomorrow, Monday/);
  expect(dayTitle("2028-03-29", "2027-03-28")).toContain("2028");
});
