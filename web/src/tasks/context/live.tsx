import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { OutputEvent, StatsView } from "../../api/horarium.schemas.ts";
import { address, refusalOf } from "../../lib/http.ts";
import { LiveStream, type StreamState } from "./stream.ts";
import { setOffset } from "../../lib/now.ts";
import { News } from "./news.ts";
import { notePace, useStats } from "./queries.ts";

/** Whether what is shown is fresh. `lastHeardAt`: when the server last answered, by its own clock, in ms. */
export type Live = {
  stats: StatsView | undefined;
  offline: boolean;
  lastHeardAt: number | undefined;
  /** How far the server's clock is ahead of this browser's, in ms. */
  offsetMs: number;
  serverZone: string;
  /** How changes come: by the stream of events, or by asking again and again. */
  stream: StreamState;
};

const LiveContext = createContext<Live>({
  stats: undefined,
  offline: false,
  lastHeardAt: undefined,
  offsetMs: 0,
  serverZone: "UTC",
  stream: "connecting",
});

export const useLive = (): Live => useContext(LiveContext);

type Watch = (run: string, onSize: (event: OutputEvent) => void) => () => void;
const WatchContext = createContext<Watch>(() => () => undefined);

/** Tells how many bytes of output a run has, whenever that changes; null watches nothing. */
export function useLiveRun(runId: string | null, onSize: (event: OutputEvent) => void): void {
  const watch = useContext(WatchContext);
  const latest = useRef(onSize);
  useEffect(() => {
    latest.current = onSize;
  });
  useEffect(() => (runId === null ? undefined : watch(runId, (event) => latest.current(event))), [runId, watch]);
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data, error } = useStats();
  const [stream, setStream] = useState<StreamState>("connecting");
  const { line, watch } = useMemo(() => {
    const news = new News(client);
    const watchers = new Map<string, Set<(event: OutputEvent) => void>>();
    const events = new LiveStream({
      open: (topics) => new EventSource(address(`/api/v1/events?topics=${topics}`)),
      missed: () => news.missed(),
      tasks: (patches) => news.tasks(patches),
      runs: (patches) => news.runs(patches),
      output: (event) => {
        for (const tell of watchers.get(event.run_id) ?? []) tell(event);
      },
      state: (state) => {
        notePace(state === "live");
        setStream(state);
        if (state === "live") news.recovered();
        // Whether the server is away is known by asking it; what then follows keeps the new pace.
        if (state !== "live" && state !== "asleep") news.everything();
      },
    });
    const watching: Watch = (run, onSize) => {
      const told = watchers.get(run) ?? new Set();
      watchers.set(run, told.add(onSize));
      const end = events.watch(run);
      return () => {
        told.delete(onSize);
        if (told.size === 0) watchers.delete(run);
        end();
      };
    };
    return { line: { events, news }, watch: watching };
  }, [client]);

  useEffect(() => {
    const { events, news } = line;
    const looked = () => events.hidden(document.hidden);
    events.start();
    document.addEventListener("visibilitychange", looked);
    return () => {
      document.removeEventListener("visibilitychange", looked);
      events.stop();
      news.stop();
      notePace(false);
    };
  }, [line]);

  const offsetMs = data?.offsetMs ?? 0;
  useEffect(() => setOffset(offsetMs), [offsetMs]);
  const offline = refusalOf(error)?.offline ?? false;
  useEffect(() => {
    if (offline) return;
    line.events.nudge();
    line.news.recovered();
  }, [line, offline]);
  const live = useMemo<Live>(
    () => ({
      stats: data,
      offline,
      lastHeardAt: data && Date.parse(data.now),
      offsetMs,
      serverZone: data?.timezone ?? "UTC",
      stream,
    }),
    [data, offline, offsetMs, stream],
  );
  return (
    <LiveContext value={live}>
      <WatchContext value={watch}>{children}</WatchContext>
    </LiveContext>
  );
}
