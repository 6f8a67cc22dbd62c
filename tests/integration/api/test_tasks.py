"""Tasks over the API: creating, reading, changing, deleting, and what is refused on the way."""

import json
from typing import Any

import pytest

from horarium.api.kept_pages import KeptPages
from horarium.caches.memory import MemoryCache
from horarium.core.ids import TaskId, from_ulid
from tests.conformance.store.stores import transactor_of
from tests.integration.api.client import Answer
from tests.integration.api.drafts import CRON, EVERY, LOG, draft
from tests.integration.api.house import House, build_house

TASKS = "/api/v1/tasks"


async def created(house: House, name: str = "backup", **more: Any) -> dict[str, Any]:
    answer = await house.editor.post(TASKS, draft(name, **more))
    assert answer.status == 201, answer.body
    task: dict[str, Any] = answer.json
    return task


def problem(answer: Answer, status: int) -> dict[str, Any]:
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json
    assert found["status"] == status
    return found


async def test_a_created_task_is_answered_whole_and_is_there(house: House) -> None:
    answer = await house.editor.post(TASKS, draft(tags=["ops"], description="every night"))
    task = answer.json
    assert (answer.status, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == f"{TASKS}/{task['id']}"
    assert (task["created_by"], task["created_at"], task["next_due_at"]) == (
        "editor",
        "2027-03-01T12:00:00.000Z",
        "2027-03-01T12:01:00.000Z",
    )
    assert task["schedule"]["anchor"] == "2027-03-01T12:01:00.000Z", "saving writes the anchor, with milliseconds"
    read = await house.of("viewer").get(f"{TASKS}/{task['id']}")
    assert (read.status, read.headers["etag"]) == (200, '"1"')
    assert read.json | {"books": None} == task | {"books": None}
    assert read.json["books"] == {
        "decided": 0,
        "runs": 0,
        "skipped": 0,
        "forgotten": 0,
        "seen_through": "2027-03-01T12:00:00.000Z",
        "kept_from": "2027-03-01T12:00:00.000Z",
    }
    assert house.told.changes == 1


async def test_created_paused_it_decides_nothing(house: House) -> None:
    answer = await house.editor.post(TASKS + "?paused=true", draft())
    assert answer.json["pause"] == {"at": "2027-03-01T12:00:00.000Z", "until": None, "reason": ""}
    assert answer.json["next_due_at"] is None


async def test_a_taken_name_names_itself(house: House) -> None:
    await created(house)
    found = problem(await house.editor.post(TASKS, draft()), 409)
    (holder,) = (await house.editor.get(TASKS)).json["items"]
    assert found["holder"] == holder["id"]
    assert '"backup"' in found["detail"]
    assert found["errors"][0]["pointer"] == "/name"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "a\nb"}, "/name"),
        ({"name": 3}, "/name"),
        ({"schedule": {"kind": "cron", "expression": "61 * * * *", "timezone": "UTC"}}, "/schedule/expression"),
        ({"schedule": {"kind": "cron", "expression": "0 0 30 2 *", "timezone": "UTC"}}, "/schedule/expression"),
        ({"schedule": {"kind": "cron", "expression": "0 3 * * *", "timezone": "EST"}}, "/schedule/timezone"),
        ({"schedule": {"kind": "evry", "seconds": 5}}, "/schedule/kind"),
        ({"schedule": {"seconds": 5}}, "/schedule/kind"),
        ({"schedule": {"kind": "every", "seconds": 0.5}}, "/schedule/seconds"),
        ({"schedule": {"kind": "every", "seconds": 0.0001}}, "/schedule/seconds"),
        ({"schedule": {"kind": "every", "seconds": "5"}}, "/schedule/seconds"),
        ({"schedule": {"kind": "once", "at": "2027-03-01T13:00:00"}}, "/schedule/at"),
        ({"schedule": {"kind": "once", "at": "2027-03-01T11:58:59Z"}}, "/schedule/at"),
        ({"schedule": {**CRON, "dst_gap": "maybe"}}, "/schedule/dst_gap"),
        ({"action": {"kind": "log"}}, "/action/message"),
        ({"action": {"kind": "http", "url": "ftp://x"}}, "/action/url"),
        ({"action": {"kind": "http", "url": "http://x:99999/"}}, "/action/url"),
        ({"action": {"kind": "http", "url": "http://x", "json": ["x" * 70_000]}}, "/action/json"),
        ({"action": {"kind": "python", "function": "a:b", "kwargs": {"x": "x" * 70_000}}}, "/action/kwargs"),
        ({"action": {"kind": "http", "url": "http://x", "expect_status": ["9xx"]}}, "/action/expect_status/0"),
        ({"action": {"kind": "command", "argv": ["a"], "shell": "b"}}, "/action/argv"),
        ({"policy": {"retry": {"max_attempts": 0}}}, "/policy/retry/max_attempts"),
        ({"policy": {"overlap": "maybe"}}, "/policy/overlap"),
        ({"tags": ["a", "a"]}, "/tags"),
        ({"tags": ["a", ""]}, "/tags/1"),
        ({"pool": "a b"}, "/pool"),
        ({"priority": 11}, "/priority"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_refused_value_is_pointed_at(house: House, change: dict[str, Any], pointer: str) -> None:
    found = problem(await house.editor.post(TASKS, {**draft(), **change}), 422)
    assert [error["pointer"] for error in found["errors"]] == [pointer]
    assert pointer in found["detail"]


@pytest.mark.parametrize(
    ("member", "value", "remedy"),
    [
        ("seconds", 0.0001, "write 1"),
        ("seconds", 0.5004, "write 1"),
        ("seconds", 1.2346789, "write 1.235"),
        ("jitter_seconds", 0.0001, "write 0"),
        ("jitter_seconds", 86_400.0001, "write 86400.0"),
        ("jitter_seconds", 99_999.0001, "write 86400"),
    ],
)
async def test_the_remedy_for_what_is_too_fine_is_accepted(
    house: House, member: str, value: float, remedy: str
) -> None:
    found = problem(await house.editor.post(TASKS, draft(schedule={**EVERY, member: value})), 422)
    assert found["errors"][0]["remedy"] == remedy
    await created(house, schedule={**EVERY, member: float(remedy.removeprefix("write "))})


async def test_a_misspelt_member_and_a_misspelt_kind_get_the_nearest(house: House) -> None:
    found = problem(await house.editor.post(TASKS, draft(polcy={})), 422)
    assert found["errors"][0]["remedy"] == "did you mean policy?"
    found = problem(await house.editor.post(TASKS, draft(schedule={"kind": "evry"})), 422)
    assert found["errors"][0]["remedy"] == "did you mean every?"
    found = problem(await house.editor.post(TASKS, draft(schedule={"kind": "every", "secnds": 5})), 422)
    assert {error.get("remedy") for error in found["errors"]} == {"did you mean seconds?", None}


async def test_every_wrong_place_is_named_at_once(house: House) -> None:
    answer = await house.editor.post(
        TASKS, {"name": "", "schedule": {"kind": "every"}, "action": {"kind": "log", "message": 3}}
    )
    assert sorted(answer.pointers) == ["/action/message", "/schedule/seconds"], "the name is judged with its whole"
    missing = await house.editor.post(TASKS, {})
    assert sorted(missing.pointers) == ["/action", "/name", "/schedule"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": "a", "name": "b"}',
        b'{"action": {"kind": "log", "kind": "http"}}',
        b'"\\ud800"',
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"9" * 5_000,
        b"1e400",
        b'{"action": {"kind": "http", "json": [-1e400]}}',
        b"{} {}",
        b"{'name': 1}",
        b'{"name": "a",}',
        b"// no\n{}",
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_what_is_not_json_is_malformed(house: House, body: bytes) -> None:
    found = problem(await house.editor.send("POST", TASKS, body, headers={"Content-Type": "application/json"}), 400)
    assert found["detail"].startswith("The body is not JSON: ")


@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'"x"', b"true", b"1e308"])
async def test_json_of_another_shape_is_refused(house: House, body: bytes) -> None:
    answer = await house.editor.send("POST", TASKS, body, headers={"Content-Type": "application/json"})
    assert problem(answer, 422)["errors"][0]["pointer"] == ""


