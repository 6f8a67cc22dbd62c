"""Reads cron text: five fields, or six with seconds first.

Fields are parted by spaces or tabs; names are the English three letters in any case. What dialects leave open is decided so:
- `a/n` runs from a to the end of the field in steps of n (as in cronsim, croniter, Quartz); for the day of week to 7.
- `?` is `*` everywhere, also in `?/n`. A step larger than its field is accepted and leaves the first value.
- A range never wraps: `22-2` and `FRI-MON` are refused and the two halves named. Sunday by name may end a range:
  `FRI-SUN` is 5-7.
- `L` (last day), `LW` (last workday) and `nW` (the workday, Monday to Friday, nearest to day n within its month; nothing in
  a month without day n) stand in the day of month; `d#n` (n-th weekday d, 1 to 5) and `dL` (last weekday d) in the day of
  week, d also by name. All may stand in lists. `L` alone in the day of week is refused: dialects read it as Saturday or as
  the month's last day.
- Day of month and day of week: either is enough, but a field that begins with `*` or `?` must be satisfied together with
  the other.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn

from horarium.core.errors import BadSchedule
from horarium.core.schedule.cron_days import DayFields

TEXT_MAX: Final = 256
TEXTS_KEPT: Final = 4_096
"""Texts that were read before, half a kilobyte each: who saves a schedule reads, describes and compares it."""

ALIASES: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}

MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

_WORD = re.compile(r"[A-Za-z0-9]*")
_FOREIGN = re.compile(r"[^\t -~]")
_FIELD = re.compile(r"[^ \t]+")


@dataclass(frozen=True, slots=True)
class FieldKind:
    """What one of the six places may hold."""

    title: str
    low: int
    high: int
    names: dict[str, int]


SECOND: Final = FieldKind("second", 0, 59, {})
MINUTE: Final = FieldKind("minute", 0, 59, {})
HOUR: Final = FieldKind("hour", 0, 23, {})
DAY: Final = FieldKind("day of month", 1, 31, {})
MONTH: Final = FieldKind("month", 1, 12, {name: i + 1 for i, name in enumerate(MONTHS)})
WEEKDAY: Final = FieldKind("day of week", 0, 7, {name: i for i, name in enumerate(WEEKDAYS)})


@dataclass(frozen=True, slots=True, kw_only=True)
class CronText:
    """A cron text as bit masks; bit v stands for value v."""

    seconds: int
    minutes: int
    hours: int
    days: DayFields
    wild: bool
    """The second, minute or hour begins with `*` or `?`: it follows real time instead of the calendar."""
    column: int
    """Where the day of month stands."""


@lru_cache(maxsize=TEXTS_KEPT)
def read_cron(text: str) -> CronText:
    """Raises BadSchedule("expression", …) with the column of the first character that is not understood."""
    if len(text) > TEXT_MAX:
        _refuse(f"longer than {TEXT_MAX} characters", TEXT_MAX + 1)
    if foreign := _FOREIGN.search(text):
        message = f"{foreign.group()!r} is neither a printable ASCII character nor a tab"
        _refuse(message, foreign.start() + 1, "use one line, the digits 0 to 9 and plain English letters")
    fields = [(match.start(), match.end()) for match in _FIELD.finditer(text)]
    if fields and text[fields[0][0]] == "@":
        text, fields = _alias(text, fields)
    if len(fields) == 5:
        seconds, wild = 1, False
    elif len(fields) == 6:
        seconds, wild = _field(SECOND, text, *fields[0]), text[fields[0][0]] in "*?"
        del fields[0]
    else:
        _wrong_number(text, fields)
    minute, hour, day, month, weekday = fields
    by_date, by_weekday = _Specials(), _Specials()
    minutes = _field(MINUTE, text, *minute)
    hours = _field(HOUR, text, *hour)
    days = _field(DAY, text, *day, by_date)
    months = _field(MONTH, text, *month)
    weekdays = _field(WEEKDAY, text, *weekday, by_weekday)
    # Where every Sunday is named, its last or third in the month says nothing more, and would only hide that weeks repeat.
    named = (weekdays | weekdays >> 7) & 0x7F
    return CronText(
        seconds=seconds,
        minutes=minutes,
        hours=hours,
        days=DayFields(
            months=months,
            days=days,
            last_day=by_date.last_day,
            last_workday=by_date.last_workday,
            near_workdays=by_date.near_workdays,
            weekdays=named,
            nth_weekdays=tuple((day, nth) for day, nth in by_weekday.nth_weekdays if not named >> day & 1),
            last_weekdays=by_weekday.last_weekdays & ~named,
            both=text[day[0]] in "*?" or text[weekday[0]] in "*?",
        ),
        wild=wild or text[minute[0]] in "*?" or text[hour[0]] in "*?",
        column=day[0] + 1,
    )


class _Specials:
    """Gathers what a day field holds besides values."""

    __slots__ = ("last_day", "last_weekdays", "last_workday", "near_workdays", "nth_weekdays")

    def __init__(self) -> None:
        self.last_day = False
        self.last_workday = False
        self.near_workdays = 0
        self.nth_weekdays: list[tuple[int, int]] = []
        self.last_weekdays = 0


def _field(kind: FieldKind, text: str, start: int, end: int, specials: _Specials | None = None) -> int:
    """The mask of the values listed in text[start:end]."""
    mask = 0
    while True:
        comma = text.find(",", start, end)
        stop = end if comma < 0 else comma
        if start == stop:
            _refuse(f"an item of the {kind.title} is missing", start + 1, "remove the comma or write a value")
        mask |= _item(kind, text, start, stop, specials)
        if comma < 0:
            return mask
        start = comma + 1


def _item(kind: FieldKind, text: str, start: int, end: int, specials: _Specials | None) -> int:
    item = text[start:end]
    if item in ("*", "?"):
        return (2 << kind.high) - (1 << kind.low)
    if item.isdigit():
        return 1 << _number(kind, item, start)
    at = start
    if item[0] in "*?":
        low, high, at = kind.low, kind.high, start + 1
    else:
        at = _word_end(text, start, end)
        if specials is not None and _special(kind, text, start, at, end, specials):
            return 0
        low = high = _value(kind, text, start, at)
        if text[at : at + 1] == "-" and at < end:
            first = at + 1
            at = _word_end(text, first, end)
            high = _range_end(kind, text, first, at, low)
        elif text[at : at + 1] == "/" and at < end:
            high = kind.high
    if at == end:
        return (2 << high) - (1 << low)
    if text[at] != "/":
        _refuse(f"{text[at]!r} is not understood in the {kind.title}", at + 1)
    step = _step(kind, text, at + 1, end)
    return sum(1 << value for value in range(low, high + 1, step))


def _special(kind: FieldKind, text: str, start: int, at: int, end: int, specials: _Specials) -> bool:
    """Reads L, LW, nW, d#n or dL, if that is what stands there."""
    word = text[start:at].upper()
    if kind is DAY:
        if word == "L":
            specials.last_day = True
        elif word == "LW":
            specials.last_workday = True
        elif word.endswith("W") and word[:-1].isdigit():
            specials.near_workdays |= 1 << _value(kind, text, start, at - 1)
        else:
            return False
    elif text[at : at + 1] == "#" and at < end:
        weekday = _value(kind, text, start, at) % 7
        nth = _word_end(text, at + 1, end)
        if text[at + 1 : nth] not in ("1", "2", "3", "4", "5"):
            _refuse("a month has a first to a fifth of each weekday", at + 2, "write # and a number from 1 to 5")
        specials.nth_weekdays.append((weekday, int(text[at + 1 : nth])))
        at = nth
    elif word == "L":
        _refuse(
            "L alone does not say which weekday",
            start + 1,
            "write e.g. 5L for the last Friday, or L in the day of month",
        )
    elif word.endswith("L"):
        specials.last_weekdays |= 1 << _value(kind, text, start, at - 1) % 7
    else:
        return False
    if at < end:
        _refuse(f"{text[at]!r} cannot follow {text[start:at]}", at + 1, "put a comma between two items")
    return True


