"""Notes on what `except` does among the instants of a preview: occurrences left out, and occurrences moved off a day."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from horarium.control.left_out import Exclusions, Hit
from horarium.control.preview_notes import Note, clock_words, day_words, day_zone, instant_words, parts
from horarium.core.instants import EPOCH, MILLISECOND
from horarium.core.schedule.day_lists import DayList
from horarium.core.schedule.excluded import seconds
from horarium.core.schedule.rule import walk
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import folded, zone
from horarium.core.schedule.zoned_days import NEVER

EXCLUDED_NAMED_MAX: Final = 10
EXCLUDED_STEPS_MAX: Final = 2_000
"""Stretches looked at before the count becomes "at least"."""
DAY_WALKED_MAX: Final = 1_440
"""Occurrences of one day that are asked one by one whether another member is due at them."""
ROLLED_NAMED_MAX: Final = 50
ROLLED_DAYS_LOOKED_MAX: Final = 2_000
ORIGINS_TOLD_MAX: Final = 5
"""So many days an instant was moved off are named, the nearest; the rest, up to a year of them, are counted."""
ROLLED_STEPS_MAX: Final = 200
"""Instants of one day that are compared with a time of day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Occurrences of one day, or one occurrence, that the same entry leaves out; `first` is the earliest of them."""

    first: datetime
    count: int
    hit: Hit


def excluded_notes(whole: Schedule, after: datetime, through: datetime) -> list[Note]:
    """What is left out in (after, through]: the first EXCLUDED_NAMED_MAX by name, the rest counted."""
    found: list[LeftOut] = []
    complete = True
    for part in parts(whole):
        if part.except_:
            steps = EXCLUDED_STEPS_MAX - len(found)
            more, ended = _left_out(part, after, through, steps)
            complete = complete and ended
            found += more if part is whole else [own for one in more if (own := _not_due(whole, part, one)) is not None]
    found.sort(key=lambda one: one.first)
    named = [_excluded_note(whole, one) for one in found[:EXCLUDED_NAMED_MAX]]
    rest = found[EXCLUDED_NAMED_MAX:]
    if rest:
        least = "" if complete else "at least "
        count = sum(one.count for one in rest)
        text = f"{least}{_occurrences(count)} more left out until {day_words_of(whole, rest[-1].first)}."
        named.append(Note(kind="excluded", at=rest[0].first, text=text[0].upper() + text[1:]))
    return named


def _left_out(part: Schedule, after: datetime, through: datetime, steps: int) -> tuple[list[LeftOut], bool]:
    """In order, and whether that is all. Of a schedule that rolls, days leave nothing out: only instants do."""
    exclusions = Exclusions(part)
    if part.roll == "none":
        base: Schedule = replace(part, except_=())
        lists = exclusions.days
    else:
        base = replace(part, except_=tuple(entry for entry in part.except_ if isinstance(entry, DayList)))
        lists = ()
    found: list[LeftOut] = []
    for _ in range(steps):
        due = base.next_due(after)
        if due is None or due > through:
            return found, True
        hit = exclusions.hit(due) if lists else exclusions.hit_by_instant(due)
        if hit is None:
            after = max(due, _next_listed(exclusions, due, through, with_days=bool(lists)) - MILLISECOND)
        elif hit.days is None:
            found.append(LeftOut(first=due, count=1, hit=hit))
            after = due
        else:
            second = seconds(due)
            free = hit.days.free_from(second)
            end = min(free, hit.days.zone.second((hit.days.zone.reading(second) // DAY + 1) * DAY))
            last = max(due, min(through, EPOCH + timedelta(seconds=end) - MILLISECOND if end < NEVER else through))
            found.append(LeftOut(first=due, count=base.count(due - MILLISECOND, last), hit=hit))
            after = last
    return found, False


def _next_listed(exclusions: Exclusions, due: datetime, through: datetime, *, with_days: bool) -> datetime:
    """The first instant after `due` that any entry may name; `through` where none does before."""
    found = through
    for entry in exclusions.schedules:
        following = entry.next_due(due)
        found = found if following is None else min(found, following)
    if with_days:
        end = seconds(through)
        for hit in exclusions.days:
            assert hit.days is not None
            second = hit.days.listed_from(seconds(due) + 1)
            if second < end:
                found = min(found, EPOCH + timedelta(seconds=second))
    return found


def _not_due(whole: Schedule, part: Schedule, one: LeftOut) -> LeftOut | None:
    """Without the occurrences of a member at which the whole is due all the same."""
    if one.count > DAY_WALKED_MAX:
        return one
    base: Schedule = replace(part, except_=(), roll="none")
    due: datetime | None = one.first
    first, count = None, 0
    for _ in range(one.count):
        if due is None:
            break
        if not whole.names(due):
            first, count = first or due, count + 1
        due = base.next_due(due)
    return None if first is None else replace(one, first=first, count=count)


def _excluded_note(whole: Schedule, one: LeftOut) -> Note:
    day = one.hit.day(one.first)
    why = one.hit.words(one.first)
    if day is None:
        text = f"{instant_words(one.first, day_zone(whole))}: left out, {why}."
    else:
        text = f"{day_words(day)}: {_occurrences(one.count)} left out, {why}."
    return Note(kind="excluded", at=one.first, text=text)


def _occurrences(count: int) -> str:
    return "1 occurrence" if count == 1 else f"{count:,} occurrences"


def day_words_of(whole: Schedule, instant: datetime) -> str:
    """The day of an instant as the schedule's own clock shows it."""
    return instant_words(instant, day_zone(whole)).partition(",")[0]


