"""Every list against an oracle in plain Python over the same rows: each row once, in its order, whatever the page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from horarium.core.cursor import SkipReason
from horarium.core.instants import to_ms
from horarium.core.page import PageOf, RunFilter, RunRow, SkipFilter, SkipRow, TaskFilter, TaskRow, Window
from horarium.core.run import RunState
from horarium.core.task import Broken
from horarium.stores.sql import run_lists, skip_lists, stats, task_filters, task_lists, task_orders, task_words
from tests.builders import (
    opened,
)
from tests.making import at
from tests.oracles.lists import (
    ADA,
    BOB,
    NOW,
    SORTS,
    STATES,
    Kept,
    a_run_filter,
    a_task_filter,
    duration,
    is_wanted,
    made_world,
    put,
    runs_wanted,
    skips_wanted,
    sort_key,
    states_of,
)
from tests.sizes import size


@pytest.fixture(scope="module")
def books() -> Iterator[Connection]:
    with opened() as conn:
        yield conn


def all_pages(page: Callable[[Window], PageOf[Any]], limit: int) -> Iterator[Any]:
    """Everything, page by page; a page may come short, but the search must get on."""
    cursor, seen = None, set()
    for _ in range(5_000):
        found = page(Window(limit=limit, cursor=cursor))
        assert len(found.items) <= limit
        yield from found.items
        cursor = found.next_cursor
        if cursor is None:
            return
        assert cursor not in seen, "the same page again"
        seen.add(cursor)
    raise AssertionError("the pages do not end")


def tightened(patch: pytest.MonkeyPatch, random: Random) -> None:
    """Bounds so small that a handful of rows meets them, at least sometimes."""
    most = random.choice([2, 5, 1_000])
    few = random.choice([0, 2, 1_000])
    tight = {
        sort: tuple(replace(s, walk=replace(s.walk, searched_max=most)) for s in stretches)
        for sort, stretches in task_orders.STRETCHES.items()
    }
    patch.setattr(task_lists, "STRETCHES", tight)
    patch.setattr(task_filters, "FEW_MAX", few)
    patch.setattr(task_words, "READ_WHOLE_MAX", random.choice([0, 1_000]))
    patch.setattr(run_lists, "RUNS_SEARCHED_MAX", most)
    patch.setattr(skip_lists, "SKIPS_SEARCHED_MAX", most)


def check_tasks(conn: Connection, random: Random, world: Sequence[Kept]) -> None:
    for sort in SORTS:
        wanted = a_task_filter(random, sort)
        expected = sorted((kept for kept in world if is_wanted(kept, wanted)), key=lambda kept: sort_key(kept, sort))
        limit = random.randint(1, 5)
        found = list(all_pages(lambda window: task_lists.task_rows(conn, wanted, window, NOW), limit))  # noqa: B023
        assert [row.task.id for row in found] == [kept.task.id for kept in expected], wanted
        for row, kept in zip(found, expected, strict=True):
            check_row(row, kept)
        total = task_lists.task_rows(conn, wanted, Window(limit=1, total=True), NOW).total
        assert total == len(expected), wanted


def check_states(conn: Connection, world: Sequence[Kept]) -> None:
    for state in STATES:
        wanted = TaskFilter(states=(state,))
        found = {row.task.id for row in all_pages(lambda window: task_lists.task_rows(conn, wanted, window, NOW), 50)}  # noqa: B023
        assert found == {kept.task.id for kept in world if state in states_of(kept)}, state


def check_row(row: TaskRow, kept: Kept) -> None:
    newest = sorted(kept.runs, key=lambda run: run.id, reverse=True)
    if kept.broken:
        assert isinstance(row.task, Broken)
        assert (row.task.name, row.task.pause) == (kept.task.name, kept.task.pause)
    else:
        assert row.task == kept.task
    assert row.next_due_at == kept.next_due_at or not kept.has_cursor
    assert row.running == sum(run.state is RunState.RUNNING for run in newest)
    assert [last.id for last in row.last_runs] == [run.id for run in newest[:20]]
    assert [last.state for last in row.last_runs] == [run.state for run in newest[:20]]
    took = [duration(run) for run in newest if run.state is RunState.SUCCEEDED][:20]
    assert row.usual_ms == (int(median(took)) if took else None)


def check_runs(conn: Connection, random: Random, world: Sequence[Kept]) -> None:
    names = {kept.task.id: kept for kept in world}
    for _ in range(4):
        wanted = a_run_filter(random, world)
        limit = random.randint(1, 9)
        expected = runs_wanted(world, wanted)
        found: list[RunRow] = list(all_pages(lambda window: run_lists.run_rows(conn, wanted, window), limit))  # noqa: B023
        assert [row.run for row in found] == expected, wanted
        for row in found:
            assert row.task_name == names[row.run.task_id].task.name
            assert row.max_attempts == names[row.run.task_id].task.policy.retry.max_attempts
            assert row.worker == {None: None, ADA: "ada", BOB: "bob"}[row.run.worker_id]
        assert run_lists.run_rows(conn, wanted, Window(limit=1, total=True)).total == len(expected)


def check_log(conn: Connection, random: Random, world: Sequence[Kept]) -> None:
    for _ in range(4):
        wanted = a_run_filter(random, world) if random.random() < 0.5 else RunFilter(tag=random.choice([None, "x"]))
        places: list[tuple[int, int, bytes, bytes]] = [
            (int.from_bytes(run.id[:6], "big"), 1, run.id, b"") for run in runs_wanted(world, wanted)
        ]
        places += [(to_ms(skip.last_due_at), 0, skip.task_id, skip.id) for skip in skips_wanted(world, wanted)]
        limit = random.randint(1, 9)
        found = list(all_pages(lambda window: skip_lists.log_rows(conn, wanted, window), limit))  # noqa: B023
        assert [place_of(row) for row in found] == sorted(places, reverse=True), wanted
        assert skip_lists.log_rows(conn, wanted, Window(limit=1, total=True)).total == len(places)


def place_of(row: RunRow | SkipRow) -> tuple[int, int, bytes, bytes]:
    if isinstance(row, RunRow):
        return (int.from_bytes(row.run.id[:6], "big"), 1, row.run.id, b"")
    return (to_ms(row.skip.last_due_at), 0, row.skip.task_id, row.skip.id)


def check_skips(conn: Connection, random: Random, world: Sequence[Kept]) -> None:
    reasons = tuple(reason.value for reason in random.sample(list(SkipReason), 3)) if random.random() < 0.5 else ()
    task_id = random.choice(world).task.id if world and random.random() < 0.3 else None
    wanted = SkipFilter(task_id=task_id, reasons=reasons, since=at(1), before=at(random.randint(3, 9)))
    expected = [
        skip
        for skip in skips_wanted(world, RunFilter(task_id=task_id, since=wanted.since, before=wanted.before))
        if not reasons or skip.reason in reasons
    ]
    found = list(all_pages(lambda window: skip_lists.skip_rows(conn, wanted, window), random.randint(1, 4)))
    assert [row.skip for row in found] == expected
    assert skip_lists.skip_rows(conn, wanted, Window(limit=1, total=True)).total == len(expected)


def check_counts(conn: Connection, world: Sequence[Kept]) -> None:
    found = stats.counts(conn, NOW)
    expected: dict[str, int] = {state: sum(state in states_of(kept) for kept in world) for state in STATES}
    expected["total"] = sum(kept.task.deleted_at is None for kept in world)
    assert found.tasks == expected
    made = [run for kept in world for run in kept.runs]
    assert found.waiting == sum(run.state is RunState.WAITING for run in made)
    assert found.running == sum(run.state is RunState.RUNNING for run in made)
    due = [kept.next_due_at for kept in world if kept.has_cursor and kept.next_due_at and kept.next_due_at <= NOW]
    assert found.oldest_undecided == min(due, default=None)
    on_time = [run for run in made if run.first_started_at is not None and run.expected_at is not None]
    assert found.lateness_ms == (0,) * len(on_time)
    pools = {row.name: row for row in stats.pools(conn, NOW)}
    for pool in {run.pool for run in made if run.state is RunState.RUNNING}:
        assert pools[pool].running == sum(run.state is RunState.RUNNING and run.pool == pool for run in made)
    for pool, row in pools.items():
        assert (row.workers, row.slots) == (2, 8)
        ready = [
            r for r in made if r.state is RunState.WAITING and not r.is_behind and r.ready_at <= NOW and r.pool == pool
        ]
        assert row.waiting == len(ready)


@settings(max_examples=size(40, 3_000), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_list_shows_each_row_once_in_its_order(books: Connection, seed: int) -> None:
    random = Random(seed)
    world = made_world(random)
    put(books, world)
    with pytest.MonkeyPatch.context() as patch:
        tightened(patch, random)
        check_tasks(books, random, world)
        check_states(books, world)
        check_runs(books, random, world)
        check_log(books, random, world)
        check_skips(books, random, world)
        check_counts(books, world)
