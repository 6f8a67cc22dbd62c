"""What creating, editing and patching make of a definition."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from horarium.control.definitions import (
    BadDefinition,
    edited,
    merged,
    opened,
    patched,
    read_patched,
    stored_members,
    upserted,
)
from horarium.core.errors import BadValue, NotPossible
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.task import Broken
from tests import making
from tests.making import MS, T0, TASK, at, every

E = at(0)


def once(seconds: float, **more: Any) -> Once:
    return Once(kind="once", at=at(seconds), **more)


def test_a_new_every_gets_an_anchor_and_keeps_its_own() -> None:
    assert opened(Every(kind="every", seconds=60), E + timedelta(milliseconds=500)) == every(60)
    assert opened(every(60, anchor=at(-7)), E) == every(60, anchor=at(-7))


@pytest.mark.parametrize("anchor", [None, at(3_600)])
def test_a_new_period_does_not_wait_for_the_old_ones_first_instant(anchor: Any) -> None:
    old = every(3_600, anchor=at(3_600))
    assert edited(Every(kind="every", seconds=2, anchor=anchor), old, E) == every(2, anchor=at(2))
    assert edited(Every(kind="every", seconds=3_600, anchor=anchor), old, E) == old, "the same period keeps it"
    begun = every(60, anchor=at(-7))
    assert edited(Every(kind="every", seconds=2), begun, E) == every(2, anchor=at(-7)), "one that has come stays"


def test_an_edit_without_an_anchor_keeps_the_old_one() -> None:
    old = every(60, anchor=at(-7))
    assert edited(Every(kind="every", seconds=5), old, E) == every(5, anchor=at(-7))
    assert edited(every(5, anchor=at(3)), old, E).anchor == at(3)  # type: ignore[union-attr]
    assert edited(Every(kind="every", seconds=5), once(9), E) == every(5)


@pytest.mark.parametrize("seconds", [0, -1, -60])
def test_an_instant_that_has_just_passed_is_meant_to_be_now(seconds: float) -> None:
    assert opened(once(seconds), E) == once(0.001)


def test_an_older_instant_is_refused_unless_it_may_run_at_once() -> None:
    with pytest.raises(BadValue, match="has passed") as refused:
        opened(once(-60.001), E)
    assert (refused.value.field, "if_past" in str(refused.value.remedy)) == ("schedule.at", True)
    assert opened(once(-9_999, if_past="run"), E) == once(0.001, if_past="run")
    assert opened(once(1), E) == once(1)


def test_an_unchanged_instant_is_never_judged() -> None:
    long_ago = once(-9_999)
    assert edited(long_ago, long_ago, E) == long_ago
    with pytest.raises(BadValue, match="has passed"):
        edited(once(-9_998), long_ago, E)
    with pytest.raises(BadValue, match="has passed"):
        edited(long_ago, every(60), E)


def test_asking_again_for_an_instant_that_has_passed_changes_nothing() -> None:
    wish = once(-100, if_past="run")
    made = opened(wish, E)
    assert upserted(wish, made, at(500)) == made
    just_now = once(-30)
    made = opened(just_now, E)
    assert upserted(just_now, made, at(500)) == made


def test_an_upsert_runs_nothing_that_has_passed() -> None:
    with pytest.raises(BadValue, match="has passed"):
        upserted(once(-100, if_past="run"), every(60), E)
    assert upserted(once(50), once(-5), E) == once(50)
    assert upserted(Every(kind="every", seconds=5), every(60, anchor=at(-7)), E) == every(5, anchor=at(-7))


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # the examples of RFC 7396
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merging_follows_the_rfc(target: Any, patch: Any, result: Any) -> None:
    assert merged(target, patch) == result


def test_a_patch_changes_parts_and_keeps_the_anchor() -> None:
    old = making.task(every(60, anchor=at(-7)))
    new = patched({"schedule": {"seconds": 5}, "tags": ["ops"], "policy": {"retry": {"max_attempts": 3}}})(old, E)
    assert new.schedule == every(5, anchor=at(-7))
    assert (new.tags, new.policy.retry.max_attempts, new.policy.retry.factor) == (("ops",), 3, 2)
    assert patched({"schedule": {"anchor": None}})(old, E).schedule == old.schedule
    assert patched({"policy": None, "tags": None})(new, E) == replace(new, policy=old.policy, tags=())


def test_a_patch_that_names_another_kind_replaces_the_object_whole() -> None:
    old = making.task(every(60))
    cron = {"kind": "cron", "expression": "0 3 * * *", "timezone": "UTC"}
    assert patched({"schedule": cron})(old, E).schedule == Cron(kind="cron", expression="0 3 * * *", timezone="UTC")
    call = {"kind": "http", "url": "http://localhost/"}
    assert patched({"action": call})(old, E).action.kind == "http"
    with pytest.raises(BadDefinition):
        patched({"schedule": {"kind": "once"}})(old, E)


def test_what_a_patch_makes_is_judged_as_a_whole() -> None:
    with pytest.raises(BadDefinition) as refused:
        read_patched(stored_members(making.task(every(60))), {"name": None, "colour": 3})
    assert {error["loc"] for error in refused.value.error.errors()} == {("name",), ("colour",)}


@pytest.mark.parametrize(
    ("patch", "places"),
    [
        ({"descripton": None}, {("descripton",)}),
        (
            {"policy": {"retri": None, "retry": {"max_atempts": None}}},
            {("policy", "retri"), ("policy", "retry", "max_atempts")},
        ),
        ({"schedule": {"secnds": None}}, {("schedule", "every", "secnds")}),
        ({"action": {"mesage": None}, "tagz": ["a"]}, {("action", "log", "mesage"), ("tagz",)}),
        ({"schedule": {"kind": "every", "seconds": 5, "x": None}}, {("schedule", "every", "x")}),
    ],
)
def test_a_misspelt_member_is_refused_also_where_it_is_taken_away(
    patch: dict[str, Any], places: set[tuple[str, ...]]
) -> None:
    with pytest.raises(BadDefinition) as refused:
        read_patched(stored_members(making.task(every(60))), patch)
    assert {error["loc"] for error in refused.value.error.errors()} == places


def test_what_may_be_there_can_be_taken_away() -> None:
    old = making.task(every(60))
    patch = {"description": None, "policy": {"retry": {"factor": None}, "keep": None}, "schedule": {"timezone": None}}
    assert patched(patch)(old, E) == old, "a member of another kind of schedule as well"
    call = {"kind": "http", "url": "http://a/", "headers": {"X-A": None, "X-B": "b"}, "json": {"y": None}}
    assert read_patched(stored_members(old), {"action": call}).action.headers == {"X-B": "b"}  # type: ignore[union-attr]
    newer = {"kind": "every", "seconds": 5, "phase": 1}
    members = stored_members(old) | {"schedule": newer}
    assert read_patched(members, {"schedule": {"phase": None}}).schedule.kind == "every", "a newer version's is mended"


def test_a_broken_task_is_mended_by_a_patch_where_its_definition_is_an_object() -> None:
    text = (
        '{"name":"backup","schedule":{"kind":"lunar"},"action":{"kind":"log","message":"x"},"pause":null,"tags":["a"]}'
    )
    broken = Broken(
        id=TASK,
        revision=1,
        name="backup",
        field="schedule",
        reason="no such kind",
        definition=text,
        created_at=T0,
        created_by="ada",
        updated_at=T0,
    )
    patch = {"schedule": {"kind": "every", "seconds": 5}}
    assert patched(patch)(broken, E).schedule == Every(kind="every", seconds=5, anchor=at(5))
    with pytest.raises(NotPossible, match="Replace its definition"):
        patched(patch)(replace(broken, definition="[}"), E)


def test_an_instant_at_the_edge_is_past_by_the_millisecond() -> None:
    assert opened(Once(kind="once", at=E + MS), E) == Once(kind="once", at=E + MS)
