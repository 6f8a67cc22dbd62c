"""Runs, skips and output over the API."""

from typing import Any

import pytest

from horarium.core.ids import RunId, from_ulid
from horarium.core.instants import to_ms
from horarium.core.outcome import Failed
from tests.integration.api.drafts import draft
from tests.integration.api.house import House

TASKS = "/api/v1/tasks"
RUNS = "/api/v1/runs"
UNKNOWN = "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"


async def task_of(house: House, name: str = "backup", **more: Any) -> dict[str, Any]:
    answer = await house.editor.post(TASKS, draft(name, **more))
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


async def started(house: House, name: str = "backup", **more: Any) -> dict[str, Any]:
    """A task whose run was asked for just now."""
    task = await task_of(house, name, **more)
    answer = await house.of("operator").post(f"{TASKS}/{task['id']}/run")
    assert answer.status == 202, answer.body
    run: dict[str, Any] = answer.json
    return run


async def test_run_now_answers_the_run_and_tells_the_engine(house: House) -> None:
    task = await task_of(house)
    answer = await house.of("operator").post(f"{TASKS}/{task['id']}/run")
    run = answer.json
    assert (answer.status, answer.headers["location"]) == (202, f"{RUNS}/{run['id']}")
    assert run == {
        "id": run["id"],
        "task_id": task["id"],
        "task_name": "backup",
        "task_revision": 1,
        "cause": "manual",
        "due_at": "2027-03-01T12:00:00.000Z",
        "ready_at": "2027-03-01T12:00:00.000Z",
        "started_at": None,
        "ended_at": None,
        "state": "waiting",
        "reason": None,
        "attempt": 0,
        "max_attempts": 1,
        "pool": "default",
        "priority": 0,
        "worker": None,
        "exit_status": None,
        "http_status": None,
        "detail": None,
        "lateness_ms": None,
        "duration_ms": None,
        "usual_ms": None,
        "retry_of": None,
        "cancel_reason": None,
        "created_by": "operator",
    }
    assert [run_.id for run_ in house.told.ready] == [from_ulid(run["id"])]
    assert (await house.of("viewer").get(f"{RUNS}/{run['id']}")).json == run


async def test_overlap_names_the_holder_unless_it_is_allowed(house: House) -> None:
    run = await started(house)
    address = f"{TASKS}/{run['task_id']}/run"
    refused = await house.of("operator").post(address)
    assert (refused.status, refused.json["holder"], refused.json["type"]) == (
        409,
        run["id"],
        "urn:horarium:run-is-open",
    )
    assert run["id"] in refused.json["detail"]
    assert (await house.of("operator").post(address + "?overlap=allow")).status == 202
    assert (await house.of("operator").post(address + "?overlap=queue")).pointers == ["?overlap"]


async def test_cancelling_and_running_again(house: House) -> None:
    run = await started(house)
    operator = house.of("operator")
    early = await operator.post(f"{RUNS}/{run['id']}/retry")
    assert early.status == 409
    cancelled = await operator.post(f"{RUNS}/{run['id']}/cancel")
    assert (cancelled.status, cancelled.json["state"], cancelled.json["reason"]) == (
        200,
        "cancelled",
        "cancelled_by_user",
    )
    assert (await operator.post(f"{RUNS}/{run['id']}/cancel")).status == 409
    house.clock.pass_by(9)
    again = await operator.post(f"{RUNS}/{run['id']}/retry")
    assert (again.status, again.headers["location"]) == (202, f"{RUNS}/{again.json['id']}")
    assert (again.json["cause"], again.json["retry_of"], again.json["due_at"]) == ("retry", run["id"], run["due_at"])
    asked_at = int.from_bytes(from_ulid(again.json["id"])[:6], "big")
    assert asked_at == to_ms(house.clock.now()), (
        "it stands in the log where somebody asked for it, and is kept from there"
    )
    assert (await operator.post(f"{RUNS}/{run['id']}/retry")).json["holder"] == again.json["id"]
    assert (await operator.post(f"{RUNS}/{run['id']}/retry?overlap=allow")).status == 202


async def test_a_running_run_is_asked_to_stop(house: House) -> None:
    run = await started(house)
    await house.claim()
    asked = await house.of("operator").post(f"{RUNS}/{run['id']}/cancel")
    assert (asked.json["state"], asked.json["cancel_reason"], asked.json["worker"]) == (
        "running",
        "cancelled_by_user",
        "ada",
    )
    assert [run_.id for run_ in house.told.stopped] == [from_ulid(run["id"])]


async def test_a_run_of_an_occurrence_knows_its_lateness(house: House) -> None:
    await task_of(house)
    house.clock.pass_by(60.25)
    await house.decide()
    house.clock.pass_by(0.5)
    (claim,) = await house.claim()
    house.clock.pass_by(2)
    await house.settle(claim, Failed(reason="exit_status", exit_status=3, detail="no space"))
    (run,) = (await house.editor.get(RUNS)).json["items"]
    assert (run["lateness_ms"], run["duration_ms"], run["exit_status"], run["detail"]) == (750, 2_000, 3, "no space")
    assert (run["state"], run["reason"], run["cause"]) == ("failed", "exit_status", "schedule")


