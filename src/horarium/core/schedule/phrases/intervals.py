"""Every so many seconds, minutes or hours: elapsed time, or the clock where the phrase speaks of it."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from horarium.core.schedule.cron_days import ALL_MONTHS
from horarium.core.schedule.every import SECONDS_MAX, SECONDS_MIN, Every
from horarium.core.schedule.phrases.calendar_times import crons
from horarium.core.schedule.phrases.named import Named, YearDay
from horarium.core.schedule.phrases.paces import check_count
from horarium.core.schedule.phrases.past_midnight import check_past_midnight
from horarium.core.schedule.phrases.rrule import step_rule
from horarium.core.schedule.phrases.said import DAY_CLAUSES, PACES, Clause, Context, Said, children, last_word
from horarium.core.schedule.phrases.stamps import stamp
from horarium.core.schedule.phrases.timed_intervals import time_beside, time_of_one_day
from horarium.core.schedule.phrases.times import (
    ALL_HOURS,
    Grid,
    Length,
    clock_grid,
    field_grid,
    length,
    shown_time,
    stepped,
    time_of_day,
    window_grids,
    window_of,
)
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.tzif import DAY

TIMES_MAX: Final = 1_440


def by_clock(
    said: Said, pace: Length, clause: Clause, days: Named, year_days: list[YearDay], zone_name: str
) -> Schedule:
    """Every so many seconds, minutes or hours: elapsed time, or the clock where the phrase speaks of it."""
    context = said.context
    seconds = pace.seconds
    assert seconds is not None
    if said.has("times"):
        raise time_beside(said, pace, clause, zone_name)
    minutes = said.one("field_times")
    windowed = said.has("between", "stretch")
    clocked = said.has("by_clock", "on_the_hour") or days.any or days.months != ALL_MONTHS or bool(year_days)
    by_name = clause.name in ("freq", "per")
    if clause.name == "per":
        check_count(said, clause, days)
    if windowed:
        said.only(*PACES, *DAY_CLAUSES, "between", "stretch")
        if not isinstance(seconds, int) or minutes is not None:
            raise context.refuse(clause.word, "such an interval has no place in a window", "write whole seconds")
        times = window_of(said, seconds)
        assert times is not None
        if times.start + DAY in times:
            around = said.all("between", "stretch")[0].word
            raise context.refuse(around, "the window goes around the clock", "let it end earlier, or leave it out")
        check_past_midnight(said, clause, said.all("between", "stretch")[0], days, times)
        found = list(window_grids(times.start, times.stop, times.step))
        return crons(said, found, days, year_days, zone_name)
    start = said.one("from_time")
    if start is not None:
        dated = time_of_one_day(said, start, zone_name)
        if dated is not None:
            raise context.refuse(start.word, "the day of this time stands behind it", "name the day first", dated)
        said.only(*PACES, *DAY_CLAUSES, "from_time")
        return crons(said, _from_time(said, pace, clause), days, year_days, zone_name)
    if clause.name == "minutes_past":
        said.only(*PACES, *DAY_CLAUSES)
        return crons(said, [_minutes_past(context, clause)], days, year_days, zone_name)
    counted = said.one("counted_from")
    if counted is not None and said.has("by_clock"):
        return step_rule(said, pace, counted, zone_name)
    if minutes is not None or clocked or by_name:
        said.only(*PACES, *DAY_CLAUSES, "field_times", "by_clock", "on_the_hour")
        if said.has("on_the_hour") and seconds % 3600:
            raise context.refuse(said.all("on_the_hour")[0].word, "this interval is no whole hour", "leave it out")
        grid = clock_grid(pace)
        if grid is None:
            message = "such an interval does not divide the day evenly"
            last = last_word(clause.nodes[-1])
            offer = context.instead(last, last, f"{context.text[last.start : last.end]} from 00:00 to 23:59")
            raise context.refuse(clause.word, message, "say from which time to which", offer)
        if minutes is not None:
            if pace.unit != "hour" or [part.type for part in minutes.nodes if isinstance(part, Word)] != ["ATMINUTE"]:
                raise context.refuse(minutes.word, "minutes beside this interval", "write e.g. every hour at minute 15")
            named_minutes = field_grid(context, minutes.nodes, real_time=True)
            grid = replace(grid, minutes=named_minutes.minutes)
        return crons(said, [grid], days, year_days, zone_name)
    said.only(*PACES, "counted_from", "counted_saved")
    if not SECONDS_MIN <= seconds <= SECONDS_MAX:
        message = "an interval has from one second to a hundred years"
        raise context.refuse(last_word(clause.nodes[-1]), message, "name another length")
    anchor = None
    if counted is not None:
        anchor = _anchor(context, counted, zone_name)
    elif not said.has("starting", "counted_saved"):
        context.note("it is counted from when it is saved, not by the clock")
    return Every(kind="every", seconds=seconds, anchor=anchor)


def _from_time(said: Said, pace: Length, clause: Clause) -> list[Grid]:
    """ "every 6 hours starting at 3:00": the times of a whole day, where the interval divides it evenly."""
    context = said.context
    start = said.one("from_time")
    assert start is not None
    step, first = pace.seconds, time_of_day(context, start.nodes[-1])
    if not isinstance(step, int) or DAY % step or DAY // step > TIMES_MAX:
        raise context.refuse(clause.word, "such an interval does not divide the day evenly", "say from … to …")
    if first >= step:
        last = start.nodes[-1]
        offers = [f"from {shown_time(begin)} to 23:59" for begin in (first, first % step)]
        raise context.refuse(
            start.word,
            f"only from {shown_time(first)} on each day, or around the clock?",
            "say from when to when",
            *(context.instead(start.word, last, offer) for offer in offers),
        )
    return stepped(sorted(time % DAY for time in range(first, first + DAY, step)), step)


def _minutes_past(context: Context, clause: Clause) -> Grid:
    word = next(node for node in clause.nodes if node.type == "DURATION")
    seconds = length(context, word).seconds
    if not isinstance(seconds, int) or seconds >= 3600 or seconds % 60:
        raise context.refuse(word, "not a minute of the hour", "write e.g. 5 minutes past every hour")
    return Grid(1, 1 << seconds // 60, ALL_HOURS, True)


def _anchor(context: Context, clause: Clause, zone_name: str) -> datetime:
    if len(clause.nodes) > 2:
        raise context.refuse(clause.word, "elapsed time is counted without an end", 'write "until" for the end')
    word = children(clause.nodes[-1])[0]
    if word.type == "DATE":
        word = Word("STAMP", f"{word.value}T00:00", word.start, word.end)
    return stamp(context, word, zone_name)
