"""Which days a phrase names: weekdays, days of the month, months, and how they are joined."""

from dataclasses import dataclass, field
from typing import Any, Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.cron_days import ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, DayFields
from horarium.core.schedule.cron_write import bits
from horarium.core.schedule.phrases.said import Clause, Context, Said, children, first_word, last_word, named
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.phrases.words import WEEKDAYS

WORKDAYS: Final = 0b0111110
WEEKEND: Final = 0b1000001
_NTH_MAX: Final = 5
_SHORT_MONTH: Final = 28


@dataclass(slots=True)
class Named:
    """The days named so far. Weekdays count from Sunday 0; masks from bit 0."""

    dates: int = 0
    last_day: bool = False
    last_workday: bool = False
    near_workdays: int = 0
    weekdays: int = 0
    nth_weekdays: set[tuple[int, int]] = field(default_factory=set)
    last_weekdays: int = 0
    nth_workdays: set[int] = field(default_factory=set)
    months: int = ALL_MONTHS
    both: bool = False
    steps: tuple[int, str] | None = None
    """(n, unit): "every 3rd day" counts days, it names none."""
    in_month: bool = False
    """It was said that ordinals count within the month."""

    @property
    def by_date(self) -> bool:
        return bool(self.dates or self.last_day or self.last_workday or self.near_workdays)

    @property
    def by_nth(self) -> bool:
        return bool(self.nth_weekdays or self.last_weekdays)

    @property
    def by_weekday(self) -> bool:
        return bool(self.weekdays) or self.by_nth

    @property
    def any(self) -> bool:
        return self.by_date or self.by_weekday or bool(self.nth_workdays)

    def fields(self) -> DayFields:
        """As the day fields of cron."""
        return DayFields(
            months=self.months,
            days=self.dates if self.by_date else ALL_DAYS,
            last_day=self.last_day,
            last_workday=self.last_workday,
            near_workdays=self.near_workdays,
            weekdays=self.weekdays if self.by_weekday else ALL_WEEKDAYS,
            nth_weekdays=tuple(sorted(self.nth_weekdays)),
            last_weekdays=self.last_weekdays,
            both=self.both or not (self.by_date and self.by_weekday),
        )


@dataclass(frozen=True, slots=True)
class YearDay:
    """Days of months; of one year where it was said."""

    days: int
    months: int
    year: int | None
    word: Word


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
                if joiner is not None or not days.any:
                    raise said.context.refuse(clause.word, "there is nothing to join here", "name the days first")
                joiner = clause
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
                    raise _days_again(said.context, named_first, timed, clause)
                named_first = named_first or clause
                year_days += _take(said, days, clause, joiner, before)
            case _:
                continue
        before = clause
    if joiner is not None and not (days.by_date and days.by_weekday):
        raise said.context.refuse(joiner.word, "a day of the month and a weekday are joined so", "name one of each")
    days.both = days.both or (joiner is not None and joiner.name == "only_if")
    if len(year_days) == 1 and year_days[0].year is None:
        if days.any or days.months != ALL_MONTHS:
            raise said.context.refuse(year_days[0].word, "other days are named already", "name the days once")
        days.dates, days.months = year_days[0].days, year_days[0].months
        year_days = []
    return days, year_days


def _days_again(context: Context, first: Clause, times: Clause, second: Clause) -> BadPhrase:
    """ "weekdays at 9 and 17 on Fridays": both times on all days, or the last one on the last days alone."""
    days, more, at = (context.text[part.word.start : _end(part)] for part in (first, second, times))
    at = at.removeprefix("at ")
    offers = [f"{days} and {more} at {at}"]
    earlier, joined, last = at.rpartition(" and ") if " and " in at else at.rpartition(",")
    if joined:
        offers.insert(0, f"({days} at {earlier.strip()}) or ({more} at {last.strip()})")
    message = "days are named before the time and after it: is the time of all of them?"
    return context.refuse(second.word, message, "name all days first, or write (one) or (other)", *offers)


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
        ordinals(said.context, days, node, every=clause.nodes[0] if every else None, alone=not _says_month(said))
    if joiner is None and ((had_date and days.by_weekday) or (had_weekday and days.by_date)):
        if before is not None and before.name == "days" and _is_friday_the_13th(before, clause):
            days.both = True
            said.context.note("both must hold: the weekday and the day of the month")
        else:
            _unjoined(said, clause, before)
    return []


