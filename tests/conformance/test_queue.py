"""What every dispatch queue promises: it may lose nothing but time, and whoever waits is woken or told that time is over."""

import asyncio
from collections.abc import Callable

import pytest

from horarium.core.ids import RunId
from horarium.ports.queue import DispatchQueue
from horarium.queues.in_process import POOLS_MAX, InProcessQueue

QUEUES: dict[str, Callable[[], DispatchQueue]] = {"in process": InProcessQueue}
SOON = 0.05
LONG = 30.0


@pytest.fixture(params=QUEUES)
def queue(request: pytest.FixtureRequest) -> DispatchQueue:
    return QUEUES[request.param]()


def run_id(number: int) -> RunId:
    return RunId(number.to_bytes(16, "big"))


async def test_time_passes_without_a_bell(queue: DispatchQueue) -> None:
    assert await queue.wait((), 10, SOON) is None


async def test_a_bell_that_rang_before_is_heard(queue: DispatchQueue) -> None:
    await queue.ring("default", [run_id(1)])
    delivery = await queue.wait(("default",), 10, LONG)
    assert delivery is not None
    await queue.ack(delivery)
    assert await queue.wait(("default",), 10, SOON) is None, "one bell wakes once"


async def test_a_waiter_is_woken(queue: DispatchQueue) -> None:
    waiting = asyncio.create_task(queue.wait((), 10, LONG))
    await asyncio.sleep(0)
    await queue.ring("default", [run_id(1)])
    assert await waiting is not None


async def test_without_pools_any_bell_is_heard(queue: DispatchQueue) -> None:
    await queue.ring("etl", [run_id(1)])
    assert await queue.wait((), 10, LONG) is not None


async def test_another_pools_bell_stays_for_those_it_is_for(queue: DispatchQueue) -> None:
    await queue.ring("etl", [run_id(1)])
    assert await queue.wait(("default",), 10, SOON) is None
    assert await queue.wait(("etl", "default"), 10, LONG) is not None


async def test_everybody_may_wait_at_once(queue: DispatchQueue) -> None:
    waiting = [asyncio.create_task(queue.wait((), 10, LONG)) for _ in range(5)]
    await asyncio.sleep(0)
    await queue.ring("default", [run_id(1)])
    assert await waiting[0] is not None
    for task in waiting[1:]:
        task.cancel()
    await asyncio.gather(*waiting[1:], return_exceptions=True)


async def test_a_cancelled_waiter_leaves_nothing_behind(queue: DispatchQueue) -> None:
    waiting = asyncio.create_task(queue.wait((), 10, LONG))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await queue.ring("default", [run_id(1)])
    assert await queue.wait((), 10, LONG) is not None


async def test_many_pools_are_bounded(queue: DispatchQueue) -> None:
    for number in range(POOLS_MAX + 10):
        await queue.ring(f"pool {number}", [run_id(number)])
    assert await queue.wait((), 10, LONG) is not None


async def test_closing_wakes_who_waits(queue: DispatchQueue) -> None:
    waiting = asyncio.create_task(queue.wait((), 10, LONG))
    await asyncio.sleep(0)
    await queue.close()
    await asyncio.wait_for(waiting, LONG / 2)
