"""The promise, on the real product: it is killed in the middle, again and again, and every occurrence is in the books once."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.server import Server, eventually
from tests.sizes import size
from tests.witness import Witness

ROUNDS = size(5, 30)
ONCE = size(300, 2_000)
EVERY = size(20, 60)
BETWEEN_KILLS_SECONDS = 3.0
LATE_SECONDS_MAX = 10.0
"""What a loaded machine may add to the time the service was away."""


def shown(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def drafts(url: str, burst_at: datetime) -> list[dict[str, Any]]:
    def action(path: str) -> dict[str, Any]:
        return {"kind": "http", "method": "POST", "url": f"{url}/{path}"}

    policy = {"catch_up": {"mode": "all"}, "overlap": "queue"}
    once = [
        {"name": f"once {n}", "schedule": {"kind": "once", "at": shown(burst_at)}, "action": action(f"once/{n}")}
        for n in range(ONCE)
    ]
    every = [
        {
            "name": f"every {n}",
            "schedule": {"kind": "every", "seconds": 2},
            "action": action(f"every/{n}"),
            "policy": policy,
        }
        for n in range(EVERY)
    ]
    return once + every


def test_killed_and_restarted_nothing_is_lost_and_nothing_happens_twice(tmp_path: Path) -> None:
    with Witness() as witness, Server(tmp_path) as server:
        burst_at = datetime.now(UTC) + timedelta(seconds=2 + BETWEEN_KILLS_SECONDS)
        ids = []
        batch = drafts(witness.url, burst_at)
        for start in range(0, len(batch), 1_000):
            ids += [
                task["id"]
                for task in server.ask("POST", "/tasks/batch", {"tasks": batch[start : start + 1_000]})["items"]
            ]
        downs: list[tuple[float, float]] = []
        for _ in range(ROUNDS):
            time.sleep(BETWEEN_KILLS_SECONDS)
            server.kill()
            killed = time.time()
            server.start()
            downs.append((killed, time.time()))
        for task in server.all("/tasks"):
            if task["name"].startswith("every"):
                server.ask("POST", f"/tasks/{task['id']}/pause", {})
        eventually(lambda: server.ask("GET", "/stats")["runs"] == {"waiting": 0, "running": 0}, seconds=120)
        calls = witness.calls()
        runs = server.all("/runs")
        skips = server.all("/skips")
        tasks = {task_id: server.ask("GET", f"/tasks/{task_id}") for task_id in ids}
        told = server.run("show", "every 0").stdout
        assert server.stop() == 0

    books = {task_id: task["books"] for task_id, task in tasks.items()}
    runs_of, skips_of = Counter(run["task_id"] for run in runs), Counter[str]()
    for skip in skips:
        skips_of[skip["task_id"]] += skip["count"]
    for task_id, of in books.items():
        assert of["decided"] == of["runs"] + of["skipped"] + of["forgotten"], tasks[task_id]["name"]
        assert (of["runs"], of["skipped"]) == (runs_of[task_id], skips_of[task_id]), tasks[task_id]["name"]
    assert "due = " in told

    # No occurrence twice, and each one that the schedule names is there
    occurrences = Counter((run["task_id"], run["due_at"]) for run in runs)
    assert max(occurrences.values()) == 1
    for task_id, task in tasks.items():
        assert books[task_id]["decided"] == _named(task), task["name"]

    # Every succeeded run was seen by the witness, under the fence it succeeded with; no attempt was begun twice
    seen = Counter((call["run"], call["attempt"], call["fence"]) for call in calls)
    assert max(seen.values()) == 1
    seen_runs = {call["run"] for call in calls}
    succeeded = [run for run in runs if run["state"] == "succeeded"]
    assert succeeded
    assert {run["id"] for run in succeeded} <= seen_runs

    # None starts early, none is later than the time the service was away explains
    for run in runs:
        due, started = _seconds(run["due_at"]), _seconds(run["started_at"])
        assert started >= due
        away = sum(max(0.0, min(up, started) - max(down, due)) for down, up in downs)
        assert started - due <= away + LATE_SECONDS_MAX, (run, downs)


def _named(task: dict[str, Any]) -> int:
    """How many instants the schedule names up to where the books have seen, counted from its words."""
    seen = _seconds(task["books"]["seen_through"])
    if task["schedule"]["kind"] == "once":
        return int(_seconds(task["schedule"]["at"]) <= seen)
    anchor, period = _seconds(task["schedule"]["anchor"]), task["schedule"]["seconds"]
    return max(0, int((seen - anchor) // period) + 1)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
