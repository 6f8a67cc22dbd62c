"""Times of days as cron schedules: one where a single text can say it, else several in one any_of."""

from dataclasses import replace
from typing import Final

from horarium.core.schedule.any_of import MEMBERS_MAX, AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.cron_days import ALL_MONTHS
from horarium.core.schedule.cron_text import CronText
from horarium.core.schedule.cron_write import write_cron
from horarium.core.schedule.phrases.named import Named, YearDay
from horarium.core.schedule.phrases.rrule import month_rule
from horarium.core.schedule.phrases.said import DAY_CLAUSES, PACES, Clause, Said, first_word, last_word
from horarium.core.schedule.phrases.times import (
    ALL_HOURS,
    ALL_SIXTY,
    MIDNIGHT,
    Grid,
    field_grid,
    grids,
    times_of,
)
from horarium.core.schedule.schedule import Schedule

FIFTH: Final = 5
"""The fifth of a weekday need not lie in the first month."""
QUARTER_STARTS: Final = sum(1 << month for month in (1, 4, 7, 10))
QUARTER_ENDS: Final = sum(1 << month for month in (3, 6, 9, 12))


def by_calendar(said: Said, days: Named, year_days: list[YearDay], zone_name: str) -> Schedule:
    """Times of days."""
    context = said.context
    if (within := said.one("of_quarter", "of_year")) is not None:
        _within(said, within, days, year_days)
    clause = said.one("times", "field_times", "between", "stretch", "all_day")
    said.only(
        *PACES,
        *DAY_CLAUSES,
        "of_quarter",
        "of_year",
        "times",
        "field_times",
        "all_day",
        "real_time",
        "between",
        "stretch",
    )
    if clause is None:
        if not (days.any or year_days or days.months != ALL_MONTHS or said.has(*PACES)):
            raise context.refuse(
                said.clauses[0].word, "it is not said when", "name times or days, e.g. every day at 9:00"
            )
        context.note("no time was said: 00:00")
        found = [MIDNIGHT]
    elif clause.name == "times":
        found = grids(times_of(context, clause))
    elif clause.name == "field_times":
        found = [field_grid(context, clause.nodes, real_time=said.has("real_time"))]
    elif clause.name == "all_day":
        found = [Grid(ALL_SIXTY, ALL_SIXTY, ALL_HOURS, True)]
    else:
        raise context.refuse(clause.word, "how often within that time?", "e.g. every 15 minutes from 8:00 to 18:00")
    if said.has("real_time") and not (clause is not None and clause.name == "field_times"):
        raise context.refuse(said.all("real_time")[0].word, "this belongs to minutes of hours", "leave it out")
    if (
        not (days.any or year_days or said.has(*PACES) or days.months != ALL_MONTHS)
        and clause is not None
        and clause.name == "times"
    ):
        context.note("no day was said: every day")
    if days.months != ALL_MONTHS and not days.any and not said.has(*PACES):
        _check_months(said)
        context.note("no day was said: every day of the months named")
    return crons(said, found, days, year_days, zone_name)


def _check_months(said: Said) -> None:
    """ "every January": each of its days, or its first?"""
    clause = said.all("in_months")[0]
    if len(clause.nodes) > 1:
        context, month = said.context, clause.nodes[-1]
        written = context.text[first_word(month).start : last_word(month).end]
        last = last_word(month)
        raise context.refuse(
            clause.word,
            "on which day of it?",
            "name the day",
            context.instead(clause.word, last, f"every day in {written}"),
            context.instead(clause.word, last, f"every 1 {written}"),
        )


def _within(said: Said, clause: Clause, days: Named, year_days: list[YearDay]) -> None:
    """The first or last day of a quarter or a year is one of its first or last month."""
    context = said.context
    if clause.name == "of_year" and days.year_days:
        if days.year_days == {1}:
            days.year_days, days.dates, days.months = set(), 1 << 1, 1 << 1
        return
    begins = days.dates in (0, 2) and days.near_workdays in (0, 2) and not days.weekdays
    begins = begins and all(number < FIFTH for _, number in days.nth_weekdays)
    first = begins and not (days.last_day or days.last_workday or days.last_weekdays)
    first = first and not (days.from_end or days.end_weekdays)
    last = not (days.dates or days.near_workdays or days.weekdays or days.nth_weekdays)
    last = last and bool(days.last_day or days.last_workday or days.last_weekdays or days.from_end or days.end_weekdays)
    if year_days or days.months != ALL_MONTHS or not (first or last) or days.by_position or not days.any:
        unit = "quarters" if clause.name == "of_quarter" else "years"
        message = f"{unit} have a first and a last day here"
        raise context.refuse(clause.word, message, "name months instead, e.g. in January and April")
    if clause.name == "of_year":
        days.months = 1 << 12 if last else 1 << 1
    else:
        days.months = QUARTER_ENDS if last else QUARTER_STARTS


def crons(said: Said, found: list[Grid], days: Named, year_days: list[YearDay], zone_name: str) -> Schedule:
    """One cron schedule where one text can say it, else several in one any_of."""
    context = said.context
    if year_days:
        every = [replace(days, dates=day.days, months=day.months) for day in year_days]
    else:
        every = [days]
    members: list[Schedule] = []
    for named_set in every:
        if named_set.by_rule or _needs_rule(named_set):
            members += month_rule(said, named_set, found, zone_name)
            continue
        members += [_cron(grid, named_set, zone_name) for grid in found]
    if len(members) > MEMBERS_MAX:
        raise context.refuse(said.clauses[0].word, f"more than {MEMBERS_MAX} different times", "say it in fewer")
    return members[0] if len(members) == 1 else AnyOf(kind="any_of", schedules=tuple(members))


def _needs_rule(days: Named) -> bool:
    """Cron says "both" only where one field can begin with `*`: with a 1st or a Sunday in it."""
    return days.both and not (days.dates & 2) and not (days.weekdays & 1)


def _cron(grid: Grid, days: Named, zone_name: str) -> Cron:
    text = CronText(
        seconds=grid.seconds,
        minutes=grid.minutes,
        hours=grid.hours,
        days=days.fields(),
        wild=grid.wild,
        column=1,
    )
    return Cron(kind="cron", expression=write_cron(text), timezone=zone_name)
