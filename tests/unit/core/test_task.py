"""What a definition may say."""

from typing import Any

import pytest

from horarium.core.action import Command, Http, Log, PythonCall
from horarium.core.errors import BadValue
from horarium.core.task import Draft, Pause, Task, check_name
from tests.making import T0, at, draft, every, task


@pytest.mark.parametrize(
    "name", ["a", "x" * 200, "Nightly backup", "резервная копия", "備份 🙂", "a\u00a0b", "it's #1, (really)"]
)
def test_names_that_do(name: str) -> None:
    check_name(name)
    assert draft(every(60), name=name).name == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "x" * 201, " a", "a ", "a\n", "a\tb", "a\0b", "a\x7fb", "a\x85b", "a\u2028b", "a\u2029b", "a\ud800"],
)
def test_names_that_do_not(name: str) -> None:
    with pytest.raises(BadValue) as refused:
        draft(every(60), name=name)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "more",
    [
        {"tags": ()},
        {"tags": tuple(f"t{n}" for n in range(20))},
        {"tags": ("a" * 50, "two words", "ünïcode")},
        {"pool": "a"},
        {"pool": "P_o.o-l9" + "x" * 42},
        {"priority": -10},
        {"priority": 10},
        {"description": "d" * 10_000},
        {"description": "two\nlines"},
    ],
)
def test_the_rest_that_does(more: dict[str, Any]) -> None:
    made = draft(every(60), **more)
    assert {name: getattr(made, name) for name in more} == more


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("tags", {"tags": tuple(f"t{n}" for n in range(21))}),
        ("tags", {"tags": ("a", "b", "a")}),
        ("tags.1", {"tags": ("a", "")}),
        ("tags.0", {"tags": ("x" * 51,)}),
        ("tags.0", {"tags": (" a",)}),
        ("tags.0", {"tags": ("a,b",)}),
        ("tags.2", {"tags": ("a", "b", "c\n")}),
        ("pool", {"pool": ""}),
        ("pool", {"pool": "x" * 51}),
        ("pool", {"pool": "a b"}),
        ("pool", {"pool": "ü"}),
        ("pool", {"pool": "a/b"}),
        ("priority", {"priority": 11}),
        ("priority", {"priority": -11}),
        ("description", {"description": "d" * 10_001}),
    ],
)
def test_the_rest_that_does_not(field: str, more: dict[str, Any]) -> None:
    with pytest.raises(BadValue) as refused:
        draft(every(60), **more)
    assert refused.value.field == field


def test_a_task_gives_its_definition_alone() -> None:
    made = task(every(60), pool="big", tags=("a",))
    assert made.draft == draft(every(60), pool="big", tags=("a",))
    assert type(made.draft) is Draft
    assert isinstance(made, Task)


def test_a_pause_is_over_from_until_on() -> None:
    pause = Pause(at=T0, until=at(10))
    assert [pause.over(at(second)) for second in (9.999, 10, 11)] == [False, True, True]
    assert not Pause(at=T0).over(at(1e9))


@pytest.mark.parametrize(
    ("action", "needs"),
    [
        (Log(kind="log", message="x"), False),
        (Http(kind="http", url="http://a/"), False),
        (Command(kind="command", argv=("true",)), True),
        (PythonCall(kind="python", function="a:b"), True),
    ],
)
def test_which_actions_hold_a_process_slot(action: Any, needs: bool) -> None:
    assert task(every(60), action=action).needs_process is needs
