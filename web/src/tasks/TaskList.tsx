/** The table of tasks: chips, search, rows as far as they are seen, and one cursor for hands that stay on the keys. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import styled from "styled-components";
import type { TaskView } from "../api/horarium.schemas.ts";
import { refusalOf } from "../lib/http.ts";
import { useKeys } from "../lib/keys.ts";
import { halfDays } from "../lib/time.ts";
import { useMedia } from "../lib/useMedia.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { Plus, RefreshCw } from "../ui/icons.ts";
import { Failure, useSlow } from "../ui/Panel.tsx";
import { color, media, size, width } from "../ui/tokens.ts";
import { nextWidth, ROW, STRIP_SLOTS } from "./columns.ts";
import { useMay } from "./context/actions.tsx";
import { TaskFiltersProvider, useTaskFilters } from "./context/filters.tsx";
import { useLive } from "./context/live.tsx";
import { usePrefs } from "./context/prefs.tsx";
import { useFreshValues, useTaskPage } from "./context/taskPages.ts";
import { isFiltered } from "./filters.ts";
import { NoneFound, NoTasks, Skeleton } from "./ListStates.tsx";
import { COUNTED_MAX, countOf, pageOf, PREFETCH_ROWS } from "./pages.ts";
import { all, isTicked, NOTHING, ticked } from "./selection.ts";
import { TaskCard } from "./TaskCard.tsx";
import { TaskChips } from "./TaskChips.tsx";
import { TaskHead } from "./TaskHead.tsx";
import { TaskRow } from "./TaskRow.tsx";
import { TaskSearch } from "./TaskSearch.tsx";
import { useTaskCommands } from "./useTaskCommands.tsx";
import { useTaskKeys } from "./useTaskKeys.ts";

const SelectionBar = lazy(() => import("./SelectionBar.tsx").then((module) => ({ default: module.SelectionBar })));

const Whole = styled.div`position: relative; display: flex; flex-direction: column; block-size: 100%; min-block-size: 0;`;

const Tools = styled.div`
  display: flex; align-items: center; gap: 12px; padding: 10px 24px; flex-wrap: wrap;
  & > .new { margin-inline-start: auto; }
  ${media.phone} {
    display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px; padding-inline: 16px;
    & > .new { grid-area: 1 / 2; inline-size: 44px; padding: 0; & > span { display: none; } }
    & > [role="group"] { grid-column: 1 / -1; }
  }
`;

const Scroller = styled.div`flex: 1; min-block-size: 0; overflow: auto; overscroll-behavior: contain; scrollbar-width: thin;`;
const Rows = styled.div`position: relative;`;

const Fresh = styled.button`
  display: inline-flex; align-items: center; gap: 6px; block-size: 28px; padding-inline: 10px; border-radius: 14px;
  background: ${color.accentSoft}; color: ${color.accentText}; font-size: ${size.small}; font-weight: 500;
`;

const Foot = styled.div`padding: 12px 24px; ${media.phone} { padding-inline: 16px; } font-size: ${size.tiny}; color: ${color.textFaint};`;

export function TaskList() {
  return (
    <TaskFiltersProvider>
      <List />
    </TaskFiltersProvider>
  );
}

function List() {
  const { filters, change } = useTaskFilters();
  const { density, keys, zone, hours } = usePrefs();
  const { serverZone } = useLive();
  const { query, memory, window: shown, count } = useTaskPage(filters);
  const total = count?.now ?? null;
  const newer = count?.added ?? 0;
  const { commands, dialogs } = useTaskCommands();
  const navigate = useNavigate();
  const letters = useTaskKeys(commands);
  const mayEdit = useMay("editor");
  const phone = useMedia(`(max-width: ${width.narrow - 0.02}px)`);
  const wide = useMedia(`(min-width: ${width.wide}px)`);
  const [cursor, setCursor] = useState(-1);
  const [selection, setSelection] = useState(NOTHING);
  const scroller = useRef<HTMLDivElement>(null);

  const height = phone ? ROW.card : ROW[density];
  const virtual = useVirtualizer({
    count: shown.end,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  const { hasNextPage, hasPreviousPage, isFetching, fetchNextPage, fetchPreviousPage, data } = query;
  useEffect(() => {
    if (isFetching || !data) return;
    if (hasNextPage && last >= shown.end - PREFETCH_ROWS) void fetchNextPage();
    else if (hasPreviousPage && first < shown.start + PREFETCH_ROWS) void fetchPreviousPage();
  }, [isFetching, data, hasNextPage, hasPreviousPage, first, last, shown, fetchNextPage, fetchPreviousPage]);

  const middle = Math.floor((first + last) / 2);
  const visible =
    data && !query.isPlaceholderData ? (pageOf(middle, data, memory) ?? pageOf(first, data, memory)) : undefined;
  useFreshValues(filters, visible);

  // Another list begins at its top, with nothing ticked.
  const asked = JSON.stringify(filters);
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setCursor(-1);
    setSelection(NOTHING);
  }, [asked]);

  const at = (index: number): TaskView | undefined => shown.rows[index - shown.start];
  const { rows } = shown;
  const onTick = useCallback(
    (id: string, range: boolean) => setSelection((before) => ticked(before, id, rows, range)),
    [rows],
  );
  const move = (to: number) => {
    const next = Math.max(0, Math.min(shown.end - 1, to));
    setCursor(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"] a`)?.focus({ preventScroll: true }),
    );
  };
  const withCursor = (work: (task: TaskView) => void) => (event: KeyboardEvent) => {
    const task = at(cursor);
    if (!task) return;
    event.preventDefault();
    work(task);
  };
  const down = (event: KeyboardEvent) => (event.preventDefault(), move(cursor + 1));
  const up = (event: KeyboardEvent) => (event.preventDefault(), move(cursor - 1));
  useKeys(
    {
      j: down,
      k: up,
      ArrowDown: down,
      ArrowUp: up,
      x: withCursor((task) => onTick(task.id, false)),
      "Shift+X": withCursor((task) => onTick(task.id, true)),
      r: withCursor(letters.r),
      p: withCursor(letters.p),
      e: withCursor(letters.e),
      d: withCursor(letters.d),
      Enter: (event) => {
        const task = at(cursor);
        const { target } = event;
        const nowhere = target === document.body || (target instanceof Element && target.id === "main");
        if (task && nowhere) void navigate(`/tasks/${task.id}`);
      },
      Escape: () => setSelection(NOTHING),
    },
    keys && !phone,
  );

  const slow = useSlow(query.isPending);
  const allTicked = rows.length > 0 && rows.every((task) => isTicked(selection, task.id));
  const Row = phone ? TaskCard : TaskRow;
  const nothing = data !== undefined && shown.end === 0 && !hasNextPage;
  const failed = query.error !== null && !data && !(refusalOf(query.error)?.status === 401);

  return (
    <Whole>
      {!(nothing && !isFiltered(filters)) && (
        <Tools>
          <TaskSearch />
          <TaskChips />
          {newer > 0 && (
            <Fresh type="button" onClick={() => void query.refetch()}>
              <RefreshCw size={12} /> {newer.toLocaleString("en")} new
            </Fresh>
          )}
          {mayEdit && (
            <ButtonLink className="new" look="primary" to="/tasks/new" aria-label="New task" title="New task (C)">
              <Plus size={14} /> <span>New task</span>
            </ButtonLink>
          )}
        </Tools>
      )}
      {failed && <Failure what="The tasks" error={query.error} onRetry={() => void query.refetch()} />}
      {nothing &&
        (isFiltered(filters) ? (
          <NoneFound onClear={() => change({ words: "", states: [], tags: [], kind: null, pool: null })} />
        ) : (
          <NoTasks />
        ))}
      {!failed && !nothing && (
        <Scroller ref={scroller} data-testid="tasks">
          <div
            role="table"
            aria-label="Tasks"
            style={{ "--next": nextWidth(halfDays(hours), zone === "task") } as CSSProperties}
            aria-rowcount={total === null || total > COUNTED_MAX ? -1 : total + 1}
            aria-busy={query.isPending}
            data-picking={selection.tasks.size > 0}
          >
            {!phone && (
              <div role="rowgroup" style={{ position: "sticky", insetBlockStart: 0, zIndex: 2 }}>
                <TaskHead
                  allTicked={allTicked}
                  someTicked={selection.tasks.size > 0}
                  onTickAll={() => setSelection(allTicked ? NOTHING : all(rows))}
                />
              </div>
            )}
            {query.isPending ? (
              slow && <Skeleton rows={12} height={height} />
            ) : (
              <Rows role="rowgroup" style={{ blockSize: virtual.getTotalSize() }}>
                {items.map((item) => {
                  const task = at(item.index);
                  if (!task) return null;
                  return (
                    <Row
                      key={task.id}
                      task={task}
                      index={item.index}
                      top={item.start}
                      height={height}
                      cursor={item.index === cursor}
                      ticked={isTicked(selection, task.id)}
                      slots={wide ? STRIP_SLOTS.wide : STRIP_SLOTS.narrow}
                      serverZone={serverZone}
                      commands={commands}
                      onTick={onTick}
                      onCursor={setCursor}
                    />
                  );
                })}
              </Rows>
            )}
          </div>
          {!query.isPending && total !== null && (
            <Foot>{hasNextPage ? `${shown.end.toLocaleString("en")} of ${countOf(total)}` : countOf(total)}</Foot>
          )}
        </Scroller>
      )}
      {selection.tasks.size > 0 && (
        <Suspense>
          <SelectionBar
            selection={selection}
            whole={allTicked}
            onAll={(matching) => setSelection((before) => ({ ...before, matching }))}
            filters={filters}
            total={total}
            onDone={() => setSelection(NOTHING)}
          />
        </Suspense>
      )}
      {dialogs}
    </Whole>
  );
}
