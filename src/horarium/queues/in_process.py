"""The bell inside one process: it carries no ids, only that something is ready for a pool."""

import asyncio
from collections.abc import Sequence

from horarium.core.ids import RunId
from horarium.ports.queue import Delivery

POOLS_MAX = 1_000
"""Pools remembered as rung; past that any waiter is woken, which costs it one look at the store."""


class InProcessQueue:
    """Waiters look at the store themselves, so that priority is the store's to decide."""

    def __init__(self) -> None:
        self._rung: set[str] = set()
        self._waiters: dict[asyncio.Future[None], None] = {}

    async def ring(self, pool: str, runs: Sequence[RunId]) -> None:
        self.ring_now(pool)

    def ring_now(self, pool: str) -> None:
        """Ring without waiting for anything."""
        if len(self._rung) < POOLS_MAX:
            self._rung.add(pool)
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, pools: Sequence[str], limit: int, seconds: float) -> Delivery | None:
        if not self._take(pools):
            waiter = asyncio.get_running_loop().create_future()
            self._waiters[waiter] = None
            try:
                async with asyncio.timeout(seconds):
                    await waiter
            except TimeoutError:
                return None
            finally:
                del self._waiters[waiter]
            self._take(pools)
        return Delivery()

    def _take(self, pools: Sequence[str]) -> bool:
        rung = self._rung if not pools else self._rung.intersection(pools)
        taken = bool(rung)
        self._rung = self._rung - rung
        return taken

    async def ack(self, delivery: Delivery) -> None:
        return None

    async def close(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
