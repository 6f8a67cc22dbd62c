"""Plans take effect whole or not at all, and claim what they made where a slot is free."""

from dataclasses import replace

import pytest

from horarium.core.action import Command
from horarium.core.errors import NotFound, NotPossible, RunIsOpen
from horarium.core.ids import RunId, TaskId
from horarium.core.outcome import Succeeded
from horarium.core.run import Cause, Reason, RunState
from horarium.core.task import Broken
from horarium.ports.store import Store
from tests.conformance.store.stores import (
    BOB,
    a_task,
    alter,
    ended,
    numbered,
    planned,
    plans_at,
    room,
    run_of,
    sql,
    started,
)
from tests.making import T0, at, every, policy


async def test_what_is_due_comes_oldest_first(store: Store) -> None:
    await store.add_tasks([a_task(n, every(60 - n)) for n in range(1, 5)], T0)
    assert [one.task.name for one in await store.due(at(60), 3)] == ["task 4", "task 3", "task 2"]
    assert await store.due(at(55), 3) == []
    assert await store.next_due_at() == at(56)


async def test_ready_runs_are_claimed_at_birth_while_there_is_room(store: Store) -> None:
    await store.add_tasks([a_task(n, priority=n) for n in range(1, 5)], T0)
    committed = await planned(store, at(60), room(slots=3))
    assert [claim.task_name for claim in committed.claims] == ["task 4", "task 3", "task 2"]
    assert [run.task_id for run in committed.waiting] == [numbered(1)]
    for claim in committed.claims:
        assert claim.run == await run_of(store, claim.run.id)
        assert (claim.run.fence, claim.run.attempt, claim.run.started_at) == (1, 1, at(60))
        assert claim.policy == policy()
    [rest] = await store.claim(room(), at(61))
    assert rest.task_name == "task 1"


async def test_nothing_new_passes_by_what_is_ready_already(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2), a_task(3, pool="other")], T0)
    await store.run_now(TaskId(numbered(1)), RunId(numbered(9, at(1))), at(1), "bob", allow=True)
    committed = await planned(store, at(60), room())
    assert [claim.task_name for claim in committed.claims] == ["task 3"]
    assert len(committed.waiting) == 2


async def test_commands_take_process_slots(store: Store) -> None:
    command = Command(kind="command", argv=("true",))
    await store.add_tasks([a_task(n, action=command) for n in (1, 2)] + [a_task(3)], T0)
    committed = await planned(store, at(60), room(process_slots=1))
    assert sorted(claim.action.kind for claim in committed.claims) == ["command", "log"]
    assert len(committed.waiting) == 1


async def test_a_pool_that_the_worker_does_not_serve_waits(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2, pool="other")], T0)
    committed = await planned(store, at(60), room(pools=("other",)))
    assert [claim.task_name for claim in committed.claims] == ["task 2"]


async def test_a_dead_worker_claims_nothing(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2)], T0)
    assert await store.declare_dead([(BOB, 0)], at(1)) == [BOB]
    assert (await planned(store, at(60), room(worker=BOB))).claims == ()
    assert await store.claim(room(worker=BOB), at(60)) == []
    assert len(await store.claim(room(), at(60))) == 2


async def test_jitter_lets_a_run_wait(store: Store) -> None:
    await store.add_tasks([a_task(schedule=every(3_600, jitter_seconds=600))], T0)
    committed = await planned(store, at(3_600), room())
    [run] = committed.waiting
    assert run.due_at == at(3_600) < run.ready_at
    assert await store.claim(room(), at(3_600)) == []
    assert len(await store.claim(room(), run.ready_at)) == 1


async def test_of_two_plans_for_one_cursor_one_takes_effect(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2)], T0)
    plans = await plans_at(store, at(60))
    first = await store.commit_plans(plans[:1], at(60))
    second = await store.commit_plans(plans, at(60))
    assert first.planned == (numbered(1),)
    assert second.planned == (numbered(2),)
    assert await sql(store, "SELECT count(*) FROM runs") == [(2,)]


async def test_an_occurrence_that_is_in_the_books_fails_its_own_plan_only(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2)], T0)
    first, second = await plans_at(store, at(60))
    await store.commit_plans([first], at(60))
    await alter(store, "UPDATE cursors SET version = 1 WHERE task_id = ?", numbered(1))
    committed = await store.commit_plans([first, second], at(60), room())
    assert committed.planned == (numbered(2),)
    assert await sql(store, "SELECT count(*) FROM runs") == [(2,)]
    broken = await store.task(TaskId(numbered(1)))
    assert isinstance(broken, Broken), "it would fail again and again"
    assert broken.field == "books"
    assert [one.task.name for one in await store.due(at(120), 10)] == ["task 2"]


