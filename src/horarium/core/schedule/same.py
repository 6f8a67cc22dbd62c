"""The normal form of a schedule: one value for each meaning, so that schedules can be compared by what they say.

Cron texts with equal fields, wildness and zone are the same, and so are rules whose parts stand in another order. What is
written when a task is saved (the days of a named calendar, the versions of lists) is no part of what was said.
"""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.cron_text import read_cron
from horarium.core.schedule.cron_write import write_cron
from horarium.core.schedule.day_lists import WEEKDAYS as WEEK
from horarium.core.schedule.day_lists import CalendarDays, Holidays, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.rrule_text import WEEKDAYS, Frequency, RruleText, read_rrule
from horarium.core.schedule.schedule import Exclusion, Schedule

TEXTS_KEPT: Final = 1_024


def normal_form(schedule: Schedule) -> Schedule:
    """The same schedule, written in the one way its meaning has."""
    changes: dict[str, Any] = {}
    if schedule.except_:
        changes["except_"] = tuple(map(_exclusion, schedule.except_))
    if isinstance(schedule.jitter_seconds, float):
        changes["jitter_seconds"] = _whole(schedule.jitter_seconds)
    match schedule:
        case Cron():
            changes["expression"] = normal_cron(schedule.expression)
        case Rrule():
            changes["rule"] = normal_rrule(schedule.rule, schedule.start)
        case AnyOf():
            changes["schedules"] = tuple(map(normal_form, schedule.schedules))
        case Every():
            changes["seconds"] = _whole(schedule.seconds)
        case _:
            pass
    return replace(schedule, **changes) if changes else schedule


def _exclusion(each: Exclusion) -> Exclusion:
    match each:
        case CalendarDays():
            return replace(each, days=None, version=None)
        case Holidays():
            return replace(each, version=None)
        case Weekdays():
            return replace(each, days=tuple(day for day in WEEK if day in each.days))
        case Cron() | Rrule() | AnyOf() | Every():
            return normal_form(each)
        case _:
            return each


def _whole(number: int | float) -> int | float:
    return int(number) if number == int(number) else number


@lru_cache(maxsize=TEXTS_KEPT)
def normal_cron(expression: str) -> str:
    """The one cron text of this meaning."""
    return write_cron(read_cron(expression))


@lru_cache(maxsize=TEXTS_KEPT)
def normal_rrule(rule: str, start: str | None = None) -> str:
    """Parts in the order of the grammar, lists sorted, what is the default left out. With `start` (YYYY-MM-DDTHH:MM:SS), a
    time of day that is its own is left out, and a day that a rule takes from it (RFC 5545, section 3.3.10) is written."""
    read = read_rrule(rule)
    if start is not None:
        read = _from_start(read, start)
    parts = [f"FREQ={read.frequency.name}"]
    if read.interval != 1:
        parts.append(f"INTERVAL={read.interval}")
    for name, numbers in (
        ("BYMONTH", read.months),
        ("BYWEEKNO", read.weeks),
        ("BYYEARDAY", read.year_days),
        ("BYMONTHDAY", read.month_days),
    ):
        if numbers:
            parts.append(f"{name}={_numbers(numbers)}")
    if read.weekdays:
        days = sorted(set(read.weekdays), key=lambda day: (day[1], day[0]))
        parts.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[day]}" for day, nth in days))
    for name, numbers in (
        ("BYHOUR", read.hours),
        ("BYMINUTE", read.minutes),
        ("BYSECOND", read.seconds),
        ("BYSETPOS", read.positions),
    ):
        if numbers:
            parts.append(f"{name}={_numbers(numbers)}")
    if read.week_start:
        parts.append(f"WKST={WEEKDAYS[read.week_start]}")
    if read.count is not None:
        parts.append(f"COUNT={read.count}")
    if read.until is not None:
        at = read.columns["UNTIL"] - 1
        parts.append(f"UNTIL={rule[at : at + 15]}")
    return ";".join(parts)


def _numbers(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, sorted(set(numbers))))


def _from_start(read: RruleText, start: str) -> RruleText:
    if read.frequency > Frequency.DAILY:
        return read
    begun = datetime.fromisoformat(start)
    changes: dict[str, Any] = {}
    for name in ("hours", "minutes", "seconds"):
        if set(getattr(read, name)) == {getattr(begun, name.removesuffix("s"))}:
            changes[name] = ()
    dayless = not (read.weeks or read.year_days or read.month_days or read.weekdays)
    if dayless and read.frequency is Frequency.WEEKLY:
        changes["weekdays"] = ((begun.weekday(), 0),)
    elif dayless and read.frequency in (Frequency.MONTHLY, Frequency.YEARLY):
        changes["month_days"] = (begun.day,)
        if read.frequency is Frequency.YEARLY:
            changes["months"] = read.months or (begun.month,)
    return replace(read, **changes)