def _says_month(said: Said) -> bool:
    return said.has("of_month", "in_months", "of_quarter", "of_year") or any(
        clause.name in ("every_unit", "freq") and clause.nodes[-1].value in ("month", "year", "quarter")
        for clause in said.clauses
    )


def _is_friday_the_13th(before: Clause, clause: Clause) -> bool:
    return named(before.nodes[-1]) == "weekdays" and clause.word.start - last_word(before.nodes[-1]).end <= len(" the ")


def _unjoined(said: Said, clause: Clause, before: Clause | None) -> None:
    context = said.context
    message = "a day of the month and a weekday: both, or either of them?"
    if before is None or before.name != "days":
        raise context.refuse(clause.word, message, 'join them with "or" or "only if it is"')
    one, other = _written(context, before), _written(context, clause)
    first, last = before.word, last_word(clause.nodes[-1])
    if named(before.nodes[-1]) == "weekdays":
        one, other = other, one
    raise context.refuse(
        clause.word,
        message,
        'join them with "or" or "only if it is"',
        context.instead(first, last, f"{one} or {other}"),
        context.instead(first, last, f"{one}, only if it is {other}"),
    )


def _written(context: Context, clause: Clause) -> str:
    node = clause.nodes[-1]
    return context.text[first_word(node).start : last_word(node).end]


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


def ordinals(context: Context, days: Named, node: Any, *, every: Word | None, alone: bool) -> None:
    """Adds "the 2nd Tuesday", "the 15th", "the last day". `alone`: nothing says that they count within the month."""
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
            case ("ORD", "TO", "ORD"):
                first, last = _day(context, parts[0]), _day(context, parts[2])
                if last < first:
                    raise context.refuse(parts[2], "the range ends before it begins", "name the earlier day first")
                days.dates |= (2 << last) - (1 << first)
            case ("ORD", "WEEKDAY"):
                if every is not None and alone:
                    raise _every_nth(context, every, parts)
                for nth in (*bare, parts[0]):
                    days.nth_weekdays.add((parts[1].value, _nth(context, nth)))
                bare, assumed = [], alone
            case ("LAST", "WEEKDAY"):
                for nth in bare:
                    days.nth_weekdays.add((parts[1].value, _nth(context, nth)))
                days.last_weekdays |= 1 << parts[1].value
                bare, assumed = [], alone
            case ("ORD", "WORKDAYS"):
                for nth in (*bare, parts[0]):
                    if nth.value == 1:
                        days.near_workdays |= 2
                    elif nth.value <= 23:
                        days.nth_workdays.add(nth.value)
                    else:
                        raise context.refuse(nth, "a month has at most 23 working days", "name an earlier one")
                bare, assumed = [], alone
            case ("ORD", "UNIT") if parts[1].value == "day" and not (every is not None and alone):
                bare.append(parts[0])
            case ("ORD", "UNIT"):
                if every is None or len(items) > 1 or number < 1:
                    raise context.refuse(
                        parts[1], "an ordinal counts days or weekdays here", f"write every {number} {parts[1].value}s"
                    )
                days.steps = (number, parts[1].value)
            case ("LASTDAY",):
                days.last_day = True
            case ("LASTWORKDAY",):
                days.last_workday = True
            case _:
                days.near_workdays |= 1 << _day(context, parts[1])
    for word in bare:
        day = _day(context, word)
        days.dates |= 1 << day
        if day > _SHORT_MONTH:
            context.note(f"months without a {day}{'st' if day == 31 else 'th'} are left out")
    if assumed:
        context.note("the ordinal counts within every month")
    days.in_month = days.in_month or of_month


def _day(context: Context, word: Word) -> int:
    if not 1 <= word.value <= 31:
        raise context.refuse(word, "no month has such a day", "name a day from the 1st to the 31st")
    return int(word.value)


def _nth(context: Context, word: Word) -> int:
    if not 1 <= word.value <= _NTH_MAX:
        raise context.refuse(word, "a month has a first to a fifth of each weekday", "name one from the 1st to the 5th")
    return int(word.value)


def _every_nth(context: Context, every: Word, parts: list[Word]) -> Exception:
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
                ends = [_day(context, word) for word in children(item) if word.type == "DAYNUM"]
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
