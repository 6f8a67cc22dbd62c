"""Days that are counted: the 15th, the 2nd Tuesday, the last workday, the third last day of the month."""

from typing import Any, Final

from horarium.core.schedule.phrases.named import Named
from horarium.core.schedule.phrases.said import Context, children
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.phrases.words import WEEKDAYS

_NTH_MAX: Final = 5
_WORKDAYS_MAX: Final = 23
_WEEKEND_DAYS_MAX: Final = 10
_WEEKS: Final = ("1st to 7th", "8th to 14th", "15th to 21st", "22nd to 28th")
_SHORT_MONTH: Final = 28
_MONTH: Final = 31
_YEAR: Final = 366


def ordinals(
    context: Context, days: Named, node: Any, *, every: Word | None, alone: bool, in_year: bool = False
) -> None:
    """Adds "the 2nd Tuesday", "the 15th", "the last day". `alone`: nothing says that they count within the month; `in_year`:
    they count within the year."""
    items = [children(child) for child in children(node) if not isinstance(child, Word)]
    of_month = any(part.type == "OFMONTH" for item in items for part in item)
    alone = alone and not of_month
    bare: list[Word] = []
    assumed = False
    for item in items:
        parts = [part for part in item if part.type != "OFMONTH"]
        kinds = tuple(part.type for part in parts)
        number = parts[0].value if kinds[0] == "ORD" else parts[-1].value
        match kinds:
            case ("ORD",):
                bare.append(parts[0])
            case ("ORD", "TO", "ORD" | "LASTDAY"):
                days.dates |= _stretch(context, parts)
            case ("ORD", "WEEKDAY"):
                if every is not None and alone:
                    raise _every_nth(context, every, bare, parts)
                for nth in (*bare, parts[0]):
                    days.nth_weekdays.add((parts[1].value, _nth(context, nth)))
                bare, assumed = [], alone
            case ("LAST", "WEEKDAY"):
                for nth in bare:
                    days.nth_weekdays.add((parts[1].value, _nth(context, nth)))
                days.last_weekdays |= 1 << parts[1].value
                bare, assumed = [], alone
            case ("FROMEND", "WEEKDAY"):
                days.end_weekdays.add((parts[1].value, -_nth(context, parts[0])))
                assumed = alone
            case ("ORD" | "LAST" | "FROMEND", "WORKDAYS" | "WEEKENDDAY"):
                _positions(context, days, [*bare, parts[0]], workdays=kinds[1] == "WORKDAYS")
                bare, assumed = [], alone
            case ("ORD", "UNIT") if parts[1].value == "day" and not (every is not None and alone):
                if in_year:
                    days.year_days |= {_of_year(context, each) for each in (*bare, parts[0])}
                    bare = []
                else:
                    bare.append(parts[0])
            case ("FROMEND", "UNIT") if parts[1].value == "day" and every is None:
                for word in bare:
                    written = context.text[word.start : word.end]
                    context.note(f"the {written} counts from the beginning of the month")
                (days.year_days if in_year else days.from_end).add(-_from_end(context, parts[0], in_year))
                assumed = alone
            case ("ORD" | "FROMEND", "UNIT"):
                if kinds[0] == "FROMEND" or every is None or len(items) > 1 or number < 1:
                    raise _no_days(context, parts, every)
                days.steps = (number, parts[1].value)
            case ("LASTDAY",):
                days.last_day = True
            case ("LASTWORKDAY",):
                days.last_workday = True
            case _:
                days.near_workdays |= 1 << day_of_month(context, parts[1])
    for word in bare:
        day = day_of_month(context, word)
        days.dates |= 1 << day
        if day > _SHORT_MONTH:
            context.note(f"months without a {day}{'st' if day == 31 else 'th'} are left out")
    if assumed:
        context.note("the ordinal counts within every month")
    days.in_month = days.in_month or of_month


def day_of_month(context: Context, word: Word) -> int:
    """Raises BadPhrase."""
    if not 1 <= word.value <= _MONTH:
        raise context.refuse(word, "no month has such a day", "name a day from the 1st to the 31st")
    return int(word.value)


def _of_year(context: Context, word: Word) -> int:
    if not 1 <= word.value <= _YEAR:
        raise context.refuse(word, "no year has such a day", "name a day from the 1st to the 366th")
    if word.value == _YEAR:
        context.note("only leap years have a 366th day")
    return int(word.value)


def _from_end(context: Context, word: Word, in_year: bool) -> int:
    return _of_year(context, word) if in_year else day_of_month(context, word)


def _stretch(context: Context, parts: list[Word]) -> int:
    first = day_of_month(context, parts[0])
    last = _MONTH if parts[2].type == "LASTDAY" else day_of_month(context, parts[2])
    if last < first:
        raise context.refuse(parts[2], "the range ends before it begins", "name the earlier day first")
    return (2 << last) - (1 << first)


def _nth(context: Context, word: Word) -> int:
    if not 1 <= word.value <= _NTH_MAX:
        raise context.refuse(word, "a month has a first to a fifth of each weekday", "name one from the 1st to the 5th")
    return int(word.value)


def _positions(context: Context, days: Named, words: list[Word], *, workdays: bool) -> None:
    """Which of the working days, or of the days of weekends."""
    sort, most = ("working days", _WORKDAYS_MAX) if workdays else ("weekend days", _WEEKEND_DAYS_MAX)
    for word in words:
        number = 1 if word.type == "LAST" else word.value
        if not 1 <= number <= most:
            raise context.refuse(word, f"a month has at most {most} {sort}", "name an earlier one")
        if workdays and number == 1:
            days.near_workdays |= 2  # the workday nearest the 1st, within the month
        else:
            chosen = days.nth_workdays if workdays else days.nth_weekend_days
            chosen.add(number if word.type == "ORD" else -number)


def _no_days(context: Context, parts: list[Word], every: Word | None) -> Exception:
    """ "the first week of the month": seven days of it, named by themselves."""
    message, number, unit = "an ordinal counts days or weekdays here", parts[0].value, parts[1].value
    if parts[0].type == "ORD" and every is not None and number > 1:
        return context.refuse(parts[1], message, f"write every {number} {unit}s")
    offers = [context.instead(parts[0], parts[1], days) for days in _WEEKS[number - 1 : number] if unit == "week"]
    return context.refuse(parts[1], message, "name its days", *(offers if parts[0].type == "ORD" else []))


def _every_nth(context: Context, every: Word, bare: list[Word], parts: list[Word]) -> Exception:
    if bare:  # "every 2nd and 4th Monday": of the month, as two paces cannot be meant
        written = context.text[bare[0].start : parts[1].end]
        offer = context.instead(every, parts[1], f"the {written} of every month")
        return context.refuse(bare[0], f"the {written} of what?", "say of the month", offer)
    number, day = parts[0].value, WEEKDAYS[parts[1].value].capitalize()
    ordinal = f"{number}{'st' if number == 1 else 'nd' if number == 2 else 'rd' if number == 3 else 'th'}"
    offers = []
    if number <= _NTH_MAX:
        offers.append(context.instead(every, parts[1], f"the {ordinal} {day} of every month"))
    if number == 2:
        offers.append(context.instead(every, parts[1], f"every other {day}"))
    elif number > 2:
        offers.append(context.instead(every, parts[1], f"every {number} weeks on {day}"))
    else:
        offers.append(context.instead(every, parts[1], f"every {day}"))
    return context.refuse(
        parts[0], f"every {ordinal} {day} can count within the month or from week to week", "say which", *offers
    )