async def test_values_of_any_kind_come_back_as_they_went_in(house: House) -> None:
    payload = {"deep": [1, 2.5, None, True, {"ü": "€ 𐀀"}], "big": 12345678901234567890}
    task = await created(house, action={"kind": "http", "url": "http://localhost/x", "method": "POST", "json": payload})
    read = await house.editor.get(f"{TASKS}/{task['id']}")
    assert read.json["action"]["json"] == payload


async def test_the_same_request_with_a_key_creates_once(house: House) -> None:
    key = {"Idempotency-Key": "abc"}
    first = await house.editor.post(TASKS, draft(), key)
    again = await house.editor.post(TASKS, draft(), key)
    assert (first.status, again.status, again.json["id"]) == (201, 201, first.json["id"])
    assert house.told.changes == 1
    assert problem(await house.editor.post(TASKS, draft("other"), key), 409)["detail"].startswith(
        "This Idempotency-Key"
    )
    problem(await house.admin.post(TASKS, draft(), key), 409)
    house.clock.pass_by(24 * 3600 + 1)
    assert (await house.editor.post(TASKS, draft("other"), key)).status == 201


async def test_a_repeated_request_whose_task_was_deleted_says_how_to_get_it_back(house: House) -> None:
    key = {"Idempotency-Key": "abc"}
    task = (await house.editor.post(TASKS, draft(), key)).json
    await house.editor.delete(f"{TASKS}/{task['id']}")
    found = problem(await house.editor.post(TASKS, draft(), key), 409)
    assert f"restore revision 2 of {task['id']}" in found["detail"]
    assert (await house.editor.get(TASKS)).json["items"] == []
    assert (await house.editor.post(f"{TASKS}/{task['id']}/revisions/2/restore")).status == 200
    assert (await house.editor.post(TASKS, draft(), key)).json["id"] == task["id"]


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256])
async def test_a_key_is_short_and_visible(house: House, key: str) -> None:
    assert (await house.editor.post(TASKS, draft(), {"Idempotency-Key": key})).pointers == ["#Idempotency-Key"]


