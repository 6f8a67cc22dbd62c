"""Phrases that only an RRULE can say: every other week, every 3 days at a time, the 2nd working day."""

from datetime import date, datetime
from typing import Final

from horarium.core.instants import MILLISECOND
from horarium.core.schedule.cron_days import ALL_MONTHS
from horarium.core.schedule.cron_write import bits
from horarium.core.schedule.local import EPOCH_ORDINAL, read_extended, shown_extended
from horarium.core.schedule.phrases.bound_days import when
from horarium.core.schedule.phrases.listed_days import real_day
from horarium.core.schedule.phrases.named import Named
from horarium.core.schedule.phrases.said import (
    DAY_CLAUSES,
    PACES,
    Clause,
    Context,
    Said,
    children,
    reading,
    seconds,
    today,
)
from horarium.core.schedule.phrases.stamps import offset
from horarium.core.schedule.phrases.times import Grid, Length, grids, times_of
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.rrule_text import INTERVAL_MAX
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

NAMES: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
FROM_MONDAY: Final = (1, 2, 3, 4, 5, 6, 0)
_SHORT: Final = {"hour": "HOURLY", "minute": "MINUTELY", "second": "SECONDLY"}
WORKDAYS: Final = "MO,TU,WE,TH,FR"
WEEKEND: Final = "SA,SU"


def by_rule(said: Said, clause: Clause, zone_name: str) -> Rrule:
    """ "by the rule FREQ=… starting …", as sentences write it."""
    said.only("rule")
    word = children(clause.nodes[-1])[0]
    return Rrule(kind="rrule", rule=clause.nodes[1].value, start=word.value, timezone=zone_name)


def interval_rule(said: Said, frequency: str, count: int, days: Named, zone_name: str) -> Schedule:
    """Every `count` days, weeks, months or years, counted from the day that was named or else from the next fitting one."""
    context = said.context
    if count > INTERVAL_MAX:
        raise context.refuse(said.clauses[0].word, "such an interval is too long", "name a shorter one")
    said.only(*PACES, *DAY_CLAUSES, *(["of_year"] if days.year_days else []), "times", "counted_from", "count_all")
    grid = _grid(said)
    parts = [f"FREQ={frequency}", f"INTERVAL={count}"] if count > 1 else [f"FREQ={frequency}"]
    if _unsayable(days, frequency):
        raise context.refuse(said.clauses[0].word, "such days cannot be counted in this interval", "name plain days")
    if days.months != ALL_MONTHS:
        parts.append("BYMONTH=" + ",".join(map(str, bits(days.months))))
    if _positions(days) and grid.hours.bit_count() * grid.minutes.bit_count() * grid.seconds.bit_count() > 1:
        raise context.refuse(said.all("times")[0].word, "such days have one time each here", "name one time")
    parts += _day_parts(days)
    counted = said.one("counted_from")
    if counted is None:
        start = _start(said, parts, grid, zone_name)
    else:
        word = children(counted.nodes[1])[0]
        start = real_day(context, word)
    parts += _end_parts(said, counted)
    if counted is not None and word.type == "STAMP":
        return _begun(parts, _local(context, word), grid, zone_name)
    return _rule(parts, start, grid, zone_name)


def step_rule(said: Said, every: Length, counted: Clause, zone_name: str) -> Rrule:
    """Every 7 hours of the local clock, counted from a reading of it."""
    context = said.context
    said.only(*PACES, "by_clock", "counted_from", "count_all")
    frequency = _SHORT.get(every.unit)
    if frequency is None or not isinstance(every.count, int) or every.count > INTERVAL_MAX:
        raise context.refuse(
            said.clauses[0].word, "such an interval cannot be counted by the clock", "write whole units"
        )
    word = children(counted.nodes[1])[0]
    if word.type == "DATE":
        word = Word("STAMP", f"{word.value}T00:00", word.start, word.end)
    start = _local(context, word)
    steps = [f"FREQ={frequency}"] + ([f"INTERVAL={every.count}"] if every.count > 1 else [])
    return Rrule(kind="rrule", rule=";".join([*steps, *_end_parts(said, counted)]), start=start, timezone=zone_name)


