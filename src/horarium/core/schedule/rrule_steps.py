"""Hours, minutes or seconds in steps that do not divide a day, so that each day has other times: MINUTELY;INTERVAL=7.

Units (hours, minutes or seconds) are counted from 1970. Every `step`-th is named, where its time of day is allowed and its
day named. Two such conditions are met by turns: each leaps to the first place that suits it, never past one that suits both.
"""

from bisect import bisect_left, bisect_right
from math import gcd
from typing import Final

from horarium.core.schedule.local import END_DAY
from horarium.core.schedule.rrule_days import Days
from horarium.core.schedule.rrule_text import Frequency, RruleText
from horarium.core.schedule.rrule_times import unit_allowed, unit_times
from horarium.core.schedule.rrule_years import bits
from horarium.core.schedule.tzif import DAY

SPARSE: Final = 31
"""Named days a year up to which it is quicker to look at each of them than at each allowed time."""
UNIT_SECONDS: Final = {Frequency.HOURLY: 3600, Frequency.MINUTELY: 60, Frequency.SECONDLY: 1}
COARSE: Final = 4
"""With fewer steps a day than this, trying each step is quicker than leaping from one allowed stretch to the next."""


class Steps:
    """Next, last and count of readings. A loop ends with the calendar, and each of its rounds leaps as far as it can."""

    __slots__ = (
        "_allowed",
        "_anchor",
        "_days",
        "_free",
        "_inner",
        "_per_day",
        "_possible",
        "_sparse",
        "_step",
        "_unit",
    )

    def __init__(self, text: RruleText, start: int, days: Days) -> None:
        self._unit = UNIT_SECONDS[text.frequency]
        self._per_day = DAY // self._unit
        self._step = text.interval
        self._anchor = start // self._unit
        self._days = days
        self._allowed = unit_allowed(text, self._unit)
        self._inner = unit_times(text, start % DAY)
        self._free = 0 not in self._allowed and not (text.months or text.month_days or text.year_days or text.weekdays)
        self._sparse = days.typical() <= SPARSE
        self._possible = bool(self._inner) and self._meets_a_week(text)

    def next(self, reading: int, end: int | None = None) -> int | None:
        """The first named reading from `reading` on. `end`: the first reading that is of no use."""
        if not self._possible:
            return None
        at, rest = divmod(reading, self._unit)
        if rest > self._inner[-1]:
            at, rest = at + 1, 0
        found = self._next_unit(at, None if end is None else end // self._unit)
        if found is None:
            return None
        return found * self._unit + self._inner[bisect_left(self._inner, rest) if found == at else 0]

    def last(self, reading: int, floor: int) -> int | None:
        """The last named reading up to `reading`, not before `floor`."""
        if not self._possible:
            return None
        at, rest = divmod(reading, self._unit)
        if rest < self._inner[0]:
            at, rest = at - 1, self._unit
        found = self._last_unit(at, floor // self._unit)
        if found is None:
            return None
        last = found * self._unit + self._inner[bisect_right(self._inner, rest) - 1 if found == at else -1]
        return last if last >= floor else None

    def count(self, begin: int, end: int) -> int:
        """How many readings are named from `begin` on, before `end`."""
        if not self._possible:
            return 0
        inner = self._inner
        first, begin_rest = divmod(begin, self._unit)
        last, end_rest = divmod(end, self._unit)
        total = self._count_units(first, last) * len(inner)
        if begin_rest and self._has(first):
            total -= bisect_left(inner, begin_rest)
        if end_rest and self._has(last):
            total += bisect_left(inner, end_rest)
        return total

    def nth(self, start: int, count: int, end: int | None = None) -> int | None:
        """The reading that many named ones on, `start` (a named one) included; None where `end` or the calendar's comes first."""
        inner = self._inner
        if end is not None:
            end //= self._unit
        at, rest = divmod(start, self._unit)
        units, index = divmod(count - 1 + bisect_left(inner, rest), len(inner))
        if self._free:
            at += units * self._step
            return at * self._unit + inner[index] if at < END_DAY * self._per_day else None
        found = self._nth_unit(at, units, END_DAY * self._per_day if end is None else end)
        return None if found is None else found * self._unit + inner[index]

    def _nth_unit(self, at: int, units: int, end: int) -> int | None:
        """The named unit that many after `at`, in a year that begins before `end`."""
        per_day, step = self._per_day, self._step
        count = self._count_of_steps if step * 2 > per_day else self._count_of_days
        for first, days in self._days.years(at // per_day):
            midnight = first * per_day
            if midnight >= end:
                return None
            found, units = count(midnight, days, at, units)
            if found is not None:
                return found
        return None

    def _count_of_steps(self, midnight: int, days: int, at: int, units: int) -> tuple[int | None, int]:
        """Counts `units` down over one year of named days: (the unit it ends at or None, what is left)."""
        begin = max(at, midnight)
        begin += (self._anchor - begin) % self._step
        for tried in range(begin, midnight + 366 * self._per_day, self._step):
            day, time = divmod(tried - midnight, self._per_day)
            if days >> day & 1 and self._allowed[time]:
                if units == 0:
                    return tried, 0
                units -= 1
        return None, units

    def _count_of_days(self, midnight: int, days: int, at: int, units: int) -> tuple[int | None, int]:
        """The same, a day at a time."""
        for day in bits(days):
            begin = midnight + day * self._per_day
            end = begin + self._per_day
            if end <= at:
                continue
            begin = max(at, begin)
            begin += (self._anchor - begin) % self._step
            stepped = self._allowed[begin - end + self._per_day :: self._step]
            named = stepped.count(1)
            if units < named:
                place = stepped.find(1)
                for _ in range(units):
                    place = stepped.find(1, place + 1)
                return begin + place * self._step, 0
            units -= named
        return None, units

    def _has(self, at: int) -> bool:
        day, time = divmod(at, self._per_day)
        return (at - self._anchor) % self._step == 0 and self._allowed[time] == 1 and self._days.has(day)

    def _next_unit(self, at: int, end: int | None = None) -> int | None:
        """The first named unit from `at` on, before `end`, which is the calendar's where it is left out."""
        allowed, per_day, step, anchor = self._allowed, self._per_day, self._step, self._anchor
        at += (anchor - at) % step
        if end is None:
            end = END_DAY * per_day
        if self._sparse:
            return self._next_by_days(at, end)
        while at < end:
            day, time = divmod(at, per_day)
            if not allowed[time]:
                if step * COARSE < per_day:
                    leap = allowed.find(1, time)
                    at += (leap if leap >= 0 else per_day) - time
                    at += (anchor - at) % step
                    continue
                found = next((tried for tried in range(at, end, step) if allowed[tried % per_day]), None)
                if found is None:
                    return None
                at = found
                day = at // per_day
            found = self._days.next(day)
            if found is None or found == day:
                return None if found is None else at
            at = found * per_day
            at += (anchor - at) % step
        return None

    def _next_by_days(self, at: int, end: int) -> int | None:
        allowed, per_day = self._allowed, self._per_day
        day = self._days.next(at // per_day)
        while day is not None and day * per_day < end:
            midnight = day * per_day
            begin = max(at - midnight, 0)
            begin += (self._anchor - midnight - begin) % self._step
            if begin < per_day and (found := allowed[begin :: self._step].find(1)) >= 0:
                at = midnight + begin + found * self._step
                return at if at < end else None
            day = self._days.next(day + 1)
        return None

    def _last_unit(self, at: int, floor: int) -> int | None:
        allowed, per_day, step, anchor = self._allowed, self._per_day, self._step, self._anchor
        at -= (at - anchor) % step
        if self._sparse:
            return self._last_by_days(at, floor)
        while at >= floor:
            day, time = divmod(at, per_day)
            if not allowed[time]:
                if step * COARSE < per_day:
                    leap = allowed.rfind(1, 0, time)
                    at += leap - time
                    at -= (at - anchor) % step
                    continue
                found = next((tried for tried in range(at, floor - 1, -step) if allowed[tried % per_day]), None)
                if found is None:
                    return None
                at = found
                day = at // per_day
            found = self._days.last(day, floor // per_day)
            if found is None or found == day:
                return None if found is None else at
            at = (found + 1) * per_day - 1
            at -= (at - anchor) % step
        return None

    def _last_by_days(self, at: int, floor: int) -> int | None:
        allowed, per_day = self._allowed, self._per_day
        first_day = floor // per_day
        day = self._days.last(at // per_day, first_day)
        while day is not None:
            midnight = day * per_day
            begin = (self._anchor - midnight) % self._step
            end = min(at - midnight + 1, per_day)
            if begin < end and (found := allowed[begin : end : self._step].rfind(1)) >= 0:
                at = midnight + begin + found * self._step
                return at if at >= floor else None
            day = self._days.last(day - 1, first_day)
        return None

    def _count_units(self, first: int, last: int) -> int:
        """Named units from `first` on, before `last`."""
        step, per_day = self._step, self._per_day
        if self._free:
            return (last - 1 - self._anchor) // step - (first - 1 - self._anchor) // step
        total = 0
        if step * 2 > per_day:
            at = self._next_unit(first, last)
            while at is not None:
                total += 1
                at = self._next_unit(at + 1, last)
            return total
        day = self._days.next(first // per_day)
        while day is not None and day * per_day < last:
            begin = max(first - day * per_day, 0)
            begin += (self._anchor - day * per_day - begin) % step
            total += self._allowed[begin : min(last - day * per_day, per_day) : step].count(1)
            day = self._days.next(day + 1)
        return total

    def _meets_a_week(self, text: RruleText) -> bool:
        """Whether the steps ever come to an allowed time on an allowed weekday: what repeats with the week is decided here,
        because no search ends early that looks for what never comes."""
        per_day = self._per_day
        common = gcd(self._step, 7 * per_day)
        weekdays = {weekday for weekday, _ in text.weekdays} or set(range(7))
        for day in range(7):
            # 1970-01-01 was a Thursday.
            if (day + 3) % 7 in weekdays and 1 in self._allowed[(self._anchor - day * per_day) % common :: common]:
                return True
        return False
