"""A calendar that many tasks use is changed, and the service is killed before all of them follow: after the start they do."""

import threading
from collections import Counter
from pathlib import Path
from typing import Any

from tests.server import Server, eventually
from tests.sizes import size

TASKS = size(800, 5_000)
BATCH = 400


def draft(number: int) -> dict[str, Any]:
    return {
        "name": f"report {number}",
        "schedule": {
            "kind": "cron",
            "expression": "0 9 * * *",
            "timezone": "UTC",
            "starts_at": "2099-12-24T00:00:00Z",
            "except": [{"kind": "calendar", "name": "ops"}],
        },
        "action": {"kind": "log", "message": "x"},
    }


def test_a_change_goes_on_after_a_kill(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        server.ask("PUT", "/calendars/ops", {"days": ["2099-12-24"]})
        for first in range(0, TASKS, BATCH):
            server.ask("POST", "/tasks/batch", {"tasks": [draft(first + n) for n in range(BATCH)]})
        [one, *_] = server.ask("GET", "/tasks?limit=1")["items"]
        assert (one["schedule"]["except"][0]["version"], one["next_due_at"]) == (1, "2099-12-25T09:00:00.000Z")

        def change() -> None:
            try:
                server.ask("PUT", "/calendars/ops", {"days": ["2099-12-25"]})
            except OSError:
                return  # the kill came first, as it should

        def versions() -> Counter[int]:
            return Counter(task["schedule"]["except"][0]["version"] for task in server.all("/tasks"))

        changing = threading.Thread(target=change)
        changing.start()
        eventually(lambda: server.ask("GET", "/calendars/ops")["version"] == 2, every=0.001)
        server.kill()
        changing.join()
        server.start()
        eventually(lambda: versions() == {2: TASKS})
        assert "tasks follow a changed list of days" in server.log.read_text(), "nothing was left to do after the kill"
        tasks = server.all("/tasks")
        assert {task["next_due_at"] for task in tasks} == {"2099-12-24T09:00:00.000Z"}
        assert {task["revision"] for task in tasks} == {2}
        history = server.ask("GET", f"/tasks/{one['id']}/revisions")["items"]
        assert [row["what"] for row in history] == ["calendar ops", "created"]
