"""What answers look like. Each shape is built in one place, from the row the store gave."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from horarium.api.masking import masked, masked_json, may_see_secrets
from horarium.core.access import Caller
from horarium.core.action import Action
from horarium.core.cursor import Books, SkipReason
from horarium.core.ids import TaskId, to_ulid
from horarium.core.instants import MILLISECOND
from horarium.core.page import RevisionRow, RunRow, SkipRow, TaskRow
from horarium.core.policy import Policy
from horarium.core.run import Attempt, Cause, Reason, Run, RunState
from horarium.core.schedule.describe import describe
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.shared_lists import without_days
from horarium.core.task import Broken, Draft, Pause, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenView:
    """Why a stored definition cannot be read; nothing of the task is decided until it can."""

    field: str
    reason: str
    definition: str | None
    """The stored text; null where it may hold what the caller may not see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRunView:
    id: str
    state: RunState
    due_at: datetime
    duration_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """`schedule`, its `sentence`, `action` and `policy` are null exactly where `broken` is not. `running`: how many of its runs
    run. `pause`: the one that holds now, null once its `until` has come. `is_next_skipped`: what is due at `next_due_at` will
    not run, as somebody has said."""

    id: str
    revision: int
    name: str
    description: str
    tags: tuple[str, ...]
    pool: str
    priority: int
    schedule: Schedule | None
    sentence: str | None
    action: Action | None
    policy: Policy | None
    pause: Pause | None
    broken: BrokenView | None
    next_due_at: datetime | None
    is_next_skipped: bool
    running: int
    last_runs: tuple[LastRunView, ...]
    usual_ms: int | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetail(TaskView):
    """With the books: decided = runs + skipped + forgotten."""

    books: Books | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """`lateness_ms` counts from the instant the run should have begun, null for manual runs and retries."""

    id: str
    task_id: str
    task_name: str
    task_revision: int
    cause: Cause
    due_at: datetime
    ready_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    state: RunState
    reason: Reason | None
    attempt: int
    max_attempts: int
    pool: str
    priority: int
    worker: str | None
    exit_status: int | None
    http_status: int | None
    detail: str | None
    lateness_ms: int | None
    duration_ms: int | None
    usual_ms: int | None
    retry_of: str | None
    cancel_reason: Reason | None
    created_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRun(RunView):
    record: Literal["run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipView:
    """`count` occurrences from `first_due_at` to `last_due_at` were deliberately not run."""

    id: str
    task_id: str
    task_name: str
    task_revision: int
    first_due_at: datetime
    last_due_at: datetime
    count: int
    reason: SkipReason
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedSkip(SkipView):
    record: Literal["skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """One try under one fence; `late_report` is what its worker said after another fence was given out."""

    attempt: int
    fence: int
    worker_id: str | None
    started_at: datetime | None
    ended_at: datetime | None
    duration_ms: int | None
    outcome: str
    reason: Reason | None
    exit_status: int | None
    http_status: int | None
    detail: str | None
    late_report: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """`definition`: the whole task as it was saved, pause included."""

    task_id: str
    revision: int
    valid_from: datetime
    what: str
    by: str
    definition: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionView:
    task_id: str
    revision: int
    definition: Draft


def task_view(row: TaskRow, caller: Caller, now: datetime) -> TaskView:
    return TaskView(**_task(row, caller, now))


def task_detail(row: TaskRow, caller: Caller, now: datetime) -> TaskDetail:
    return TaskDetail(**_task(row, caller, now), books=row.books)


def _task(row: TaskRow, caller: Caller, now: datetime) -> dict[str, Any]:
    task = row.task
    secrets = may_see_secrets(caller.role)
    whole = task if isinstance(task, Task) else None
    action = None if whole is None else (whole.action if secrets else masked(whole.action))
    return {
        "id": to_ulid(task.id),
        "revision": task.revision,
        "name": task.name,
        "description": whole.description if whole is not None else "",
        "tags": task.tags,
        "pool": task.pool,
        "priority": whole.priority if whole is not None else 0,
        "schedule": without_days(whole.schedule) if whole is not None else None,
        "sentence": (row.sentence or describe(whole.schedule)) if whole is not None else None,
        "action": action,
        "policy": whole.policy if whole is not None else None,
        "pause": None if task.pause is None or task.pause.over(now) else task.pause,
        "broken": _broken(task, secrets) if isinstance(task, Broken) else None,
        "next_due_at": row.next_due_at,
        "is_next_skipped": row.is_next_skipped,
        "running": row.running,
        "last_runs": tuple(
            LastRunView(id=to_ulid(run.id), state=run.state, due_at=run.due_at, duration_ms=run.duration_ms)
            for run in row.last_runs
        ),
        "usual_ms": row.usual_ms,
        "created_at": task.created_at,
        "created_by": task.created_by,
        "updated_at": task.updated_at,
        "deleted_at": task.deleted_at,
    }


def _broken(task: Broken, secrets: bool) -> BrokenView:
    return BrokenView(field=task.field, reason=task.reason, definition=task.definition if secrets else None)


def run_view(row: RunRow) -> RunView:
    return RunView(**_run(row))


def logged(row: RunRow | SkipRow) -> LoggedRun | LoggedSkip:
    if isinstance(row, RunRow):
        return LoggedRun(**_run(row), record="run")
    return LoggedSkip(**_skip(row), record="skip")


def _run(row: RunRow) -> dict[str, Any]:
    run = row.run
    return {
        "id": to_ulid(run.id),
        "task_id": to_ulid(run.task_id),
        "task_name": row.task_name,
        "task_revision": run.task_revision,
        "cause": run.cause,
        "due_at": run.due_at,
        "ready_at": run.ready_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "state": run.state,
        "reason": run.reason,
        "attempt": run.attempt,
        "max_attempts": row.max_attempts,
        "pool": run.pool,
        "priority": run.priority,
        "worker": row.worker,
        "exit_status": run.exit_status,
        "http_status": run.http_status,
        "detail": run.detail,
        "lateness_ms": lateness_ms(run),
        "duration_ms": between_ms(run.started_at, run.ended_at),
        "usual_ms": row.usual_ms,
        "retry_of": to_ulid(run.retry_of) if run.retry_of is not None else None,
        "cancel_reason": run.cancel_reason,
        "created_by": run.created_by,
    }


def skip_view(row: SkipRow) -> SkipView:
    return SkipView(**_skip(row))


def _skip(row: SkipRow) -> dict[str, Any]:
    skip = row.skip
    return {
        "id": to_ulid(skip.id),
        "task_id": to_ulid(skip.task_id),
        "task_name": row.task_name,
        "task_revision": skip.task_revision,
        "first_due_at": skip.first_due_at,
        "last_due_at": skip.last_due_at,
        "count": skip.count,
        "reason": skip.reason,
        "decided_at": skip.decided_at,
    }


def attempt_view(attempt: Attempt) -> AttemptView:
    return AttemptView(
        attempt=attempt.attempt,
        fence=attempt.fence,
        worker_id=to_ulid(attempt.worker_id) if attempt.worker_id is not None else None,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
        duration_ms=between_ms(attempt.started_at, attempt.ended_at),
        outcome=attempt.outcome,
        reason=attempt.reason,
        exit_status=attempt.exit_status,
        http_status=attempt.http_status,
        detail=attempt.detail,
        late_report=attempt.late_report,
    )


def revision_view(row: RevisionRow, caller: Caller) -> RevisionView:
    try:
        definition = json.loads(row.definition)
    except ValueError:
        definition = None
    if not isinstance(definition, dict) or not may_see_secrets(caller.role):
        definition = masked_json(definition)
    if isinstance(definition, dict):
        take_days_out(definition.get("schedule"))
    return RevisionView(
        task_id=to_ulid(row.task_id),
        revision=row.revision,
        valid_from=row.valid_from,
        what=row.what,
        by=row.by,
        definition=definition,
    )


def take_days_out(schedule: Any) -> None:
    """The days of calendars: a page of revisions names their version, one revision alone shows them."""
    match schedule:
        case list():
            for part in schedule:
                take_days_out(part)
        case dict():
            if schedule.get("kind") == "calendar":
                schedule.pop("days", None)
            take_days_out(schedule.get("except"))
            take_days_out(schedule.get("schedules"))


def definition_view(task_id: TaskId, revision: int, task: Task, caller: Caller) -> DefinitionView:
    draft = task.draft
    if not may_see_secrets(caller.role):
        draft = replace(draft, action=masked(draft.action))
    return DefinitionView(task_id=to_ulid(task_id), revision=revision, definition=draft)


def lateness_ms(run: Run) -> int | None:
    """From when it should have begun to its first attempt, never negative."""
    if run.expected_at is None or run.first_started_at is None:
        return None
    return max(0, (run.first_started_at - run.expected_at) // MILLISECOND)


def between_ms(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else max(0, (end - start) // MILLISECOND)
