"""Claims runs and carries them out: slots, attempts, settlements."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from horarium.core.ids import RunId, WorkerId
from horarium.core.outcome import DETAIL_MAX, Failed, Outcome, Succeeded
from horarium.core.run import Run
from horarium.core.settle import Ending
from horarium.engine.alarm import Alarm
from horarium.engine.executor import Attempting, Stop
from horarium.engine.output_pump import OutputWriter, Written
from horarium.engine.part import Nudge
from horarium.engine.vitals import EngineVitals
from horarium.ports.action import Doer, Immediate
from horarium.ports.clock import Clock
from horarium.ports.queue import Delivery, DispatchQueue
from horarium.ports.store import Claim, EngineStore, Room

BELL_SECONDS = 1.0
"""Without a bell for this long, a worker with a free slot looks at the store by itself."""
SETTLE_BATCH_MAX = 500
LOSS = "some of its output could not be stored"
BELLS_MAX = 500
STOP_SECONDS_MAX = 20.0
"""Stopping an action takes at most its grace and a KILL; past this it is given up and settled by the next start."""
IDLE = timedelta(hours=1)

Key: TypeAlias = tuple[RunId, int]
"""A run under one fence. The next attempt of a run may be claimed here before the last one's settlement has been answered."""

log = structlog.get_logger()


def key_of(run: Run) -> Key:
    return run.id, run.fence