async def test_a_batch_is_all_or_nothing(house: House) -> None:
    made = await house.editor.post(TASKS + "/batch", {"tasks": [draft(f"t{n}") for n in range(3)]})
    assert (made.status, [task["name"] for task in made.json["items"]]) == (201, ["t0", "t1", "t2"])
    bad = {**draft("t5"), "schedule": {"kind": "cron", "expression": "* *", "timezone": "UTC"}}
    answer = await house.editor.post(TASKS + "/batch", {"tasks": [draft("t4"), bad]})
    assert (answer.status, answer.pointers) == (422, ["/tasks/1/schedule/expression"])
    passed = {**draft("t5"), "schedule": {"kind": "once", "at": "2020-01-01T00:00:00Z"}}
    answer = await house.editor.post(TASKS + "/batch", {"tasks": [draft("t4"), passed]})
    assert (answer.status, answer.pointers) == (422, ["/tasks/1/schedule/at"])
    answer = await house.editor.post(TASKS + "/batch", {"tasks": [draft("t4"), draft("t4")]})
    assert (answer.status, answer.pointers) == (422, ["/tasks/1/name"])
    answer = await house.editor.post(TASKS + "/batch", {"tasks": [draft("t4"), draft("t1")]})
    assert (answer.status, answer.pointers) == (409, ["/tasks/1/name"])
    for size in (0, 1_001):
        answer = await house.editor.post(TASKS + "/batch", {"tasks": [draft(f"x{n}") for n in range(size)]})
        assert (answer.status, answer.pointers) == (422, ["/tasks"])
    assert len((await house.editor.get(TASKS)).json["items"]) == 3


async def test_a_thousand_at_once(house: House) -> None:
    made = await house.editor.post(TASKS + "/batch?paused=true", {"tasks": [draft(f"t{n}") for n in range(1_000)]})
    assert (made.status, len(made.json["items"]), made.json["items"][999]["next_due_at"]) == (201, 1_000, None)


async def test_upsert_creates_then_changes_then_changes_nothing(house: House) -> None:
    address = TASKS + "/by-name/ops/nightly%20backup"
    body = {"schedule": EVERY, "action": LOG}
    made = await house.editor.put(address, body)
    assert (made.status, made.json["name"], made.json["revision"]) == (201, "ops/nightly backup", 1)
    assert made.headers["location"] == f"{TASKS}/{made.json['id']}"
    house.clock.pass_by(7)
    same = await house.editor.put(address, body)
    assert (same.status, same.json["revision"], same.headers["etag"]) == (200, 1, '"1"')
    changed = await house.editor.put(address, {**body, "name": "ops/nightly backup", "tags": ["x"]})
    assert (changed.status, changed.json["revision"], changed.json["schedule"]) == (200, 2, made.json["schedule"])
    other = await house.editor.put(address, {**body, "name": "else"})
    assert (other.status, other.pointers) == (422, ["/name"])
    assert (await house.editor.put(TASKS + "/by-name/", body)).pointers == ["/name"]
    paused = await house.editor.put(TASKS + "/by-name/p?paused=true", body)
    assert paused.json["pause"] is not None


async def test_a_script_may_ask_for_a_passed_instant_again_and_again(house: House) -> None:
    body = {"schedule": {"kind": "once", "at": "2027-03-01T11:00:00Z", "if_past": "run"}, "action": LOG}
    made = await house.editor.put(TASKS + "/by-name/now", body)
    assert (made.status, made.json["schedule"]["at"]) == (201, "2027-03-01T12:00:00.001Z")
    house.clock.pass_by(3600)
    assert len(await house.decide()) == 1
    again = await house.editor.put(TASKS + "/by-name/now", body)
    assert (again.status, again.json["revision"], again.json["next_due_at"]) == (200, 1, None)


