"""Schedules of one instant, and instants that bound others: dates, today and tomorrow, "in 20 minutes"."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from horarium.core.schedule.any_of import MEMBERS_MAX, AnyOf
from horarium.core.schedule.local import shown_extended
from horarium.core.schedule.once import Once
from horarium.core.schedule.phrases.bound_days import next_day
from horarium.core.schedule.phrases.days import year_day
from horarium.core.schedule.phrases.listed_days import dated, real_day
from horarium.core.schedule.phrases.said import (
    Clause,
    Context,
    Said,
    children,
    exact_instant,
    first_word,
    instant_at,
    last_word,
    named,
    reading,
    seconds,
    today,
)
from horarium.core.schedule.phrases.stamps import offset, stamp
from horarium.core.schedule.phrases.times import length, shown_time, times_of
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.phrases.words import WEEKDAYS
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

_ALLOWED: Final = frozenset(["dates", "relative", "today", "now", "next", "once", "times", "days"])
YEARS_AHEAD_MAX: Final = 1_000


def one_time(said: Said, zone_name: str, zone_said: str | None) -> Schedule:
    """One instant, or several in one any_of. Raises BadPhrase for what does not fit beside a date."""
    context = said.context
    said.only(*_ALLOWED)
    weekday = _weekday_beside(said)
    what = said.one("dates", "relative", "today", "now", "next", "days")
    if what is None:
        word = said.clauses[0].word
        raise context.refuse(word, "once, but on which day?", "name a date, e.g. once on 2027-01-31 at 9:00")
    times = said.one("times")
    if what.name == "now":
        instants = [context.now]
    elif what.name == "relative":
        instants = _relative(context, what, times, zone_name)
    else:
        instants = _on_days(said, what, times, zone_name)
        if zone_said is None and not (what.name == "dates" and all(_has_offset(word) for word in what.nodes)):
            context.note(f"times are those of {zone_name}, as no place was named")
    if weekday is not None:
        _check_weekday(context, weekday, instants, zone_name)
    made = [Once(kind="once", at=at) for at in dict.fromkeys(sorted(instants))]
    if len(made) == 1:
        return made[0]
    if not made:
        raise context.refuse(
            what.word, "once, but on which date?", "name it, e.g. once on 2027-01-31 at 9:00, or tomorrow at 9:00"
        )
    if len(made) > MEMBERS_MAX:
        raise context.refuse(what.word, f"more than {MEMBERS_MAX} instants", "name fewer")
    return AnyOf(kind="any_of", schedules=tuple(made))


def _weekday_beside(said: Said) -> Word | None:
    """ "Thursday 24 December 2026": the weekday says nothing that the date does not, and is taken out to be checked."""
    found = [clause for clause in said.all("days") if named(clause.nodes[-1]) == "weekdays" and len(clause.nodes) == 1]
    dates = [clause for clause in said.all("dates", "days") if clause not in found]
    if len(found) != 1 or len(dates) != 1:
        return None
    word = last_word(found[0].nodes[-1])
    if word.type != "WEEKDAY" or first_word(found[0].nodes[-1]) is not word:
        return None
    said.clauses.remove(found[0])
    return word


def _check_weekday(context: Context, word: Word, instants: list[datetime], zone_name: str) -> None:
    for instant in instants:
        day = today(zone_name, instant)
        if day.toordinal() % 7 != word.value:
            name = WEEKDAYS[day.toordinal() % 7].capitalize()
            raise context.refuse(
                word,
                f"{day.isoformat()} is a {name}",
                "check the day against a calendar",
                context.instead(word, word, name),
            )


def _has_offset(word: Any) -> bool:
    if isinstance(word, Word):
        return word.type == "AND"
    written = children(word)[0]
    return written.type == "STAMP" and offset(written)


def reads_zone(said: Said) -> bool:
    """Whether a bound or an anchor is a local time, so that it matters whose."""
    for clause in said.all("starting", "until", "counted_from"):
        word = children(clause.nodes[-1])[0]
        if isinstance(word, Word) and (word.type == "DATE" or (word.type == "STAMP" and not offset(word))):
            return True
    return False


def _relative(context: Context, clause: Clause, times: Clause | None, zone_name: str) -> list[datetime]:
    word = next(node for node in clause.nodes if node.type == "DURATION")
    ahead = length(context, word)
    if ahead.seconds is None:
        raise context.refuse(word, f"{ahead.unit}s differ in length", "name a date")
    start = context.now.replace(microsecond=0)
    if ahead.unit in ("day", "week"):
        days = int(ahead.count) * (7 if ahead.unit == "week" else 1)
        if days > YEARS_AHEAD_MAX * 366:
            raise context.refuse(word, "too far ahead", "name a nearer time")
        day = today(zone_name, context.now) + timedelta(days=days)
        if times is not None:
            found = [_instant(context, clause.word, zone_name, day, time) for time in times_of(context, times)]
        else:
            time = zone(zone_name).reading(seconds(start)) % DAY
            found = [instant_at(context, clause.word, zone_name, reading(day, time))]
    else:
        if times is not None:
            raise context.refuse(times.word, "the time is said already", "leave one out")
        if ahead.seconds > YEARS_AHEAD_MAX * 366 * DAY:
            raise context.refuse(word, "too far ahead", "name a nearer time")
        found = [start + timedelta(seconds=ahead.seconds)]
    local = shown_extended(zone(zone_name).reading(seconds(found[0]))).replace("T", " ")
    context.note(f"{context.text[clause.word.start : last_end(clause)]} is {local} in {zone_name}")
    return found


def last_end(clause: Clause) -> int:
    return last_word(clause.nodes[-1]).end


def _on_days(said: Said, what: Clause, times: Clause | None, zone_name: str) -> list[datetime]:
    context = said.context
    found: list[datetime] = []
    days: list[date] = []
    if what.name == "today":
        day = today(zone_name, context.now) + timedelta(days=what.word.value)
        context.note(f"{context.text[what.word.start : what.word.end]} is {day.isoformat()} in {zone_name}")
        days = [day]
    elif what.name == "next":
        days = [next_day(context, what.nodes, zone_name)]
    elif what.name == "days":
        for node in children(what.nodes[-1]):
            if not isinstance(node, Word):
                named_days = year_day(context, node)
                if named_days.year is None:
                    raise context.refuse(named_days.word, "the year is missing here", "name the year of each day")
                days += dated(context, named_days)
    else:
        for node in what.nodes:
            if named(node) != "date":
                continue
            word = children(node)[0]
            real_day(context, word)
            if word.type == "STAMP":
                found.append(stamp(context, word, zone_name))
            else:
                days.append(date.fromisoformat(word.value))
    if found and (days or times is not None):
        other = times.word if times is not None else what.word
        raise context.refuse(other, "the time is said already", "say it once")
    if days and times is None:
        if what.name in ("today", "next"):
            last = what.nodes[-1]
            said_day = context.text[what.word.start : last.end]
            offers = (
                context.instead(what.word, last, f"{said_day} at 09:00"),
                context.instead(what.word, last, f"{said_day} at 00:00"),
            )
            raise context.refuse(what.word, "at what time?", "say the time", *offers)
        context.note("no time was said: 00:00")
    for day in days:
        for time in [0] if times is None else times_of(context, times):
            at = _instant(context, what.word, zone_name, day, time)
            if what.name == "today" and at <= context.now:
                offer = context.instead(what.word, what.word, "tomorrow")
                raise context.refuse(what.word, f"{shown_time(time)} has passed today", "name a later time", offer)
            found.append(at)
    return found


def _instant(context: Context, word: Word, zone_name: str, day: date, time: int) -> datetime:
    local = reading(day, time)
    return exact_instant(context, word, zone_name, local)
