"""Reads RRULE text, the part after "RRULE:", by RFC 5545 section 3.3.10, in upper case.

What the RFC leaves open, or what a local schedule reads differently, is decided so:
- The parts may stand in any order, each once. Names are known ones; there are no extensions.
- UNTIL is a local reading like `start` ("20271224T180000"): with Z it would name an instant, and is refused, and so is a
  bare date, which does not say whether that day still counts.
- A second of 60 is refused: leap seconds are invisible here.
- An ordinal in BYDAY counts within the month where the rule is MONTHLY or has BYMONTH, and there it is at most 5.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from typing import Final, NoReturn, TypeVar

from horarium.core.errors import BadSchedule
from horarium.core.schedule.local import read_basic

TEXT_MAX: Final = 256
INTERVAL_MAX: Final = 100_000_000
COUNT_MAX: Final = 10_000
"""The last of so many readings is found once per rule, by stepping where no closed form exists."""

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

T = TypeVar("T")

_FOREIGN: Final = re.compile(r"[^!-~]")
_NUMBER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_BYDAY: Final = re.compile(r"([+-]?\d+)?([A-Z]{2})", re.ASCII)


class Frequency(IntEnum):
    """From the longest period to the shortest."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RruleText:
    """A rule as read. Empty tuples: the part is absent. Weekdays count from Monday 0; `until` is a reading."""

    frequency: Frequency
    interval: int
    count: int | None
    until: int | None
    week_start: int
    months: tuple[int, ...]
    weeks: tuple[int, ...]
    year_days: tuple[int, ...]
    month_days: tuple[int, ...]
    weekdays: tuple[tuple[int, int], ...]
    """(weekday, n): the n-th of the month or year, from its end where negative; each one where n is 0."""
    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    seconds: tuple[int, ...]
    positions: tuple[int, ...]
    columns: dict[str, int]
    """Where each part's value begins."""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A list of numbers from `low` to `high`; `signed` ones may count from the end instead."""

    low: int
    high: int
    signed: bool = False


_LISTS: Final = {
    "BYMONTH": _Numbers(1, 12),
    "BYWEEKNO": _Numbers(1, 53, signed=True),
    "BYYEARDAY": _Numbers(1, 366, signed=True),
    "BYMONTHDAY": _Numbers(1, 31, signed=True),
    "BYHOUR": _Numbers(0, 23),
    "BYMINUTE": _Numbers(0, 59),
    "BYSECOND": _Numbers(0, 59),
    "BYSETPOS": _Numbers(1, 366, signed=True),
}
_NAMES: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_LISTS)


def read_rrule(text: str) -> RruleText:
    """Raises BadSchedule("rule", …) with the column of the first character that is not understood."""
    if len(text) > TEXT_MAX:
        _refuse(f"longer than {TEXT_MAX} characters", TEXT_MAX + 1)
    if foreign := _FOREIGN.search(text):
        what = "a line break" if foreign.group() in "\r\n" else repr(foreign.group())
        remedy = "write one rule without spaces, e.g. FREQ=WEEKLY;BYDAY=MO; start and except are members of their own"
        _refuse(f"{what} cannot stand in a rule", foreign.start() + 1, remedy)
    columns, values = _parts(text)
    if "FREQ" not in values:
        _refuse("FREQ is missing", len(text) + 1, "write how often, e.g. FREQ=DAILY")
    frequency = _frequency(values["FREQ"], columns["FREQ"])
    lists = {
        name: _list(values[name], columns[name], _number_of(name, kind)) if name in values else ()
        for name, kind in _LISTS.items()
    }
    per_month = frequency is Frequency.MONTHLY or bool(lists["BYMONTH"])
    weekdays: tuple[tuple[int, int], ...] = ()
    if "BYDAY" in values:
        ordinals = frequency <= Frequency.MONTHLY and "BYWEEKNO" not in values
        weekdays = _list(values["BYDAY"], columns["BYDAY"], _weekday_of(ordinals, 5 if per_month else 53))
    _check_together(frequency, columns)
    read = RruleText(
        frequency=frequency,
        interval=_whole("INTERVAL", values, columns, INTERVAL_MAX) or 1,
        count=_whole("COUNT", values, columns, COUNT_MAX, "end the rule with UNTIL instead"),
        until=_until(values["UNTIL"], columns["UNTIL"]) if "UNTIL" in values else None,
        week_start=_week_start(values["WKST"], columns["WKST"]) if "WKST" in values else 0,
        months=lists["BYMONTH"],
        weeks=lists["BYWEEKNO"],
        year_days=lists["BYYEARDAY"],
        month_days=lists["BYMONTHDAY"],
        weekdays=weekdays,
        hours=lists["BYHOUR"],
        minutes=lists["BYMINUTE"],
        seconds=lists["BYSECOND"],
        positions=lists["BYSETPOS"],
        columns=columns,
    )
    if read.count is not None and read.until is not None:
        _refuse("UNTIL and COUNT both end the rule", max(columns["UNTIL"], columns["COUNT"]), "keep one of them")
    return read


def _parts(text: str) -> tuple[dict[str, int], dict[str, str]]:
    """({name: column of its value}, {name: value}), in the order of the text."""
    columns: dict[str, int] = {}
    values: dict[str, str] = {}
    if text.startswith("RRULE:"):
        _refuse("the rule begins after RRULE:", 1, f"write {text[6:46]}")
    if not text:
        _refuse("the rule is empty", 1, "write how often, e.g. FREQ=DAILY")
    at = 0
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not part:
            _refuse("a part is missing", min(at + 1, len(text)), "remove the semicolon")
        if name not in _NAMES:
            near = get_close_matches(name[:20], _NAMES, n=1)
            _refuse(f"{name[:20]!r} is no part of a rule", at + 1, f"did you mean {near[0]}?" if near else None)
        if not equals or not value:
            _refuse(f"{name} has no value", at + len(name) + len(equals) + 1)
        if name in columns:
            _refuse(f"{name} stands twice", at + 1, "write all its values in one list")
        columns[name], values[name] = at + len(name) + 2, value
        at += len(part) + 1
    return columns, values


def _check_together(frequency: Frequency, columns: dict[str, int]) -> None:
    """What RFC 5545 forbids in one rule. The column is that of the part's value."""
    for name, allowed, remedy in (
        ("BYWEEKNO", frequency is Frequency.YEARLY, "use FREQ=YEARLY"),
        ("BYYEARDAY", not 1 <= frequency <= 3, "use FREQ=YEARLY, or BYMONTH with BYMONTHDAY"),
        ("BYMONTHDAY", frequency is not Frequency.WEEKLY, "use FREQ=MONTHLY"),
    ):
        if name in columns and not allowed:
            _refuse(f"{name} cannot stand with FREQ={frequency.name}", columns[name], remedy)
    if "BYSETPOS" in columns and not any(name in columns for name in ("BYDAY", *_LISTS) if name != "BYSETPOS"):
        remedy = "name the days or times too, e.g. BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
        _refuse("BYSETPOS has nothing to choose from", columns["BYSETPOS"], remedy)