def _end_parts(said: Said, counted: Clause | None) -> list[str]:
    """UNTIL of "counted from … to …" and COUNT of "10 times in all"."""
    context = said.context
    parts = []
    if counted is not None and len(counted.nodes) > 2:
        end = _local(context, children(counted.nodes[-1])[0])
        parts.append("UNTIL=" + end.replace("-", "").replace(":", ""))
    in_all = said.one("count_all")
    if in_all is not None:
        if counted is None:
            raise context.refuse(in_all.word, "counted from when?", 'write only "times", or "counted from" a day')
        parts.append(f"COUNT={in_all.word.value}")
    return parts


def _single_times(found: list[Grid]) -> list[Grid]:
    """BYSETPOS counts instants: with two times a day the 2nd would be the later one of the first day."""
    return [
        Grid(1 << second, 1 << minute, 1 << hour, grid.wild)
        for grid in found
        for hour in bits(grid.hours)
        for minute in bits(grid.minutes)
        for second in bits(grid.seconds)
    ]


def _positions(days: Named) -> list[int]:
    """Which days of one sort, where no others are named. The 1st working day is the workday nearest the 1st."""
    if days.dates or days.last_day or days.from_end or days.by_weekday or days.near_workdays & ~2:
        return []
    if days.nth_weekend_days:
        others = days.nth_workdays or days.near_workdays or days.last_workday
        return [] if others else sorted(days.nth_weekend_days)
    return sorted(days.nth_workdays | ({1} if days.near_workdays else set())) + [-1] * days.last_workday


def _unsayable(days: Named, frequency: str) -> bool:
    if days.year_days:
        named_too = days.by_date or days.by_weekday or days.by_position or days.months != ALL_MONTHS
        return frequency != "YEARLY" or named_too
    if _positions(days):
        return frequency != "MONTHLY"
    if days.last_workday or days.near_workdays or days.by_position:
        return True
    return days.by_date and days.by_weekday and (days.by_nth or not days.both)


def _day_parts(days: Named) -> list[str]:
    """The days as parts of a rule that can say them."""
    if days.year_days:
        return ["BYYEARDAY=" + ",".join(map(str, sorted(days.year_days)))]
    positions = _positions(days)
    if positions:
        among = WEEKEND if days.nth_weekend_days else WORKDAYS
        return [f"BYDAY={among}", "BYSETPOS=" + ",".join(map(str, positions))]
    parts = []
    if days.by_date:
        listed = [*bits(days.dates), *sorted(days.from_end), *([-1] if days.last_day else [])]
        parts.append("BYMONTHDAY=" + ",".join(map(str, listed)))
    if days.by_weekday:
        parts.append("BYDAY=" + ",".join(_weekdays(days)))
    return parts


def _local(context: Context, word: Word) -> str:
    """A reading without an offset. Raises BadPhrase."""
    if word.type == "DATE" or offset(word):
        raise context.refuse(word, "a time of the place is expected here", "write it like 2027-01-31 09:00")
    real_day(context, word)
    try:
        return shown_extended(read_extended(word.value))
    except ValueError as error:
        raise context.refuse(word, str(error), "write it like 2027-01-31 09:00") from None


def _begun(parts: list[str], start: str, grid: Grid, zone_name: str) -> Rrule:
    """With a beginning at another time than its own, all its times are written."""
    parts = list(parts)
    for name, mask in (("BYHOUR", grid.hours), ("BYMINUTE", grid.minutes), ("BYSECOND", grid.seconds)):
        parts.append(f"{name}=" + ",".join(map(str, bits(mask))))
    return Rrule(kind="rrule", rule=";".join(parts), start=start, timezone=zone_name)


