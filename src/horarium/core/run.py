"""A run: the record of carrying out one occurrence, or one press of "run now"."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from horarium.core.ids import RunId, TaskId, WorkerId


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        return self in (RunState.WAITING, RunState.RUNNING)


class Cause(StrEnum):
    """Why a run exists. A label, never part of identity."""

    SCHEDULE = "schedule"
    CATCH_UP = "catch_up"
    MANUAL = "manual"
    BACKFILL = "backfill"
    RETRY = "retry"
    TEST = "test"


OF_OCCURRENCES = (Cause.SCHEDULE, Cause.CATCH_UP)
"""Runs of occurrences are exactly those of these causes."""


class Reason(StrEnum):
    """Why a run ended as it did, or an attempt before it."""

    EXIT_STATUS = "exit_status"
    HTTP_STATUS = "http_status"
    TIMEOUT = "timeout"
    ERROR = "error"
    LOST = "lost"
    REPLACED = "replaced"
    EDITED = "edited"
    DELETED = "deleted"
    CANCELLED_BY_USER = "cancelled_by_user"
    SHUTDOWN = "shutdown"


@dataclass(frozen=True, kw_only=True)
class Run:
    """Not slotted: see `altered`.

    `attempt` numbers attempts, `spent` those that count against max_attempts, `lost` the losses.

    `expected_at` is due_at (or moved_to) plus jitter, the instant lateness counts from; None for manual, retry and test runs.
    `needs_process`, `pool` and `priority` are copied from the pinned revision. `fence` grows with each claim.
    """

    id: RunId
    task_id: TaskId
    task_revision: int
    cause: Cause
    due_at: datetime
    ready_at: datetime
    expected_at: datetime | None
    pool: str
    priority: int
    needs_process: bool
    tzdata: str
    state: RunState = RunState.WAITING
    is_behind: bool = False
    reason: Reason | None = None
    attempt: int = 0
    spent: int = 0
    lost: int = 0
    fence: int = 0
    worker_id: WorkerId | None = None
    cancel_reason: Reason | None = None
    first_started_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_status: int | None = None
    http_status: int | None = None
    detail: str | None = None
    retry_of: RunId | None = None
    created_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of a run by one worker under one fence. The latest lives in the run's own row; earlier ones are archived.

    `outcome` is the word of the report: succeeded, failed, timeout, lost, shutdown, cancelled. `late_report` is what its
    worker said after another fence was given out.
    """

    run_id: RunId
    attempt: int
    fence: int
    worker_id: WorkerId | None
    started_at: datetime | None
    ended_at: datetime | None
    outcome: str
    reason: Reason | None = None
    exit_status: int | None = None
    http_status: int | None = None
    detail: str | None = None
    late_report: str | None = None
