"""The stream of events: what changes is told in patches, exactly and soon, to those who may hear it and to nobody else."""

from contextlib import AsyncExitStack
from typing import Any

import jsonschema_rs

from horarium.control.live import STREAMS_MAX
from horarium.core.ids import RunId, from_ulid
from horarium.core.outcome import Failed
from tests.integration.api.client import Client
from tests.integration.api.drafts import draft
from tests.integration.api.house import House
from tests.integration.api.listener import Event, Listener

TASKS = "/api/v1/tasks"
SECRET = "hunter2-in-the-environment"


async def a_task(house: House, name: str = "hello", **more: Any) -> dict[str, Any]:
    made = await house.editor.post(TASKS, {**draft(name), **more})
    assert made.status == 201, made.json
    found: dict[str, Any] = made.json
    return found


async def test_a_stream_opens_with_the_time_and_is_not_kept_by_anybody(house: House) -> None:
    async with Listener(house.of("viewer"), "tasks,runs") as ear:
        hello = await ear.event()
        assert (ear.status, ear.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert (ear.headers["cache-control"], ear.headers["x-accel-buffering"]) == ("no-store", "no")
        assert (hello.name, hello.data) == ("hello", {"now": "2027-03-01T12:00:00.000Z"})
        assert hello.id
        assert ear.body.startswith(b"retry: 2000\n")


async def test_the_life_of_a_run_is_told_in_patches(house: House) -> None:
    task = await a_task(house)
    async with Listener(house.of("viewer"), "tasks,runs") as ear:
        await ear.event()
        run = (await house.editor.post(f"{TASKS}/{task['id']}/run")).json
        tasks, runs = await ear.event(), await ear.event()
        assert (tasks.name, tasks.id, tasks.data["many"]) == ("tasks", None, None)
        assert (runs.name, runs.data["many"]) == ("runs", None)
        assert runs.id, "the last event of a beat carries the id"
        assert tasks.data["items"] == [
            {
                "id": task["id"],
                "revision": 1,
                "next_due_at": task["next_due_at"],
                "is_next_skipped": False,
                "running": 0,
                "is_paused": False,
                "is_broken": False,
                "is_deleted": False,
                "is_failing": False,
                "last_run": {"id": run["id"], "state": "waiting", "due_at": run["due_at"], "duration_ms": None},
            }
        ]
        (patch,) = runs.data["items"]
        assert patch == {name: run[name] for name in patch}, "the names and values that the run itself has"
        assert patch.keys() >= {"id", "task_id", "state", "reason", "started_at", "ended_at", "detail", "duration_ms"}

        (claim,) = await house.claim()
        tasks, runs = await ear.event(), await ear.event()
        assert (tasks.data["items"][0]["running"], runs.data["items"][0]["state"]) == (1, "running")

        house.clock.pass_by(2)
        await house.settle(claim, Failed(reason="exit_status", exit_status=3, detail="no"))
        tasks, runs = await ear.event(), await ear.event()
        (task_patch,), (run_patch,) = tasks.data["items"], runs.data["items"]
        assert (task_patch["running"], task_patch["is_failing"]) == (0, True)
        assert task_patch["last_run"]["duration_ms"] == 2_000
        there = (await house.of("viewer").get(f"/api/v1/runs/{run['id']}")).json
        assert run_patch == {name: there[name] for name in run_patch}
        assert (run_patch["state"], run_patch["exit_status"]) == ("failed", 3)


async def test_what_people_do_to_tasks_is_told(house: House) -> None:
    async with Listener(house.of("viewer"), "tasks") as ear:
        await ear.event()
        task = await a_task(house)
        assert (await ear.event()).data["items"][0]["next_due_at"] == task["next_due_at"]
        place = f"{TASKS}/{task['id']}"
        await house.editor.post(place + "/pause")
        (paused,) = (await ear.event()).data["items"]
        assert (paused["revision"], paused["is_paused"], paused["next_due_at"]) == (2, True, None)
        await house.editor.post(place + "/resume")
        assert (await ear.event()).data["items"][0]["is_paused"] is False
        await house.editor.delete(place)
        assert (await ear.event()).data["items"][0]["is_deleted"] is True


async def test_only_the_topics_asked_for_are_told(house: House) -> None:
    task = await a_task(house)
    async with Listener(house.of("viewer"), "runs") as ear:
        await ear.event()
        await house.editor.patch(f"{TASKS}/{task['id']}", {"tags": ["x"]}, {"If-Match": "*"})
        assert await ear.quiet(0.4)
        await house.editor.post(f"{TASKS}/{task['id']}/run")
        assert (await ear.event()).name == "runs"


async def test_output_is_announced_and_the_end_of_its_run_with_it(house: House) -> None:
    task = await a_task(house)
    run = (await house.editor.post(f"{TASKS}/{task['id']}/run")).json
    other = (await house.editor.post(f"{TASKS}/{task['id']}/run?overlap=allow")).json
    claims = {claim.run.id: claim for claim in await house.claim()}
    ours, theirs = RunId(from_ulid(run["id"])), RunId(from_ulid(other["id"]))
    await house.writes(ours, 1, b"before\n")
    async with Listener(house.of("viewer"), f"output:{run['id']}") as ear:
        assert (await ear.event()).name == "hello"
        opening = [await ear.event(), await ear.event()]
        assert opening[0].data["items"][0]["state"] == "running"
        assert opening[1] == Event("output", {"run_id": run["id"], "attempt": 1, "size": 7}, opening[1].id)
        await house.writes(theirs, 1, b"not ours")
        await house.writes(ours, 1, b"more\n", start=7)
        assert (await ear.event()).data == {"run_id": run["id"], "attempt": 1, "size": 12}
        await house.settle(claims[theirs])
        await house.settle(claims[ours])
        ended = await ear.event()
        assert [(item["id"], item["state"]) for item in ended.data["items"]] == [(run["id"], "succeeded")]


async def test_a_burst_is_one_number(house: House) -> None:
    batch = [{**draft(f"task {n}"), "policy": {"overlap": "allow"}} for n in range(600)]
    async with Listener(house.of("viewer"), "tasks") as ear:
        await ear.event()
        assert (await house.editor.post(TASKS + "/batch", {"tasks": batch})).status == 201
        many = await ear.event()
        assert many.data == {"items": [], "many": 600}
        await a_task(house, "one more")
        assert len((await ear.event()).data["items"]) == 1


async def test_whoever_missed_something_is_told_to_read_anew(house: House) -> None:
    async with Listener(house.of("viewer"), "tasks") as ear:
        hello = await ear.event()
    assert hello.id is not None
    async with Listener(house.of("viewer"), "tasks", {"Last-Event-ID": hello.id}) as ear:
        assert (await ear.event()).name == "hello", "nothing has happened"
        await a_task(house)
        last = (await ear.event()).id
        assert last is not None
    async with Listener(house.of("viewer"), "tasks", {"Last-Event-ID": last}) as ear:
        assert (await ear.event()).name == "hello", "all that happened was told"
    await a_task(house, "unheard")
    for known in (last, hello.id, "0", "another-life-3"):
        async with Listener(house.of("viewer"), "tasks", {"Last-Event-ID": known}) as ear:
            assert (await ear.event()).name == "reset"


async def test_a_quiet_stream_shows_that_it_lives(house: House) -> None:
    async with Listener(house.of("viewer"), "tasks") as ear:
        await ear.event()
        assert await ear.quiet(0.8)
        assert ear.body.count(b": nothing new\n\n") == 2


async def test_a_revoked_token_loses_its_stream(house: House) -> None:
    made = (await house.admin.post("/api/v1/tokens", {"name": "ci", "role": "viewer"})).json
    async with Listener(Client(house.app, {"Authorization": f"Bearer {made['token']}"}), "tasks") as ear:
        await ear.event()
        await house.admin.delete(f"/api/v1/tokens/{made['id']}")
        await ear.ended()
        await a_task(house)
        assert await ear.quiet(0.1)


async def test_a_session_that_ends_loses_its_stream_also_while_much_happens(house: House) -> None:
    key = (await house.access.fresh_key()).key
    cookie = (await house.nobody.post("/api/v1/session", {"key": key})).cookies[0].partition(";")[0]
    browser = Client(house.app, {"Cookie": cookie})
    async with Listener(browser, "tasks") as ear:
        await ear.event()
        assert (await browser.delete("/api/v1/session")).status == 204
        house.clock.pass_by(1)
        await a_task(house)
        await ear.ended()
        assert await ear.quiet(0)


async def test_a_stream_is_refused_like_any_answer(house: House) -> None:
    for client, query, status in (
        (house.nobody, "topics=tasks", 401),
        (house.of("viewer"), "", 422),
        (house.of("viewer"), "topics=", 422),
        (house.of("viewer"), "topics=tasks,all", 422),
        (house.of("viewer"), "topics=output:x", 422),
        (house.of("viewer"), "topics=tasks&once=1", 422),
        (house.of("viewer"), "topics=" + ",".join(f"output:{n:026d}" for n in range(11)), 422),
    ):
        answer = await client.get(f"/api/v1/events?{query}")
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), query


