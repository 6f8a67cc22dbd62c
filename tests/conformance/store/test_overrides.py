"""Skipped and moved occurrences in the books: asked for, refused, decided, contested, forgotten."""

from datetime import datetime, timedelta

import pytest

from horarium.core.change import Change, to_deleted, to_draft, to_itself, to_paused, to_restored
from horarium.core.errors import AlreadyDecided, NoOccurrence, NotPossible
from horarium.core.ids import occurrence_run_id, skip_id, to_ulid
from horarium.core.instants import to_ms
from horarium.core.outcome import Succeeded
from horarium.core.override import Wish
from horarium.core.page import Window
from horarium.core.policy import Keep, Policy
from horarium.core.run import RunState
from horarium.core.schedule.cron import Cron
from horarium.core.task import Task
from horarium.ports.store import Altered, Store
from tests.conformance.store.stores import (
    a_task,
    alter,
    ended,
    in_order,
    planned,
    plans_at,
    room,
    run_of,
    sql,
    started,
)
from tests.making import T0, TZDATA, at, every, policy

BOTH_ORDERS = pytest.mark.parametrize("turned", [False, True], ids=["first", "second"])
CURSOR = "SELECT overrides, next_due_at FROM cursors"


def overriding(wish: Wish, by: str = "bob") -> Change:
    return Change(what=wish.what, by=by, apply=to_itself, wish=wish)


async def override(store: Store, task: Task, now: datetime, due: float, to: float | None = None) -> Altered:
    wish = Wish(due_at=at(due), moved_to=None if to is None else at(to))
    return await store.change_task(task.id, None, overriding(wish), now)


async def undo(store: Store, task: Task, now: datetime, due: float) -> Altered:
    return await store.change_task(task.id, None, overriding(Wish(due_at=at(due), undo=True)), now)


