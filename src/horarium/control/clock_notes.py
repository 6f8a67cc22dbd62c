"""What clock changes do to the instants of a schedule, and which changes come next."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from horarium.control.left_out import Exclusions
from horarium.control.preview_notes import UTC_NAME, Note, zoned_parts
from horarium.core.instants import EPOCH, LAST, MILLISECOND, to_ms
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.zone import Zone, folded, zone

CHANGES_NAMED: Final = 2
CHANGES_MARKED_MAX: Final = 200
"""Of all parts of a schedule together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """At `at` the clock goes from `before` to `after` seconds east of Greenwich."""

    at: datetime
    before: int
    after: int

    @property
    def shift(self) -> int:
        return self.after - self.before


def clock_marks(whole: Schedule, after: datetime, through: datetime) -> list[Note]:
    """What the changes in (after, through] do to the parts of this schedule, each thing said once."""
    zoned = zoned_parts(whole)
    each_max = max(1, CHANGES_MARKED_MAX // max(1, len(zoned)))
    found: dict[Note, None] = {}
    for part in zoned:
        changes = list(islice(_changes(zone(part.timezone), after, through), each_max))
        if changes:
            steady = _steady(part)
            for change in changes:
                found.update(dict.fromkeys(_effect(whole, part, steady, change)))
    return list(found)


def next_changes(whole: Schedule, after: datetime) -> list[Note]:
    """The next two changes of each zone that the schedule follows."""
    return [
        Note(kind="clock_change", at=change.at, text=_named(name, change))
        for name in sorted(whole.zones())
        for change in islice(_changes(zone(name), after, LAST), CHANGES_NAMED)
    ]


def _changes(place: Zone, after: datetime, through: datetime) -> Iterator[ClockChange]:
    """The clock changes in (after, through]; ends with the table of the zone, some thousand at most."""
    cycles, second = folded(to_ms(after) // 1000)
    if cycles:
        return
    span = place.span(second)
    for index in range(span + 1, len(place.starts)):
        at = EPOCH + timedelta(seconds=place.starts[index])
        if at > through:
            return
        yield ClockChange(at=at, before=place.offsets[index - 1], after=place.offsets[index])


def _steady(part: Cron | Rrule) -> Cron | Rrule:
    """The same times on a clock that never changes: what it counts are readings."""
    bare = replace(part, starts_at=None, ends_at=None, except_=(), roll="none")
    return replace(bare, timezone=UTC_NAME, dst_gap="run_after", dst_fold="first")


def _effect(whole: Schedule, part: Cron | Rrule, steady: Cron | Rrule, change: ClockChange) -> Iterator[Note]:
    reading = change.at + timedelta(seconds=change.before)
    first, last = sorted((reading, reading + timedelta(seconds=change.shift)))
    touched = steady.count(first - MILLISECOND, last - MILLISECOND)
    if not touched or not (_within(part, change.at) and _within(whole, change.at)):
        return
    wild = isinstance(part, Cron) and part.wild
    times = "1 time" if touched == 1 else f"{touched} times"
    if change.shift > 0:
        if wild:
            return
        if part.dst_gap == "skip":
            if not Exclusions(part).covers(change.at) and not Exclusions(whole).covers(change.at):
                yield Note(kind="left_out", at=change.at, text=f"The clock skips {times}: left out.")
        elif not whole.names(change.at):
            return  # left out for another reason, or moved to another day
        elif steady.next_due(last - MILLISECOND) == last or touched > 1:
            yield Note(
                kind="merged",
                at=change.at,
                text=f"The clock skips {times}: merged into the first instant after the gap.",
            )
        else:
            yield Note(
                kind="moved", at=change.at, text="The clock skips this time: moved to the first instant after the gap."
            )
        return
    both = wild or part.dst_fold == "both"
    passes = "due on both passes" if both else "due on the first pass only"
    length = timedelta(seconds=-change.shift)
    at = part.next_due(change.at - length - MILLISECOND)
    if at is not None and at < change.at + length and whole.names(at):
        yield Note(kind="repeated", at=at, text=f"The clock repeats {times}: {passes}.")


def _within(schedule: Schedule, instant: datetime) -> bool:
    return (schedule.starts_at is None or schedule.starts_at <= instant) and (
        schedule.ends_at is None or instant <= schedule.ends_at
    )


def _named(timezone: str, change: ClockChange) -> str:
    before, after = (change.at + timedelta(seconds=offset) for offset in (change.before, change.after))
    way = "forward" if change.shift > 0 else "back"
    if before.date() == after.date():
        return f"Clocks in {timezone} go {way} from {before:%H:%M} to {after:%H:%M} on {before:%Y-%m-%d}."
    return (
        f"Clocks in {timezone} go {way} from {before:%H:%M} on {before:%Y-%m-%d} to {after:%H:%M} on {after:%Y-%m-%d}."
    )
