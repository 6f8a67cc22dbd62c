/** Runs and, quietly between them, what was not run: rows as far as they are seen, and one cursor for the keys. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import styled from "styled-components";
import { refusalOf } from "../lib/http.ts";
import { useKeys } from "../lib/keys.ts";
import { plural } from "../lib/plural.ts";
import { viewerZone } from "../lib/time.ts";
import { useMedia } from "../lib/useMedia.ts";
import { usePrefs } from "../tasks/TaskContext.tsx";
import { RefreshCw } from "../ui/icons.ts";
import { Hidden } from "../ui/misc.tsx";
import { Failure, useSlow } from "../ui/Panel.tsx";
import { color, size, width } from "../ui/tokens.ts";
import { columns, ROW } from "./columns.ts";
import { isFiltered, NO_FILTERS, type RunFilters } from "./filters.ts";
import { NoneFound, NoRuns, Skeleton } from "./ListStates.tsx";
import { RunCard } from "./RunCard.tsx";
import { PAGES_MAX, PREFETCH_ROWS } from "./runPages.ts";
import { RunRow, SkipRow } from "./RunRow.tsx";
import { useFreshRuns, useRunPages } from "./useRunPages.ts";

const Whole = styled.div`position: relative; flex: 1; min-block-size: 0; display: flex; flex-direction: column;`;
const Scroller = styled.div`flex: 1; min-block-size: 0; overflow: auto; overscroll-behavior: contain; scrollbar-width: thin;`;
const Rows = styled.div`position: relative;`;
const Foot = styled.div`padding: 12px 24px; font-size: ${size.tiny}; color: ${color.textFaint};`;
const Head = styled.div`
  ${columns}
  block-size: 32px; border-block-end: 1px solid ${color.line}; font-size: ${size.tiny}; color: ${color.textFaint}; background: ${color.ground};
  position: sticky; inset-block-start: 0; z-index: 2;
  & > * { min-inline-size: 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
`;
const Fresh = styled.button`
  position: absolute; inset-block-start: 40px; inset-inline: 0; margin-inline: auto; inline-size: max-content; z-index: 3; display: inline-flex;
  align-items: center; gap: 6px; block-size: 32px; padding-inline: 14px; border-radius: 16px; background: ${color.accent}; color: ${color.onAccent};
  font-size: ${size.small}; font-weight: 500; box-shadow: ${color.shadow};
  &:focus-visible { border-radius: 16px; }
`;

type Props = { filters: RunFilters; onClear?: () => void };

/** `filters.task` alone: the list of one task. */
export function RunTable({ filters, onClear }: Props) {
  const alone = filters.task !== null;
  const pages = useRunPages(filters);
  const { query, entries, restart } = pages;
  const { density, keys, zone } = usePrefs();
  const navigate = useNavigate();
  const phone = useMedia(`(max-width: ${width.narrow - 0.02}px)`);
  const [cursor, setCursor] = useState(-1);
  const scroller = useRef<HTMLDivElement>(null);

  const height = phone ? ROW.card : ROW[density];
  const skipped = phone ? ROW.skipCard : ROW.skip;
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (entries[index]?.record === "skip" ? skipped : height),
    getItemKey: (index) => `${entries[index]?.record}:${entries[index]?.id ?? index}`,
    overscan: 8,
  });
  useEffect(() => virtual.measure(), [virtual, height, skipped, entries]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  const { hasNextPage, isFetching, fetchNextPage, data, isPlaceholderData } = query;
  useEffect(() => {
    if (!isFetching && data && hasNextPage && last >= entries.length - PREFETCH_ROWS) void fetchNextPage();
  }, [isFetching, data, hasNextPage, last, entries.length, fetchNextPage]);
  const newer = useFreshRuns(filters, pages, items[0]?.index ?? 0);

  const asked = JSON.stringify(filters);
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setCursor(-1);
  }, [asked]);

  const move = useCallback(
    (by: number) => {
      // Rows of the list before are on their way out.
      if (isPlaceholderData) return;
      let next = cursor + by;
      while (entries[next]?.record === "skip") next += by;
      if (next < 0 || next >= entries.length) return;
      setCursor(next);
      virtual.scrollToIndex(next);
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"] a`)?.focus({ preventScroll: true }),
      );
    },
    [cursor, entries, virtual, isPlaceholderData],
  );
  const down = (event: KeyboardEvent) => (event.preventDefault(), move(1));
  const up = (event: KeyboardEvent) => (event.preventDefault(), move(-1));
  useKeys(
    {
      j: down,
      k: up,
      ArrowDown: down,
      ArrowUp: up,
      Enter: (event) => {
        const entry = entries[cursor];
        if (entry?.record === "run" && event.target === document.body) void navigate(`/runs/${entry.id}`);
      },
    },
    keys && !phone,
  );

  const slow = useSlow(query.isPending);
  const nothing = data !== undefined && entries.length === 0 && !hasNextPage;
  const failed = query.error !== null && !data && refusalOf(query.error)?.status !== 401;
  const zoneWords = zone === "viewer" ? viewerZone() : zone === "utc" ? "UTC" : "each in its zone";
  const more = isFiltered({ ...filters, task: alone && !onClear ? null : filters.task });
  return (
    <Whole>
      {newer > 0 && (
        <Fresh type="button" onClick={() => void restart().then(() => scroller.current?.scrollTo({ top: 0 }))}>
          <RefreshCw size={12} /> {newer.toLocaleString("en")} new
        </Fresh>
      )}
      {failed && <Failure what="The runs" error={query.error} onRetry={() => void query.refetch()} />}
      {nothing && (more && onClear ? <NoneFound onClear={onClear} /> : <NoRuns alone={alone} />)}
      {!failed && !nothing && (
        <Scroller ref={scroller} data-testid="runs">
          <div role="table" aria-label="Runs" aria-rowcount={-1} aria-busy={query.isPending || isPlaceholderData}>
            {!phone && (
              <div role="rowgroup" style={{ position: "sticky", insetBlockStart: 0, zIndex: 2 }}>
                <Head role="row" aria-rowindex={1} data-alone={alone}>
                  <div role="columnheader">
                    <Hidden>State</Hidden>
                  </div>
                  {!alone && <div role="columnheader">Task</div>}
                  <div role="columnheader">Scheduled ({zoneWords})</div>
                  <div role="columnheader">Took</div>
                  <div role="columnheader" title="Attempt">
                    Try
                  </div>
                  <div role="columnheader">Outcome</div>
                  <div role="columnheader">Cause</div>
                  <div role="columnheader" className="wide">
                    Worker
                  </div>
                </Head>
              </div>
            )}
            {query.isPending ? (
              slow && <Skeleton rows={12} height={height} alone={alone} />
            ) : (
              <Rows role="rowgroup" style={{ blockSize: virtual.getTotalSize() }}>
                {items.map((item) => {
                  const entry = entries[item.index];
                  if (!entry) return null;
                  const place = { index: item.index, top: item.start, alone, onCursor: setCursor };
                  if (entry.record === "skip")
                    return <SkipRow key={item.key} entry={entry} height={skipped} cursor={false} {...place} />;
                  const Row = phone ? RunCard : RunRow;
                  return <Row key={item.key} entry={entry} height={height} cursor={item.index === cursor} {...place} />;
                })}
              </Rows>
            )}
          </div>
          {!query.isPending && !hasNextPage && (
            <Foot>
              {(data?.pages.length ?? 0) >= PAGES_MAX
                ? `The newest ${entries.length.toLocaleString("en")}. Narrow the time to see what was before.`
                : plural(entries.length, "entry", "entries")}
            </Foot>
          )}
        </Scroller>
      )}
    </Whole>
  );
}

/** The runs of one task, for the page of that task. */
export const RunsOfTask = ({ id }: { id: string }) => {
  const [filters] = useState<RunFilters>({ ...NO_FILTERS, task: id });
  return <RunTable filters={filters} />;
};
