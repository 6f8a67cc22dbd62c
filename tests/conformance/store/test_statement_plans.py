"""What SQLite does for each named statement: it enters an index, scans nothing that grows, and sorts nothing."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from horarium.stores.sql import schema
from horarium.stores.sql.statements import Statement, statements
from horarium.stores.sqlite_files import driver, open_writer

ALL = statements("sqlite")
SMALL = {
    # The living workers and those that died within ninety days; the janitor's bite alone looks at all of them.
    "forget_workers": {"SCAN workers"},
    # Running runs, by the partial index of exactly these: one per slot.
    "orphans": {"SCAN runs USING INDEX runs_of_worker"},
    # Living workers, by the partial index of exactly these.
    "workers_alive": {"SCAN workers USING INDEX workers_alive"},
    # Broken tasks, by the partial index of exactly these.
    "broken_tasks": {"SEARCH tasks USING INDEX tasks_broken (id>?)"},
    "take_over": {"SCAN workers USING INDEX workers_alive"},
    # The first entry of an index.
    "next_due_at": {"SEARCH cursors USING COVERING INDEX cursors_due"},
    # The calendars there are, by the partial index of exactly these; each enters the index of who uses it.
    "outdated_calendars": {"SCAN calendars USING INDEX calendars_holding"},
    "count_calendars": {"SCAN calendars USING INDEX calendars_holding"},
    # At most one row.
    "forget_setup_keys": {"SCAN setup_keys"},
}


@pytest.fixture(scope="module")
def books() -> Iterator[Connection]:
    conn = open_writer(None, "FULL")
    schema.prepare(conn, "books")
    schema.TABLES["output"].create_all(conn)
    yield conn
    conn.close()


@pytest.mark.parametrize("statement", ALL.values(), ids=ALL.keys())
def test_no_statement_scans_or_sorts(statement: Statement, books: Connection) -> None:
    values = [0] * len(statement.parameters)
    lines = [row[3] for row in driver(books).execute(f"EXPLAIN QUERY PLAN {statement.sql}", values)]
    assert not [line for line in lines if "TEMP B-TREE" in line or "AUTOMATIC" in line]
    scans = {line for line in lines if line.startswith("SCAN") and not re.search(r"SCAN (\(|CONSTANT|\d)", line)}
    assert scans <= SMALL.get(statement.name, set())


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("due", "cursors_due"),
        ("due_between", "cursors_due"),
        ("output_end", "sqlite_autoindex_output_1"),
        ("next_lane", "runs_waiting"),
        ("ready_in_lane", "runs_waiting"),
        ("open_runs", "runs_open"),
        ("first_behind", "runs_open"),
        ("held", "runs_of_worker"),
        ("task_named", "tasks_name"),
        ("first_beyond", "runs_of_task"),
        ("old_runs", "runs_of_task"),
        ("old_skips", "skips_of_task"),
        ("forget_revisions", "runs_again"),
        ("holding_calendar", "calendars_holding"),
        ("calendars", "calendars_holding"),
        ("outdated_calendars", "schedule_lists_version"),
        ("outdated_tasks", "schedule_lists_version"),
        ("count_outdated_tasks", "schedule_lists_version"),
        ("users_of_list", "schedule_lists_version"),
        ("count_users_of_list", "schedule_lists_version"),
        ("uses_list", "schedule_lists_version"),
    ],
)
def test_each_enters_the_index_made_for_it(name: str, index: str, books: Connection) -> None:
    statement = ALL[name]
    values = [0] * len(statement.parameters)
    lines = [row[3] for row in driver(books).execute(f"EXPLAIN QUERY PLAN {statement.sql}", values)]
    assert any(re.search(rf"SEARCH \w+ USING (COVERING )?INDEX {index} ", line) for line in lines), lines


def test_every_statement_says_its_name_once_and_is_used() -> None:
    from tests.house.paths import PACKAGE

    code = "\n".join(path.read_text("utf-8") for path in (PACKAGE / "stores").rglob("*.py"))
    assert [name for name in ALL if f'"{name}"' not in code] == []
