"""The same plans where a person skipped or moved occurrences; without overrides they are those of core/plan.

Two sequences are walked as one, by (instant, due_at): the schedule's instants that no override speaks of, counted in long
stretches as ever, and the overrides, each by itself. Lateness, window, pause and overlap look at the instant an occurrence was
moved to; its run keeps the id and the due_at of the occurrence. What a person skipped takes part in nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from horarium.core import plan
from horarium.core.altered import altered
from horarium.core.cursor import Cursor, SkipReason
from horarium.core.instants import MILLISECOND
from horarium.core.overlap import decide
from horarium.core.override import Override, Plain, decided_at, left_after
from horarium.core.plan import MISSED_AFTER, Decisions, Plan, last_of
from horarium.core.task import Task

Item: TypeAlias = tuple[datetime, datetime, datetime | None]
"""(instant, due_at, where it was moved to): in the order in which occurrences are decided."""


def plan_due(task: Task, cursor: Cursor, now: datetime, tzdata: str, overrides: Sequence[Override]) -> Plan | None:
    """As plan.plan_due; `overrides`: all of the task that matter."""
    if not cursor.overrides:
        return plan.plan_due(task, cursor, now, tzdata)
    if task.pause is not None and not task.pause.over(now):
        return None
    return _plan(task, cursor, now, tzdata, overrides, paused=True)


def plan_close(
    task: Task, cursor: Cursor, now: datetime, tzdata: str, overrides: Sequence[Override], *, catch_up: bool = False
) -> Plan | None:
    """As plan.plan_close."""
    if not cursor.overrides:
        return plan.plan_close(task, cursor, now, tzdata, catch_up=catch_up)
    return _plan(task, cursor, now, tzdata, overrides, paused=not catch_up)


def next_due(task: Task, after: datetime, since_edit: int, overrides: Sequence[Override]) -> datetime | None:
    """As plan.next_due: the earlier of the schedule's next instant that is not overridden and the first override's."""
    if not overrides:
        return plan.next_due(task, after, since_edit)
    if task.deleted_at is not None:
        return None
    waiting = [max(one.instant, after + MILLISECOND) for one in overrides if one.decided_at is None]
    schedule, plain = task.schedule, Plain(task.schedule, overrides, after)
    left = left_after(schedule, since_edit, after, overrides)

    def first(start: datetime) -> list[datetime]:
        due = plain.next_due(start)
        return [] if due is None or (left is not None and schedule.count(after, due) > left) else [due]

    if task.pause is None or task.pause.over(after):
        return min(waiting + first(after), default=None)
    until = task.pause.until
    if until is None:
        return None
    later = [instant for instant in waiting if instant >= until] + first(until - MILLISECOND)
    if not later and (waiting or first(after)):
        return until  # nothing comes after the pause, and what fell into it must still be decided
    return min(later, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """What there is to decide: plain instants in (start, end], and moved occurrences, by (instant, due_at)."""

    plain: Plain
    start: datetime
    end: datetime
    moved: tuple[Override, ...]

    def split(self, through: datetime) -> tuple["_Due", "_Due"]:
        """Up to and including `through`, and after it."""
        border = max(self.start, min(self.end, through))
        before = tuple(one for one in self.moved if one.instant <= through)
        after = self.moved[len(before) :]
        return replace(self, end=border, moved=before), replace(self, start=border, moved=after)

    @property
    def count(self) -> int:
        return self.plain.count(self.start, self.end) + len(self.moved)

    def newest(self, how_many: int) -> list[Item]:
        """The newest, oldest first."""
        found: list[Item] = [(one.instant, one.due_at, one.moved_to) for one in self.moved]
        through = self.end
        for _ in range(how_many):
            due = self.plain.last_due(through)
            if due is None or due <= self.start:
                break
            found.append((due, due, None))
            through = due - MILLISECOND
        return sorted(found, key=_order)[-how_many:]

    def without(self, items: Sequence[Item]) -> "_Due":
        """All older than these newest ones."""
        taken = {due_at for _, due_at, _ in items}
        plain = [instant for instant, _, moved_to in items if moved_to is None]
        return replace(
            self,
            end=plain[0] - MILLISECOND if plain else self.end,
            moved=tuple(one for one in self.moved if one.due_at not in taken),
        )


def _plan(
    task: Task, cursor: Cursor, now: datetime, tzdata: str, overrides: Sequence[Override], *, paused: bool
) -> Plan | None:
    start = cursor.seen_through
    if now < start or task.deleted_at is not None:
        return None
    books = Decisions(task, cursor, now, tzdata)
    waiting = [one for one in overrides if one.decided_at is None and one.instant <= now]
    waiting.sort(key=lambda one: (one.instant, one.due_at))
    left = left_after(task.schedule, cursor.since_edit, start, overrides)
    due = _Due(
        plain=Plain(task.schedule, overrides, start),
        start=start,
        end=now if left is None else last_of(task.schedule, start, now, left),
        moved=tuple(one for one in waiting if one.moved_to is not None),
    )
    for one in waiting:
        if one.moved_to is None:
            books.skip_overridden(SkipReason.SKIPPED_BY_USER, one.due_at)
    if paused and task.pause is not None:
        until = task.pause.until
        asleep, due = due.split(now if until is None else min(now, until - MILLISECOND))
        _skip(asleep, SkipReason.PAUSED, books)
    _decide(task, due, books)
    made = books.plan(now)
    done = tuple(one.due_at for one in waiting)
    stand = tuple(one for one in decided_at(overrides, done, now) if one.matters(now))
    after = altered(made.after, next_due_at=next_due(task, now, made.after.since_edit, stand), overrides=len(stand))
    return replace(made, after=after, overridden=done)


def _decide(task: Task, due: _Due, books: Decisions) -> None:
    """The rules of plan._decide, for both sequences at once."""
    policy, now = task.policy, books.now
    missed, _ = due.split(now - MISSED_AFTER - MILLISECOND)
    if not missed.count:
        _overlapping(task, due, books)
        return
    old, due = due.split(now - policy.catch_up.window - MILLISECOND)
    _skip(old, SkipReason.TOO_OLD, books)
    if policy.catch_up.mode == "none":
        missed, late = due.split(now - MISSED_AFTER - MILLISECOND)
        _skip(missed, SkipReason.MISSED, books)
        _overlapping(task, late, books)
        return
    if policy.catch_up.mode == "latest" or policy.overlap == "replace":
        _newest_only(due, books)
        return
    newest = due.newest(policy.catch_up.max_runs)
    _skip(due.without(newest), SkipReason.LIMIT, books)
    for _, due_at, moved_to in newest:
        place = decide("allow" if policy.overlap == "allow" else "queue", books.held, 0)
        books.run(due_at, place, moved_to)


def _overlapping(task: Task, due: _Due, books: Decisions) -> None:
    """Ask overlap for each occurrence in due order. There are few: all lie within MISSED_AFTER."""
    if task.policy.overlap == "replace":
        _newest_only(due, books)
        return
    for _, due_at, moved_to in due.newest(due.count):
        books.ask(due_at, moved_to)


def _newest_only(due: _Due, books: Decisions) -> None:
    newest = due.newest(1)
    _skip(due.without(newest), SkipReason.COALESCED, books)
    for _, due_at, moved_to in newest:
        books.ask(due_at, moved_to)


def _skip(due: _Due, reason: SkipReason, books: Decisions) -> None:
    """The plain ones as one counted stretch, each moved one by itself."""
    count = due.plain.count(due.start, due.end)
    if count:
        first, last = due.plain.next_due(due.start), due.plain.last_due(due.end)
        assert first is not None and last is not None
        books.stretch(reason, first, last, count)
    for one in due.moved:
        books.skip_overridden(reason, one.due_at)


def _order(item: Item) -> tuple[datetime, datetime]:
    return item[0], item[1]
