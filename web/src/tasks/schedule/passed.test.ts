import { beforeAll, expect, test, vi } from "vitest";
import type { NoteView } from "../../api/horarium.schemas.ts";
import { placed } from "../modal/checks.ts";
import { noteWords, passedWords } from "./passed.ts";
import type { Read, Schedule } from "./useSchedule.ts";

beforeAll(() => void vi.stubGlobal("navigator", { language: "en-GB" }));

const AT = "2026-11-23T13:30:00.000Z";
const SCHEDULE: Schedule = { kind: "once", at: AT };
const SAID = "Mon 23 Nov 2026, 14:30 CET has passed: choose a later time.";
const note = (kind: NoteView["kind"], at: string | null): NoteView => ({ kind, at, text: "as the service says it." });
const read = (more: Partial<Read> = {}): Read => ({
  parsed: undefined,
  misread: null,
  pending: false,
  preview: { sentence: "", due: [], notes: [note("passed", AT)], changes: null, waiting: null },
  previewError: null,
  ...more,
});
const words = (more: Partial<Read>, schedule: Schedule | null = SCHEDULE) =>
  passedWords(read(more), schedule, "Europe/Berlin", "h23");

test("what has passed is told by the clocks of the form, with what to do", () => {
  expect(words({})).toBe(SAID);
});

test("nothing is said of another text than the one that stands there", () => {
  expect(words({ pending: true })).toBeNull();
  expect(words({ preview: undefined })).toBeNull();
  expect(words({}, { kind: "once", at: "2026-11-23T13:31:00.000Z" })).toBeNull();
  expect(words({}, { kind: "every", seconds: 60 })).toBeNull();
  expect(words({}, null)).toBeNull();
  expect(words({ misread: { message: "What?", column: 1, word: "", offers: [] } })).toBeNull();
});

test("notes that name an instant are told by the same clocks, all others as the service says them", () => {
  expect(noteWords(note("passed", AT), "Europe/Berlin", "h23")).toBe(SAID);
  expect(noteWords(note("never", AT), "Asia/Tokyo", "h23")).toBe("The last time was Mon 23 Nov 2026, 22:30 GMT+9.");
  expect(noteWords(note("never", null), "Asia/Tokyo", "h23")).toBe("as the service says it.");
  expect(noteWords(note("ends", AT), "Asia/Tokyo", "h23")).toBe("as the service says it.");
});

test("a refusal that comes of saving speaks of the field, not of members of the request", () => {
  const told = { pointer: "/schedule/at", message: `${AT} has passed`, remedy: 'add "if_past": "run"' };
  expect(placed([told]).errors).toEqual({ when: "That time has passed: choose a later one." });
  const other = { pointer: "/schedule/at", message: "the year is too far away", remedy: "name an earlier one" };
  expect(placed([other]).errors).toEqual({ when: "The year is too far away: name an earlier one." });
});
