"""What a stream of events holds: one shape for each event, and the lines that carry it.

A patch has members of the thing it speaks of under the names they have there, so a page lays it upon what it shows. None of
them is masked for anybody: definitions are not among them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from horarium.api.encoding import encoder
from horarium.api.views import LastRunView, between_ms, lateness_ms
from horarium.control.live import News
from horarium.core.ids import to_ulid
from horarium.core.page import TaskNow
from horarium.core.run import Cause, Reason, Run, RunState

RETRY_MS: Final = 2_000
"""How long a browser waits before it connects again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentEvent:
    """`hello` opens a stream: what happens from `now` on will be told. `reset`: what was missed is not known, read anew."""

    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPatch:
    """Another `revision` than the one shown, or another `is_broken`: the definition has changed, read it. `is_paused`: a pause
    holds now. `is_failing`: the last run that ended has failed. `last_run`: the newest, open or not."""

    id: str
    revision: int
    next_due_at: datetime | None
    is_next_skipped: bool
    running: int
    is_paused: bool
    is_broken: bool
    is_deleted: bool
    is_failing: bool
    last_run: LastRunView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPatch:
    """A run without what never changes about it or belongs to its task."""

    id: str
    task_id: str
    cause: Cause
    state: RunState
    reason: Reason | None
    cancel_reason: Reason | None
    attempt: int
    due_at: datetime
    ready_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    exit_status: int | None
    http_status: int | None
    detail: str | None
    lateness_ms: int | None
    duration_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksEvent:
    """`many`: so many changes, too many to name the tasks; read what is shown anew. Else null."""

    items: tuple[TaskPatch, ...]
    many: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsEvent:
    """`many` as in tasks; then `items` holds only runs whose output is followed."""

    items: tuple[RunPatch, ...]
    many: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputEvent:
    """This attempt has written `size` bytes so far; they are read at the run's output."""

    run_id: str
    attempt: int
    size: int


StreamEvent: TypeAlias = MomentEvent | TasksEvent | RunsEvent | OutputEvent
EVENTS: Final[dict[str, type[Any]]] = {
    "hello": MomentEvent,
    "reset": MomentEvent,
    "tasks": TasksEvent,
    "runs": RunsEvent,
    "output": OutputEvent,
}
"""The shape of each event's data."""
BEAT: Final = b": nothing new\n\n"


def opening(stamp: str, now: datetime, *, known: bool) -> bytes:
    """The first event of a stream."""
    retry = b"retry: %d\n" % RETRY_MS
    return retry + _event("hello" if known else "reset", MomentEvent(now=now), stamp)


def told(news: News, now: datetime) -> bytes:
    """All that is new, one event of each kind; the last carries the stamp."""
    if news.beat:
        return BEAT
    if news.lost:
        return _event("reset", MomentEvent(now=now), news.stamp)
    events = list(_events(news, now))
    last = len(events) - 1
    return b"".join(_event(name, data, news.stamp if n == last else None) for n, (name, data) in enumerate(events))


def _events(news: News, now: datetime) -> Iterator[tuple[str, StreamEvent]]:
    if news.tasks or news.many_tasks:
        patches = tuple(task_patch(task, now) for task in news.tasks)
        yield "tasks", TasksEvent(items=patches, many=news.many_tasks or None)
    if news.runs or news.many_runs:
        yield "runs", RunsEvent(items=tuple(run_patch(run) for run in news.runs), many=news.many_runs or None)
    for run_id, attempt, size in news.output:
        yield "output", OutputEvent(run_id=to_ulid(run_id), attempt=attempt, size=size)


def task_patch(task: TaskNow, now: datetime) -> TaskPatch:
    last = task.last_run
    return TaskPatch(
        id=to_ulid(task.id),
        revision=task.revision,
        next_due_at=task.next_due_at,
        is_next_skipped=task.is_next_skipped,
        running=task.running,
        is_paused=task.pause is not None and not task.pause.over(now),
        is_broken=task.is_broken,
        is_deleted=task.is_deleted,
        is_failing=task.is_failing,
        last_run=None
        if last is None
        else LastRunView(id=to_ulid(last.id), state=last.state, due_at=last.due_at, duration_ms=last.duration_ms),
    )


def run_patch(run: Run) -> RunPatch:
    return RunPatch(
        id=to_ulid(run.id),
        task_id=to_ulid(run.task_id),
        cause=run.cause,
        state=run.state,
        reason=run.reason,
        cancel_reason=run.cancel_reason,
        attempt=run.attempt,
        due_at=run.due_at,
        ready_at=run.ready_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        exit_status=run.exit_status,
        http_status=run.http_status,
        detail=run.detail,
        lateness_ms=lateness_ms(run),
        duration_ms=between_ms(run.started_at, run.ended_at),
    )


def _event(name: str, data: StreamEvent, stamp: str | None) -> bytes:
    """The data is JSON on one line, so it needs one field."""
    mark = b"" if stamp is None else b"id: %s\n" % stamp.encode("ascii")
    return b"event: %s\n%sdata: %s\n\n" % (name.encode("ascii"), mark, encoder(type(data)).encode(data))
