"""A rule in words: what comes back in days, weeks, months or years is said, everything else is given as it is written."""

from typing import Final

from horarium.core.schedule.describe_cron import (
    listed,
    month_words,
    ordinal,
    stretches,
    time_text,
    weekday_name,
    weekday_words,
)
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.rrule_text import Frequency, RruleText, read_rrule
from horarium.core.schedule.same import normal_rrule

TIMES_LISTED_MAX: Final = 8
_SHORT: Final = {Frequency.HOURLY: "hour", Frequency.MINUTELY: "minute", Frequency.SECONDLY: "second"}
_UNITS: Final = {
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.YEARLY: "year",
}
_WORKDAYS: Final = frozenset((day, 0) for day in range(5))
_WEEKEND: Final = frozenset({(5, 0), (6, 0)})
_NTH_MAX: Final = 5
_WORKDAYS_MAX: Final = 23
_WEEKEND_DAYS_MAX: Final = 10


def rrule_words(schedule: Rrule) -> str:
    """Times, days and the beginning, without the zone."""
    rule = normal_rrule(schedule.rule, schedule.start)
    read = read_rrule(rule)
    day, clock = schedule.start.split("T")
    if read.frequency in _SHORT and _only_steps(rule):
        unit = _SHORT[read.frequency]
        every = f"Every {unit}" if read.interval == 1 else f"Every {read.interval} {unit}s"
        return f"{every} by the clock, counted from {day} {clock.removesuffix(':00')}" + _end_words(rule, read)
    head, times = _head(read), _times(read, clock)
    if head is None or times is None or (read.positions and len(times) > 1):
        return f"By the rule {rule} starting {day} {clock.removesuffix(':00')}"
    begun = day if _first_time(read, clock) == clock else f"{day} {clock.removesuffix(':00')}"
    return f"{head} at {listed(times)}, counted from {begun}" + _end_words(rule, read)


def _only_steps(rule: str) -> bool:
    """Whether the rule is nothing but its steps and its end."""
    return all(part.partition("=")[0] in ("FREQ", "INTERVAL", "COUNT", "UNTIL") for part in rule.split(";"))


def _end_words(rule: str, read: RruleText) -> str:
    words = ""
    if read.until is not None:
        at = read.columns["UNTIL"] - 1
        text = rule[at : at + 15]
        words += f" to {text[:4]}-{text[4:6]}-{text[6:8]} {text[9:11]}:{text[11:13]}"
        words += f":{text[13:]}" if text[13:] != "00" else ""
    if read.count is not None:
        words += f", {read.count} time{'' if read.count == 1 else 's'} in all"
    return words


def _masks(read: RruleText, clock: str) -> list[list[int]]:
    parts = zip((read.hours, read.minutes, read.seconds), clock.split(":"), strict=True)
    return [sorted(set(numbers)) or [int(text)] for numbers, text in parts]


def _times(read: RruleText, clock: str) -> list[str] | None:
    hours, minutes, seconds = _masks(read, clock)
    if len(hours) * len(minutes) * len(seconds) > TIMES_LISTED_MAX:
        return None
    return [time_text((hour * 60 + minute) * 60 + second) for hour in hours for minute in minutes for second in seconds]


def _first_time(read: RruleText, clock: str) -> str:
    hour, minute, second = (numbers[0] for numbers in _masks(read, clock))
    return f"{hour:02}:{minute:02}:{second:02}"


