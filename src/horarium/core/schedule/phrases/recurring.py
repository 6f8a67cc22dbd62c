"""Schedules that come back: which kind says a phrase exactly, and what it leaves open."""

from dataclasses import replace
from datetime import date
from typing import Final

from horarium.core.schedule.cron_days import ALL_MONTHS
from horarium.core.schedule.cron_write import bits
from horarium.core.schedule.describe_cron import ordinal
from horarium.core.schedule.every import Every
from horarium.core.schedule.local import EPOCH_ORDINAL
from horarium.core.schedule.phrases.bound_days import when
from horarium.core.schedule.phrases.calendar_times import QUARTER_ENDS, by_calendar
from horarium.core.schedule.phrases.days import named_days
from horarium.core.schedule.phrases.intervals import by_clock
from horarium.core.schedule.phrases.named import Named, YearDay
from horarium.core.schedule.phrases.paces import check_count, other_days, pace_of
from horarium.core.schedule.phrases.rrule import begin_of, interval_rule
from horarium.core.schedule.phrases.said import PACES, Clause, Said, last_word, seconds
from horarium.core.schedule.phrases.times import (
    Length,
)
from horarium.core.schedule.phrases.words import MONTHS
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

HALF_YEAR_ENDS: Final = 1 << 6 | 1 << 12


def recurring(said: Said, zone_name: str) -> Schedule:
    """Raises BadPhrase for what contradicts itself or is open."""
    context = said.context
    pace, pace_clause = pace_of(said)
    days, year_days = named_days(said)
    if days.steps is not None:
        if pace is not None:
            assert pace_clause is not None
            raise context.refuse(pace_clause.word, "this is said twice", "say it once")
        pace, pace_clause = Length(*days.steps), said.all("days")[0]
    if said.has("every_other_days"):
        days.weekdays |= other_days(said)
    if pace is None and said.has("on_the_hour") and not said.has("times", "field_times"):
        pace, pace_clause = Length(1, "hour"), said.one("on_the_hour")
    if pace is None:
        return by_calendar(said, days, year_days, zone_name)
    assert pace_clause is not None
    if pace.unit in ("second", "minute", "hour"):
        return by_clock(said, pace, pace_clause, days, year_days, zone_name)
    return _by_days(said, pace, pace_clause, days, year_days, zone_name)


def _by_days(
    said: Said, pace: Length, clause: Clause, days: Named, year_days: list[YearDay], zone_name: str
) -> Schedule:
    """Every so many days, weeks, months or years."""
    context = said.context
    count, unit = int(pace.count), pace.unit
    if said.has("between", "stretch", "field_times"):
        other = said.all("between", "stretch", "field_times")[0]
        if not (count == 1 and unit == "day" and other.name == "field_times"):
            raise context.refuse(other.word, "how often within that time?", "e.g. every 15 minutes from 8:00 to 18:00")
    if clause.name == "per":
        check_count(said, clause, days)
    timed, counted_from = said.has("times"), said.has("counted_from")
    if unit == "day":
        if days.any or year_days:
            raise context.refuse(clause.word, "every day, or only the days named?", "say one of them")
        if count == 1 and not counted_from:
            return by_calendar(said, days, year_days, zone_name)
        if not timed and not said.has("counted_from"):
            said.only(*PACES, "days")
            counted = f"{count} days are counted as {count * 24} hours from when it {_begins(said)}"
            context.note(f"{counted}; name a time for days of the calendar")
            return Every(kind="every", seconds=count * 86_400)
        return interval_rule(said, "DAILY", count, days, zone_name)
    if unit == "week":
        if days.by_date or days.by_rule or days.by_nth or year_days:
            raise context.refuse(clause.word, "weeks have weekdays only", "name a weekday, e.g. every week on Monday")
        if not days.weekdays:
            if count > 1 and not timed and not said.has("counted_from"):
                said.only(*PACES, "days")
                counted = f"{count} weeks are counted as {count * 168} hours from when it {_begins(said)}"
                context.note(f"{counted}; name a weekday for days of the calendar")
                return Every(kind="every", seconds=count * 604_800)
            word = last_word(clause.nodes[-1])
            written = context.text[clause.word.start : word.end]
            raise context.refuse(
                clause.word,
                "on which day of the week?",
                "name it",
                *(context.instead(clause.word, word, _week_text(count, written, day)) for day in ("Monday", "Sunday")),
            )
        if count == 1 and not counted_from:
            return by_calendar(said, days, year_days, zone_name)
        return interval_rule(said, "WEEKLY", count, days, zone_name)
    if unit == "month":
        return _by_months(said, count, clause, days, year_days, zone_name)
    return _by_years(said, count, clause, days, year_days, zone_name)


def _begins(said: Said) -> str:
    return "starts" if said.has("starting") else "is saved"


def _week_text(count: int, written: str, day: str) -> str:
    return f"every {day}" if count == 1 else f"every other {day}" if count == 2 else f"{written} on {day}"


