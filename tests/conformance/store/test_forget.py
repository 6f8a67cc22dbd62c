"""What `keep` no longer wants goes, in bounded bites, and the books still balance."""

from datetime import datetime, timedelta

from horarium.core.change import Change, to_deleted, to_draft
from horarium.core.ids import RunId, TaskId
from horarium.core.outcome import Failed, Succeeded
from horarium.core.page import Chunk
from horarium.core.policy import Keep, Policy, Retry
from horarium.ports.store import Replay, Store
from tests.conformance.store.stores import BOB, a_task, balanced, ended, numbered, planned, room, sql, started
from tests.making import T0, at, every

DAY = timedelta(days=1)


def keeping(days: int = 30, runs: int = 1_000, attempts: int = 1) -> Policy:
    return Policy(keep=Keep(days=days, runs=runs), retry=Retry(max_attempts=attempts, first_delay_seconds=0))


async def lived(store: Store, until: int, step: int = 60) -> None:
    """Every `step` seconds a run that succeeds at once."""
    for second in range(step, until + 1, step):
        for claim in (await planned(store, at(second), room())).claims:
            await ended(store, claim, Succeeded(), at(second))


async def all_forgotten(store: Store, now: datetime, limit: int) -> int:
    total = 0
    while count := await store.forget(now, limit):
        assert count <= limit
        await balanced(store)
        total += count
    return total


async def test_only_the_newest_runs_are_kept(store: Store) -> None:
    await store.add_tasks([a_task(rules=keeping(runs=3))], T0)
    await lived(store, 600)
    assert await all_forgotten(store, at(600), 2) == 7
    assert await sql(store, "SELECT min(due_at) FROM runs") == [(int(at(480).timestamp() * 1000),)]
    [(decided, forgotten, kept_from)] = await sql(store, "SELECT decided, forgotten, kept_from FROM cursors")
    assert (decided, forgotten) == (10, 7)
    assert int(at(420).timestamp() * 1000) < kept_from <= int(at(480).timestamp() * 1000)


async def test_only_the_last_days_are_kept(store: Store) -> None:
    await store.add_tasks([a_task(rules=keeping(days=2), schedule=every(3_600))], T0)
    await lived(store, 3_600 * 10, 3_600)
    assert await store.forget(at(3_600 * 5) + 2 * DAY, 100) == 4
    assert await sql(store, "SELECT count(*) FROM runs") == [(6,)]
    assert await store.forget(at(3_600 * 5) + 2 * DAY, 100) == 0


async def test_an_open_run_is_never_forgotten_and_holds_up_nobody(store: Store) -> None:
    task = a_task(rules=keeping(days=1), schedule=every(3_600))
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(3_600))
    await planned(store, at(7_200))
    assert await store.forget(T0 + 10 * DAY, 100) == 1
    assert await sql(store, "SELECT state FROM runs") == [("running",)]
    await ended(store, claim, Succeeded(), T0 + 10 * DAY)
    assert await store.forget(T0 + 10 * DAY, 100) == 1
    assert await sql(store, "SELECT decided, forgotten FROM cursors") == [(2, 2)]


async def test_a_skip_is_forgotten_whole(store: Store) -> None:
    """One that reaches into what is kept stays, and so does everything judged by it."""
    task = a_task(rules=keeping(days=1), schedule=every(3_600))
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(3_600))
    for hour in range(2, 31):
        await planned(store, at(3_600 * hour))
    await ended(store, claim, Succeeded(), at(3_600 * 30))
    assert await store.forget(at(3_600 * 30), 100) == 1, "the run, not the skip"
    [(first, kept_from)] = await sql(store, "SELECT first_due_at, kept_from FROM skips, cursors")
    assert kept_from <= first
    assert await store.forget(at(3_600 * 30) + 2 * DAY, 100) == 1
    assert await sql(store, "SELECT decided, forgotten FROM cursors") == [(30, 30)]


async def test_attempts_and_output_go_with_their_run(store: Store) -> None:
    task = a_task(rules=keeping(days=1, attempts=2))
    await store.add_tasks([task], T0)
    claim = await started(store, task, at(60))
    await store.add_output(
        [(claim.run.id, 1, Chunk(offset=0, stream="stdout", at=at(60), first_line=1, data=b"hello"))]
    )
    await ended(store, claim, Failed(reason="error"), at(60))
    [second] = await store.claim(room(), at(61))
    await ended(store, second, Succeeded(), at(61))
    assert await store.forget(T0 + 3 * DAY, 100) == 1
    assert await sql(store, "SELECT count(*) FROM attempts") == [(0,)]
    assert (await store.output(claim.run.id, 1, 0, 100)).chunks == ()


async def test_revisions_stay_as_long_as_something_needs_them(store: Store) -> None:
    task = a_task(rules=keeping(runs=1))
    await store.add_tasks([task], T0)
    await lived(store, 60)
    for number in (2, 3, 4):
        draft = a_task(rules=keeping(runs=1), description=f"{number}").draft
        await store.change_task(
            task.id, None, Change(what="edited", by="x", apply=to_draft(draft)), at(60 * number - 30)
        )
        await lived(store, 60 * number)
    [(oldest,)] = await sql(store, "SELECT id FROM runs ORDER BY id LIMIT 1")
    await store.run_again(oldest, RunId(numbered(8, at(250))), at(250), "bob", allow=True)
    assert await store.forget(at(250), 100) == 4
    assert [row for (row,) in await sql(store, "SELECT revision FROM revisions ORDER BY 1")] == [1, 4]


async def test_a_tombstone_goes_when_nothing_of_it_is_kept(store: Store) -> None:
    task = a_task(rules=keeping(days=3), tags=("a",))
    await store.add_tasks([task, a_task(2, rules=keeping(days=3))], T0)
    await lived(store, 120)
    for number in (1, 2):
        await store.change_task(
            TaskId(numbered(number)), None, Change(what="deleted", by="x", apply=to_deleted), at(130)
        )
    assert await store.forget(T0 + 2 * DAY, 100) == 0
    assert await all_forgotten(store, T0 + 4 * DAY, 3) == 6
    for table in ("tasks", "cursors", "revisions", "task_tags", "runs"):
        assert await sql(store, f"SELECT count(*) FROM {table}") == [(0,)]


async def test_workers_and_keys_that_are_over_go_too(store: Store) -> None:
    replay = Replay(key="k", fingerprint=b"f", task_id=TaskId(numbered(1)))
    await store.add_tasks([a_task()], T0, replay)
    await store.set_key(b"h", at(60))
    await store.end_worker(BOB, at(1))
    await store.forget(at(59), 100)
    assert await sql(store, "SELECT count(*) FROM setup_keys") == [(1,)]
    await store.forget(T0 + 100 * DAY, 100)
    for table, left in (("idempotency_keys", 0), ("setup_keys", 0), ("workers", 1)):
        assert await sql(store, f"SELECT count(*) FROM {table}") == [(left,)]


async def test_a_round_goes_through_every_task(store: Store) -> None:
    for first in range(0, 2_500, 500):
        await store.add_tasks([a_task(first + n, rules=keeping(runs=1)) for n in range(500)], T0)
    last = TaskId(numbered(2_499))
    for second in (1, 2):
        await store.run_now(last, RunId(numbered(9_000 + second, at(second))), at(second), "bob", allow=False)
        for claim in await store.claim(room(), at(second)):
            await ended(store, claim, Succeeded(), at(second))
    assert [await store.forget(at(10), 100) for _ in range(2)] == [0, 1]
