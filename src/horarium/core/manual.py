"""Runs that a person asks for: run now, run again, cancel. They obey overlap like any other."""

from dataclasses import replace
from datetime import datetime

from horarium.core.cursor import Cursor
from horarium.core.errors import NotPossible, RunIsOpen
from horarium.core.ids import RunId, to_ulid
from horarium.core.overlap import Place, decide
from horarium.core.plan import Plan, Replaces, new_run
from horarium.core.run import Cause, Reason, Run, RunState
from horarium.core.task import Task


def plan_manual(task: Task, cursor: Cursor, run_id: RunId, now: datetime, tzdata: str, by: str, *, allow: bool) -> Plan:
    """One press of "run now". Raises RunIsOpen where overlap forbids it."""
    run = new_run(task, run_id, Cause.MANUAL, now, now, tzdata, created_by=by)
    return _placed(run, task, cursor, allow=allow)


def plan_again(
    task: Task, original: Run, cursor: Cursor, run_id: RunId, now: datetime, tzdata: str, by: str, *, allow: bool
) -> Plan:
    """A new run of the same revision as `original`, which has ended. Raises NotPossible, RunIsOpen."""
    if original.state.open:
        raise NotPossible(f"Run {to_ulid(original.id)} has not ended yet; only an ended run is run again.")
    if task.deleted_at is not None:
        raise NotPossible(f'The task "{task.name}" of this run is deleted. Restore it first.')
    run = Run(
        id=run_id,
        task_id=original.task_id,
        task_revision=original.task_revision,
        cause=Cause.RETRY,
        due_at=original.due_at,
        ready_at=now,
        expected_at=None,
        pool=original.pool,
        priority=original.priority,
        needs_process=original.needs_process,
        tzdata=tzdata,
        retry_of=original.id,
        created_by=by,
    )
    return _placed(run, task, cursor, allow=allow)


def cancelled(run: Run, reason: Reason, now: datetime) -> Run:
    """A waiting run ends at once; a running one is asked to stop. Raises NotPossible for an ended one."""
    match run.state:
        case RunState.WAITING:
            return replace(run, state=RunState.CANCELLED, reason=reason, ended_at=now, is_behind=False)
        case RunState.RUNNING:
            return run if run.cancel_reason is not None else replace(run, cancel_reason=reason)
        case _:
            raise NotPossible(f"Run {to_ulid(run.id)} has ended ({run.state}); there is nothing to cancel.")


def _placed(run: Run, task: Task, cursor: Cursor, *, allow: bool) -> Plan:
    after, replaces = cursor, None
    match Place.FREE if allow else decide(task.policy.overlap, cursor.holder is not None, cursor.behind):
        case Place.FREE:
            pass
        case Place.HOLDER:
            after = replace(cursor, holder=run.id, holder_running=False)
        case Place.BEHIND:
            after = replace(cursor, behind=cursor.behind + 1)
            run = replace(run, is_behind=True)
        case Place.REPLACE if cursor.holder_running:
            replaces = Replaces.RUNNING
            after = replace(cursor, behind=1)
            run = replace(run, is_behind=True)
        case Place.REPLACE:
            replaces = Replaces.WAITING
            after = replace(cursor, holder=run.id, holder_running=False, behind=0)
        case Place.SKIPPED_OVERLAP | Place.SKIPPED_COALESCED:
            assert cursor.holder is not None
            raise RunIsOpen(to_ulid(cursor.holder))
    if after != cursor:
        after = replace(after, version=cursor.version + 1)
    return Plan(task=task, before=cursor, after=after, runs=(run,), skips=(), replaces=replaces)
