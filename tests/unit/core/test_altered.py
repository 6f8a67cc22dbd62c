"""Copies and new values made past `__init__` are the same as those made through it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from horarium.core.altered import altered, made
from horarium.core.cursor import Cursor, Skip
from horarium.core.ids import RunId, TaskId
from horarium.core.run import Cause, Run, RunState

NOW = datetime(2027, 1, 1, tzinfo=UTC)
MEMBERS = {
    "id": RunId(b"r" * 16),
    "task_id": TaskId(b"t" * 16),
    "task_revision": 1,
    "cause": Cause.SCHEDULE,
    "due_at": NOW,
    "ready_at": NOW,
    "expected_at": NOW,
    "pool": "default",
    "priority": 0,
    "needs_process": False,
    "tzdata": "2026a",
}
RUN = Run(**MEMBERS)  # type: ignore[arg-type]  # one dict of several types


def test_a_copy_is_what_replace_makes() -> None:
    changed = altered(RUN, state=RunState.RUNNING, fence=1)
    assert changed == replace(RUN, state=RunState.RUNNING, fence=1)
    assert hash(changed) == hash(replace(RUN, state=RunState.RUNNING, fence=1))
    assert RUN.state is RunState.WAITING, "the original stays"


def test_a_new_value_is_what_its_class_makes() -> None:
    assert made(Run, MEMBERS) == RUN
    assert made(Run, {**MEMBERS, "is_behind": True}) == replace(RUN, is_behind=True)


def test_what_is_made_so_is_frozen_all_the_same() -> None:
    for run in (altered(RUN, fence=1), made(Run, MEMBERS)):
        with pytest.raises(AttributeError):
            run.fence = 2  # type: ignore[misc]  # that is the point


def test_unknown_and_missing_members_are_refused() -> None:
    with pytest.raises(TypeError, match="Run has no fences"):
        altered(RUN, fences=1)
    with pytest.raises(TypeError, match="fences"):
        made(Run, {**MEMBERS, "fences": 1})
    with pytest.raises(TypeError, match="task_id"):
        made(Run, {name: value for name, value in MEMBERS.items() if name != "task_id"})


def test_values_that_check_themselves_or_have_slots_are_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Slotted:
        one: int = 1

    @dataclass(frozen=True)
    class Checked:
        one: int = 1

        def __post_init__(self) -> None:
            assert self.one

    for value in (Slotted(), Checked()):
        with pytest.raises(AssertionError):
            altered(value, one=2)


@pytest.mark.parametrize("cls", [Run, Cursor, Skip])
def test_what_is_copied_by_the_thousand_has_no_slots(cls: type) -> None:
    assert not hasattr(cls, "__slots__")
