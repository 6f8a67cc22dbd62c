import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import styled from "styled-components";
import { readOutput, readRun } from "../api/horarium.ts";
import type { ChunkView, OutputView, RunState } from "../api/horarium.schemas.ts";
import { refusalOf } from "../lib/http.ts";
import { duration } from "../lib/time.ts";
import { color, font, radius, size } from "../ui/tokens.ts";
import { RunIcon } from "./StateIcon.tsx";
import { whyFailed } from "./wording.ts";

const POLL_MS = 250;
/** What does not end is looked at on its own page. */
const KEPT_CHUNKS = 400;
/** Colours and other steering of a terminal; the run's own page shows them. */
const ESC = "\u001b";
const ESCAPES = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\))`, "g");

const Verdict = styled.p`display: flex; align-items: center; gap: 8px; font-weight: 500;`;
const Log = styled.pre`
  margin: 0; padding: 10px 12px; border-radius: ${radius}; border: 1px solid ${color.line}; background: ${color.sunken}; max-block-size: 260px; overflow: auto;
  font: ${size.small}/20px ${font.mono}; white-space: pre-wrap; overflow-wrap: anywhere; text-align: start;
  & > [data-stream="stderr"] { color: ${color.failedText}; }
`;

const WORDS: Record<RunState, string> = {
  waiting: "About to start",
  running: "Running",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** What a run writes, as it writes it, and how it ended. */
export function RunOutput({ id, onEnd }: { id: string; onEnd?: () => void }) {
  const { chunks, ended, error } = useOutput(id);
  const run = useQuery({
    queryKey: ["runs", "one", id],
    queryFn: ({ signal }) => readRun(id, { signal }),
    refetchInterval: (query) => (query.state.data?.ended_at ? false : ended ? POLL_MS : 4 * POLL_MS),
  });
  const over = Boolean(run.data?.ended_at);
  useEffect(() => {
    if (over) onEnd?.();
  }, [over, onEnd]);
  const state = run.data?.state ?? "waiting";
  const took = run.data?.duration_ms;
  return (
    <>
      <Verdict role="status">
        <RunIcon state={state} />
        {WORDS[state]}
        {took !== null && took !== undefined && ` after ${duration(took)}`}
        {state === "failed" && run.data && `: ${whyFailed(run.data)}`}
      </Verdict>
      {chunks.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
        <Log tabIndex={0} aria-label="Output">
          {chunks.map((chunk) => (
            <span key={chunk.offset} data-stream={chunk.stream}>
              {chunk.text.replace(ESCAPES, "")}
            </span>
          ))}
        </Log>
      )}
      {error && <p role="alert">{error}</p>}
    </>
  );
}

function useOutput(id: string) {
  const [chunks, setChunks] = useState<readonly ChunkView[]>([]);
  const [ended, setEnded] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (offset: number) => {
      try {
        const output = (await readOutput(id, { offset }, { signal: stop.signal })) as OutputView; // JSON was asked for
        if (output.chunks.length > 0) setChunks((before) => [...before, ...output.chunks].slice(-KEPT_CHUNKS));
        if (output.ended && output.next_offset >= output.size) return setEnded(true);
        timer = setTimeout(() => void ask(output.next_offset), POLL_MS);
      } catch (thrown) {
        const refusal = refusalOf(thrown);
        if (refusal) setError(refusal.message);
        else if (!stop.signal.aborted) throw thrown;
      }
      return undefined;
    };
    void ask(0);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [id]);
  return { chunks, ended, error };
}