async def test_attempts_are_listed_in_order(house: House) -> None:
    run = await started(house, policy={"retry": {"max_attempts": 2, "first_delay_seconds": 0}})
    for _ in range(2):
        (claim,) = await house.claim()
        house.clock.pass_by(1)
        await house.settle(claim, Failed(reason="error", detail="no route"))
    page = (await house.editor.get(f"{RUNS}/{run['id']}/attempts?total=true")).json
    assert [(item["attempt"], item["outcome"], item["duration_ms"]) for item in page["items"]] == [
        (1, "failed", 1_000),
        (2, "failed", 1_000),
    ]
    assert (page["total"], page["next_cursor"]) == (2, None)
    first = (await house.editor.get(f"{RUNS}/{run['id']}/attempts?limit=1")).json
    second = (await house.editor.get(f"{RUNS}/{run['id']}/attempts?limit=1&cursor={first['next_cursor']}")).json
    assert [item["attempt"] for item in (*first["items"], *second["items"])] == [1, 2]
    assert (await house.editor.get(f"{RUNS}/{run['id']}/attempts?cursor=x")).status == 422


async def test_the_log_shows_runs_and_skips_in_one_order(house: House) -> None:
    task = await task_of(house)
    for _ in range(3):
        house.clock.pass_by(60)
        await house.decide()
    page = (await house.of("viewer").get(RUNS + "?with=skips&limit=1")).json
    assert [(item["record"], item["reason"], item["count"]) for item in page["items"]] == [("skip", "overlap", 2)]
    rest = (await house.editor.get(f"{RUNS}?with=skips&cursor={page['next_cursor']}")).json
    assert [(item["record"], item["due_at"]) for item in rest["items"]] == [("run", "2027-03-01T12:01:00.000Z")]
    only = (
        await house.editor.get(f"{RUNS}?task_id={task['id']}&state=waiting&cause=schedule&pool=default&total=true")
    ).json
    assert (len(only["items"]), only["total"], "record" in only["items"][0]) == (1, 1, False)
    skips = (await house.editor.get(f"/api/v1/skips?task_id={task['id']}&reason=overlap&total=true")).json
    assert [(skip["count"], skip["first_due_at"], skip["last_due_at"]) for skip in skips["items"]] == [
        (2, "2027-03-01T12:02:00.000Z", "2027-03-01T12:03:00.000Z")
    ]
    assert (await house.editor.get(RUNS + "?from=2027-03-01T12:02:00Z")).json["items"] == []
    assert len((await house.editor.get(RUNS + "?from=2027-03-01T12:01:00Z&to=2027-03-01T12:01:01Z")).json["items"]) == 1
    assert (await house.editor.get(RUNS + "?with=everything")).pointers == ["?with"]
    assert (await house.editor.get(RUNS + "?task_id=x")).pointers == ["?task_id"]
    assert (await house.editor.get(RUNS + "?cause=tea")).pointers == ["?cause"]


async def test_output_is_followed_to_its_end(house: House) -> None:
    run = await started(house)
    address = f"{RUNS}/{run['id']}/output"
    assert (await house.editor.get(address)).json == {
        "size": 0,
        "ended": False,
        "dropped": None,
        "next_offset": 0,
        "chunks": [],
    }
    (claim,) = await house.claim()
    await house.writes(claim.run.id, 1, b"one\ntw\xc3", b"\xb6\nthree\xff")
    seen = (await house.of("viewer").get(address)).json
    assert next((chunk["offset"], chunk["first_line"], chunk["text"]) for chunk in seen["chunks"]) == (0, 1, "one\ntw")
    assert "".join(chunk["text"] for chunk in seen["chunks"]) == "one\ntwö\nthree\ufffd"
    assert (seen["size"], seen["next_offset"], seen["ended"]) == (15, 15, False)
    await house.settle(claim)
    assert (await house.editor.get(f"{address}?offset=15")).json["ended"] is True
    tail = (await house.editor.get(f"{address}?offset=-6&limit=3")).json
    assert (tail["chunks"][0]["text"], tail["next_offset"]) == ("thr", 12)
    assert (await house.editor.get(f"{address}?attempt=1&offset=99")).json["next_offset"] == 15
    assert (await house.editor.get(f"{address}?attempt=2")).status == 404
    for query in ("attempt=0", "limit=0", "limit=262145", "offset=x"):
        assert (await house.editor.get(f"{address}?{query}")).pointers == [f"?{query.partition('=')[0]}"]


async def test_output_as_raw_bytes_with_ranges(house: House) -> None:
    run = await started(house)
    (claim,) = await house.claim()
    await house.writes(RunId(from_ulid(run["id"])), 1, b"0123", b"456\xff89")
    await house.settle(claim)
    address, text = f"{RUNS}/{run['id']}/output", {"Accept": "text/plain"}
    whole = await house.editor.get(address, text)
    assert (whole.status, whole.body) == (200, b"0123456\xff89")
    assert whole.headers["content-type"] == "text/plain; charset=utf-8"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-disposition"] == f'attachment; filename="{run["id"]}.txt"'
    assert whole.headers["accept-ranges"] == "bytes"
    part = await house.editor.get(address, {**text, "Range": "bytes=3-4"})
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"34", "bytes 3-4/10")
    assert (await house.editor.get(address, {**text, "Range": "bytes=-2"})).body == b"89"
    beyond = await house.editor.get(address, {**text, "Range": "bytes=10-"})
    assert (beyond.status, beyond.headers["content-range"]) == (416, "bytes */10")
    assert (await house.editor.get(address, {"Accept": "text/plain, application/json"})).headers[
        "content-type"
    ] == "application/json"
    none = await house.nobody.get(address, text)
    assert none.status == 401, "a download is guarded like everything else"


@pytest.mark.parametrize("suffix", ["", "/attempts", "/output"])
async def test_an_unknown_run_is_not_found(house: House, suffix: str) -> None:
    assert (await house.editor.get(f"{RUNS}/{UNKNOWN}{suffix}")).status == 404


@pytest.mark.parametrize("suffix", ["/cancel", "/retry"])
async def test_nothing_is_done_to_an_unknown_run(house: House, suffix: str) -> None:
    assert (await house.editor.post(f"{RUNS}/{UNKNOWN}{suffix}")).status == 404
