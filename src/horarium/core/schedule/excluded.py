"""What `except` leaves of a rule: without the days of its lists, and without the instants of other schedules."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from horarium.core.errors import ScheduleTooSparse
from horarium.core.instants import EPOCH, LAST, MILLISECOND
from horarium.core.schedule.rule import Due, Rule, walk
from horarium.core.schedule.zoned_days import Cover

SEARCH_STEPS_MAX: Final = 10_000
STRETCHES_MAX: Final = 8_030 * 366
"""No more stretches of days than days, from 1970 to 9999."""
LAST_SECOND: Final = 253_402_300_799


class LeftOver(Protocol):
    """What exceptions leave of a rule. Who gives `end` or `begin` does not care for what lies beyond, and may get it or None."""

    def next(self, after: datetime, end: datetime = LAST, steps: int = SEARCH_STEPS_MAX) -> datetime | None: ...

    def last(self, through: datetime, begin: datetime = EPOCH) -> datetime | None: ...

    def count(self, after: datetime, through: datetime) -> int: ...

    def names(self, instant: datetime) -> bool: ...

    def left_out_until(self, after: datetime, end: datetime, steps: int) -> datetime | None:
        """None where an instant of (after, end] is left; else until when there is none, as far as so many steps lead."""


class Excluded:
    """Nothing is moved: each instant of the rule stays or goes."""

    __slots__ = ("_cover", "_out", "_rule")

    def __init__(self, rule: Rule, cover: Cover, out: Sequence[Due]) -> None:
        self._rule = rule
        self._cover = cover
        self._out = tuple(out)

    def next(self, after: datetime, end: datetime = LAST, steps: int = SEARCH_STEPS_MAX) -> datetime | None:
        """Raises ScheduleTooSparse after that many instants that are left out; a whole stretch of days is one step."""
        for _ in range(steps):
            due = self._rule.next(after)
            if due is None or due > end:
                return None
            beyond = self._left_out_from(due)
            if beyond is None:
                return due
            if beyond >= LAST:
                return None
            after = beyond
        raise ScheduleTooSparse(steps)

    def left_out_until(self, after: datetime, end: datetime, steps: int) -> datetime | None:
        for _ in range(steps):
            due = self._rule.next(after)
            if due is None or due > end:
                return end
            beyond = self._left_out_from(due)
            if beyond is None:
                return None
            if beyond >= LAST:
                return end
            after = beyond
        return after

    def last(self, through: datetime, begin: datetime = EPOCH) -> datetime | None:
        """Raises ScheduleTooSparse as `next` does."""
        for _ in range(SEARCH_STEPS_MAX):
            due = self._rule.last(through)
            if due is None or due < begin:
                return None
            second = seconds(due)
            free = self._cover.free_until(second)
            if free != second:
                if free < 0:
                    return None
                through = just_before(free + 1)
            elif is_out(self._out, due):
                through = due - MILLISECOND
            else:
                return due
        raise ScheduleTooSparse(SEARCH_STEPS_MAX)

    def count(self, after: datetime, through: datetime) -> int:
        """One closed form for each stretch of days left out; of the rule and the schedules left out, the sparser is walked."""
        total = self._rule.count(after, through)
        if not total:
            return 0
        left = total - sum(self._rule.count(start, end) for start, end in self._stretches(after, through))
        outs = [out.count(after, through) for out in self._out]
        if not left or not any(outs):
            return left
        if sum(outs) < total:
            return left - self._walked_out(after, outs)
        return sum(not self._covers(due) and not is_out(self._out, due) for due in walk(self._rule.next, after, total))

    def names(self, instant: datetime) -> bool:
        return self._rule.names(instant) and not self._covers(instant) and not is_out(self._out, instant)

    def _walked_out(self, after: datetime, counts: Sequence[int]) -> int:
        """How many instants of the rule, on days that stay, the other schedules name, which name so many each."""
        found = 0
        for index, (out, many) in enumerate(zip(self._out, counts, strict=True)):
            for due in walk(out.next_due, after, many):
                is_first = not is_out(self._out[:index], due)
                found += is_first and self._rule.names(due) and not self._covers(due)
        return found

    def _left_out_from(self, due: datetime) -> datetime | None:
        """The instant up to which all from `due` on is left out, a whole stretch of days at once; None if it stays."""
        second = seconds(due)
        free = self._cover.free_from(second)
        if free != second:
            return LAST if free > LAST_SECOND else just_before(free)
        return due if is_out(self._out, due) else None

    def _covers(self, instant: datetime) -> bool:
        second = seconds(instant)
        return self._cover.free_from(second) != second

    def _stretches(self, after: datetime, through: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The parts of (after, through] that are covered, as (exclusive, inclusive) pairs in order."""
        second, last = seconds(after + MILLISECOND), seconds(through)
        for _ in range(STRETCHES_MAX):
            start = self._cover.covered_from(second)
            if start > last:
                return
            second = min(self._cover.free_from(start), last + 1)
            begin = just_before(start)
            yield max(after, begin), min(through, just_before(second))


def is_out(schedules: Sequence[Due], instant: datetime) -> bool:
    """Whether one of the schedules names it."""
    return any(one.names(instant) for one in schedules)


def just_before(second: int) -> datetime:
    """The last millisecond before a second, which may be the first of the year 10000."""
    return EPOCH + (timedelta(seconds=second) - MILLISECOND)


def seconds(instant: datetime) -> int:
    """Whole seconds since 1970; what is finer is cut off."""
    since = instant - EPOCH
    return since.days * 86_400 + since.seconds
