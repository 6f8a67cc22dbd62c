"""What an edit would do, asked before it is made, and held against the edit itself."""

from typing import Any

from horarium.core.outcome import Failed
from tests.integration.api.client import Answer
from tests.integration.api.drafts import CRON, EVERY
from tests.integration.api.house import House
from tests.integration.api.test_runs import RUNS, TASKS, UNKNOWN, task_of

PREVIEW = "/api/v1/schedules/preview"


async def previewed(house: House, schedule: dict[str, Any], **more: Any) -> Answer:
    return await house.of("viewer").post(PREVIEW, {"schedule": schedule, **more})


def clocks(*minutes: str) -> list[str]:
    """Minutes and seconds after noon of the day on which the house stands."""
    return [f"2027-03-01T12:{text}.000Z" for text in minutes]


def kinds(answer: Answer) -> list[str]:
    return [note["kind"] for note in answer.json["notes"]]


async def test_against_another_schedule_it_says_what_moves(house: House) -> None:
    answer = await previewed(house, {**CRON, "expression": "30 3 * * *"}, before=CRON, count=1)
    changes = answer.json["changes"]
    assert answer.json["sentence"] == "At 03:30, every day, Europe/Berlin"
    assert (changes["added"], changes["removed"], len(changes["moved"])) == ([], [], 30)
    assert changes["moved"][26] == {"from": "2027-03-28T01:00:00.000Z", "to": "2027-03-28T01:30:00.000Z"}
    assert (changes["through"], changes["truncated"]) == ("2027-03-31T21:59:59.999Z", False)
    assert answer.json["waiting"] is None


async def test_without_anything_to_compare_with_there_are_no_changes(house: House) -> None:
    answer = await previewed(house, CRON)
    assert (answer.json["changes"], answer.json["waiting"]) == (None, None)


async def test_a_run_that_waits_is_told_what_the_edit_then_does_to_it(house: House) -> None:
    for schedule, fate in (
        ({"kind": "cron", "expression": "5 13 * * *", "timezone": "UTC"}, "cancelled"),
        ({"kind": "every", "seconds": 30}, "kept"),
    ):
        house.clock.pass_by(600)
        task = await task_of(house, fate)
        house.clock.pass_by(60)
        await house.decide()
        answer = await previewed(house, schedule, task_id=task["id"])
        [waiting] = answer.json["waiting"]
        assert (waiting["becomes"], waiting["cause"]) == (fate, "schedule")
        await house.editor.patch(
            f"{TASKS}/{task['id']}",
            {"schedule": schedule},
            {"If-Match": '"1"', "Content-Type": "application/merge-patch+json"},
        )
        made = (await house.editor.get(f"{RUNS}/{waiting['run_id']}")).json
        assert made["due_at"] == waiting["due_at"]
        assert (made["state"], made["reason"]) == (
            ("cancelled", "edited") if fate == "cancelled" else ("waiting", None)
        )
        at = made["due_at"][11:16]
        assert waiting["text"] == (
            f"The run due Mon 1 Mar 2027, {at} is cancelled: the new schedule does not name its instant."
            if fate == "cancelled"
            else f"The run due Mon 1 Mar 2027, {at} goes on waiting and takes the new definition: "
            "the new schedule names its instant too."
        )


async def test_a_run_that_was_attempted_is_left_alone(house: House) -> None:
    task = await task_of(house, policy={"retry": {"max_attempts": 2}})
    asked = (await house.of("operator").post(f"{TASKS}/{task['id']}/run")).json
    answer = await previewed(house, CRON, task_id=task["id"])
    assert [(one["run_id"], one["becomes"], one["text"]) for one in answer.json["waiting"]] == [
        (
            asked["id"],
            "kept",
            "The run asked for Mon 1 Mar 2027, 13:00 goes on waiting and takes the new definition.",
        )
    ]
    [claim] = await house.claim()
    assert (await previewed(house, CRON, task_id=task["id"])).json["waiting"] == []
    await house.settle(claim, Failed(reason="error"))
    [again] = (await previewed(house, CRON, task_id=task["id"])).json["waiting"]
    assert (again["becomes"], again["text"]) == (
        "untouched",
        "The run asked for Mon 1 Mar 2027, 13:00 is left as it is, with the definition it was made with.",
    )


