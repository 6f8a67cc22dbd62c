/** A single instant that has passed: the preview tells of it, so that nobody has to save to find out. */

import type { NoteView } from "../../api/horarium.schemas.ts";
import { dated, type HourCycle } from "../../lib/time.ts";
import type { Read, Schedule } from "./useSchedule.ts";

/** What to do about it, where no preview could say so before saving. */
export const PASSED = "That time has passed: choose a later one.";

/** What is said of a schedule besides its times, on the clocks of `zone`. */
export function noteWords({ kind, at, text }: NoteView, zone: string, hours: HourCycle): string {
  if (kind === "passed" && at) return `${dated(new Date(at), zone, hours)} has passed: choose a later time.`;
  if (kind === "never" && at) return `The last time was ${dated(new Date(at), zone, hours)}.`;
  return text;
}

/** Why the schedule that stands in the form would be refused; null also while that is not known. */
export function passedWords(read: Read, schedule: Schedule | null, zone: string, hours: HourCycle): string | null {
  const note = read.pending || read.misread ? undefined : read.preview?.notes.find(({ kind }) => kind === "passed");
  // The preview may still be that of the text before.
  if (!note?.at || schedule?.kind !== "once" || Date.parse(schedule.at) !== Date.parse(note.at)) return null;
  return noteWords(note, zone, hours);
}
