/** What the clocks of a zone show at an instant, as fields of forms take it. Only formatting: nothing is computed. */

const formats = new Map<string, Intl.DateTimeFormat>();

export type Reading = { date: string; time: string; seconds: string };

/** `{ date: "2026-11-25", time: "18:00", seconds: "00" }`. */
export function reading(at: Date, zone: string): Reading {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    date: `${parts.year?.padStart(4, "0")}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
    seconds: parts.second ?? "00",
  };
}