def _range_end(kind: FieldKind, text: str, start: int, end: int, low: int) -> int:
    high = _value(kind, text, start, end)
    if high == 0 and kind is WEEKDAY and low > 0 and text[start:end].upper() == "SUN":
        return 7
    if high < low:
        first = text[: start - 1].replace(",", " ").split()[-1]
        last = text[start:end]
        if kind is WEEKDAY and high == 0:
            remedy = f"write {first}-7"
        else:
            top = 6 if kind is WEEKDAY else kind.high
            remedy = f"write {first}-{top},{kind.low}-{last}"
        _refuse(f"the range ends before it begins in the {kind.title}", start + 1, remedy)
    return high


def _step(kind: FieldKind, text: str, start: int, end: int) -> int:
    digits = start
    while digits < end and text[digits].isdigit():
        digits += 1
    if digits == start or digits < end:
        _refuse(f"a step of the {kind.title} is a whole number", digits + 1, "write e.g. */5")
    step = int(text[start:end])
    if step == 0:
        _refuse("a step of 0 never moves on", start + 1, "use a step of at least 1")
    return step


def _value(kind: FieldKind, text: str, start: int, end: int) -> int:
    word = text[start:end]
    if word.isdigit():
        return _number(kind, word, start)
    value = kind.names.get(word.upper())
    if value is None:
        _not_a_value(kind, text, start, end)
    return value


