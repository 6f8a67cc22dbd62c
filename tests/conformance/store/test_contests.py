"""Two want the same row. Each pair goes through one group commit in both orders; exactly one of them has its way."""

from datetime import datetime, timedelta

import pytest

from horarium.core.change import Change, to_deleted, to_draft, to_paused
from horarium.core.errors import NotPossible
from horarium.core.outcome import Failed, Lost, Succeeded
from horarium.core.page import Window
from horarium.core.policy import Policy, Retry
from horarium.core.run import Reason, RunState
from horarium.ports.store import Store
from tests.conformance.store.stores import (
    BOB,
    a_task,
    balanced,
    ending,
    in_order,
    planned,
    plans_at,
    room,
    run_of,
    sql,
    started,
)
from tests.making import T0, at, every, policy

BOTH_ORDERS = pytest.mark.parametrize("turned", [False, True], ids=["first", "second"])


@BOTH_ORDERS
async def test_a_plan_against_an_edit(store: Store, turned: bool) -> None:
    """Whichever goes first: every occurrence once, by the rule of its own side of the edit."""
    task = a_task(schedule=every(60))
    await store.add_tasks([task], T0)
    plans = await plans_at(store, at(125))
    edit = Change(what="edited", by="bob", apply=to_draft(a_task(schedule=every(30, anchor=at(0))).draft))
    calls = [lambda: store.commit_plans(plans, at(125)), lambda: store.change_task(task.id, 1, edit, at(125))]
    await in_order(store, *(calls[::-1] if turned else calls))
    assert await sql(store, "SELECT decided FROM cursors") == [(2,)]
    assert await store.next_due_at() == at(150)
    assert [row.revision for row in (await store.revisions(task.id, Window())).items] == [2, 1]


@BOTH_ORDERS
async def test_a_plan_against_a_pause(store: Store, turned: bool) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    plans = await plans_at(store, at(60))
    pause = Change(what="paused", by="bob", apply=to_paused(None, ""))
    calls = [lambda: store.commit_plans(plans, at(60)), lambda: store.change_task(task.id, 1, pause, at(60))]
    await in_order(store, *(calls[::-1] if turned else calls))
    assert await sql(store, "SELECT count(*) FROM runs") == [(1,)]
    assert await store.next_due_at() is None


@BOTH_ORDERS
async def test_a_plan_against_a_settlement(store: Store, turned: bool) -> None:
    """The holder ends while the next occurrence is decided: it is skipped, or the plan is made again and it runs."""
    task = a_task()
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    plans = await plans_at(store, at(120))
    calls = [lambda: store.commit_plans(plans, at(120)), lambda: store.settle([ending(claim, Succeeded())], at(120))]
    answers = await in_order(store, *(calls[::-1] if turned else calls))
    committed = answers[1 if turned else 0]
    assert bool(committed.planned) is not turned
    if turned:
        assert len((await planned(store, at(120))).waiting) == 1
        assert await sql(store, "SELECT count(*) FROM skips") == [(0,)]
    else:
        assert await sql(store, "SELECT reason, count FROM skips") == [("overlap", 1)]


@BOTH_ORDERS
async def test_two_schedulers(store: Store, turned: bool) -> None:
    await store.add_tasks([a_task(n) for n in range(5)], T0)
    plans = await plans_at(store, at(60))
    answers = await in_order(
        store,
        lambda: store.commit_plans(plans[::-1] if turned else plans, at(60), room()),
        lambda: store.commit_plans(plans, at(61), room(worker=BOB)),
    )
    assert [len(answer.planned) for answer in answers] == [5, 0]
    assert [len(answer.claims) for answer in answers] == [5, 0]


@BOTH_ORDERS
async def test_two_workers(store: Store, turned: bool) -> None:
    await store.add_tasks([a_task(n) for n in range(5)], T0)
    ids = [run.id for run in (await planned(store, at(60))).waiting]
    calls = [lambda: store.claim(room(slots=3), at(60)), lambda: store.claim(room(worker=BOB), at(60), ids)]
    answers = await in_order(store, *(calls[::-1] if turned else calls))
    claimed = [claim.run.id for answer in answers for claim in answer]
    assert sorted(claimed) == sorted(ids), "each is claimed once"


