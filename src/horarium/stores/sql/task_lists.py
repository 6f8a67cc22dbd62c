"""Pages of tasks, and one task with its books.

A page is a key range along the order's index: a sort is one stretch of keys, or two (`next_due_at`: the due ones, then those
without; `failing`: the failing ones, then the others). What a filter leaves out costs work all the same, so a page looks at
a bounded number of rows: it may come short, with a cursor where the search goes on. So may a page of large definitions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, func, literal_column, select

from horarium.core.cursor import Books
from horarium.core.ids import TaskId
from horarium.core.instants import from_ms
from horarium.core.page import TASK_PAGE_BYTES_MAX, PageOf, TaskFilter, TaskRow, TaskSort, Window
from horarium.core.run import OF_OCCURRENCES
from horarium.stores.sql import overrides
from horarium.stores.sql.keyset import beyond, decoded, encoded, up_to
from horarium.stores.sql.rows import TASK_WIDTH, instant, sentence_of, task_of
from horarium.stores.sql.search import TOTAL_SEARCHED_MAX, Condition, Key, count_up_to, edge, sorted_by
from horarium.stores.sql.strips import IS_NEXT_SKIPPED, last_runs, running
from horarium.stores.sql.tables import cursors, runs, skips, tasks
from horarium.stores.sql.task_filters import Candidates, candidates, narrow, wanted_tasks
from horarium.stores.sql.task_orders import BY_NAME, NAMES, STRETCHES, WITH_CURSOR, Stretch

_TEXTS = tuple(list(tasks.c).index(tasks.c[name]) for name in ("description", "schedule", "action", "policy"))
"""The columns that make a definition large."""

_SHOWN = (*tasks.c, cursors.c.next_due_at, IS_NEXT_SKIPPED)
_SHOWN_WIDTH = TASK_WIDTH + 2

_BOOKS = (
    cursors.c.decided,
    cursors.c.forgotten,
    cursors.c.seen_through,
    cursors.c.kept_from,
    select(func.count())
    .where(runs.c.task_id == tasks.c.id, runs.c.cause.in_([cause.value for cause in OF_OCCURRENCES]))
    .correlate(tasks)
    .scalar_subquery(),
    select(func.coalesce(func.sum(skips.c.count), 0))
    .where(skips.c.task_id == tasks.c.id)
    .correlate(tasks)
    .scalar_subquery(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The wanted tasks, in terms of SQL, and the ids that can be meant."""

    conditions: Sequence[Condition]
    candidates: Candidates
    filtered: bool
    with_deleted: bool


def task_rows(conn: Connection, wanted: TaskFilter, window: Window, now: datetime) -> PageOf[TaskRow]:
    """A page of the wanted tasks with strips. `total`: TOTAL_MAX + 1 for more than that, None where counting would take
    too long."""
    search = _search(conn, wanted, now)
    rows, next_cursor = _page(conn, wanted.sort, search, window)
    items = _with_strips(conn, rows)
    return PageOf(items=items, next_cursor=next_cursor, total=_total(conn, search) if window.total else None)


def task_ids(conn: Connection, wanted: TaskFilter, window: Window, now: datetime) -> PageOf[TaskId]:
    """The same page, of which only the ids are wanted."""
    rows, next_cursor = _page(conn, wanted.sort, _search(conn, wanted, now), window)
    return PageOf(items=tuple(TaskId(row[0]) for row in rows), next_cursor=next_cursor)


def task_row(conn: Connection, task_id: TaskId, now: datetime) -> TaskRow | None:
    """One task, deleted or not, with its books and what is used up: those are one statement, so one snapshot."""
    del now  # nothing a task shows depends on it yet
    columns = (*_SHOWN, *_BOOKS, cursors.c.since_edit, cursors.c.overrides)
    row = conn.execute(select(*columns).select_from(WITH_CURSOR).where(tasks.c.id == task_id)).one_or_none()
    if row is None:
        return None
    (shown,) = _with_strips(conn, [row])
    books = _books(row, _SHOWN_WIDTH)
    stand = overrides.after(conn, task_id, books.seen_through) if books is not None and row[-1] else ()
    return replace(shown, books=books, since_edit=row[-2] or 0, overrides=stand)


