"""An action tried once: a run like any other, of a task that nobody sees."""

from typing import Any

import pytest
from sqlalchemy import Connection

from horarium.core.ids import RunId, from_ulid
from horarium.core.outcome import HandedBack, Lost
from tests.conformance.store.stores import transactor_of
from tests.integration.api.client import Answer
from tests.integration.api.drafts import LOG
from tests.integration.api.house import House
from tests.integration.api.listener import Listener

TEST = "/api/v1/tasks/test"
DAY = 86_400
SECRET = "hunter2"


async def tried(house: House, **more: Any) -> Answer:
    return await house.editor.post(TEST, {"action": LOG, **more})


async def tables(house: House) -> dict[str, int]:
    names = ("tasks", "revisions", "cursors", "runs", "skips")

    def counted(db: Connection) -> dict[str, int]:
        return {name: db.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names}

    return await transactor_of(house.store).read(counted)


async def test_an_action_is_run_once(house: House) -> None:
    async with Listener(house.of("viewer"), "runs") as ear:
        await ear.event()
        answer = await tried(house)
        run = answer.json
        assert (answer.status, answer.headers["location"]) == (202, f"/api/v1/runs/{run['id']}")
        assert (run["cause"], run["state"], run["task_name"], run["created_by"]) == (
            "test",
            "waiting",
            "test",
            "editor",
        )
        assert run["lateness_ms"] is None
        assert [one.id for one in house.told.ready] == [from_ulid(run["id"])]
        assert (await ear.event()).data["items"][0]["cause"] == "test"
        (claim,) = await house.claim()
        assert (claim.action.kind, claim.policy.timeout_seconds, claim.policy.on_lost) == ("log", 3_600, "fail")
        await house.writes(RunId(from_ulid(run["id"])), 1, b"hello\n")
        await house.settle(claim)
        while b"succeeded" not in ear.body:
            await ear.event()
    output = (await house.of("viewer").get(f"/api/v1/runs/{run['id']}/output")).json
    assert ([chunk["text"] for chunk in output["chunks"]], output["ended"]) == (["hello\n"], True)
    again = await house.editor.post(f"/api/v1/runs/{run['id']}/retry")
    assert again.status == 409


async def test_no_list_and_no_figure_shows_its_task(house: House) -> None:
    run = (await tried(house)).json
    viewer = house.of("viewer")
    assert await tables(house) == {"tasks": 1, "revisions": 1, "cursors": 0, "runs": 1, "skips": 0}
    for query in ("", "state=deleted", "state=deleted&state=active", "state=late", "state=running", "words=test"):
        listed = (await viewer.get(f"/api/v1/tasks?total=true&{query}")).json
        assert (listed["items"], listed["total"]) == ([], 0), query
    assert set((await viewer.get("/api/v1/stats")).json["tasks"].values()) == {0}
    assert (await viewer.get(f"/api/v1/tasks/{run['task_id']}")).status == 404
    for method, path in (("POST", "/run"), ("POST", "/pause"), ("POST", "/revisions/1/restore"), ("DELETE", "")):
        refused = await house.admin.send(method, f"/api/v1/tasks/{run['task_id']}{path}")
        assert refused.status in (404, 409), path
    assert (await viewer.get("/api/v1/runs")).json["items"] == []
    assert len((await viewer.get("/api/v1/runs?cause=test")).json["items"]) == 1


async def test_it_may_be_cancelled_lost_and_handed_back(house: House) -> None:
    waiting = (await tried(house)).json
    cancelled = await house.of("operator").post(f"/api/v1/runs/{waiting['id']}/cancel")
    assert (cancelled.json["state"], cancelled.json["reason"]) == ("cancelled", "cancelled_by_user")
    await tried(house)
    (claim,) = await house.claim()
    lost = await house.settle(claim, Lost())
    assert (lost.state, lost.reason) == ("failed", "lost")
    await tried(house)
    (claim,) = await house.claim()
    back = await house.settle(claim, HandedBack())
    assert (back.state, back.reason) == ("cancelled", "deleted")


async def test_it_is_forgotten_after_a_day_and_leaves_nothing(house: House) -> None:
    await tried(house)
    (claim,) = await house.claim()
    await house.settle(claim)
    house.clock.pass_by(DAY - 60)
    await house.store.forget(house.clock.now(), 100)
    assert (await tables(house))["runs"] == 1
    house.clock.pass_by(120)
    await house.store.forget(house.clock.now(), 100)
    await house.store.forget(house.clock.now(), 100)
    assert set((await tables(house)).values()) == {0}


async def test_shell_lines_are_run_only_where_they_may_be_saved(house: House) -> None:
    shell = {"kind": "command", "shell": "true"}
    await house.admin.patch("/api/v1/settings", {"allow_shell": False})
    assert (await tried(house, action=shell)).status == 403
    assert (await tried(house, action={"kind": "command", "argv": ["true"]})).status == 202
    await house.admin.patch("/api/v1/settings", {"allow_shell": True})
    assert (await tried(house, action=shell)).status == 202


async def test_its_definition_is_masked_like_any_other(house: House) -> None:
    run = (await tried(house, action={"kind": "command", "argv": ["true"], "env": {"P": SECRET}})).json
    for role, shown in (("viewer", False), ("operator", False), ("editor", True)):
        there = await house.of(role).get(f"/api/v1/tasks/{run['task_id']}/revisions/1")
        assert (there.status, SECRET.encode() in there.body) == (200, shown)


async def test_its_time_is_limited_and_its_pool_named(house: House) -> None:
    assert (await tried(house, timeout_seconds=3, pool="gpu")).json["pool"] == "gpu"
    (claim,) = await house.claim()
    assert claim.policy.timeout_seconds == 3


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/action"),
        ({"action": {"kind": "log"}}, "/action/message"),
        ({"action": LOG, "timeout_seconds": 3_601}, "/timeout_seconds"),
        ({"action": LOG, "timeout_seconds": 0}, "/timeout_seconds"),
        ({"action": LOG, "pool": "not a pool"}, "/pool"),
        ({"action": LOG, "name": "x"}, "/name"),
    ],
)
async def test_what_is_tried_is_judged(house: House, body: dict[str, Any], pointer: str) -> None:
    answer = await house.editor.post(TEST, body)
    assert (answer.status, answer.pointers) == (422, [pointer])
