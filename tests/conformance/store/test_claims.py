"""Claims and settlements: fences, retries, late reports, releases; and workers' lives."""

from dataclasses import replace

import pytest

from horarium.core.action import Command
from horarium.core.errors import NotFound, NotPossible
from horarium.core.ids import RunId
from horarium.core.outcome import Cancelled, Failed, HandedBack, Lost, Outcome, ShutDown, Succeeded, TimedOut
from horarium.core.policy import Policy, Retry
from horarium.core.run import Reason, RunState
from horarium.ports.store import Store
from tests.conformance.store.stores import (
    ADA,
    BOB,
    a_task,
    a_worker,
    alter,
    ended,
    ending,
    numbered,
    planned,
    room,
    run_of,
    sql,
    started,
)
from tests.making import T0, at, every, policy

PATIENT = Policy(retry=Retry(max_attempts=3, first_delay_seconds=10))


async def test_higher_priority_first_then_the_one_ready_longest(store: Store) -> None:
    await store.add_tasks(
        [a_task(1, every(60)), a_task(2, every(50)), a_task(3, every(55), pool="b"), a_task(4, every(59), priority=1)],
        T0,
    )
    await planned(store, at(60))
    claims = await store.claim(room(slots=3), at(61))
    assert [claim.task_name for claim in claims] == ["task 4", "task 2", "task 3"]
    assert [claim.task_name for claim in await store.claim(room(), at(61))] == ["task 1"]
    assert await store.claim(room(), at(61)) == []


async def test_only_the_pools_of_the_worker_and_only_as_many_processes(store: Store) -> None:
    command = Command(kind="command", argv=("true",))
    await store.add_tasks(
        [a_task(1, action=command), a_task(2, action=command, priority=1), a_task(3), a_task(4, pool="b")], T0
    )
    await planned(store, at(60))
    assert [c.task_name for c in await store.claim(room(pools=("b",)), at(61))] == ["task 4"]
    assert [c.task_name for c in await store.claim(room(process_slots=1), at(61))] == ["task 2", "task 3"]
    assert await store.claim(room(process_slots=0), at(61)) == []
    assert await store.claim(room(slots=0), at(61)) == []


async def test_a_bell_names_runs_and_only_ready_ones_are_claimed(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2), a_task(3, priority=3)], T0)
    first, second, third = sorted((await planned(store, at(60))).waiting, key=lambda run: run.task_id)
    asked = [second.id, first.id, first.id, RunId(numbered(99))]
    claims = await store.claim(room(), at(61), asked)
    assert {claim.run.id for claim in claims} == {first.id, second.id}
    assert await store.claim(room(), at(61), asked) == []
    assert await store.claim(room(pools=("b",)), at(61), [third.id]) == []
    assert await store.claim(room(), at(59), [third.id]) == []


async def test_a_run_whose_definition_cannot_be_read_fails_and_says_why(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2)], T0)
    await planned(store, at(60))
    await alter(store, "UPDATE revisions SET action = '{}' WHERE name = 'task 1'")
    assert [claim.task_name for claim in await store.claim(room(), at(61))] == ["task 2"]
    [(run_id,)] = await sql(store, "SELECT id FROM runs WHERE task_id = ?", numbered(1))
    run = await run_of(store, run_id)
    assert (run.state, run.reason, run.ended_at) == (RunState.FAILED, Reason.ERROR, at(61))
    assert run.detail is not None
    assert run.detail.startswith("action")
    assert await sql(store, "SELECT holder, last_state FROM cursors WHERE task_id = ?", numbered(1)) == [
        (None, "failed")
    ]


