"""Named calendars over HTTP: kept, changed, asked for and refused; and what tasks that use them answer."""

from typing import Any

import pytest

from horarium.control import calendar_controller
from tests.integration.api.drafts import LOG, draft
from tests.integration.api.house import House

API = "/api/v1"
OPS = API + "/calendars/ops"
LIST = {"kind": "calendar", "name": "ops"}


def daily(*except_: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Nine in the morning of the zone UTC; the house begins at noon of the first of March 2027."""
    schedule = {"kind": "cron", "expression": "0 9 * * *", "timezone": "UTC", "except": list(except_ or (LIST,))}
    return {"name": "report", "schedule": schedule, "action": LOG, **more}


async def test_a_calendar_is_made_replaced_read_and_deleted(house: House) -> None:
    body = {"days": ["2027-03-02", "2027-12-24/2027-12-26"], "description": "closed"}
    made = await house.editor.put(OPS, body)
    assert (made.status, made.json) == (
        201,
        {
            **body,
            "name": "ops",
            "version": 1,
            "updated_at": "2027-03-01T12:00:00.000Z",
            "updated_by": "editor",
            "deleted": False,
            "tasks_changed": 0,
            "tasks_to_come": 0,
        },
    )
    assert (await house.editor.put(OPS, body)).json["version"] == 1
    replaced = await house.admin.put(OPS, {"days": []})
    assert (replaced.status, replaced.json["version"], replaced.json["updated_by"]) == (200, 2, "admin")
    viewer = house.of("viewer")
    assert (await viewer.get(OPS)).json["days"] == []
    assert (await viewer.get(OPS + "?version=1")).json["days"] == body["days"]
    listed = (await viewer.get(API + "/calendars?total=true")).json
    assert (listed["total"], [(item["name"], item["entries"]) for item in listed["items"]]) == (1, [("ops", 0)])
    assert (await house.editor.delete(OPS)).status == 204
    assert (await house.editor.delete(OPS)).status == 404
    history = (await viewer.get(OPS + "/revisions")).json["items"]
    assert [(item["version"], item["entries"], item["deleted"]) for item in history] == [
        (3, 0, True),
        (2, 0, False),
        (1, 2, False),
    ]
    again = await house.editor.put(OPS, body)
    assert (again.status, again.json["version"]) == (201, 4)


async def test_who_may_do_what(house: House) -> None:
    for role in ("viewer", "operator"):
        assert (await house.of(role).put(OPS, {"days": []})).status == 403
        assert (await house.of(role).delete(OPS)).status == 403
        assert (await house.of(role).get(API + "/calendars")).status == 200
    assert (await house.nobody.get(API + "/calendars")).status == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"days": ["2027-03-02", "2027-02-30"]}, "/days/1"),
        ({"days": ["2027-03-02/2027-03-01"]}, "/days/0"),
        ({"days": ["tomorrow"]}, "/days/0"),
        ({"days": ["2027-03-02"] * 1_001}, "/days"),
        ({"days": [], "description": "x" * 10_001}, "/description"),
        ({"days": [20270302]}, "/days/0"),
        ({"dates": []}, "/days"),
    ],
)
async def test_what_is_wrong_is_pointed_at(house: House, body: dict[str, Any], pointer: str) -> None:
    refused = await house.editor.put(OPS, body)
    assert refused.status == 422
    assert pointer in refused.pointers
    assert (await house.editor.get(OPS)).status == 404


@pytest.mark.parametrize("name", ["%20ops", "a%0Ab", "x" * 201, "%2E%2E"])
async def test_names_are_like_those_of_tasks(house: House, name: str) -> None:
    refused = await house.editor.put(f"{API}/calendars/{name}", {"days": []})
    assert (refused.status, refused.pointers) == (422, ["/name"])


async def test_a_name_is_one_segment_of_an_address(house: House) -> None:
    assert (await house.editor.put(f"{API}/calendars/a%2Fb", {"days": []})).status == 404


async def test_unknown_ones_name_the_nearest(house: House) -> None:
    await house.editor.put(OPS, {"days": []})
    missing = await house.editor.get(API + "/calendars/opps")
    assert (missing.status, missing.json["nearest"]) == (404, "ops")
    assert (await house.editor.get(API + "/calendars/opps/revisions")).status == 404
    assert (await house.editor.get(OPS + "?version=2")).status == 404
    assert (await house.editor.get(OPS + "?version=0")).pointers == ["?version"]
    refused = await house.editor.post(API + "/tasks", daily({**LIST, "name": "opps"}))
    assert (refused.status, refused.pointers) == (422, ["/schedule/except/0/name"])
    assert refused.json["errors"][0]["remedy"] == 'did you mean "ops"?'
    batch = {"tasks": [draft("one"), daily(LIST, {**LIST, "name": "opps"})]}
    assert (await house.editor.post(API + "/tasks/batch", batch)).pointers == ["/tasks/1/schedule/except/1/name"]
    preview = {"schedule": daily({**LIST, "name": "opps"})["schedule"]}
    assert (await house.editor.post(API + "/schedules/preview", preview)).pointers == ["/schedule/except/0/name"]
    put = await house.editor.put(API + "/tasks/by-name/report", daily({**LIST, "name": "opps"}))
    assert put.pointers == ["/schedule/except/0/name"]


async def test_a_task_answers_with_the_version_and_without_the_days(house: House) -> None:
    await house.editor.put(OPS, {"days": ["2027-03-02"]})
    made = await house.editor.post(API + "/tasks", daily({**LIST, "version": 7, "days": ["2027-03-03"]}))
    shown = {**LIST, "timezone": None, "version": 1, "days": None}
    assert (made.status, made.json["schedule"]["except"]) == (201, [shown])
    assert made.json["next_due_at"] == "2027-03-03T09:00:00.000Z"
    path = API + "/tasks/" + made.json["id"]
    assert (await house.editor.get(path)).json["schedule"]["except"] == [shown]
    assert (await house.editor.get(API + "/tasks")).json["items"][0]["schedule"]["except"] == [shown]
    [revision] = (await house.editor.get(path + "/revisions")).json["items"]
    assert "days" not in revision["definition"]["schedule"]["except"][0]
    one = (await house.editor.get(path + "/revisions/1")).json["definition"]
    assert one["schedule"]["except"][0]["days"] == ["2027-03-02"]
    upcoming = (await house.editor.get(path + "/upcoming?count=1")).json["due"]
    previewed = (await house.editor.post(API + "/schedules/preview", {"schedule": daily()["schedule"]})).json["due"]
    assert upcoming == previewed[:1] == ["2027-03-03T09:00:00.000Z"]


async def test_what_a_task_answers_can_be_sent_back(house: House) -> None:
    await house.editor.put(OPS, {"days": ["2027-03-02"]})
    made = (await house.editor.post(API + "/tasks", daily())).json
    definition = {name: made[name] for name in ("name", "schedule", "action", "policy", "tags", "pool", "priority")}
    same = await house.editor.put(f"{API}/tasks/{made['id']}", definition, {"If-Match": "*"})
    assert (same.status, same.json["revision"]) == (200, 1)
    patched = await house.editor.patch(f"{API}/tasks/{made['id']}", {"description": "x"}, {"If-Match": "*"})
    assert (patched.json["revision"], patched.json["schedule"]["except"][0]["version"]) == (2, 1)


async def test_a_change_says_how_many_tasks_follow_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_controller, "REFRESH_BITE_MAX", 2)
    monkeypatch.setattr(calendar_controller, "REFRESH_BITES_MAX", 2)
    await house.editor.put(OPS, {"days": ["2027-03-02"]})
    for number in range(5):
        await house.editor.post(API + "/tasks", daily(name=f"report {number}"))
    changed = (await house.admin.put(OPS, {"days": ["2027-03-03"]})).json
    assert (changed["tasks_changed"], changed["tasks_to_come"], house.told.lists) == (4, 1, 1)
    rest = await house.store.refresh(10, house.clock.now())
    assert len(rest.altered) == 1
    [task, *_] = (await house.editor.get(API + "/tasks")).json["items"]
    assert (task["revision"], task["next_due_at"]) == (2, "2027-03-02T09:00:00.000Z")
    [newest, _] = (await house.editor.get(f"{API}/tasks/{task['id']}/revisions")).json["items"]
    assert (newest["what"], newest["by"]) == ("calendar ops", "admin")
    same = (await house.admin.put(OPS, {"days": ["2027-03-03"]})).json
    assert (same["tasks_changed"], same["tasks_to_come"], house.told.lists) == (0, 0, 1)


async def test_a_change_that_is_cut_short_is_told_to_the_engine(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(house.store, "refresh", broken)
    with pytest.raises(ZeroDivisionError):
        await house.editor.put(OPS, {"days": []})
    assert house.told.lists == 1


async def test_a_calendar_in_use_is_kept_and_a_lost_one_named_on_restore(house: House) -> None:
    await house.editor.put(OPS, {"days": ["2027-03-02"]})
    made = (await house.editor.post(API + "/tasks", daily())).json
    refused = await house.editor.delete(OPS)
    assert (refused.status, refused.json["type"]) == (409, "urn:horarium:conflict")
    assert '"report"' in refused.json["detail"]
    path = API + "/tasks/" + made["id"]
    assert (await house.editor.delete(path)).status == 204
    assert (await house.editor.delete(OPS)).status == 204
    lost = await house.editor.post(path + "/revisions/1/restore")
    assert lost.status == 409
    assert '"ops"' in lost.json["detail"]
    await house.editor.put(OPS, {"days": ["2027-03-03"]})
    restored = await house.editor.post(path + "/revisions/1/restore")
    assert (restored.status, restored.json["next_due_at"]) == (200, "2027-03-02T09:00:00.000Z")