async def rows(store: Store) -> list[tuple[int, int | None, int | None]]:
    """(due, moved to, decided) in seconds after T0."""
    found = await sql(store, "SELECT due_at, moved_to, decided_at FROM overrides ORDER BY due_at")
    return [tuple(None if ms is None else (ms - to_ms(T0)) // 1000 for ms in row) for row in found]  # type: ignore[misc]


def ms(seconds: float) -> int:
    return to_ms(at(seconds))


async def test_a_moved_occurrence_runs_then(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    answer = await override(store, task, at(10), 60, 90)
    assert (answer.changed, answer.task.revision, answer.overrides[0].moved_to) == (True, 2, at(90))
    assert await sql(store, CURSOR) == [(1, ms(90))]
    assert await plans_at(store, at(89)) == []
    [run] = (await planned(store, at(90))).waiting
    assert (run.id, run.due_at, run.ready_at, run.task_revision) == (
        occurrence_run_id(task.id, at(60)),
        at(60),
        at(90),
        2,
    )
    assert await rows(store) == [(60, 90, 90)]
    assert await sql(store, CURSOR) == [(0, ms(120))]


async def test_a_skipped_one_is_a_skip_with_its_reason(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    await override(store, task, at(10), 60)
    assert (await planned(store, at(60))).waiting == ()
    assert await sql(store, "SELECT id, first_due_at, count, reason FROM skips") == [
        (skip_id(task.id, at(60)), ms(60), 1, "skipped_by_user")
    ]
    assert len((await planned(store, at(120))).waiting) == 1


async def test_decided_ahead_it_is_passed_by_later(store: Store) -> None:
    task = a_task(rules=policy("allow"))
    await store.add_tasks([task], T0)
    await override(store, task, at(10), 120, 30)
    assert len((await planned(store, at(30))).waiting) == 1
    assert await sql(store, CURSOR) == [(1, ms(60))]
    assert len((await planned(store, at(60))).waiting) == 1
    assert await sql(store, CURSOR) == [(1, ms(180))]
    assert len((await planned(store, at(180))).waiting) == 1
    assert await sql(store, "SELECT overrides, decided FROM cursors") == [(0, 3)]


async def test_asked_again_undone_and_what_changes_nothing(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    await override(store, task, at(10), 120, 130)
    again = await override(store, task, at(20), 120, 130)
    assert (again.changed, again.task.revision) == (False, 2)
    assert (await override(store, task, at(30), 120)).task.revision == 3
    assert await rows(store) == [(120, None, None)]
    assert (await undo(store, task, at(40), 120)).task.revision == 4
    assert (await rows(store), await sql(store, CURSOR)) == ([], [(0, ms(60))])
    history = (await store.revisions(task.id, Window())).items
    assert [(row.what, row.by) for row in history[:-1]] == [
        ("restored 2027-03-01T12:02:00.000Z", "bob"),
        ("skipped 2027-03-01T12:02:00.000Z", "bob"),
        ("moved 2027-03-01T12:02:00.000Z to 2027-03-01T12:02:10.000Z", "bob"),
    ]


async def test_what_is_decided_is_named(store: Store) -> None:
    """By its run, by the skip it is in, by neither where it is about to be decided or was forgotten."""
    task = a_task()
    await store.add_tasks([task], T0)
    await started(store, task, at(60))
    await planned(store, at(240))
    for due, run, skip in ((60, occurrence_run_id(task.id, at(60)), None), (180, None, skip_id(task.id, at(120)))):
        with pytest.raises(AlreadyDecided) as refused:
            await override(store, task, at(250), due)
        assert refused.value.run == (None if run is None else to_ulid(run))
        assert refused.value.skip == (None if skip is None else to_ulid(skip))
    with pytest.raises(AlreadyDecided) as refused:
        await override(store, task, at(300), 300)
    assert (refused.value.run, refused.value.skip) == (None, None)
    assert await sql(store, "SELECT decided FROM cursors") == [(4,)], "a refusal decides nothing"
    with pytest.raises(AlreadyDecided):
        await undo(store, task, at(250), 60)
    with pytest.raises(NoOccurrence):
        await override(store, task, at(250), 61)


async def test_a_decided_override_is_decided(store: Store) -> None:
    task = a_task(rules=policy("allow"))
    await store.add_tasks([task], T0)
    await override(store, task, at(10), 120, 30)
    await override(store, task, at(10), 180, 190)
    await planned(store, at(60))
    for due, now in ((120, 70), (180, 190)):
        with pytest.raises(AlreadyDecided):
            await override(store, task, at(now), due, 500)
    assert await rows(store) == [(120, 30, 60), (180, 190, None)]


async def test_a_deleted_task_has_none_and_restored_it_decides_none_twice(store: Store) -> None:
    task = a_task(rules=policy("allow"))
    await store.add_tasks([task], T0)
    await override(store, task, at(10), 120, 30)
    await override(store, task, at(10), 180)
    await planned(store, at(30))
    await store.change_task(task.id, None, Change(what="deleted", by="bob", apply=to_deleted), at(40))
    assert await rows(store) == [(120, 30, 30)]
    with pytest.raises(NotPossible):
        await override(store, task, at(45), 240)
    await store.change_task(
        task.id, None, Change(what="restored", by="bob", apply=to_restored(task.draft), revives=True), at(50)
    )
    assert len((await planned(store, at(70))).waiting) == 1
    assert (await planned(store, at(125))).waiting == ()
    assert len((await planned(store, at(180))).waiting) == 1, "nobody skips it any more"


async def test_an_edit_keeps_what_the_new_rule_names(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    for due, to in ((60, 130), (120, 125), (180, None)):
        await override(store, task, at(10), due, to)
    edit = Change(what="edited", by="bob", apply=to_draft(a_task(schedule=every(120)).draft))
    await store.change_task(task.id, None, edit, at(100))
    assert await rows(store) == [(60, 130, None), (120, 125, None)]
    assert await sql(store, CURSOR) == [(2, ms(125))]
    made = (await planned(store, at(130))).waiting
    assert [run.due_at for run in made] == [at(120)]
    assert await sql(store, "SELECT first_due_at, reason FROM skips") == [(ms(60), "overlap")]


async def test_a_run_that_waits_by_an_override_survives_an_edit(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    await override(store, task, at(10), 60, 90)
    [run] = (await planned(store, at(90))).waiting
    edit = Change(what="edited", by="bob", apply=to_draft(a_task(schedule=every(7, anchor=at(7))).draft))
    await store.change_task(task.id, None, edit, at(91))
    assert (await run_of(store, run.id)).task_revision == 3
    assert (await run_of(store, run.id)).state is RunState.WAITING


async def test_another_time_zone_database_keeps_what_is_still_named(store: Store) -> None:
    task = a_task(schedule=Cron(kind="cron", expression="0 13 * * *", timezone="UTC"))
    await store.add_tasks([task], T0)
    await override(store, task, at(10), 3_600, 7_200)
    await alter(store, "INSERT INTO overrides SELECT task_id, ?, NULL, NULL, 'ada', 0 FROM cursors", ms(3_601))
    await alter(store, "UPDATE cursors SET tzdata = 'older', overrides = 2")
    assert TZDATA != "older"
    await store.adopt_tzdata(None, 10)
    assert await rows(store) == [(3_600, 7_200, None)]
    assert await sql(store, CURSOR) == [(1, ms(7_200))]


@BOTH_ORDERS
async def test_a_plan_against_a_move(store: Store, turned: bool) -> None:
    """Whichever goes first: the occurrence is decided where the schedule says and not moved, or moved and not decided there."""
    task = a_task()
    await store.add_tasks([task], T0)
    plans = await plans_at(store, at(60))
    wish = Wish(due_at=at(60), moved_to=at(90))
    calls = [
        lambda: store.change_task(task.id, None, overriding(wish), at(59)),
        lambda: store.commit_plans(plans, at(60)),
    ]
    if turned:  # two groups: in one, a plan goes before whatever people ask
        await calls[1]()  # type: ignore[no-untyped-call]
        with pytest.raises(AlreadyDecided):
            await calls[0]()  # type: ignore[no-untyped-call]
        assert await rows(store) == []
    else:
        await calls[0]()  # type: ignore[no-untyped-call]
        assert (await store.commit_plans(plans, at(60))).planned == ()
        assert await rows(store) == [(60, 90, None)]
    assert len(await sql(store, "SELECT 1 FROM runs")) == turned


@BOTH_ORDERS
async def test_a_plan_of_a_moved_one_against_an_undo(store: Store, turned: bool) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    await override(store, task, at(1), 120, 30)
    plans = await plans_at(store, at(30))
    assert len(plans[0].runs) == 1
    if turned:
        await undo(store, task, at(29), 120)
        assert (await store.commit_plans(plans, at(30))).planned == ()
        assert await sql(store, CURSOR) == [(0, ms(60))]
    else:
        await store.commit_plans(plans, at(30))
        with pytest.raises(AlreadyDecided):
            await undo(store, task, at(30), 120)
    assert len(await sql(store, "SELECT 1 FROM runs")) == (not turned)


@BOTH_ORDERS
async def test_two_people_want_different_things(store: Store, turned: bool) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    changes = [overriding(Wish(due_at=at(60))), overriding(Wish(due_at=at(60), moved_to=at(90)))]
    first, second = changes[::-1] if turned else changes
    await in_order(
        store,
        lambda: store.change_task(task.id, None, first, at(1)),
        lambda: store.change_task(task.id, None, second, at(1)),
    )
    assert await rows(store) == [(60, None if turned else 90, None)], "whoever comes second replaces"
    assert await sql(store, "SELECT count(*) FROM revisions") == [(3,)]


async def test_two_schedulers_decide_it_once(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    await override(store, task, at(1), 60, 90)
    plans = await plans_at(store, at(90))
    answers = await in_order(
        store, lambda: store.commit_plans(plans, at(90), room()), lambda: store.commit_plans(plans, at(91))
    )
    assert [len(answer.planned) for answer in answers] == [1, 0]
    assert await rows(store) == [(60, 90, 90)]


async def test_while_paused_nothing_of_it_is_decided(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    await store.change_task(task.id, None, Change(what="paused", by="bob", apply=to_paused(None, "")), at(1))
    await override(store, task, at(70), 120, 200)
    assert await sql(store, "SELECT overrides, next_due_at, decided FROM cursors") == [(1, None, 1)]
    assert await sql(store, "SELECT reason FROM skips") == [("paused",)]


async def test_old_ones_are_forgotten_with_what_they_were_about(store: Store) -> None:
    task = a_task(rules=Policy(keep=Keep(days=1), overlap="allow"), schedule=every(3_600))
    await store.add_tasks([task], T0)
    await override(store, task, at(10), 3_600, 3_700)
    await override(store, task, at(10), 7_200)
    await planned(store, at(3_700))
    await planned(store, at(7_200))
    await planned(store, at(10_800))
    now = T0 + timedelta(days=2)
    await store.forget(now, 100)
    assert await rows(store) == [(3_600, 3_700, 3_700), (7_200, None, 7_200)], "an open run may be due by one"
    for claim in await store.claim(room(), now):
        await ended(store, claim, Succeeded(), now)
    await store.forget(now, 100)
    assert await rows(store) == []
    assert await sql(store, "SELECT decided, forgotten FROM cursors") == [(3, 3)]
    with pytest.raises(AlreadyDecided) as refused:
        await override(store, task, now, 3_600)
    assert (refused.value.run, refused.value.skip) == (None, None)


async def test_what_is_kept_begins_at_the_border_of_a_stretch(store: Store) -> None:
    """The skip of an overridden occurrence lies within a stretch that reaches further back: that one's beginning counts."""
    task = a_task(rules=Policy(keep=Keep(days=1)), schedule=every(3_600))
    await store.add_tasks([task], T0)
    await started(store, task, at(3_600))
    await override(store, task, at(3_700), 4 * 3_600)
    for hour in range(2, 7):
        await planned(store, at(hour * 3_600))
    stretches = "SELECT first_due_at, last_due_at, count FROM skips ORDER BY first_due_at"
    assert await sql(store, stretches) == [
        (ms(2 * 3_600), ms(3 * 3_600), 2),
        (ms(4 * 3_600), ms(4 * 3_600), 1),
        (ms(5 * 3_600), ms(6 * 3_600), 2),
    ]
    await alter(store, "UPDATE skips SET last_due_at = ? WHERE first_due_at = ?", ms(int(4.5 * 3_600)), ms(2 * 3_600))
    [claim_row] = await sql(store, "SELECT id FROM runs WHERE state = 'running'")
    assert claim_row[0] == occurrence_run_id(task.id, at(3_600))
    await alter(store, "UPDATE runs SET state = 'succeeded', ended_at = ready_at")
    await alter(store, "UPDATE cursors SET holder = NULL")
    await store.forget(at(3.9 * 3_600) + timedelta(days=1), 100)
    assert await sql(store, "SELECT kept_from FROM cursors") == [(ms(2 * 3_600),)]


async def test_overridden_ones_of_many_tasks_are_read_with_their_own_cursors(store: Store) -> None:
    tasks = [a_task(number) for number in range(1, 6)]
    await store.add_tasks(tasks, T0)
    await override(store, tasks[1], at(1), 60, 90)
    await override(store, tasks[3], at(1), 60)
    due = {one.task.id: one.overrides for one in await store.due(at(100), 10)}
    assert [len(due[task.id]) for task in tasks] == [0, 1, 0, 1, 0]
    assert [one.moved_to for one in due[tasks[1].id]] == [at(90)]
    made = (await planned(store, at(100))).waiting
    assert sorted(run.ready_at for run in made) == [at(60)] * 3 + [at(90)]
    row = await store.task_row(tasks[1].id, at(100))
    assert row is not None
    assert (row.overrides, row.books is not None and row.books.balanced) == ((), True)
