"""How the service does: whether it can be relied upon now, and its figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from horarium.control.settings import Settings
from horarium.core.errors import StoreError
from horarium.core.page import Counts
from horarium.ports.clock import Clock
from horarium.ports.engine import Pulse, SchedulerState, Vitals
from horarium.ports.store import Store

UNDECIDED_MAX: Final = timedelta(seconds=10)
"""A due instant undecided for this long makes the service not ready."""
LATE_AFTER_SECONDS: Final = 5.0
STATS_KEPT_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`troubles`: one sentence each; ready when there are none."""

    now: datetime
    troubles: tuple[str, ...]
    pulse: Pulse


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    now: datetime
    timezone: str
    scheduler: SchedulerState
    behind_seconds: float
    lateness_p50_ms: int | None
    lateness_p99_ms: int | None
    counts: Counts


class Condition:
    def __init__(self, *, store: Store, clock: Clock, vitals: Vitals, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._vitals = vitals
        self._settings = settings
        self._kept: tuple[float, Stats] | None = None

    @property
    def pulse(self) -> Pulse:
        return self._vitals.pulse()

    async def readiness(self) -> Readiness:
        """Asks the store; an answer takes part of a millisecond."""
        pulse = self._vitals.pulse()
        troubles = list(pulse.troubles)
        now = self._clock.now()
        try:
            await self._store.ping()
            due = await self._store.next_due_at()
            if due is not None and now - due > UNDECIDED_MAX:
                waited = (now - due).total_seconds()
                troubles.append(
                    f"A due instant has been undecided for {waited:.0f} s: no scheduler keeps up with this store."
                )
        except StoreError as away:
            troubles.append(f"The store is away: {away}")
        return Readiness(now=now, troubles=tuple(troubles), pulse=pulse)

    async def stats(self) -> Stats:
        """At most a second old; but the zone is the one of the settings now, since new tasks are read in it."""
        instant = self._clock.monotonic()
        if self._kept is None or instant - self._kept[0] >= STATS_KEPT_SECONDS:
            self._kept = (instant, await self._fresh_stats())
        return replace(self._kept[1], timezone=await self._settings.timezone())

    async def _fresh_stats(self) -> Stats:
        now = self._clock.now()
        counts = await self._store.counts(now)
        pulse = self._vitals.pulse()
        oldest = counts.oldest_undecided
        behind = max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0
        state = pulse.scheduler
        if state == "on_time" and behind > LATE_AFTER_SECONDS:
            state = "late"
        lateness = sorted(pulse.lateness_ms or counts.lateness_ms)
        return Stats(
            now=now,
            timezone=await self._settings.timezone(),
            scheduler=state,
            behind_seconds=round(behind, 3),
            lateness_p50_ms=_quantile(lateness, 0.5),
            lateness_p99_ms=_quantile(lateness, 0.99),
            counts=counts,
        )


def _quantile(values: Sequence[int], share: float) -> int | None:
    """Of sorted values: the smallest that at least this share does not exceed."""
    if not values:
        return None
    return values[min(len(values) - 1, max(0, -int(-share * len(values) // 1) - 1))]
