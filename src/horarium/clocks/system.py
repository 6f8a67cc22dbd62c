"""The host's clocks and chance."""

import asyncio
import os
import time
from datetime import UTC, datetime


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
    """The operating system's generator."""

    def bytes(self, count: int) -> bytes:
        return os.urandom(count)