def _search(conn: Connection, wanted: TaskFilter, now: datetime) -> Search:
    return Search(
        conditions=wanted_tasks(wanted, now, conn.dialect.name),
        candidates=candidates(conn, wanted, now),
        filtered=replace(wanted, sort="name") != TaskFilter(),
        with_deleted="deleted" in wanted.states,
    )


def _books(row: Sequence[Any], at: int) -> Books | None:
    if row[at] is None:  # a test run's task has no cursor
        return None
    decided, forgotten, seen_through, kept_from, made, skipped = row[at : at + len(_BOOKS)]
    return Books(
        decided=decided,
        runs=made,
        skipped=int(skipped),
        forgotten=forgotten,
        seen_through=from_ms(seen_through),
        kept_from=from_ms(kept_from),
    )


def _with_strips(conn: Connection, rows: Sequence[Sequence[Any]]) -> tuple[TaskRow, ...]:
    """Rows of (_SHOWN…, …)."""
    ids = [TaskId(row[0]) for row in rows]
    past = last_runs(conn, ids)
    now_running = running(conn, ids) if ids else {}
    return tuple(
        TaskRow(
            task=task_of(row),
            sentence=sentence_of(row),
            next_due_at=instant(row[TASK_WIDTH]),
            is_next_skipped=bool(row[TASK_WIDTH + 1]),
            running=now_running.get(task_id, 0),
            last_runs=past[task_id][0] if task_id in past else (),
            usual_ms=past[task_id][1] if task_id in past else None,
        )
        for task_id, row in zip(ids, rows, strict=True)
    )


def _page(conn: Connection, sort: TaskSort, search: Search, window: Window) -> tuple[list[Sequence[Any]], str | None]:
    stretches = STRETCHES[sort]
    names = {f"tasks {sort} {n}": stretch.kinds for n, stretch in enumerate(stretches)}
    begin = 0
    key: Key | None = None
    if window.cursor is not None:
        name, key = decoded(window.cursor, names)
        begin = list(names).index(name)
    found: list[Sequence[Any]] = []
    room = TASK_PAGE_BYTES_MAX
    end: tuple[int, Key] | None = None  # of the last row that fits
    for n in range(begin, len(stretches)):
        rows, stop = _stretch(conn, stretches[n], search, key, window.limit + 1 - len(found))
        for row in rows:
            room -= _bytes(row)
            if len(found) == window.limit or (room < 0 and end is not None):
                assert end is not None
                rows.close()
                return found, encoded(f"tasks {sort} {end[0]}", end[1])
            found.append(row)
            end = (n, tuple(row[_SHOWN_WIDTH:]))
        if stop is not None:
            return found, encoded(f"tasks {sort} {n}", stop)
        key = None
    return found, None


def _stretch(
    conn: Connection, stretch: Stretch, search: Search, key: Key | None, limit: int
) -> tuple[CursorResult[Any], Key | None]:
    """At most `limit` rows of (_SHOWN…, key…), fetched one by one, and where the search stopped if there are fewer
    and it stopped before the end of the stretch."""
    among = search.candidates.few
    if not among and stretch.candidates is not None:
        among = narrow(conn, [stretch.candidates])
    order = stretch.order if among else stretch.walk.order
    bounds = [] if key is None else [beyond(order, key)]
    stop = None
    if not among and not search.with_deleted and (search.filtered or stretch.sifted):
        stop = edge(conn, stretch.walk, key, stretch.walk.searched_max)
        bounds += [] if stop is None else [up_to(order, stop)]
    page = (
        select(*_SHOWN, *(column for column, _ in order))
        .select_from(stretch.source)
        .where(stretch.held, *search.conditions, *bounds, *(tasks.c.id.in_(ids) for ids in among))
        .order_by(*sorted_by(order))
        .limit(limit)
    )
    return conn.execute(page), stop


def _bytes(row: Sequence[Any]) -> int:
    return sum(len(row[at].encode()) for at in _TEXTS)


def _total(conn: Connection, search: Search) -> int | None:
    stop = None
    among = search.candidates.counted
    if search.filtered and not among and not search.with_deleted:
        stop = edge(conn, NAMES, None, TOTAL_SEARCHED_MAX)
    found: Select[Any] = select(literal_column("1")).select_from(WITH_CURSOR if search.filtered else tasks)
    found = found.where(*search.conditions, *(tasks.c.id.in_(ids) for ids in among))
    return count_up_to(conn, found if stop is None else found.where(up_to(BY_NAME, stop)), whole=stop is None)
