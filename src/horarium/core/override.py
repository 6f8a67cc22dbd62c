"""One occurrence that a person skipped or moved, and what follows from it for a schedule. Pure.

An override speaks of an occurrence by its due_at. Skipped, it is decided when due_at comes; moved, when moved_to comes; the
cursor passes its due_at without deciding it. It may be moved to before its due_at: then it is decided ahead of the cursor, and
its row keeps the cursor from deciding it again.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from horarium.core.errors import BadValue, NoOccurrence, NotFound, NotPossible
from horarium.core.ids import TaskId
from horarium.core.instants import MILLISECOND, shown
from horarium.core.schedule.schedule import Schedule
from horarium.core.task import Task

OVERRIDES_MAX = 300
"""Undecided ones of one task: each plan and each change of it looks at them all, some 5 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """`moved_to` None: skipped. `by` asked for it `at` an instant; `decided_at`: when the books took it in."""

    task_id: TaskId
    due_at: datetime
    moved_to: datetime | None
    by: str
    at: datetime
    decided_at: datetime | None = None

    @property
    def instant(self) -> datetime:
        """When it is decided. One that was moved past its due_at and is skipped after all is decided at once."""
        return self.moved_to if self.moved_to is not None else max(self.due_at, self.at + MILLISECOND)

    def matters(self, seen_through: datetime) -> bool:
        """Whether a plan from there on must know it: it is undecided, or was decided ahead of its due_at."""
        return self.decided_at is None or self.due_at > seen_through


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks for: skip the occurrence (`moved_to` None), move it, or `undo` either."""

    due_at: datetime
    moved_to: datetime | None = None
    undo: bool = False

    @property
    def what(self) -> str:
        """For the history of the task."""
        if self.undo:
            return f"restored {shown(self.due_at)}"
        if self.moved_to is None:
            return f"skipped {shown(self.due_at)}"
        return f"moved {shown(self.due_at)} to {shown(self.moved_to)}"


class Plain:
    """The instants of a schedule that no override speaks of, by the same three verbs."""

    def __init__(self, schedule: Schedule, overrides: Iterable[Override], seen_through: datetime) -> None:
        self._schedule = schedule
        ahead = {override.due_at for override in overrides if override.due_at > seen_through}
        self._dues = frozenset(due_at for due_at in ahead if names(schedule, due_at))
        self._left_out = sorted(self._dues)

    def next_due(self, after: datetime) -> datetime | None:
        due = self._schedule.next_due(after)
        for _ in self._left_out:
            if due is None or due not in self._dues:
                return due
            due = self._schedule.next_due(due)
        return due

    def last_due(self, through: datetime) -> datetime | None:
        due = self._schedule.last_due(through)
        for _ in self._left_out:
            if due is None or due not in self._dues:
                return due
            due = self._schedule.last_due(due - MILLISECOND)
        return due

    def count(self, after: datetime, through: datetime) -> int:
        if through <= after:
            return 0
        left_out = bisect_right(self._left_out, through) - bisect_right(self._left_out, after)
        return self._schedule.count(after, through) - left_out


def names(schedule: Schedule, due_at: datetime) -> bool:
    """Whether `due_at` is an instant of `schedule`."""
    return schedule.next_due(due_at - MILLISECOND) == due_at


def left_after(
    schedule: Schedule, since_edit: int, seen_through: datetime, overrides: Iterable[Override]
) -> int | None:
    """How many instants of `schedule` after `seen_through`, overridden or not, max_occurrences lets be occurrences.

    What the cursor has passed undecided is as good as decided; what was decided ahead is counted when its due_at comes.
    None: no limit.
    """
    limit = schedule.max_occurrences
    if limit is None:
        return None
    for override in overrides:
        if override.decided_at is None and override.due_at <= seen_through:
            since_edit += 1
        elif override.decided_at is not None and override.due_at > seen_through and names(schedule, override.due_at):
            since_edit -= 1
    return max(0, limit - since_edit)


def is_occurrence(
    schedule: Schedule, due_at: datetime, since_edit: int, seen_through: datetime, overrides: Iterable[Override]
) -> bool:
    """Whether `due_at`, after `seen_through`, is an instant of `schedule` that max_occurrences lets pass."""
    if not names(schedule, due_at):
        return False
    left = left_after(schedule, since_edit, seen_through, overrides)
    return left is None or schedule.count(seen_through, due_at) <= left


def kept(overrides: Sequence[Override], new: Task, since_edit: int, e: datetime) -> tuple[Override, ...]:
    """Those that outlive a change at e: the decided ones; of the undecided ones of a living task those whose due_at has
    passed or is an occurrence of the new rule. What a broken task left undecided until e goes with its stretch."""
    decided = [override for override in overrides if override.decided_at is not None]
    if new.deleted_at is not None:
        return tuple(decided)
    waiting = [override for override in overrides if override.decided_at is None and override.instant > e]
    sure = [*decided, *(override for override in waiting if override.due_at <= e)]
    named = [
        override
        for override in waiting
        if override.due_at > e and is_occurrence(new.schedule, override.due_at, since_edit, e, sure)
    ]
    return tuple(sorted([*sure, *named], key=_by_due_at))


def is_decided(wish: Wish, overrides: Iterable[Override], e: datetime) -> bool:
    """Whether the occurrence that `wish` speaks of is decided by e, if it is one at all."""
    found = _found(wish.due_at, overrides)
    if found is None:
        return wish.due_at <= e
    return found.decided_at is not None or found.instant <= e


def granted(
    wish: Wish, task: Task, overrides: Sequence[Override], since_edit: int, e: datetime, by: str
) -> tuple[Override, ...]:
    """The overrides as they are wanted, where the occurrence is not decided yet and the cursor has seen through e.

    Raises NoOccurrence, NotFound (nothing to undo), BadValue, NotPossible.
    """
    found = _found(wish.due_at, overrides)
    others = [override for override in overrides if override.due_at != wish.due_at]
    if wish.moved_to is not None and wish.moved_to <= e:
        raise BadValue("move_to", f"{shown(wish.moved_to)} has passed", "name a later instant")
    if found is None and (wish.due_at <= e or not is_occurrence(task.schedule, wish.due_at, since_edit, e, overrides)):
        raise _no_occurrence(wish, task, e)
    if wish.undo:
        if found is None:
            raise NotFound("skipped or moved occurrence", shown(wish.due_at))
        if wish.due_at <= e:
            raise NotPossible(
                f"The instant {shown(wish.due_at)} has passed while its occurrence was moved. Skip it, or move it again."
            )
        return tuple(others)
    if found is None and sum(override.decided_at is None for override in overrides) >= OVERRIDES_MAX:
        raise NotPossible(
            f"{OVERRIDES_MAX} occurrences of this task are skipped or moved and not decided yet. Pause it, or edit its schedule."
        )
    if found is not None and found.moved_to == wish.moved_to:
        return tuple(overrides)
    new = Override(task_id=task.id, due_at=wish.due_at, moved_to=wish.moved_to, by=by, at=e)
    return tuple(sorted([*others, new], key=_by_due_at))


def decided_at(overrides: Sequence[Override], due_ats: Iterable[datetime], now: datetime) -> tuple[Override, ...]:
    """After a plan at `now` that decided those of `due_ats`."""
    done = frozenset(due_ats)
    return tuple(
        replace(override, decided_at=now) if override.due_at in done and override.decided_at is None else override
        for override in overrides
    )


def first_dues(
    schedule: Schedule,
    overrides: Sequence[Override],
    seen_through: datetime,
    since_edit: int,
    after: datetime,
    most: int,
) -> tuple[datetime, ...]:
    """The next `most` instants after `after` at which an occurrence is due: moved ones when they were moved to, skipped ones
    not at all. Two on one instant are there twice."""
    moved = [
        override.moved_to for override in overrides if override.decided_at is None and override.moved_to is not None
    ]
    due = sorted(instant for instant in moved if instant > after)
    left = left_after(schedule, since_edit, seen_through, overrides)
    if left is not None:
        left -= schedule.count(seen_through, after)
    overridden = {override.due_at for override in overrides}
    steps = most + len(overrides) if left is None else min(left, most + len(overrides))
    instant = after
    for _ in range(steps):
        following = schedule.next_due(instant)
        if following is None:
            break
        instant = following
        if instant not in overridden:
            due.append(instant)
    return tuple(sorted(due)[:most])


def _found(due_at: datetime, overrides: Iterable[Override]) -> Override | None:
    return next((override for override in overrides if override.due_at == due_at), None)


def _by_due_at(override: Override) -> datetime:
    return override.due_at


def _no_occurrence(wish: Wish, task: Task, e: datetime) -> NoOccurrence:
    near = [task.schedule.last_due(wish.due_at), task.schedule.next_due(wish.due_at)]
    later = [instant for instant in near if instant is not None and instant > e and instant != wish.due_at]
    return NoOccurrence(wish.due_at, later)
