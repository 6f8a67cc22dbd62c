"""What every implementation of live events promises: nothing that was announced is unheard, in bounded memory, in few words."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from horarium.caches.live_events import LINGER_SECONDS, LiveEvents
from horarium.clocks.simulated import SeededRandom, SimulatedClock
from horarium.core.ids import RunId, TaskId, stamped_id
from horarium.ports.clock import Clock
from horarium.ports.events import CHANGES_MAX, FLUSH_SECONDS, Ear, Events, Heard, Interest
from horarium.testing.loop import run
from tests.making import T0

EVENTS: dict[str, Callable[[Clock], Events]] = {
    "in process": lambda clock: LiveEvents(clock=clock, random=SeededRandom(1))
}
ALL = Interest(tasks=True, runs=True)


def task(number: int) -> TaskId:
    return TaskId(stamped_id(T0, number.to_bytes(10, "big")))


def a_run(number: int) -> RunId:
    return RunId(stamped_id(T0, (1 << 40 | number).to_bytes(10, "big")))


async def told(ear: Ear) -> Heard:
    heard = await ear.listen(5)
    assert heard is not None, "there is something to tell"
    return heard


def clock() -> SimulatedClock:
    return SimulatedClock(asyncio.get_running_loop(), T0)


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_what_is_announced_is_heard_once_however_often_it_is_said(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        events = make(clock())
        ear = events.ear(ALL)
        for _ in range(3):
            events.changed([task(1), task(2)], [a_run(1)])
        events.changed([task(3)], [])
        heard = await told(ear)
        assert heard.tasks == {task(1), task(2), task(3)}
        assert heard.runs == {a_run(1)}
        assert (heard.many_tasks, heard.many_runs, dict(heard.output)) == (0, 0, {})
        assert await ear.listen(1) is None, "and nothing twice"

    run(story())


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_each_ear_hears_what_it_wants_to(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        events = make(clock())
        ears = [
            events.ear(interest)
            for interest in (
                Interest(tasks=True),
                Interest(runs=True),
                Interest(output=frozenset({a_run(1)})),
                Interest(output=frozenset({a_run(9)})),
            )
        ]
        events.changed([task(1)], [a_run(1), a_run(2)])
        events.wrote(a_run(1), 1, 10)
        events.wrote(a_run(1), 2, 5)
        events.wrote(a_run(2), 1, 7)
        tasks, runs, follower = [await told(ear) for ear in ears[:3]]
        assert (sorted(tasks.tasks), sorted(tasks.runs)) == ([task(1)], [])
        assert (sorted(runs.tasks), sorted(runs.runs), dict(runs.output)) == ([], [a_run(1), a_run(2)], {})
        assert follower.runs == {a_run(1)}, "whoever follows a run's output hears of its end as well"
        assert dict(follower.output) == {a_run(1): (2, 5)}, "the newest attempt"
        assert await ears[3].listen(1) is None

    run(story())


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_many_changes_are_counted_and_not_kept(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        events = make(clock())
        ear = events.ear(ALL)
        events.changed([task(1)], [a_run(n) for n in range(CHANGES_MAX)])
        assert len((await told(ear)).runs) == CHANGES_MAX
        for n in range(0, 10_000, 250):
            events.changed([task(1)], [a_run(m) for m in range(n, n + 250)])
        heard = await told(ear)
        assert (sorted(heard.tasks), heard.many_tasks) == ([task(1)], 0)
        assert (sorted(heard.runs), heard.many_runs) == ([], 10_000)
        events.changed([], [a_run(1)])
        assert (await told(ear)).runs == {a_run(1)}, "a new stretch begins"

    run(story())


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_a_run_whose_output_is_followed_is_named_among_many(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        events = make(clock())
        ear = events.ear(Interest(runs=True, output=frozenset({a_run(7)})))
        events.changed([], [a_run(n) for n in range(2_000)])
        heard = await told(ear)
        assert (sorted(heard.runs), heard.many_runs) == ([a_run(7)], 2_000)
        events.changed([], [a_run(8)])
        assert sorted((await told(ear)).runs) == [a_run(8)]

    run(story())


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_an_ear_is_told_four_times_a_second_at_most(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        now = clock()
        events = make(now)
        ear = events.ear(ALL)
        heard: list[float] = []

        async def listen() -> None:
            while await ear.listen(3) is not None:
                heard.append(loop.time())

        listening = asyncio.create_task(listen())
        for n in range(200):
            events.changed([task(n)], [])
            await now.sleep(0.01)
        await listening
        gaps = [later - earlier for earlier, later in pairwise(heard)]
        assert 8 <= len(heard) <= 10, "two seconds"
        assert min(gaps) >= FLUSH_SECONDS - 1e-6

    run(story())


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_nobody_is_heard_before_the_first_ear_nor_long_after_the_last(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        now = clock()
        events = make(now)
        heard = [events.heard]
        ear = events.ear(ALL)
        heard.append(events.heard)
        ear.close()
        await now.sleep(LINGER_SECONDS + 1)
        events.changed([task(1)], [])
        assert [*heard, events.heard] == [False, True, False]

    run(story())


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_a_stamp_holds_exactly_until_something_happens(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        now = clock()
        events = make(now)
        ear = events.ear(Interest(tasks=True))
        before = ear.stamp
        events.changed([], [a_run(1)])
        assert ear.stamp != before, "also by what this ear does not want to hear"
        known = ear.stamp
        ear.close()
        await now.sleep(5)
        again = events.ear(ALL)
        assert again.stamp == known, "nothing was missed"
        again.close()
        events.changed([task(1)], [])
        assert events.ear(ALL).stamp != known, "something was missed"

    run(story())


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_a_stamp_does_not_hold_after_a_stretch_in_which_nobody_counted(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        now = clock()
        events = make(now)
        ear = events.ear(ALL)
        known = ear.stamp
        ear.close()
        await now.sleep(LINGER_SECONDS + 1)
        events.changed([task(1)], [])
        events.changed([task(1)], [])
        assert events.ear(ALL).stamp != known

    run(story())


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_closing_wakes_everybody_at_once(make: Callable[[Clock], Events]) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        events = make(clock())
        ears = [events.ear(ALL) for _ in range(3)]
        listening = [asyncio.create_task(ear.listen(60)) for ear in ears]
        await asyncio.sleep(1)
        events.close()
        begun = loop.time()
        assert await asyncio.gather(*listening) == [None] * 3
        assert loop.time() - begun < 0.01
        assert events.closed
        assert await events.ear(ALL).listen(60) is None
        assert loop.time() - begun < 0.01
        events.changed([task(1)], [])

    run(story())