def rolled_notes(whole: Schedule, dues: tuple[datetime, ...]) -> list[Note]:
    """Which of the instants were moved there off an excluded day, and off which; the first ROLLED_NAMED_MAX."""
    rollers = [_Roller(part) for part in parts(whole) if part.roll != "none"]
    found: list[Note] = []
    looked = 0
    for due in dues if rollers else ():
        for roller in rollers:
            origins, days = roller.origins(due)
            looked += days
            if origins:
                found.append(roller.note(due, origins))
        if len(found) >= ROLLED_NAMED_MAX or looked >= ROLLED_DAYS_LOOKED_MAX:
            break
    return found


class _Roller:
    """Finds where a rolled occurrence came from: the same time of day on one of the excluded days that border on its day."""

    def __init__(self, part: Schedule) -> None:
        self._part = part
        self._rule: Schedule = replace(part, except_=(), roll="none", starts_at=None, ends_at=None)
        self._exclusions = Exclusions(part)
        self._name = next(
            name for entry in part.except_ if isinstance(entry, DayList) and (name := part.day_zone(entry))
        )
        self._zone = zone(self._name)
        self._back = 1 if part.roll == "back" else -1

    def origins(self, due: datetime) -> tuple[list[tuple[int, datetime]], int]:
        """(day, instant) of each, the nearest first, and how many days were looked at. A target may be a moment off the
        time of day of its origin, where the clock skips that."""
        if not self._part.names(due):
            return [], 0
        target, time = divmod(self._zone.reading(seconds(due)), DAY)
        skipped = self._skipped(seconds(due))
        found: list[tuple[int, datetime]] = []
        day = target
        for looked in range(1, 367):
            day += self._back
            if not self._listed(day):
                return found, looked
            begin = self._at(day, max(0, time - skipped)) - MILLISECOND
            end = self._at(day, time) + timedelta(hours=3)
            many = min(ROLLED_STEPS_MAX, self._rule.count(begin, end))
            for origin in walk(self._rule.next_due, begin, many):
                if self._lands(origin, day, target, due):
                    found.append((day, origin))
                    break
        return found, 366

    def note(self, due: datetime, origins: list[tuple[int, datetime]]) -> Note:
        target = self._zone.reading(seconds(due)) // DAY
        told = [f"{_short(day, target)}, {self._why(origin)}" for day, origin in origins[:ORIGINS_TOLD_MAX]]
        if len(origins) > ORIGINS_TOLD_MAX:
            told.append(f"{len(origins) - ORIGINS_TOLD_MAX} days more")
        if self._rule.names(due):
            text = f"{day_words(target)}: stands as well for the one of {', and of '.join(told)}."
        else:
            text = f"{day_words(target)}: moved from {', and from '.join(told)}."
        reading = self._zone.reading(seconds(due)) % DAY
        wanted = self._zone.reading(seconds(origins[0][1])) % DAY
        if reading != wanted:
            text = f"{text[:-1]}; at {clock_words(reading)}, as the clock skips {clock_words(wanted)}."
        return Note(kind="rolled", at=due, text=text)

    def _why(self, origin: datetime) -> str:
        hit = self._exclusions.hit(origin)
        return "an excluded day" if hit is None else hit.words(origin)

    def _listed(self, day: int) -> bool:
        return any(hit.days is not None and hit.days.days.free_from(day) != day for hit in self._exclusions.days)

    def _lands(self, origin: datetime, day: int, target: int, due: datetime) -> bool:
        reading = self._zone.reading(seconds(origin))
        if reading // DAY != day:
            return False
        landed = self._zone.second(target * DAY + reading % DAY)
        return seconds(due) == landed

    def _at(self, day: int, time: int) -> datetime:
        return EPOCH + timedelta(seconds=max(0, self._zone.second(day * DAY + time)))

    def _skipped(self, second: int) -> int:
        """How much the clock skips right at that second."""
        _, second = folded(second)
        span = self._zone.span(second)
        if span == 0 or self._zone.starts[span] != second:
            return 0
        return max(0, self._zone.offsets[span] - self._zone.offsets[span - 1])


def _short(day: int, target: int) -> str:
    """ "Sun 3 Oct": with the year only where it is not the one of the target."""
    words, _, year = day_words(day).rpartition(" ")
    return words if day_words(target).endswith(year) else f"{words} {year}"
