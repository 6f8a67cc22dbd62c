"""What the rows of the lists say, and which cursors are refused."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from horarium.core.cursor import Skip, SkipReason
from horarium.core.errors import BadValue
from horarium.core.ids import RunId, SkipId, TaskId
from horarium.core.instants import to_ms
from horarium.core.page import RunFilter, SkipFilter, TaskFilter, Window
from horarium.core.run import Attempt, Cause, Reason, RunState
from horarium.core.task import Broken
from horarium.stores.sql import run_lists, skip_lists, task_lists
from horarium.stores.sql.keyset import encoded
from horarium.stores.sql.tables import runs, tasks
from tests import making
from tests.builders import (
    add_attempt,
    add_cursor,
    add_run,
    add_skip,
    opened,
    stamped,
    statements,
)
from tests.making import T0, at
from tests.oracles.lists import (
    ADA,
    NOW,
    Kept,
    ended_run,
    put,
)


@pytest.fixture(scope="module")
def books() -> Iterator[Connection]:
    with opened() as conn:
        yield conn


def test_a_task_shows_its_books_from_one_statement(books: Connection) -> None:
    task = making.task(making.every(60))
    kept = Kept(task, broken=False, next_due_at=at(60), has_cursor=False, last_run=None, last_state=None)
    kept.runs = [making.a_run(n, cause=cause) for n, cause in enumerate(Cause)]
    put(books, [kept])
    add_skip(books, _skip(task.id, count=3))
    add_cursor(books, making.cursor(task, decided=9, forgotten=4))
    with statements(books) as seen:
        row = task_lists.task_row(books, task.id, NOW)
    assert row is not None
    assert row.books is not None
    assert (row.books.decided, row.books.runs, row.books.skipped, row.books.forgotten) == (9, 2, 3, 4)
    assert row.books.balanced
    assert sum("cursors" in statement for statement, _ in seen) == 1
    assert task_lists.task_row(books, TaskId(bytes(16)), NOW) is None


def test_a_test_runs_task_is_shown_when_asked_for_by_id_and_has_no_books(books: Connection) -> None:
    task = making.task(making.every(60), deleted_at=T0)
    put(books, [Kept(task, broken=False, next_due_at=None, has_cursor=False, last_run=None, last_state=None)])
    run = making.a_run(1, cause=Cause.TEST)
    add_run(books, run)
    row = task_lists.task_row(books, task.id, NOW)
    assert row is not None
    assert row.books is None
    assert run_lists.run_rows(books, RunFilter(), Window()).items == ()
    assert run_lists.run_rows(books, RunFilter(task_id=task.id), Window()).items == ()
    (shown,) = run_lists.run_rows(books, RunFilter(causes=(Cause.TEST,)), Window()).items
    assert shown == run_lists.run_row(books, run.id)
    assert run_lists.run_row(books, RunId(bytes(16))) is None


def test_a_broken_task_is_listed_as_broken(books: Connection) -> None:
    task = making.task(making.every(60))
    put(books, [Kept(task, broken=True, next_due_at=None, has_cursor=True, last_run=None, last_state=None)])
    books.execute(update(tasks).values(schedule='{"kind":"moon"}'))
    (row,) = task_lists.task_rows(books, TaskFilter(states=("broken",)), Window(), NOW).items
    assert isinstance(row.task, Broken)
    assert row.task.name == task.name


def test_the_usual_duration_looks_behind_a_row_of_failures_but_not_for_ever(books: Connection) -> None:
    task = making.task(making.every(60))
    kept = Kept(task, broken=False, next_due_at=None, has_cursor=True, last_run=None, last_state=None)
    kept.runs = [ended_run(n, RunState.SUCCEEDED, took=n) for n in range(30)]
    kept.runs += [ended_run(n, RunState.FAILED, took=1) for n in range(30, 60)]
    put(books, [kept])
    (row,) = task_lists.task_rows(books, TaskFilter(), Window(), NOW).items
    assert row.usual_ms == (19 + 20) // 2
    assert run_lists.run_rows(books, RunFilter(), Window(limit=1)).items[0].usual_ms == row.usual_ms
    for n in range(60, 160):
        add_run(books, ended_run(n, RunState.FAILED, took=1))
    (row,) = task_lists.task_rows(books, TaskFilter(), Window(), NOW).items
    assert row.usual_ms is None


def test_attempts_come_in_order_with_the_present_one_last(books: Connection) -> None:
    run = making.running(1, attempt=2, fence=3)
    put(books, [Kept(making.task(making.every(60)), False, None, True, None, None)])
    add_run(books, run)
    first = Attempt(
        run_id=run.id,
        attempt=1,
        fence=1,
        worker_id=ADA,
        started_at=T0,
        ended_at=at(1),
        outcome="lost",
        reason=Reason.LOST,
    )
    add_attempt(books, first)
    lost, present = run_lists.attempts(books, run.id)
    assert lost == first
    assert (present.attempt, present.fence, present.outcome, present.ended_at) == (2, 3, "running", None)

    books.execute(update(runs).values(state="failed", reason="timeout", ended_at=to_ms(at(9))))
    assert [attempt.outcome for attempt in run_lists.attempts(books, run.id)] == ["lost", "timeout"]

    add_attempt(books, replace(first, attempt=2, fence=3, outcome="failed"))
    books.execute(update(runs).values(state="waiting", reason=None, ended_at=None))
    assert [attempt.outcome for attempt in run_lists.attempts(books, run.id)] == ["lost", "failed"]
    assert run_lists.attempts(books, RunId(bytes(16))) == ()


def test_words_are_found_literally_and_in_either_case(books: Connection) -> None:
    world = []
    for n, name in enumerate(["50% off", "500 off", "a_b", "axb", "ÄPFEL [x]", "c\\d"]):
        task = making.task(making.every(60), id=TaskId(stamped(T0, n)), name=name)
        world.append(Kept(task, broken=False, next_due_at=None, has_cursor=True, last_run=None, last_state=None))
    put(books, world)

    def found(words: str) -> list[str]:
        return [row.task.name for row in task_lists.task_rows(books, TaskFilter(words=words), Window(), NOW).items]

    assert found("50%") == ["50% off"]
    assert found("A_B") == ["a_b"]
    assert found("äpfel [X]") == ["ÄPFEL [x]"]
    assert found("[xyz]") == []
    assert found("c\\D") == ["c\\d"]
    assert found("off 500") == ["500 off"]
    assert found("   ") == sorted(kept.task.name for kept in world)
    with pytest.raises(BadValue, match="words"):
        found("x" * 201)


CURSORS = [
    "",
    "x",
    "é",
    "A" * 5_000,
    "bnVsbA",  # null
    "WyJ0YXNrcyBuYW1lIDAiXQ",  # the name alone
    encoded("tasks -created_at 0", (bytes(16),)),
    encoded("tasks name 0", ("a", b"short")),
    encoded("tasks name 0", (1, bytes(16))),
    encoded("tasks name 0", ("a\0", bytes(16))),
    encoded("runs", (2**70,)),
    encoded("log", (-1, 1, bytes(16), bytes(16))),
    encoded("log", (2**60, 0, bytes(16), bytes(16))),
    encoded("log", (True, True, bytes(16), bytes(16))),
]


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_that_is_not_ours_is_refused(books: Connection, cursor: str) -> None:
    window = Window(cursor=cursor)
    for page in (
        lambda: task_lists.task_rows(books, TaskFilter(), window, NOW),
        lambda: run_lists.run_rows(books, RunFilter(), window),
        lambda: skip_lists.skip_rows(books, SkipFilter(), window),
        lambda: skip_lists.log_rows(books, RunFilter(), window),
    ):
        with pytest.raises(BadValue, match="cursor"):
            page()


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_at_all_break_a_cursor(books: Connection, junk: bytes) -> None:
    cursor = urlsafe_b64encode(junk).decode()
    with pytest.raises(BadValue, match="cursor"):
        task_lists.task_rows(books, TaskFilter(), Window(cursor=cursor), NOW)


def _skip(task_id: TaskId, count: int) -> Skip:
    return Skip(
        id=SkipId(stamped(T0, 1)),
        task_id=task_id,
        first_due_at=T0,
        last_due_at=at(count - 1),
        count=count,
        reason=SkipReason.PAUSED,
        task_revision=1,
        tzdata=making.TZDATA,
        decided_at=NOW,
    )
