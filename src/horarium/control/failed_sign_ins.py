"""Counts failed sign-ins per address, in bounded memory.

Keys and tokens hold 256 random bits, so nobody guesses one; the count keeps a mistaken or hostile client from filling the
log and the store. Callers on the loopback are counted and told to wait, but a right key is always taken from them: whoever
fails on purpose cannot lock the owner out of the owner's own machine.
"""

from collections import OrderedDict
from ipaddress import ip_address
from math import ceil
from typing import Final

from horarium.control.errors import TooManySignIns
from horarium.ports.clock import Clock

FAILURES_MAX: Final = 10
WINDOW_SECONDS: Final = 60.0
ADDRESSES_MAX: Final = 10_000


class FailedSignIns:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()
        """Per address: the end of its window on the monotonic clock, and the failures in it."""

    def check_before(self, address: str) -> None:
        """Raises TooManySignIns, except on the loopback."""
        wait = self._wait(address)
        if wait is not None and not _is_loopback(address):
            raise TooManySignIns(wait)

    def count(self, address: str) -> None:
        """One more failure. Raises TooManySignIns when it is one too many."""
        wait = self._wait(address)
        if wait is not None:
            raise TooManySignIns(wait)
        now = self._clock.monotonic()
        end, failures = self._failures.get(address, (0.0, 0))
        self._failures[address] = (end, failures + 1) if end > now else (now + WINDOW_SECONDS, 1)
        self._failures.move_to_end(address)
        while len(self._failures) > ADDRESSES_MAX:
            self._failures.popitem(last=False)

    def _wait(self, address: str) -> int | None:
        end, failures = self._failures.get(address, (0.0, 0))
        left = end - self._clock.monotonic()
        return max(1, ceil(left)) if failures >= FAILURES_MAX and left > 0 else None


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
