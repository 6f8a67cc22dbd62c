"""Skipping and moving one occurrence over the API."""

from typing import Any

import pytest

from horarium.core.ids import TaskId, from_ulid
from tests.integration.api.client import Answer
from tests.integration.api.drafts import EVERY, draft
from tests.integration.api.house import House

TASKS = "/api/v1/tasks"


async def created(house: House, **more: Any) -> str:
    """Its address; due every minute from 12:01 on, the clock stands at 12:00."""
    answer = await house.editor.post(TASKS, draft("backup", schedule={**EVERY, **more}))
    assert answer.status == 201, answer.body
    return f"{TASKS}/{answer.json['id']}"


def at(clock: str) -> str:
    return f"2027-03-01T{clock}.000Z"


async def put(house: House, task: str, clock: str, body: Any, role: str = "operator") -> Answer:
    return await house.of(role).put(f"{task}/occurrences/2027-03-01T{clock}Z", body)


async def undo(house: House, task: str, clock: str) -> Answer:
    return await house.of("operator").delete(f"{task}/occurrences/2027-03-01T{clock}Z")


async def upcoming(house: House, task: str, query: str = "?count=3") -> Any:
    return (await house.of("viewer").get(f"{task}/upcoming{query}")).json


async def test_a_skipped_occurrence_is_answered_and_left_out_of_what_comes(house: House) -> None:
    task = await created(house)
    answer = await put(house, task, "12:02:00", {"skip": True})
    expected = {"due_at": at("12:02:00"), "skip": True, "move_to": None, "by": "operator", "at": at("12:00:00")}
    assert (answer.status, answer.json, answer.headers["etag"]) == (200, expected, '"2"')
    assert await upcoming(house, task) == {
        "due": [at("12:01:00"), at("12:03:00"), at("12:04:00")],
        "overrides": [expected],
    }
    history = (await house.editor.get(task + "/revisions")).json["items"]
    assert [(item["what"], item["by"]) for item in history] == [
        (f"skipped {at('12:02:00')}", "operator"),
        ("created", "editor"),
    ]
    assert history[0]["definition"] == history[1]["definition"]


async def test_a_list_says_that_the_next_one_is_skipped(house: House) -> None:
    task = await created(house)

    async def told() -> list[tuple[str, bool]]:
        listed = (await house.editor.get("/api/v1/tasks")).json["items"]
        return [(one["next_due_at"], one["is_next_skipped"]) for one in (*listed, (await house.editor.get(task)).json)]

    await put(house, task, "12:02:00", {"skip": True})
    assert await told() == [(at("12:01:00"), False)] * 2, "it is not the next yet"
    await put(house, task, "12:01:00", {"skip": True})
    assert await told() == [(at("12:01:00"), True)] * 2
    await put(house, task, "12:01:00", {"move_to": at("12:01:30")})
    assert await told() == [(at("12:01:30"), False)] * 2
    await put(house, task, "12:01:00", {"skip": True})
    house.clock.pass_by(60)
    await house.decide()
    assert await told() == [(at("12:02:00"), True)] * 2
    house.clock.pass_by(60)
    await house.decide()
    assert await told() == [(at("12:03:00"), False)] * 2


async def test_a_moved_occurrence_comes_when_it_was_moved_to(house: House) -> None:
    task = await created(house)
    answer = await put(house, task, "12:01:00", {"move_to": "2027-03-01T13:02:30+01:00"})
    assert (answer.status, answer.json["move_to"], answer.json["skip"]) == (200, at("12:02:30"), False)
    assert (await upcoming(house, task))["due"] == [at("12:02:00"), at("12:02:30"), at("12:03:00")]
    assert (await house.editor.get(task)).json["next_due_at"] == at("12:02:00")
    house.clock.pass_by(120)
    await house.decide()
    for claim in await house.claim():
        await house.settle(claim)
    house.clock.pass_by(30)
    (run,) = await house.decide()
    shown = (await house.editor.get(f"/api/v1/runs?task_id={task.rpartition('/')[2]}")).json["items"]
    assert [(item["due_at"], item["ready_at"]) for item in shown] == [
        (at("12:02:00"), at("12:02:00")),
        (at("12:01:00"), at("12:02:30")),
    ]
    assert run.task_id == TaskId(from_ulid(task.rpartition("/")[2]))
    assert await upcoming(house, task) == {
        "due": [at("12:03:00"), at("12:04:00"), at("12:05:00")],
        "overrides": [],
    }


async def test_the_skip_is_in_the_log_with_its_reason(house: House) -> None:
    task = await created(house)
    await put(house, task, "12:01:00", {"skip": True})
    house.clock.pass_by(60)
    assert await house.decide() == []
    (skip,) = (await house.editor.get("/api/v1/skips?reason=skipped_by_user")).json["items"]
    assert (skip["first_due_at"], skip["last_due_at"], skip["count"]) == (at("12:01:00"), at("12:01:00"), 1)
    books = (await house.editor.get(task)).json["books"]
    assert (books["decided"], books["runs"], books["skipped"]) == (1, 0, 1)


