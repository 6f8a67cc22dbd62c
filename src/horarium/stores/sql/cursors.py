"""The cursor's part in every transaction that makes, releases or ends a run.

Whoever does one of these locks the cursor first, tasks in order of their ids, then runs in order of theirs. On SQLite the
one writer holds the whole file from BEGIN IMMEDIATE on, so here the order alone is kept.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from horarium.core.change import released
from horarium.core.cursor import Cursor
from horarium.core.ids import TaskId
from horarium.core.instants import to_ms
from horarium.core.run import Run
from horarium.stores.sql import statements
from horarium.stores.sql.rows import cursor_of, ms, run_of


def cursor(conn: Connection, task_id: TaskId) -> Cursor | None:
    """None for a task that never had one: a test run's."""
    found = statements.row(conn, "cursor", task_id=task_id)
    return None if found is None else cursor_of(found)


def move(conn: Connection, moves: Sequence[tuple[Cursor, int]]) -> list[bool]:
    """Write each cursor where its version is still the given one; whether it was."""
    return statements.each(conn, "move_cursor", [_moved(after, was) for after, was in moves])


def open_runs(conn: Connection, task_id: TaskId) -> list[Run]:
    """Waiting and running runs, oldest first."""
    return [run_of(found) for found in statements.rows(conn, "open_runs", task_id=task_id)]


def change_runs(conn: Connection, runs: Sequence[Run]) -> list[bool]:
    """Write what an edit, a cancellation or a release changed about open runs."""
    return statements.each(conn, "change_run", [_changed(run) for run in runs])


def note_ends(conn: Connection, ended: Sequence[Run], now: datetime) -> list[Run]:
    """These runs, not waiting behind another, have just ended: holders make way. Answers what became ready by it."""
    freed = statements.each(
        conn, "free_holder", [(bytearray(run.id), run.state._value_, bytearray(run.task_id)) for run in ended]
    )
    rest = [run for run, hit in zip(ended, freed, strict=True) if not hit]
    noted = statements.each(conn, "note_end", [(run.id, run.state, run.task_id) for run in rest])
    passing = [run for run, hit in zip(rest, noted, strict=True) if not hit]
    return [successor for run in passing if (successor := _pass_on(conn, run, now)) is not None]


def leave_queue(conn: Connection, run: Run) -> None:
    """A run that waited behind the holder has ended."""
    hit = statements.change(conn, "leave_queue", run_id=run.id, state=run.state, task_id=run.task_id)
    assert hit == 1, "a run behind is counted on its cursor"


def _pass_on(conn: Connection, run: Run, now: datetime) -> Run | None:
    found = statements.row(conn, "first_behind", task_id=run.task_id)
    if found is None:
        return None  # a test run: it has no cursor
    following = released(run_of(found), now)
    values = {"next": following.id, "run_id": run.id, "state": run.state, "task_id": run.task_id}
    if statements.change(conn, "pass_holder", **values) != 1:
        return None
    change_runs(conn, [following])
    return following


def _moved(after: Cursor, was: int) -> tuple[Any, ...]:
    return (
        after.version,
        after.task_revision,
        to_ms(after.seen_through),
        ms(after.next_due_at),
        after.decided,
        after.since_edit,
        None if after.holder is None else bytearray(after.holder),
        after.behind,
        None if after.open_skip is None else after.open_skip.id,
        after.tzdata,
        after.overrides,
        bytearray(after.task_id),
        was,
    )


def _changed(run: Run) -> tuple[Any, ...]:
    return (
        run.task_revision,
        run.pool,
        run.priority,
        run.needs_process,
        to_ms(run.ready_at),
        run.is_behind,
        run.state,
        run.reason,
        run.cancel_reason,
        ms(run.ended_at),
        run.id,
        run.fence,
    )
