"""The reference pages and the product say the same: routes, problems, settings, definitions, instants, words, variables."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast, get_args, get_type_hints

import click
import pytest

from horarium.actions.command import base_environment
from horarium.api.app import bare_app, routes
from horarium.api.bodies import SettingsPatch
from horarium.api.masking import SECRET_HEADERS
from horarium.api.parts import Parts
from horarium.cli import main
from horarium.config import OTHERS, PREFIX, Settings
from horarium.core.access import Role
from horarium.core.action import Command, Http, Log, PythonCall
from horarium.core.cursor import SkipReason
from horarium.core.errors import BadValue
from horarium.core.ids import RunId
from horarium.core.outcome import Cancelled, Failed, HandedBack, Lost, Outcome, ShutDown, Succeeded, TimedOut
from horarium.core.page import TaskStateName
from horarium.core.policy import CatchUp, Keep, Policy, Retry
from horarium.core.run import Cause, Reason, RunState
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.bounds import (
    Bounded,
)
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import WEEKDAYS, CalendarDays, Dates, DayList, Holidays, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.schedule import Exclusion, Schedule
from horarium.core.settle import word
from horarium.core.shape import json_name
from horarium.core.task import Draft
from horarium.ports.action import Identity
from horarium.ports.engine import SchedulerState
from tests.house.pages import code, rows, section
from tests.house.paths import PACKAGE

# REST API


ROUTES = routes(bare_app(cast("Parts", SimpleNamespace(base_path="")), Counter()))


def test_the_table_of_routes_is_the_applications() -> None:
    documented = [
        (method, code(path), role) for method, path, role, _ in rows(section("rest-api.md", "Routes"), "method")
    ]
    there = {
        (method, route.path_format, "anybody" if route.role is None else route.role.label)
        for route in ROUTES
        for method in route.verbs
    }
    assert len(documented) == len(set(documented))
    assert set(documented) == there


def test_the_table_of_problems_names_every_kind_in_the_code() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted((PACKAGE / "api").glob("*.py")))
    there = set(re.findall(r'refused\(\s*(\d{3}),\s*"([a-z-]+)"', source))
    there |= set(re.findall(r'status=(\d{3}),\s*kind="([a-z-]+)"', source))
    documented = [
        (status, code(kind).removeprefix("urn:horarium:"))
        for status, kind, _ in rows(section("rest-api.md", "Problems"), "status")
    ]
    assert len(documented) == len(set(documented))
    assert set(documented) == there


# Security


def test_the_roles_are_those_of_the_code_in_their_order() -> None:
    assert [role for role, _ in rows(section("security.md", "Roles"), "role")] == [role.label for role in Role]


def test_the_masked_headers_are_named() -> None:
    (line,) = [line for line in section("security.md", "Roles").splitlines() if line.startswith("Masked")]
    assert set(re.findall(r"`([a-z-]+)`", line)) == {"env", *SECRET_HEADERS}


# Settings


def shown_default(value: Any) -> str:
    match value:
        case None | "" | ():
            return ""
        case tuple():
            return f"`{','.join(value)}`"
        case _:
            return f"`{value}`"


def test_every_setting_has_its_row() -> None:
    serve = cast("click.Group", main).get_command(click.Context(main), "serve")
    assert serve is not None
    options = {param.name: param.opts[0] for param in serve.params}
    documented = rows(section("settings.md", "Settings"), "setting")
    assert [code(row[0]) for row in documented] == list(Settings.model_fields)
    for name, variable, option, default, meaning in documented:
        field = Settings.model_fields[code(name)]
        assert code(variable) == PREFIX + code(name).upper()
        assert code(option) == options.get(code(name), ""), name
        if field.default_factory is None:
            assert default == shown_default(field.default), name
        assert meaning


def test_the_other_variables_are_known_to_the_settings() -> None:
    named = {code(row[0]) for row in rows(section("settings.md", "Variables that are no settings"), "variable")}
    assert named <= {PREFIX + name for name in OTHERS}


def test_the_settings_of_the_installation_are_those_that_can_be_set() -> None:
    named = [code(row[0]) for row in rows(section("settings.md", "Settings of the installation"), "setting")]
    assert named == [field.name for field in fields(SettingsPatch)]


# Tasks


AT = datetime(2027, 1, 1, tzinfo=UTC)
LEAST: dict[type[Any], dict[str, Any]] = {
    Draft: {
        "name": "x",
        "schedule": Every(kind="every", seconds=60),
        "action": Log(kind="log", message=""),
    },
    Bounded: {"kind": "once", "at": AT},
    Once: {"kind": "once", "at": AT},
    Every: {"kind": "every", "seconds": 60},
    Cron: {"kind": "cron", "expression": "0 2 * * *", "timezone": "UTC"},
    Rrule: {"kind": "rrule", "rule": "FREQ=DAILY", "start": "2027-01-01", "timezone": "UTC"},
    AnyOf: {"kind": "any_of", "schedules": (Once(kind="once", at=AT),)},
    Dates: {"kind": "dates", "dates": ("2027-12-24",)},
    Weekdays: {"kind": "weekdays", "days": ("monday",)},
    Holidays: {"kind": "holidays", "country": "DE"},
    CalendarDays: {"kind": "calendar", "name": "x"},
    Log: {"kind": "log", "message": "x"},
    Http: {"kind": "http", "url": "http://x"},
    Command: {"kind": "command", "argv": ("x",)},
    PythonCall: {"kind": "python", "function": "m:f"},
    Policy: {},
    Retry: {},
    CatchUp: {},
    Keep: {},
}
"""What a definition must have; in its place a bounded member is tried at its bounds."""
HEADINGS: dict[str, type[Any]] = {
    "Task": Draft,
    "Every kind": Bounded,
    "`once`": Once,
    "`every`": Every,
    "`cron`": Cron,
    "`rrule`": Rrule,
    "`any_of`": AnyOf,
    "`dates`": Dates,
    "`weekdays`": Weekdays,
    "`holidays`": Holidays,
    "`calendar`": CalendarDays,
    "`log`": Log,
    "`http`": Http,
    "`command`": Command,
    "`python`": PythonCall,
    "Policy": Policy,
    "`retry`": Retry,
    "`catch_up`": CatchUp,
    "`keep`": Keep,
}
COMPUTED = {"anchor": "creation plus one period"}
SIZED: dict[str, Callable[[int], Any]] = {
    "tags": lambda n: tuple(map(str, range(n))),
    "argv": lambda n: ("x",) * n,
    "args": lambda n: (1,) * n,
    "env": lambda n: {f"V{i}": "" for i in range(n)},
    "headers": lambda n: {f"X-{i}": "" for i in range(n)},
    "kwargs": lambda n: {f"v{i}": 1 for i in range(n)},
    "url": lambda n: "http://x/".ljust(n, "x"),
    "cwd": lambda n: "/".ljust(n, "x"),
    "expression": lambda n: "0 2 * * *".ljust(n),
    "function": lambda n: "m:".ljust(n, "f"),
    "rule": lambda n: "FREQ=DAILY;INTERVAL=".ljust(n - 1, "0") + "1",
    "schedules": lambda n: tuple(Once(kind="once", at=AT.replace(year=2028 + i)) for i in range(n)),
    "except": lambda n: (Dates(kind="dates", dates=("2028-12-24",), timezone="UTC"),) * n,
    "dates": lambda n: ("2027-12-24",) * n,
    "days": lambda n: WEEKDAYS[:n],
}
"""A value of that size; everything else is so many letters."""
BOUNDS = re.compile(
    r"(?:at least (?P<least>[\d,]+)|(?:(?P<low>-?[\d.,]+)|up) to (?P<high>[\d,]+)(?P<of> characters| items)?)"
)


def number(text: str) -> int | float:
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def members(shape: type[Any]) -> list[Any]:
    """Those of its own table: what every schedule has stands in a table by itself, and `kind` in the heading."""
    shared = {field.name for field in fields(Bounded)} if issubclass(shape, Bounded) and shape is not Bounded else set()
    return [field for field in fields(shape) if field.name != "kind" and field.name not in shared]


MADE_OF_DAYS: dict[type[Any], Callable[[int], Any]] = {CalendarDays: lambda n: ("2027-12-24",) * n}
"""`days` of a calendar are written like `dates`."""


def written_default(field: Any) -> str:
    if field.name in COMPUTED:
        return COMPUTED[field.name]
    if field.default_factory is not MISSING:
        made = field.default_factory()
        return f"`{json.dumps(made)}`" if isinstance(made, dict) else "all defaults"
    return "" if field.default is MISSING else f"`{json.dumps(field.default)}`"


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_member_has_its_row_and_its_default(heading: str) -> None:
    documented = {code(row[0]): row[1] for row in rows(section("tasks.md", heading), "member")}
    assert documented == {json_name(field.name): written_default(field) for field in members(HEADINGS[heading])}


def test_every_kind_of_schedule_and_exclusion_has_its_table() -> None:
    assert set(get_args(get_args(Schedule)[0])) == {
        shape for shape in HEADINGS.values() if issubclass(shape, Bounded)
    } - {Bounded}
    assert set(get_args(get_args(Exclusion)[0])) == {
        shape for shape in HEADINGS.values() if issubclass(shape, Bounded | DayList)
    } - {Bounded}


def test_the_words_of_a_schedule_are_told() -> None:
    for heading, shape in HEADINGS.items():
        for name, default, _, meaning in rows(section("tasks.md", heading), "member"):
            if issubclass(shape, Bounded | DayList):
                words = literals(shape, code(name))
                assert words <= set(re.findall(r'"([a-z_]+)"', f"{default} {meaning}")), name


def literals(shape: type[Any], name: str) -> set[str]:
    """The words that a member may be, or may hold."""
    hints = get_type_hints(shape)
    hint = hints.get(name, hints.get(f"{name}_"))
    found = {word for part in get_args(hint) for word in get_args(part)} | set(get_args(hint))
    return {word for word in found if isinstance(word, str)}


def bounded() -> Iterator[tuple[str, str, str]]:
    for heading in HEADINGS:
        for name, _, bounds, _ in rows(section("tasks.md", heading), "member"):
            if bounds:
                yield heading, code(name), bounds


@pytest.mark.parametrize(("heading", "name", "bounds"), list(bounded()))
def test_bounds_are_where_the_page_says(heading: str, name: str, bounds: str) -> None:
    found = BOUNDS.fullmatch(bounds)
    assert found, bounds
    shape = HEADINGS[heading]
    size = MADE_OF_DAYS.get(shape, SIZED.get(name, letters)) if found["of"] == " items" else plainly
    size = SIZED.get(name, letters) if found["of"] == " characters" else size
    accepted: list[int | float]
    refused: list[int | float]
    if found["least"]:
        accepted, refused = [number(found["least"])], [number(found["least"]) - 1]
    else:
        high = number(found["high"])
        accepted, refused = [high], [high + 1]
        if found["low"]:
            low = number(found["low"])
            accepted.append(low)
            refused.append(low - (1 if isinstance(low, int) else 0.001))
    for value in accepted:
        made(shape, name, size(cast("int", value)))
    for value in refused:
        with pytest.raises(BadValue):
            made(shape, name, size(cast("int", value)))


def letters(count: int) -> str:
    return "x" * count


def plainly(count: int) -> int:
    return count


def made(shape: type[Any], name: str, value: Any) -> Any:
    given = {**LEAST[shape], "except_" if name == "except" else name: value}
    if name == "shell":
        del given["argv"]
    return (Once if shape is Bounded else shape)(**given)


# States and reasons


OUTCOMES: tuple[Outcome, ...] = (
    Succeeded(),
    Failed(reason="error"),
    TimedOut(),
    Cancelled(),
    Lost(),
    ShutDown(),
    HandedBack(),
)
WORDS: dict[tuple[str, str], set[str]] = {
    ("States of a run", "state"): {state.value for state in RunState},
    ("Reasons of a run", "reason"): {reason.value for reason in Reason},
    ("Reasons of a skip", "reason"): {reason.value for reason in SkipReason},
    ("Causes of a run", "cause"): {cause.value for cause in Cause},
    ("Outcomes of an attempt", "outcome"): {word(outcome) for outcome in OUTCOMES},
    ("States of a task", "state"): set(get_args(TaskStateName)),
    ("States of the scheduler", "state"): set(get_args(SchedulerState)),
}


def test_every_outcome_is_among_those_tried_here() -> None:
    assert {type(outcome) for outcome in OUTCOMES} == set(get_args(Outcome))


@pytest.mark.parametrize(("heading", "first"), WORDS)
def test_the_closed_sets(heading: str, first: str) -> None:
    documented = [code(row[0]) for row in rows(section("states-and-reasons.md", heading), first)]
    assert len(documented) == len(set(documented))
    assert set(documented) == WORDS[heading, first]


# What a run receives


def test_variables_and_headers_are_those_of_the_identity() -> None:
    told = Identity(run_id=RunId(bytes(16)), attempt=1, fence=1, due_at=AT, task_name="x")
    table = rows(section("what-a-run-receives.md", "What a run receives"), "variable")
    assert [code(row[0]) for row in table if row[0]] == list(told.environment())
    assert [code(row[1]) for row in table if row[1]] == list(told.headers())


def test_what_a_command_inherits() -> None:
    first = section("what-a-run-receives.md", "A command").split("of the service", 1)[0]
    assert re.findall(r"`([A-Z]+)`", first) == list(base_environment({}))