def _head(read: RruleText) -> str | None:
    """ "Every other Monday", "Every 2 months on the 3rd"; None for what has no such words."""
    unit = _UNITS.get(read.frequency)
    if unit is None or read.weeks or read.week_start:
        return None
    every = f"Every {unit}" if read.interval == 1 else f"Every {read.interval} {unit}s"
    months = f" in {month_words(sum(1 << month for month in set(read.months)))}" if read.months else ""
    if read.year_days:
        days = _days_of_year(read)
        return None if days is None else f"{every} {days}"
    match read.frequency:
        case Frequency.DAILY if not (read.month_days or read.weekdays or read.positions):
            return every + months
        case Frequency.WEEKLY if not read.positions:
            words = _weekdays(read)
            one = read.interval == 2 and len(set(read.weekdays)) == 1
            return (f"Every other {words}" if one else f"{every} on {words}") + months
        case Frequency.MONTHLY:
            days = _days(read)
            return None if days is None else f"{every}{months} {days}"
        case Frequency.YEARLY if read.months and not read.positions:
            if len(read.months) == len(read.month_days) == 1 and read.month_days[0] > 0 and not read.weekdays:
                return f"{every} on {read.month_days[0]}{months.replace(' in', '')}"
            days = _days(read) or (f"on {_weekdays(read)}" if _plain(read) and not read.month_days else None)
            return None if days is None else f"{every}{months} {days}"
        case _:
            return None


def _plain(read: RruleText) -> bool:
    return bool(read.weekdays) and all(nth == 0 for _, nth in read.weekdays)


def _weekdays(read: RruleText) -> str:
    return weekday_words(sum(1 << (day + 1) % 7 for day, _ in set(read.weekdays)))


def _days(read: RruleText) -> str | None:
    """The days of a month."""
    if read.positions:
        return _positions(read)
    if read.month_days:
        dates = sum(1 << day for day in set(read.month_days) if day > 0)
        if read.weekdays and not _plain(read):
            return None
        from_end = _from_end(read.month_days, "day")
        # "the 1st and 2nd last day" could be taken for two days counted from the end.
        noun = " day" if len(from_end) > (-1 in read.month_days) else ""
        items = [
            f"{ordinal(first)}{noun}" if first == last else f"{ordinal(first)} to {ordinal(last)}"
            for first, last in stretches(dates)
        ] + from_end
        words = f"on the {listed(items)}"
        return f"{words}, only if it is {_weekdays(read)}," if read.weekdays else words
    if not all(1 <= abs(nth) <= _NTH_MAX for _, nth in read.weekdays):
        return None
    days = sorted(((day + 1) % 7, nth) for day, nth in set(read.weekdays))
    items = [f"{ordinal(nth)} {weekday_name(day)}" for day, nth in days if nth > 0]
    items += [words for day, nth in days if nth < 0 for words in _from_end((nth,), weekday_name(day))]
    return f"on the {listed(items)}"


def _from_end(numbers: tuple[int, ...], noun: str) -> list[str]:
    """ "3rd last day", "last day", of those that are negative."""
    negative = sorted(number for number in set(numbers) if number < 0)
    return [f"last {noun}" if number == -1 else f"{ordinal(-number)} last {noun}" for number in negative]


def _positions(read: RruleText) -> str | None:
    """ "the 2nd working day (Monday to Friday)", "the last weekend day"."""
    if set(read.weekdays) == _WORKDAYS:
        noun, most = "working day (Monday to Friday)", _WORKDAYS_MAX
    elif set(read.weekdays) == _WEEKEND:
        noun, most = "weekend day", _WEEKEND_DAYS_MAX
    else:
        return None
    if read.month_days or not all(1 <= abs(number) <= most for number in read.positions):
        return None
    items = [f"{ordinal(number)} {noun}" for number in sorted(set(read.positions)) if number > 0]
    return f"on the {listed(items + _from_end(read.positions, noun))}"


def _days_of_year(read: RruleText) -> str | None:
    """ "on the 100th day and last day of the year", where the rule names nothing else."""
    if read.frequency is not Frequency.YEARLY or read.months or read.month_days or read.weekdays or read.positions:
        return None
    items = [f"{ordinal(day)} day" for day in sorted(set(read.year_days)) if day > 0]
    return f"on the {listed(items + _from_end(read.year_days, 'day'))} of the year"
