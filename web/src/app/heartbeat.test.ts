import { expect, test } from "vitest";
import type { StatsView } from "../api/horarium.schemas.ts";
import { beatOf } from "./heartbeat.ts";

const stats = (state: StatsView["scheduler"]["state"], behind_seconds = 0, p99: number | null = 12) =>
  ({ scheduler: { state, behind_seconds }, lateness_ms: { p50: 3, p99 } }) as StatsView;

test.each([
  [stats("on_time"), "good", "On time", "99 of 100 runs started within 12 ms."],
  [stats("on_time", 0, null), "good", "On time", "No run has started yet."],
  [stats("late", 12), "late", "12 s late", ""],
  [stats("stopped", 187), "bad", "Scheduler stopped 3 min 07 s ago", ""],
  [stats("stopped"), "bad", "Scheduler stopped", ""],
  [stats("absent"), "good", "Scheduled elsewhere", ""],
  [stats("absent", 30), "bad", "No scheduler, 30 s behind", ""],
  [undefined, "unknown", "…", ""],
])("%o", (told, tone, text, more) => {
  const beat = beatOf(told, false, 0);
  expect([beat.tone, beat.text]).toEqual([tone, text]);
  expect(beat.more).toContain(more);
});

test("clocks that differ by more than two seconds are told, and no answer comes before all", () => {
  expect(beatOf(stats("on_time"), false, 1_999).text).toBe("On time");
  expect(beatOf(stats("on_time"), false, -4_000)).toMatchObject({ tone: "late", text: "Clock differs by 4.0 s" });
  expect(beatOf(stats("late", 12), false, 4_000).more).toContain("Your clock differs from the server's by 4.0 s.");
  expect(beatOf(stats("on_time"), true, 0)).toMatchObject({ tone: "bad", text: "No answer" });
});

test("without the stream of events it says that it asks instead, unless there is no answer at all", () => {
  const asking = beatOf(stats("late", 12), false, 0, "polling");
  expect([asking.tone, asking.text]).toEqual(["late", "12 s late · asking every 5 s"]);
  expect(asking.more).toContain("The stream of events is down");
  expect(beatOf(stats("on_time"), false, 0, "connecting").text).toBe("On time");
  expect(beatOf(stats("on_time"), true, 0, "polling").text).toBe("No answer");
});
