"""Definitions: added all or none, changed by compare-and-set, read back as they can be read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from horarium.core.change import Change, to_deleted, to_draft, to_paused, to_restored, to_resumed
from horarium.core.errors import NameTaken, NotFound, NotPossible, StaleRevision
from horarium.core.ids import RunId, TaskId
from horarium.core.instants import to_ms
from horarium.core.outcome import HandedBack, Succeeded
from horarium.core.page import Window
from horarium.core.policy import OverlapMode
from horarium.core.run import Reason, RunState
from horarium.core.schedule.cron import Cron
from horarium.core.task import Broken, Task
from horarium.ports.store import Replay, Store
from tests.conformance.store.stores import (
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
    transactor_of,
)
from tests.making import T0, at, every, policy

DELETE = Change(what="deleted", by="bob", apply=to_deleted)


def edit(task: Task, **changes: object) -> Change:
    return Change(what="edited", by="bob", apply=to_draft(replace(task.draft, **changes)))  # type: ignore[arg-type]


async def test_a_task_comes_back_as_it_went_in(store: Store) -> None:
    task = a_task(tags=("ü", "b"), description="x" * 3_000, priority=-3, pool="big")
    assert await store.add_tasks([task], T0) == (task.id,)
    assert await store.task(task.id) == task
    assert await store.task_named(task.name) == task
    assert await store.task(TaskId(numbered(9))) is None
    assert await store.task_named("task 9") is None
    assert await store.next_due_at() == at(60)


async def test_a_batch_is_added_whole_or_not_at_all(store: Store) -> None:
    await store.add_tasks([a_task(1)], T0)
    with pytest.raises(NameTaken) as taken:
        await store.add_tasks([a_task(2), a_task(3, name="task 1")], T0)
    assert (taken.value.name, taken.value.index) == ("task 1", 1)
    with pytest.raises(NameTaken) as taken:
        await store.add_tasks([a_task(4), a_task(5), a_task(6, name="task 4")], T0)
    assert taken.value.index == 2
    assert await store.task(TaskId(numbered(2))) is None
    assert await store.task(TaskId(numbered(4))) is None


async def test_names_are_compared_exactly(store: Store) -> None:
    await store.add_tasks([a_task(1, name="Backup"), a_task(2, name="backup")], T0)
    found = await store.task_named("Backup")
    assert found is not None
    assert found.id == numbered(1)


async def test_an_idempotency_key_answers_again_with_the_first_task(store: Store) -> None:
    replay = Replay(key="k", fingerprint=b"f", task_id=TaskId(numbered(1)))
    assert await store.add_tasks([a_task(1)], T0, replay) == (numbered(1),)
    again = Replay(key="k", fingerprint=b"f", task_id=TaskId(numbered(2)))
    assert await store.add_tasks([a_task(2)], at(86_399), again) == (numbered(1),)
    with pytest.raises(NotPossible):
        await store.add_tasks([a_task(2)], T0, replace(again, fingerprint=b"g"))
    assert await store.task(TaskId(numbered(2))) is None
    assert await store.add_tasks([a_task(2)], at(86_400), again) == (numbered(2),)


async def test_the_nearest_name_is_a_living_one(store: Store) -> None:
    await store.add_tasks(
        [a_task(1, name="nightly backup"), a_task(2, name="nightly backlog"), a_task(3, name="x")], T0
    )
    assert await store.nearest_name("nightly bakcup") == "nightly backup"
    assert await store.nearest_name("quite different") is None
    await store.change_task(TaskId(numbered(1)), None, DELETE, at(1))
    assert await store.nearest_name("nightly bakcup") == "nightly backlog"


async def test_an_edit_decides_up_to_itself_by_the_old_rule(store: Store) -> None:
    task = a_task(schedule=every(60))
    await store.add_tasks([task], T0)
    change = edit(task, schedule=every(45, anchor=at(0)))
    answer = await store.change_task(task.id, 1, change, at(70))
    assert answer.changed
    assert answer.task.revision == 2
    assert answer.task.updated_at == at(70)
    [run] = answer.runs
    assert (run.due_at, run.task_revision, run.reason) == (at(60), 1, Reason.EDITED)
    assert await store.next_due_at() == at(90)
    assert (await store.change_task(task.id, 2, change, at(80))).changed is False
    with pytest.raises(StaleRevision) as stale:
        await store.change_task(task.id, 1, change, at(80))
    assert (stale.value.revision, stale.value.changed_by, stale.value.changed_at) == (2, "bob", at(70))
    with pytest.raises(NotFound):
        await store.change_task(TaskId(numbered(7)), None, change, at(80))


async def test_a_waiting_occurrence_that_the_new_rule_names_is_pinned_to_it(store: Store) -> None:
    task = a_task(schedule=every(60))
    await store.add_tasks([task], T0)
    [run] = (await planned(store, at(60))).waiting
    answer = await store.change_task(task.id, None, edit(task, pool="other", priority=5), at(70))
    [pinned] = answer.runs
    assert pinned == replace(run, task_revision=2, pool="other", priority=5)
    assert await run_of(store, run.id) == pinned
    [claim] = await store.claim(room(pools=("other",)), at(70))
    assert claim.run.id == run.id


async def test_renaming_onto_a_living_name_is_refused_and_writes_nothing(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2)], T0)
    before = await sql(store, "SELECT * FROM cursors ORDER BY 1")
    with pytest.raises(NameTaken):
        await store.change_task(TaskId(numbered(2)), None, edit(a_task(2), name="task 1"), at(90))
    assert await sql(store, "SELECT * FROM cursors ORDER BY 1") == before
    assert await sql(store, "SELECT count(*) FROM revisions") == [(2,)]
    assert await sql(store, "SELECT count(*) FROM runs") == [(0,)]


async def test_a_paused_task_decides_nothing_until_it_goes_on(store: Store) -> None:
    task = a_task(schedule=every(60))
    await store.add_tasks([task], T0)
    pause = Change(what="paused", by="bob", apply=to_paused(None, "tired"))
    assert (await store.change_task(task.id, None, pause, at(61))).changed
    assert not (await store.change_task(task.id, None, pause, at(62))).changed
    assert await store.next_due_at() is None
    assert await store.due(at(600), 10) == []
    await store.change_task(task.id, None, Change(what="resumed", by="bob", apply=to_resumed), at(200))
    [(reason, count)] = await sql(store, "SELECT reason, count FROM skips")
    assert (reason, count) == ("paused", 2)
    assert await store.next_due_at() == at(240)


async def test_deleting_ends_what_waits_and_frees_the_name(store: Store) -> None:
    task = a_task(rules=policy("queue"))
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    await planned(store, at(120))
    answer = await store.change_task(task.id, None, DELETE, at(130))
    [waiting] = answer.runs
    assert (waiting.state, waiting.reason) == (RunState.CANCELLED, Reason.DELETED)
    assert await store.task_named(task.name) is None
    assert (await store.task(task.id)) == answer.task
    await store.add_tasks([a_task(2, name=task.name)], at(130))
    [run] = (await ended(store, claim, HandedBack(), at(140))).runs
    assert run is not None
    assert (run.state, run.reason) == (RunState.CANCELLED, Reason.DELETED)
    with pytest.raises(NotPossible):
        await store.run_again(waiting.id, RunId(numbered(8, at(150))), at(150), "bob", allow=False)
    with pytest.raises(NotPossible):
        await store.run_now(task.id, RunId(numbered(8, at(150))), at(150), "bob", allow=False)
    with pytest.raises(NameTaken):
        await store.change_task(task.id, None, Change(what="restored", by="x", apply=to_restored(task.draft)), at(150))


async def test_the_deleted_stretch_holds_no_occurrences(store: Store) -> None:
    task = a_task(schedule=every(60))
    await store.add_tasks([task], T0)
    await store.change_task(task.id, None, DELETE, at(10))
    restore = Change(what="restored", by="bob", apply=to_restored(task.draft), revives=True)
    await store.change_task(task.id, None, restore, at(600))
    assert await store.next_due_at() == at(660)
    assert await sql(store, "SELECT decided FROM cursors") == [(0,)]


@pytest.mark.parametrize(("old", "new"), [("allow", "skip"), ("allow", "queue"), ("skip", "allow"), ("queue", "allow")])
async def test_changing_overlap_finds_a_holder_or_lets_everyone_go(
    store: Store, old: OverlapMode, new: OverlapMode
) -> None:
    task = a_task(schedule=every(60), rules=policy(old))
    await store.add_tasks([task], T0)
    await started(store, task, at(60))
    await planned(store, at(120))
    await planned(store, at(180))
    await store.change_task(task.id, None, edit(task, policy=policy(new)), at(181))
    runs = await sql(store, "SELECT state, is_behind FROM runs WHERE state IN ('waiting', 'running') ORDER BY id")
    [(holder, behind)] = await sql(store, "SELECT holder IS NOT NULL, behind FROM cursors")
    match old, new:
        case "allow", _:
            assert runs == [("running", 0), ("waiting", 1), ("waiting", 1)]
            assert (holder, behind) == (1, 2)
        case "queue", _:
            assert runs == [("running", 0), ("waiting", 0)]
            assert (holder, behind) == (0, 0)
        case _:
            assert runs == [("running", 0)]
            assert (holder, behind) == (0, 0)


async def test_revisions_are_kept_with_who_and_when(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    for number in range(3):
        await store.change_task(task.id, None, edit(task, description=f"text {number}"), at(number + 1))
    first = await store.revisions(task.id, Window(limit=3, total=True))
    assert [row.revision for row in first.items] == [4, 3, 2]
    assert (first.items[0].what, first.items[0].by, first.items[0].valid_from) == ("edited", "bob", at(3))
    assert '"description": "text 2"' in first.items[0].definition
    assert first.total == 4
    rest = await store.revisions(task.id, Window(limit=3, cursor=first.next_cursor))
    assert [(row.revision, row.what) for row in rest.items] == [(1, "created")]
    assert rest.next_cursor is None
    old = await store.revision(task.id, 1)
    assert old is not None
    assert old.draft == task.draft
    assert await store.revision(task.id, 9) is None


async def test_a_task_that_cannot_be_read_is_marked_and_the_others_go_on(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2)], T0)
    await alter(store, "UPDATE tasks SET schedule = '{\"kind\":\"moon\"}' WHERE name = 'task 1'")
    [one] = await store.due(at(60), 10)
    assert one.task.name == "task 2"
    broken = await store.task(TaskId(numbered(1)))
    assert isinstance(broken, Broken)
    assert broken.field == "schedule"
    assert '"kind":"moon"' in broken.definition
    assert [one.task.name for one in await store.due(at(60), 10)] == ["task 2"]
    assert await store.mend_broken(at(90)) == 0
    await alter(
        store, "UPDATE tasks SET schedule = (SELECT schedule FROM tasks WHERE name = 'task 2') WHERE name = 'task 1'"
    )
    assert isinstance(await store.task(TaskId(numbered(1))), Broken)
    assert await store.mend_broken(at(90)) == 1
    assert [one.task.name for one in await store.due(at(90), 10)] == ["task 1", "task 2"]


async def test_a_task_that_cannot_be_planned_is_shown_with_the_reason(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    await store.mark_broken(task.id, "schedule", "it cannot be planned", at(60))
    stored = await store.task(task.id)
    assert isinstance(stored, Broken)
    assert (stored.field, stored.reason) == ("schedule", "it cannot be planned")
    assert await store.next_due_at() is None
    with pytest.raises(NotPossible):
        await store.run_now(task.id, RunId(numbered(8, at(61))), at(61), "bob", allow=False)


async def test_a_broken_task_is_replaced_or_deleted(store: Store) -> None:
    await store.add_tasks([a_task(1), a_task(2)], T0)
    [run, other] = (await planned(store, at(60))).waiting
    for number in (1, 2):
        await store.mark_broken(TaskId(numbered(number)), "action", "gone", at(61))
    replaced = await store.change_task(TaskId(numbered(1)), 1, edit(a_task(1), description="new"), at(90))
    assert isinstance(replaced.task, Task)
    assert await store.next_due_at() == at(120)
    assert [(run.id, run.task_revision) for run in replaced.runs] == [(run.id, 2)]
    deleted = await store.change_task(TaskId(numbered(2)), 1, DELETE, at(90))
    assert isinstance(deleted.task, Broken)
    assert deleted.task.deleted_at == at(90)
    assert [(run.id, run.reason) for run in deleted.runs] == [(other.id, Reason.DELETED)]
    assert await store.task_named("task 2") is None
    assert await store.task(TaskId(numbered(2))) == deleted.task
    revived = Change(what="restored", by="bob", apply=to_restored(a_task(2).draft))
    assert isinstance((await store.change_task(TaskId(numbered(2)), None, revived, at(100))).task, Task)


async def test_a_clock_set_back_changes_at_what_has_been_seen(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    await planned(store, at(60))
    answer = await store.change_task(task.id, None, edit(task, description="new"), at(30))
    assert answer.task.updated_at == at(60)
    assert await plans_at(store, at(119)) == []
    assert await store.next_due_at() == at(120)


async def test_a_task_born_deleted_has_no_cursor_and_runs_all_the_same(store: Store) -> None:
    task = a_task(deleted_at=T0, name="test of task 1")
    await store.add_tasks([task, a_task(2, name="test of task 1")], T0)
    assert await sql(store, "SELECT count(*) FROM cursors") == [(1,)]
    with pytest.raises(NotFound):
        await store.change_task(task.id, None, edit(task, name="x"), at(1))
    assert timedelta(0) == (await store.due(at(60), 10))[0].cursor.seen_through - T0
    await planned(store, at(60))
    for claim in await store.claim(room(), at(60)):
        await ended(store, claim, Succeeded(), at(61))


async def test_a_new_time_zone_database_moves_what_is_to_come_and_lists_it(store: Store) -> None:
    zoned = Cron(kind="cron", expression="30 2 * * *", timezone="Europe/Berlin")
    first, second = a_task(1, schedule=zoned), a_task(2)
    await store.add_tasks([first, second], T0)
    wrong = T0 + timedelta(hours=5)
    older = "UPDATE cursors SET tzdata = 'older', next_due_at = ?"
    await transactor_of(store).write(lambda db: db.exec_driver_sql(older, (to_ms(wrong),)))
    moved, onward = await store.adopt_tzdata(None, 10)
    assert [(one.name, one.before) for one in moved] == [(first.name, wrong)]
    assert moved[0].after == zoned.next_due(T0)
    assert onward is None
    assert await store.next_due_at() == min(wrong, zoned.next_due(T0) or wrong)
    assert await store.adopt_tzdata(None, 10) == ([], None), "once is enough"
    rows = await store.task_row(second.id, T0)
    assert rows is not None
    assert rows.next_due_at == wrong, "a period knows no zones"
