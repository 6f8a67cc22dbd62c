"""The loop whose time jumps."""

import asyncio

import pytest

from horarium.testing.loop import Deadlock, JumpingLoop, run


def test_time_begins_at_zero_and_jumps_exactly_to_the_next_timer() -> None:
    async def story() -> list[float]:
        loop = asyncio.get_running_loop()
        seen = [loop.time()]
        for seconds in (0.25, 3_600, 0, 86_400 * 365):
            await asyncio.sleep(seconds)
            seen.append(loop.time())
        return seen

    assert run(story()) == [0, 0.25, 3_600.25, 3_600.25, 3_600.25 + 86_400 * 365]


def test_time_stands_still_while_anything_can_run() -> None:
    async def story() -> float:
        for _ in range(1_000):
            await asyncio.sleep(0)
        return asyncio.get_running_loop().time()

    assert run(story()) == 0


def test_timers_ring_in_order_whatever_the_order_of_setting_them() -> None:
    async def story() -> list[float]:
        loop = asyncio.get_running_loop()
        rung: list[float] = []
        for seconds in (5, 1, 3, 2, 4):
            loop.call_later(seconds, lambda: rung.append(loop.time()))
        await asyncio.sleep(10)
        return rung

    assert run(story()) == [1, 2, 3, 4, 5]


def test_a_timeout_takes_its_time_and_no_more() -> None:
    async def story() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run(story()) == 30


def test_a_deadlock_is_an_error_that_names_who_waits() -> None:
    async def stuck() -> None:
        await asyncio.Event().wait()

    async def story() -> None:
        await asyncio.sleep(7)
        await asyncio.create_task(stuck(), name="the stuck one")

    with pytest.raises(Deadlock, match=r"after 7.*the stuck one in .*stuck"):
        run(story())


def test_a_loop_that_waits_for_nothing_at_all_is_a_deadlock_too() -> None:
    loop = JumpingLoop()
    try:
        with pytest.raises(Deadlock, match="no task at all"):
            loop.run_forever()
    finally:
        loop.close()


def test_an_error_of_the_story_is_its_own() -> None:
    async def story() -> None:
        await asyncio.sleep(1)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        run(story())


def test_tasks_left_over_are_cancelled_and_cleaned_up() -> None:
    ended: list[float] = []

    async def left_over() -> None:
        try:
            await asyncio.sleep(1_000)
        finally:
            await asyncio.sleep(2)
            ended.append(asyncio.get_running_loop().time())

    async def story() -> None:
        leftovers.append(asyncio.create_task(left_over()))
        await asyncio.sleep(1)

    leftovers: list[asyncio.Task[None]] = []
    run(story())
    assert ended == [3]