async def test_skips_of_one_reason_grow_into_one_row(store: Store) -> None:
    task = a_task(schedule=every(1))
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(1))
    for second in (2, 3, 4):
        await planned(store, at(second))
    assert await sql(store, "SELECT reason, count FROM skips") == [("overlap", 3)]
    await ended(store, claim, Succeeded(), at(4.5))
    await started(store, task, at(5))
    await planned(store, at(6))
    assert await sql(store, "SELECT count FROM skips ORDER BY id") == [(3,), (1,)]


async def test_replacing_ends_what_waits_and_asks_what_runs_to_stop(store: Store) -> None:
    task = a_task(rules=policy("replace"))
    await store.add_tasks([task], T0)
    [first] = (await planned(store, at(60))).waiting
    committed = await planned(store, at(120))
    [second] = committed.waiting
    assert [(run.id, run.state, run.reason) for run in committed.cancelled] == [
        (first.id, RunState.CANCELLED, Reason.REPLACED)
    ]
    [claim] = await store.claim(room(), at(121))
    assert claim.run.id == second.id
    committed = await planned(store, at(180))
    assert committed.waiting == ()
    assert [(run.id, run.state, run.cancel_reason) for run in committed.cancelled] == [
        (second.id, RunState.RUNNING, Reason.REPLACED)
    ]
    settled = await ended(store, claim, Succeeded(), at(190))
    [third] = settled.released
    assert third.ready_at == at(190)
    assert await sql(store, "SELECT holder, behind FROM cursors") == [(third.id, 0)]


async def test_a_plan_that_replaces_is_refused_when_its_holder_has_started(store: Store) -> None:
    task = a_task(rules=policy("replace"))
    await store.add_tasks([task], T0)
    await planned(store, at(60))
    stale = await plans_at(store, at(120))
    assert len(await store.claim(room(), at(120))) == 1
    assert (await store.commit_plans(stale, at(120))).planned == ()
    assert (await planned(store, at(120))).planned == (task.id,)
    await alter(store, "UPDATE cursors SET version = version + 1")
    assert (await store.commit_plans(stale, at(121))).planned == ()


async def test_running_now_obeys_overlap_unless_allowed(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    one, two, three = (RunId(numbered(n, at(1))) for n in (7, 8, 9))
    [run] = (await store.run_now(task.id, one, at(1), "bob", allow=False)).waiting
    assert (run.cause, run.due_at, run.created_by, run.expected_at) == (Cause.MANUAL, at(1), "bob", None)
    with pytest.raises(RunIsOpen):
        await store.run_now(task.id, two, at(1), "bob", allow=False)
    assert (await store.run_now(task.id, three, at(1), "bob", allow=True)).waiting[0].id == three
    assert await sql(store, "SELECT holder FROM cursors") == [(one,)]
    with pytest.raises(NotFound):
        await store.run_now(TaskId(numbered(5)), two, at(1), "bob", allow=False)


async def test_running_now_asked_again_answers_the_same_run(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    run_id = RunId(numbered(7, at(1)))
    first = await store.run_now(task.id, run_id, at(1), "bob", allow=False)
    assert await store.run_now(task.id, run_id, at(2), "bob", allow=False) == first


async def test_running_again_pins_the_revision_of_the_original(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    again = RunId(numbered(9, at(70)))
    with pytest.raises(NotPossible):
        await store.run_again(claim.run.id, again, at(70), "bob", allow=False)
    await ended(store, claim, Succeeded(), at(70))
    [run] = (await store.run_again(claim.run.id, again, at(71), "bob", allow=False)).waiting
    assert (run.cause, run.retry_of, run.due_at, run.ready_at) == (Cause.RETRY, claim.run.id, at(60), at(71))
    with pytest.raises(NotFound):
        await store.run_again(RunId(numbered(3)), again, at(70), "bob", allow=False)
    assert (await store.run_again(claim.run.id, again, at(72), "bob", allow=False)).waiting == (run,)


async def test_a_run_behind_is_not_ready(store: Store) -> None:
    task = a_task(rules=policy("queue"))
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    committed = await planned(store, at(120), room())
    assert (committed.claims, committed.waiting) == ((), ())
    assert await store.claim(room(), at(121)) == []
    await planned(store, at(180))
    assert await sql(store, "SELECT reason, count FROM skips") == [("coalesced", 1)]
    [released] = (await ended(store, claim, Succeeded(), at(200))).released
    assert released == replace(await run_of(store, released.id), ready_at=at(200), is_behind=False)