async def test_so_many_streams_and_no_more(house: House) -> None:
    async with AsyncExitStack() as open_ones:
        for _ in range(STREAMS_MAX):
            await (await open_ones.enter_async_context(Listener(house.of("viewer"), "tasks"))).event()
        refused = await house.of("viewer").get("/api/v1/events?topics=tasks")
        assert (refused.status, refused.headers["retry-after"]) == (429, "5")
    async with Listener(house.of("viewer"), "tasks") as ear:
        assert (await ear.event()).name == "hello", "who left has made room"


async def test_streams_end_at_once_when_the_service_stops(house: House) -> None:
    async with Listener(house.of("viewer"), "tasks") as ear:
        await ear.event()
        house.events.close()
        await ear.ended()
    refused = await house.of("viewer").get("/api/v1/events?topics=tasks")
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    assert refused.json["type"] == "urn:horarium:stopping"


async def test_no_stream_tells_what_is_masked(house: House) -> None:
    action = {"kind": "command", "argv": ["true"], "env": {"PASSWORD": SECRET}}
    for role in ("viewer", "editor"):
        async with Listener(house.of(role), "tasks,runs") as ear:
            await ear.event()
            task = await a_task(house, f"for {role}", action=action)
            await house.editor.post(f"{TASKS}/{task['id']}/run")
            for claim in await house.claim():
                await house.settle(claim)
            while b"succeeded" not in ear.body:
                await ear.event()
            assert SECRET.encode() not in ear.body


