"""BYSETPOS over weeks, months and years: of all the readings of a period, those at the positions named.

The choice depends only on the kind of the year and on where its periods begin, so it is made once for each such year.
A week belongs to the year in which it begins and may reach into the next.
"""

from array import array
from bisect import bisect_left, bisect_right
from calendar import isleap
from datetime import date
from typing import Final

from horarium.core.schedule.local import END_DAY, EPOCH_ORDINAL, LAST_YEAR
from horarium.core.schedule.rrule_days import week_of
from horarium.core.schedule.rrule_text import Frequency, RruleText
from horarium.core.schedule.rrule_times import Times, chosen
from horarium.core.schedule.rrule_years import (
    KIND_OF_YEAR,
    MONTH_STARTS,
    YEARS_IN_CYCLE,
    YearMasks,
    bits,
    first_of_year,
    ones,
)
from horarium.core.schedule.tzif import DAY

PICKS_KEPT: Final = 20_000
"""Of all years together; four bytes each."""

WEEK_REACH: Final = 6
"""Days by which a week that begins in one year may reach into the next."""


class Picks:
    """Next, last and count of readings; no search looks at more years than there are."""

    __slots__ = ("_first_month", "_kept", "_masks", "_start_year", "_text", "_times", "_week", "_years")

    def __init__(self, text: RruleText, start_day: int, masks: YearMasks, times: Times) -> None:
        start = date.fromordinal(start_day + EPOCH_ORDINAL)
        self._text = text
        self._masks = masks
        self._times = times
        self._start_year = start.year
        self._first_month = start.year * 12 + start.month - 1
        self._week = week_of(start_day, text.week_start)
        self._years: dict[tuple[int, ...], array[int]] = {}
        self._kept = 0

    def next(self, reading: int, end: int | None = None) -> int | None:
        """The first named reading from `reading` on."""
        if reading >= END_DAY * DAY:
            return None
        for year in range(_year(reading // DAY - WEEK_REACH), LAST_YEAR + 1):
            first = first_of_year(year)
            picks = self._of_year(year, first)
            if picks:
                at = bisect_left(picks, max(reading - first * DAY, 0))
                if at < len(picks):
                    found = first * DAY + picks[at]
                    return found if found < END_DAY * DAY else None
        return None

    def last(self, reading: int, floor: int) -> int | None:
        """The last named reading up to `reading`, not before `floor`."""
        for year in range(_year(reading // DAY), _year(floor // DAY - WEEK_REACH) - 1, -1):
            first = first_of_year(year)
            picks = self._of_year(year, first)
            at = bisect_right(picks, reading - first * DAY) - 1
            if at >= 0:
                found = first * DAY + picks[at]
                return found if found >= floor else None
        return None

    def count(self, begin: int, end: int) -> int:
        """How many readings are named from `begin` on, before `end`."""
        total = 0
        for year in range(_year(begin // DAY - WEEK_REACH), _year((end - 1) // DAY) + 1):
            first = first_of_year(year)
            picks = self._of_year(year, first)
            total += bisect_left(picks, end - first * DAY) - bisect_left(picks, max(begin - first * DAY, 0))
        return total

    def nth(self, start: int, count: int, end: int | None = None) -> int | None:
        """The reading that many named ones on, `start` (a named one) included; None where the calendar ends before."""
        left = count - 1
        for year in range(_year(start // DAY - WEEK_REACH), LAST_YEAR + 1):
            first = first_of_year(year)
            picks = self._of_year(year, first)
            at = bisect_left(picks, max(start - first * DAY, 0)) + left
            if at < len(picks):
                return first * DAY + picks[at]
            left = at - len(picks)
        return None

    def _of_year(self, year: int, first: int) -> "array[int]":
        """The named readings of the periods that begin in that year, from its first midnight on."""
        interval = self._text.interval
        match self._text.frequency:
            case Frequency.YEARLY:
                ahead = (self._start_year - year) % interval
                end = 1
            case Frequency.MONTHLY:
                ahead = (self._first_month - year * 12) % interval
                end = 12
            case _:
                ahead = (self._week - first) % (7 * interval)
                end = 365 + isleap(year)
        if ahead >= end:
            return _NONE
        key = (*KIND_OF_YEAR[year % YEARS_IN_CYCLE], ahead)
        picks = self._years.get(key)
        if picks is None:
            picks = array("I", self._pick(year, range(ahead, end, interval if end <= 12 else 7 * interval)))
            self._kept += len(picks)
            if self._kept > PICKS_KEPT:
                self._years.clear()
                self._kept = len(picks)
            self._years[key] = picks
        return picks

    def _pick(self, year: int, periods: range) -> list[int]:
        times, positions = self._times, self._text.positions
        starts = MONTH_STARTS[isleap(year)]
        mask = self._masks.of(year)
        found: list[int] = []
        if self._text.frequency is Frequency.WEEKLY:
            mask |= self._masks.of(year + 1) << starts[12]
        for period in periods:
            match self._text.frequency:
                case Frequency.YEARLY:
                    days = mask
                case Frequency.MONTHLY:
                    days = mask & ones(starts[period], starts[period + 1])
                case _:
                    days = mask & ones(period, period + 7)
            named = list(bits(days))
            for at in chosen(positions, len(named) * times.size):
                day, time = divmod(at, times.size)
                found.append(named[day] * DAY + times.nth(time))
        return found


_NONE: Final = array("I")


def _year(day: int) -> int:
    return date.fromordinal(day + EPOCH_ORDINAL).year
