"""What is due of all tasks: the same instants that each task names by itself, in one order, in bounded time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from horarium.control import upcoming
from tests.integration.api.drafts import draft
from tests.integration.api.house import START, House

TASKS = "/api/v1/tasks"
NOW = "2027-03-01T12:00:00.000Z"


def cron(expression: str, **more: Any) -> dict[str, Any]:
    return {"kind": "cron", "expression": expression, "timezone": "UTC", **more}


async def made(house: House, name: str, schedule: dict[str, Any]) -> str:
    answer = await house.editor.post(TASKS, {**draft(name), "schedule": schedule})
    assert answer.status == 201, answer.json
    task: str = answer.json["id"]
    return task


async def agenda(house: House, query: str = "") -> dict[str, Any]:
    answer = await house.of("viewer").get(f"/api/v1/upcoming?{query}")
    assert answer.status == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def told(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(item["task_name"], item["at"][5:16], item["count"], item["every_seconds"]) for item in items]


async def test_all_tasks_stand_in_one_order(house: House) -> None:
    nightly = await made(house, "nightly", cron("30 2 * * *"))
    await made(house, "thrice", cron("*/20 13 * * *"))
    await made(house, "weekly", cron("0 9 * * 0"))
    found = await agenda(house)
    assert (found["from"], found["to"]) == (NOW, "2027-03-02T12:00:00.000Z")
    assert (found["next_from"], found["more"], found["truncated"]) == (None, 0, False)
    assert told(found["items"]) == [
        ("thrice", "03-01T13:00", 1, None),
        ("thrice", "03-01T13:20", 1, None),
        ("thrice", "03-01T13:40", 1, None),
        ("nightly", "03-02T02:30", 1, None),
    ]
    assert found["items"][3] == {
        "task_id": nightly,
        "task_name": "nightly",
        "becomes": "run",
        "due_at": "2027-03-02T02:30:00.000Z",
        "at": "2027-03-02T02:30:00.000Z",
        "last_at": "2027-03-02T02:30:00.000Z",
        "count": 1,
        "every_seconds": None,
        "notes": [],
    }
    assert found["left_out"] == {"paused": 0, "ended": 0, "broken": 0}


async def test_dense_tasks_are_one_entry_an_hour(house: House) -> None:
    await made(house, "minutely", cron("* * * * *"))
    await made(house, "secondly", {"kind": "every", "seconds": 1, "anchor": "2027-03-01T00:00:00Z"})
    await made(house, "odd", cron("0,7,8,50 13 * * *"))
    found = await agenda(house, "from=2027-03-01T12:58:30Z&to=2027-03-01T14:00:00Z")
    assert told(found["items"]) == [
        ("secondly", "03-01T12:58", 90, 1.0),
        ("minutely", "03-01T12:59", 1, None),
        ("minutely", "03-01T13:00", 60, 60.0),
        ("odd", "03-01T13:00", 4, None),
        ("secondly", "03-01T13:00", 3_600, 1.0),
    ]
    assert found["items"][0]["last_at"] == "2027-03-01T12:59:59.000Z"
    assert found["items"][4]["last_at"] == "2027-03-01T13:59:59.000Z"


async def test_skipped_and_moved_occurrences_are_shown_as_what_they_are(house: House) -> None:
    task = await made(house, "hourly", cron("0 * * * *"))
    places = {hour: f"{TASKS}/{task}/occurrences/2027-03-01T{hour}:00:00Z" for hour in (13, 14)}
    assert (await house.editor.put(places[13], {"skip": True})).status == 200
    assert (await house.editor.put(places[14], {"move_to": "2027-03-01T15:30:00Z"})).status == 200
    found = await agenda(house, "to=2027-03-01T16:30:00Z")
    assert [(item["becomes"], item["due_at"][11:16], item["at"][11:16]) for item in found["items"]] == [
        ("skipped", "13:00", "13:00"),
        ("run", "15:00", "15:00"),
        ("moved", "14:00", "15:30"),
        ("run", "16:00", "16:00"),
    ]


async def test_what_clocks_and_closed_days_did_is_said_of_each(house: House) -> None:
    """In Berlin the clock skips 02:00 to 03:00 on Sunday 28 March 2027 and shows that hour twice on Sunday 31 October."""
    berlin = {"timezone": "Europe/Berlin"}
    closed = [{"kind": "weekdays", "days": ["saturday", "sunday"]}]
    await made(house, "gap", cron("30 2 * * *", **berlin))
    await made(house, "left out", cron("45 2 * * *", **berlin, dst_gap="skip"))
    await made(house, "fold", cron("30 2 31 10 *", **berlin))
    await made(house, "dense", cron("5,10,15,20,25 2,3 * * *", **berlin))
    await made(house, "rolled", cron("0 9 28 * *", **berlin, **{"except": closed}, roll="forward"))
    await made(house, "plain", cron("0 1 * * *"))

    def said(found: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
        shown = [item for item in found["items"] if item["notes"]]
        return [
            (item["task_name"], item["at"][:16], [f"{note['kind']} {note['at'][11:16]}" for note in item["notes"]])
            for item in shown
        ]

    spring = await agenda(house, "from=2027-03-27T12:00:00Z&to=2027-03-29T12:00:00Z")
    assert said(spring) == [
        ("dense", "2027-03-28T01:00", ["merged 01:00"]),
        ("gap", "2027-03-28T01:00", ["moved 01:00"]),
        ("rolled", "2027-03-29T07:00", ["rolled 07:00"]),
    ]
    [rolled] = [item for item in spring["items"] if item["task_name"] == "rolled"]
    assert rolled["notes"][0]["text"] == "Mon 29 Mar 2027: moved from Sun 28 Mar, a Sunday."
    # The first pass comes before the change, and before all else that is due.
    autumn = await agenda(house, "from=2027-10-31T00:20:00Z&to=2027-10-31T00:40:00Z")
    assert said(autumn) == [
        ("fold", "2027-10-31T00:30", ["repeated 00:30"]),
        ("gap", "2027-10-31T00:30", ["repeated 00:30"]),
    ]


async def test_marks_take_a_bounded_time_and_nothing_is_missing_without(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upcoming, "MARKING_SECONDS_MAX", -1.0)
    await made(house, "gap", cron("30 2 * * *", timezone="Europe/Berlin"))
    found = await agenda(house, "from=2027-03-27T12:00:00Z&to=2027-03-28T12:00:00Z")
    assert [(item["at"], item["notes"]) for item in found["items"]] == [("2027-03-28T01:00:00.000Z", [])]


async def test_what_is_not_there_is_counted_by_its_reason(house: House) -> None:
    paused = await made(house, "paused", cron("0 * * * *"))
    await house.editor.post(f"{TASKS}/{paused}/pause")
    until = await made(house, "until", cron("0 * * * *"))
    await house.editor.post(f"{TASKS}/{until}/pause", {"until": "2027-03-01T14:00:00Z"})
    await made(house, "ended", cron("0 * * * *", ends_at="2027-03-01T12:30:00Z"))
    found = await agenda(house, "to=2027-03-01T16:00:00Z")
    assert told(found["items"]) == [("until", "03-01T14:00", 1, None), ("until", "03-01T15:00", 1, None)]
    assert found["left_out"] == {"paused": 2, "ended": 1, "broken": 0}


async def test_a_maximum_ends_what_is_shown(house: House) -> None:
    await made(house, "five", cron("* * * * *", max_occurrences=5))
    await made(house, "sixty-five", cron("* * * * *", max_occurrences=65))
    found = await agenda(house)
    assert told(found["items"]) == [
        ("five", "03-01T12:01", 5, 60.0),
        ("sixty-five", "03-01T12:01", 59, 60.0),
        ("sixty-five", "03-01T13:00", 6, 60.0),
    ]


async def test_each_task_names_the_same_instants_by_itself(house: House) -> None:
    """Whatever the schedules: unfolded, the agenda is what the single routes answer."""
    schedules = [
        cron("*/7 * * * *"),
        cron("13 */5 * * *", max_occurrences=3),
        cron("*/11 9-14 * * *", except_=None),
        {"kind": "every", "seconds": 777},
        {
            "kind": "rrule",
            "rule": "FREQ=HOURLY;INTERVAL=3;BYMINUTE=5,50",
            "start": "2027-01-01",
            "timezone": "Asia/Kolkata",
        },
        cron("30 1,2,3 * * *", timezone="America/New_York"),
        {"kind": "any_of", "schedules": [cron("0 * * * *"), {"kind": "every", "seconds": 5_000}]},
    ]
    expected: list[tuple[str, str]] = []
    for n, schedule in enumerate(schedules):
        schedule.pop("except_", None)
        task = await made(house, f"task {n}", schedule)
        dues = (await house.editor.get(f"{TASKS}/{task}/upcoming?count=1000")).json["due"]
        expected += [(due, f"task {n}") for due in dues if due < "2027-03-03T12:00:00.000Z"]
    found: list[tuple[str, str, int]] = []
    query = "from=2027-03-01T12:00:00Z"
    for _ in range(100):
        page = await agenda(house, f"{query}&to=2027-03-03T12:00:00Z&limit=25")
        assert len(page["items"]) <= 25
        found += [(item["at"], item["task_name"], item["count"]) for item in page["items"]]
        if page["next_from"] is None:
            break
        query = f"from={page['next_from']}"
    assert sorted(found) == found, "in one order, over all pages"
    assert sum(count for _, _, count in found) == len(expected)
    for hour in {at[:13] for at, _ in expected}:
        for name in {name for _, name in expected}:
            alone = [at for at, whose in expected if whose == name and at[:13] == hour]
            shown = [(at, count) for at, whose, count in found if whose == name and at[:13] == hour]
            assert sum(count for _, count in shown) == len(alone)
            assert [at for at, _ in shown] == (alone if len(alone) < 4 else alone[:1])


async def test_an_hour_with_more_than_the_limit_says_how_many_more(house: House) -> None:
    batch = [{**draft(f"task {n:03}"), "schedule": cron("0 14 * * *")} for n in range(30)]
    await house.editor.post(TASKS + "/batch", {"tasks": batch})
    await made(house, "before", cron("30 12 * * *"))
    first = await agenda(house, "limit=10")
    assert (told(first["items"]), first["next_from"]) == (
        [("before", "03-01T12:30", 1, None)],
        "2027-03-01T14:00:00.000Z",
    )
    then = await agenda(house, "from=2027-03-01T14:00:00Z&to=2027-03-01T18:00:00Z&limit=10")
    assert [item["task_name"] for item in then["items"]] == [f"task {n:03}" for n in range(10)]
    assert (then["more"], then["next_from"], then["truncated"]) == (20, "2027-03-01T15:00:00.000Z", False)


async def test_the_tasks_due_first_are_looked_at_and_the_rest_is_owned_up_to(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upcoming, "TASKS_MAX", 3)
    for n in range(5):
        await made(house, f"task {n}", cron(f"{n} 13 * * *"))
    found = await agenda(house)
    assert [item["task_name"] for item in found["items"]] == ["task 0", "task 1", "task 2"]
    assert (found["next_from"], found["truncated"]) == ("2027-03-01T13:03:00.000Z", False)
    later = await agenda(house, "from=2027-03-01T14:00:00Z")
    assert later["truncated"] is True


async def test_it_stops_in_time_with_what_it_has(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcoming, "BITE_MAX", 2)
    monkeypatch.setattr(upcoming, "LINES_MAX", 6)
    for n in range(4):
        await made(house, f"task {n}", cron(f"{n} * * * *"))
    found = await agenda(house)
    assert [item["at"][11:16] for item in found["items"]] == ["12:01", "12:02", "12:03"]
    assert (found["next_from"], found["truncated"]) == ("2027-03-01T13:00:00.000Z", False), "that hour is complete"
    monkeypatch.setattr(upcoming, "LINES_MAX", 2)
    cut = await agenda(house, "from=2027-03-01T13:00:00Z")
    assert [item["at"][11:16] for item in cut["items"]] == ["13:00", "13:01"]
    assert (cut["next_from"], cut["truncated"]) == ("2027-03-01T14:00:00.000Z", True)


async def test_a_stretch_is_judged(house: House) -> None:
    for query, pointer in (
        ("to=2027-03-01T12:00:00Z", "?to"),
        ("from=2027-03-02T12:00:00Z&to=2027-03-01T12:00:00Z", "?to"),
        ("to=2028-03-03T12:00:00Z", "?to"),
        ("from=yesterday", "?from"),
        ("limit=1001", "?limit"),
        ("count=3", "?count"),
    ):
        answer = await house.of("viewer").get(f"/api/v1/upcoming?{query}")
        assert (answer.status, answer.pointers) == (422, [pointer]), query
    last = await agenda(house, "from=9999-12-31T23:00:00Z")
    assert last["to"] > last["from"]
    assert datetime.fromisoformat(last["from"]) - START > timedelta(days=1)
    assert START.tzinfo is UTC
