/** Every time that is shown goes through here: Intl only, never without its zone, relative only beside absolute. */

export type ZoneChoice = "task" | "viewer" | "utc";
export type HourCycle = "auto" | "h23" | "h12";

export type TimePrefs = { zone: ZoneChoice; hours: HourCycle };

/** Words are English everywhere; a browser in English keeps its own variety. */
export function localeOf(language: string): string {
  return language.toLowerCase().startsWith("en") ? language : "en-GB";
}

const language = () => globalThis.navigator?.language ?? "en-GB";

const ASKED_AGAIN_MS = 60_000;

/** Intl takes longer to ask than a row takes to draw. So the browser's ways are remembered for a minute: computers travel. */
function remembered<T>(ask: () => T): () => T {
  let known: { told: T; at: number } | undefined;
  return () => {
    const now = performance.now();
    if (!known || now - known.at > ASKED_AGAIN_MS) known = { told: ask(), at: now };
    return known.told;
  };
}

export const viewerZone = remembered((): string => new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC");

const localeHalvesDays = remembered(
  () => new Intl.DateTimeFormat(language(), { hour: "numeric" }).resolvedOptions().hour12 ?? false,
);

/** The zone to print in; a task without a zone of its own lives in the server's. */
export function zoneOf(choice: ZoneChoice, taskZone: string): string {
  if (choice === "utc") return "UTC";
  return choice === "viewer" ? viewerZone() : taskZone;
}

/** Whether times are printed with am and pm. */
export function halfDays(hours: HourCycle): boolean {
  return hours === "auto" ? localeHalvesDays() : hours === "h12";
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, hours: HourCycle, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}|${hours}|${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    const cycle = halfDays(hours) ? "h12" : "h23";
    found = new Intl.DateTimeFormat(localeOf(language()), { timeZone: zone, hourCycle: cycle, ...options });
    formats.set(key, found);
  }
  return found;
}

const YEAR_MS = 365.25 * 86_400_000;

/** `Mon 24 Nov 09:00`; with the year where it is far away, with seconds where they are not nought. */
export function absolute(at: Date, zone: string, now: Date, hours: HourCycle = "auto", brief = false): string {
  const far = Math.abs(at.getTime() - now.getTime()) > YEAR_MS / 2;
  const seconds = at.getTime() % 60_000 !== 0;
  const options: Intl.DateTimeFormatOptions = {
    ...(brief ? {} : { weekday: "short" }),
    day: "numeric",
    month: "short",
    hour: halfDays(hours) ? "numeric" : "2-digit",
    minute: "2-digit",
    ...(far ? { year: "numeric" } : {}),
    ...(seconds ? { second: "2-digit" } : {}),
  };
  return format(zone, hours, options).format(at).replaceAll(",", "");
}

/** Each variety of English knows the short names of its own zones only. */
const NAMING = ["en-GB", "en-US", "en-AU", "en-IN", "en-NZ", "en-ZA"];
const names = new Map<string, Intl.DateTimeFormat[]>();

