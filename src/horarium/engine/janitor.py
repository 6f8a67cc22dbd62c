"""Forgets, in bounded bites, what no task wants to keep."""

from datetime import datetime, timedelta

from horarium.engine.part import Nudge
from horarium.ports.clock import Clock
from horarium.ports.store import EngineStore

BITE_MAX = 200
"""Records forgotten in one transaction: a few milliseconds."""
BETWEEN_BITES = timedelta(milliseconds=100)
LOOK_EVERY = timedelta(minutes=1)


class Janitor:
    """Leaves the store to others between two bites."""

    def __init__(self, *, store: EngineStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.nudge = Nudge()

    async def step(self) -> datetime:
        now = self._clock.now()
        forgotten = await self._store.forget(now, BITE_MAX)
        return now + (BETWEEN_BITES if forgotten >= BITE_MAX else LOOK_EVERY)
