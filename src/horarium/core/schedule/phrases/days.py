"""Which days a phrase names: weekdays, days of the month, months, and how they are joined."""

import re
from typing import Any, Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.cron_days import ALL_MONTHS
from horarium.core.schedule.cron_write import bits
from horarium.core.schedule.phrases.named import Named, YearDay
from horarium.core.schedule.phrases.ordinals import day_of_month, ordinals
from horarium.core.schedule.phrases.said import Clause, Context, Said, children, first_word, last_word, named
from horarium.core.schedule.phrases.word import Word

WORKDAYS: Final = 0b0111110
_LITTLE: Final = re.compile(r"(?:\b(?:on|the)\s+)+$", re.IGNORECASE)
WEEKEND: Final = 0b1000001


def named_days(said: Said) -> tuple[Named, list[YearDay]]:
    """(days, days of named months). The second list is given only where they do not fit into the first."""
    days = Named()
    year_days: list[YearDay] = []
    joiner: Clause | None = None
    before: Clause | None = None
    named_first: Clause | None = None
    timed: Clause | None = None
    for clause in said.clauses:
        match clause.name:
            case "times":
                timed = clause if named_first is not None else None
                continue
            case "only_if" | "or_":
                more = clause.name == "or_" and days.by_weekday  # "the 15th, or every Friday, and also the 1st Monday"
                if (joiner is not None and not more) or not days.any:
                    raise said.context.refuse(clause.word, "there is nothing to join here", "name the days first")
                joiner = joiner or clause
            case "of_month":
                if not days.any and before is not None:
                    raise said.context.refuse(
                        clause.word, "it was not said which day of the month", "e.g. the 15th of the month"
                    )
                days.in_month = True
            case "in_months":
                months = month_mask(clause.nodes[-1])
                if days.months != ALL_MONTHS:
                    raise said.context.refuse(clause.word, "months are said twice", "name all months in one list")
                days.months = months
                days.in_month = True
            case "days":
                if named_first is not None and timed is not None and joiner is None:
                    raise _days_again(said, named_first, timed, clause)
                named_first = named_first or clause
                year_days += _take(said, days, clause, joiner, before)
            case _:
                continue
        before = clause
    if days.year_days and days.last_day:
        days.year_days, days.last_day = days.year_days | {-1}, False
    either = joiner is not None and joiner.name == "or_" and days.weekdays and days.by_nth
    if joiner is not None and not either and not (days.by_date and days.by_weekday):
        raise said.context.refuse(joiner.word, "a day of the month and a weekday are joined so", "name one of each")
    days.both = days.both or (joiner is not None and joiner.name == "only_if")
    if len(year_days) == 1 and year_days[0].year is None:
        if days.any or days.months != ALL_MONTHS:
            raise said.context.refuse(year_days[0].word, "other days are named already", "name the days once")
        days.dates, days.months = year_days[0].days, year_days[0].months
        year_days = []
    return days, year_days


def _days_again(said: Said, first: Clause, times: Clause, second: Clause) -> BadPhrase:
    """ "weekdays at 9 and 17 on Fridays": both times on all days, or the last one on the last days alone."""
    context = said.context
    if _by_date(said, first) != _by_date(said, second):
        return _unjoined(said, first, second)
    days, more = (context.text[part.word.start : _end(part)] for part in (first, second))
    offers = [_moved_up(said, first, second, f"{days} and {more}")]
    at = context.text[times.word.start : _end(times)].removeprefix("at ")
    earlier, joined, last = at.rpartition(" and ") if " and " in at else at.rpartition(",")
    if joined:
        both = f"({days} at {earlier.strip()}) or ({more} at {last.strip()})"
        before = _LITTLE.sub("", context.text[: first.word.start])
        offers.insert(0, before + both + context.text[_end(second) :])
    message = "days are named before the time and after it: is the time of all of them?"
    return context.refuse(second.word, message, "name all days first, or write (one) or (other)", *offers)


def _by_date(said: Said, clause: Clause) -> bool:
    """Whether the days are those of a month, not of a week."""
    if named(clause.nodes[-1]) != "ordinals":
        return named(clause.nodes[-1]) != "weekdays"
    days = Named()
    ordinals(said.context, days, clause.nodes[-1], every=None, alone=False)
    return not days.by_weekday


def _moved_up(said: Said, first: Clause, second: Clause, days: str) -> str:
    """The whole text with `days` for the first of two clauses and without the second; what stands between them is kept."""
    text, before = said.context.text, said.clauses[said.clauses.index(second) - 1]
    return text[: first.word.start] + days + text[_end(first) : _end(before)] + text[_end(second) :]


def _end(clause: Clause) -> int:
    return last_word(clause.nodes[-1]).end


