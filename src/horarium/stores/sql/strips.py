"""What a list says of each task beside its definition: its newest runs, how long it usually takes, how many run now, and
whether somebody skips the next.

One query for all tasks of a page. Per task the index (task_id, id) is entered at its end and left after `depth` entries,
however many runs there are.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, LargeBinary, Select, and_, bindparam, exists, func, literal, select

from horarium.core.ids import TaskId
from horarium.core.instants import from_ms
from horarium.core.page import LAST_RUNS, LastRun
from horarium.core.run import RunState
from horarium.stores.sql.tables import RUNNING, cursors, overrides, runs, tasks
from horarium.stores.sql.task_filters import of_index

SUCCESSES = 20
LOOK_BACK = 100
"""The last successes are looked for among so many newest runs of a task."""
IDS_MAX = 1_000

_STATES = {state.value: state for state in RunState}
_IDS = bindparam("ids", expanding=True, type_=LargeBinary())

older = runs.alias("older")
IS_NEXT_SKIPPED = and_(
    cursors.c.overrides > 0,
    exists()
    .where(
        overrides.c.task_id == cursors.c.task_id,
        overrides.c.due_at == cursors.c.next_due_at,
        overrides.c.moved_to.is_(None),
        overrides.c.decided_at.is_(None),
    )
    .correlate(cursors),
).label("is_next_skipped")
"""Beside the cursor's next_due_at: whether somebody skips what is due then."""


def _newest(depth: int) -> Select[Any]:
    """The newest `depth` runs of each task, newest first. The subquery finds where the stretch begins."""
    first = (
        select(older.c.id).where(older.c.task_id == tasks.c.id).order_by(older.c.id.desc()).limit(1).offset(depth - 1)
    )
    begin = func.coalesce(first.correlate(tasks).scalar_subquery(), literal(b"", LargeBinary()))
    joined = tasks.join(runs, and_(runs.c.task_id == tasks.c.id, runs.c.id >= begin))
    columns = (runs.c.task_id, runs.c.id, runs.c.state, runs.c.due_at, runs.c.started_at, runs.c.ended_at)
    return select(*columns).select_from(joined).where(tasks.c.id.in_(_IDS)).order_by(runs.c.task_id, runs.c.id.desc())


_LAST = _newest(LAST_RUNS)
_LOOK_BACK = _newest(LOOK_BACK)
_NEWEST = _newest(1)


def last_runs(conn: Connection, task_ids: Sequence[TaskId]) -> dict[TaskId, tuple[tuple[LastRun, ...], int | None]]:
    """The newest runs of each task, newest first, and its usual duration. A task without runs is not in it."""
    assert len(task_ids) <= IDS_MAX
    found: dict[TaskId, tuple[tuple[LastRun, ...], int | None]] = {}
    further: list[TaskId] = []
    for task_id, rows in _by_task(conn, _LAST, task_ids):
        strip = [_last_run(row) for row in rows]
        took = [run.duration_ms for run in strip]
        successes = [ms for row, ms in zip(rows, took, strict=True) if ms is not None and row[2] == "succeeded"]
        found[task_id] = (tuple(strip), _median(successes))
        if len(rows) == LAST_RUNS and len(successes) < SUCCESSES:
            further.append(task_id)
    for task_id, rows in _by_task(conn, _LOOK_BACK, further):
        found[task_id] = (found[task_id][0], _usual_ms(rows))
    return found


def newest(conn: Connection, task_ids: Sequence[TaskId]) -> dict[TaskId, LastRun]:
    """The newest run of each task that has one."""
    return {task_id: _last_run(rows[0]) for task_id, rows in _by_task(conn, _NEWEST, task_ids)}


def usual(conn: Connection, task_ids: Sequence[TaskId]) -> dict[TaskId, int | None]:
    """The usual duration of each task that has runs."""
    found: dict[TaskId, int | None] = {}
    further: list[TaskId] = []
    for task_id, rows in _by_task(conn, _LAST, task_ids):
        found[task_id] = _usual_ms(rows)
        if len(rows) == LAST_RUNS and any(row[2] != "succeeded" for row in rows):
            further.append(task_id)
    found |= {task_id: _usual_ms(rows) for task_id, rows in _by_task(conn, _LOOK_BACK, further)}
    return found


def running(conn: Connection, task_ids: Sequence[TaskId]) -> dict[TaskId, int]:
    """How many runs of each task run now; a task of which none runs is not in it."""
    found = of_index("runs_of_worker", RUNNING, conn.dialect.name)
    task_id = found.selected_columns[0]
    counted = found.add_columns(func.count()).where(task_id.in_(_IDS)).group_by(task_id)
    return {row[0]: row[1] for row in conn.execute(counted, {"ids": task_ids})}


def duration_ms(started_at: int | None, ended_at: int | None) -> int | None:
    """Of the last attempt; never negative, though a clock may have been set back meanwhile."""
    if started_at is None or ended_at is None:
        return None
    return ended_at - started_at if ended_at > started_at else 0


def _by_task(
    conn: Connection, newest: Select[Any], task_ids: Sequence[TaskId]
) -> Iterator[tuple[TaskId, list[Sequence[Any]]]]:
    if not task_ids:
        return
    rows = conn.execute(newest, {"ids": task_ids}).all()
    for task_id, group in groupby(rows, key=itemgetter(0)):
        yield TaskId(task_id), list(group)


def _last_run(row: Sequence[Any]) -> LastRun:
    took = duration_ms(row[4], row[5])
    return LastRun(id=row[1], state=_STATES[row[2]], due_at=from_ms(row[3]), duration_ms=took)


def _usual_ms(rows: Sequence[Sequence[Any]]) -> int | None:
    took = [duration_ms(row[4], row[5]) for row in rows if row[2] == "succeeded"][:SUCCESSES]
    return _median([ms for ms in took if ms is not None])


def _median(durations: list[int]) -> int | None:
    if not durations:
        return None
    known = sorted(durations)
    return (known[(len(known) - 1) // 2] + known[len(known) // 2]) // 2
