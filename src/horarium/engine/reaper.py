"""Settles the runs of workers that are dead: their beat has not changed for too long of this process's own time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from horarium.core.ids import WorkerId
from horarium.core.outcome import Lost
from horarium.core.settle import Ending
from horarium.core.worker import Worker
from horarium.engine.alarm import Alarm
from horarium.engine.part import Nudge
from horarium.ports.clock import Clock
from horarium.ports.store import EngineStore

REAP_EVERY = timedelta(seconds=1)
SILENT_SECONDS = 8.0
REAP_BATCH_MAX = 500

log = structlog.get_logger()


class Pulse:
    """When each worker's beat was last seen to change, by the monotonic clock: other hosts' clocks do not matter."""

    def __init__(self) -> None:
        self._seen: dict[WorkerId, tuple[int, float]] = {}

    def silent(self, workers: Sequence[Worker], monotonic: float) -> list[tuple[WorkerId, int]]:
        """Those whose beat has not changed for SILENT_SECONDS, with that beat."""
        before, self._seen = self._seen, {}
        for worker in workers:
            beat, since = before.get(worker.id, (None, monotonic))
            self._seen[worker.id] = (worker.beat, since if beat == worker.beat else monotonic)
        return [(id_, beat) for id_, (beat, since) in self._seen.items() if monotonic - since >= SILENT_SECONDS]


class Reaper:
    """Any number may run: a worker is declared dead by compare-and-set on its beat, a run is settled by its fence."""

    def __init__(self, *, store: EngineStore, clock: Clock, alarm: Alarm) -> None:
        self._store = store
        self._clock = clock
        self._alarm = alarm
        self._pulse = Pulse()
        self.nudge = Nudge()

    async def step(self) -> datetime:
        now = self._clock.now()
        silent = self._pulse.silent(await self._store.workers(), self._clock.monotonic())
        if silent:
            for worker_id in await self._store.declare_dead(silent, now):
                log.warning("a worker is silent and counts as dead", worker=worker_id.hex())
        await settle_orphans(self._store, self._alarm, now)
        return now + REAP_EVERY


async def settle_orphans(store: EngineStore, alarm: Alarm, now: datetime) -> int:
    """Settle the open attempts of dead workers as lost, one batch after another; answers how many there were."""
    settled = 0
    while orphans := await store.orphans(REAP_BATCH_MAX):  # bounded: each batch leaves fewer
        endings = [Ending(run=claim.run, outcome=Lost(), policy=claim.policy) for claim in orphans]
        result = await store.settle(endings, now)
        alarm.ring([*result.released, *(run for run in result.runs if run is not None)])
        settled += len(orphans)
    return settled
