"""A schedule as one exact sentence that `phrase.parse` reads back. Nothing is left out, nothing is rounded."""

from datetime import datetime
from typing import Final, assert_never

from horarium.core.instants import MILLISECOND, to_ms
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays, Weekdays, yearly
from horarium.core.schedule.describe_cron import cron_words, joined_cron, month_name, weekday_words
from horarium.core.schedule.describe_rrule import rrule_words
from horarium.core.schedule.every import Every
from horarium.core.schedule.local import shown_extended
from horarium.core.schedule.once import Once
from horarium.core.schedule.phrases.quoted import quoted
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.schedule import Exclusion, Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.yearly_days import last_of
from horarium.core.schedule.zone import zone

NUMBER_OF: Final = {"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6}


def describe(schedule: Schedule) -> str:
    """One English sentence without a full stop, e.g. "At 09:00, Monday to Friday, Europe/Berlin"."""
    return ", ".join([_rule(schedule), *_bounds(schedule)])


def _rule(schedule: Schedule) -> str:
    match schedule:
        case Once():
            words = f"Once at {instant_words(schedule.at, None)}"
            return words if schedule.if_past is None else f"{words}, at once if that has passed"
        case Every():
            return _every(schedule)
        case Cron():
            return ", ".join([cron_words(schedule.expression), schedule.timezone, *_clock_changes(schedule)])
        case Rrule():
            return ", ".join([rrule_words(schedule), schedule.timezone, *_clock_changes(schedule)])
        case AnyOf():
            return _any_of(schedule)
        case _:
            assert_never(schedule)


def _every(schedule: Every) -> str:
    words = f"Every {length_words(schedule.seconds).removeprefix('1 ')}"
    if schedule.anchor is not None and schedule.anchor != schedule.starts_at:
        return f"{words}, counted from {instant_words(schedule.anchor, None)}"
    if schedule.anchor is None and schedule.starts_at is not None:
        return f"{words}, counted from its saving"
    return words


def _any_of(schedule: AnyOf) -> str:
    joined = joined_cron(schedule.schedules)
    if joined is not None:
        return joined
    members = [f"({describe(member)})" for member in schedule.schedules]
    return f"Any of {members[0]}" if len(members) == 1 else " or ".join(members)


def _clock_changes(schedule: Cron | Rrule) -> list[str]:
    words = []
    if schedule.dst_gap == "skip":
        words.append("left out when the clocks skip it")
    if schedule.dst_fold == "both":
        words.append("twice when the clocks repeat it")
    return words


def _bounds(schedule: Schedule) -> list[str]:
    zones = schedule.zones()
    zone_name = next(iter(zones)) if len(zones) == 1 and isinstance(schedule, Cron | Rrule | AnyOf) else None
    words = [f"except {_exclusion(each)}" for each in schedule.except_]
    if schedule.roll != "none":
        words.append(f"moved to the {'next' if schedule.roll == 'forward' else 'previous'} open day")
    if schedule.starts_at is not None:
        words.append(f"starting {instant_words(schedule.starts_at, zone_name)}")
    if schedule.ends_at is not None:
        words.append(f"until {_end_words(schedule.ends_at, zone_name)}")
    if schedule.max_occurrences is not None:
        words.append(f"at most {schedule.max_occurrences} time{'' if schedule.max_occurrences == 1 else 's'}")
    if schedule.jitter_seconds:
        words.append(f"each at random within {length_words(schedule.jitter_seconds)}")
    return words


def _exclusion(each: Exclusion) -> str:
    match each:
        case Weekdays():
            words = weekday_words(sum(1 << NUMBER_OF[day] for day in each.days))
        case Dates():
            words = _listed_days(each.dates)
        case Holidays():
            place = each.country if each.subdivision is None else f"{each.country}-{each.subdivision}"
            words = f"holidays of {place}"
        case CalendarDays():
            words = f"calendar {quoted(each.name)}"
        case Once() | Every() | Cron() | Rrule() | AnyOf():
            return f"({describe(each)})"
        case _:
            assert_never(each)
    return words if each.timezone is None else f"{words} (days of {each.timezone})"


def _listed_days(texts: tuple[str, ...]) -> str:
    """ "2027-12-24 and 24 December to 2 January", or "in January and March to May" where all are whole months."""
    months = [_whole_months(text) for text in texts]
    if None not in months:
        return f"in {' and '.join(month for month in months if month is not None)}"
    return " and ".join(_day_words(text) for text in texts)


def _whole_months(text: str) -> str | None:
    stretch = yearly(text)
    if stretch is None or "/" not in text:
        return None
    (first, day), (last, last_day) = stretch
    if day != 1 or last_day != last_of(last):
        return None
    if first == last:
        return month_name(first)
    return f"{month_name(first)} to {month_name(last)}"


def _day_words(text: str) -> str:
    stretch = yearly(text)
    if stretch is None:
        return text.replace("/", " to ")
    days = [f"{day} {month_name(month)}" for month, day in stretch]
    return " to ".join(days) if "/" in text else days[0]


def length_words(seconds: int | float) -> str:
    """The one way a length is written: in the largest of hours, minutes and seconds that leaves no rest."""
    milliseconds = round(seconds * 1000)
    for unit, size in (("hour", 3_600_000), ("minute", 60_000), ("second", 1000)):
        count, rest = divmod(milliseconds, size)
        if not rest:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{milliseconds / 1000:.3f}".rstrip("0") + " seconds"


def instant_words(instant: datetime, zone_name: str | None) -> str:
    """The reading of the zone, where it names this instant and no other; else UTC with a Z."""
    second, milliseconds = divmod(to_ms(instant), 1000)
    if zone_name is not None and not milliseconds:
        clock = zone(zone_name)
        local = clock.reading(second)
        if local >= 0 and _only(zone_name, local, second):
            return _reading_words(local)
    text = shown_extended(second).removesuffix(":00") if not milliseconds else shown_extended(second)
    return text.replace("T", " ") + (f".{milliseconds:03}" if milliseconds else "") + "Z"


def _only(zone_name: str, local: int, second: int) -> bool:
    """Whether the clock shows this reading once only, at that second."""
    clock = zone(zone_name)
    offsets = {clock.reading(at) - at for at in (second - DAY, second, second + DAY)}
    return [at for at in {local - offset for offset in offsets} if clock.reading(at) == local] == [second]


def _reading_words(local: int) -> str:
    day, time = shown_extended(local).split("T")
    return day if time == "00:00:00" else f"{day} {time.removesuffix(':00')}"


def _end_words(instant: datetime, zone_name: str | None) -> str:
    """A day where the instant is its last millisecond; an instant that begins a day is written with its time."""
    if zone_name is not None:
        following = to_ms(instant + MILLISECOND)
        clock = zone(zone_name)
        if following % 1000 == 0:
            local = clock.reading(following // 1000)
            if local % DAY == 0 and local >= DAY and clock.second(local) == following // 1000:
                return shown_extended(local - DAY)[:10]
        words = instant_words(instant, zone_name)
        return words if " " in words else f"{words} 00:00"
    return instant_words(instant, None)
