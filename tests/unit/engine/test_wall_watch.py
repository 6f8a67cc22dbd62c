"""One wrong second cannot decide a year."""

import asyncio
from datetime import timedelta

import pytest

from horarium.clocks.simulated import SimulatedClock
from horarium.engine.wall_watch import Wall, WallWatch
from tests.unit.engine.jumping import clock, jumping


class World:
    def __init__(self) -> None:
        self.clock: SimulatedClock = clock()
        self.watch = WallWatch(self.clock)

    async def look(self, after: float = 1, *, step: float = 0) -> Wall:
        """`after` seconds later, the wall having been set by `step`."""
        await asyncio.sleep(after)
        self.clock.skew += timedelta(seconds=step)
        return self.watch.look(self.clock.now())


@jumping
async def test_a_clock_that_goes_is_steady() -> None:
    world = World()
    assert {await world.look(seconds) for seconds in (0, 1, 3_600, 0.001, 86_400)} == {Wall.STEADY}
    assert world.watch.steps == 0


@jumping
async def test_suspension_is_no_step() -> None:
    """The boot clock counts it, as a long time between two looks does here."""
    world = World()
    await world.look()
    assert await world.look(7 * 86_400) is Wall.STEADY


@pytest.mark.parametrize(
    ("step", "wall", "steps"),
    [
        (0.5, Wall.STEADY, 0),
        (0.501, Wall.STEPPED, 1),
        (-0.5, Wall.STEADY, 0),
        (-0.501, Wall.STEPPED, 1),
        (300, Wall.STEPPED, 1),
        (300.001, Wall.LEAPT, 1),
        (-300.001, Wall.STEPPED, 1),
        (-86_400, Wall.STEPPED, 1),
        (31_536_000, Wall.LEAPT, 1),
    ],
)
@jumping
async def test_what_is_noticed_and_what_stops_planning(step: float, wall: Wall, steps: int) -> None:
    world = World()
    await world.look()
    assert await world.look(step=step) is wall
    assert world.watch.steps == steps


@jumping
async def test_a_step_is_noticed_once() -> None:
    world = World()
    await world.look()
    assert await world.look(step=10) is Wall.STEPPED
    assert await world.look() is Wall.STEADY


@jumping
async def test_after_a_leap_the_clock_must_keep_still_for_a_minute() -> None:
    world = World()
    await world.look()
    assert await world.look(step=3_600) is Wall.LEAPT
    assert {await world.look() for _ in range(59)} == {Wall.LEAPT}
    assert await world.look(0.999) is Wall.LEAPT
    assert await world.look(0.001) is Wall.STEADY
    assert await world.look() is Wall.STEADY


@pytest.mark.parametrize("step", [-3_600, 1, -1, 400])
@jumping
async def test_set_again_meanwhile_the_minute_begins_again(step: float) -> None:
    world = World()
    await world.look()
    await world.look(step=3_600)
    assert await world.look(50, step=step) is Wall.LEAPT
    assert await world.look(59) is Wall.LEAPT
    assert await world.look(1) is Wall.STEADY


@jumping
async def test_the_first_look_has_nothing_to_compare_with() -> None:
    world = World()
    assert await world.look(step=1_000_000) is Wall.STEADY
