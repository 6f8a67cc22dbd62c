"""What is new is read once for all who hear of it at the same beat, and told to each."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from horarium.caches.live_events import LiveEvents
from horarium.clocks.simulated import SeededRandom, SimulatedClock
from horarium.control.live import Live, News
from horarium.core.errors import StoreAway
from horarium.core.ids import RunId, TaskId, stamped_id
from horarium.core.run import Run
from horarium.ports.events import Interest
from horarium.testing.loop import run
from tests.making import T0, a_run

EARS = 20
WANTED = Interest(tasks=True, runs=True)


class Books:
    """Knows every run, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    async def tasks_now(self, ids: Sequence[TaskId]) -> Sequence[Any]:
        return []

    async def runs_now(self, ids: Sequence[RunId]) -> Sequence[Run]:
        if not ids:
            return []
        self.asked += 1
        if self.away:
            raise StoreAway("not now")
        await asyncio.sleep(0.001)
        return [a_run(1, id=run_id) for run_id in ids]


async def may() -> bool:
    return True


def made(books: Books) -> tuple[Live, LiveEvents, SimulatedClock]:
    clock = SimulatedClock(asyncio.get_running_loop(), T0)
    events = LiveEvents(clock=clock, random=SeededRandom(1))
    return Live(store=cast("Any", books), events=events, clock=clock), events, clock


def run_id(number: int) -> RunId:
    return RunId(stamped_id(T0, number.to_bytes(10, "big")))


async def listening(live: Live, heard: list[News]) -> None:
    async with live.heard_by(WANTED) as ear:
        heard += [news async for news in live.news(ear, WANTED, may, once=False)]


def test_one_reading_serves_all_ears() -> None:
    async def story() -> None:
        books = Books()
        live, events, clock = made(books)
        heard: list[list[News]] = [[] for _ in range(EARS)]
        ears = [asyncio.create_task(listening(live, each)) for each in heard]
        await clock.sleep(0.1)
        for n in range(3):
            events.changed([], [run_id(n)])
            await clock.sleep(1)
        events.close()
        await asyncio.gather(*ears)
        assert books.asked == 3
        for each in heard:
            assert [one.id for news in each for one in news.runs] == [run_id(0), run_id(1), run_id(2)]

    run(story())


def test_while_the_store_is_away_the_listener_is_told_to_read_anew() -> None:
    async def story() -> None:
        books = Books()
        live, events, clock = made(books)
        heard: list[News] = []
        ear = asyncio.create_task(listening(live, heard))
        await clock.sleep(0.1)
        books.away = True
        events.changed([], [run_id(1)])
        await clock.sleep(1)
        books.away = False
        events.changed([], [run_id(2)])
        await clock.sleep(1)
        events.close()
        await ear
        assert [(news.lost, len(news.runs)) for news in heard] == [(False, 0), (True, 0), (False, 1)]

    run(story())


@pytest.mark.parametrize("allowed", [0, 3])
def test_whoever_may_not_listen_any_more_is_let_go_in_time(allowed: int) -> None:
    async def story() -> None:
        live, _, _ = made(Books())
        loop = asyncio.get_running_loop()
        begun, asked = loop.time(), 0

        async def may_for_a_while() -> bool:
            nonlocal asked
            asked += 1
            return asked <= allowed

        beats = 0
        async with live.heard_by(WANTED) as ear:
            async for news in live.news(ear, WANTED, may_for_a_while, once=False):
                beats += news.beat
        assert beats == allowed
        assert loop.time() - begun == pytest.approx(10 * (allowed + 1), abs=0.1)

    run(story())
