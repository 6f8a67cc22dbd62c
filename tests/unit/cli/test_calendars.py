"""What `horarium calendar` asks of the API and prints."""

from typing import Any

from tests.unit.cli.conftest import Type
from tests.unit.cli.stub import Stub

OPS: dict[str, Any] = {
    "name": "ops",
    "version": 2,
    "days": ["2027-03-02", "2027-12-24/2027-12-26"],
    "description": "closed",
    "updated_at": "2027-03-01T11:00:00.000Z",
    "updated_by": "eve",
    "deleted": False,
}
ROW = {name: value for name, value in OPS.items() if name != "days"} | {"entries": 2}
SAVED = {**OPS, "tasks_changed": 3, "tasks_to_come": 0}


def test_list_is_a_table(stub: Stub, typed: Type) -> None:
    stub.answers["GET /calendars"] = {"items": [ROW], "next_cursor": None}
    lines = typed("calendar", "list").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["name", "version", "entries", "changed", "(Europe/Berlin)", "by", "description"],
        ["ops", "2", "2", "Mon", "2027-03-01", "12:00+01:00", "eve", "closed"],
    ]
    stub.answers["GET /calendars"] = {"items": [], "next_cursor": None}
    assert typed("calendar", "list").stdout == "No calendars.\n"


def test_show_prints_one_entry_a_line(stub: Stub, typed: Type) -> None:
    stub.answers["GET /calendars/ops"] = OPS
    assert typed("calendar", "show", "ops").stdout == "2027-03-02\n2027-12-24/2027-12-26\n"
    typed("calendar", "show", "ops", "--version", "1")
    assert [asked.query for asked in stub.of("GET")] == [{}, {"version": ["1"]}]


def test_set_replaces_the_days_and_keeps_the_description(stub: Stub, typed: Type) -> None:
    stub.answers |= {"GET /calendars/ops": OPS, "PUT /calendars/ops": SAVED}
    done = typed("calendar", "set", "ops", "2027-03-02", "2027-12-24/2027-12-26")
    assert done.stdout == "Calendar ops has 2 entries in version 2.\nTasks that follow it now: 3.\n"
    [put] = stub.of("PUT")
    assert put.body == {"days": OPS["days"], "description": "closed"}


def test_set_makes_a_new_one_and_says_what_is_still_to_come(stub: Stub, typed: Type) -> None:
    stub.answers["PUT /calendars/ops"] = (201, {**SAVED, "days": [], "tasks_to_come": 9})
    done = typed("calendar", "set", "ops", "--description", "x")
    assert done.stdout.splitlines()[1] == "Tasks that follow it now: 3, 9 will in a moment."
    assert stub.of("PUT")[0].body == {"days": [], "description": "x"}
    stub.answers["PUT /calendars/ops"] = (201, {**SAVED, "days": ["2027-03-02"], "tasks_changed": 0})
    done = typed("calendar", "set", "ops", "2027-03-02")
    assert done.stdout == "Calendar ops has 1 entry in version 2.\n"
    assert stub.of("PUT")[1].body == {"days": ["2027-03-02"], "description": ""}


def test_delete_says_what_stands_in_the_way(stub: Stub, typed: Type) -> None:
    stub.answers["DELETE /calendars/a b"] = (204, None)
    assert typed("calendar", "delete", "a b").stdout == "Calendar a b is deleted.\n"
    stub.answers["DELETE /calendars/ops"] = (409, {"detail": 'The calendar "ops" is used by "report".', "errors": []})
    refused = typed("calendar", "delete", "ops")
    assert (refused.exit_code, "is used by" in refused.stderr) == (5, True)
