"""What every test of the store's port shares: stores to test, tasks to put in, and eyes on the books."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from horarium.core.ids import RunId, TaskId, WorkerId, stamped_id
from horarium.core.outcome import Outcome
from horarium.core.plan import Plan
from horarium.core.plan_overridden import plan_due
from horarium.core.policy import Policy
from horarium.core.run import Run
from horarium.core.schedule.schedule import Schedule
from horarium.core.settle import Ending
from horarium.core.task import Task
from horarium.core.worker import Worker
from horarium.ports.store import Claim, Committed, Room, Settled, Store
from horarium.stores.sql.store import SqlStore
from horarium.stores.transactor import Transactor
from tests.making import T0, TZDATA, every
from tests.making import task as made

T = TypeVar("T")

ADA = WorkerId(b"A" * 16)
BOB = WorkerId(b"B" * 16)


def numbered(number: int, at: datetime = T0) -> bytes:
    return stamped_id(at, number.to_bytes(10, "big"))


def a_task(number: int = 1, schedule: Schedule | None = None, rules: Policy | None = None, **more: Any) -> Task:
    """Task `number`, due every minute unless told otherwise."""
    named = {"id": TaskId(numbered(number)), "name": f"task {number}", **more}
    return made(schedule or every(60), rules, **named)


def room(slots: int = 10, process_slots: int = 10, pools: tuple[str, ...] = (), worker: WorkerId = ADA) -> Room:
    return Room(worker_id=worker, pools=pools, slots=slots, process_slots=process_slots)


def a_worker(worker_id: WorkerId = ADA, **more: Any) -> Worker:
    values = {
        "id": worker_id,
        "name": "ada",
        "pools": (),
        "slots": 10,
        "process_slots": 10,
        "version": "0",
        "started_at": T0,
    }
    return Worker(**{**values, **more})


def transactor_of(store: Store) -> Transactor:
    assert isinstance(store, SqlStore)
    return store._on


async def sql(store: Store, statement: str, *values: Any) -> Sequence[Any]:
    """On the books, past the port."""
    return await transactor_of(store).read(lambda db: db.exec_driver_sql(statement, values).fetchall())


async def alter(store: Store, statement: str, *values: Any) -> None:
    await transactor_of(store).write(lambda db: db.exec_driver_sql(statement, values).close())


async def plans_at(store: Store, now: datetime) -> list[Plan]:
    due = await store.due(now, 1_000)
    return [plan for one in due if (plan := plan_due(one.task, one.cursor, now, TZDATA, one.overrides)) is not None]


async def planned(store: Store, now: datetime, with_room: Room | None = None) -> Committed:
    """Everything due by `now` is planned."""
    return await store.commit_plans(await plans_at(store, now), now, with_room)


async def started(store: Store, task: Task, now: datetime) -> Claim:
    """The task's occurrence that is due at `now`, claimed by Ada."""
    await planned(store, now)
    [claim] = [claim for claim in await store.claim(room(), now) if claim.run.task_id == task.id]
    return claim


def ending(claim: Claim, outcome: Outcome) -> Ending:
    return Ending(run=claim.run, outcome=outcome, policy=claim.policy)


async def ended(store: Store, claim: Claim, outcome: Outcome, now: datetime) -> Settled:
    return await store.settle([ending(claim, outcome)], now)


async def run_of(store: Store, run_id: RunId) -> Run:
    row = await store.run_row(run_id)
    assert row is not None
    return row.run


async def balanced(store: Store) -> None:
    """The law of conservation, and cursors that count what waits behind their holders."""
    for task_id, decided, forgotten, holder, behind in await sql(
        store, "SELECT task_id, decided, forgotten, holder, behind FROM cursors"
    ):
        [(runs,)] = await sql(
            store, "SELECT count(*) FROM runs WHERE task_id = ? AND cause IN ('schedule', 'catch_up')", task_id
        )
        [(skipped,)] = await sql(store, "SELECT coalesce(sum(count), 0) FROM skips WHERE task_id = ?", task_id)
        assert decided == runs + skipped + forgotten
        [(waiting,)] = await sql(store, "SELECT count(*) FROM runs WHERE task_id = ? AND is_behind = 1", task_id)
        assert behind == waiting
        if holder is not None:
            [(state,)] = await sql(store, "SELECT state FROM runs WHERE id = ?", holder)
            assert state in ("waiting", "running")


class Gate:
    """Holds the store's writer inside a transaction, so that whatever is asked meanwhile waits and then goes together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entered = threading.Event()
        self._open = threading.Event()

    def _hold(self, db: object) -> None:
        del db
        self._entered.set()
        assert self._open.wait(10), "nobody opened the gate"

    async def __aenter__(self) -> "Gate":
        self._held = asyncio.create_task(transactor_of(self._store).write(self._hold))
        assert await asyncio.to_thread(self._entered.wait, 10)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._open.set()
        await self._held


async def in_order(store: Store, *calls: Callable[[], Awaitable[Any]]) -> list[Any]:
    """All are waiting, in this order, before the first is carried out; answers and exceptions in the same order."""
    async with Gate(store):
        waiting = []
        for call in calls:
            waiting.append(asyncio.ensure_future(call()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    return await asyncio.gather(*waiting, return_exceptions=True)


def renamed(task: Task, name: str) -> Task:
    return replace(task, name=name)
