"""Reads one compiled zone (TZif, RFC 9636): the moments its offset changes, and the rule for all years after the last one."""

import re
from dataclasses import dataclass
from datetime import date
from struct import calcsize, unpack_from

DAY = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_HEADER = ">4sc15x6I"
_NAME = r"(?:<[-+A-Za-z0-9]+>|[A-Za-z]+)"
_TIME = r"[-+]?\d+(?::\d+){0,2}"
_FOOTER = re.compile(rf"{_NAME}({_TIME})(?:{_NAME}({_TIME})?,([^,]+),([^,]+))?")


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """One of the two changes of a POSIX rule: `at` seconds after midnight of a day that each year has."""

    month: int
    week: int
    weekday: int
    julian: int | None
    counts_leap_day: bool
    at: int

    def reading(self, year: int) -> int:
        """The wall clock's reading of the change in that year, as seconds since 1970 of its own clock."""
        if self.julian is not None:
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            skipped = int(leap and not self.counts_leap_day and self.julian >= 59)
            ordinal = date(year, 1, 1).toordinal() + self.julian + skipped
        elif self.week == 5:
            after = date(year + self.month // 12, self.month % 12 + 1, 1).toordinal()
            ordinal = after - 1 - (after - 1 - self.weekday) % 7
        else:
            first = date(year, self.month, 1).toordinal()
            ordinal = first + (self.weekday - first) % 7 + 7 * (self.week - 1)
        return (ordinal - _EPOCH_ORDINAL) * DAY + self.at


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds after the last listed change: one offset, or two that alternate each year."""

    standard: int
    summer: int
    begins: YearlyDay | None
    ends: YearlyDay | None

    def changes(self, year: int) -> list[tuple[int, int]]:
        """(second since 1970, offset from then on) of the changes that this year has."""
        if self.begins is None or self.ends is None:
            return []
        to_summer = (self.begins.reading(year) - self.standard, self.summer)
        to_standard = (self.ends.reading(year) - self.summer, self.standard)
        return sorted((to_summer, to_standard))


def read_tzif(data: bytes) -> tuple[int, list[tuple[int, int]], Rule | None]:
    """The offset before all changes, the listed changes as (second since 1970, offset from then on), and the rule after them."""
    magic, version, *counts = unpack_from(_HEADER, data)
    assert magic == b"TZif" and version >= b"2", "a zone file of version 2 or later"
    body = calcsize(_HEADER) + _block_size(counts, 4)
    _, _, *counts = unpack_from(_HEADER, data, body)
    _, _, leaps, times, types, _letters = counts
    assert leaps == 0, "leap seconds are invisible"
    at = body + calcsize(_HEADER)
    instants = unpack_from(f">{times}q", data, at)
    kinds = data[at + 8 * times : at + 9 * times]
    offsets = [unpack_from(">i", data, at + 9 * times + 6 * i)[0] for i in range(types)]
    footer = data[body + calcsize(_HEADER) + _block_size(counts, 8) :].strip(b"\n").decode("ascii")
    changes = [(instant, offsets[kind]) for instant, kind in zip(instants, kinds, strict=True)]
    return offsets[0], changes, read_footer(footer) if footer else None


def read_footer(text: str) -> Rule:
    """A POSIX TZ string such as `EST5EDT,M3.2.0,M11.1.0`; its offsets count westwards."""
    match = _FOOTER.fullmatch(text)
    assert match is not None, f"a POSIX rule: {text}"
    west, summer_west, begins, ends = match.groups()
    standard = -_seconds(west)
    if begins is None:
        return Rule(standard, standard, None, None)
    summer = standard + 3600 if summer_west is None else -_seconds(summer_west)
    return Rule(standard, summer, _yearly_day(begins), _yearly_day(ends))


def _block_size(counts: list[int], width: int) -> int:
    utc, standard, leaps, times, types, letters = counts
    return times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc


def _yearly_day(text: str) -> YearlyDay:
    day, _, time = text.partition("/")
    at = _seconds(time) if time else 7200
    if day.startswith("M"):
        month, week, weekday = (int(part) for part in day[1:].split("."))
        return YearlyDay(month, week, weekday, None, False, at)
    if day.startswith("J"):
        return YearlyDay(0, 0, 0, int(day[1:]) - 1, False, at)
    return YearlyDay(0, 0, 0, int(day), True, at)


def _seconds(text: str) -> int:
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    total = sum(part * scale for part, scale in zip(parts, (3600, 60, 1), strict=False))
    return -total if text.startswith("-") else total
