"""Days that a phrase lists to be left out, as the texts of a list of dates."""

from datetime import date
from typing import Any

from horarium.core.schedule.cron_write import bits, runs
from horarium.core.schedule.phrases.days import year_day
from horarium.core.schedule.phrases.named import YearDay
from horarium.core.schedule.phrases.said import Context, children, last_word, named
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.yearly_days import LEAP_YEAR, last_of


def listed_days(context: Context, node: Any) -> list[str]:
    """One item of the list: a date, days of a month with or without a year, whole months, or a stretch. Raises BadPhrase."""
    match named(node):
        case "dated":
            return [_dates(context, [word for word in children(node) if word.type == "DATE"])]
        case "whole_months":
            return [_months(item) for item in children(children(node)[-1]) if not isinstance(item, Word)]
        case _:
            days = [year_day(context, item) for item in children(node) if not isinstance(item, Word)]
            return _days_of_month(context, days[0]) if len(days) == 1 else [_stretch(context, node, *days)]


def real_day(context: Context, word: Word) -> date:
    """The day of a date that was written. Raises BadPhrase."""
    try:
        day = date.fromisoformat(str(word.value)[:10])
    except ValueError as error:
        raise context.refuse(word, f"there is no such day: {error}", "check it against a calendar") from None
    if day.year < 1970:
        raise context.refuse(word, "before the year 1970", "name a later day")
    return day


def dated(context: Context, day: YearDay) -> list[date]:
    """The days of a year. Raises BadPhrase where one of them does not exist."""
    return [
        _day(context, day.word, day.year or 0, month, number) for month in bits(day.months) for number in bits(day.days)
    ]


def _day(context: Context, word: Word, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise context.refuse(word, f"there is no such day: {error}", "check it against a calendar") from None


def _dates(context: Context, words: list[Word]) -> str:
    days = [real_day(context, word) for word in words]
    return _of_years(context, words[-1], days[0], days[-1]) if len(days) > 1 else days[0].isoformat()


def _of_years(context: Context, word: Word, first: date, last: date) -> str:
    if last < first:
        raise context.refuse(word, "the stretch ends before it begins", "name the earlier day first")
    return f"{first}/{last}"


def _months(item: Any) -> str:
    """ "November to February": from the first day to the last. The last of February is the 29th where there is one."""
    ends = [word.value for word in children(item) if word.type == "MONTH"]
    return f"{_yearly(ends[0], 1)}/{_yearly(ends[-1], last_of(ends[-1]))}"


def _days_of_month(context: Context, day: YearDay) -> list[str]:
    if day.year is not None:
        return [each.isoformat() for each in dated(context, day)]
    _note(context)
    found = []
    for month in bits(day.months):
        for first, last in runs(day.days):
            _day(context, day.word, LEAP_YEAR, month, last)
            one = _yearly(month, first)
            found.append(one if first == last else f"{one}/{_yearly(month, last)}")
    return found


def _stretch(context: Context, node: Any, first: YearDay, last: YearDay) -> str:
    for end in (first, last):
        if end.days.bit_count() > 1 or end.months.bit_count() > 1:
            raise context.refuse(end.word, "a stretch has one first and one last day", "name single days")
    (first_month,), (last_month,) = bits(first.months), bits(last.months)
    (first_day,), (last_day,) = bits(first.days), bits(last.days)
    if first.year is None and last.year is None:
        _note(context)
        return f"{_yearly(first_month, first_day)}/{_yearly(last_month, last_day)}"
    if first.year is None or last.year is None:
        parts = [item for item in children(node) if not isinstance(item, Word)]
        known = first.year or last.year or 0
        passes = (last_month, last_day) < (first_month, first_day)
        years = (known - passes, known) if first.year is None else (known, known + passes)
        ends = [
            _day(context, end.word, year, month, day).isoformat()
            for end, year, month, day in zip(
                (first, last), years, (first_month, last_month), (first_day, last_day), strict=True
            )
        ]
        offer = context.instead(first.word, last_word(parts[-1]), f"{ends[0]} to {ends[1]}")
        raise context.refuse(first.word, "only one of the two days has a year", "name both years, or none", offer)
    begin = _day(context, first.word, first.year, first_month, first_day)
    end_day = _day(context, last.word, last.year, last_month, last_day)
    return _of_years(context, last.word, begin, end_day)


def _yearly(month: int, day: int) -> str:
    return f"--{month:02}-{day:02}"


def _note(context: Context) -> None:
    context.note("days without a year are left out every year")
