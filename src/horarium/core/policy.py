"""What happens around a run: time limit, retries, overlap, catch-up, loss, and how long its record is kept."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, TypeAlias

from horarium.core.errors import BadValue
from horarium.core.shape import Shape

OverlapMode: TypeAlias = Literal["skip", "queue", "allow", "replace"]
CatchUpMode: TypeAlias = Literal["latest", "all", "none"]

DAY_SECONDS = 86_400
TIMEOUT_SECONDS_MAX = 365 * DAY_SECONDS
ATTEMPTS_MAX = 1_000
DELAY_SECONDS_MAX = 30 * DAY_SECONDS
CATCH_UP_RUNS_MAX = 1_000
WINDOW_SECONDS_MIN = 30
WINDOW_SECONDS_MAX = 3_660 * DAY_SECONDS
KEEP_DAYS_MAX = 36_600
KEEP_RUNS_MAX = 10_000_000
SHOWN_MAX = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry(Shape):
    """How often and after which pause a failed attempt is followed by another. Delays grow by `factor`, up to the largest."""

    max_attempts: int = 1
    first_delay_seconds: int | float = 10
    factor: int | float = 2
    max_delay_seconds: int | float = 3_600

    def __post_init__(self) -> None:
        _within("max_attempts", self.max_attempts, 1, ATTEMPTS_MAX)
        _within("first_delay_seconds", self.first_delay_seconds, 0, DELAY_SECONDS_MAX)
        _within("factor", self.factor, 1, 100)
        _within("max_delay_seconds", self.max_delay_seconds, 0, DELAY_SECONDS_MAX)

    def delay(self, spent: int) -> timedelta:
        """The pause after the `spent`-th attempt that counts (from 1)."""
        seconds = float(self.first_delay_seconds)
        for _ in range(min(spent, ATTEMPTS_MAX) - 1):
            seconds *= self.factor
            if seconds >= self.max_delay_seconds:
                break
        return timedelta(milliseconds=round(min(seconds, self.max_delay_seconds) * 1000))


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp(Shape):
    """What becomes of occurrences decided more than MISSED_AFTER after their instant."""

    mode: CatchUpMode = "latest"
    window_seconds: int | float = DAY_SECONDS
    max_runs: int = 100

    def __post_init__(self) -> None:
        _within("window_seconds", self.window_seconds, WINDOW_SECONDS_MIN, WINDOW_SECONDS_MAX)
        _within("max_runs", self.max_runs, 1, CATCH_UP_RUNS_MAX)

    @property
    def window(self) -> timedelta:
        return timedelta(milliseconds=round(self.window_seconds * 1000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Shape):
    """A record is kept while it is within `days` and among the newest `runs` of its task."""

    days: int = 30
    runs: int = 1_000

    def __post_init__(self) -> None:
        _within("days", self.days, 1, KEEP_DAYS_MAX)
        _within("runs", self.runs, 1, KEEP_RUNS_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Shape):
    """The defaults: no time limit, one attempt, skip while a run is open, run the latest missed, retry what was lost."""

    timeout_seconds: int | float | None = None
    retry: Retry = field(default_factory=Retry)
    overlap: OverlapMode = "skip"
    catch_up: CatchUp = field(default_factory=CatchUp)
    on_lost: Literal["retry", "fail"] = "retry"
    keep: Keep = field(default_factory=Keep)

    def __post_init__(self) -> None:
        if self.timeout_seconds is not None:
            _within("timeout_seconds", self.timeout_seconds, 0.001, TIMEOUT_SECONDS_MAX)


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # NaN is within nothing; a huge int has no float, so only comparisons are asked
        given = f"{value} is" if abs(value) < SHOWN_MAX else "it is"
        raise BadValue(name, f"{given} outside {low} to {high}", f"choose a value from {low} to {high}")
