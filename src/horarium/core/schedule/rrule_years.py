"""Which days of a year a rule's date parts name, as one bit mask per kind of year.

A year is one of 28 kinds: the weekday of its first day, and which of itself and its two neighbours are leap years (the
weeks of a year reach into its neighbours).
"""

from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import accumulate, pairwise
from typing import Final

from horarium.core.schedule.local import EPOCH_ORDINAL
from horarium.core.schedule.rrule_text import Frequency, RruleText

YEARS_IN_CYCLE: Final = 400

Kind = tuple[int, bool, bool, bool]
"""(weekday of 1 January from Monday 0, leap, leap the year before, leap the year after)."""


def first_of_year(year: int) -> int:
    """The day, counted from 1970-01-01, of its 1 January."""
    before = year - 1
    return before * 365 + before // 4 - before // 100 + before // 400 + 1 - EPOCH_ORDINAL


def _kind(year: int) -> Kind:
    return date(year, 1, 1).weekday(), isleap(year), isleap(year - 1), isleap(year + 1)


KIND_OF_YEAR: Final = tuple(_kind(2000 + year) for year in range(YEARS_IN_CYCLE))
"""[year % 400] → its kind; 400 years are whole weeks."""

KINDS: Final = tuple(sorted(set(KIND_OF_YEAR)))

MONTH_STARTS: Final = tuple(
    tuple(accumulate((31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), initial=0))
    for leap in (False, True)
)
"""[leap][month from 0] → days of the year before it; [12] is the year's length."""


def ones(first: int, end: int) -> int:
    """Bits `first` to `end - 1`."""
    return (1 << end) - (1 << first)


def bits(mask: int) -> Iterator[int]:
    """The places of the ones, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class YearMasks:
    """The named days of each year, bit 0 being 1 January. Every date part limits; what is missing comes from `start`."""

    __slots__ = ("_masks", "_text", "start_day")

    def __init__(self, text: RruleText, start_day: int) -> None:
        self._text = text
        self.start_day = start_day
        self._masks: dict[Kind, int] = {}

    def of(self, year: int) -> int:
        """The named days of that year, before any interval."""
        kind = KIND_OF_YEAR[year % YEARS_IN_CYCLE]
        mask = self._masks.get(kind)
        return self._fill(kind) if mask is None else mask

    def any(self) -> bool:
        """Whether any year at all has such a day."""
        return any(self._fill(kind) for kind in KINDS)

    def _fill(self, kind: Kind) -> int:
        mask = self._masks[kind] = self._days(kind)
        return mask

    def _days(self, kind: Kind) -> int:
        text, leap = self._text, kind[1]
        starts = MONTH_STARTS[leap]
        length = starts[12]
        mask = ones(0, length)
        months, month_days, weekdays = self._completed()
        if months:
            mask &= _union(ones(starts[month - 1], starts[month]) for month in months)
        if month_days:
            mask &= _union(_month_day(starts, day) for day in month_days)
        if text.year_days:
            mask &= _union(1 << (day - 1 if day > 0 else length + day) for day in text.year_days if abs(day) <= length)
        if text.weeks:
            mask &= _weeks(kind, text.week_start, text.weeks)
        if weekdays:
            mask &= self._weekdays(kind[0], starts, weekdays)
        return mask

    def _completed(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
        """(months, month days, weekdays), completed from the start where the rule leaves the day open."""
        text = self._text
        months, month_days, weekdays = text.months, text.month_days, text.weekdays
        if month_days or weekdays or text.year_days or text.frequency >= Frequency.DAILY:
            return months, month_days, weekdays
        start = date.fromordinal(self.start_day + EPOCH_ORDINAL)
        if text.frequency is Frequency.WEEKLY or text.weeks:
            return months, (), ((start.weekday(), 0),)
        if text.frequency is Frequency.YEARLY and not months:
            months = (start.month,)
        return months, (start.day,), ()

    def _weekdays(self, first: int, starts: tuple[int, ...], weekdays: tuple[tuple[int, int], ...]) -> int:
        text, length = self._text, starts[12]
        periods: list[tuple[int, int]] = [(0, length)]
        if text.frequency is Frequency.MONTHLY or text.months:
            periods = [(starts[month], starts[month + 1]) for month in range(12)]
        mask = 0
        for weekday, nth in weekdays:
            every = _EVERY_SEVENTH << (weekday - first) % 7
            if nth == 0:
                mask |= every
                continue
            for begin, end in periods:
                own = every & ones(begin, end)
                low = (own & -own).bit_length() - 1 + 7 * (nth - 1) if nth > 0 else own.bit_length() - 1 + 7 * (nth + 1)
                mask |= 1 << low & own if low >= 0 else 0
        return mask


_EVERY_SEVENTH: Final = sum(1 << day for day in range(0, 366, 7))


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _month_day(starts: tuple[int, ...], day: int) -> int:
    """That day of every month that has it."""
    mask = 0
    for month in range(12):
        begin, end = starts[month], starts[month + 1]
        at = begin + day - 1 if day > 0 else end + day
        if begin <= at < end:
            mask |= 1 << at
    return mask


def _weeks(kind: Kind, week_start: int, weeks: tuple[int, ...]) -> int:
    """The days of this calendar year in weeks of those numbers; a week belongs to the year that has most of its days.

    The first days of January may lie in the last week of the year before, the last of December in the first of the next.
    """
    first, leap, leap_before, leap_after = kind
    length = 365 + leap
    begins = [0, 0, 0, 0]
    begins[1] = _week_one(first, week_start)
    begins[0] = _week_one(first - 365 - leap_before, week_start) - 365 - leap_before
    begins[2] = _week_one(first + length, week_start) + length
    begins[3] = _week_one(first + length + 365 + leap_after, week_start) + length + 365 + leap_after
    mask = 0
    for begin, end in pairwise(begins):
        count = (end - begin) // 7
        for week in weeks:
            number = week if week > 0 else count + 1 + week
            at = begin + 7 * (number - 1)
            if 1 <= number <= count and at < length and at + 7 > 0:
                mask |= ones(max(at, 0), min(at + 7, length))
    return mask


def _week_one(first: int, week_start: int) -> int:
    """Where, from 1 January (a weekday `first`), its first week of at least four days begins: -3 to 3."""
    at = (week_start - first) % 7
    return at if at <= 3 else at - 7
