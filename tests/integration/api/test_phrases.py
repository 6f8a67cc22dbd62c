"""Words for a schedule: read by the server, said back, and refused where they are open."""

from typing import Any

import pytest

from tests.integration.api.house import House

API = "/api/v1"

PARSE = API + "/schedules/parse"


async def parsed(house: House, text: str, **more: Any) -> dict[str, Any]:
    answer = await house.of("viewer").post(PARSE, {"text": text, **more})
    assert answer.status == 200, answer.json
    read: dict[str, Any] = answer.json
    return read


async def test_a_phrase_is_a_schedule_a_sentence_and_what_was_assumed(house: House) -> None:
    read = await parsed(house, "every weekday at 9", timezone="America/New_York")
    assert read["schedule"]["kind"] == "cron"
    assert read["schedule"]["expression"] == "0 9 * * 1-5"
    assert read["schedule"]["timezone"] == "America/New_York"
    assert read["sentence"] == "At 09:00, Monday to Friday, America/New_York"
    assert any("24-hour" in note for note in read["notes"])


async def test_without_a_zone_it_is_that_of_the_installation(house: House) -> None:
    assert (await parsed(house, "every weekday at 9"))["schedule"]["timezone"] == "Europe/Berlin"


async def test_in_20_minutes_counts_from_the_clock_of_the_server(house: House) -> None:
    # The house's clock stands at 2027-03-01T12:00Z.
    assert (await parsed(house, "in 20 minutes"))["schedule"] == {
        "kind": "once",
        "at": "2027-03-01T12:20:00.000Z",
        "if_past": None,
        "starts_at": None,
        "ends_at": None,
        "max_occurrences": None,
        "jitter_seconds": 0,
        "except": [],
        "roll": "none",
    }


async def test_what_is_parsed_can_be_saved_and_says_the_same(house: House) -> None:
    for text in ("2nd Tuesday of the month 09:30 Berlin time except holidays", "every other Monday at 8", "@daily"):
        read = await parsed(house, text)
        draft = {"name": text, "schedule": read["schedule"], "action": {"kind": "log", "message": "x"}}
        made = await house.editor.post(API + "/tasks", draft)
        assert made.status == 201, made.json
        assert made.json["sentence"] == read["sentence"]
        again = await house.editor.get(f"{API}/tasks/{made.json['id']}")
        assert again.json["sentence"] == read["sentence"]
        assert (await parsed(house, read["sentence"]))["sentence"] == read["sentence"]


@pytest.mark.parametrize(
    ("text", "column", "word", "offers"),
    [
        ("every 2nd Tuesday", 7, "2nd Tuesday", ["the 2nd Tuesday of every month", "every other Tuesday"]),
        ("every day at 25:00", 14, "25:00", []),
        ("", 1, "", []),
    ],
)
async def test_what_cannot_be_read_is_pointed_at(
    house: House, text: str, column: int, word: str, offers: list[str]
) -> None:
    answer = await house.of("viewer").post(PARSE, {"text": text})
    assert (answer.status, answer.pointers) == (422, ["/text"])
    assert (answer.json["column"], answer.json["offers"]) == (column, offers)
    assert answer.json["word"] in (word, word.split(" ")[0])
    for offer in offers:
        await parsed(house, offer)


async def test_an_unknown_zone_is_refused_at_its_place(house: House) -> None:
    answer = await house.of("viewer").post(PARSE, {"text": "every day at 9", "timezone": "Mars"})
    assert (answer.status, answer.pointers) == (422, ["/timezone"])


async def test_a_sentence_follows_each_edit(house: House) -> None:
    draft = {"name": "a", "schedule": {"kind": "every", "seconds": 60}, "action": {"kind": "log", "message": "x"}}
    made = (await house.editor.post(API + "/tasks", draft)).json
    assert made["sentence"] == "Every minute, counted from 2027-03-01 12:01Z"
    address = f"{API}/tasks/{made['id']}"
    edit = {"schedule": {"kind": "cron", "expression": "30 2 * * *", "timezone": "UTC"}}
    edited = (await house.editor.patch(address, edit, {"If-Match": '"1"'})).json
    assert edited["sentence"] == "At 02:30, every day, UTC"
    back = (await house.editor.post(address + "/revisions/1/restore", None)).json
    assert back["sentence"] == made["sentence"]
    (listed,) = (await house.editor.get(API + "/tasks")).json["items"]
    assert listed["sentence"] == made["sentence"]


async def test_every_within_others_is_anchored_when_it_is_saved_and_stays_so(house: House) -> None:
    schedule = {"kind": "any_of", "schedules": [{"kind": "every", "seconds": 3600}, {"kind": "every", "seconds": 5400}]}
    draft = {"name": "a", "schedule": schedule, "action": {"kind": "log", "message": "x"}}
    made = (await house.editor.post(API + "/tasks", draft)).json
    anchors = [part["anchor"] for part in made["schedule"]["schedules"]]
    assert anchors == ["2027-03-01T13:00:00.000Z", "2027-03-01T13:30:00.000Z"]
    kept = (await house.editor.put(f"{API}/tasks/{made['id']}", draft, {"If-Match": '"1"'})).json
    assert [part["anchor"] for part in kept["schedule"]["schedules"]] == anchors
    assert kept["revision"] == 1
