/** The days of a calendar as a text that people edit: one day or stretch a line, words behind `#` are not kept. */

const ENTRY = /^\d{4}-\d\d-\d\d(?:\/\d{4}-\d\d-\d\d)?$/;
const DAYS_MAX = 1_000;

export type Read = { days: string[]; problem: { line: number; message: string } | null };

const exists = (day: string): boolean => {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
};

/** `2026-12-24..2027-01-01` may be written for a stretch too. */
export function readDays(text: string): Read {
  const days: string[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const entry = (lines[i] ?? "")
      .replace(/#.*$/, "")
      .trim()
      .replace(/\s*(?:\.\.|\/|–)\s*/, "/");
    if (entry === "") continue;
    const wrong = (message: string): Read => ({ days, problem: { line: i + 1, message } });
    if (!ENTRY.test(entry))
      return wrong(`"${entry.slice(0, 40)}" is no day: write 2026-12-24, or 2026-12-24/2027-01-01.`);
    const [first = "", last = first] = entry.split("/");
    if (!exists(first) || !exists(last)) return wrong(`There is no day ${exists(first) ? last : first}.`);
    if (last < first) return wrong(`${last} is before ${first}.`);
    if (!days.includes(entry)) days.push(entry);
    if (days.length > DAYS_MAX) return wrong(`A calendar holds ${DAYS_MAX.toLocaleString("en")} lines at most.`);
  }
  return { days, problem: null };
}

export const daysText = (days: readonly string[]): string => days.join("\n");
