"""Where a schedule starts and ends: dates, days without a year, weekdays to come, "the end of the month", "in 3 days"."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any, Final

from horarium.core.instants import from_ms, to_ms
from horarium.core.schedule.cron_write import bits
from horarium.core.schedule.local import shown_extended
from horarium.core.schedule.phrases.days import year_day
from horarium.core.schedule.phrases.listed_days import dated, real_day
from horarium.core.schedule.phrases.named import YearDay
from horarium.core.schedule.phrases.said import (
    Clause,
    Context,
    Said,
    children,
    instant_at,
    instant_of,
    last_word,
    named,
    reading,
    seconds,
    today,
)
from horarium.core.schedule.phrases.stamps import stamp
from horarium.core.schedule.phrases.times import length
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.phrases.words import WEEKDAYS
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

DAYS_AHEAD_MAX: Final = 366_000
_YEARS_BETWEEN_LEAP_DAYS_MAX: Final = 8
_LAST_YEAR: Final = 9999


def when(said: Said, clause: Clause, zone_name: str, *, end: bool) -> datetime:
    """The instant of "starting …" and "until …". A day begins with its first instant and ends with its last millisecond."""
    context = said.context
    parts = children(clause.nodes[-1])
    first = parts[0]
    if named(first) == "month_day":
        return _edge(
            context, clause, _month_day(said, year_day(context, first), zone_name, end=end), zone_name, end=end
        )
    match first.type:
        case "STAMP":
            return stamp(context, first, zone_name)
        case "NOW":
            return context.now
        case "IN" | "DURATION":
            ahead = length(context, next(word for word in parts if word.type == "DURATION"))
            if ahead.unit not in ("day", "week"):
                found = _instant_ahead(context, first, ahead.seconds)
                local = shown_extended(zone(zone_name).reading(seconds(found))).replace("T", " ")
                written = context.text[first.start : last_word(clause.nodes[-1]).end]
                context.note(f"{written} is {local} in {zone_name}")
                return found
            day = today(zone_name, context.now) + _days_ahead(context, first, ahead.seconds)
        case "DATE":
            return _edge(context, clause, real_day(context, first), zone_name, end=end)
        case "TODAY":
            day = next_day(context, (first,), zone_name)
        case "LASTDAY":
            day = _last_day(said, parts, zone_name, end=end)
        case "WEEKDAY":
            day = _coming_weekday(context, first, _earliest(said, zone_name, end=end))
        case _:
            return _edge(context, clause, next_day(context, tuple(parts), zone_name), zone_name, end=end)
    written = context.text[first.start : last_word(clause.nodes[-1]).end]
    context.note(f"{written} is {day.isoformat()} in {zone_name}")
    return _edge(context, clause, day, zone_name, end=end)


def _edge(context: Context, clause: Clause, day: date, zone_name: str, *, end: bool) -> datetime:
    if end:
        context.note(f"until {day.isoformat()} includes that day, in {zone_name}")
        # The day's last millisecond; asked for by its last second, since no instant follows the end of 9999.
        following = zone(zone_name).second(reading(day, DAY))
        return from_ms(to_ms(instant_of(context, clause.word, following - 1)) + 999)
    context.note(f"{day.isoformat()} begins at 00:00 in {zone_name}")
    return instant_at(context, clause.word, zone_name, reading(day, 0))


def _earliest(said: Said, zone_name: str, *, end: bool) -> date:
    """Where the search for a day begins that names no year: today, or for an end where the schedule starts."""
    day = today(zone_name, said.context.now)
    starting = said.one("starting") if end else None
    return day if starting is None else max(day, today(zone_name, when(said, starting, zone_name, end=False)))


def _instant_ahead(context: Context, word: Word, ahead: int | float | None) -> datetime:
    if ahead is None:
        raise context.refuse(word, "months and years differ in length", "name a date")
    if ahead > DAYS_AHEAD_MAX * DAY:
        raise context.refuse(word, "too far ahead", "name a nearer time")
    return context.now.replace(microsecond=0) + timedelta(seconds=ahead)


def _days_ahead(context: Context, word: Word, ahead: int | float | None) -> timedelta:
    if ahead is None or ahead > DAYS_AHEAD_MAX * DAY:
        raise context.refuse(word, "too far ahead", "name a nearer time")
    return timedelta(days=int(ahead) // DAY)


def _month_day(said: Said, day: YearDay, zone_name: str, *, end: bool) -> date:
    """ "24 December 2027"; without a year the coming one. Where both ends have none, the stretch that ends next, begun or not."""
    context = said.context
    if day.days.bit_count() > 1 or day.months.bit_count() > 1:
        raise context.refuse(day.word, "more than one day", "name one day")
    if day.year is not None:
        return dated(context, day)[0]
    other = _without_year(said, "starting" if end else "until")
    if end:
        from_day = today(zone_name, context.now) if other else _earliest(said, zone_name, end=True)
        found = _coming(context, day, from_day, 1)
    elif other is not None:
        found = _coming(context, day, _coming(context, other, today(zone_name, context.now), 1), -1)
    else:
        found = _coming(context, day, today(zone_name, context.now), 1)
    (month,), (number,) = bits(day.months), bits(day.days)
    context.note(f"{number} {_month(month)} is read as {found.isoformat()} alone, not as that day of every year")
    return found


def _without_year(said: Said, name: str) -> YearDay | None:
    """The day of the other end, where it is one without a year."""
    clause = said.one(name)
    node = None if clause is None else children(clause.nodes[-1])[0]
    if node is None or named(node) != "month_day":
        return None
    day = year_day(said.context, node)
    single = day.days.bit_count() == day.months.bit_count() == 1
    return day if day.year is None and single else None


def _coming(context: Context, day: YearDay, near: date, step: int) -> date:
    """The first such day from `near` on, or with a step of -1 the last one up to it."""
    (month,), (number,) = bits(day.months), bits(day.days)
    for ahead in range(_YEARS_BETWEEN_LEAP_DAYS_MAX + 1):
        year = near.year + step * ahead
        if not 1970 <= year <= _LAST_YEAR:
            break
        if number <= monthrange(year, month)[1]:
            found = date(year, month, number)
            if (found - near).days * step >= 0:
                return found
    raise context.refuse(day.word, "the year is missing here", "name the year of each day")


def _month(number: int) -> str:
    return date(1970, number, 1).strftime("%B")


def _last_day(said: Said, parts: list[Word], zone_name: str, *, end: bool) -> date:
    """ "the end of June 2027", "the end of the year": of the coming June, of this year."""
    day, of = _earliest(said, zone_name, end=end), parts[1]
    if of.type == "MONTH":
        year = parts[2].value if len(parts) > 2 else day.year + (of.value < day.month)
        return _end_of_month(year, of.value)
    unit = {"OFMONTH": "month", "OFQUARTER": "quarter", "OFYEAR": "year"}.get(of.type, of.value)
    if unit == "week":
        return day + timedelta(days=6 - day.weekday())
    return _end_of_month(day.year, {"month": day.month, "quarter": (day.month + 2) // 3 * 3, "year": 12}[unit])


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _coming_weekday(context: Context, word: Word, day: date) -> date:
    """ "until Friday". Raises BadPhrase on a Friday."""
    ahead = (word.value - day.toordinal()) % 7
    if not ahead:
        name = WEEKDAYS[word.value].capitalize()
        offers = [context.instead(word, word, (day + timedelta(days=days)).isoformat()) for days in (0, 7)]
        raise context.refuse(
            word, f"{day.isoformat()} is a {name} itself: that day or the next?", "name the date", *offers
        )
    return day + timedelta(days=ahead)


def next_day(context: Context, nodes: tuple[Any, ...], zone_name: str) -> date:
    """ "tomorrow"; "next Monday", where the coming Monday is that of next week. Raises BadPhrase where it lies in this week:
    then the one after may be meant."""
    first, last = nodes[0], nodes[-1]
    if first.type == "TODAY":
        return today(zone_name, context.now) + timedelta(days=first.value)
    written = context.text[first.start : last.end]
    if last.type != "WEEKDAY":
        raise context.refuse(first, f"{written!r} is not exact", "name the date, e.g. 2027-01-31 at 9:00")
    day = today(zone_name, context.now)
    ahead = (last.value - (day.toordinal() % 7) - 1) % 7 + 1
    coming = [day + timedelta(days=ahead), day + timedelta(days=ahead + 7)]
    if first.value:  # "this Friday"
        offered = [day, coming[0]] if ahead == 7 else coming[:1]
        offers = [context.instead(first, last, each.isoformat()) for each in offered]
        raise context.refuse(first, f"{written!r} is not exact", "name the date", *offers)
    if day.weekday() + ahead < 7:
        name = WEEKDAYS[last.value].capitalize()
        offers = [context.instead(first, last, each.isoformat()) for each in coming]
        message = f"{written!r} can be the coming {name} or the one after"
        raise context.refuse(first, message, "name the date", *offers)
    context.note(f"{written} is {coming[0].isoformat()} in {zone_name}")
    return coming[0]