@BOTH_ORDERS
async def test_a_settlement_against_the_reaper(store: Store, turned: bool) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    calls = [
        lambda: store.settle([ending(claim, Succeeded())], at(61)),
        lambda: store.settle([ending(claim, Lost())], at(61)),
    ]
    answers = await in_order(store, *(calls[::-1] if turned else calls))
    assert [answer.runs[0] is not None for answer in answers] == [True, False]
    run = await run_of(store, claim.run.id)
    assert run.state is (RunState.WAITING if turned else RunState.SUCCEEDED)
    if turned:
        assert (await store.attempts(run.id))[0].late_report == "succeeded"


@BOTH_ORDERS
async def test_a_cancellation_against_a_claim(store: Store, turned: bool) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    [run] = (await planned(store, at(60))).waiting

    async def cancel() -> object:
        return await store.cancel_run(run.id, Reason.CANCELLED_BY_USER, at(61))

    async def claim() -> object:
        return await store.claim(room(), at(61))

    if turned:
        await in_order(store, claim, cancel)
        assert (await run_of(store, run.id)).cancel_reason is Reason.CANCELLED_BY_USER
    else:  # two groups: in one, a claim goes before whatever people ask
        await cancel()
        assert await claim() == []
        assert (await run_of(store, run.id)).state is RunState.CANCELLED


@BOTH_ORDERS
async def test_a_cancellation_against_a_settlement(store: Store, turned: bool) -> None:
    """Asked to stop while its failure is being reported: cancelled and never retried, or waiting and then cancelled."""
    task = a_task(rules=Policy(retry=Retry(max_attempts=5)))
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))

    async def cancel() -> object:
        return await store.cancel_run(claim.run.id, Reason.CANCELLED_BY_USER, at(61))

    async def settle() -> object:
        return await store.settle([ending(claim, Failed(reason="error"))], at(61))

    for call in (settle, cancel) if turned else (cancel, settle):
        await call()
    run = await run_of(store, claim.run.id)
    assert (run.state, run.reason) == (RunState.CANCELLED, Reason.CANCELLED_BY_USER)


@BOTH_ORDERS
async def test_two_edits_of_one_revision(store: Store, turned: bool) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    changes = [Change(what="edited", by=by, apply=to_draft(a_task(description=by).draft)) for by in ("ada", "bob")]
    first, second = changes[::-1] if turned else changes
    answers = await in_order(
        store, lambda: store.change_task(task.id, 1, first, at(1)), lambda: store.change_task(task.id, 1, second, at(1))
    )
    assert answers[0].task.description == first.by
    assert answers[1].changed_by == first.by


@BOTH_ORDERS
async def test_a_deletion_against_run_now(store: Store, turned: bool) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    delete = Change(what="deleted", by="bob", apply=to_deleted)
    run_id = (await plans_at(store, at(60)))[0].runs[0].id  # any id will do
    calls = [
        lambda: store.change_task(task.id, 1, delete, at(10)),
        lambda: store.run_now(task.id, run_id, at(10), "ada", allow=False),
    ]
    answers = await in_order(store, *(calls[::-1] if turned else calls))
    if turned:
        assert (await run_of(store, run_id)).reason is Reason.DELETED
    else:
        assert isinstance(answers[1], NotPossible)


async def test_a_plan_against_the_janitor(store: Store) -> None:
    """The skip that a plan would extend is forgotten meanwhile: counted once all the same."""
    task = a_task(schedule=every(60), rules=policy("skip"))
    await store.add_tasks([task], T0)
    await started(store, task, at(60))
    await planned(store, at(120))
    later = T0 + timedelta(days=40)
    stale = await plans_at(store, _seconds_after(at(120)))
    assert await store.forget(later, 100) == 1
    assert await sql(store, "SELECT decided, forgotten, open_skip FROM cursors") == [(2, 1, None)]
    assert (await store.commit_plans(stale, _seconds_after(at(120)))).planned == ()
    await planned(store, _seconds_after(at(120)))
    await balanced(store)


def _seconds_after(instant: datetime) -> datetime:
    return instant + timedelta(seconds=61)
