import { type Day, DAYS } from "./build.ts";

type WithWeek = { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };

/** The days as the person's own calendars order them; Monday first where the browser does not know. */
export function weekOf(language: string = globalThis.navigator?.language ?? "en-GB"): readonly Day[] {
  const locale = new Intl.Locale(language) as unknown as WithWeek;
  const first = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
  return [...DAYS.slice(first - 1), ...DAYS.slice(0, first - 1)];
}
