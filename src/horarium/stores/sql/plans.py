"""Decide: what is due is read, and plans are committed whole or not at all, by the version of their cursor."""

from collections.abc import Sequence
from datetime import datetime
from json import dumps

import structlog
from sqlalchemy import Connection

from horarium.core.errors import NotFound, NotPossible, StoreAway
from horarium.core.ids import RunId, TaskId, to_ulid
from horarium.core.instants import to_ms
from horarium.core.manual import cancelled, plan_again, plan_manual
from horarium.core.plan import Plan, Replaces
from horarium.core.run import Reason, Run, RunState
from horarium.core.task import Broken, Task
from horarium.ports.store import Committed, Due, Room
from horarium.stores.sql import cursors, overrides, statements
from horarium.stores.sql.claims import claim_at_birth
from horarium.stores.sql.rows import TASK_WIDTH, birth_values, cursor_of, instant, run_of, skip_values, task_of

log = structlog.get_logger(__name__)

_NOTHING = Committed(planned=(), claims=(), waiting=(), cancelled=())


def due(conn: Connection, now: datetime, limit: int) -> tuple[list[Due], list[Broken]]:
    """What is due, oldest first, and what cannot be read of it."""
    readable, broken = [], []
    for found in statements.rows(conn, "due", now=to_ms(now), limit=limit):
        task = task_of(found)
        if isinstance(task, Task):
            cursor = cursor_of(found, TASK_WIDTH)
            overridden = overrides.that_matter(conn, cursor) if cursor.overrides else ()
            readable.append(Due(task=task, cursor=cursor, overrides=overridden))
        else:
            broken.append(task)
    return readable, broken


def mark_broken(conn: Connection, task_id: TaskId, revision: int | None, field: str, reason: str) -> None:
    """Nothing of this task is due until it is mended. `revision` None means whatever is there."""
    found = statements.row(conn, "task", id=task_id)
    if found is None or (revision is not None and revision != found[1]):
        return
    text = dumps([field, reason], ensure_ascii=False)
    statements.change(conn, "mark_broken", broken=text, id=task_id, revision=found[1])
    statements.change(conn, "stop_deciding", task_id=task_id)
    log.error("a task is broken and is not decided", task=found[2], field=field, reason=reason)


def next_due_at(conn: Connection) -> datetime | None:
    """The earliest instant at which a cursor is due."""
    return instant(statements.row(conn, "next_due_at")[0])


def due_between(conn: Connection, since: datetime, before: datetime, limit: int) -> int:
    """How many cursors are due in [since, before), counted up to `limit`."""
    found = statements.row(conn, "due_between", since=to_ms(since), before=to_ms(before), limit=limit)
    return int(found[0])


def commit_plans(conn: Connection, plans: Sequence[Plan], now: datetime, room: Room | None) -> Committed:
    """All at once; where one of them meets an occurrence that is in the books already, one by one."""
    taken = conn.dialect.loaded_dbapi.IntegrityError
    cursor = conn.connection.cursor()
    cursor.execute("SAVEPOINT plans")
    try:
        committed = _commit(conn, plans, now, room)
        cursor.execute("RELEASE plans")
    except taken as error:
        cursor.execute("ROLLBACK TO plans")
        cursor.execute("RELEASE plans")
        if len(plans) == 1:
            task = to_ulid(plans[0].before.task_id)
            log.error(
                "a plan does not fit the books and is refused; its task is marked broken", task=task, cause=str(error)
            )
            said = f"what is due next does not fit the books ({error}); nothing is decided until it is edited"
            mark_broken(conn, plans[0].before.task_id, None, "books", said)
            return _NOTHING
        return _joined([commit_plans(conn, [plan], now, None) for plan in plans])
    return committed


def run_now(
    conn: Connection, task_id: TaskId, run_id: RunId, now: datetime, by: str, allow: bool, tzdata: str
) -> Committed:
    """One press of "run now"; asked again with the same id, the run there is."""
    task = _runnable(conn, task_id)
    cursor = cursors.cursor(conn, task_id)
    assert cursor is not None, "a living task has a cursor"
    if (known := _known(conn, run_id)) is not None:
        return known
    return _asked(conn, plan_manual(task, cursor, run_id, now, tzdata, by, allow=allow), now)


