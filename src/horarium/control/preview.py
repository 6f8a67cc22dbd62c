"""What a schedule will do, before anybody saves it: the next due instants, and what clock changes make of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Literal, TypeAlias

from horarium.control.definitions import opened
from horarium.core.instants import EPOCH, LAST, MILLISECOND, to_ms
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.once import Once
from horarium.core.schedule.schedule import Schedule, first_dues
from horarium.core.schedule.zone import Zone, folded, zone

CHANGES_NAMED: Final = 2
CHANGES_MARKED_MAX: Final = 200

NoteKind: TypeAlias = Literal["clock_change", "moved", "merged", "left_out", "repeated", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`at`: the instant it speaks of, a clock change or a due instant."""

    kind: NoteKind
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    due: tuple[datetime, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """At `at` the clock goes from `before` to `after` seconds east of Greenwich."""

    at: datetime
    before: int
    after: int

    @property
    def shift(self) -> int:
        return self.after - self.before


def preview(schedule: Schedule, after: datetime, count: int, now: datetime) -> Preview:
    """As the schedule would be saved now. A single instant is shown even where saving would refuse it as passed."""
    shown = schedule if isinstance(schedule, Once) else opened(schedule, now)
    due = first_dues(shown, after, count)
    if not due and count:
        return Preview(due=(), notes=(Note(kind="never", at=None, text="Nothing is due after this instant."),))
    if not isinstance(shown, Cron):
        return Preview(due=due, notes=())
    place = zone(shown.timezone)
    marks = [note for change in _changes(place, after, due[-1] if due else after) for note in _effect(shown, change)]
    following = islice(_changes(place, after, LAST), CHANGES_NAMED)
    named = [Note(kind="clock_change", at=change.at, text=_named(shown.timezone, change)) for change in following]
    return Preview(due=due, notes=(*marks, *named))


def _changes(place: Zone, after: datetime, through: datetime) -> Iterator[ClockChange]:
    """The clock changes in (after, through], at most CHANGES_MARKED_MAX of them."""
    cycles, second = folded(to_ms(after) // 1000)
    if cycles:
        return
    span = place.span(second)
    for index in range(span + 1, min(len(place.starts), span + 1 + CHANGES_MARKED_MAX)):
        at = EPOCH + timedelta(seconds=place.starts[index])
        if at > through:
            return
        yield ClockChange(at=at, before=place.offsets[index - 1], after=place.offsets[index])


def _effect(schedule: Cron, change: ClockChange) -> Iterator[Note]:
    """What this change does to the schedule. Readings of the clock are counted by the same text on a clock that never changes."""
    steady = replace(schedule, timezone="UTC", starts_at=None, ends_at=None, dst_gap="run_after", dst_fold="first")
    reading = change.at + timedelta(seconds=change.before)
    first, last = sorted((reading, reading + timedelta(seconds=change.shift)))
    touched = steady.count(first - MILLISECOND, last - MILLISECOND)
    if not touched or not _within(schedule, change.at):
        return
    times = "1 time" if touched == 1 else f"{touched} times"
    if change.shift > 0:
        if schedule.wild:
            return
        if schedule.dst_gap == "skip":
            yield Note(kind="left_out", at=change.at, text=f"The clock skips {times}: left out.")
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
    both = schedule.wild or schedule.dst_fold == "both"
    passes = "due on both passes" if both else "due on the first pass only"
    at = schedule.next_due(change.at + timedelta(seconds=change.shift) - MILLISECOND)
    yield Note(kind="repeated", at=at, text=f"The clock repeats {times}: {passes}.")


def _within(schedule: Cron, instant: datetime) -> bool:
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
