"""Writes cron text from its bit masks: one text for each meaning, so that two texts can be compared by what they say.

Days are first brought into their simplest form: a day field that names every day adds nothing, `2#1,TUE` is Tuesday.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from horarium.core.schedule.cron_days import ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, DayFields
from horarium.core.schedule.cron_text import CronText

ALL_SIXTY: Final = (1 << 60) - 1
ALL_HOURS: Final = (1 << 24) - 1
STEP_FROM: Final = 4
"""From so many evenly spaced values on, a range with a step is shorter to read than the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """Which days, in simplest form. `by_date` and `by_weekday` are None where that side does not restrict."""

    by_date: DayFields | None
    by_weekday: DayFields | None
    both: bool
    """A day must satisfy both sides; matters only where both restrict."""


def day_rule(days: DayFields) -> DayRule:
    """The day fields brought into simplest form."""
    by_date: DayFields | None = replace(days, weekdays=0, nth_weekdays=(), last_weekdays=0, months=0, both=False)
    if days.days == ALL_DAYS:
        by_date = None
    by_weekday: DayFields | None = None
    if days.weekdays != ALL_WEEKDAYS:
        nth = tuple(sorted(set(days.nth_weekdays)))
        by_weekday = DayFields(
            months=0,
            days=0,
            last_day=False,
            last_workday=False,
            near_workdays=0,
            weekdays=days.weekdays,
            nth_weekdays=nth,
            last_weekdays=days.last_weekdays,
            both=False,
        )
    if not days.both and (by_date is None or by_weekday is None):
        by_date = by_weekday = None
    return DayRule(by_date=by_date, by_weekday=by_weekday, both=days.both and None not in (by_date, by_weekday))


def write_cron(text: CronText) -> str:
    """The one text of this meaning; five fields where the second is 0."""
    star = _star(text) if text.wild else ""
    minute = _field(text.minutes, 0, 59, starred=star == "minute", full=text.wild)
    hour = _field(text.hours, 0, 23, starred=star == "hour", full=text.wild)
    fields = [minute, hour, *_day_texts(text.days)]
    if text.seconds != 1 or star == "second":
        fields.insert(0, _field(text.seconds, 0, 59, starred=star == "second", full=text.wild))
    return " ".join(fields)


def _star(text: CronText) -> str:
    """The field that shows that the text is wild: a full one, else one of even steps from its first value, else any."""
    fields = (("minute", text.minutes, 60), ("hour", text.hours, 24), ("second", text.seconds, 60))
    for name, mask, size in fields:
        if mask == (1 << size) - 1:
            return name
    for name, mask, size in fields:
        if mask != 1 and pure_step(mask, 0, size - 1) is not None:
            return name
    return next(name for name, mask, _ in fields if mask & 1)


def _day_texts(days: DayFields) -> tuple[str, str, str]:
    rule = day_rule(days)
    month = "*" if days.months == ALL_MONTHS else _list(days.months)
    date_star = rule.both and rule.by_date is not None and bool(rule.by_date.days & 2)
    return (
        "*" if rule.by_date is None else _dates(rule.by_date, starred=date_star),
        month,
        "*" if rule.by_weekday is None else _weekdays(rule.by_weekday, starred=rule.both and not date_star),
    )


def _dates(side: DayFields, *, starred: bool) -> str:
    items = [_field(side.days, 1, 31, starred=starred)] if side.days else []
    items += [f"{day}W" for day in bits(side.near_workdays)]
    items += ["L"] * side.last_day + ["LW"] * side.last_workday
    return ",".join(items)


def _weekdays(side: DayFields, *, starred: bool) -> str:
    items = []
    if starred:
        items.append("*/7")
    if side.weekdays & ~starred:
        items.append(_field(side.weekdays & ~starred, 0, 6))
    items += [f"{day}#{nth}" for day, nth in side.nth_weekdays]
    items += [f"{day}L" for day in bits(side.last_weekdays)]
    return ",".join(items)


def _field(mask: int, low: int, high: int, *, starred: bool = False, full: bool = False) -> str:
    """A list of values and ranges; `starred` begins it with `*`, `full` allows `*` for a full one."""
    if mask == (2 << high) - (1 << low) and (full or starred):
        return "*"
    step = pure_step(mask, low, high)
    if step is not None and (starred or (full and mask != 1 << low)):
        return f"*/{step}"
    if starred:
        rest = mask & ~(1 << low)
        return f"*/{high - low + 1},{_field(rest, low, high)}"
    step = _even(mask)
    if step is not None:
        first, last = (mask & -mask).bit_length() - 1, mask.bit_length() - 1
        return f"{first}-{last}/{step}"
    return _list(mask)


def _list(mask: int) -> str:
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs(mask))


def pure_step(mask: int, low: int, high: int) -> int | None:
    """The step n for which `*/n` is this mask, if there is one."""
    rest = mask & ~(1 << low)
    step = (rest & -rest).bit_length() - 1 - low if rest else high - low + 1
    return step if mask == sum(1 << value for value in range(low, high + 1, step)) else None


def _even(mask: int) -> int | None:
    values = list(bits(mask))
    if len(values) < STEP_FROM:
        return None
    step = values[1] - values[0]
    return step if step > 1 and values == list(range(values[0], values[-1] + 1, step)) else None


def bits(mask: int) -> Iterator[int]:
    """The values in a mask, in order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def runs(mask: int) -> list[tuple[int, int]]:
    """Stretches of neighbours, (first, last), a pair of two as two stretches of one."""
    found: list[tuple[int, int]] = []
    for value in bits(mask):
        if found and found[-1][1] == value - 1:
            found[-1] = (found[-1][0], value)
        else:
            found.append((value, value))
    return [part for first, last in found for part in (_single(first, last))]


def _single(first: int, last: int) -> list[tuple[int, int]]:
    return [(first, first), (last, last)] if last == first + 1 else [(first, last)]
