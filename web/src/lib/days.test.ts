import { expect, test } from "vitest";
import { dayTitle, isDate, localDate, localHour, localReading, shifted } from "./days.ts";

test("readings are those of the zone", () => {
  const at = new Date("2027-03-28T01:30:00Z"); // just after Berlin's clocks went forward
  expect(localReading(at, "Europe/Berlin")).toBe("2027-03-28T03:30");
  expect(localReading(at, "Asia/Tokyo")).toBe("2027-03-28T10:30");
  expect(localReading(at, "Australia/Lord_Howe")).toBe("2027-03-28T12:30");
  expect(localReading(new Date("2027-01-01T00:00:00Z"), "UTC")).toBe("2027-01-01T00:00");
  expect(localDate(at, "America/Los_Angeles")).toBe("2027-03-27");
  expect(localHour(at, "America/Los_Angeles")).toBe(18);
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
