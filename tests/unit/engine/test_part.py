"""Waiting and stepping."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from horarium.core.errors import StoreAway
from horarium.engine.part import Nudge, Part, drive
from tests.making import T0, at
from tests.unit.engine.jumping import after, clock, elapsed, jumping


class Told:
    def __init__(self) -> None:
        self.story: list[str] = []

    def met(self, part: Part, away: StoreAway) -> None:
        self.story.append(str(away))

    def passed(self, part: Part) -> None:
        self.story.append("passed")


class Scripted:
    """Each step notes when it was taken and does what the script says; the last line is repeated."""

    def __init__(self, now: Callable[[], datetime], *script: Exception | float) -> None:
        self.now = now
        self.script = script
        self.stepped: list[float] = []
        self.nudge = Nudge()

    async def step(self) -> datetime:
        line = self.script[min(len(self.stepped), len(self.script) - 1)]
        self.stepped.append(elapsed())
        await asyncio.sleep(0)
        if isinstance(line, Exception):
            raise line
        return self.now() + timedelta(seconds=line)


async def driven(part: Scripted, seconds: float, told: Told | None = None) -> Told:
    told = told or Told()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(seconds):
            await drive(part, clock(), told, asyncio.Event())
    return told


# Nudge


@jumping
async def test_it_waits_until_the_wall_clock_has_come_there() -> None:
    await Nudge().wait_until(at(3_600.5), clock())
    assert elapsed() == pytest.approx(3_600.5, abs=0.002)
    assert clock().now() >= at(3_600.5)


@jumping
async def test_what_has_passed_is_not_waited_for() -> None:
    await Nudge().wait_until(T0, clock())
    await Nudge().wait_until(at(-5), clock())
    assert elapsed() == 0


@jumping
async def test_a_nudge_wakes_and_is_used_up() -> None:
    nudge, here = Nudge(), clock()
    waking = asyncio.create_task(after(2.25, nudge))
    await nudge.wait_until(at(10), here)
    assert elapsed() == 2.25
    await nudge.wait_until(at(10), here)
    assert elapsed() >= 10
    await waking


@jumping
async def test_a_nudge_before_the_wait_counts_and_two_are_one() -> None:
    nudge, here = Nudge(), clock()
    nudge()
    nudge()
    await nudge.wait_until(at(10), here)
    assert elapsed() == 0
    await nudge.wait_until(at(10), here)
    assert elapsed() >= 10


@jumping
async def test_one_nudge_wakes_all_who_wait() -> None:
    nudge, here = Nudge(), clock()
    waiting = [asyncio.create_task(nudge.wait_until(at(100), here)) for _ in range(3)]
    await asyncio.sleep(1)
    nudge()
    await asyncio.wait(waiting)
    assert elapsed() == 1


@jumping
async def test_a_wall_clock_set_forward_is_seen_within_a_second() -> None:
    here = clock()

    def set_forward() -> None:
        here.skew = timedelta(hours=1)

    setting = asyncio.create_task(after(5.5, set_forward))
    await Nudge().wait_until(at(3_600), here)
    assert 5.5 <= elapsed() <= 6.5
    await setting


@jumping
async def test_a_wall_clock_set_back_is_waited_for() -> None:
    here = clock()

    def set_back() -> None:
        here.skew = timedelta(seconds=-30)

    setting = asyncio.create_task(after(5.5, set_back))
    await Nudge().wait_until(at(10), here)
    assert 40 <= elapsed() <= 40.01
    await setting


@jumping
async def test_a_clock_that_rings_early_is_asked_again() -> None:
    """Timers may ring half a millisecond early; `now` is cut to the millisecond."""
    here = clock()
    here.skew = timedelta(microseconds=-700)
    await Nudge().wait_until(at(1), here)
    assert here.now() >= at(1)


# drive


@jumping
async def test_a_part_is_stepped_when_it_asked_to_be() -> None:
    part = Scripted(clock().now, 2, 3, 100)
    await driven(part, 50)
    assert part.stepped == [0, 2, 5]


@jumping
async def test_a_nudged_part_is_stepped_at_once() -> None:
    part = Scripted(clock().now, 20)
    waking = asyncio.create_task(after(3, part.nudge))
    await driven(part, 22)
    assert part.stepped == [0, 3]
    await waking


@jumping
async def test_a_nudge_during_a_step_is_not_lost() -> None:
    part = Scripted(clock().now, 20)
    asyncio.get_running_loop().call_soon(part.nudge)
    await driven(part, 10)
    assert part.stepped == [0, 0]


@jumping
async def test_a_store_that_is_away_is_tried_again_every_second() -> None:
    part = Scripted(clock().now, StoreAway("gone"), StoreAway("still gone"), 100)
    told = await driven(part, 50)
    assert part.stepped == [0, 1, 2]
    assert told.story == ["gone", "still gone", "passed"]


@jumping
async def test_any_other_error_is_the_callers() -> None:
    part = Scripted(clock().now, 1, KeyError("a bug"))
    told = Told()
    with pytest.raises(KeyError):
        await drive(part, clock(), told, asyncio.Event())
    assert told.story == ["passed"]
    assert elapsed() == 1


@jumping
async def test_asked_to_stop_and_nudged_it_ends_at_once() -> None:
    part, stopping = Scripted(clock().now, 20), asyncio.Event()
    driving = asyncio.create_task(drive(part, clock(), Told(), stopping))
    await asyncio.sleep(3)
    stopping.set()
    part.nudge()
    await driving
    assert (part.stepped, elapsed()) == ([0], 3)


@jumping
async def test_asked_to_stop_a_step_under_way_is_finished_and_none_follows() -> None:
    stopping = asyncio.Event()
    part = Scripted(clock().now, 20)
    asyncio.get_running_loop().call_soon(stopping.set)
    told = Told()
    await drive(part, clock(), told, stopping)
    assert (part.stepped, told.story, elapsed()) == ([0], ["passed"], 0)


@jumping
async def test_asked_to_stop_before_it_began_it_takes_no_step() -> None:
    stopping = asyncio.Event()
    stopping.set()
    part = Scripted(clock().now, 20)
    await drive(part, clock(), Told(), stopping)
    assert part.stepped == []
