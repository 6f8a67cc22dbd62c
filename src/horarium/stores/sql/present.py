"""How some tasks and runs stand now: what a live page needs to keep up, by their ids."""

from collections.abc import Sequence

from sqlalchemy import Connection, LargeBinary, bindparam, select

from horarium.core.ids import RunId, TaskId
from horarium.core.instants import from_ms
from horarium.core.page import LIMIT_MAX, TaskNow
from horarium.core.run import Run, RunState
from horarium.core.task import Pause
from horarium.stores.sql.rows import instant, run_of
from horarium.stores.sql.strips import IS_NEXT_SKIPPED, newest, running
from horarium.stores.sql.tables import cursors, runs, tasks

_IDS = bindparam("ids", expanding=True, type_=LargeBinary())
_TASKS = (
    select(
        tasks.c.id,
        tasks.c.revision,
        tasks.c.paused_at,
        tasks.c.paused_until,
        tasks.c.pause_reason,
        tasks.c.deleted_at,
        tasks.c.broken,
        cursors.c.next_due_at,
        cursors.c.last_state,
        IS_NEXT_SKIPPED,
    )
    .select_from(tasks.join(cursors, cursors.c.task_id == tasks.c.id))
    .where(tasks.c.id.in_(_IDS))
)
_RUNS = select(*runs.c).where(runs.c.id.in_(_IDS))


def tasks_now(conn: Connection, task_ids: Sequence[TaskId]) -> list[TaskNow]:
    """Tombstones included; the task of a test run has no cursor and is left out."""
    assert len(task_ids) <= LIMIT_MAX
    if not task_ids:
        return []
    rows = conn.execute(_TASKS, {"ids": list(task_ids)}).all()
    ids = [TaskId(row[0]) for row in rows]
    last, now_running = newest(conn, ids), running(conn, ids) if ids else {}
    return [
        TaskNow(
            id=task_id,
            revision=row[1],
            next_due_at=instant(row[7]),
            is_next_skipped=bool(row[9]),
            pause=None if row[2] is None else Pause(at=from_ms(row[2]), until=instant(row[3]), reason=row[4]),
            is_broken=row[6] is not None,
            is_deleted=row[5] is not None,
            is_failing=row[8] == RunState.FAILED,
            running=now_running.get(task_id, 0),
            last_run=last.get(task_id),
        )
        for task_id, row in zip(ids, rows, strict=True)
    ]


def runs_now(conn: Connection, run_ids: Sequence[RunId]) -> list[Run]:
    """Those that are there."""
    assert len(run_ids) <= LIMIT_MAX
    return [run_of(row) for row in conn.execute(_RUNS, {"ids": list(run_ids)})] if run_ids else []
