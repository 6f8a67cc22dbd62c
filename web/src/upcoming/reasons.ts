/** Why a task is not among what is shown, from what the server says of it. */

import type { NoteView, TaskDetail } from "../api/horarium.schemas.ts";

export type Why = { kind: "broken" | "deleted" | "paused" | "ended" | "outside" | "excluded" | "here"; text: string };

/** `told` prints an instant with its zone; `shown`: how many occurrences of it are in the stretch; `notes` are the preview's. */
export function whyNot(
  task: TaskDetail,
  shown: number,
  to: string | null,
  notes: readonly NoteView[],
  told: (at: string) => string,
): Why[] {
  if (task.deleted_at !== null) return [{ kind: "deleted", text: `It was deleted ${told(task.deleted_at)}.` }];
  if (task.broken !== null) return [{ kind: "broken", text: `Its definition cannot be read: ${task.broken.reason}` }];
  const found: Why[] = [];
  if (task.pause !== null) {
    const until = task.pause.until ? ` until ${told(task.pause.until)}` : " until somebody resumes it";
    const reason = task.pause.reason ? ` (${task.pause.reason})` : "";
    found.push({
      kind: "paused",
      text: `It is paused${until}${reason}: nothing of it runs by its schedule meanwhile.`,
    });
  }
  if (task.next_due_at === null && task.pause === null) {
    found.push({ kind: "ended", text: "It has ended: its schedule names no instant any more." });
  } else if (task.next_due_at !== null && to !== null && Date.parse(task.next_due_at) >= Date.parse(to)) {
    found.push({ kind: "outside", text: `It comes later: it is next due ${told(task.next_due_at)}.` });
  }
  for (const note of notes) {
    if (note.kind === "excluded" || note.kind === "left_out" || note.kind === "rolled") {
      if (!isLater(note, to)) found.push({ kind: "excluded", text: note.text });
    }
  }
  if (shown > 0) found.push({ kind: "here", text: "What is due of it in this stretch is below." });
  else if (found.length === 0) found.push({ kind: "outside", text: "Nothing of it is due in this stretch." });
  return found;
}

const isLater = (note: NoteView, to: string | null) =>
  note.at !== null && to !== null && Date.parse(note.at) >= Date.parse(to);

/** What was done to a single instant, which its row says. */
export const isMark = ({ kind }: NoteView): boolean =>
  kind === "moved" || kind === "merged" || kind === "repeated" || kind === "rolled";

/** The changes of the clocks in the stretch. */
export function clockNotes(notes: readonly NoteView[], to: string | null): string[] {
  return notes
    .filter(({ kind }) => kind === "clock_change")
    .filter((note) => !isLater(note, to))
    .map(({ text }) => text);
}

/** The zone that a task's schedule lives in, if it has one of its own. */
export function ownZone(task: Pick<TaskDetail, "schedule">): string | null {
  const { schedule } = task;
  return schedule && (schedule.kind === "cron" || schedule.kind === "rrule") && "timezone" in schedule
    ? schedule.timezone
    : null;
}