async def test_a_settled_run_says_how_it_ended(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    [run] = (await ended(store, claim, Succeeded(exit_status=0, detail="fine"), at(61))).runs
    assert run == await run_of(store, claim.run.id)
    assert run is not None
    assert (run.state, run.exit_status, run.detail, run.ended_at, run.spent) == (
        RunState.SUCCEEDED,
        0,
        "fine",
        at(61),
        1,
    )
    assert await sql(store, "SELECT holder, last_run_id, last_state FROM cursors") == [(None, run.id, "succeeded")]


async def test_a_failed_attempt_is_archived_and_tried_again(store: Store) -> None:
    task = a_task(rules=PATIENT)
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    [waiting] = (await ended(store, claim, Failed(reason="exit_status", exit_status=3), at(61))).runs
    assert waiting == await run_of(store, claim.run.id)
    assert waiting is not None
    assert (waiting.state, waiting.ready_at, waiting.spent) == (RunState.WAITING, at(71), 1)
    assert await sql(store, "SELECT holder FROM cursors") == [(claim.run.id,)]
    assert await store.claim(room(), at(70)) == []
    [second] = await store.claim(room(worker=BOB), at(71))
    assert (second.run.fence, second.run.attempt, second.run.first_started_at) == (2, 2, at(60))
    await ended(store, second, TimedOut(), at(72))
    [third] = await store.claim(room(), at(1_000))
    await ended(store, third, Failed(reason="error"), at(1_001))
    attempts = await store.attempts(claim.run.id)
    assert [(a.attempt, a.fence, a.worker_id) for a in attempts] == [(1, 1, ADA), (2, 2, BOB), (3, 3, ADA)]
    assert [a.reason for a in attempts] == [Reason.EXIT_STATUS, Reason.TIMEOUT, Reason.ERROR]
    assert (await run_of(store, claim.run.id)).state is RunState.FAILED


async def test_an_old_fence_settles_nothing_and_is_kept_as_a_late_report(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    first = await started(store, task, at(60))
    await ended(store, first, Lost(), at(70))
    [second] = await store.claim(room(worker=BOB), at(71))
    assert (await ended(store, first, Succeeded(detail="late"), at(72))).runs == (None,)
    assert (await run_of(store, first.run.id)).state is RunState.RUNNING
    await ended(store, second, Succeeded(), at(73))
    archived, latest = await store.attempts(first.run.id)
    assert (archived.outcome, archived.late_report) == ("lost", "succeeded: late")
    assert (latest.fence, latest.late_report) == (2, None)
    assert (await ended(store, first, Failed(reason="error"), at(74))).runs == (None,)


async def test_asked_again_after_a_lost_answer_a_settlement_says_the_same(store: Store) -> None:
    task = a_task(rules=PATIENT)
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    outcomes: tuple[Outcome, ...] = (Failed(reason="error"), HandedBack(), Succeeded())
    for outcome in outcomes:
        first = await ended(store, claim, outcome, at(61))
        second = await ended(store, claim, outcome, at(62))
        assert second.runs == first.runs
        assert second.released == ()
        if not isinstance(outcome, Succeeded):
            [claim] = await store.claim(room(), at(100))
    assert await sql(store, "SELECT count(*) FROM attempts") == [(1,)]
    assert (await ended(store, claim, Cancelled(), at(63))).runs == (None,)


async def test_many_endings_are_answered_in_their_order(store: Store) -> None:
    tasks = [a_task(n) for n in range(1, 6)]
    await store.add_tasks(tasks, T0)
    claims = (await planned(store, at(60), room())).claims
    await store.cancel_run(claims[3].run.id, Reason.CANCELLED_BY_USER, at(61))
    outcomes: tuple[Outcome, ...] = (Succeeded(), ShutDown(), Failed(reason="error"), Failed(reason="error"), Lost())
    gone = replace(claims[4], run=replace(claims[4].run, id=RunId(numbered(77))))
    endings = [ending(claim, outcome) for claim, outcome in zip((*claims[:4], gone), outcomes, strict=True)]
    settled = await store.settle(endings, at(62))
    assert [None if run is None else run.state.value for run in settled.runs] == [
        "succeeded",
        "waiting",
        "failed",
        "cancelled",
        None,
    ]


async def test_cancelling_what_waits_ends_it_and_what_runs_is_asked(store: Store) -> None:
    task = a_task(rules=policy("queue"))
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    await planned(store, at(120))
    [(behind,)] = await sql(store, "SELECT id FROM runs WHERE is_behind = 1")
    [asked] = (await store.cancel_run(claim.run.id, Reason.CANCELLED_BY_USER, at(121))).runs
    assert asked is not None
    assert (asked.state, asked.cancel_reason) == (RunState.RUNNING, Reason.CANCELLED_BY_USER)
    held = await store.beat(ADA, at(121))
    assert held is not None
    assert [(one.run_id, one.fence, one.cancel_reason) for one in held] == [(asked.id, 1, Reason.CANCELLED_BY_USER)]
    assert (await store.cancel_run(claim.run.id, Reason.CANCELLED_BY_USER, at(122))).runs == (asked,)
    [ended_now] = (await store.cancel_run(behind, Reason.CANCELLED_BY_USER, at(122))).runs
    assert ended_now is not None
    assert (ended_now.state, ended_now.reason) == (RunState.CANCELLED, Reason.CANCELLED_BY_USER)
    assert await sql(store, "SELECT behind FROM cursors") == [(0,)]
    with pytest.raises(NotPossible):
        await store.cancel_run(behind, Reason.CANCELLED_BY_USER, at(123))
    with pytest.raises(NotFound):
        await store.cancel_run(RunId(numbered(5)), Reason.CANCELLED_BY_USER, at(123))
    [run] = (await ended(store, claim, Failed(reason="error"), at(124))).runs
    assert run is not None
    assert (run.state, run.reason) == (RunState.CANCELLED, Reason.CANCELLED_BY_USER)


async def test_cancelling_a_waiting_holder_releases_the_next(store: Store) -> None:
    task = a_task(rules=policy("queue"))
    await store.add_tasks([task], T0)
    [holder] = (await planned(store, at(60))).waiting
    await planned(store, at(120))
    [released] = (await store.cancel_run(holder.id, Reason.CANCELLED_BY_USER, at(130))).released
    assert (released.due_at, released.ready_at, released.is_behind) == (at(120), at(130), False)
    assert [claim.run.id for claim in await store.claim(room(), at(130))] == [released.id]


async def test_catching_up_runs_one_after_the_other(store: Store) -> None:
    task = a_task(rules=policy("skip", "all", max_runs=3))
    await store.add_tasks([task], T0)
    await planned(store, at(600))
    for due in (480, 540, 600):
        [claim] = await store.claim(room(), at(700))
        assert claim.run.due_at == at(due)
        await ended(store, claim, Succeeded(), at(700))
    assert await sql(store, "SELECT reason, count FROM skips") == [("limit", 7)]


async def test_workers_live_and_die_by_their_beats(store: Store) -> None:
    assert [worker.id for worker in await store.workers()] == [ADA, BOB]
    await store.begin_worker(a_worker(ADA))
    assert await store.beat(ADA, at(1)) == []
    assert [worker.beat for worker in await store.workers()] == [1, 0]
    assert await store.declare_dead([(ADA, 0), (BOB, 0)], at(9)) == [BOB]
    assert await store.beat(BOB, at(9)) is None
    await store.end_worker(ADA, at(10))
    assert await store.beat(ADA, at(11)) is None
    assert await store.workers() == []


async def test_the_runs_of_dead_workers_are_orphans(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2), a_task(3)], T0)
    await planned(store, at(60))
    [one] = await store.claim(room(slots=1), at(60))
    [two] = await store.claim(room(slots=1, worker=BOB), at(60))
    [three] = await store.claim(room(slots=1), at(60))
    assert await store.orphans(10) == []
    await store.end_worker(BOB, at(61))
    [orphan] = await store.orphans(10)
    assert orphan == two
    assert await store.take_over(BOB, at(62)) == 1
    assert len(await store.orphans(2)) == 2
    await alter(store, "UPDATE revisions SET policy = 'x' WHERE task_id = ?", one.run.task_id)
    found = {claim.run.id: claim for claim in await store.orphans(10)}
    assert found.keys() == {one.run.id, two.run.id, three.run.id}
    assert found[one.run.id].policy.on_lost == "fail", "nobody knows whether it may be run again"
    await store.settle([ending(claim, Lost()) for claim in found.values()], at(63))
    assert await store.orphans(10) == []
    states = dict(await sql(store, "SELECT id, state FROM runs"))
    assert states == {one.run.id: "failed", two.run.id: "waiting", three.run.id: "waiting"}
