"""Which days a cron text names.

A month is one of 28 kinds (its length, the weekday of its first), so its days are one cached bit mask.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
MONTHS_SEARCHED_MAX: Final = 12 * 41
"""The rarest day there is, a 29 February on one weekday around 2100, comes after 40 years."""

ALL_MONTHS: Final = 0b1_1111_1111_1110
ALL_DAYS: Final = (1 << 32) - 2
ALL_WEEKDAYS: Final = 0b111_1111

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS_IN_CYCLE = 400


def _weekday_mask(first: int, weekday: int) -> int:
    return sum(1 << day for day in range(1 + (weekday - first) % 7, 32, 7))


_WEEKDAY_DAYS = tuple(tuple(_weekday_mask(first, weekday) for weekday in range(7)) for first in range(7))
"""[weekday of the first][weekday] → its days in a month of 31."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFields:
    """The three day fields as read. Masks count from bit 0; weekdays from Sunday 0."""

    months: int
    days: int
    last_day: bool
    last_workday: bool
    near_workdays: int
    weekdays: int
    nth_weekdays: tuple[tuple[int, int], ...]
    last_weekdays: int
    both: bool
    """A day must satisfy both day fields (one of them begins with `*`); else either is enough."""


class Days:
    """Answers on days counted from 1970-01-01. Its tables fill as they are asked for, always with the same values."""

    __slots__ = ("_by_kind", "_cumulated", "_fields", "_month_counts", "every_day", "months", "weekly")

    def __init__(self, fields: DayFields) -> None:
        self._fields = fields
        self.months = fields.months
        all_days = fields.days == ALL_DAYS, fields.weekdays == ALL_WEEKDAYS
        self.every_day = fields.months == ALL_MONTHS and (all(all_days) if fields.both else any(all_days))
        plain = not (fields.nth_weekdays or fields.last_weekdays or fields.last_day or fields.last_workday)
        self.weekly = fields.months == ALL_MONTHS and plain and not fields.near_workdays and fields.both and all_days[0]
        self._by_kind: list[int | None] = [None] * 28
        self._month_counts: dict[int, tuple[int, ...]] = {}
        self._cumulated: list[int] | None = None

    def has(self, day: int) -> bool:
        """Whether the day is named."""
        if self.every_day:
            return True
        at = date.fromordinal(day + EPOCH_ORDINAL)
        if not self.months >> at.month & 1:
            return False
        first = (day + EPOCH_ORDINAL - at.day + 1) % 7
        return bool(self._mask(_length(at.year, at.month), first) >> at.day & 1)

    def next(self, day: int) -> int | None:
        """The first named day from `day` on."""
        if self.every_day:
            return day
        at = date.fromordinal(day + EPOCH_ORDINAL)
        year, month, first = at.year, at.month, day - at.day + 1
        passed = at.day
        months = self.months
        for _ in range(MONTHS_SEARCHED_MAX):
            if months >> month & 1:
                found = self._mask(_length(year, month), (first + EPOCH_ORDINAL) % 7) >> passed
                if found:
                    return first + passed - 1 + (found & -found).bit_length() - 1
            passed = 0
            later = months >> month + 1 << month + 1
            if not later:
                year, later = year + 1, months
            month = (later & -later).bit_length() - 1
            first = date(year, month, 1).toordinal() - EPOCH_ORDINAL
        return None

    def last(self, day: int) -> int | None:
        """The last named day up to `day`."""
        if self.every_day:
            return day
        at = date.fromordinal(day + EPOCH_ORDINAL)
        year, month, first = at.year, at.month, day - at.day + 1
        kept = (2 << at.day) - 1
        months = self.months
        for _ in range(MONTHS_SEARCHED_MAX):
            if months >> month & 1:
                found = self._mask(_length(year, month), (first + EPOCH_ORDINAL) % 7) & kept
                if found:
                    return first + found.bit_length() - 2
            kept = -1
            earlier = months & (1 << month) - 1
            if not earlier:
                year, earlier = year - 1, months
            month = earlier.bit_length() - 1
            first = date(year, month, 1).toordinal() - EPOCH_ORDINAL
        return None

    def rank(self, day: int) -> int:
        """How many days are named before `day`, from some fixed day on: differences of ranks count days."""
        if self.every_day:
            return day
        at = date.fromordinal(day + EPOCH_ORDINAL)
        cumulated = self._cumulated
        if cumulated is None:
            cumulated = self._cumulated = self._cumulate()
        cycles, year_of_cycle = divmod(at.year, _YEARS_IN_CYCLE)
        rank = cycles * cumulated[-1] + cumulated[year_of_cycle] + self._months_of(at.year)[at.month - 1]
        if self.months >> at.month & 1:
            first = (day + EPOCH_ORDINAL - at.day + 1) % 7
            rank += (self._mask(_length(at.year, at.month), first) & ((1 << at.day) - 1)).bit_count()
        return rank

    def month(self, year: int, month: int) -> tuple[int, int]:
        """(how many days it has, the named ones: bit d is day d)."""
        length = _length(year, month)
        if not self.months >> month & 1:
            return length, 0
        return length, self._mask(length, date(year, month, 1).toordinal() % 7)

    def any(self) -> bool:
        """Whether there is such a day at all. (All kinds of a month occur within 400 years.)"""
        if self.every_day:
            return True
        lengths = {length for month in range(1, 13) if self.months >> month & 1 for length in _lengths(month)}
        return any(self._mask(length, first) for length in sorted(lengths, reverse=True) for first in range(7))

    def _cumulate(self) -> list[int]:
        total, cumulated = 0, [0]
        for year in range(_YEARS_IN_CYCLE, 2 * _YEARS_IN_CYCLE):
            total += self._months_of(year)[-1]
            cumulated.append(total)
        return cumulated

    def _months_of(self, year: int) -> tuple[int, ...]:
        """Named days before each month of the year, and in all of it."""
        first = date(year, 1, 1).toordinal() % 7
        kind = first * 2 + (_length(year, 2) == 29)
        counts = self._month_counts.get(kind)
        if counts is None:
            total, listed = 0, [0]
            for month in range(1, 13):
                length = _length(year, month)
                total += self._mask(length, first).bit_count() if self.months >> month & 1 else 0
                first = (first + length) % 7
                listed.append(total)
            counts = self._month_counts[kind] = tuple(listed)
        return counts

    def _mask(self, length: int, first: int) -> int:
        kind = (length - 28) * 7 + first
        mask = self._by_kind[kind]
        if mask is None:
            mask = self._by_kind[kind] = days_of_month(self._fields, length, first)
        return mask