def _frequency(value: str, column: int) -> Frequency:
    if value not in Frequency.__members__:
        _refuse(f"{value[:20]!r} is no frequency", column, f"write one of {', '.join(Frequency.__members__)}")
    return Frequency[value]


def _week_start(value: str, column: int) -> int:
    if value not in WEEKDAYS:
        _refuse(f"{value[:20]!r} is no weekday", column, f"write one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(value)


def _whole(
    name: str, values: dict[str, str], columns: dict[str, int], most: int, remedy: str | None = None
) -> int | None:
    """A number from 1 to `most`; None where the part is absent."""
    if name not in values:
        return None
    value, column = values[name], columns[name]
    if not (value.isascii() and value.isdigit()):
        digits = len(value) - len(value.lstrip("0123456789"))
        _refuse(f"{name} is a whole number", column + digits, f"write {name}=2, say")
    if (number := int(value)) < 1:
        _refuse(f"{name} is at least 1", column)
    if number > most:
        _refuse(f"{name} is at most {most:,}", column, remedy)
    return number


def _until(value: str, column: int) -> int:
    example = "write a local reading of the rule's own zone, e.g. UNTIL=20271224T180000"
    if value.endswith("Z"):
        message = "UNTIL is read in the schedule's own zone; with Z it would name an instant in UTC"
        _refuse(message, column + len(value) - 1, f"{example}, without Z")
    if len(value) == 8 and value.isdigit():
        message = "UNTIL has no time of day"
        _refuse(message, column + 8, f"write UNTIL={value}T235959 to include that day, or {value}T000000")
    try:
        return read_basic(value)
    except ValueError as error:
        _refuse(f"UNTIL: {error}", column, example)


def _list(value: str, column: int, read: Callable[[str, int], T]) -> tuple[T, ...]:
    items: dict[T, None] = {}
    at = column
    for item in value.split(","):
        if not item:
            _refuse("an item of the list is missing", at, "remove the comma or write a value")
        items[read(item, at)] = None
        at += len(item) + 1
    return tuple(items)


def _number_of(name: str, kind: _Numbers) -> Callable[[str, int], int]:
    span = f"{kind.low} to {kind.high}" + (f" or -{kind.high} to -{kind.low}" if kind.signed else "")

    def read(item: str, column: int) -> int:
        match = _NUMBER.match(item)
        if match is None or match.end() < len(item) or (item[0] in "+-" and not kind.signed):
            end = 0 if match is None or item[0] in "+-" else match.end()
            _refuse(f"{item[end : end + 20]!r} is not understood in {name}", column + end, f"write numbers from {span}")
        number = int(item)
        if not kind.low <= (abs(number) if kind.signed else number) <= kind.high:
            remedy = None
            if name == "BYSECOND" and number == 60:
                remedy = "write 59: leap seconds are invisible here"
            _refuse(f"{item[:20]} is outside {span} in {name}", column, remedy)
        return number

    return read


def _weekday_of(ordinals: bool, most: int) -> Callable[[str, int], tuple[int, int]]:
    def read(item: str, column: int) -> tuple[int, int]:
        match = _BYDAY.fullmatch(item)
        if match is None or match.group(2) not in WEEKDAYS:
            sign_and_digits = len(item) - len(item.lstrip("+-0123456789"))
            remedy = f"write {', '.join(WEEKDAYS)}" + (", or e.g. 1MO or -1FR" if ordinals else "")
            _refuse(f"{item[sign_and_digits:][:20]!r} is no weekday", column + sign_and_digits, remedy)
        ordinal, name = match.groups()
        if ordinal is None:
            return WEEKDAYS.index(name), 0
        if not ordinals:
            message = "an ordinal needs FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO"
            _refuse(message, column, f"write {name} alone")
        nth = int(ordinal)
        if not 1 <= abs(nth) <= most:
            period = "month" if most == 5 else "year"
            _refuse(f"a {period} has a first to a {most}th of each weekday", column, f"write e.g. 1{name} or -1{name}")
        return WEEKDAYS.index(name), nth

    return read


def _refuse(message: str, column: int, remedy: str | None = None) -> NoReturn:
    raise BadSchedule("rule", message, remedy, column)
