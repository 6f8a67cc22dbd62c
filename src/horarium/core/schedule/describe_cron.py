"""The times and days of a cron text in words. Common texts are short; for odd ones each field is named, still exactly."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from horarium.core.schedule.cron import Cron
from horarium.core.schedule.cron_days import ALL_MONTHS, DayFields
from horarium.core.schedule.cron_text import CronText, read_cron
from horarium.core.schedule.cron_write import ALL_HOURS, ALL_SIXTY, bits, day_rule, pure_step, write_cron
from horarium.core.schedule.phrases.times import Grid, grids
from horarium.core.schedule.phrases.words import MONTHS, WEEKDAYS
from horarium.core.schedule.schedule import Schedule

TIMES_LISTED_MAX: Final = 8
WORDS_KEPT: Final = 4_096
"""Texts whose words were found before: many tasks run at the same times. Below a kilobyte each."""
EVERY_DAY: Final = ["every day"]
_FROM_MONDAY: Final = (1, 2, 3, 4, 5, 6, 0)


@lru_cache(maxsize=WORDS_KEPT)
def cron_words(expression: str) -> str:
    """Times and days, without the zone."""
    text = read_cron(expression)
    times, days = time_words(text), day_words(text.days)
    if days == EVERY_DAY and times.startswith("every"):
        days = []
    return ", ".join([_capital(times), *days])


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def joined_cron(members: Sequence[Schedule]) -> str | None:
    """Several cron schedules that differ in their times only, as one list of times; None where that would not be exact."""
    if len(members) < 2 or not all(_plain(member) for member in members):
        return None
    crons = [member for member in members if isinstance(member, Cron)]
    zone_name = crons[0].timezone
    if any(cron.timezone != zone_name for cron in crons):
        return None
    words = _joined(tuple(cron.expression for cron in crons))
    return None if words is None else f"{words}, {zone_name}"


@lru_cache(maxsize=WORDS_KEPT)
def _joined(expressions: tuple[str, ...]) -> str | None:
    texts = [read_cron(expression) for expression in expressions]
    if len({write_cron(_at_midnight(text)) for text in texts}) > 1:
        return None
    times = [time for text in texts for time in _times(text)]
    if len(times) > TIMES_LISTED_MAX or any(text.wild for text in texts):
        return None
    found = [(text.seconds, text.minutes, text.hours) for text in texts]
    if found != [(grid.seconds, grid.minutes, grid.hours) for grid in grids(sorted(set(times)))]:
        return None
    return ", ".join([f"At {listed([time_text(time) for time in sorted(times)])}", *day_words(texts[0].days)])


def _plain(member: Schedule) -> bool:
    """Whether it is a cron schedule with nothing but its text and zone."""
    if not isinstance(member, Cron) or not member.plain() or member.roll != "none":
        return False
    usual = member.max_occurrences is None and not member.jitter_seconds
    return usual and member.dst_gap == "run_after" and member.dst_fold == "first"


def _at_midnight(text: CronText) -> CronText:
    return CronText(seconds=1, minutes=1, hours=1, days=text.days, wild=False, column=1)


def time_words(text: CronText) -> str:
    """Fixed times as a list or in even steps, real time by its step, everything else by its fields."""
    words = _real_time(text) if text.wild else _fixed(text)
    return words if words is not None else _fields(text)


def _fixed(text: CronText) -> str | None:
    count = text.seconds.bit_count() * text.minutes.bit_count() * text.hours.bit_count()
    if count <= TIMES_LISTED_MAX:
        return f"at {listed([time_text(time) for time in _times(text)])}"
    hours = list(bits(text.hours))
    step = hours[1] - hours[0] if len(hours) > 1 else 0
    if text.seconds != 1 or text.minutes.bit_count() > 1 or hours != list(range(hours[0], hours[-1] + 1, step)):
        return None
    minute = next(bits(text.minutes)) * 60
    every = "every hour" if step == 1 else f"every {step} hours"
    return f"{every} from {time_text(hours[0] * 3600 + minute)} to {time_text(hours[-1] * 3600 + minute)}"


def _times(text: CronText | Grid) -> list[int]:
    return [
        (hour * 60 + minute) * 60 + second
        for hour in bits(text.hours)
        for minute in bits(text.minutes)
        for second in bits(text.seconds)
    ]


def _real_time(text: CronText) -> str | None:
    seconds, minutes, hours = (
        pure_step(text.seconds, 0, 59),
        pure_step(text.minutes, 0, 59),
        pure_step(text.hours, 0, 23),
    )
    if text.hours == ALL_HOURS:
        if text.minutes == ALL_SIXTY and _even(seconds, 60):
            return _by_the_clock(seconds, "second")
        if text.seconds == 1 and _even(minutes, 60):
            return _by_the_clock(minutes, "minute")
    if (text.seconds, text.minutes) == (1, 1) and _even(hours, 24):
        return _by_the_clock(hours, "hour")
    stretch = list(bits(text.hours))
    whole = stretch == list(range(stretch[0], stretch[-1] + 1))
    if text.seconds == 1 and whole and text.hours != ALL_HOURS and _even(minutes, 60):
        last = max(bits(text.minutes))
        every = "every minute" if minutes == 1 else f"every {minutes} minutes"
        return f"{every} from {time_text(stretch[0] * 3600)} to {time_text(stretch[-1] * 3600 + last * 60)}"
    return None


def _even(step: int | None, size: int) -> bool:
    return step is not None and step < size and size % step == 0


def _by_the_clock(step: int | None, unit: str) -> str:
    return f"every {unit} by the clock" if step == 1 else f"every {step} {unit}s by the clock"


def _fields(text: CronText) -> str:
    """Field by field. "every" in it, or else "following real time", tells that it is wild."""
    parts = []
    every = False
    named = [("minute", text.minutes, ALL_SIXTY), ("hour", text.hours, ALL_HOURS)]
    if text.seconds != 1:
        named.insert(0, ("second", text.seconds, ALL_SIXTY))
    for name, mask, full in named:
        if mask == full and text.wild:
            parts.append(f"every {name}")
            every = True
        else:
            parts.append(f"{name}{'s' if mask.bit_count() > 1 else ''} {_numbers(mask)}")
    return f"at {' of '.join(parts)}" + (", following real time" if text.wild and not every else "")


def _numbers(mask: int) -> str:
    return listed([str(first) if first == last else f"{first} to {last}" for first, last in stretches(mask)])


def stretches(mask: int) -> list[tuple[int, int]]:
    """Runs of three neighbours and more as (first, last), all else one by one."""
    found: list[tuple[int, int]] = []
    for value in bits(mask):
        if found and found[-1][1] == value - 1:
            found[-1] = (found[-1][0], value)
        else:
            found.append((value, value))
    return [
        part
        for first, last in found
        for part in ([(first, last)] if last - first > 1 or first == last else [(first, first), (last, last)])
    ]


def day_words(days: DayFields) -> list[str]:
    """The days, then the months; every day without months is said so."""
    rule = day_rule(days)
    months = [] if days.months == ALL_MONTHS else [f"in {month_words(days.months)}"]
    date, weekday = rule.by_date, rule.by_weekday
    if date is None and weekday is None:
        return months or EVERY_DAY
    if weekday is None:
        assert date is not None
        plain = not (date.last_day or date.last_workday or date.near_workdays)
        if plain and months and date.days.bit_count() == 1 and days.months.bit_count() == 1:
            return [f"every {next(bits(date.days))} {month_words(days.months)}"]
        return [_dates(date), *months]
    if date is None:
        single = weekday.weekdays.bit_count() == 1
        return [f"every {_weekdays(weekday)}" if single else _weekdays(weekday), *months]
    joined = "only if it is " if rule.both else "or every " if weekday.weekdays else "or also "
    # The months first: behind the weekday they could be taken for its own.
    return [*months, _dates(date), joined + _weekdays(weekday, " or " if rule.both else ", and also ")]


def _dates(side: DayFields) -> str:
    items = [
        ordinal(first) if first == last else f"{ordinal(first)} to {ordinal(last)}"
        for first, last in stretches(side.days)
    ]
    items += [
        "1st workday" if day == 1 and not side.days else f"workday nearest the {ordinal(day)}"
        for day in bits(side.near_workdays)
    ]
    items += ["last day"] * side.last_day + ["last workday"] * side.last_workday
    return f"on the {listed(items)} of the month"


def _weekdays(side: DayFields, between: str = ", and also ") -> str:
    """Plain weekdays, then the ordinals among them: the days of both."""
    nth = [f"{ordinal(number)} {weekday_name(day)}" for day, number in side.nth_weekdays]
    nth += [f"last {weekday_name(day)}" for day in _FROM_MONDAY if side.last_weekdays >> day & 1]
    words = [weekday_words(side.weekdays)] if side.weekdays else []
    if nth:
        words.append(f"on the {listed(nth)} of the month")
    return between.join(words)


def weekday_words(mask: int) -> str:
    """ "Monday to Friday", "Monday, Wednesday and Friday"; the week begins with Monday."""
    moved = sum(1 << (day - 1) % 7 for day in bits(mask))
    names = [
        weekday_name((first + 1) % 7)
        if first == last
        else f"{weekday_name((first + 1) % 7)} to {weekday_name((last + 1) % 7)}"
        for first, last in stretches(moved)
    ]
    return listed(names)


def month_words(mask: int) -> str:
    names = [
        month_name(first) if first == last else f"{month_name(first)} to {month_name(last)}"
        for first, last in stretches(mask)
    ]
    return listed(names)


def weekday_name(day: int) -> str:
    return WEEKDAYS[day].capitalize()


def month_name(month: int) -> str:
    return MONTHS[month - 1].capitalize()


def ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def time_text(time: int) -> str:
    hour, rest = divmod(time, 3600)
    return f"{hour:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


def listed(items: list[str]) -> str:
    """ "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