async def test_a_task_is_found_by_its_name_or_the_nearest_is_named(house: House) -> None:
    task = await created(house, "ops/backup")
    assert (await house.of("viewer").get(TASKS + "/by-name/ops/backup")).json["id"] == task["id"]
    found = problem(await house.editor.get(TASKS + "/by-name/ops/bakcup"), 404)
    assert found["nearest"] == "ops/backup"
    assert found["detail"] == 'No task "ops/bakcup". Did you mean "ops/backup"?'


async def test_replacing_needs_the_revision(house: House) -> None:
    task = await created(house)
    address = f"{TASKS}/{task['id']}"
    problem(await house.editor.put(address, draft("new")), 428)
    schedule = {"kind": "every", "seconds": task["schedule"]["seconds"]}
    changed = await house.editor.put(address, draft("new", schedule=schedule), {"If-Match": '"1"'})
    assert (changed.status, changed.headers["etag"], changed.json["name"]) == (200, '"2"', "new")
    assert changed.json["schedule"]["anchor"] == task["schedule"]["anchor"], "a missing anchor keeps the old"
    stale = problem(await house.editor.put(address, draft("newer"), {"If-Match": '"1"'}), 412)
    assert (stale["changed_by"], stale["changed_at"], stale["revision"]) == ("editor", "2027-03-01T12:00:00.000Z", 2)
    assert "editor" in stale["detail"]
    assert (await house.editor.put(address, draft("newer"), {"If-Match": "*"})).json["revision"] == 3
    for text in ("3", 'W/"3"', '"3", "4"', '"x"', ""):
        assert (await house.editor.put(address, draft(), {"If-Match": text})).pointers == ["#If-Match"]
    await created(house, "taken")
    problem(await house.editor.put(address, draft("taken"), {"If-Match": "*"}), 409)


async def test_patching_changes_parts(house: House) -> None:
    task = await created(house, tags=["a"], policy={"retry": {"max_attempts": 3}})
    address = f"{TASKS}/{task['id']}"
    problem(await house.editor.patch(address, {}), 428)
    any_revision = {"If-Match": "*"}
    same = await house.editor.patch(address, {}, any_revision)
    assert (same.status, same.json["revision"]) == (200, 1)
    patch = {"tags": None, "policy": {"retry": {"factor": 3}}, "schedule": CRON, "action": {"message": "bye"}}
    merge = {**any_revision, "Content-Type": "application/merge-patch+json"}
    changed = (await house.editor.patch(address, patch, merge)).json
    assert (changed["tags"], changed["schedule"]["kind"], changed["action"]["message"]) == ([], "cron", "bye")
    assert changed["policy"]["retry"] == {**task["policy"]["retry"], "factor": 3}
    back = await house.editor.patch(address, {"schedule": {"kind": "once"}}, any_revision)
    assert (back.status, back.pointers) == (422, ["/schedule/at"])
    wrong = await house.editor.patch(address, {"schedule": {"expression": "x"}, "nmae": "y"}, any_revision)
    assert wrong.pointers == ["/schedule/expression", "/nmae"]
    gone = await house.editor.patch(
        address, {"descripton": None, "policy": {"retry": {"max_atempts": None}}}, any_revision
    )
    assert {error["pointer"]: error["remedy"] for error in problem(gone, 422)["errors"]} == {
        "/descripton": "did you mean description?",
        "/policy/retry/max_atempts": "did you mean max_attempts?",
    }
    huge = await house.editor.send("PATCH", address, b'{"action": {"kind": "http", "json": 1e400}}', headers=merge)
    assert problem(huge, 400)["detail"] == "The body is not JSON: the number 1e400 is too large."
    bodies: tuple[Any, ...] = ([], 3, "x", None)
    for body in bodies:
        answer = await house.editor.send(
            "PATCH", address, repr(body).replace("None", "null").replace("'", '"').encode(), headers=merge
        )
        assert (answer.status, answer.pointers) == (422, [""])
    stale = await house.editor.patch(address, {"name": "x"}, {"If-Match": '"1"'})
    assert stale.status == 412


async def test_an_unchanged_instant_is_not_judged_when_a_task_is_edited(house: House) -> None:
    task = await created(house, schedule={"kind": "once", "at": "2027-03-01T13:00:00Z"})
    house.clock.pass_by(7200)
    address = f"{TASKS}/{task['id']}"
    renamed = await house.editor.patch(address, {"name": "x"}, {"If-Match": "*"})
    assert renamed.status == 200
    moved = await house.editor.patch(address, {"schedule": {"at": "2027-03-01T12:30:00Z"}}, {"If-Match": "*"})
    assert (moved.status, moved.pointers) == (422, ["/schedule/at"])


