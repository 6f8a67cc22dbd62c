"""Pages of skips, and the log: runs and skips in one order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, exists, select

from horarium.core.instants import LAST_MS
from horarium.core.page import PageOf, RunFilter, RunRow, SkipFilter, SkipRow, Window
from horarium.stores.sql.keyset import Part, decoded, encoded, not_ours
from horarium.stores.sql.rows import SKIP_WIDTH, skip_of
from horarium.stores.sql.run_lists import ceil_ms, found_runs, run_rows_of, runs_walk
from horarium.stores.sql.search import Condition, Key, Order, Walk, counted, walked
from horarium.stores.sql.tables import skips, task_tags, tasks

SKIPS_SEARCHED_MAX = 50_000
"""Rows of skips that one page looks at."""
NEWEST: Order = ((skips.c.last_due_at, True), (skips.c.task_id, True), (skips.c.id, True))
KINDS = (int, bytes, bytes)
LIST = "skips"
LOG = "log"
NO_ID = bytes(16)

SHOWN: Select[Any] = select(*skips.c, tasks.c.name).select_from(skips.outerjoin(tasks, tasks.c.id == skips.c.task_id))


def skip_rows(conn: Connection, wanted: SkipFilter, window: Window) -> PageOf[SkipRow]:
    """Newest first by last_due_at. `total`: TOTAL_MAX + 1 for more than that, None where counting would take too long."""
    walk = _walk(wanted, [])
    key = None if window.cursor is None else decoded(window.cursor, {LIST: KINDS})[1]
    rows, next_key = _found_skips(conn, walk, key, window.limit)
    return PageOf(
        items=tuple(_skip_row(row) for row in rows),
        next_cursor=None if next_key is None else encoded(LIST, next_key),
        total=counted(conn, walk) if window.total else None,
    )


def log_rows(conn: Connection, wanted: RunFilter, window: Window) -> PageOf[RunRow | SkipRow]:
    """Newest first: a run by the instant its id begins with, a skip by last_due_at; at one instant runs come first.

    State, reason, cause and worker are facts of runs, so asking for one leaves skips out; `pool` is the task's for a skip.
    The cursor is the place of the last item: (ms, run id or none, task id, skip id).
    """
    run_key, skip_key = _keys(window.cursor)
    walk = runs_walk(conn, wanted)
    runs, runs_end = found_runs(conn, walk, run_key, window.limit)
    skip_walk = _log_walk(wanted)
    skips_found, skips_end = (
        _found_skips(conn, skip_walk, skip_key, window.limit) if skip_walk is not None else ((), None)
    )
    places = [_run_place(row[0]) for row in runs] + [_skip_place(row) for row in skips_found]
    ordered = sorted(zip(places, [*runs, *skips_found], strict=True), key=lambda item: item[0], reverse=True)
    # Beyond the place where either search stopped, the other one knows only half of the story.
    ends = [_run_place(_id(runs_end[0]))] if runs_end is not None else []
    ends += [(_ms(skips_end[0]), 0, *skips_end[1:])] if skips_end is not None else []
    stop = max(ends, default=None)
    kept = [item for item in ordered if stop is None or item[0] >= stop]
    cut = kept[: window.limit]
    last = cut[-1][0] if len(cut) < len(kept) else stop
    return PageOf(
        items=_rows_of(conn, cut),
        next_cursor=None if last is None else encoded(LOG, last),
        total=_log_total(conn, walk, skip_walk) if window.total else None,
    )


def _rows_of(conn: Connection, cut: Sequence[tuple[Key, Sequence[Any]]]) -> tuple[RunRow | SkipRow, ...]:
    runs = iter(run_rows_of(conn, [row for place, row in cut if place[1] == 1]))
    return tuple(next(runs) if place[1] == 1 else _skip_row(row) for place, row in cut)


def _run_place(run_id: bytes) -> Key:
    return (int.from_bytes(run_id[:6], "big"), 1, run_id, NO_ID)


def _skip_place(row: Sequence[Any]) -> Key:
    return (row[3], 0, row[1], row[0])


def _keys(cursor: str | None) -> tuple[Key | None, Key | None]:
    """Where the runs and where the skips go on after the log's cursor."""
    if cursor is None:
        return None, None
    at, is_run, first, second = decoded(cursor, {LOG: (int, int, bytes, bytes)})[1]
    ms = _ms(at)
    if not 0 <= ms <= LAST_MS:
        raise not_ours()
    if is_run:
        return (first,), (ms + 1, NO_ID, NO_ID)
    return (ms.to_bytes(6, "big") + NO_ID[6:],), (ms, first, second)


def _log_walk(wanted: RunFilter) -> Walk | None:
    if wanted.states or wanted.reasons or wanted.causes or wanted.worker is not None:
        return None
    sift: list[Condition] = []
    if wanted.tag is not None:
        sift.append(exists().where(task_tags.c.tag == wanted.tag, task_tags.c.task_id == skips.c.task_id))
    if wanted.pool is not None:
        sift.append(exists().where(tasks.c.id == skips.c.task_id, tasks.c.pool == wanted.pool).correlate(skips))
    return _walk(SkipFilter(task_id=wanted.task_id, since=wanted.since, before=wanted.before), sift)


def _walk(wanted: SkipFilter, sift: list[Condition]) -> Walk:
    along: list[Condition] = [] if wanted.task_id is None else [skips.c.task_id == wanted.task_id]
    if wanted.since is not None:
        along.append(skips.c.last_due_at >= ceil_ms(wanted.since))
    if wanted.before is not None:
        along.append(skips.c.last_due_at < ceil_ms(wanted.before))
    if wanted.reasons:
        sift = [*sift, skips.c.reason.in_(wanted.reasons)]
    return Walk(table=skips, order=NEWEST, along=along, sift=sift, searched_max=SKIPS_SEARCHED_MAX)


def _found_skips(conn: Connection, walk: Walk, key: Key | None, limit: int) -> tuple[Sequence[Any], Key | None]:
    rows, stop = walked(conn, SHOWN, walk, key, limit + 1)
    if len(rows) > limit:
        last = rows[limit - 1]
        return rows[:limit], (last[3], last[1], last[0])
    return rows, stop


def _skip_row(row: Sequence[Any]) -> SkipRow:
    return SkipRow(skip=skip_of(row), task_name=row[SKIP_WIDTH])


def _log_total(conn: Connection, runs: Walk, skipped: Walk | None) -> int | None:
    run_count = counted(conn, runs)
    skip_count = counted(conn, skipped) if skipped is not None else 0
    return None if run_count is None or skip_count is None else run_count + skip_count


def _id(part: Part) -> bytes:
    assert isinstance(part, bytes)
    return part


def _ms(part: Part) -> int:
    assert isinstance(part, int)
    return part