async def test_it_is_asked_again_and_undone(house: House) -> None:
    task = await created(house)
    assert (await put(house, task, "12:02:00", {"skip": True})).headers["etag"] == '"2"'
    assert (await put(house, task, "12:02:00", {"move_to": at("12:09:00")})).headers["etag"] == '"3"'
    assert (await put(house, task, "12:02:00", {"move_to": at("12:09:00")})).headers["etag"] == '"3"'
    assert house.told.changes >= 3, "the engine was told"
    assert ((await undo(house, task, "12:02:00")).status, (await undo(house, task, "12:02:00")).status) == (204, 404)
    assert (await upcoming(house, task))["due"] == [at("12:01:00"), at("12:02:00"), at("12:03:00")]


async def test_onto_another_instant_there_are_two(house: House) -> None:
    task = await created(house)
    assert (await put(house, task, "12:01:00", {"move_to": at("12:02:00")})).status == 200
    assert (await upcoming(house, task))["due"] == [at("12:02:00"), at("12:02:00"), at("12:03:00")]


async def test_what_is_decided_names_its_run_or_skip(house: House) -> None:
    task = await created(house)
    house.clock.pass_by(60)
    (run,) = await house.decide()
    house.clock.pass_by(60)
    await house.decide()
    first, second = (
        await put(house, task, "12:01:00", {"skip": True}),
        await put(house, task, "12:02:00", {"skip": True}),
    )
    assert (first.status, first.json["type"]) == (409, "urn:horarium:already-decided")
    assert from_ulid(first.json["run"]) == run.id
    assert "skip" not in first.json
    (skip,) = (await house.editor.get("/api/v1/skips")).json["items"]
    assert (second.status, second.json["skip"]) == (409, skip["id"])
    assert (await undo(house, task, "12:01:00")).status == 409


async def test_what_the_schedule_does_not_name_is_told_with_what_is_near(house: House) -> None:
    task = await created(house, max_occurrences=5)
    answer = await put(house, task, "12:02:20", {"skip": True})
    assert (answer.status, answer.json["nearest"]) == (404, at("12:02:00"))
    assert f"Near it are {at('12:02:00')} and {at('12:03:00')}." in answer.json["detail"]
    assert (await put(house, task, "12:06:00", {"skip": True})).status == 404, "five are allowed"
    assert (await undo(house, task, "12:02:20")).status == 404
    assert (await house.editor.get(task)).json["revision"] == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"skip": False}, ""),
        ({"skip": True, "move_to": "2027-03-01T13:00:00Z"}, ""),
        ({"skip": 1}, "/skip"),
        ({"move_to": "2027-03-01T12:00:00Z"}, "/move_to"),
        ({"move_to": "2027-03-01T13:00:00"}, "/move_to"),
        ({"moveto": "2027-03-01T13:00:00Z"}, "/moveto"),
    ],
)
async def test_what_is_asked_for_is_judged(house: House, body: Any, pointer: str) -> None:
    task = await created(house)
    answer = await put(house, task, "12:02:00", body)
    assert (answer.status, answer.pointers) == (422, [pointer])


@pytest.mark.parametrize("instant", ["tomorrow", "2027-03-01T12:02:00", "2027-13-01T12:02:00Z", "1969-01-01T00:00:00Z"])
async def test_the_instant_in_the_address_is_judged(house: House, instant: str) -> None:
    answer = await house.of("operator").put(f"{await created(house)}/occurrences/{instant}", {"skip": True})
    assert answer.status == 422
    assert "due_at in the address" in answer.json["detail"]


async def test_any_offset_names_the_same_occurrence(house: House) -> None:
    task = await created(house)
    answer = await house.of("operator").put(f"{task}/occurrences/2027-03-01T13:02:00%2B01:00", {"skip": True})
    assert answer.json["due_at"] == at("12:02:00")


async def test_there_is_nothing_to_skip_of_what_is_not_there(house: House) -> None:
    gone = await created(house)
    await house.editor.delete(gone)
    for task in (gone, f"{TASKS}/01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"):
        assert (await put(house, task, "12:02:00", {"skip": True})).status == 404
        assert (await undo(house, task, "12:02:00")).status == 404


async def test_what_was_moved_past_its_instant_is_not_undone(house: House) -> None:
    task = await created(house)
    await put(house, task, "12:01:00", {"move_to": at("12:30:00")})
    house.clock.pass_by(90)
    answer = await undo(house, task, "12:01:00")
    assert (answer.status, answer.json["type"]) == (409, "urn:horarium:conflict")
    assert "Skip it, or move it again" in answer.json["detail"]
    assert (await put(house, task, "12:01:00", {"skip": True})).status == 200
    assert (await house.editor.get(task)).json["next_due_at"] == at("12:01:30").replace(".000", ".001")


async def test_a_paused_task_shows_what_was_asked_for(house: House) -> None:
    task = await created(house)
    await put(house, task, "12:02:00", {"move_to": at("12:08:30")})
    await house.of("operator").post(f"{task}/pause", {"until": at("12:08:00")})
    assert (await upcoming(house, task, "?count=2"))["due"] == [at("12:08:00"), at("12:08:30")]