def run_again(
    conn: Connection, original: RunId, run_id: RunId, now: datetime, by: str, allow: bool, tzdata: str
) -> Committed:
    """A new run of an ended one's revision; asked again with the same id, the run there is."""
    found = statements.row(conn, "run", id=original)
    if found is None:
        raise NotFound("run", to_ulid(original))
    if (known := _known(conn, run_id)) is not None:
        return known
    run = run_of(found)
    cursor = cursors.cursor(conn, run.task_id)
    if cursor is None:
        raise NotPossible(f"Run {to_ulid(original)} was a test. Test it again from its task.")
    stored = task_of(statements.row(conn, "task", id=run.task_id))
    if isinstance(stored, Broken):
        raise NotPossible(unreadable(stored))
    return _asked(conn, plan_again(stored, run, cursor, run_id, now, tzdata, by, allow=allow), now)


def _commit(conn: Connection, plans: Sequence[Plan], now: datetime, room: Room | None) -> Committed:
    standing = [plan for plan in plans if plan.replaces is None or _stands(conn, plan)]
    moved = cursors.move(conn, [(plan.after, plan.before.version) for plan in standing])
    accepted = [plan for plan, hit in zip(standing, moved, strict=True) if hit]
    replaced = [run for plan in accepted if plan.replaces is not None for run in _replace(conn, plan, now)]
    new = [run for plan in accepted for run in plan.runs]
    tasks = {plan.task.id: plan.task for plan in accepted}
    claims = [] if room is None else claim_at_birth(conn, new, tasks, room, now)
    born = {claim.run.id: claim.run for claim in claims}
    statements.write(conn, "add_run", [birth_values(born.get(run.id, run)) for run in new])
    statements.write(conn, "put_skip", [skip_values(skip) for plan in accepted for skip in plan.skips])
    overrides.decide(conn, accepted, now)
    return Committed(
        planned=tuple([plan.before.task_id for plan in accepted]),
        claims=tuple(claims),
        waiting=tuple([run for run in new if not run.is_behind and run.id not in born]),
        cancelled=tuple(replaced),
    )


def _stands(conn: Connection, plan: Plan) -> bool:
    """Whether the holder still is what the plan decided to replace: claiming it does not raise the cursor's version."""
    found = statements.row(conn, "run_state", id=plan.before.holder)
    wanted = RunState.RUNNING if plan.replaces is Replaces.RUNNING else RunState.WAITING
    return found is not None and found[0] == wanted


def _replace(conn: Connection, plan: Plan, now: datetime) -> list[Run]:
    """End every waiting run that counts and ask a running holder to stop."""
    counted = [
        run for run in cursors.open_runs(conn, plan.before.task_id) if run.is_behind or run.id == plan.before.holder
    ]
    after = [cancelled(run, Reason.REPLACED, now) for run in counted]
    cursors.change_runs(conn, after)
    ended = [run for run in after if not run.state.open]
    statements.each(conn, "note_end", [(run.id, run.state, run.task_id) for run in ended])
    return after


def _asked(conn: Connection, plan: Plan, now: datetime) -> Committed:
    committed = _commit(conn, [plan], now, None)
    if not committed.planned:
        raise StoreAway("The task's cursor moved while its run was being made. Ask again.")
    return committed


def _runnable(conn: Connection, task_id: TaskId) -> Task:
    found = statements.row(conn, "task", id=task_id)
    if found is None:
        raise NotFound("task", to_ulid(task_id))
    task = task_of(found)
    if task.deleted_at is not None:
        raise NotPossible(f'The task "{task.name}" is deleted. Restore it first.')
    if isinstance(task, Broken):
        raise NotPossible(unreadable(task))
    return task


def unreadable(task: Broken) -> str:
    return f'The task "{task.name}" is broken ({task.field}: {task.reason}). Replace its definition first.'


def _known(conn: Connection, run_id: RunId) -> Committed | None:
    found = statements.row(conn, "run", id=run_id)
    if found is None:
        return None
    run = run_of(found)
    waiting = (run,) if run.state is RunState.WAITING and not run.is_behind else ()
    return Committed(planned=(run.task_id,), claims=(), waiting=waiting, cancelled=())


def _joined(parts: Sequence[Committed]) -> Committed:
    return Committed(
        planned=tuple(task for part in parts for task in part.planned),
        claims=tuple(claim for part in parts for claim in part.claims),
        waiting=tuple(run for part in parts for run in part.waiting),
        cancelled=tuple(run for part in parts for run in part.cancelled),
    )