async def test_a_deleted_task_is_gone_and_can_come_back(house: House) -> None:
    task = await created(house)
    address = f"{TASKS}/{task['id']}"
    assert (await house.editor.delete(address, {"If-Match": '"7"'})).status == 412
    gone = await house.editor.delete(address)
    assert (gone.status, gone.body) == (204, b"")
    found = problem(await house.editor.get(address), 404)
    assert "restore its revision 2" in found["detail"]
    problem(await house.editor.delete(address), 404)
    problem(await house.editor.patch(address, {"name": "x"}, {"If-Match": "*"}), 409)
    problem(await house.of("operator").post(address + "/run"), 409)
    assert (await house.editor.get(TASKS)).json["items"] == []
    tombs = (await house.editor.get(TASKS + "?state=deleted")).json["items"]
    assert [tomb["deleted_at"] for tomb in tombs] == ["2027-03-01T12:00:00.000Z"]
    house.clock.pass_by(600)
    back = await house.editor.post(address + "/revisions/1/restore")
    assert (back.status, back.json["revision"], back.json["deleted_at"]) == (200, 3, None)
    assert back.json["next_due_at"] == "2027-03-01T12:11:00.000Z", "the deleted stretch holds no occurrences"
    await house.editor.delete(address)
    await created(house)
    problem(await house.editor.post(address + "/revisions/1/restore"), 409)


async def test_history_is_kept_and_an_older_revision_comes_back(house: House) -> None:
    task = await created(house)
    address = f"{TASKS}/{task['id']}"
    house.clock.pass_by(1)
    await house.editor.patch(address, {"name": "new"}, {"If-Match": "*"})
    await house.of("operator").post(address + "/pause", {"reason": "holidays"})
    page = (await house.of("viewer").get(address + "/revisions?limit=2&total=true")).json
    assert [(item["revision"], item["what"], item["by"]) for item in page["items"]] == [
        (3, "paused", "operator"),
        (2, "edited", "editor"),
    ]
    assert page["total"] == 3
    rest = (await house.of("viewer").get(f"{address}/revisions?cursor={page['next_cursor']}")).json
    assert ([item["what"] for item in rest["items"]], rest["next_cursor"]) == (["created"], None)
    assert rest["items"][0]["definition"]["name"] == "backup"
    one = (await house.of("viewer").get(address + "/revisions/1")).json
    assert (one["revision"], one["definition"]["name"], one["definition"]["schedule"]) == (
        1,
        "backup",
        task["schedule"],
    )
    restored = await house.editor.post(address + "/revisions/1/restore", headers={"If-Match": '"3"'})
    assert (restored.json["name"], restored.json["revision"]) == ("backup", 4)
    assert (await house.editor.post(address + "/revisions/1/restore", headers={"If-Match": '"3"'})).status == 412
    problem(await house.editor.get(address + "/revisions/99"), 404)
    problem(await house.editor.post(address + "/revisions/99/restore"), 404)


async def test_pausing_and_resuming(house: House) -> None:
    task = await created(house)
    address = f"{TASKS}/{task['id']}"
    operator = house.of("operator")
    paused = await operator.post(address + "/pause", {"until": "2027-03-01T13:00:00Z", "reason": "holidays"})
    assert (paused.status, paused.headers["etag"]) == (200, '"2"')
    assert paused.json["pause"]["until"] == "2027-03-01T13:00:00.000Z"
    assert paused.json["next_due_at"] == "2027-03-01T13:00:00.000Z"
    house.clock.pass_by(600)
    resumed = await operator.post(address + "/resume")
    assert (resumed.status, resumed.json["pause"]) == (200, None)
    books = (await operator.get(address)).json["books"]
    assert (books["decided"], books["skipped"]) == (10, 10)
    await operator.post(address + "/pause")
    house.clock.pass_by(645)
    await operator.post(address + "/resume", {"catch_up": True})
    assert [run.cause for run in house.told.ready] == ["catch_up"]
    passed = await operator.post(address + "/pause", {"until": "2027-03-01T12:00:00Z"})
    assert (passed.status, passed.pointers) == (422, ["/until"])
    assert (await operator.post(address + "/pause", {"reason": "x" * 501})).pointers == ["/reason"]
    assert (await operator.post(address + "/pause", {"untill": None})).json["errors"][0][
        "remedy"
    ] == "did you mean until?"


