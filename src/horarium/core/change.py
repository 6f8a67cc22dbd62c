"""What a change of a task does to its cursor and its open runs. Pure; the store applies it in one transaction at instant e.

Occurrences up to e were decided by the old revision, those after e by the new one: none twice, none lost.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from horarium.core.cursor import Cursor
from horarium.core.errors import NotPossible
from horarium.core.ids import RunId
from horarium.core.instants import MILLISECOND
from horarium.core.override import Override, Wish, granted, kept
from horarium.core.plan_overridden import next_due
from horarium.core.run import OF_OCCURRENCES, Cause, Reason, Run, RunState
from horarium.core.schedule.shared_lists import same_rule
from horarium.core.task import Draft, Pause, Stored, Task

Apply: TypeAlias = Callable[[Stored, datetime], Task]
"""From the stored task and e to the task as it shall be; revision and updated_at are the store's to set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`what` is for the history: edited, paused, resumed, deleted, restored, what became of one occurrence, or which list of
    days changed ("calendar ops").

    `catch_up`: the paused stretch is planned as if the engine had been off. `revives`: the stretch since the deletion holds
    no occurrences. `wish`: one occurrence is skipped or moved, or not any more.
    """

    what: str
    by: str
    apply: Apply
    catch_up: bool = False
    revives: bool = False
    wish: Wish | None = None


def to_draft(draft: Draft) -> Apply:
    """Replace the definition, keep identity and pause."""

    def apply(old: Stored, e: datetime) -> Task:
        _alive(old)
        return _with_draft(old, draft)

    return apply


def to_paused(until: datetime | None, reason: str) -> Apply:
    """Pause from e on; pausing a paused task changes its end and reason and keeps its beginning."""

    def apply(old: Stored, e: datetime) -> Task:
        task = _readable(old)
        begun = task.pause.at if task.pause is not None and not task.pause.over(e) else e
        return replace(task, pause=Pause(at=begun, until=until, reason=reason))

    return apply


def to_resumed(old: Stored, e: datetime) -> Task:
    """End the pause."""
    return replace(_readable(old), pause=None)


def to_itself(old: Stored, e: datetime) -> Task:
    """Its definition stays: the change is about one occurrence."""
    return _readable(old)


def to_deleted(old: Stored, e: datetime) -> Task:
    """Leave a tombstone. A broken task is deleted by the store itself: there is no definition to keep."""
    return replace(_readable(old), deleted_at=e)


def to_restored(draft: Draft) -> Apply:
    """The definition of an earlier revision; a deleted task lives again, not paused."""

    def apply(old: Stored, e: datetime) -> Task:
        task = _with_draft(old, draft)
        return replace(task, deleted_at=None, pause=None if old.deleted_at is not None else task.pause)

    return apply


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The cursor after the change, every open run whose row changes, and the overrides that are left."""

    cursor: Cursor
    runs: tuple[Run, ...]
    overrides: tuple[Override, ...] = ()


def changed(
    old: Stored,
    new: Task,
    cursor: Cursor,
    open_runs: Iterable[Run],
    e: datetime,
    overrides: Sequence[Override] = (),
    wish: Wish | None = None,
    by: str = "",
) -> Changed:
    """`cursor` is the one after planning up to e; `open_runs` are the task's waiting and running runs. `overrides`: those that
    matter and those of open runs. Raises what `granted` raises for a wish, which `by` somebody has."""
    before = {run.id: run for run in open_runs if run.cause is not Cause.TEST}
    overridden = frozenset(override.due_at for override in overrides if override.decided_at is not None)
    judged = {run.id: _judged(run, new, e, overridden) for run in before.values()}
    # Other days of a calendar are no other rule: whoever set a maximum still means the same one.
    same = isinstance(old, Task) and same_rule(old.schedule, new.schedule)
    since_edit = cursor.since_edit if same else 0
    left = kept(overrides, new, since_edit, e)
    if wish is not None:
        left = granted(wish, new, left, since_edit, e, by)
    ahead = [override for override in left if override.matters(e)]
    moved = replace(
        cursor,
        version=cursor.version + 1,
        task_revision=new.revision,
        seen_through=e,
        since_edit=since_edit,
        next_due_at=next_due(new, e, since_edit, ahead),
        open_skip=None,
        overrides=len(ahead),
    )
    was_allow = isinstance(old, Task) and old.policy.overlap == "allow"
    moved, judged = _held(moved, judged, new, e, was_allow=was_allow)
    runs = tuple(run for run in judged.values() if run != before[run.id])
    return Changed(cursor=moved, runs=runs, overrides=left)