async def test_an_edit_keeps_the_anchor_and_starts_the_count_anew(house: House) -> None:
    task = await task_of(house, schedule={**EVERY, "max_occurrences": 5})
    for _ in range(2):
        house.clock.pass_by(60)
        await house.decide()
    same = await previewed(house, {**EVERY, "max_occurrences": 5}, task_id=task["id"], count=9)
    assert same.json["due"] == [f"2027-03-01T12:0{minute}:00.000Z" for minute in (3, 4, 5)]
    assert same.json["changes"]["added"] == same.json["changes"]["removed"] == []
    other = await previewed(house, {**EVERY, "max_occurrences": 6}, task_id=task["id"], count=9)
    assert len(other.json["due"]) == 6
    assert other.json["changes"]["added"] == [f"2027-03-01T12:0{minute}:00.000Z" for minute in (6, 7, 8)]
    later = await previewed(
        house, {**EVERY, "max_occurrences": 6}, task_id=task["id"], count=9, after="2027-03-01T12:04:00Z"
    )
    assert later.json["due"] == [f"2027-03-01T12:0{minute}:00.000Z" for minute in (5, 6, 7, 8)]
    assert later.json["changes"]["added"] == [f"2027-03-01T12:0{minute}:00.000Z" for minute in (6, 7, 8)]


async def test_a_crowded_minute_is_told_and_the_task_itself_does_not_count(house: House) -> None:
    tasks = [await task_of(house, f"task {number}") for number in range(20)]
    answer = await previewed(house, {**EVERY, "anchor": "2027-03-01T12:01:20Z"}, count=3)
    [note] = answer.json["notes"]
    assert note == {
        "kind": "crowded",
        "at": "2027-03-01T12:01:20.000Z",
        "text": "20 other tasks are due in the same minute, 12:01; a few minutes beside it there is more room.",
    }
    assert kinds(await previewed(house, EVERY, task_id=tasks[0]["id"])) == []


async def test_a_task_due_more_often_than_its_runs_take_is_told(house: House) -> None:
    task = await task_of(house)
    await house.of("operator").post(f"{TASKS}/{task['id']}/run")
    [claim] = await house.claim()
    house.clock.pass_by(90)
    await house.settle(claim)
    answer = await previewed(house, EVERY, task_id=task["id"])
    assert [(note["kind"], note["text"]) for note in answer.json["notes"]] == [
        ("tight", "A run usually takes 90 seconds, and the next is due after 1 minute.")
    ]
    assert kinds(await previewed(house, {**EVERY, "seconds": 120}, task_id=task["id"])) == []


async def test_what_cannot_be_compared_is_refused_at_its_place(house: House) -> None:
    unknown = await previewed(house, CRON, task_id=UNKNOWN)
    assert (unknown.status, unknown.json["type"]) == (404, "urn:horarium:not-found")
    task = await task_of(house)
    both = await previewed(house, CRON, task_id=task["id"], before=CRON)
    assert (both.status, both.pointers) == (422, ["/before"])
    wrong = await previewed(house, CRON, before={**CRON, "expression": "x"})
    assert wrong.pointers == ["/before/expression"]
    inner = {**CRON, "except": [{"kind": "dates", "dates": ["2027-02-30"]}]}
    assert (await previewed(house, CRON, before=inner)).pointers == ["/before/except/0/dates/0"]
    assert (await previewed(house, CRON, task_id="x")).pointers == ["/task_id"]
    await house.editor.delete(f"{TASKS}/{task['id']}", {"If-Match": '"1"'})
    assert (await previewed(house, CRON, task_id=task["id"])).status == 404


async def test_what_leaves_out_too_much_is_refused_where_it_stands(house: House) -> None:
    tens = {"kind": "cron", "expression": "*/10 * * * * *", "timezone": "UTC"}
    nothing = {**tens, "except": [tens]}
    assert (await previewed(house, nothing)).pointers == ["/schedule/except"]
    assert (await previewed(house, tens, before=nothing)).pointers == ["/before/except"]


