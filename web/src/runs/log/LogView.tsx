/** What a run wrote: text and nothing but text, from its end while it is of interest there, and as it comes. */

import { type MouseEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import type { RunState } from "../../api/horarium.schemas.ts";
import { copy } from "../../lib/clipboard.ts";
import { address, refusalOf } from "../../lib/http.ts";
import { useNow } from "../../lib/now.ts";
import { plural } from "../../lib/plural.ts";
import { absolute, zoneName, zoneOf } from "../../lib/time.ts";
import { usePrefs } from "../../tasks/TaskContext.tsx";
import { Button } from "../../ui/Button.tsx";
import { ArrowDown } from "../../ui/icons.ts";
import { Hidden } from "../../ui/misc.tsx";
import { useSay } from "../../ui/Toast.tsx";
import { bytes, earlier, endOf, hashOf, isWhole, lineCount, type Range, rangeOf, startOf, textOf } from "./lines.ts";
import { LogBlock } from "./LogBlock.tsx";
import { Empty, Frame, More, Pill, Scroller } from "./LogStyle.ts";
import { LogTools } from "./LogTools.tsx";
import { useLog } from "./useLog.ts";

const NEAR_END_PX = 24;
const LOAD_AHEAD_PX = 800;

type Props = { runId: string; attempt: number; state: RunState; taskZone: string };

export function LogView({ runId, attempt, state, taskZone }: Props) {
  const open = state === "running" || state === "waiting";
  // Where it was opened stays as it was, also when the run ends meanwhile.
  const [from] = useState<"start" | "end">(() => (open || state === "failed" ? "end" : "start"));
  const log = useLog(runId, attempt, from);
  const { text, loadEarlier, loadLater, loadLine } = log;
  const { zone: choice, hours } = usePrefs();
  const say = useSay();
  const navigate = useNavigate();
  const { hash, search } = useLocation();
  const marked = rangeOf(hash);
  const scroller = useRef<HTMLDivElement>(null);
  const [wrap, setWrap] = useState(true);
  const [times, setTimes] = useState(false);
  const [follows, setFollows] = useState(from === "end" && marked === null);
  /** The number of the last line when the end was last in sight. */
  const [seen, setSeen] = useState<number | null>(null);

  const count = lineCount(text);
  const last = lastNumber(text);
  const zone = zoneOf(choice, taskZone);
  const now = useNow(60_000);
  const day = Math.floor(now.getTime() / 86_400_000);
  const told = useCallback(
    (at: string) => absolute(new Date(at), zone, new Date(day * 86_400_000), hours, true),
    [zone, hours, day],
  );

  // New lines keep the end in sight; lines put in above leave what is read where it is.
  const measured = useRef({ height: 0, start: 0 });
  const start = startOf(text);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    if (follows) {
      box.scrollTop = box.scrollHeight;
    } else if (start < measured.current.start && box.scrollTop < NEAR_END_PX) {
      box.scrollTop += box.scrollHeight - measured.current.height;
    }
    measured.current = { height: box.scrollHeight, start };
  });

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const left = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (from === "end" || log.ended === false) {
      const atEnd = left < NEAR_END_PX;
      if (atEnd !== follows) {
        setSeen(last);
        setFollows(atEnd);
      }
    }
    if (from === "start" && log.ended && left < LOAD_AHEAD_PX && endOf(text) < log.size) void loadLater();
  };

  // A link to a line brings it into sight, whatever has to be loaded for it.
  const wanted = marked?.first;
  const there = !log.pending;
  const brought = useRef<number | null>(null);
  useEffect(() => {
    if (wanted !== undefined && there) void loadLine(wanted);
  }, [wanted, there, loadLine]);
  // It may be drawn some time after it was loaded.
  useLayoutEffect(() => {
    const line = wanted === undefined || brought.current === wanted ? null : document.getElementById(`L${wanted}`);
    if (!line) return;
    brought.current = wanted ?? null;
    line.scrollIntoView({ block: "center" });
  });

  const toEnd = () => {
    setFollows(true);
    // The button that was pressed is about to go.
    scroller.current?.focus({ preventScroll: true });
  };
  const mark = (range: Range) => {
    brought.current = range.first;
    void navigate({ search, hash: hashOf(range) }, { replace: true, preventScrollReset: true });
  };
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const line = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-no]") : null;
    if (!line) return;
    const inset = Number.parseFloat(getComputedStyle(line).paddingInlineStart);
    if (event.clientX - line.getBoundingClientRect().left > inset) return;
    const no = Number(line.dataset.no);
    const other = event.shiftKey && marked ? marked.first : no;
    mark({ first: Math.min(no, other), last: Math.max(no, other) });
  };
  const copied = async (words: string, name: string) => {
    const done = await copy(words);
    say(done ? `Copied ${name}` : "This browser does not let the page copy", { failed: !done });
  };
  const raw = address(`/api/v1/runs/${runId}/output?attempt=${attempt}`);
  /** Also what is not loaded yet, as far as it was kept. */
  const copyAll = async () => {
    if (isWhole(text, log.size)) return copied(textOf(text, null), "the whole log");
    try {
      const { rawText } = await import("./raw.ts");
      await copied(await rawText(raw), log.dropped ? "all that was kept of the log" : "the whole log");
    } catch (error) {
      say(refusalOf(error)?.message ?? String(error), { failed: true });
    }
  };
  const download = async (how: "open" | "save") => {
    try {
      const { openRaw } = await import("./raw.ts");
      await openRaw(raw, `${runId}-${attempt}.txt`, how);
    } catch (error) {
      say(refusalOf(error)?.message ?? String(error), { failed: true });
    }
  };

  const digits = String(last).length;
  const fresh = seen === null ? 0 : Math.max(0, last - seen);
  const above = earlier(text, log.dropped);
  const below = log.ended && from === "start" && endOf(text) < log.size;
  return (
    <Frame aria-label="Log">
      <LogTools
        size={log.size}
        live={open && !log.ended}
        follows={follows}
        wrap={wrap}
        times={times}
        zone={zoneName(now, zone)}
        marked={marked}
        onWrap={() => setWrap(!wrap)}
        onTimes={() => setTimes(!times)}
        onCopy={() => void copyAll()}
        onCopyMarked={() => marked && void copied(textOf(text, marked), plural(marked.last - marked.first + 1, "line"))}
        onRaw={() => void download("open")}
        onDownload={() => void download("save")}
      />
      <Scroller
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label="Output of the run"
        tabIndex={0}
        data-wrap={wrap}
        data-times={times}
        data-testid="log"
        style={{ "--digits": Math.max(2, digits) } as Record<string, number>}
        onScroll={onScroll}
        onClick={onClick}
      >
        {above && (
          <More>
            <Button look="ghost" onClick={() => void loadEarlier()}>
              Load earlier · {bytes(above.offset + above.limit)} before
            </Button>
          </More>
        )}
        {text.blocks.map((block, i) => (
          <LogBlock
            key={block.key}
            block={block}
            marked={within(marked, block.rows)}
            told={told}
            near={(i === 0 && from === "start") || i >= text.blocks.length - 2}
          />
        ))}
        {below && (
          <More>
            <Button look="ghost" onClick={() => void loadLater()}>
              Load more · {bytes(log.size - endOf(text))} left
            </Button>
          </More>
        )}
        {count === 0 && !log.pending && log.error === null && (
          <Empty>
            {log.ended ? "It wrote nothing." : state === "waiting" ? "It has not begun yet." : "Nothing written yet."}
          </Empty>
        )}
        {log.error !== null && (
          <Empty role="alert">
            {refusalOf(log.error)?.message ?? String(log.error)} <Button onClick={log.retry}>Try again</Button>
          </Empty>
        )}
      </Scroller>
      {!follows && fresh > 0 && from === "end" && (
        <Pill type="button" onClick={toEnd}>
          <ArrowDown size={14} /> {plural(fresh, "new line")}
        </Pill>
      )}
      <Hidden role="status" aria-live="polite">
        {open ? "" : `finished, ${state}`}
      </Hidden>
    </Frame>
  );
}

const within = (marked: Range | null, rows: readonly { kind: string; no?: number }[]): Range | null => {
  const first = rows[0]?.no ?? 0;
  const last = rows.at(-1)?.no ?? 0;
  return marked && marked.last >= first && marked.first <= last ? marked : null;
};

function lastNumber(text: { blocks: readonly { rows: readonly { kind: string; no?: number }[] }[] }): number {
  return text.blocks.at(-1)?.rows.at(-1)?.no ?? 1;
}
