"""What every clock promises: aware instants on whole milliseconds, a monotonic clock that never goes back, sleep that waits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from horarium.clocks.simulated import SimulatedClock
from horarium.clocks.system import SystemClock
from horarium.ports.clock import Clock
from horarium.testing.loop import run
from tests.making import T0

Story = Callable[[Clock], Awaitable[None]]


def on_system(story: Story) -> None:
    async def told() -> None:
        await story(SystemClock())

    asyncio.run(told())


def on_simulated(story: Story) -> None:
    async def told() -> None:
        await story(SimulatedClock(asyncio.get_running_loop(), T0))

    run(told())


@pytest.fixture(params=[on_system, on_simulated], ids=["system", "simulated"])
def told(request: pytest.FixtureRequest) -> Callable[[Story], None]:
    found: Callable[[Story], None] = request.param
    return found


def test_instants_are_aware_and_on_whole_milliseconds(told: Callable[[Story], None]) -> None:
    async def story(clock: Clock) -> None:
        for _ in range(50):
            now = clock.now()
            assert now.utcoffset() == timedelta()
            assert now.microsecond % 1000 == 0
            await clock.sleep(0.0007)

    told(story)


def test_monotonic_and_boot_never_go_back(told: Callable[[Story], None]) -> None:
    async def story(clock: Clock) -> None:
        before = (clock.monotonic(), clock.since_boot())
        for _ in range(50):
            await clock.sleep(0)
            after = (clock.monotonic(), clock.since_boot())
            assert after[0] >= before[0]
            assert after[1] >= before[1]
            before = after

    told(story)


def test_sleeping_takes_its_time_by_every_clock(told: Callable[[Story], None]) -> None:
    async def story(clock: Clock) -> None:
        begun, at = clock.monotonic(), clock.now()
        await clock.sleep(0.02)
        assert clock.monotonic() - begun >= 0.019
        assert clock.now() - at >= timedelta(milliseconds=18)

    told(story)


def test_a_simulated_hour_costs_nothing_and_a_skew_moves_the_wall_alone() -> None:
    async def story() -> None:
        clock = SimulatedClock(asyncio.get_running_loop(), datetime(2027, 1, 1, tzinfo=UTC))
        await clock.sleep(3_600)
        assert clock.now() == datetime(2027, 1, 1, 1, tzinfo=UTC)
        monotonic = clock.monotonic()
        clock.skew = timedelta(minutes=-5)
        assert clock.now() == datetime(2027, 1, 1, 0, 55, tzinfo=UTC)
        assert clock.monotonic() == monotonic

    run(story())
