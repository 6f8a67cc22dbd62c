"""The only way to time: everything that waits or asks what time it is does it here."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """`now` may step when the host's clock is set; `monotonic` never does."""

    def now(self) -> datetime:
        """The wall clock: aware UTC, cut to whole milliseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, unaffected by steps of the wall clock."""
        ...

    def since_boot(self) -> float:
        """Seconds since boot, suspension included (CLOCK_BOOTTIME where there is one, else monotonic)."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long by the monotonic clock."""
        ...
