"""The stretch of time around one clock change, and what schedules do there. All instants are asked of the schedules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from horarium.core.instants import EPOCH, to_ms
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.zone import zone

LEFT: Final = 186
RIGHT: Final = 628
"""Where an axis begins and ends, in the picture."""
MARKS_MAX: Final = 100
HOUR: Final = 3600
SECOND: Final = timedelta(seconds=1)

Drawn: TypeAlias = Cron | Every | Rrule


class Axis:
    """The stretch of time around one clock change. Places count in seconds from its beginning, the skipped hour included."""

    def __init__(self, name: str, begin: str, real_hours: float) -> None:
        place = zone(name)
        self.name = name
        self.begin = seconds(at(begin))
        self.end = self.begin + round(real_hours * HOUR)
        span = place.span(self.begin)
        self.change, self.before, self.after = place.starts[span + 1], place.offsets[span], place.offsets[span + 1]
        assert self.begin < self.change < self.end, "one clock change lies within"
        self.shift = self.after - self.before
        self.gap = max(self.shift, 0)

    def place(self, second: int) -> int:
        return second - self.begin + (self.gap if second >= self.change else 0)

    def x(self, place: float) -> float:
        return LEFT + place * (RIGHT - LEFT) / (self.end - self.begin + self.gap)

    def at(self, second: int) -> float:
        return self.x(self.place(second))

    def reading(self, second: int) -> int:
        return second + (self.after if second >= self.change else self.before)

    @property
    def edges(self) -> tuple[float, float]:
        """Where the change begins and ends."""
        return self.x(self.change - self.begin), self.at(self.change)

    @property
    def skipped(self) -> range:
        """The readings that the clock skips."""
        return range(self.change + self.before, self.change + self.before + self.gap)

    @property
    def repeated(self) -> range:
        """The readings that it shows twice."""
        return range(self.change + self.after, self.change + self.before)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def seconds(instant: datetime) -> int:
    return to_ms(instant) // 1000


def instant(second: int) -> datetime:
    return EPOCH + second * SECOND


def clock(second: int) -> str:
    return f"{instant(second):%H:%M}"


def dues(schedule: Drawn, begin: int, end: int) -> list[int]:
    """The due seconds from `begin` to `end`, both included: asked of the schedule one after the other."""
    found: list[int] = []
    due = schedule.next_due(instant(begin) - SECOND)
    while due is not None and due <= instant(end):
        assert len(found) < MARKS_MAX, "a picture shows a few marks"
        found.append(seconds(due))
        due = schedule.next_due(due)
    return found


def readings(schedule: Drawn, among: range) -> list[int]:
    """Which of these readings the schedule names: what it does on a clock that never changes."""
    if isinstance(schedule, Every) or not among:
        return []
    steady = replace(schedule, timezone="UTC", dst_gap="run_after", dst_fold="first")
    return dues(steady, among.start, among.stop - 1)


def follows_real_time(schedule: Drawn) -> bool:
    return isinstance(schedule, Cron) and schedule.wild


def words(axis: Axis, schedule: Drawn) -> str:
    """What the change does to it, in the words of the preview."""
    if isinstance(schedule, Every):
        return "elapsed time"
    if follows_real_time(schedule):
        return "follows real time"
    if not axis.gap:
        return "both passes" if schedule.dst_fold == "both" else "first pass only"
    if schedule.dst_gap == "skip":
        return "left out"
    steady = replace(schedule, timezone="UTC")
    end = axis.skipped.stop
    merged = len(readings(schedule, axis.skipped)) > 1 or steady.names(instant(end))
    return f"{'merged at' if merged else 'moved to'} {clock(end)}"
