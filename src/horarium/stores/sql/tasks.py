"""Definitions: added all or none, changed by compare-and-set on the revision, read back as they can be read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection

from horarium.core.change import Change, Changed, changed, to_deleted
from horarium.core.cursor import Cursor
from horarium.core.errors import NameTaken, NotFound, NotPossible, StaleRevision, StoreAway
from horarium.core.ids import TaskId, to_ulid
from horarium.core.instants import from_ms, to_ms
from horarium.core.override import Override, decided_at, is_decided, kept
from horarium.core.page import PageOf, RevisionRow, Window
from horarium.core.plan import Plan
from horarium.core.plan_overridden import next_due, plan_close
from horarium.core.run import Run
from horarium.core.schedule.describe import describe
from horarium.core.schedule.holiday_lists import version
from horarium.core.task import Broken, Stored, Task
from horarium.ports.store import Altered, Moved, Replay
from horarium.stores.sql import cursors, overrides, shared_lists, statements
from horarium.stores.sql.graves import stand_in
from horarium.stores.sql.keyset import decoded, encoded
from horarium.stores.sql.plans import commit_plans
from horarium.stores.sql.rows import (
    birth_values,
    definition_text,
    definition_values,
    task_of,
    task_of_revision,
    task_values,
    unmarked,
)
from horarium.stores.sql.shared_lists import HolidaysVersion

REPLAYED_FOR = timedelta(hours=24)
NEIGHBOURS = 200
"""Names looked at on each side of a mistyped one."""
REVISIONS = "revisions"
REVISION_MAX = 2**31 - 1
RACES_MAX = 5
"""So often a lost race for a cursor is tried again."""
MEND_BATCH = 500
MEND_BATCHES_MAX = 10_000


def add_tasks(
    conn: Connection,
    tasks: Sequence[Task],
    now: datetime,
    replay: Replay | None,
    tzdata: str,
    holidays: HolidaysVersion = version,
) -> tuple[TaskId, ...]:
    """Tasks, their first revisions and cursors. A task born deleted (a test run's) has no cursor: nothing of it is ever due."""
    if replay is not None and (before := _replayed(conn, replay, now)) is not None:
        return before
    tasks = [shared_lists.filled(conn, task, holidays, None, index) for index, task in enumerate(tasks)]
    try:
        statements.write(conn, "add_task", [task_values(task) for task in tasks])
    except conn.dialect.loaded_dbapi.IntegrityError as error:
        raise _taken(conn, tasks) or error from error
    statements.write(conn, "add_tag", [(tag, task.id) for task in tasks for tag in task.tags])
    statements.write(conn, "add_revision", [_revision(task, now, "created", task.created_by) for task in tasks])
    living = [task for task in tasks if task.deleted_at is None]
    for task in living:
        shared_lists.note(conn, task, None)
    statements.write(conn, "add_cursor", [_first_cursor(task, now, tzdata) for task in living])
    ids = tuple(task.id for task in tasks)
    if replay is not None:
        expiry = to_ms(now + REPLAYED_FOR)
        statements.write(conn, "remember_replay", [(replay.key, replay.fingerprint, b"".join(ids), expiry)])
    return ids


def add_trial(conn: Connection, born: Task, run: Run, now: datetime, tzdata: str) -> None:
    """A task born deleted, and its one run. Asked again, both are there already."""
    if statements.row(conn, "run_state", id=run.id) is None:
        add_tasks(conn, [born], now, None, tzdata)
        statements.write(conn, "add_run", [birth_values(run)])


def task(conn: Connection, task_id: TaskId) -> Stored | None:
    """Tombstones included."""
    found = statements.row(conn, "task", id=task_id)
    return None if found is None else task_of(found)


def task_named(conn: Connection, name: str) -> Stored | None:
    """The living task of that name."""
    found = statements.row(conn, "task_named", name=name)
    return None if found is None else task_of(found)


def names_taken(conn: Connection, names: Sequence[str]) -> set[str]:
    """Those that living tasks have."""
    found = statements.lookup(conn, "task_named", [(name,) for name in names])
    return {row[2] for row in found if row is not None}


def nearest_name(conn: Connection, name: str) -> str | None:
    """Among the first names and those near it in the alphabet."""
    first = statements.rows(conn, "names_from", name="", limit=NEIGHBOURS)
    after = statements.rows(conn, "names_from", name=name, limit=NEIGHBOURS)
    before = statements.rows(conn, "names_before", name=name, limit=NEIGHBOURS)
    names = sorted({row[0] for row in [*first, *after, *before]})
    return next(iter(get_close_matches(name, names, n=1, cutoff=0.6)), None)


def change_task(
    conn: Connection,
    task_id: TaskId,
    expected: int | None,
    change: Change,
    now: datetime,
    tzdata: str,
    holidays: HolidaysVersion = version,
) -> Altered:
    """A lost race for the cursor is run again; a lost revision is the caller's."""
    for _ in range(RACES_MAX):
        altered = _change(conn, task_id, expected, change, now, tzdata, holidays)
        if altered is not None:
            return altered
    raise StoreAway(f"The task's cursor moved {RACES_MAX} times while it was being changed. Ask again.")


def revisions(conn: Connection, task_id: TaskId, window: Window) -> PageOf[RevisionRow]:
    """Newest first."""
    before = REVISION_MAX
    if window.cursor is not None:
        before = int(decoded(window.cursor, {REVISIONS: (int,)})[1][0])
    found = statements.rows(conn, "revisions", task_id=task_id, before=before, limit=window.limit + 1)
    total = statements.row(conn, "count_revisions", task_id=task_id)[0] if window.total else None
    items = tuple(_revision_row(row) for row in found[: window.limit])
    more = len(found) > window.limit
    return PageOf(items=items, next_cursor=encoded(REVISIONS, (items[-1].revision,)) if more else None, total=total)


def revision(conn: Connection, task_id: TaskId, number: int) -> Task | None:
    """The task as that revision defined it. Raises NotPossible where it cannot be read."""
    found = statements.row(conn, "revision", task_id=task_id, revision=number)
    if found is None:
        return None
    stored = task_of_revision(found, statements.row(conn, "task", id=task_id))
    if isinstance(stored, Broken):
        raise NotPossible(f"Revision {number} cannot be read ({stored.field}: {stored.reason}).")
    return stored


def mend_broken(conn: Connection) -> int:
    """Whatever can be read again is decided again, from where it was left."""
    mended, after = 0, b""
    for _ in range(MEND_BATCHES_MAX):
        found = statements.rows(conn, "broken_tasks", after=after, limit=MEND_BATCH)
        for row in found:
            stored = unmarked(row)
            if isinstance(stored, Task):
                mended += 1
                statements.change(conn, "mark_broken", broken=None, id=stored.id, revision=stored.revision)
                _decide_again(conn, stored)
        if len(found) < MEND_BATCH:
            break
        after = found[-1][0]
    return mended


def adopt_tzdata(conn: Connection, after: TaskId | None, limit: int, tzdata: str) -> tuple[list[Moved], TaskId | None]:
    """Future instants under the new database; past ones stay as they were decided."""
    found = statements.rows(conn, "zoned_tasks", after=after or b"", tzdata=tzdata, limit=limit)
    moved = []
    for row in found:
        task = task_of(row)
        cursor = cursors.cursor(conn, task.id)
        if not isinstance(task, Task) or cursor is None:
            continue
        stood = overrides.that_matter(conn, cursor)
        stand = kept(stood, task, cursor.since_edit, cursor.seen_through)
        due = next_due(task, cursor.seen_through, cursor.since_edit, stand)
        version = cursor.version + 1
        adopted = replace(cursor, next_due_at=due, tzdata=tzdata, version=version, overrides=len(stand))
        cursors.move(conn, [(adopted, cursor.version)])
        overrides.write(conn, stood, stand)
        if due != cursor.next_due_at:
            moved.append(Moved(name=task.name, before=cursor.next_due_at, after=due))
    return moved, found[-1][0] if len(found) == limit else None


def _decide_again(conn: Connection, task: Task) -> None:
    cursor = cursors.cursor(conn, task.id)
    if cursor is None or task.deleted_at is not None:
        return
    stand = overrides.that_matter(conn, cursor)
    due = next_due(task, cursor.seen_through, cursor.since_edit, stand)
    cursors.move(conn, [(replace(cursor, next_due_at=due, version=cursor.version + 1), cursor.version)])


def _change(
    conn: Connection,
    task_id: TaskId,
    expected: int | None,
    change: Change,
    now: datetime,
    tzdata: str,
    holidays: HolidaysVersion,
) -> Altered | None:
    """None where the cursor moved meanwhile; then nothing has been written."""
    row = statements.row(conn, "task", id=task_id)
    cursor = cursors.cursor(conn, task_id)
    if row is None or cursor is None:
        raise NotFound("task", to_ulid(task_id))
    old = task_of(row)
    if expected is not None and expected != old.revision:
        raise _stale(conn, old, expected)
    e = max(now, cursor.seen_through)
    if isinstance(old, Broken) and change.apply is to_deleted:
        return _bury(conn, old, row, cursor, change, e)
    wanted = shared_lists.filled(conn, change.apply(old, e), holidays, old)
    if wanted == old and change.wish is None:
        return Altered(task=wanted, runs=(), changed=False)
    new = replace(wanted, revision=old.revision + 1, updated_at=e)
    stood = overrides.of_change(conn, cursor, cursors.open_runs(conn, task_id))
    if change.wish is not None and is_decided(change.wish, stood, e):
        overrides.refuse_decided(conn, wanted, change.wish.due_at, stood)
    planned = _close(conn, old, cursor, change, e, tzdata, stood)
    if planned is None:
        return None
    cursor, made, stood = planned
    result = changed(old, new, cursor, cursors.open_runs(conn, task_id), e, stood, change.wish, change.by)
    if change.wish is not None and result.overrides == stood:
        return Altered(task=wanted, runs=made, changed=False, overrides=stood)
    if cursors.move(conn, [(result.cursor, cursor.version)]) != [True]:
        return None
    overrides.write(conn, stood, result.overrides)
    _write_task(conn, new, old, change, e)
    return Altered(task=new, runs=_write_runs(conn, result, made), changed=True, overrides=result.overrides)


def _close(
    conn: Connection,
    old: Stored,
    cursor: Cursor,
    change: Change,
    e: datetime,
    tzdata: str,
    stood: tuple[Override, ...],
) -> tuple[Cursor, tuple[Run, ...], tuple[Override, ...]] | None:
    """Decide up to e by the old revision; the cursor after it, the runs it touched, the overrides as they are then. A broken
    task decides nothing."""
    plan: Plan | None = None
    if isinstance(old, Task):
        plan = plan_close(old, cursor, e, tzdata, stood, catch_up=change.catch_up)
    if plan is None:
        return cursor, (), stood
    committed = commit_plans(conn, [plan], e, None)
    if not committed.planned:
        return None
    return plan.after, (*committed.cancelled, *plan.runs), decided_at(stood, plan.overridden, e)


def _write_runs(conn: Connection, result: Changed, made: Sequence[Run]) -> tuple[Run, ...]:
    cursors.change_runs(conn, result.runs)
    ended = [run for run in result.runs if not run.state.open]
    statements.each(conn, "note_end", [(run.id, run.state, run.task_id) for run in ended])
    latest = {run.id: run for run in (*made, *result.runs)}
    return tuple(latest.values())


def _write_task(conn: Connection, new: Task, old: Stored, change: Change, e: datetime) -> None:
    values = (
        new.revision,
        *definition_values(new),
        to_ms(new.updated_at),
        None,
        describe(new.schedule),
        new.id,
        old.revision,
    )
    try:
        hit = statements.each(conn, "change_task", [values])
    except conn.dialect.loaded_dbapi.IntegrityError as error:
        found = statements.row(conn, "task_named", name=new.name)
        raise NameTaken(new.name, holder=None if found is None else to_ulid(found[0])) from error
    if hit != [True]:
        raise _stale(conn, old, old.revision)
    if new.tags != old.tags:
        statements.change(conn, "drop_tags", task_id=new.id)
        statements.write(conn, "add_tag", [(tag, new.id) for tag in new.tags])
    statements.write(conn, "add_revision", [_revision(new, e, change.what, change.by)])
    shared_lists.note(conn, new, old)


def _bury(conn: Connection, old: Broken, row: Any, cursor: Cursor, change: Change, e: datetime) -> Altered | None:
    """Delete a task that cannot be read: its text stays as it is, its waiting runs end."""
    open_runs = cursors.open_runs(conn, old.id)
    stood = overrides.of_change(conn, cursor, open_runs)
    result = changed(old, stand_in(old, e), cursor, open_runs, e, stood)
    if cursors.move(conn, [(result.cursor, cursor.version)]) != [True]:
        return None
    overrides.write(conn, stood, result.overrides)
    definition = (*row[2:14], to_ms(e))
    number = old.revision + 1
    hit = statements.each(
        conn, "change_task", [(number, *definition, to_ms(e), row[18], row[19], old.id, old.revision)]
    )
    if hit != [True]:
        raise _stale(conn, old, old.revision)
    statements.write(conn, "add_revision", [(old.id, number, to_ms(e), change.what, change.by, *definition)])
    shared_lists.forget(conn, old)
    buried = task_of(statements.row(conn, "task", id=old.id))
    return Altered(task=buried, runs=_write_runs(conn, result, ()), changed=True)


def _stale(conn: Connection, old: Stored, expected: int) -> StaleRevision:
    found = statements.row(conn, "task", id=old.id)
    last = statements.row(conn, "revision", task_id=old.id, revision=found[1])
    return StaleRevision(expected, found[1], last[4], from_ms(last[2]))


def _replayed(conn: Connection, replay: Replay, now: datetime) -> tuple[TaskId, ...] | None:
    found = statements.row(conn, "replay", key=replay.key)
    if found is None or found[2] <= to_ms(now):
        return None
    if found[0] != replay.fingerprint:
        raise NotPossible("This Idempotency-Key was used for another request. Take a fresh key for a new request.")
    return tuple(TaskId(found[1][at : at + 16]) for at in range(0, len(found[1]), 16))


def _taken(conn: Connection, tasks: Sequence[Task]) -> NameTaken | None:
    """Which name of the batch is taken, by its place."""
    ours = {task.id for task in tasks}
    seen: set[str] = set()
    for index, new in enumerate(tasks):
        if new.deleted_at is not None:
            continue
        found = statements.row(conn, "task_named", name=new.name)
        if found is not None and found[0] not in ours:
            return NameTaken(new.name, index, to_ulid(found[0]))
        if new.name in seen:
            return NameTaken(new.name, index)
        seen.add(new.name)
    return None


def _first_cursor(task: Task, now: datetime, tzdata: str) -> tuple[Any, ...]:
    due = next_due(task, now, 0, ())
    seen = to_ms(now)
    return (
        task.id,
        1,
        task.revision,
        seen,
        None if due is None else to_ms(due),
        0,
        0,
        seen,
        0,
        None,
        0,
        None,
        None,
        None,
        tzdata,
        0,
    )


def _revision(task: Task, valid_from: datetime, what: str, by: str) -> tuple[Any, ...]:
    return (task.id, task.revision, to_ms(valid_from), what, by, *definition_values(task))


def _revision_row(row: Any) -> RevisionRow:
    return RevisionRow(
        task_id=row[0],
        revision=row[1],
        valid_from=from_ms(row[2]),
        what=row[3],
        by=row[4],
        definition=definition_text(row, 5),
    )
