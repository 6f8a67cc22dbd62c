"""What `except` leaves of a rule whose occurrences move off the days left out, to the nearest open day.

The local time of day stays. Each open day is worked out as a whole: the rule's own instants on it, and those of the stretch of
days left out that rolls onto it. Days without any are jumped over.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from horarium.core.errors import ScheduleTooSparse
from horarium.core.instants import EPOCH, LAST, MILLISECOND
from horarium.core.schedule.excluded import LAST_SECOND, SEARCH_STEPS_MAX, is_out, just_before, seconds
from horarium.core.schedule.rule import Due, Rule, walk
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zoned_days import NEAR, ZonedDays

ROLLED_DAYS_MAX: Final = 366
"""An occurrence that would have to go further is left out."""
INSTANTS_KEPT: Final = 10_000
"""Half a megabyte at most; a week of a schedule that is due every minute."""
DAYS_MAX: Final = 2_932_897
"""Days from 1970 to 9999."""
_SECOND: Final = timedelta(seconds=1)
_REACH: Final = timedelta(days=ROLLED_DAYS_MAX + 2)

Instants = tuple[datetime, ...]


class Rolled:
    """`forward` or back. The days worked out last are kept."""

    __slots__ = ("_days", "_forward", "_kept", "_kept_instants", "_out", "_rule", "_zone")

    def __init__(self, rule: Rule, zoned: ZonedDays, out: Sequence[Due], *, forward: bool) -> None:
        self._rule = rule
        self._zone = zoned.zone
        self._days = zoned.days
        self._out = tuple(out)
        self._forward = forward
        self._kept: dict[int, Instants] = {}
        self._kept_instants = 0

    def next(self, after: datetime, end: datetime = LAST, steps: int = SEARCH_STEPS_MAX) -> datetime | None:
        """Raises ScheduleTooSparse after that many days whose every occurrence is left out."""
        day: int | None = self._day(after)
        beyond = self._day(end) + 1
        assert day is not None
        if self._changes_near(after):
            day -= 1
        for _ in range(steps):
            found = self._first(day, after)
            if found is not None:
                return found
            day = self._day_after(day)
            if day is None or day > beyond:
                return None
        raise ScheduleTooSparse(steps)

    def last(self, through: datetime, begin: datetime = EPOCH) -> datetime | None:
        """Raises ScheduleTooSparse as `next` does."""
        day: int | None = self._day(through)
        beyond = self._day(begin) - 1
        assert day is not None
        if self._changes_near(through):
            day += 1
        for _ in range(SEARCH_STEPS_MAX):
            found = self._newest(day, through)
            if found is not None:
                return found
            day = self._day_before(day)
            if day is None or day < beyond:
                return None
        raise ScheduleTooSparse(SEARCH_STEPS_MAX)

    def count(self, after: datetime, through: datetime) -> int:
        """Day by day, those without any instants left out."""
        last = self._day(through) + 1
        day: int | None = self._day(after + MILLISECOND) - 1
        total, newest = 0, after
        for _ in range(DAYS_MAX):
            if day is None or day > last:
                break
            instants = self._instants(day)
            begin, end = bisect_right(instants, after), bisect_right(instants, through)
            total += max(0, end - begin)
            if begin < end:
                # Where the clock skips or repeats midnight, two days may share an instant.
                total -= instants[begin] == newest
                newest = instants[end - 1]
            day = self._day_after(day)
        return total

    def names(self, instant: datetime) -> bool:
        return self.next(instant - MILLISECOND, instant) == instant

    def left_out_until(self, after: datetime, end: datetime, steps: int) -> datetime | None:
        """Occurrence by occurrence, without working out whole days."""
        # What was due long before may roll into the stretch.
        reached = EPOCH if after - EPOCH < _REACH else after - _REACH
        for _ in range(steps):
            due = self._rule.next(reached)
            if due is None or due - end > _REACH:
                return end
            own = self._day(due)
            target = self._target(own)
            if target is not None:
                moved = due if target == own else self._moved(due, target)
                if moved is not None and after < moved <= end and not is_out(self._out, moved):
                    return None
                reached = due
                continue
            free = self._days.free_from(own)
            if free is None:
                return end
            reached = max(due, self._begin(free - ROLLED_DAYS_MAX if self._forward else free) - MILLISECOND)
        return reached

    def _first(self, day: int, after: datetime) -> datetime | None:
        """The first instant after `after` of that day; or of the next one, which a clock set back may show before."""
        found = _after(self._instants(day), after)
        if found is not None and self._changes_near(found):
            later = _after(self._instants(day + 1), after)
            found = found if later is None else min(found, later)
        return found

    def _newest(self, day: int, through: datetime) -> datetime | None:
        found = _until(self._instants(day), through)
        if found is not None and self._changes_near(found):
            earlier = _until(self._instants(day - 1), through)
            found = found if earlier is None else max(found, earlier)
        return found

    def _instants(self, day: int) -> Instants:
        """All instants that fall on the day in the end, in order, each once."""
        kept = self._kept.get(day)
        if kept is None:
            kept = self._work_out(day)
            if self._kept_instants > INSTANTS_KEPT:
                self._kept.clear()
                self._kept_instants = 0
            self._kept[day] = kept
            self._kept_instants += len(kept) + 1
        return kept

    def _work_out(self, day: int) -> Instants:
        if self._days.free_from(day) != day:
            return ()
        first = last = day
        if self._forward:
            before = self._days.free_until(day - 1)
            first = day - ROLLED_DAYS_MAX if before is None else max(day - ROLLED_DAYS_MAX, before + 1)
        else:
            beyond = self._days.free_from(day + 1)
            last = day + ROLLED_DAYS_MAX if beyond is None else min(day + ROLLED_DAYS_MAX, beyond - 1)
        found = set()
        begin = self._begin(first) - MILLISECOND
        for due in walk(self._rule.next, begin, self._rule.count(begin, self._end(last))):
            own = self._day(due)
            if own == day:
                found.add(due)
            elif first <= own <= last and (moved := self._moved(due, day)) is not None:
                found.add(moved)
        return tuple(sorted(due for due in found if not is_out(self._out, due)))

    def _moved(self, due: datetime, day: int) -> datetime | None:
        """At the same local time of that day: on the first pass where the clock repeats it, after the gap where it skips it.
        None outside the years 1970 to 9999."""
        second = seconds(due)
        reading = day * DAY + self._zone.reading(second) % DAY
        moved = self._zone.second(reading)
        if not 0 <= moved <= LAST_SECOND:
            return None
        exact = EPOCH + moved * _SECOND
        if self._zone.reading(moved) != reading:
            return exact
        return exact + (due - (EPOCH + second * _SECOND))

    def _target(self, day: int) -> int | None:
        """The open day on which occurrences of that day fall, itself if it is open; None where there is none near enough."""
        found = self._days.free_from(day) if self._forward else self._days.free_until(day)
        return None if found is None or abs(found - day) > ROLLED_DAYS_MAX else found

    def _day_after(self, day: int) -> int | None:
        """The first open day after `day` on which an instant of the rule falls."""
        if self._forward:
            open_day = self._days.free_until(day)
            begin = max(day - ROLLED_DAYS_MAX, 0) if open_day is None else open_day + 1
        else:
            found = self._days.free_from(day + 1)
            if found is None:
                return None
            begin = found
        for _ in range(SEARCH_STEPS_MAX):
            due = self._rule.next(self._begin(begin) - MILLISECOND)
            if due is None:
                return None
            own = max(self._day(due), begin)
            target = self._target(own)
            if target is not None:
                return max(target, day + 1)
            # Too far from an open day: on to the first day that is near enough.
            free = self._days.free_from(own)
            if free is None:
                return None
            begin = free - ROLLED_DAYS_MAX if self._forward else free
        raise ScheduleTooSparse(SEARCH_STEPS_MAX)

    def _day_before(self, day: int) -> int | None:
        """The last open day before `day` on which an instant of the rule falls."""
        end = self._days.free_until(day - 1)
        if end is None:
            return None
        if not self._forward:
            beyond = self._days.free_from(day)
            reach = end + ROLLED_DAYS_MAX
            end = reach if beyond is None else min(beyond - 1, reach)
        for _ in range(SEARCH_STEPS_MAX):
            due = self._rule.last(self._end(end))
            if due is None:
                return None
            own = min(self._day(due), end)
            target = self._target(own)
            if target is not None:
                return min(target, day - 1)
            free = self._days.free_until(own)
            if free is None:
                return None
            end = free if self._forward else free + ROLLED_DAYS_MAX
        raise ScheduleTooSparse(SEARCH_STEPS_MAX)

    def _day(self, instant: datetime) -> int:
        return self._zone.reading(seconds(instant)) // DAY

    def _begin(self, day: int) -> datetime:
        """The first instant of the day."""
        return EPOCH + min(max(self._zone.second(day * DAY), 0), LAST_SECOND) * _SECOND

    def _end(self, day: int) -> datetime:
        """The last instant of the day, or one that is a little later where the clock may come back to it."""
        second = self._zone.second((day + 1) * DAY)
        if self._changes(second):
            second += NEAR
        return just_before(min(max(second, 0), LAST_SECOND + 1))

    def _changes_near(self, instant: datetime) -> bool:
        return self._changes(seconds(instant))

    def _changes(self, second: int) -> bool:
        """Whether the clock changes within two days of it."""
        zone = self._zone
        return zone.reading(second + NEAR) - zone.reading(second - NEAR) != 2 * NEAR


def _after(instants: Instants, after: datetime) -> datetime | None:
    i = bisect_right(instants, after)
    return instants[i] if i < len(instants) else None


def _until(instants: Instants, through: datetime) -> datetime | None:
    i = bisect_right(instants, through) - 1
    return instants[i] if i >= 0 else None