def _held(
    cursor: Cursor, runs: dict[RunId, Run], new: Task, e: datetime, *, was_allow: bool
) -> tuple[Cursor, dict[RunId, Run]]:
    open_now = sorted((run for run in runs.values() if run.state.open), key=lambda run: run.id)
    runs = dict(runs)
    holder = runs.get(cursor.holder) if cursor.holder is not None else None
    if holder is not None and not holder.state.open:
        holder = None
    if new.policy.overlap == "allow":
        for run in open_now:
            if run.is_behind:
                runs[run.id] = released(run, e)
        return replace(cursor, holder=None, holder_running=False, behind=0), runs
    if was_allow:
        running = [run for run in open_now if run.state is RunState.RUNNING]
        waiting = [run for run in open_now if run.state is RunState.WAITING]
        holder = running[-1] if running else (waiting[0] if waiting else None)
        for run in waiting:
            if run is not holder:
                runs[run.id] = replace(run, is_behind=True)
    elif holder is None:
        behind = [run for run in open_now if run.is_behind]
        if behind:
            holder = runs[behind[0].id] = released(behind[0], e)
    count = sum(run.is_behind for run in runs.values() if run.state is RunState.WAITING)
    running_now = holder is not None and holder.state is RunState.RUNNING
    return replace(cursor, holder=holder.id if holder else None, holder_running=running_now, behind=count), runs


def released(run: Run, now: datetime) -> Run:
    """Nothing stands before it any more: it is ready, at once or at its own ready_at."""
    return replace(run, is_behind=False, ready_at=max(now, run.ready_at))


def _judged(run: Run, new: Task, e: datetime, overridden: frozenset[datetime]) -> Run:
    if run.state is not RunState.WAITING:
        return run
    if new.deleted_at is not None:
        return _cancelled(run, Reason.DELETED, e)
    if run.attempt > 0 or run.lost > 0 or run.cause is Cause.RETRY:
        return run
    named = run.due_at in overridden or new.schedule.next_due(run.due_at - MILLISECOND) == run.due_at
    if run.cause in OF_OCCURRENCES and not named:
        return _cancelled(run, Reason.EDITED, e)
    return replace(
        run, task_revision=new.revision, pool=new.pool, priority=new.priority, needs_process=new.needs_process
    )


def _cancelled(run: Run, reason: Reason, e: datetime) -> Run:
    return replace(run, state=RunState.CANCELLED, reason=reason, ended_at=e, is_behind=False)


def _alive(old: Stored) -> None:
    if old.deleted_at is not None:
        raise NotPossible(f'The task "{old.name}" is deleted. Restore it first.')


def _readable(old: Stored) -> Task:
    _alive(old)
    if not isinstance(old, Task):
        raise NotPossible(f'The task "{old.name}" is broken ({old.field}: {old.reason}). Replace its definition first.')
    return old


def _with_draft(old: Stored, draft: Draft) -> Task:
    return Task(
        name=draft.name,
        schedule=draft.schedule,
        action=draft.action,
        policy=draft.policy,
        description=draft.description,
        tags=draft.tags,
        pool=draft.pool,
        priority=draft.priority,
        id=old.id,
        revision=old.revision,
        created_at=old.created_at,
        created_by=old.created_by,
        updated_at=old.updated_at,
        pause=old.pause,
        deleted_at=old.deleted_at,
    )
