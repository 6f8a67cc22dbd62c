"""What every cache promises: what it answers is what was put and is not over; it may forget, it never invents."""

import asyncio
from collections.abc import Callable

import pytest

from horarium.caches.memory import MemoryCache
from horarium.clocks.simulated import SimulatedClock
from horarium.ports.cache import Cache
from horarium.ports.clock import Clock
from horarium.testing.loop import run
from tests.making import T0

CACHES: dict[str, Callable[[Clock], Cache]] = {"memory": MemoryCache}


@pytest.mark.parametrize("name", CACHES)
def test_a_value_is_kept_for_its_time(name: str) -> None:
    async def story() -> None:
        clock = SimulatedClock(asyncio.get_running_loop(), T0)
        cache = CACHES[name](clock)
        assert await cache.get("a") is None
        await cache.put("a", b"one", 2)
        await cache.put("b", b"two", 5)
        await clock.sleep(1.9)
        assert await cache.get("a") == b"one"
        await clock.sleep(0.2)
        assert await cache.get("a") is None
        assert await cache.get("b") == b"two"

    run(story())


@pytest.mark.parametrize("name", CACHES)
def test_the_last_value_counts_and_forgetting_is_at_once(name: str) -> None:
    async def story() -> None:
        cache = CACHES[name](SimulatedClock(asyncio.get_running_loop(), T0))
        await cache.put("a", b"one", 5)
        await cache.put("a", b"two", 5)
        assert await cache.get("a") == b"two"
        await cache.forget("a", "never there")
        assert await cache.get("a") is None

    run(story())


def test_memory_is_bounded_in_entries_and_bytes_and_drops_what_was_used_longest_ago() -> None:
    async def story() -> None:
        cache = MemoryCache(SimulatedClock(asyncio.get_running_loop(), T0), entries_max=3, bytes_max=100)
        for key in "abc":
            await cache.put(key, key.encode(), 9)
        assert await cache.get("a") == b"a"
        await cache.put("d", b"d", 9)
        assert await cache.get("b") is None, "a was used since"
        await cache.put("e", b"e" * 99, 9)
        assert await cache.get("a") is None
        assert await cache.get("e") == b"e" * 99
        await cache.put("f", b"f" * 101, 9)
        assert await cache.get("f") is None, "larger than the whole cache"
        assert await cache.get("e") == b"e" * 99

    run(story())
