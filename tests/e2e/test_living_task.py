"""One task every second, and everything a person may do to it while it runs, under each overlap mode."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.server import Refused, Server, eventually

MODES = ("skip", "queue", "allow", "replace")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("living")) as server:
        yield server


class Living:
    """A task by its id; after each step its books must balance."""

    def __init__(self, server: Server, mode: str) -> None:
        self.server = server
        self.commands: dict[int, str] = {}
        body = self.draft(mode, "sleep 2.5; echo one")
        self.task = server.ask("POST", "/tasks", body)
        self.path = f"/tasks/{self.task['id']}"
        self.remember(self.task)

    def draft(self, mode: str, command: str) -> dict[str, Any]:
        return {
            "name": f"living {mode}",
            "schedule": {"kind": "every", "seconds": 1},
            "action": {"kind": "command", "shell": command},
            "policy": {"overlap": mode},
        }

    def remember(self, task: dict[str, Any]) -> None:
        self.commands[task["revision"]] = task["action"]["shell"]

    def step(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        answer = self.server.ask(method, self.path + path, body, **headers)
        self.balanced()
        return answer

    def balanced(self) -> dict[str, Any]:
        task: dict[str, Any] = self.server.ask("GET", self.path)
        books = task["books"]
        assert books["decided"] == books["runs"] + books["skipped"] + books["forgotten"], books
        if task["action"] is not None:
            self.remember(task)
        return task

    def cancel(self, run: Mapping[str, Any]) -> bool:
        """Whether it was still there to be cancelled: the next occurrence may have replaced it meanwhile."""
        try:
            self.server.ask("POST", f"/runs/{run['id']}/cancel")
        except Refused as refused:
            if refused.status != 409:
                raise
            return False
        return True

    def cancelled_by_hand(self) -> bool:
        """Whether a run of the present revision that ran has ended because it was asked to, and not as replaced."""
        revision = self.balanced()["revision"]
        for run in self.runs():
            if run["state"] == "running" and run["task_revision"] == revision and self.cancel(run):
                return bool(self.some(id=run["id"], state="cancelled")["reason"] == "cancelled_by_user")
        return False

    def by_hand(self) -> dict[str, Any]:
        """Run it now: at once, or beside an open run where overlap refuses."""
        try:
            return dict(self.step("POST", "/run"))
        except Refused as refused:
            if refused.status != 409:
                raise
        return dict(self.step("POST", "/run?overlap=allow"))

    def runs(self) -> list[dict[str, Any]]:
        return self.server.all(f"/runs?task_id={self.task['id']}")

    def some(self, **wanted: str) -> dict[str, Any]:
        """Wait for a run that is so."""

        def found() -> dict[str, Any] | None:
            return next((run for run in self.runs() if all(run[k] == v for k, v in wanted.items())), None)

        return dict(eventually(found))


@pytest.mark.parametrize("mode", MODES)
def test_the_books_balance_after_every_step(server: Server, mode: str) -> None:
    living = Living(server, mode)
    living.some(state="running")
    eventually(lambda: living.balanced()["books"]["decided"] >= 3)

    living.step("POST", "/pause", {"reason": "a look"})
    stood = living.balanced()["books"]["seen_through"]
    waited = time.monotonic() + 2.5
    eventually(lambda: time.monotonic() > waited)
    assert living.balanced()["books"]["seen_through"] == stood, "nothing is decided while it is paused"

    living.step("PATCH", "", {"action": {"kind": "command", "shell": "echo two"}}, If_Match="*")
    living.step("POST", "/resume", {})
    second = living.some(state="succeeded", cause="schedule")
    assert second["task_revision"] >= 1

    by_hand = living.by_hand()
    assert living.some(id=by_hand["id"])["cause"] == "manual"

    living.step(
        "PATCH", "", {"name": f"renamed {mode}", "action": {"kind": "command", "shell": "sleep 60"}}, If_Match="*"
    )
    eventually(living.cancelled_by_hand)
    living.balanced()

    before = living.balanced()
    server.ask("DELETE", living.path, If_Match="*")
    (gone,) = [task for task in server.all("/tasks?state=deleted") if task["id"] == living.task["id"]]
    assert gone["next_due_at"] is None
    revisions = server.all(f"{living.path}/revisions")
    first = min(revision["revision"] for revision in revisions)
    living.step("POST", f"/revisions/{first}/restore")
    eventually(lambda: living.balanced()["books"]["decided"] > before["books"]["decided"] + 1)
    living.step("POST", "/pause", {})
    for run in living.runs():
        if run["state"] in ("waiting", "running"):
            living.cancel(run)
    eventually(lambda: not [run for run in living.runs() if run["state"] in ("waiting", "running")])
    living.balanced()

    # The log says which revision each run carried out, and the output is that revision's
    for run in living.runs():
        if run["state"] == "succeeded":
            command = living.commands[run["task_revision"]]
            output = "".join(chunk["text"] for chunk in server.ask("GET", f"/runs/{run['id']}/output")["chunks"])
            assert output.strip() == command.rpartition("echo ")[2]