def _take(said: Said, days: Named, clause: Clause, joiner: Clause | None, before: Clause | None) -> list[YearDay]:
    every, node = len(clause.nodes) > 1, clause.nodes[-1]
    if named(node) == "month_days":
        return [year_day(said.context, child) for child in children(node) if not isinstance(child, Word)]
    had_date, had_weekday = days.by_date, days.by_weekday
    if named(node) == "weekdays":
        days.weekdays |= weekday_mask(said.context, node)
    else:
        first = clause.nodes[0] if every else None
        alone, in_year = not _says_month(said), said.has("of_year")
        ordinals(said.context, days, node, every=first, alone=alone, in_year=in_year)
    if joiner is None and ((had_date and days.by_weekday) or (had_weekday and days.by_date)):
        if before is not None and before.name == "days" and _is_friday_the_13th(said.context, before, clause):
            days.both = True
            said.context.note("both must hold: the weekday and the day of the month")
        else:
            first_named = next(each for each in said.clauses if each.name == "days")
            raise _unjoined(said, first_named, clause)
    return []


def _says_month(said: Said) -> bool:
    return said.has("of_month", "in_months", "of_quarter", "of_year") or any(
        clause.name in ("every_unit", "freq") and clause.nodes[-1].value in ("month", "year", "quarter")
        for clause in said.clauses
    )


def _is_friday_the_13th(context: Context, before: Clause, clause: Clause) -> bool:
    between = context.text[_end(before) : clause.word.start].lower().split()
    return named(before.nodes[-1]) == "weekdays" and between in ([], ["the"])


def _unjoined(said: Said, first: Clause, second: Clause) -> BadPhrase:
    """A day of the month beside a weekday: each of the two readings as the whole text, with all else that it says."""
    context = said.context
    date, weekday = (first, second) if _by_date(said, first) else (second, first)
    node = date.nodes[-1]
    day = context.text[first_word(node).start : _end(date)]
    if not context.text[: first.word.start].lower().endswith("the "):
        day = f"the {day}" if date is second or named(node) == "ordinals" else day
    every = context.text[weekday.word.start : _end(weekday)]
    if named(weekday.nodes[-1]) == "ordinals":
        every = f"also the {every}"
    plain = context.text[first_word(weekday.nodes[-1]).start : _end(weekday)]
    plain = plain if " " in plain else plain.removesuffix("s")
    if named(node) == "month_days":  # "the 1st in March": its month is not that of the weekday
        offers = [_in_brackets(said, first, second)]
    else:
        both = _moved_up(said, first, second, f"{day}, only if it is {plain}")
        offers = [_moved_up(said, first, second, f"{day} or {every}"), both]
    message = "a day of the month and a weekday: both, or either of them?"
    return context.refuse(second.word, message, 'join them with "or" or "only if it is"', *offers)


def _in_brackets(said: Said, first: Clause, second: Clause) -> str:
    """Each of the two with what stands between them, such as the time, and all else behind."""
    text, before = said.context.text, said.clauses[said.clauses.index(second) - 1]
    shared = text[_end(first) : _end(before)]
    members = [f"({text[part.word.start : _end(part)]}{shared})" for part in (first, second)]
    return _LITTLE.sub("", text[: first.word.start]) + " or ".join(members) + text[_end(second) :]


def weekday_mask(context: Context, node: Any) -> int:
    """The weekdays of a list; a range may pass the end of the week."""
    mask = 0
    for item in children(node):
        if isinstance(item, Word):
            continue
        parts = children(item)
        match parts[0].type:
            case "WORKDAYS":
                mask |= WORKDAYS
            case "WEEKEND":
                mask |= WEEKEND
            case _:
                first = parts[0].value
                last = parts[2].value if len(parts) > 1 else first
                mask |= sum(1 << (first + step) % 7 for step in range((last - first) % 7 + 1))
    return mask


def year_day(context: Context, node: Any) -> YearDay:
    """ "24 and 31 December 2027", "March 1"."""
    parts = children(node)
    year = parts[-1].value if isinstance(parts[-1], Word) else None
    mask, months = 0, 0
    for part in parts:
        if named(part) == "day_numbers":
            for item in children(part):
                if isinstance(item, Word):
                    continue
                ends = [day_of_month(context, word) for word in children(item) if word.type == "DAYNUM"]
                if ends[-1] < ends[0]:
                    raise context.refuse(
                        first_word(item), "the range ends before it begins", "name the earlier day first"
                    )
                mask |= (2 << ends[-1]) - (1 << ends[0])
        elif named(part) == "months":
            months = month_mask(part)
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
    for day in bits(mask):
        if all(day > longest.get(month, 31) for month in bits(months)):
            raise context.refuse(
                first_word(node), "there is no such day in that month", "check the day against the month"
            )
    return YearDay(mask, months, year, first_word(node))


def month_mask(node: Any) -> int:
    """The months of a list; a range may pass the end of the year."""
    mask = 0
    for item in children(node):
        if isinstance(item, Word):
            continue
        ends = [word.value for word in children(item) if word.type == "MONTH"]
        mask |= sum(1 << (ends[0] - 1 + step) % 12 + 1 for step in range((ends[-1] - ends[0]) % 12 + 1))
    return mask
