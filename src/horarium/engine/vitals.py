"""How the engine of this process is doing: told by its parts, asked by health, statistics and metrics."""

from collections import Counter, deque
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from horarium.core.errors import StoreAway
from horarium.core.instants import MILLISECOND
from horarium.core.run import Run
from horarium.engine.part import Part
from horarium.ports.clock import Clock
from horarium.ports.engine import Pulse, SchedulerState

LATE_AFTER = timedelta(seconds=5)
STOPPED_AFTER = timedelta(seconds=10)
LATENESSES_MAX = 2_000

log = structlog.get_logger()


class EngineVitals:
    """`plans`: whether this process has a scheduler at all."""

    def __init__(self, *, clock: Clock, plans: bool, slots: int) -> None:
        self._clock = clock
        self._plans = plans
        self._slots = slots
        self._next_due: datetime | None = None
        self._leapt = False
        self._steps = 0
        self._taken = 0
        self._lateness: deque[int] = deque(maxlen=LATENESSES_MAX)
        self._ended: Counter[str] = Counter()
        self._away: dict[Part, str] = {}
        self.draining = False

    # Told

    def planned(self, next_due: datetime | None) -> None:
        """Everything due is decided; `next_due` is what comes next."""
        self._next_due = next_due

    def leapt(self) -> None:
        """The wall clock went forward too far; nothing is planned until it has been steady."""
        if not self._leapt:
            log.error("the wall clock leapt forward; nothing is planned until it has been steady for a minute")
        self._leapt = True

    def steady(self) -> None:
        """The wall clock can be planned by, be everything due decided or not."""
        self._leapt = False

    def stepped(self) -> None:
        """The wall clock was set."""
        log.warning("the wall clock was set")
        self._steps += 1

    def started(self, runs: Iterable[Run]) -> None:
        """Runs were claimed here."""
        for run in runs:
            self._taken += 1
            if run.attempt == 1 and run.expected_at is not None and run.started_at is not None:
                self._lateness.append(max(0, (run.started_at - run.expected_at) // MILLISECOND))

    def settled(self, runs: Iterable[Run | None]) -> None:
        """Attempts ended here; None where another worker has the run by now."""
        for run in runs:
            self._taken -= 1
            if run is not None and not run.state.open:
                self._ended[run.state] += 1

    def met(self, part: Part, away: StoreAway) -> None:
        if part not in self._away:
            log.error("the store is away; no new runs until it answers", part=type(part).__name__, cause=str(away))
        self._away[part] = str(away)

    def passed(self, part: Part) -> None:
        if self._away.pop(part, None) is not None:
            log.warning("the store answers again", part=type(part).__name__)

    # Asked

    def pulse(self) -> Pulse:
        behind = max(timedelta(), self._clock.now() - self._next_due) if self._next_due is not None else timedelta()
        return Pulse(
            scheduler=self._state(behind),
            behind_seconds=behind.total_seconds(),
            lateness_ms=tuple(self._lateness),
            troubles=tuple(self._troubles()),
            slots=self._slots,
            slots_taken=self._taken,
            clock_steps=self._steps,
            ended=dict(self._ended),
        )

    def _state(self, behind: timedelta) -> SchedulerState:
        if not self._plans:
            return "absent"
        if self._leapt or self.draining or self._away or behind > STOPPED_AFTER:
            return "stopped"
        return "late" if behind > LATE_AFTER else "on_time"

    def _troubles(self) -> Iterable[str]:
        if self._leapt:
            yield "the wall clock leapt forward; nothing is planned until it has been steady for a minute"
        if self.draining:
            yield "the service is stopping"
        for cause in dict.fromkeys(self._away.values()):
            yield f"the store is away: {cause}"