async def test_a_pause_that_is_over_is_not_shown(house: House) -> None:
    task = await created(house)
    address = f"{TASKS}/{task['id']}"
    await house.of("operator").post(address + "/pause", {"until": "2027-03-01T13:00:00Z"})
    house.clock.pass_by(3_599.999)
    assert (await house.editor.get(address)).json["pause"]["until"] == "2027-03-01T13:00:00.000Z"
    house.clock.pass_by(0.001)
    renamed = await house.editor.patch(address, {"name": "still"}, {"If-Match": "*"})
    answers = [(await house.editor.get(address)).json, (await house.editor.get(TASKS)).json["items"][0], renamed.json]
    assert [answer["pause"] for answer in answers] == [None, None, None]
    history = (await house.editor.get(address + "/revisions")).json["items"]
    assert [item["what"] for item in history if item["definition"]["pause"] is not None][-1] == "paused"


async def test_what_comes_next_ends_with_max_occurrences(house: House) -> None:
    task = await created(house, schedule={**EVERY, "max_occurrences": 5})
    address = f"{TASKS}/{task['id']}/upcoming"

    async def minutes(query: str = "") -> list[str]:
        return [due[14:16] for due in (await house.of("viewer").get(address + query)).json["due"]]

    assert await minutes() == ["01", "02", "03", "04", "05"]
    assert await minutes("?after=2027-03-01T12:03:00Z") == ["04", "05"], "three lie between"
    assert await minutes("?after=2027-03-01T12:05:00Z") == []
    house.clock.pass_by(120)
    await house.decide()
    assert await minutes() == ["03", "04", "05"]
    assert await minutes("?after=2027-03-01T12:03:59.999Z") == ["04", "05"]
    assert await minutes("?count=1") == ["03"]
    house.clock.pass_by(90)
    assert await minutes() == ["04", "05"], "12:03 is undecided yet, and used up all the same"
    await house.of("operator").post(f"{TASKS}/{task['id']}/pause", {"until": "2027-03-01T12:05:00Z"})
    assert await minutes() == ["05"], "what falls into a pause is used up by it"


async def test_what_comes_next(house: House) -> None:
    task = await created(house)
    address = f"{TASKS}/{task['id']}/upcoming"
    viewer = house.of("viewer")
    assert (await viewer.get(address + "?count=2")).json == {
        "due": ["2027-03-01T12:01:00.000Z", "2027-03-01T12:02:00.000Z"],
        "overrides": [],
    }
    later = await viewer.get(address + "?count=1&after=2027-03-01T13:00:00Z")
    assert later.json == {"due": ["2027-03-01T13:01:00.000Z"], "overrides": []}
    assert len((await viewer.get(address + "?count=1000")).json["due"]) == 1_000
    assert (await viewer.get(address + "?count=1001")).pointers == ["?count"]
    assert (await viewer.get(address + "?after=2027-03-01T13:00:00")).pointers == ["?after"]
    await house.of("operator").post(f"{TASKS}/{task['id']}/pause")
    assert (await viewer.get(address)).json == {"due": [], "overrides": []}


async def test_a_list_is_filtered_sorted_and_paged(house: House) -> None:
    for name in ("b", "a", "c"):
        await created(house, name, tags=["even" if name == "b" else "odd"])
    editor = house.editor
    first = (await editor.get(TASKS + "?limit=2&total=true")).json
    assert ([task["name"] for task in first["items"]], first["total"]) == (["a", "b"], 3)
    second = (await editor.get(f"{TASKS}?limit=2&cursor={first['next_cursor']}")).json
    assert ([task["name"] for task in second["items"]], second["next_cursor"]) == (["c"], None)
    odd = (await editor.get(TASKS + "?tag=odd&sort=name&state=active&words=A&kind=log&pool=default")).json
    assert [task["name"] for task in odd["items"]] == ["a"]
    assert (await editor.get(TASKS + "?cursor=nonsense")).status == 422
    assert (await editor.get(TASKS + "?limit=0")).pointers == ["?limit"]
    assert (await editor.get(TASKS + "?state=late&state=lat")).pointers == ["?state"]


@pytest.mark.parametrize(
    ("query", "remedy"),
    [("limt=5", "did you mean limit?"), ("Limit=5", "did you mean limit?"), ("limit=1&limit=2", "give it once")],
)
async def test_a_misspelt_query_parameter_is_refused(house: House, query: str, remedy: str) -> None:
    answer = await house.editor.get(f"{TASKS}?{query}")
    assert (answer.status, answer.json["errors"][0]["remedy"]) == (422, remedy)


async def test_routes_without_query_refuse_any(house: House) -> None:
    task = await created(house)
    assert (await house.editor.get(f"{TASKS}/{task['id']}?x=1")).json["errors"][0]["remedy"] == "this address has none"
    assert (await house.nobody.get("/health/live?x=1")).status == 422


