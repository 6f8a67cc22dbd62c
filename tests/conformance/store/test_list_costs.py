"""What a page costs: counted in queries and in steps of SQLite's machine, never in milliseconds."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from horarium.core.cursor import Cursor
from horarium.core.ids import TaskId
from horarium.core.instants import to_ms
from horarium.core.page import RunFilter, SkipFilter, TaskFilter, Window
from horarium.core.run import RunState
from horarium.stores.sql import rows, run_lists, skip_lists, task_lists, task_orders, task_words
from horarium.stores.sql.tables import cursors as cursors_table
from horarium.stores.sql.tables import runs, tasks
from tests import making
from tests.builders import (
    named,
    opened,
    stamped,
    statements,
    steps,
)
from tests.making import T0
from tests.oracles.lists import NOW, ended_run

MANY = 10_000
BUSY = 40


@pytest.fixture(scope="module")
def many() -> Iterator[Connection]:
    """10,000 tasks of one run each, of which every 250th has 400 runs more."""
    made = [
        making.task(making.every(60), id=TaskId(stamped(T0, n)), name=f"task {n * 7919 % MANY:05}") for n in range(MANY)
    ]
    cursors = [making.cursor(task) for task in made]
    with opened() as conn:
        conn.execute(insert(tasks), [named(tasks, rows.task_values(task)) for task in made])
        conn.execute(
            insert(cursors_table),
            [
                {
                    **_cursor_values(cursor),
                    "last_run_id": stamped(T0, n),
                    "last_state": "failed" if n % 999 == 1 else "succeeded",
                }
                for n, cursor in enumerate(cursors)
            ],
        )
        log = [ended_run(n, RunState.SUCCEEDED, took=n % 50, task_id=task.id) for n, task in enumerate(made)]
        log += [
            ended_run(MANY + n, RunState.SUCCEEDED, took=n % 50, task_id=made[n % BUSY * 250].id, due_at=T0 - making.MS)
            for n in range(BUSY * 400)
        ]
        conn.execute(insert(runs), [named(runs, rows.run_values(run)) for run in log])
        yield conn


PAGES: dict[str, tuple[TaskFilter, int]] = {
    "by name": (TaskFilter(), 30),
    "by next due": (TaskFilter(sort="next_due_at"), 30),
    "newest first": (TaskFilter(sort="-created_at"), 120),
    "by last run": (TaskFilter(sort="-last_run"), 400),
    "failing first": (TaskFilter(sort="failing"), 150),
    "running": (TaskFilter(states=("running",)), 5),
    "late": (TaskFilter(states=("late",)), 5),
    "broken": (TaskFilter(states=("broken",)), 5),
    "deleted": (TaskFilter(states=("deleted",)), 5),
    "a tag nobody has": (TaskFilter(tags=("none",)), 5),
    "active": (TaskFilter(states=("active",)), 100),
}


@pytest.mark.parametrize("what", PAGES)
def test_a_page_among_ten_thousand_tasks_costs_few_steps(many: Connection, what: str) -> None:
    wanted, thousand_steps = PAGES[what]
    with steps(many) as taken:
        task_lists.task_rows(many, wanted, Window(limit=50), T0)
    assert taken[0] <= thousand_steps


def test_words_found_nowhere_are_not_searched_for_ever(many: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    named_first = task_orders.STRETCHES["name"][0]
    tight = (replace(named_first, walk=replace(named_first.walk, searched_max=500)),)
    monkeypatch.setattr(task_lists, "STRETCHES", {"name": tight})
    monkeypatch.setattr(task_words, "READ_WHOLE_MAX", 500)
    with steps(many) as taken:
        page = task_lists.task_rows(many, TaskFilter(words="nowhere"), Window(limit=50), NOW)
    assert page.items == ()
    assert page.next_cursor is not None
    assert taken[0] <= 60


@pytest.mark.parametrize(
    ("words", "total", "thousand_steps"),
    # Of 10,000 five-digit names: one, those that end in 77, and those with a 7, which are too many to be sorted.
    [("nowhere", 0, 150), ("04177", 1, 150), ("77 task", 280, 300), ("7", 3_439, 450)],
)
def test_words_are_looked_for_in_one_reading_of_the_table(
    many: Connection, words: str, total: int, thousand_steps: int
) -> None:
    with steps(many) as taken:
        page = task_lists.task_rows(many, TaskFilter(words=words), Window(limit=50, total=True), NOW)
    assert page.total == total
    assert [row.task.name for row in page.items] == sorted(
        name for n in range(MANY) if all(word in (name := f"task {n:05}") for word in words.split())
    )[:50]
    assert (page.next_cursor is None) == (total <= 50)
    assert taken[0] <= thousand_steps


@pytest.mark.parametrize("limit", [1, 50, 500])
def test_a_page_takes_the_same_number_of_queries_whatever_its_size(many: Connection, limit: int) -> None:
    with statements(many) as seen:
        page = task_lists.task_rows(many, TaskFilter(), Window(limit=limit), NOW)
    assert len(page.items) == limit
    assert len(seen) == 3  # the tasks, their strips, what runs
    with statements(many) as seen:
        run_lists.run_rows(many, RunFilter(), Window(limit=limit))
    assert len(seen) == 2  # the runs, how long they usually take


@pytest.mark.parametrize("wanted", [wanted for wanted, _ in PAGES.values()], ids=list(PAGES))
def test_no_page_reads_all_runs(many: Connection, wanted: TaskFilter) -> None:
    for line in plan_of(many, lambda: task_lists.task_rows(many, wanted, Window(limit=50), NOW)):
        # The log is entered by a key, or walked along its key up to a limit, or one of the small partial indexes is read.
        whole = line.startswith(("SCAN runs", "SCAN older"))
        assert not whole or "autoindex" in line or "runs_of_worker" in line or "runs_waiting" in line, line


@pytest.mark.parametrize(
    "wanted",
    [
        RunFilter(),
        RunFilter(states=(RunState.FAILED,)),
        RunFilter(states=(RunState.RUNNING,)),
        RunFilter(states=(RunState.WAITING, RunState.RUNNING)),
        RunFilter(task_id=TaskId(stamped(T0, 0))),
        RunFilter(since=NOW),
        RunFilter(before=T0 - timedelta(days=1)),
    ],
    ids=str,
)
def test_a_page_of_runs_is_a_key_range(many: Connection, wanted: RunFilter) -> None:
    with steps(many) as taken:
        run_lists.run_rows(many, wanted, Window(limit=50))
        skip_lists.log_rows(many, wanted, Window(limit=50))
    assert taken[0] <= 120
    walk = run_lists.runs_walk(many, wanted)
    for line in plan_of(many, lambda: run_lists.found_runs(many, walk, None, 50)):
        assert "TEMP B-TREE FOR ORDER BY" not in line or wanted.states, line


def test_the_newest_skips_come_off_the_index(many: Connection) -> None:
    for wanted in (SkipFilter(), SkipFilter(task_id=TaskId(bytes(16))), SkipFilter(since=T0)):
        for line in plan_of(many, lambda: skip_lists.skip_rows(many, wanted, Window())):  # noqa: B023
            assert "TEMP B-TREE" not in line, line


def plan_of(conn: Connection, action: Callable[[], Any]) -> list[str]:
    with statements(conn) as seen:
        action()
    driver: Any = conn.connection.driver_connection
    plans = [driver.execute("EXPLAIN QUERY PLAN " + statement, parameters) for statement, parameters in seen]
    return [row[3] for plan in plans for row in plan]


def _cursor_values(cursor: Cursor) -> dict[str, Any]:
    return {
        "task_id": cursor.task_id,
        "version": cursor.version,
        "task_revision": cursor.task_revision,
        "seen_through": to_ms(cursor.seen_through),
        "next_due_at": rows.ms(cursor.next_due_at),
        "decided": 0,
        "since_edit": 0,
        "kept_from": to_ms(T0),
        "forgotten": 0,
        "behind": 0,
        "tzdata": cursor.tzdata,
        "overrides": 0,
    }
