"""Watches the wall clock against the boot clock, so that one wrong second cannot decide a year."""

from datetime import datetime, timedelta
from enum import Enum, auto

from horarium.ports.clock import Clock

STEP_NOTICED = timedelta(milliseconds=500)
LEAP_FORWARD = timedelta(minutes=5)
STEADY_SECONDS = 60.0
"""How long the clock must have kept still after a leap before anything is planned again."""


class Wall(Enum):
    STEADY = auto()
    STEPPED = auto()
    """It was set by more than STEP_NOTICED since the last look; planning goes on."""
    LEAPT = auto()
    """It went forward by more than LEAP_FORWARD less than STEADY_SECONDS ago: nothing is planned."""


class WallWatch:
    """Suspension is not a step: the boot clock counts it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset: timedelta | None = None
        self._leapt_at: float | None = None
        self.steps = 0
        """How often the clock was set, for the metric."""

    def look(self, now: datetime) -> Wall:
        """Judge `now`, which was read from the clock a moment ago."""
        boot = self._clock.since_boot()
        offset = now - datetime.fromtimestamp(0, now.tzinfo) - timedelta(seconds=boot)
        before, self._offset = self._offset, offset
        stepped = before is not None and abs(offset - before) > STEP_NOTICED
        if stepped:
            assert before is not None
            self.steps += 1
            if offset - before > LEAP_FORWARD or self._leapt_at is not None:
                self._leapt_at = boot
        if self._leapt_at is not None:
            if boot - self._leapt_at < STEADY_SECONDS:
                return Wall.LEAPT
            self._leapt_at = None
        return Wall.STEPPED if stepped else Wall.STEADY
