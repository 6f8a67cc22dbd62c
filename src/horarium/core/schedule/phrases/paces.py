"""How often: the words that name an interval, and whether a count of times fits the times that were named."""

from typing import Final

from horarium.core.schedule.cron_days import ALL_MONTHS
from horarium.core.schedule.phrases.days import weekday_mask
from horarium.core.schedule.phrases.named import Named
from horarium.core.schedule.phrases.said import PACES, Clause, Said, children, last_word, named
from horarium.core.schedule.phrases.times import (
    Length,
    length,
    times_of,
)
from horarium.core.schedule.phrases.word import Word

_DAYS_OF_A_WEEK: Final = {2: "Monday and Thursday", 3: "Monday, Wednesday and Friday"}


def pace_of(said: Said) -> tuple[Length | None, Clause | None]:
    clause = said.one(*PACES)
    if clause is None:
        return None, None
    word = clause.nodes[-1]
    match clause.name:
        case "every":
            return length(said.context, word), clause
        case "every_other_unit":
            return _unit(2, word.value), clause
        case "half_year":
            return Length(6, "month"), clause
        case "minutes_past":
            return Length(1, "hour"), clause
        case "fortnight" | "every_other_days":
            return Length(2, "week"), clause
        case "per":
            return _unit(1, word.value), clause
        case _:
            return _unit(1, word.value), clause


def _unit(count: int, unit: str) -> Length:
    return Length(count * 3, "month") if unit == "quarter" else Length(count, unit)


def other_days(said: Said) -> int:
    context, clause = said.context, said.all("every_other_days")[0]
    for item in children(clause.nodes[-1]):
        if isinstance(item, Word):
            continue
        group = children(item)[0]
        if group.type in ("WORKDAYS", "WEEKEND"):
            days = context.text[group.start : group.end]
            offers = ["every Monday, Wednesday and Friday"] if group.type == "WORKDAYS" else []
            offers.append(
                f"every 2 weeks on {'Monday to Friday' if group.type == 'WORKDAYS' else 'Saturday and Sunday'}"
            )
            raise context.refuse(
                clause.word,
                f"every other of the {days}, or all of them every other week?",
                "say which",
                *(context.instead(clause.word, last_word(clause.nodes[-1]), offer) for offer in offers),
            )
    return weekday_mask(said.context, clause.nodes[-1])


def check_count(said: Said, clause: Clause, days: Named) -> None:
    """ "twice a day at 8 and 20": the number must be that of the times."""
    context = said.context
    word = clause.nodes[0]
    count = 1 if word.type == "ONCE" else word.value
    unit = clause.nodes[-1].value
    times = said.one("times")
    found = 1 if times is None else len(times_of(context, times))
    if unit == "week":
        found *= max(1, days.weekdays.bit_count())
    elif unit == "month":
        found *= max(
            1,
            days.dates.bit_count()
            + days.last_day
            + days.last_workday
            + len(days.nth_weekdays)
            + days.last_weekdays.bit_count(),
        )
    elif unit == "year":
        found *= max(
            1, days.dates.bit_count() * days.months.bit_count() if days.months != ALL_MONTHS else 0, _year_days(said)
        )
    if found != count:
        if times is None and unit == "day" and isinstance(count, int) and 1 < count <= 4:
            hours = {2: "08:00 and 20:00", 3: "06:00, 14:00 and 22:00", 4: "00:00, 06:00, 12:00 and 18:00"}[count]
            offer = context.instead(clause.word, last_word(clause.nodes[-1]), f"every day at {hours}")
            raise context.refuse(clause.word, "at which times?", "name them", offer)
        if unit == "week" and not days.any and count in _DAYS_OF_A_WEEK:
            offer = context.instead(clause.word, last_word(clause.nodes[-1]), f"every {_DAYS_OF_A_WEEK[count]}")
            raise context.refuse(clause.word, "on which days?", "name them, and the time", offer)
        if unit in ("hour", "minute"):
            size = {"hour": "minute", "minute": "second"}[unit]
            offers = (
                [context.instead(clause.word, last_word(clause.nodes[-1]), f"every {60 // count} {size}s")]
                if 60 % count == 0
                else []
            )
            raise context.refuse(clause.word, "how far apart?", "name the interval", *offers)
        raise context.refuse(clause.word, f"{count} times a {unit}, but {found} named", "name as many")


def _year_days(said: Said) -> int:
    return sum(
        sum(1 for node in children(clause.nodes[-1]) if named(node) == "month_day")
        for clause in said.all("days")
        if named(clause.nodes[-1]) == "month_days"
    )
