"""The host's clocks and chance."""

import asyncio
import os
import time
from datetime import UTC, datetime
from typing import Final

SUPPLY_BYTES: Final = 4_096


class SystemClock:
    """Wall clock, monotonic clock, and the boot clock that also counts suspension."""

    def now(self) -> datetime:
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def monotonic(self) -> float:
        return time.monotonic()

    def since_boot(self) -> float:
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()  # macOS: its monotonic clock stands still while suspended

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SystemRandom:
    """The operating system's generator, asked for a supply at a time: each call of it costs tens of microseconds.

    A fork would share the supply, so nothing here forks: processes are spawned by the guardian.
    """

    def __init__(self) -> None:
        self._supply = b""
        self._used = 0

    def bytes(self, count: int) -> bytes:
        if count > SUPPLY_BYTES:
            return os.urandom(count)
        if self._used + count > len(self._supply):
            self._supply, self._used = os.urandom(SUPPLY_BYTES), 0
        self._used += count
        return self._supply[self._used - count : self._used]