def days_of_month(fields: DayFields, length: int, first: int) -> int:
    """The named days of a month of that length whose first is that weekday; bit d is day d."""
    whole = (2 << length) - 2
    named = _WEEKDAY_DAYS[first]
    by_date = fields.days
    if fields.last_day:
        by_date |= 1 << length
    if fields.last_workday or fields.near_workdays:
        workdays = whole & ~(named[0] | named[6])
        if fields.last_workday:
            by_date |= 1 << workdays.bit_length() - 1
        for day in _bits(fields.near_workdays & whole):
            # A Saturday moves back and a Sunday on, unless that leaves the month: then two days the other way.
            near = (day, day - 1, day + 1, day - 2, day + 2)
            by_date |= 1 << next(other for other in near if other > 0 and workdays >> other & 1)
    by_weekday = 0
    for weekday in _bits(fields.weekdays):
        by_weekday |= named[weekday]
    for weekday in _bits(fields.last_weekdays):
        by_weekday |= 1 << (named[weekday] & whole).bit_length() - 1
    for weekday, nth in fields.nth_weekdays:
        by_weekday |= 1 << 1 + (weekday - first) % 7 + 7 * (nth - 1)
    return whole & (by_date & by_weekday if fields.both else by_date | by_weekday)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _length(year: int, month: int) -> int:
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _LENGTHS[month]


def _lengths(month: int) -> tuple[int, ...]:
    return (28, 29) if month == 2 else (_LENGTHS[month],)
