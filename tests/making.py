"""Tasks, cursors and runs with everything a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from horarium.core.action import Log
from horarium.core.cursor import Cursor
from horarium.core.ids import RunId, TaskId, WorkerId, stamped_id
from horarium.core.plan import next_due
from horarium.core.policy import CatchUp, CatchUpMode, OverlapMode, Policy
from horarium.core.run import Cause, Run, RunState
from horarium.core.schedule.every import Every
from horarium.core.schedule.schedule import Schedule
from horarium.core.task import Draft, Pause, Task

T0 = datetime(2027, 3, 1, 12, tzinfo=UTC)
"""When the tests' tasks are made: their first occurrence is due one period later."""
MS = timedelta(milliseconds=1)
TASK = TaskId(bytes(range(16)))
WORKER = WorkerId(b"W" * 16)
TZDATA = "2027a"


def at(seconds: float) -> datetime:
    """`seconds` after T0."""
    return T0 + timedelta(seconds=seconds)


def every(seconds: float, **more: Any) -> Every:
    return Every(kind="every", seconds=seconds, **{"anchor": at(seconds), **more})


def policy(overlap: OverlapMode = "skip", mode: CatchUpMode = "latest", **catch_up: Any) -> Policy:
    return Policy(overlap=overlap, catch_up=CatchUp(mode=mode, **catch_up))


def draft(schedule: Schedule, rules: Policy | None = None, **more: Any) -> Draft:
    return Draft(
        name=more.pop("name", "backup"),
        schedule=schedule,
        action=Log(kind="log", message="done"),
        policy=rules or Policy(),
        **more,
    )


def task(schedule: Schedule, rules: Policy | None = None, *, pause: Pause | None = None, **more: Any) -> Task:
    made = Task(
        name="backup",
        schedule=schedule,
        action=Log(kind="log", message="done"),
        policy=rules or Policy(),
        id=TASK,
        revision=1,
        created_at=T0,
        created_by="ada",
        updated_at=T0,
        pause=pause,
    )
    return replace(made, **more) if more else made


def cursor(of: Task, seen_through: datetime = T0, **more: Any) -> Cursor:
    return Cursor(
        **{
            "task_id": of.id,
            "version": 1,
            "task_revision": of.revision,
            "seen_through": seen_through,
            "next_due_at": next_due(of, seen_through, more.get("since_edit", 0)),
            "kept_from": T0,
            "tzdata": TZDATA,
            **more,
        }
    )


def run_id(number: int) -> RunId:
    return RunId(stamped_id(T0, number.to_bytes(10, "big")))


def a_run(number: int = 1, **more: Any) -> Run:
    return Run(
        **{
            "id": run_id(number),
            "task_id": TASK,
            "task_revision": 1,
            "cause": Cause.SCHEDULE,
            "due_at": T0,
            "ready_at": T0,
            "expected_at": T0,
            "pool": "default",
            "priority": 0,
            "needs_process": False,
            "tzdata": TZDATA,
            **more,
        }
    )


def running(number: int = 1, **more: Any) -> Run:
    """In its first attempt, begun a second after T0."""
    return a_run(
        number,
        **{
            "state": RunState.RUNNING,
            "attempt": 1,
            "fence": 1,
            "worker_id": WORKER,
            "first_started_at": at(1),
            "started_at": at(1),
            **more,
        },
    )
