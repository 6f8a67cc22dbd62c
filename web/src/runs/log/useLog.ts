import { startTransition, useCallback, useEffect, useRef, useState } from "react";
import { readOutput } from "../../api/horarium.ts";
import type { OutputView } from "../../api/horarium.schemas.ts";
import { Refusal, refusalOf } from "../../lib/http.ts";
import { appended, earlier, endOf, NOTHING, partsOf, PIECE_BYTES, prepended, type Text, trimmed } from "./lines.ts";

/** Who has just written may write more; who was quiet is asked less often, down to the second of these. */
const POLL_SOON_MS = 40;
const POLL_MS = 250;
const POLL_HIDDEN_MS = 5_000;
const POLL_AFTER_FAILURE_MS = 2_000;
/** A reader that is no further behind reads all of it. */
const BEHIND_BYTES_MAX = 16 * PIECE_BYTES;
/** What is kept is a head and a tail of 1 MiB each: more pieces than this there are not. */
const PIECES_MAX = 16;

export type Log = {
  text: Text;
  size: number;
  ended: boolean;
  dropped: OutputView["dropped"];
  /** Nothing has been answered yet. */
  pending: boolean;
  error: unknown;
};

const EMPTY: Log = { text: NOTHING, size: 0, ended: false, dropped: null, pending: true, error: null };

export type LogReader = Log & {
  loadEarlier: () => Promise<void>;
  loadLater: () => Promise<void>;
  /** Loads until that line is there, as far as it was kept. */
  loadLine: (no: number) => Promise<void>;
  retry: () => void;
};

/** The output of an attempt. It is opened at its end or its start, and followed until it has ended. */
export function useLog(runId: string, attempt: number, from: "start" | "end"): LogReader {
  const [log, setLog] = useState(EMPTY);
  const held = useRef(log);
  const resume = useRef<() => void>(() => undefined);
  const busy = useRef<Promise<void> | null>(null);

  const shown = useRef(log);
  const drawn = useRef<() => void>(() => undefined);

  const show = useCallback((next: Log) => {
    held.current = next;
    // Thousands of lines at once: they are drawn in between, so that nobody's key or wheel waits for them.
    startTransition(() => setLog(next));
  }, []);

  const settled = useCallback(
    () =>
      new Promise<void>((resolve) => {
        if (held.current === shown.current) resolve();
        else drawn.current = resolve;
      }),
    [],
  );

  // What writes faster than lines are drawn is read no faster, else a drawing would be given up for the next again and again.
  useEffect(() => {
    shown.current = log;
    if (log === held.current) drawn.current();
  }, [log]);

  const ask = useCallback(
    async (offset: number, limit = PIECE_BYTES, signal?: AbortSignal): Promise<OutputView> => {
      const view = await readOutput(runId, { attempt, offset, limit }, { signal });
      if (typeof view === "string") throw new Refusal(0, {}, null);
      return view;
    },
    [runId, attempt],
  );

  const note = useCallback(
    (view: OutputView, change: (text: Text) => Text) => {
      const text = change(held.current.text);
      const { size, ended, dropped } = view;
      const before = held.current;
      const same = text === before.text && size === before.size && ended === before.ended && !before.pending;
      if (!same || before.error !== null) show({ text, size, ended, dropped, pending: false, error: null });
    },
    [show],
  );

  useEffect(() => {
    const control = new AbortController();
    const { signal } = control;
    let quiet = POLL_SOON_MS;
    const step = async (): Promise<number | null> => {
      const { text, pending, size } = held.current;
      const first = pending && from === "end";
      // A reader that was left far behind goes on at the end: what lies between is a gap.
      const behind = from === "end" && !pending && size - endOf(text) > BEHIND_BYTES_MAX;
      const offset = first || behind ? -PIECE_BYTES : endOf(text);
      const view = await ask(offset, PIECE_BYTES, signal);
      if (signal.aborted) return null;
      note(view, (now) => trimmed(appended(now, partsOf(view))));
      if (view.ended && (from === "start" || view.next_offset >= view.size)) return null;
      const came = view.chunks.length > 0;
      quiet = came ? POLL_SOON_MS : Math.min(POLL_MS, quiet * 2);
      return came && view.next_offset < view.size ? 0 : quiet;
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = async () => {
      let wait: number | null;
      try {
        wait = await step();
      } catch (error) {
        if (signal.aborted) return;
        const refusal = refusalOf(error);
        show({ ...held.current, pending: false, error });
        if (refusal && !refusal.offline && refusal.status < 500) return;
        wait = POLL_AFTER_FAILURE_MS;
      }
      if (wait !== null) await settled();
      if (wait !== null && !signal.aborted)
        timer = setTimeout(() => void go(), document.hidden ? POLL_HIDDEN_MS : wait);
    };
    resume.current = () => {
      clearTimeout(timer);
      void go();
    };
    void go();
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [ask, from, note, show, settled]);

  /** One question at a time; a second press waits for the first. */
  const once = useCallback(
    (work: () => Promise<void>): Promise<void> => {
      busy.current ??= work()
        .catch((error: unknown) => show({ ...held.current, error }))
        .finally(() => {
          busy.current = null;
        });
      return busy.current;
    },
    [show],
  );

  const before = useCallback(async (): Promise<boolean> => {
    const wanted = earlier(held.current.text, held.current.dropped);
    if (wanted === null) return false;
    const view = await ask(wanted.offset, wanted.limit);
    const start = held.current.text;
    note({ ...view, size: held.current.size, ended: held.current.ended }, (now) => prepended(now, partsOf(view)));
    return held.current.text !== start;
  }, [ask, note]);

  const after = useCallback(async (): Promise<boolean> => {
    const view = await ask(endOf(held.current.text));
    note(view, (now) => appended(now, partsOf(view)));
    return view.next_offset < view.size && view.chunks.length > 0;
  }, [ask, note]);

  const loadEarlier = useCallback(() => once(async () => void (await before())), [once, before]);
  const loadLater = useCallback(() => once(async () => void (await after())), [once, after]);
  const loadLine = useCallback(
    (no: number) =>
      once(async () => {
        for (let i = 0; i < PIECES_MAX; i++) {
          const rows = held.current.text.blocks.flatMap((block) => block.rows);
          const numbers = rows.flatMap((row) => (row.kind === "line" ? [row.no] : []));
          const [first = 1, last = 0] = [numbers[0], numbers.at(-1)];
          if (no < first ? !(await before()) : no > last ? !(await after()) : true) return;
        }
      }),
    [once, before, after],
  );
  const retry = useCallback(() => resume.current(), []);
  return { ...log, loadEarlier, loadLater, loadLine, retry };
}
