"""Which days a rule names: the date parts of rrule_years, and of those the days in every `interval`-th period."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from horarium.core.schedule.local import END_DAY, EPOCH_ORDINAL, LAST_YEAR
from horarium.core.schedule.rrule_text import Frequency, RruleText
from horarium.core.schedule.rrule_years import MONTH_STARTS, YearMasks, bits, first_of_year, ones

YEARS_MAX: Final = LAST_YEAR - 1969
"""No search looks at more years than there are; a year takes about a microsecond."""


class Days:
    """Answers on days counted from 1970-01-01, up to the end of 9999."""

    __slots__ = ("_first_month", "_frequency", "_interval", "_masks", "_start_day", "_start_year", "_steps", "_week")

    def __init__(self, text: RruleText, start_day: int, masks: YearMasks) -> None:
        start = date.fromordinal(start_day + EPOCH_ORDINAL)
        self._masks = masks
        # Where a period is shorter than a day its interval is somebody else's business.
        self._frequency = text.frequency if text.interval > 1 else Frequency.HOURLY
        self._interval = text.interval
        self._start_day = start_day
        self._start_year = start.year
        self._first_month = start.year * 12 + start.month - 1
        self._week = week_of(start_day, text.week_start)
        self._steps = 0
        if self._frequency is Frequency.DAILY:
            self._steps = sum(1 << day for day in range(0, 366, text.interval))
        elif self._frequency is Frequency.WEEKLY:
            self._steps = sum(0x7F << day for day in range(0, 366, 7 * text.interval))

    def typical(self) -> int:
        """About how many days a year the date parts name, before any interval."""
        return max(self._masks.of(year).bit_count() for year in (2000, 2001, 2002, 2003))

    def has(self, day: int) -> bool:
        """Whether the day is named."""
        if day >= END_DAY:
            return False
        year = date.fromordinal(day + EPOCH_ORDINAL).year
        first = first_of_year(year)
        return bool(self.of_year(year, first) >> (day - first) & 1)

    def next(self, day: int) -> int | None:
        """The first named day from `day` on."""
        if day >= END_DAY:
            return None
        year = date.fromordinal(day + EPOCH_ORDINAL).year
        first = first_of_year(year)
        rest = self.of_year(year, first) >> (day - first)
        if rest:
            return day + (rest & -rest).bit_length() - 1
        for later in range(year + 1, LAST_YEAR + 1):
            first = first_of_year(later)
            mask = self.of_year(later, first)
            if mask:
                return first + (mask & -mask).bit_length() - 1
        return None

    def last(self, day: int, floor: int) -> int | None:
        """The last named day up to `day`, not before `floor`."""
        day = min(day, END_DAY - 1)
        if day < floor:
            return None
        year = date.fromordinal(day + EPOCH_ORDINAL).year
        first = first_of_year(year)
        mask = self.of_year(year, first) & (2 << (day - first)) - 1
        while not mask and first > floor:
            year -= 1
            first = first_of_year(year)
            mask = self.of_year(year, first)
        found = first + mask.bit_length() - 1
        return found if mask and found >= floor else None

    def count(self, begin: int, end: int) -> int:
        """How many days are named from `begin` on, before `end`."""
        end = min(end, END_DAY)
        if begin >= end:
            return 0
        year = date.fromordinal(begin + EPOCH_ORDINAL).year
        last_year = date.fromordinal(end - 1 + EPOCH_ORDINAL).year
        first = first_of_year(year)
        mask = self.of_year(year, first) >> (begin - first) << (begin - first)
        total = 0
        while year < last_year:
            total += mask.bit_count()
            year += 1
            first = first_of_year(year)
            mask = self.of_year(year, first)
        return total + (mask & (1 << (end - first)) - 1).bit_count()

    def nth(self, day: int, index: int) -> int | None:
        """The named day of that index, counted from 0, from `day` on; None where the calendar ends before."""
        first_year = date.fromordinal(day + EPOCH_ORDINAL).year
        for year in range(first_year, LAST_YEAR + 1):
            first = first_of_year(year)
            mask = self.of_year(year, first)
            if year == first_year:
                mask = mask >> (day - first) << (day - first)
            days = mask.bit_count()
            if index < days:
                return first + next(islice(bits(mask), index, None))
            index -= days
        return None

    def years(self, day: int) -> Iterator[tuple[int, int]]:
        """(first day, named days) of each year from that of `day` on."""
        for year in range(date.fromordinal(day + EPOCH_ORDINAL).year, LAST_YEAR + 1):
            first = first_of_year(year)
            yield first, self.of_year(year, first)

    def of_year(self, year: int, first: int) -> int:
        """The named days of that year, which begins with day `first`; bit 0 is its 1 January."""
        mask = self._masks.of(year)
        if not mask:
            return 0
        interval = self._interval
        match self._frequency:
            case Frequency.YEARLY:
                return 0 if (year - self._start_year) % interval else mask
            case Frequency.MONTHLY:
                starts = MONTH_STARTS[year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)]
                periods = 0
                for month in range((self._first_month - year * 12) % interval, 12, interval):
                    periods |= ones(starts[month], starts[month + 1])
                return mask & periods
            case Frequency.WEEKLY:
                ahead = (self._week - first) % (7 * interval)
                begun = 0x7F >> min(7 * interval - ahead, 7)
                return mask & (begun | self._steps << ahead if ahead < 366 else begun)
            case Frequency.DAILY:
                ahead = (self._start_day - first) % interval
                return mask & self._steps << ahead if ahead < 366 else 0
            case _:
                return mask


def week_of(day: int, week_start: int) -> int:
    """The first day of the week that holds `day`."""
    return day - (day + EPOCH_ORDINAL - 1 - week_start) % 7
