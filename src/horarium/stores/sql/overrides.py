"""Skipped and moved occurrences: read with the cursor they belong to, written only where its version moves.

Whoever changes one raises the cursor's version, so a plan made without it, or with one that is gone, takes no effect.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from horarium.core.cursor import Cursor
from horarium.core.errors import AlreadyDecided
from horarium.core.ids import TaskId, occurrence_run_id, to_ulid
from horarium.core.instants import MILLISECOND, to_ms
from horarium.core.override import Override, names
from horarium.core.plan import Plan
from horarium.core.run import OF_OCCURRENCES, Run
from horarium.core.task import Task
from horarium.stores.sql import statements
from horarium.stores.sql.rows import override_of, override_values


def that_matter(conn: Connection, cursor: Cursor) -> tuple[Override, ...]:
    """To a plan from the cursor on; none where it counts none."""
    return after(conn, cursor.task_id, cursor.seen_through) if cursor.overrides else ()


def of_change(conn: Connection, cursor: Cursor, open_runs: Iterable[Run]) -> tuple[Override, ...]:
    """Those that matter, and those by which an open run may be due."""
    dues = [run.due_at - MILLISECOND for run in open_runs if run.cause in OF_OCCURRENCES]
    return after(conn, cursor.task_id, min([cursor.seen_through, *dues]))


def decide(conn: Connection, plans: Sequence[Plan], now: datetime) -> None:
    """They are in the books now."""
    decided = [(to_ms(now), plan.before.task_id, to_ms(due_at)) for plan in plans for due_at in plan.overridden]
    statements.write(conn, "decide_override", decided)


def write(conn: Connection, before: Sequence[Override], left: Sequence[Override]) -> None:
    """What a change made of them."""
    there = {override.due_at: override for override in before}
    dues = {override.due_at for override in left}
    gone = [(one.task_id, to_ms(one.due_at)) for one in before if one.due_at not in dues]
    statements.write(conn, "drop_override", gone)
    put = [override_values(one) for one in left if there.get(one.due_at) != one]
    statements.write(conn, "put_override", put)


def refuse_decided(conn: Connection, task: Task, due_at: datetime, stood: Sequence[Override]) -> None:
    """Raises AlreadyDecided where the occurrence is in the books, will be before this change, or was until it was forgotten."""
    run_id = occurrence_run_id(task.id, due_at)
    if statements.row(conn, "run_state", id=run_id) is not None:
        raise AlreadyDecided(due_at, run=to_ulid(run_id))
    is_named = names(task.schedule, due_at)
    found = statements.row(conn, "skip_around", task_id=task.id, due_at=to_ms(due_at))
    if found is not None and found[1] <= to_ms(due_at) and is_named:
        raise AlreadyDecided(due_at, skip=to_ulid(found[0]))
    if (is_named and due_at > task.created_at) or any(override.due_at == due_at for override in stood):
        raise AlreadyDecided(due_at)


def after(conn: Connection, task_id: TaskId, seen_through: datetime) -> tuple[Override, ...]:
    """Those of a task that matter from an instant on."""
    found = statements.rows(conn, "overrides", task_id=task_id, after=to_ms(seen_through))
    return tuple(override_of(row) for row in found)