def _by_months(
    said: Said, count: int, clause: Clause, days: Named, year_days: list[YearDay], zone_name: str
) -> Schedule:
    context = said.context
    counted_from = said.has("counted_from")
    if year_days or (days.months != ALL_MONTHS and not counted_from):
        raise context.refuse(clause.word, "every month, or only the months named?", "say one of them")
    if days.weekdays and not days.by_date:
        raise context.refuse(clause.word, "which of these weekdays of the month?", "e.g. the 1st Monday of the month")
    if not days.any:
        _check_first_day(said, clause, zone_name, in_year=False)
        context.note("no day of the month was said: the 1st")
        days.dates = 2
    if count == 1 and not counted_from:
        return by_calendar(said, days, [], zone_name)
    if not counted_from and days.by_end and (period := _period(clause)) is not None:
        return by_calendar(said, _in_last_months(said, clause, days, period), [], zone_name)
    if 12 % count == 0 and not counted_from:
        first = _first_month(said, days, zone_name) if said.has("starting") else 1
        days.months = sum(1 << (first + step - 1) % 12 + 1 for step in range(0, 12, count))
        names = ", ".join(_month_name(month) for month in bits(days.months))
        context.note(f"every {count} months is {names}")
        return by_calendar(said, days, [], zone_name)
    return interval_rule(said, "MONTHLY", count, days, zone_name)


def _check_first_day(said: Said, clause: Clause, zone_name: str, *, in_year: bool) -> None:
    """Raises BadPhrase for "every 3 months starting 15 February": on the 15th, or on the 1st?"""
    starting = said.one("starting")
    if starting is None:
        return
    first = when(said, starting, zone_name, end=False)
    day = date.fromordinal(zone(zone_name).reading(seconds(first)) // DAY + EPOCH_ORDINAL)
    if day.day == 1 and (day.month == 1 or not in_year):
        return
    named = [f"{day.day} {_month_name(day.month)}", "1 January"] if in_year else [ordinal(day.day), ordinal(1)]
    last = last_word(clause.nodes[-1])
    written = said.context.text[last.start : last.end]
    offers = [said.context.instead(last, last, f"{written} on {'' if in_year else 'the '}{each}") for each in named]
    message = f"on the day on which it starts, or on {'1 January' if in_year else 'the 1st'}?"
    raise said.context.refuse(clause.word, message, "name the day", *offers)


def _period(clause: Clause) -> str | None:
    """What was said to come back, where it has an end of its own: "every quarter", "every half year"."""
    if clause.name == "half_year":
        return "half year"
    return "quarter" if clause.nodes[-1].value == "quarter" else None


def _in_last_months(said: Said, clause: Clause, days: Named, period: str) -> Named:
    """ "quarterly on the last day": of the quarter, so in March, June, September and December."""
    if days.by_begin:
        message = f"the days of a {period} that count from its beginning are in other months than those from its end"
        raise said.context.refuse(clause.word, message, "write (one) or (other)")
    days.months = QUARTER_ENDS if period == "quarter" else HALF_YEAR_ENDS
    months = " and ".join(", ".join(_month_name(month) for month in bits(days.months)).rsplit(", ", 1))
    said.context.note(f"the last days of a {period} are in {months}")
    return days


def _first_month(said: Said, days: Named, zone_name: str) -> int:
    """The month of the first instant from where "starting" says."""
    every_month = by_calendar(said, replace(days), [], zone_name)
    first = every_month.next_due(begin_of(said, zone_name))
    if first is None:
        raise said.context.refuse(said.clauses[0].word, "there are no such days", "name days that come")
    return date.fromordinal(zone(zone_name).reading(seconds(first)) // DAY + EPOCH_ORDINAL).month


def _month_name(month: int) -> str:
    return MONTHS[month - 1].capitalize()


def _by_years(
    said: Said, count: int, clause: Clause, days: Named, year_days: list[YearDay], zone_name: str
) -> Schedule:
    context = said.context
    counted_from = said.has("counted_from")
    if counted_from and said.has("of_year") and days.last_day and not days.year_days:
        days.last_day, days.year_days = False, {-1}
    if said.has("of_year") and count == 1 and not counted_from:
        return by_calendar(said, days, year_days, zone_name)
    if not year_days and not days.year_days and days.months == ALL_MONTHS:
        if days.any:
            raise context.refuse(clause.word, "in which month of the year?", "name it, e.g. on 15 March")
        _check_first_day(said, clause, zone_name, in_year=True)
        context.note("no day of the year was said: 1 January")
        days.dates, days.months = 2, 2
    elif not days.any and not year_days:
        context.note("no day of the month was said: the 1st")
        days.dates = 2
    if count == 1 and not counted_from:
        return by_calendar(said, days, year_days, zone_name)
    if year_days:
        raise context.refuse(year_days[0].word, "more days than one rule can name", "name one day of the year")
    return interval_rule(said, "YEARLY", count, days, zone_name)
