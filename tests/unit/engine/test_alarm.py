"""Rings the bell for what becomes ready later."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from horarium.core.ids import RunId
from horarium.core.run import RunState
from horarium.engine import alarm as module
from horarium.engine.alarm import Alarm
from horarium.engine.part import drive
from horarium.ports.queue import Delivery
from tests.making import a_run, at
from tests.unit.engine.jumping import clock, elapsed, jumping
from tests.unit.engine.test_part import Told


class Bell:
    """Notes who was rung for and when."""

    def __init__(self) -> None:
        self.rung: list[tuple[float, str]] = []

    async def ring(self, pool: str, runs: Sequence[RunId]) -> None:
        await asyncio.sleep(0)
        self.rung.append((round(elapsed(), 2), pool))

    async def wait(self, pools: Sequence[str], limit: int, seconds: float) -> Delivery:
        raise NotImplementedError

    async def ack(self, delivery: Delivery) -> None: ...

    async def close(self) -> None: ...


class World:
    def __init__(self) -> None:
        self.bell = Bell()
        self.clock = clock()
        self.alarm = Alarm(clock=self.clock, queue=self.bell)

    async def live(self, seconds: float) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(seconds):
                await drive(self.alarm, self.clock, Told(), asyncio.Event())


@jumping
async def test_it_rings_when_the_instant_comes_and_not_before() -> None:
    world = World()
    world.alarm.ring_at(at(5), "slow")
    world.alarm.ring_at(at(2.5), "fast")
    await world.live(10)
    assert world.bell.rung == [(2.5, "fast"), (5, "slow")]


@jumping
async def test_what_has_passed_rings_at_once() -> None:
    world = World()
    world.alarm.ring_at(at(-5), "default")
    await world.live(1)
    assert world.bell.rung == [(0, "default")]


@jumping
async def test_an_earlier_alarm_wakes_it() -> None:
    world = World()
    world.alarm.ring_at(at(1_000), "late")
    asyncio.get_running_loop().call_later(3, world.alarm.ring_at, at(4), "early")
    await world.live(10)
    assert world.bell.rung == [(4, "early")]


@jumping
async def test_several_runs_of_a_pool_at_one_instant_are_one_alarm() -> None:
    world = World()
    world.alarm.ring([a_run(n, ready_at=at(5)) for n in range(10)] + [a_run(11, ready_at=at(5), pool="other")])
    await world.live(10)
    assert sorted(world.bell.rung) == [(5, "default"), (5, "other")]


@jumping
async def test_it_rings_again_for_what_comes_later() -> None:
    world = World()
    world.alarm.ring_at(at(1), "default")
    await world.live(2)
    world.alarm.ring_at(at(1), "default")
    await world.live(1)
    assert world.bell.rung == [(1, "default"), (2, "default")]


@jumping
async def test_only_what_waits_and_is_not_behind_is_rung_for() -> None:
    world = World()
    world.alarm.ring(
        [
            a_run(1, is_behind=True),
            a_run(2, state=RunState.RUNNING),
            a_run(3, state=RunState.CANCELLED),
            a_run(4, state=RunState.SUCCEEDED),
        ]
    )
    await world.live(5)
    assert world.bell.rung == []


@jumping
async def test_with_nothing_set_it_sleeps_long() -> None:
    world = World()
    assert await world.alarm.step() - world.clock.now() == timedelta(hours=1)
    world.alarm.ring_at(at(90), "default")
    assert await world.alarm.step() == at(90)


@jumping
async def test_it_remembers_a_bounded_number() -> None:
    world = World()
    before, module.ALARMS_MAX = module.ALARMS_MAX, 3
    try:
        for seconds in range(1, 6):
            world.alarm.ring_at(at(seconds), "default")
    finally:
        module.ALARMS_MAX = before
    await world.live(10)
    assert [moment for moment, _ in world.bell.rung] == [1, 2, 3]