def _number(kind: FieldKind, word: str, start: int) -> int:
    value = int(word)
    if not kind.low <= value <= kind.high:
        _refuse(f"{word} is outside {kind.low} to {kind.high} in the {kind.title}", start + 1)
    return value


def _word_end(text: str, start: int, end: int) -> int:
    match = _WORD.match(text, start, end)
    assert match is not None, "an empty word matches too"
    return match.end()


def _not_a_value(kind: FieldKind, text: str, start: int, end: int) -> NoReturn:
    names = "" if not kind.names else f" or a name such as {next(iter(kind.names))}"
    remedy = f"write a number from {kind.low} to {kind.high}{names}"
    if start < end:
        _refuse(f"{text[start:end]!r} is not understood in the {kind.title}", start + 1, remedy)
    if start < len(text) and text[start] not in " \t":
        _refuse(f"{text[start]!r} is not understood in the {kind.title}", start + 1, remedy)
    _refuse(f"a value of the {kind.title} is missing", start + 1, remedy)


def _alias(text: str, fields: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    start, end = fields[0]
    word = text[start:end].lower()
    if word not in ALIASES:
        remedy = f"use one of {' '.join(ALIASES)}"
        if word == "@every":
            remedy = 'use a schedule of kind "every" with its seconds'
        elif word == "@reboot":
            remedy = "a schedule names instants; let the system's start call run instead"
        _refuse(f"{text[start:end]!r} is no known short form", start + 1, remedy)
    if len(fields) > 1:
        _refuse(f"nothing can follow {word}", fields[1][0] + 1)
    meaning = ALIASES[word]
    return meaning, [(match.start(), match.end()) for match in _FIELD.finditer(meaning)]


def _wrong_number(text: str, fields: list[tuple[int, int]]) -> NoReturn:
    remedy = "write minute, hour, day of month, month, day of week; seconds may stand before them"
    if len(fields) > 6:
        _refuse("more than six fields", fields[6][0] + 1, remedy)
    _refuse(f"{len(fields)} of at least five fields", len(text.rstrip(" \t")) + 1, remedy)


def _refuse(message: str, column: int, remedy: str | None = None) -> NoReturn:
    raise BadSchedule("expression", message, remedy, column)
