"""One wish for many tasks: exactly those that are meant, each by itself, and what is refused is said."""

from typing import Any

import pytest

from horarium.control.bulk import BULK_MAX
from horarium.core.ids import TaskId, from_ulid
from tests.integration.api.drafts import draft
from tests.integration.api.house import House
from tests.integration.api.listener import Listener

TASKS = "/api/v1/tasks"
BULK = "/api/v1/tasks/bulk"
NOWHERE = "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"


async def tasks(house: House, count: int, tag: str = "x") -> list[str]:
    batch = [{**draft(f"{tag} {n:05}"), "tags": [tag]} for n in range(count)]
    ids: list[str] = []
    for start in range(0, count, 1_000):
        made = await house.editor.post(TASKS + "/batch", {"tasks": batch[start : start + 1_000]})
        assert made.status == 201
        ids += [item["id"] for item in made.json["items"]]
    return ids


async def total(house: House, query: str) -> int:
    found: int = (await house.editor.get(f"{TASKS}?total=true&{query}")).json["total"]
    return found


async def test_tasks_named_by_their_ids_are_run(house: House) -> None:
    ids = await tasks(house, 3)
    answer = await house.of("operator").post(BULK, {"action": "run", "ids": ids[:2]})
    assert (answer.status, answer.json) == (
        200,
        {"action": "run", "count": 2, "done": 2, "untried": 0, "refused": []},
    )
    runs = (await house.editor.get("/api/v1/runs")).json["items"]
    assert {(run["task_id"], run["cause"], run["created_by"]) for run in runs} == {
        (task, "manual", "operator") for task in ids[:2]
    }
    assert {run.id for run in house.told.ready} == {run.id for run in [claim.run for claim in await house.claim()]}


async def test_what_one_task_refuses_is_said_and_the_others_are_done(house: House) -> None:
    ids = await tasks(house, 3)
    await house.editor.post(f"{TASKS}/{ids[0]}/run")
    await house.editor.delete(f"{TASKS}/{ids[1]}")
    alone = {task: (await house.editor.post(f"{TASKS}/{task}/run")).json for task in (ids[0], ids[1], NOWHERE)}
    answer = (await house.editor.post(BULK, {"action": "run", "ids": [*ids, NOWHERE], "expected_count": 4})).json
    assert (answer["count"], answer["done"]) == (4, 1)
    assert answer["refused"] == [
        {"id": task, "type": alone[task]["type"], "detail": alone[task]["detail"]} for task in (ids[0], ids[1], NOWHERE)
    ]


async def test_a_filter_means_what_the_list_with_the_same_words_shows(house: House) -> None:
    ids = await tasks(house, 45, "ops")
    await tasks(house, 30, "other")
    wanted = {"tag": ["ops"], "words": "ops 0000"}
    assert await total(house, "tag=ops&words=ops+0000") == 10
    wish = {
        "action": "pause",
        "filter": wanted,
        "expected_count": 10,
        "until": "2027-04-01T00:00:00Z",
        "reason": "moving",
    }
    assert (await house.of("operator").post(BULK, wish)).json["done"] == 10
    paused = (await house.editor.get(TASKS + "?state=paused&limit=100")).json["items"]
    assert [task["id"] for task in paused] == ids[:10]
    assert {(task["pause"]["until"], task["pause"]["reason"]) for task in paused} == {
        ("2027-04-01T00:00:00.000Z", "moving")
    }
    back = {"action": "resume", "filter": {"state": ["paused"]}, "expected_count": 10, "catch_up": True}
    assert (await house.of("operator").post(BULK, back)).json["done"] == 10
    assert await total(house, "state=paused") == 0


async def test_another_number_than_the_one_seen_does_nothing(house: House) -> None:
    ids = await tasks(house, 3)
    for expected in (2, 4):
        for named in ({"filter": {"tag": ["x"]}}, {"ids": ids}):
            answer = await house.editor.post(BULK, {"action": "delete", "expected_count": expected, **named})
            assert (answer.status, answer.json["type"], answer.json["count"]) == (409, "urn:horarium:count-changed", 3)
    assert await total(house, "") == 3


async def test_deleting_needs_an_editor(house: House) -> None:
    ids = await tasks(house, 2)
    for role, status, left in (("viewer", 403, 2), ("operator", 403, 2), ("editor", 200, 0)):
        answer = await house.of(role).post(BULK, {"action": "delete", "ids": ids})
        assert (answer.status, await total(house, "")) == (status, left)
    again = (await house.editor.post(BULK, {"action": "delete", "ids": ids})).json
    assert (again["done"], [no["type"] for no in again["refused"]]) == (0, ["urn:horarium:not-found"] * 2)


async def test_thousands_are_done_and_no_more_than_there_may_be(house: House) -> None:
    ids = await tasks(house, 1_500)
    async with Listener(house.of("viewer"), "tasks") as ear:
        await ear.event()
        answer = (await house.editor.post(BULK, {"action": "pause", "filter": {}, "expected_count": 1_500})).json
        assert (answer["done"], answer["refused"]) == (1_500, [])
        assert await total(house, "state=paused") == 1_500
        assert (await ear.event()).name == "tasks"
    too_many = [f"{n:026d}" for n in range(BULK_MAX + 1)]
    assert (await house.editor.post(BULK, {"action": "run", "ids": too_many})).pointers == ["/ids"]
    task = await house.store.task(TaskId(from_ulid(ids[0])))
    assert task is not None
    assert task.revision == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"action": "run"}, ""),
        ({"action": "run", "ids": [NOWHERE], "filter": {}, "expected_count": 1}, ""),
        ({"action": "run", "ids": []}, "/ids"),
        ({"action": "run", "ids": [NOWHERE, NOWHERE.lower()]}, "/ids"),
        ({"action": "run", "ids": ["x"]}, "/ids/0"),
        ({"action": "run", "filter": {}}, "/expected_count"),
        ({"action": "run", "filter": {"tags": ["x"]}, "expected_count": 1}, "/filter/tags"),
        ({"action": "run", "filter": {"state": ["odd"]}, "expected_count": 1}, "/filter/state/0"),
        ({"action": "stop", "ids": [NOWHERE]}, "/action"),
        ({"action": "run", "ids": [NOWHERE], "reason": "x"}, "/reason"),
        ({"action": "pause", "ids": [NOWHERE], "catch_up": True}, "/catch_up"),
        ({"action": "pause", "ids": [NOWHERE], "until": "2027-03-01T11:00:00Z"}, "/until"),
        ({"action": "pause", "ids": [NOWHERE], "reason": "x" * 501}, "/reason"),
    ],
)
async def test_a_wish_is_judged_before_anything_is_done(house: House, body: dict[str, Any], pointer: str) -> None:
    answer = await house.editor.post(BULK, body)
    assert (answer.status, answer.pointers) == (422, [pointer])