/** `CET`, `EST`; `GMT+9` where the zone has no short name in English. */
export function zoneName(at: Date, zone: string): string {
  let asked = names.get(zone);
  if (!asked) {
    asked = NAMING.map((locale) => new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" }));
    names.set(zone, asked);
  }
  let found = zone;
  for (const one of asked) {
    found = one.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? zone;
    if (!/^GMT[+-]/.test(found)) return found;
  }
  return found;
}

/** `UTC+1`, for menus. */
export function offsetName(at: Date, zone: string): string {
  const parts = format(zone, "h23", { timeZoneName: "shortOffset", hour: "2-digit" }).formatToParts(at);
  const found = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  return found.replace("GMT", "UTC");
}

/** `10:42`. */
export function clock(at: Date, zone: string, hours: HourCycle = "auto"): string {
  return format(zone, hours, { hour: halfDays(hours) ? "numeric" : "2-digit", minute: "2-digit" }).format(at);
}

/** `Mon 24 Nov 09:00 CET`. */
export function withZone(at: Date, zone: string, now: Date, hours: HourCycle = "auto"): string {
  return `${absolute(at, zone, now, hours)} ${zoneName(at, zone)}`;
}

/** `Thu 24 Dec 2026, 18:00 CET`: where a sentence names an instant, which may be read at any time. */
export function dated(at: Date, zone: string, hours: HourCycle = "auto"): string {
  const day = format(zone, hours, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const seconds = at.getTime() % MINUTE === 0 ? {} : { second: "2-digit" as const };
  const time = format(zone, hours, { hour: halfDays(hours) ? "numeric" : "2-digit", minute: "2-digit", ...seconds });
  return `${day.format(at).replaceAll(",", "")}, ${time.format(at)} ${zoneName(at, zone)}`;
}

/** What a tooltip says: the three zones, ISO 8601, and how far away. Zones that read the same are named together. */
export function inFull(at: Date, taskZone: string, now: Date, hours: HourCycle = "auto"): string {
  const zones = [...new Set([taskZone, viewerZone(), "UTC"])];
  const lines = zones.map((zone) => `${withZone(at, zone, now, hours)} (${zone})`);
  return [...lines, at.toISOString(), relative(at, now)].join("\n");
}

/** `in 3 h 12 min`, `6 min ago`, `now`. */
export function relative(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  if (Math.abs(ms) < 1_000) return "now";
  const words = about(Math.abs(ms));
  return ms > 0 ? `in ${words}` : `${words} ago`;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The largest unit, and the next one where it still matters: `3 h 12 min`, `12 d`. */
function about(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return two(Math.floor(ms / HOUR), "h", Math.floor((ms % HOUR) / MINUTE), "min");
  if (ms < 10 * DAY) return two(Math.floor(ms / DAY), "d", Math.floor((ms % DAY) / HOUR), "h");
  if (ms < YEAR_MS) return `${Math.floor(ms / DAY)} d`;
  return two(Math.floor(ms / YEAR_MS), "y", Math.floor((ms % YEAR_MS) / (30 * DAY)), "mo");
}

const two = (first: number, unit: string, second: number, smaller: string) =>
  second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${smaller}`;

/** How long something took: `850 ms`, `4.2 s`, `3 min 07 s`, `1 h 02 min`, `5 d 00 h`. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return padded(ms, MINUTE, "min", SECOND, "s");
  if (ms < DAY) return padded(ms, HOUR, "h", MINUTE, "min");
  return padded(ms, DAY, "d", HOUR, "h");
}

/** Of a whole number of seconds that something repeats in: `6 s`, `15 min`, `1 h 30 min`, `7 d`. */
export function interval(seconds: number): string {
  const words: string[] = [];
  let rest = seconds;
  for (const [unit, worth] of [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(rest / worth);
    if (count > 0) words.push(`${count} ${unit}`);
    rest -= count * worth;
  }
  return words.join(" ");
}

const padded = (ms: number, large: number, unit: string, small: number, smaller: string) =>
  `${Math.floor(ms / large)} ${unit} ${String(Math.floor((ms % large) / small)).padStart(2, "0")} ${smaller}`;

/** `4 s, 3× usual`; the comparison only where it is worth a look. */
export function comparedToUsual(ms: number, usualMs: number | null): string {
  if (usualMs === null || usualMs < 50) return duration(ms);
  const ratio = ms / usualMs;
  if (ratio < 2 || ms - usualMs < SECOND) return duration(ms);
  return `${duration(ms)}, ${ratio < 10 ? Math.round(ratio) : `${Math.floor(ratio / 10) * 10}+`}× usual`;
}

/** When a text like `relative` changes next, in ms; the bound keeps timers from running empty. */
export function changesIn(at: Date, now: Date): number {
  return Math.abs(at.getTime() - now.getTime()) < MINUTE ? SECOND : 15 * SECOND;
}
