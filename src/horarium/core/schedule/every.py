"""Elapsed time from an anchor, untouched by zones and clock changes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import gcd
from typing import Literal

from horarium.core.errors import BadValue
from horarium.core.instants import LAST_MS, from_ms, to_ms
from horarium.core.schedule.bounds import Bounded, check_bounds, check_left_over, whole_milliseconds
from horarium.core.shape import Instant, Number

SECONDS_MIN = 1
SECONDS_MAX = 36_525 * 86_400
"""A hundred years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Every(Bounded):
    """Due at `anchor` and each `seconds` after it. Saved ones have an anchor; the verbs need it."""

    kind: Literal["every"]
    seconds: Number
    anchor: Instant | None = None

    def __post_init__(self) -> None:
        check_bounds(self)
        period_ms = whole_milliseconds("seconds", self.seconds, most=SECONDS_MAX)
        if not SECONDS_MIN * 1000 <= period_ms <= SECONDS_MAX * 1000:
            raise BadValue("seconds", f"from {SECONDS_MIN} to {SECONDS_MAX} seconds (a hundred years)")
        check_left_over(self)

    def per_day(self) -> float:
        return 86_400_000 / self._period_ms()

    def ready(self) -> bool:
        return self.anchor is not None and Bounded.ready(self)

    def grain_ms(self) -> int:
        # An anchor that is written when it is saved lies on a whole second plus one period.
        return gcd(1_000 if self.anchor is None else self._anchor_ms(), self._period_ms())

    def anchored(self, now: datetime) -> "Every":
        """This schedule with an anchor: its own, or `now` cut to the second plus one period."""
        if self.anchor is not None:
            return self
        return replace(self, anchor=now.replace(microsecond=0) + timedelta(milliseconds=self._period_ms()))

    def _next(self, after: datetime) -> datetime | None:
        anchor, period = self._anchor_ms(), self._period_ms()
        due = anchor + max(0, (to_ms(after) - anchor) // period + 1) * period
        return from_ms(due) if due <= LAST_MS else None

    def _last(self, through: datetime) -> datetime | None:
        anchor, period = self._anchor_ms(), self._period_ms()
        beats = (min(to_ms(through), LAST_MS) - anchor) // period
        return from_ms(anchor + beats * period) if beats >= 0 else None

    def _count(self, after: datetime, through: datetime) -> int:
        anchor, period = self._anchor_ms(), self._period_ms()
        return max(0, (to_ms(through) - anchor) // period + 1) - max(0, (to_ms(after) - anchor) // period + 1)

    def _names(self, instant: datetime) -> bool:
        since = to_ms(instant) - self._anchor_ms()
        return since >= 0 and since % self._period_ms() == 0 and instant.microsecond % 1000 == 0

    def _anchor_ms(self) -> int:
        assert self.anchor is not None, "whoever saves an `every` schedule gives it an anchor first: Every.anchored"
        return to_ms(self.anchor)

    def _period_ms(self) -> int:
        return round(self.seconds * 1000)