async def test_a_look_is_a_stream_that_ends(house: House) -> None:
    answer = await house.of("viewer").get("/api/v1/events?topics=tasks&once=true")
    assert answer.status == 200
    assert answer.body.startswith(b"retry: 2000\nevent: hello\n")


async def test_the_document_has_the_shapes_of_all_events(house: House) -> None:
    document = (await house.nobody.get("/api/openapi.json")).json
    told = document["paths"]["/api/v1/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]
    shapes = {event["properties"]["event"]["const"]: event["properties"]["data"] for event in told["schema"]["oneOf"]}
    assert set(shapes) == {"hello", "reset", "tasks", "runs", "output"}
    task = await a_task(house)
    run = (await house.editor.post(f"{TASKS}/{task['id']}/run")).json
    await house.claim()
    await house.writes(RunId(from_ulid(run["id"])), 1, b"x")
    async with Listener(house.of("viewer"), f"tasks,runs,output:{run['id']}") as ear:
        events = [await ear.event() for _ in range(3)]
        await house.editor.post(f"/api/v1/runs/{run['id']}/cancel")
        events += [await ear.event(), await ear.event()]
    assert {event.name for event in events} == {"hello", "tasks", "runs", "output"}
    for event in events:
        schema = {**shapes[event.name]["contentSchema"], "components": document["components"]}
        jsonschema_rs.Draft202012Validator(schema).validate(event.data)
