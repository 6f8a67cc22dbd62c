"""How many tasks are due in a stretch of time."""

from horarium.core.change import Change, to_deleted, to_paused
from horarium.core.instants import MILLISECOND
from horarium.ports.store import Store
from tests.conformance.store.stores import a_task
from tests.making import T0, at, every


async def test_the_beginning_counts_and_the_end_does_not(store: Store) -> None:
    periods = (59, 60, 60.001, 119, 120)
    await store.add_tasks([a_task(number, every(period)) for number, period in enumerate(periods)], T0)
    assert await store.due_between(at(60), at(120), 100) == 3
    assert await store.due_between(at(60) + MILLISECOND, at(120) + MILLISECOND, 100) == 3
    assert await store.due_between(at(121), at(999), 100) == 0


async def test_no_further_than_the_limit(store: Store) -> None:
    await store.add_tasks([a_task(number) for number in range(7)], T0)
    assert await store.due_between(at(60), at(61), 5) == 5


async def test_neither_deleted_nor_paused_tasks_are_due(store: Store) -> None:
    first, second = a_task(1), a_task(2)
    await store.add_tasks([first, second], T0)
    await store.change_task(first.id, None, Change(what="deleted", by="bob", apply=to_deleted), at(1))
    await store.change_task(second.id, None, Change(what="paused", by="bob", apply=to_paused(None, "")), at(1))
    assert await store.due_between(at(60), at(61), 5) == 0
