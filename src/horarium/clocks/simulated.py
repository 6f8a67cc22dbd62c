"""Clocks and chance of a simulated world: time is the event loop's, chance comes from a seed."""

import asyncio
import random
from datetime import datetime, timedelta


class SimulatedClock:
    """Reads `start` plus the loop's own time, plus a skew that a world may change at will."""

    def __init__(self, loop: asyncio.AbstractEventLoop, start: datetime, skew: timedelta = timedelta()) -> None:
        self._loop = loop
        self._start = start
        self.skew = skew

    def now(self) -> datetime:
        moment = self._start + timedelta(seconds=self._loop.time()) + self.skew
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def monotonic(self) -> float:
        return self._loop.time()

    def since_boot(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SeededRandom(random.Random):
    """Chance of a world: the same for the same seed."""

    def bytes(self, count: int) -> bytes:
        return self.randbytes(count)