class Worker:
    """One life of one process that runs attempts. As a part its step waits for the bell and claims."""

    def __init__(
        self,
        *,
        worker_id: WorkerId,
        pools: tuple[str, ...],
        slots: int,
        process_slots: int,
        store: EngineStore,
        queue: DispatchQueue,
        clock: Clock,
        alarm: Alarm,
        output: OutputWriter,
        doers: Mapping[str, Doer],
        vitals: EngineVitals,
    ) -> None:
        """`pools` empty serves every pool; `process_slots` of the `slots` may be commands and Python."""
        self.id = worker_id
        self.pools = pools
        self.slots = slots
        self._process_slots = process_slots
        self._store = store
        self._queue = queue
        self._clock = clock
        self._alarm = alarm
        self._output = output
        self._doers = doers
        self._immediate = {kind: doer for kind, doer in doers.items() if isinstance(doer, Immediate)}
        self._vitals = vitals
        self._attempts: dict[Key, Attempting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._processes = 0
        self._reserved = 0
        self._reserved_processes = 0
        self._asked = 0
        self._unanswered: dict[int, int] = {}
        self._freed = Nudge()
        self._draining = False
        self._more = False
        self._hurried = asyncio.Event()
        self.settler = Settler(store=store, output=output, clock=clock, alarm=alarm, vitals=vitals, freed=self._settled)
        self.nudge = Nudge()

    @property
    def busy(self) -> int:
        """Slots in use, attempts that wait for their settlement included."""
        return len(self._attempts)

    def holds(self) -> set[Key]:
        """What is carried out here or waits for its settlement."""
        return set(self._attempts)

    # Taking runs

    async def step(self) -> datetime:
        """Wait for the bell at most BELL_SECONDS, then claim what there is room for."""
        delivery = None if self._more else await self._queue.wait(self.pools, BELLS_MAX, BELL_SECONDS)
        await self.slot_freed(BELL_SECONDS)
        room = self.reserve(self.slots)
        if room is None:
            self._more = self._more or delivery is not None
        else:
            self._more = await self._claim(room, delivery)
        if delivery is not None:
            await self._queue.ack(delivery)
        return self._clock.now()

    async def _claim(self, room: Room, delivery: Delivery | None) -> bool:
        """Whether there may be more to claim."""
        claims: Sequence[Claim] = ()
        try:
            rung = delivery.runs if delivery is not None else ()
            claims = await self._store.claim(room, self._clock.now(), rung or None)
        finally:
            self.accept(room, claims)
        return len(claims) == room.slots

    def reserve(self, limit: int) -> Room | None:
        """Free slots, held until `accept`; None when there is none or the worker drains."""
        slots = min(self._free(), limit)
        if slots <= 0 or self._draining:
            return None
        processes = min(slots, self._process_slots - self._processes - self._reserved_processes)
        room = Room(worker_id=self.id, pools=self.pools, slots=slots, process_slots=max(0, processes))
        self._reserved += slots
        self._reserved_processes += room.process_slots
        self._unanswered[id(room)] = self._asked
        self._asked += 1
        return room

    @property
    def asked(self) -> int:
        """How often a claim was asked for until now."""
        return self._asked

    def answered(self, asked: int) -> bool:
        """Whether the first `asked` claims have all been answered, or have failed."""
        return all(number >= asked for number in self._unanswered.values())

    def accept(self, room: Room, claims: Sequence[Claim]) -> None:
        """Give back what was reserved and begin what was claimed."""
        del self._unanswered[id(room)]
        self._reserved -= room.slots
        self._reserved_processes -= room.process_slots
        self._vitals.started(claim.run for claim in claims)
        now = self._clock.now()
        for claim in claims:
            attempting = Attempting(claim, self._doers, self._output)
            self._attempts[key_of(claim.run)] = attempting
            self._processes += claim.run.needs_process
            immediate = self._immediate.get(claim.action.kind)
            if immediate is not None:
                self._ended(attempting, attempting.at_once(immediate, now))
                continue
            task = asyncio.create_task(self._attempt(attempting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if len(claims) < room.slots:
            self._freed()

    async def slot_freed(self, seconds: float) -> None:
        """Return when a slot is free or after that long."""
        until = self._clock.now() + timedelta(seconds=seconds)
        while self._free() <= 0 and self._clock.now() < until:
            await self._freed.wait_until(until, self._clock)

    def _free(self) -> int:
        return self.slots - len(self._attempts) - self._reserved

    # Ending them

    async def _attempt(self, attempting: Attempting) -> None:
        self._ended(attempting, await attempting.outcome())

    def _ended(self, attempting: Attempting, outcome: Outcome) -> None:
        claim = attempting.claim
        self.settler.add(Ending(run=claim.run, outcome=outcome, policy=claim.policy), attempting.written)

    def _settled(self, ended: Iterable[Key]) -> None:
        were_full = self._processes >= self._process_slots
        for key in ended:
            attempting = self._attempts.pop(key, None)
            if attempting is not None:
                run = attempting.claim.run
                self._processes -= run.needs_process
                if were_full and run.needs_process:
                    self._alarm.ring_at(self._clock.now(), run.pool)  # others of its kind may have waited for this slot
        self._freed()

    def stop(self, runs: Iterable[Key], why: Stop = Stop.CANCEL) -> None:
        """Stop those of `runs` that are carried out here."""
        for key in runs:
            attempting = self._attempts.get(key)
            if attempting is not None:
                attempting.stop(why)

    async def drain(self, seconds: float) -> int:
        """Take nothing new, let what runs end for that long, then stop and hand back the rest; answers how many were stopped.

        The settler must still be driven until this returns.
        """
        self._draining = True
        await self._all_settled(seconds, hurried=self._hurried)
        rest = list(self._attempts)
        if rest:
            self.stop(rest, Stop.SHUTDOWN)
            await self._all_settled(STOP_SECONDS_MAX)
        if self._attempts:
            log.error("some actions did not stop; the next start settles them as lost", runs=len(self._attempts))
        return len(rest)

    def hurry(self) -> None:
        """While draining: stop what runs now instead of waiting for it."""
        self._hurried.set()
        self._freed()

    async def _all_settled(self, seconds: float, hurried: asyncio.Event | None = None) -> None:
        until = self._clock.monotonic() + seconds
        while self._attempts and (left := until - self._clock.monotonic()) > 0:
            if hurried is not None and hurried.is_set():
                return
            await self._freed.wait_until(self._clock.now() + timedelta(seconds=left), self._clock)


class Settler:
    """Hands endings to the store in shared batches, again and again until the store has answered."""

    def __init__(
        self,
        *,
        store: EngineStore,
        output: OutputWriter,
        clock: Clock,
        alarm: Alarm,
        vitals: EngineVitals,
        freed: Callable[[Iterable[Key]], None],
    ) -> None:
        self._store = store
        self._output = output
        self._clock = clock
        self._alarm = alarm
        self._vitals = vitals
        self._freed = freed
        self._endings: list[tuple[Ending, Written | None]] = []
        self.nudge = Nudge()

    def add(self, ending: Ending, written: Written | None = None) -> None:
        """`written` by the attempt, if it began at all."""
        self._endings.append((ending, written))
        self.nudge()

    async def step(self) -> datetime:
        ended = self._endings[:SETTLE_BATCH_MAX]
        if not ended:
            return self._clock.now() + IDLE
        await self._output.flush()  # a run that has ended has all its output
        batch = [_with_loss(ending) if written is not None and written.lost else ending for ending, written in ended]
        now = self._clock.now()
        settled = await self._store.settle(batch, now)
        del self._endings[: len(batch)]
        self._vitals.settled(settled.runs)
        self._freed([key_of(ending.run) for ending in batch])
        self._alarm.ring([*settled.released, *(run for run in settled.runs if run is not None)])
        return now if self._endings else now + IDLE


def _with_loss(ending: Ending) -> Ending:
    """The run says itself that its output is not whole."""
    outcome = ending.outcome
    if not isinstance(outcome, Succeeded | Failed):
        return ending
    said = f"{outcome.detail[: DETAIL_MAX - len(LOSS) - 2]}; {LOSS}" if outcome.detail else LOSS
    return replace(ending, outcome=replace(outcome, detail=said))