def month_rule(said: Said, days: Named, found: list[Grid], zone_name: str) -> list[Schedule]:
    """The 2nd working day, the third last day of the month; a day of the month that is a certain weekday; a day of the year."""
    context = said.context
    day = today(zone_name, context.now).replace(day=1)
    frequency = "YEARLY" if days.year_days else "MONTHLY"
    if _unsayable(days, frequency):
        raise context.refuse(said.clauses[0].word, "these days cannot be joined in one rule", "write (one) or (other)")
    parts = [f"FREQ={frequency}"]
    if days.months.bit_count() < 12:
        parts.append("BYMONTH=" + ",".join(map(str, bits(days.months))))
    parts += _day_parts(days)
    if days.year_days:
        day = day.replace(month=1)
    context.note(f"the rule begins on {day.isoformat()}")
    made: list[Schedule] = []
    for grid in _single_times(found) if _positions(days) else found:
        if grid.wild:
            raise context.refuse(said.clauses[0].word, "an interval cannot be joined with such days", "name times")
        made.append(_rule(parts, day, grid, zone_name))
    return made


def _grid(said: Said) -> Grid:
    context = said.context
    clause = said.one("times")
    if clause is None:
        context.note("no time was said: 00:00")
        return Grid(1, 1, 1)
    found = grids(times_of(context, clause))
    if len(found) > 1:
        raise context.refuse(clause.word, "these times do not share hours or minutes", "write (one) or (other)")
    return found[0]


def _rule(parts: list[str], start: date, grid: Grid, zone_name: str) -> Rrule:
    """Several times a day become BYHOUR and BYMINUTE; a single one is that of the start."""
    parts = list(parts)
    first = [next(bits(mask)) for mask in (grid.hours, grid.minutes, grid.seconds)]
    for name, mask in (("BYHOUR", grid.hours), ("BYMINUTE", grid.minutes), ("BYSECOND", grid.seconds)):
        if mask.bit_count() > 1:
            parts.append(f"{name}=" + ",".join(map(str, bits(mask))))
    hour, minute, second = first
    local = reading(start, (hour * 60 + minute) * 60 + second)
    return Rrule(kind="rrule", rule=";".join(parts), start=shown_extended(local), timezone=zone_name)


def _weekdays(days: Named) -> list[str]:
    plain = [NAMES[day] for day in FROM_MONDAY if days.weekdays >> day & 1]
    nth = [f"{number}{NAMES[day]}" for day, number in sorted(days.nth_weekdays)]
    end = [f"{number}{NAMES[day]}" for day, number in sorted(days.end_weekdays)]
    last = [f"-1{NAMES[day]}" for day in FROM_MONDAY if days.last_weekdays >> day & 1]
    return plain + nth + end + last


def _start(said: Said, parts: list[str], grid: Grid, zone_name: str) -> date:
    """The local day of the first instant that fits, still to come, or from where "starting" says."""
    context = said.context
    after = begin_of(said, zone_name)
    every = [part for part in parts if not part.startswith("INTERVAL=")]
    day = date.fromordinal(zone(zone_name).reading(seconds(after)) // DAY + EPOCH_ORDINAL)
    first = _rule(every, day, grid, zone_name).next_due(after)
    if first is None:
        raise context.refuse(said.clauses[0].word, "there are no such days", "name days that come")
    start = date.fromordinal(zone(zone_name).reading(seconds(first)) // DAY + EPOCH_ORDINAL)
    context.note(f"it is counted from {start.isoformat()}{', which has passed' if first <= context.now else ''}")
    return start


def begin_of(said: Said, zone_name: str) -> datetime:
    """The instant behind which the schedule's first is looked for. What has passed of today does not count."""
    starting, now = said.one("starting"), said.context.now
    if starting is None:
        return now
    begin = when(said, starting, zone_name, end=False) - MILLISECOND
    first = children(starting.nodes[-1])[0]
    today_said = isinstance(first, Word) and first.type == "TODAY" and first.value == 0
    return max(begin, now) if today_said else begin