@pytest.mark.parametrize(
    "text", ["x", "01JD8Z5B1ZC7TR0Q3H6W0XQ2S", "81JD8Z5B1ZC7TR0Q3H6W0XQ2SG", "01JD8Z5B1ZC7TR0Q3H6W0XQ2SU", "..", "%00"]
)
async def test_what_is_no_id_is_nowhere(house: House, text: str) -> None:
    problem(await house.editor.get(f"{TASKS}/{text}"), 404)


async def test_an_unknown_id_is_not_found_everywhere(house: House) -> None:
    address = f"{TASKS}/01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"
    editor, body, match = house.editor, draft(), {"If-Match": "*"}
    answers = [
        await editor.get(address),
        await editor.put(address, body, match),
        await editor.patch(address, {}, match),
        await editor.delete(address),
        await editor.post(address + "/run"),
        await editor.post(address + "/pause"),
        await editor.post(address + "/resume"),
        await editor.get(address + "/upcoming"),
        await editor.get(address + "/revisions"),
        await editor.get(address + "/revisions/1"),
        await editor.post(address + "/revisions/1/restore"),
    ]
    assert [answer.status for answer in answers] == [404] * len(answers)


async def test_secrets_are_masked_for_those_who_may_not_edit(house: House) -> None:
    call = {
        "kind": "http",
        "url": "http://x/",
        "headers": {"authorization": "Bearer s3cret", "Cookie": "s3cret", "X-Plain": "seen"},
    }
    task = await created(house, action=call)
    other = await created(house, "command", action={"kind": "command", "argv": ["x"], "env": {"TOKEN": "s3cret"}})
    for role, hidden in [("viewer", True), ("operator", True), ("editor", False), ("admin", False)]:
        asked = house.of(role)
        answers = [await asked.get(TASKS)]
        for made in (task, other):
            address = f"{TASKS}/{made['id']}"
            answers += [
                await asked.get(address),
                await asked.get(address + "/revisions"),
                await asked.get(address + "/revisions/1"),
            ]
        assert [b"s3cret" not in answer.body for answer in answers] == [hidden] * len(answers)
        assert b"seen" in answers[0].body
        assert b"TOKEN" in answers[0].body


async def test_credentials_in_addresses_and_in_headers_of_any_name_are_masked(house: House) -> None:
    headers = dict.fromkeys(("X-Auth-Token", "PRIVATE-TOKEN", "X-Client-Secret", "Ocp-Key", "X-Password"), "s3cret")
    urls = {
        "http://ada:s3cret@x:80/a@b?c=d@e": "http://***@x:80/a@b?c=d@e",
        "HTTPS://s3cret@[::1]/": "HTTPS://***@[::1]/",
        "http://s3cret@s3cret@x": "http://***@x",
        "http://x/a@b": "http://x/a@b",
    }
    for n, (url, shown) in enumerate(urls.items()):
        task = await created(house, f"t{n}", action={"kind": "http", "url": url, "headers": headers})
        address = f"{TASKS}/{task['id']}"
        for path in (address, address + "/revisions", address + "/revisions/1", TASKS + f"?words=t{n}"):
            told = await house.of("operator").get(path)
            assert (b"s3cret" in told.body, shown.encode() in told.body) == (False, True), told.body
            assert url.encode() in (await house.editor.get(path)).body


async def test_a_mask_may_be_longer_than_what_it_hides(house: House) -> None:
    """Though the masked action would be too large to be saved."""
    env = {f"A{n}": "" for n in range(1_000)}
    free = 65_536 - len(
        json.dumps({"kind": "command", "argv": ["x"], "shell": None, "env": env, "cwd": None}, separators=(",", ":"))
    )
    await created(house, action={"kind": "command", "argv": ["x" * (free + 1)], "env": env})
    seen = (await house.of("viewer").get(TASKS)).json["items"][0]["action"]
    assert set(seen["env"].values()) == {"***"}


@pytest.mark.parametrize("sort", ["name", "next_due_at", "failing"])
async def test_a_page_of_large_definitions_ends_early_and_goes_on(house: House, sort: str) -> None:
    large = {"kind": "log", "message": "x" * 65_000}
    names = [f"t{n:03}" for n in range(200)]
    for start in range(0, 200, 50):
        drafts = [draft(name, action=large) for name in names[start : start + 50]]
        assert (await house.editor.post(TASKS + "/batch?paused=true", {"tasks": drafts})).status == 201
    await created(house, "u")
    found: list[str] = []
    pages, cursor = 0, ""
    while pages < 5:
        answer = await house.editor.get(f"{TASKS}?limit=1000&sort={sort}{cursor}")
        assert len(answer.body) < 9 * 1024 * 1024
        pages += 1
        found += [task["name"] for task in answer.json["items"]]
        if answer.json["next_cursor"] is None:
            break
        cursor = "&cursor=" + answer.json["next_cursor"]
    assert (sorted(found), pages) == ([*names, "u"], 2)


