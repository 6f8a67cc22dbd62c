"""What the installation tells of itself: figures, health, metrics, zones, previews, settings."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from horarium.core.errors import StoreAway
from horarium.ports.engine import Pulse
from tests.integration.api.drafts import CRON, draft
from tests.integration.api.house import House

API = "/api/v1"


async def test_the_root_names_the_document_and_the_document_is_there(house: House) -> None:
    root = await house.nobody.get("/")
    assert root.json == {"name": "horarium", "version": "1.2.3", "api": "/api/v1", "openapi": "/api/openapi.json"}
    document = await house.nobody.get(root.json["openapi"])
    assert (document.status, document.json["openapi"]) == (200, "3.1.0")


async def test_it_lives_and_it_is_ready(house: House) -> None:
    assert (await house.nobody.get("/health/live")).json == {"status": "alive"}
    ready = await house.nobody.get("/health/ready")
    assert (ready.status, ready.json["status"], ready.json["troubles"]) == (200, "ready", [])
    assert set(ready.json["versions"]) == {"horarium", "python", "sqlite", "tzdata"}


async def test_it_is_not_ready_while_a_due_instant_stays_undecided(house: House) -> None:
    await house.editor.post(API + "/tasks", draft())
    house.clock.pass_by(70)
    assert (await house.nobody.get("/health/ready")).status == 200
    house.clock.pass_by(0.001)
    red = await house.nobody.get("/health/ready")
    assert (red.status, red.json["status"]) == (503, "not_ready")
    assert "undecided" in red.json["troubles"][0]
    await house.decide()
    assert (await house.nobody.get("/health/ready")).status == 200


async def test_it_is_not_ready_when_the_engine_or_the_store_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.told.said = Pulse(scheduler="stopped", troubles=("The wall clock jumped.",))
    red = await house.nobody.get("/health/ready")
    assert (red.status, red.json["troubles"], red.json["scheduler"]) == (503, ["The wall clock jumped."], "stopped")
    house.told.said = Pulse(scheduler="on_time")

    async def away() -> None:
        raise StoreAway("disk full")

    monkeypatch.setattr(house.store, "ping", away)
    assert "disk full" in (await house.nobody.get("/health/ready")).json["troubles"][0]


async def test_a_store_that_is_away_is_a_503_that_says_when_to_come_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StoreAway("disk full at /secret/path")

    for name in ("task_rows", "counts", "add_tasks"):
        monkeypatch.setattr(house.store, name, away)
    for answer in (await house.editor.get(API + "/tasks"), await house.editor.post(API + "/tasks", draft())):
        assert (answer.status, answer.headers["retry-after"], answer.json["type"]) == (
            503,
            "1",
            "urn:horarium:store-away",
        )
        assert b"secret" not in answer.body
    figures = await house.nobody.get("/metrics")
    assert (figures.status, b"horarium_store_up 0.0" in figures.body) == (200, True)


async def test_a_mistake_of_ours_tells_nothing_of_the_inside(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("secret of the inside")

    monkeypatch.setattr(house.store, "task_rows", broken)
    with pytest.raises(ZeroDivisionError):  # the server logs it after the answer has gone
        await house.editor.get(API + "/tasks")


async def test_figures(house: House) -> None:
    await house.editor.post(API + "/tasks", draft("a"))
    await house.editor.post(API + "/tasks?paused=true", draft("b"))
    house.told.said = Pulse(scheduler="on_time", lateness_ms=(1, 2, 3, 100))
    stats = (await house.of("viewer").get(API + "/stats")).json
    assert (stats["now"], stats["timezone"]) == ("2027-03-01T12:00:00.000Z", "Europe/Berlin")
    assert stats["scheduler"] == {"state": "on_time", "behind_seconds": 0}
    assert stats["lateness_ms"] == {"p50": 2, "p99": 100}
    assert (stats["tasks"]["total"], stats["tasks"]["active"], stats["tasks"]["paused"]) == (2, 1, 1)
    assert stats["runs"] == {"waiting": 0, "running": 0}
    house.clock.pass_by(0.9)
    assert (await house.of("viewer").get(API + "/stats")).json == stats, "kept for a second"
    house.clock.pass_by(70)
    late = (await house.of("viewer").get(API + "/stats")).json
    assert late["scheduler"] == {"state": "late", "behind_seconds": 10.9}


async def test_metrics_are_read_by_prometheus_and_name_no_task(house: House) -> None:
    await house.editor.post(API + "/tasks", draft("secret-name"))
    house.told.said = Pulse(scheduler="on_time", slots=250, slots_taken=3, ended={"succeeded": 7}, lateness_ms=(5,))
    answer = await house.nobody.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert b"secret-name" not in answer.body
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }
    assert samples["horarium_tasks", "total"] == 1
    assert samples["horarium_runs_ended_total", "succeeded"] == 7
    assert samples["horarium_worker_slots_taken",] == 3
    assert samples["horarium_scheduler_state", "on_time"] == 1
    assert samples["horarium_http_requests_total", "2xx"] == 1
    assert samples["horarium_lateness_seconds", "0.99"] == 0.005


async def test_workers_and_pools(house: House) -> None:
    task = (await house.editor.post(API + "/tasks", draft(pool="batch"))).json
    await house.of("operator").post(f"{API}/tasks/{task['id']}/run")
    pools = (await house.of("viewer").get(API + "/pools")).json["items"]
    assert {"name": "batch", "workers": 0, "slots": 0, "running": 0, "waiting": 1} in pools
    await house.claim()
    (worker,) = (await house.of("viewer").get(API + "/workers?total=true")).json["items"]
    assert (worker["name"], worker["slots"], worker["pools"]) == ("ada", 9, [])


async def test_zones_are_paged_like_every_list(house: House) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await house.of("viewer").get(f"{API}/zones?limit=250{cursor}")).json
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == sorted(seen)
    assert {"Europe/Berlin", "UTC", "America/New_York"} <= set(seen)
    assert (await house.editor.get(API + "/zones?cursor=-1")).pointers == ["/cursor"]


async def test_a_preview_shows_what_comes_and_writes_nothing(house: House) -> None:
    body = {"schedule": CRON, "after": "2027-03-27T12:00:00Z", "count": 2}
    answer = await house.of("viewer").post(API + "/schedules/preview", body)
    assert answer.json["due"] == ["2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"]
    assert [note["kind"] for note in answer.json["notes"]] == ["moved", "clock_change", "clock_change"]
    assert (await house.editor.get(API + "/tasks")).json["items"] == []
    now = await house.of("viewer").post(API + "/schedules/preview", {"schedule": {"kind": "every", "seconds": 5}})
    assert now.json["due"][0] == "2027-03-01T12:00:05.000Z"
    assert len(now.json["due"]) == 5
    wrong = await house.of("viewer").post(
        API + "/schedules/preview", {"schedule": {**CRON, "expression": "x"}, "count": 1}
    )
    assert wrong.pointers == ["/schedule/expression"]
    assert (await house.of("viewer").post(API + "/schedules/preview", {"schedule": CRON, "count": 1_001})).pointers == [
        "/count"
    ]


async def test_settings(house: House) -> None:
    assert (await house.admin.get(API + "/settings")).json == {"timezone": "Europe/Berlin", "allow_shell": True}
    read = await house.of("viewer").get(API + "/settings")
    assert (read.status, read.json["timezone"]) == (200, "Europe/Berlin")
    assert (await house.editor.patch(API + "/settings", {"timezone": "Asia/Tokyo"})).status == 403
    # The figures are kept for a second; the zone in them is not.
    assert (await house.of("viewer").get(API + "/stats")).json["timezone"] == "Europe/Berlin"
    changed = await house.admin.patch(API + "/settings", {"timezone": "Asia/Tokyo"})
    assert (changed.status, changed.json) == (200, {"timezone": "Asia/Tokyo", "allow_shell": True})
    assert (await house.of("viewer").get(API + "/stats")).json["timezone"] == "Asia/Tokyo"
    wrong = await house.admin.patch(API + "/settings", {"timezone": "Asia/Tokio"})
    assert (wrong.pointers, "Asia/Tokyo" in wrong.json["errors"][0]["remedy"]) == (["/timezone"], True)
    misspelt = await house.admin.patch(API + "/settings", {"timezon": "UTC"})
    assert misspelt.json["errors"][0]["remedy"] == "did you mean timezone?"
