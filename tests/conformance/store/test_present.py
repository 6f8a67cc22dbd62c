"""What a live page, a bulk change, an agenda and an import ask of the store."""

from dataclasses import replace
from datetime import timedelta

from horarium.core.change import Change, to_deleted, to_paused
from horarium.core.ids import RunId, TaskId
from horarium.core.outcome import Failed, Succeeded
from horarium.core.page import LastRun, TaskFilter, Window
from horarium.core.plan import new_run
from horarium.core.run import Cause, RunState
from horarium.core.task import Pause
from horarium.ports.store import Store
from tests.conformance.store.stores import a_task, alter, balanced, ended, numbered, planned, room, run_of, sql, started
from tests.making import T0, TZDATA, at, every


async def test_how_tasks_stand_is_told_by_their_ids(store: Store) -> None:
    tasks = [a_task(n) for n in range(1, 5)]
    await store.add_tasks(tasks, T0)
    claim = await started(store, tasks[0], at(60))
    for other in await store.claim(room(), at(60)):
        assert other.run.task_id != tasks[0].id
    await store.change_task(tasks[1].id, None, Change(what="paused", by="ada", apply=to_paused(None, "why")), at(61))
    await store.change_task(tasks[2].id, None, Change(what="deleted", by="ada", apply=to_deleted), at(61))
    await alter(store, 'UPDATE tasks SET broken = \'["x", "y"]\' WHERE id = ?', tasks[3].id)
    found = {one.id: one for one in await store.tasks_now([task.id for task in tasks] + [TaskId(numbered(99))])}
    assert len(found) == 4
    first, second, third, fourth = (found[task.id] for task in tasks)
    assert (first.revision, first.running, first.next_due_at, first.is_failing) == (1, 1, at(120), False)
    assert first.last_run == LastRun(id=claim.run.id, state=RunState.RUNNING, due_at=at(60), duration_ms=None)
    assert (second.revision, second.pause, second.next_due_at) == (2, Pause(at=at(61), until=None, reason="why"), None)
    assert (third.is_deleted, third.next_due_at) == (True, None)
    assert (fourth.is_broken, first.is_broken, first.is_deleted) == (True, False, False)
    await ended(store, claim, Failed(reason="error", detail="no"), at(62))
    (failed,) = await store.tasks_now([tasks[0].id])
    assert (failed.running, failed.is_failing) == (0, True)
    assert failed.last_run is not None
    assert failed.last_run.duration_ms == 2_000
    assert await store.tasks_now([]) == []


async def test_runs_are_told_by_their_ids(store: Store) -> None:
    task = a_task()
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    run = await run_of(store, claim.run.id)
    assert await store.runs_now([claim.run.id, RunId(numbered(99))]) == [run]
    assert await store.runs_now([]) == []


async def test_ids_come_in_the_pages_of_the_list(store: Store) -> None:
    tasks = [a_task(n, tags=("x",) if n % 2 else ()) for n in range(1, 8)]
    await store.add_tasks(tasks, T0)
    first = await store.task_ids(TaskFilter(tags=("x",)), Window(limit=3), T0)
    then = await store.task_ids(TaskFilter(tags=("x",)), Window(limit=3, cursor=first.next_cursor), T0)
    assert [*first.items, *then.items] == [task.id for task in tasks if task.tags]
    assert then.next_cursor is None


async def test_what_comes_is_told_first_things_first(store: Store) -> None:
    tasks = [a_task(n, every(60 * n)) for n in (3, 1, 2)]
    await store.add_tasks(tasks, T0)
    found = await store.coming(at(120), 10)
    assert [one.task.id for one in found] == [tasks[1].id, tasks[2].id]
    assert [one.cursor.next_due_at for one in await store.coming(at(1_000), 1)] == [at(60)]
    await alter(store, 'UPDATE tasks SET broken = \'["x", "y"]\' WHERE id = ?', tasks[1].id)
    assert [one.task.id for one in await store.coming(at(120), 10)] == [tasks[2].id]


async def test_names_are_taken_by_the_living_alone(store: Store) -> None:
    gone, there = a_task(1, name="gone"), a_task(2, name="there")
    await store.add_tasks([gone, there], T0)
    await store.change_task(gone.id, None, Change(what="deleted", by="ada", apply=to_deleted), at(1))
    assert await store.names_taken(["gone", "there", "never"]) == {"there"}


async def test_a_trial_is_a_run_of_a_task_that_never_was(store: Store) -> None:
    born = replace(a_task(1, name="test"), deleted_at=T0)
    run = new_run(born, RunId(numbered(7)), Cause.TEST, T0, T0, TZDATA, created_by="ada")
    await store.add_tasks([a_task(2, name="test")], T0)
    for _ in range(2):
        await store.add_trial(born, run, T0)
    assert await sql(store, "SELECT count(*) FROM cursors") == [(1,)]
    assert await sql(store, "SELECT count(*) FROM runs") == [(1,)]
    (claim,) = await store.claim(room(), at(1))
    assert (claim.run.id, claim.task_name, claim.run.cause) == (run.id, "test", Cause.TEST)
    await ended(store, claim, Succeeded(), at(2))
    assert (await run_of(store, run.id)).state is RunState.SUCCEEDED
    assert await store.tasks_now([born.id]) == [], "no live page hears of it"
    for state in ("deleted", "ended"):
        found = await store.task_rows(TaskFilter(states=(state,)), Window(total=True), at(3))
        assert (found.items, found.total) == ((), 0)
    await planned(store, at(60))
    await balanced(store)
    later = T0 + timedelta(days=1, seconds=3)
    await store.forget(later, 100)
    assert await sql(store, "SELECT count(*) FROM runs WHERE cause = 'test'") == [(1,)], "this task keeps more days"