async def test_what_is_past_stays_as_it_was(house: House) -> None:
    task = await task_of(house)
    house.clock.pass_by(600)
    await house.decide()
    answer = await previewed(house, {"kind": "every", "seconds": 30}, task_id=task["id"], after="2027-03-01T12:00:00Z")
    assert answer.json["changes"]["added"][0] == "2027-03-01T12:10:30.000Z"
    assert answer.json["changes"]["removed"] == []


async def test_skipped_and_moved_occurrences_are_part_of_what_is_compared(house: House) -> None:
    task = await task_of(house)
    address = f"{TASKS}/{task['id']}"
    for clock, body in (("12:02:00", {"skip": True}), ("12:03:00", {"move_to": "2027-03-01T12:03:20Z"})):
        answer = await house.of("operator").put(f"{address}/occurrences/2027-03-01T{clock}Z", body)
        assert answer.status == 200, answer.body
    same = await previewed(house, EVERY, task_id=task["id"], count=4)
    assert same.json["due"] == clocks("01:00", "03:20", "04:00", "05:00")
    assert same.json["changes"]["added"] == same.json["changes"]["removed"] == []
    # Both are named by this rule as well: they stay skipped and moved.
    named = {"kind": "every", "seconds": 30}
    seen = await previewed(house, named, task_id=task["id"], count=5)
    assert seen.json["due"] == clocks("00:30", "01:00", "01:30", "02:30", "03:20")
    assert seen.json["changes"]["added"][:3] == clocks("00:30", "01:30", "02:30")
    assert seen.json["changes"]["removed"] == []
    # Neither is by this one: the skip is forgotten, and so is the move.
    other = {"kind": "every", "seconds": 120, "anchor": "2027-03-01T12:02:30Z"}
    seen = await previewed(house, other, task_id=task["id"], count=3)
    assert seen.json["due"] == clocks("02:30", "04:30", "06:30")
    assert seen.json["changes"]["removed"][:4] == clocks("01:00", "03:20", "04:00", "05:00")
    await house.editor.patch(
        address, {"schedule": other}, {"If-Match": '"3"', "Content-Type": "application/merge-patch+json"}
    )
    assert (await house.editor.get(address + "/upcoming?count=3")).json["due"] == seen.json["due"]


async def test_the_days_of_a_calendar_are_those_it_holds_now(house: House) -> None:
    made = await house.editor.put("/api/v1/calendars/closed", {"days": ["2027-03-03"]})
    assert made.status == 201, made.body
    closed = {**CRON, "except": [{"kind": "calendar", "name": "closed"}]}
    seen = await previewed(house, closed, before=CRON, count=2)
    assert seen.json["sentence"] == 'At 02:30, every day, Europe/Berlin, except calendar "closed"'
    assert seen.json["due"] == ["2027-03-02T01:30:00.000Z", "2027-03-04T01:30:00.000Z"]
    assert [note["text"] for note in seen.json["notes"] if note["kind"] == "excluded"] == [
        'Wed 3 Mar 2027: 1 occurrence left out, calendar "closed".'
    ]
    assert seen.json["changes"]["removed"] == ["2027-03-03T01:30:00.000Z"]


async def test_a_calendar_that_is_not_there_is_refused(house: House) -> None:
    answer = await previewed(house, {**CRON, "except": [{"kind": "calendar", "name": "nowhere"}]})
    assert (answer.status, answer.pointers) == (422, ["/schedule/except/0/name"])
    other = await previewed(house, CRON, before={**CRON, "except": [{"kind": "calendar", "name": "nowhere"}]})
    assert (other.status, other.pointers) == (422, ["/before/except/0/name"])


async def test_intervals_inside_a_schedule_need_no_anchor(house: House) -> None:
    answer = await previewed(house, {"kind": "any_of", "schedules": [EVERY, {"kind": "every", "seconds": 90}]}, count=3)
    assert answer.json["due"] == clocks("01:00", "01:30", "02:00")
