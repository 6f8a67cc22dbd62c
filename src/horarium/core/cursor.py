"""How far a task's schedule has been decided, and which of its runs is open."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from horarium.core.ids import RunId, SkipId, TaskId
from horarium.core.run import RunState


class SkipReason(StrEnum):
    OVERLAP = "overlap"
    PAUSED = "paused"
    MISSED = "missed"
    TOO_OLD = "too_old"
    COALESCED = "coalesced"
    LIMIT = "limit"
    SKIPPED_BY_USER = "skipped_by_user"


@dataclass(frozen=True, kw_only=True)
class Skip:
    """A counted stretch of occurrences deliberately not run, with its reason; both ends included, count ≥ 1."""

    id: SkipId
    task_id: TaskId
    first_due_at: datetime
    last_due_at: datetime
    count: int
    reason: SkipReason
    task_revision: int
    tzdata: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Not slotted: see `altered`.

    `decided` counts every occurrence decided, `since_edit` those since the schedule last changed.

    `holder` is the open run that counts for overlap (`holder_running`: it is in state running), `behind` counts the waiting
    runs behind it. `open_skip` is the skip that the next skip of the same reason, revision and tzdata extends. The janitor
    moves `kept_from` and `forgotten`. `version` grows with any change of seen_through, next_due_at, decided, holder, behind,
    and of the overrides: `overrides` counts those that a plan must read, nearly always none.
    """

    task_id: TaskId
    version: int
    task_revision: int
    seen_through: datetime
    next_due_at: datetime | None
    kept_from: datetime
    tzdata: str
    decided: int = 0
    since_edit: int = 0
    forgotten: int = 0
    holder: RunId | None = None
    holder_running: bool = False
    behind: int = 0
    open_skip: Skip | None = None
    last_state: RunState | None = None
    overrides: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The law of conservation, per task: decided = runs + skipped + forgotten.

    `runs` counts runs of occurrences (causes schedule and catch_up), `skipped` sums the counts of skips.
    """

    decided: int
    runs: int
    skipped: int
    forgotten: int
    seen_through: datetime
    kept_from: datetime

    @property
    def balanced(self) -> bool:
        return self.decided == self.runs + self.skipped + self.forgotten
