/** What the scheduler's heartbeat says, from the figures. */

import type { StatsView } from "../api/horarium.schemas.ts";
import type { StreamState } from "../tasks/TaskContext.tsx";
import { duration } from "../lib/time.ts";

export type Beat = { tone: "good" | "late" | "bad" | "unknown"; text: string; more: string };

const CLOCK_TOLERANCE_MS = 2_000;

export function beatOf(
  stats: StatsView | undefined,
  offline: boolean,
  offsetMs: number,
  stream: StreamState = "live",
): Beat {
  const beat = pulseOf(stats, offline, offsetMs);
  if (stream !== "polling" || offline || !stats) return beat;
  const more = `${beat.more} The stream of events is down: this page asks every 5 seconds instead.`;
  return { ...beat, text: `${beat.text} · asking every 5 s`, more };
}

function pulseOf(stats: StatsView | undefined, offline: boolean, offsetMs: number): Beat {
  if (offline) return { tone: "bad", text: "No answer", more: "The server does not answer." };
  if (!stats) return { tone: "unknown", text: "…", more: "The server has not answered yet." };
  const { state, behind_seconds: behind } = stats.scheduler;
  const p99 = stats.lateness_ms.p99;
  const lateness = p99 === null ? "No run has started yet." : `99 of 100 runs started within ${duration(p99)}.`;
  const apart = Math.abs(offsetMs);
  const clocks = apart > CLOCK_TOLERANCE_MS ? ` Your clock differs from the server's by ${duration(apart)}.` : "";
  const more = lateness + clocks;
  switch (state) {
    case "on_time":
      if (clocks) return { tone: "late", text: `Clock differs by ${duration(apart)}`, more };
      return { tone: "good", text: "On time", more };
    case "late":
      return { tone: "late", text: `${duration(behind * 1_000)} late`, more };
    case "stopped":
      return {
        tone: "bad",
        text: behind > 0 ? `Scheduler stopped ${duration(behind * 1_000)} ago` : "Scheduler stopped",
        more,
      };
    case "absent":
      if (behind > 10) return { tone: "bad", text: `No scheduler, ${duration(behind * 1_000)} behind`, more };
      return { tone: "good", text: "Scheduled elsewhere", more: `The scheduler runs in another process. ${more}` };
  }
}
