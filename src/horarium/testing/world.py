"""A simulated world: the unmodified engine, many times over, on one store, killed and restarted at random moments.

Time is the loop's and jumps from timer to timer; chance comes from one seed. One seed is one history.
"""

import asyncio
from collections.abc import Coroutine, Generator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from horarium.clocks.simulated import SeededRandom, SimulatedClock
from horarium.core.ids import WorkerId, stamped_id
from horarium.core.worker import Worker
from horarium.engine.engine import Engine, Makeup
from horarium.engine.heart import DeclaredDead
from horarium.queues.in_process import InProcessQueue
from horarium.stores.open import open_inline
from horarium.testing.checks import Checks
from horarium.testing.people import People
from horarium.testing.witness import SimulatedDoer, Witness

START = datetime(2027, 3, 28, 0, 40, tzinfo=UTC)
"""Twenty minutes before the clocks go forward in Europe."""
CHAOS_SECONDS = 300.0
CALM_SECONDS_MAX = 600.0
SLOWNESS = (0.0, 0.0, 0.0, 0.001, 0.01, 0.3)
"""How long a call of the store may take before and after it takes effect."""

_node: ContextVar["Node | None"] = ContextVar("node", default=None)


@dataclass(slots=True, eq=False)
class Node:
    """One life of one process."""

    name: str
    schedules: bool
    works: bool
    dead: bool = False
    frozen_until: float = 0.0
    tasks: dict["asyncio.Task[Any]", None] = field(default_factory=dict)
    run: "asyncio.Task[None] | None" = None


class World:
    """`run` lives one history and raises AssertionError where a promise is broken."""

    def __init__(self, seed: int) -> None:
        self.chance = SeededRandom(seed)
        self.log: list[str] = []
        self.nodes: list[Node] = []
        self.witness = Witness()

    async def run(self) -> list[str]:
        """Chaos, then calm, then the reckoning; answers the log of what happened."""
        loop = asyncio.get_running_loop()
        loop.set_task_factory(_remembering)
        self.clock = SimulatedClock(loop, START)
        self.queue = InProcessQueue()
        self.store, sql = open_inline(self._delayed)
        self.checks = Checks(sql=sql, store=self.store, witness=self.witness, clock=self.clock)
        self.people = People(store=self.store, clock=self.clock, ids=self.chance, chance=self.chance)
        for name in ("scheduler 1", "scheduler 2"):
            await self._start(name, schedules=True, works=False)
        for name in ("worker 1", "worker 2"):
            await self._start(name, schedules=False, works=True)
        await self.people.begin()
        for _ in range(3):
            await self.people.add()
        await self._chaos()
        await self._calm()
        await self.checks.reckon(self.people.tasks, self.people.allowed)
        for node in self.nodes:
            self._kill(node)
        await self.clock.sleep(0)
        return self.log

    async def _chaos(self) -> None:
        until = self.clock.monotonic() + CHAOS_SECONDS
        while self.clock.monotonic() < until:
            await self.clock.sleep(self.chance.choice((0.05, 0.5, 2.0, 8.0)) * self.chance.random())
            fate = self.chance.random()
            if fate < 0.2:
                await self._crash_one()
            elif fate < 0.25:
                self._freeze_one()
            else:
                self._say(await self.people.act())
            await self._reborn()
            self.checks.balanced()

    async def _calm(self) -> None:
        await self.people.calm()
        until = self.clock.monotonic() + CALM_SECONDS_MAX
        while await self.checks.unfinished() and self.clock.monotonic() < until:
            await self.clock.sleep(1.0)
            await self._reborn()

    async def _crash_one(self) -> None:
        node = self.chance.choice(self.nodes)
        self._say(f"kill {node.name}")
        self._kill(node)
        self.nodes.remove(node)
        await self.clock.sleep(self.chance.choice((0.0, 1.0, 15.0)) * self.chance.random())
        await self._start(node.name, schedules=node.schedules, works=node.works)

    def _freeze_one(self) -> None:
        """Longer than a silence that counts as death: what it reports when it wakes comes too late."""
        node = self.chance.choice(self.nodes)
        self._say(f"freeze {node.name}")
        node.frozen_until = self.clock.monotonic() + self.chance.choice((3.0, 12.0, 20.0))

    def _kill(self, node: Node) -> None:
        node.dead = True
        for task in tuple(node.tasks):
            task.cancel()

    async def _start(self, name: str, *, schedules: bool, works: bool) -> None:
        node = Node(name, schedules, works)
        token = _node.set(node)
        try:
            node.run = asyncio.get_running_loop().create_task(self._live(node))
            node.run.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # asked for in _reborn
        finally:
            _node.reset(token)
        self.nodes.append(node)
        self._say(f"start {name}")

    async def _live(self, node: Node) -> None:
        now = self.clock.now()
        record = Worker(
            id=WorkerId(stamped_id(now, self.chance.bytes(10))),
            name=node.name,
            pools=(),
            slots=4,
            process_slots=2,
            version="0",
            started_at=now,
        )
        makeup = Makeup(record=record, schedules=node.schedules, works=node.works, shared=True, tzdata="2026a")
        doer = SimulatedDoer(self.witness, self.clock, self.chance, lambda: not node.dead)
        engine = Engine(makeup, store=self.store, queue=self.queue, clock=self.clock, doers={"log": doer})
        await engine.begin()
        await engine.run()

    async def _reborn(self) -> None:
        """Who was declared dead while it slept begins a new life; a part that failed for any other reason fails the world."""
        for node in tuple(self.nodes):
            if node.run is None or not node.run.done() or node.dead:
                continue
            try:
                node.run.result()
            except* DeclaredDead:
                self._say(f"{node.name} was declared dead")
            else:
                raise AssertionError(f"{node.name} ended by itself")
            self._kill(node)
            self.nodes.remove(node)
            await self._start(node.name, schedules=node.schedules, works=node.works)

    async def _delayed(self) -> None:
        """Around every call of the store: it yields, may be slow or frozen, and a dead process gets no answer."""
        node = _node.get()
        self._still_there(node)
        await self.clock.sleep(self.chance.choice(SLOWNESS) if node is not None else 0)
        while node is not None and not node.dead and (left := node.frozen_until - self.clock.monotonic()) > 0:
            await self.clock.sleep(left)
        self._still_there(node)

    @staticmethod
    def _still_there(node: Node | None) -> None:
        if node is not None and node.dead:
            raise asyncio.CancelledError

    def _say(self, what: str) -> None:
        self.log.append(f"{self.clock.monotonic():.6f} {what}")


def _remembering(
    loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any] | Generator[Any, None, Any], **more: Any
) -> "asyncio.Task[Any]":
    """Tasks know the process they belong to, so that a kill reaches every one of them."""
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **more)
    node = _node.get()
    if node is not None:
        node.tasks[task] = None  # in the order of their making: a set's order would not be the same twice
        task.add_done_callback(lambda ended: node.tasks.pop(ended, None))
        if node.dead:
            task.cancel()
    return task