async def test_shell_lines_are_refused_where_they_are_switched_off(house: House) -> None:
    shell = {"kind": "command", "shell": "echo $HOME"}
    task = await created(house, action=shell)
    await house.admin.patch("/api/v1/settings", {"allow_shell": False})
    match = {"If-Match": "*"}
    address = f"{TASKS}/{task['id']}"
    answers = [
        await house.editor.post(TASKS, draft("b", action=shell)),
        await house.editor.post(TASKS + "/batch", {"tasks": [draft("b", action=shell)]}),
        await house.editor.put(TASKS + "/by-name/b", {"schedule": EVERY, "action": shell}),
        await house.editor.put(address, draft(action=shell), match),
        await house.editor.patch(address, {"action": {"shell": "rm"}}, match),
        await house.editor.post(address + "/revisions/1/restore"),
    ]
    assert [answer.status for answer in answers] == [403] * len(answers)
    assert (await house.editor.patch(address, {"name": "still"}, match)).status == 200
    assert (await house.editor.post(TASKS, draft("b", action={"kind": "command", "argv": ["x"]}))).status == 201


async def test_the_strip_and_the_figures_of_a_task(house: House) -> None:
    task = await created(house)
    house.clock.pass_by(60)
    await house.decide()
    (claim,) = await house.claim()
    running = (await house.editor.get(f"{TASKS}/{task['id']}")).json
    assert (running["running"], running["last_runs"][0]["state"]) == (1, "running")
    house.clock.pass_by(2)
    await house.settle(claim)
    seen = (await house.editor.get(TASKS)).json["items"][0]
    strip = {
        "id": seen["last_runs"][0]["id"],
        "state": "succeeded",
        "due_at": "2027-03-01T12:01:00.000Z",
        "duration_ms": 2_000,
    }
    assert (seen["running"], seen["usual_ms"], seen["last_runs"]) == (0, 2_000, [strip])


async def test_a_broken_task_is_shown_with_its_reason_and_can_be_mended(house: House) -> None:
    task = await created(house)
    await break_it(house, TaskId(from_ulid(task["id"])))
    house.clock.pass_by(60)
    await house.decide()
    address = f"{TASKS}/{task['id']}"
    seen = (await house.editor.get(address)).json
    assert seen["broken"] is not None
    assert (seen["schedule"], seen["action"], seen["policy"]) == (None, None, None)
    assert (await house.of("viewer").get(address)).json["broken"]["definition"] is None
    problem(await house.of("operator").post(address + "/run"), 409)
    problem(await house.of("operator").post(address + "/pause"), 409)
    assert [item["name"] for item in (await house.editor.get(TASKS + "?state=broken")).json["items"]] == ["backup"]
    mended = await house.editor.patch(address, {"schedule": {"kind": "every", "seconds": 5}}, {"If-Match": "*"})
    assert (mended.status, mended.json["broken"]) == (200, None)


async def break_it(house: House, task_id: TaskId) -> None:
    """As if a newer version had written a kind of schedule that this one does not know."""
    transactor = transactor_of(house.store)
    await transactor.write(
        lambda db: db.exec_driver_sql("UPDATE tasks SET schedule = ? WHERE id = ?", ('{"kind":"lunar"}', task_id))
    )


async def test_a_page_is_kept_until_the_next_commit_and_a_second_at_most(house: House) -> None:
    stamp = [0]
    pages = KeptPages(cache=MemoryCache(house.clock), stamp=lambda: stamp[0])
    keeping = build_house(house.store, pages=pages)
    await created(house, "a", action={"kind": "command", "argv": ["x"], "env": {"TOKEN": "s3cret"}})

    async def names(role: str = "editor", query: str = "") -> list[str]:
        answer = await keeping.of(role).get(TASKS + query)
        assert (b"s3cret" in answer.body) is (role == "editor" and query == "")
        return [task["name"] for task in answer.json["items"]]

    assert await names() == ["a"]
    await created(house, "b")
    assert await names() == ["a"], "kept: the stamp of this test stands still"
    assert await names("viewer") == ["a", "b"], "who may not see secrets never gets the page of one who may"
    assert await names(query="?limit=1&words=b") == ["b"]
    stamp[0] += 1
    assert await names() == ["a", "b"]
    await created(house, "c")
    house.clock.pass_by(0.999)
    assert await names() == ["a", "b"]
    house.clock.pass_by(0.001)
    assert await names() == ["a", "b", "c"]
