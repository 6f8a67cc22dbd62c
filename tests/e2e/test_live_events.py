"""The stream of events of a running service: soon while it works, a number where it works fast, over when it stops."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.doing import run_now, shell
from tests.server import Server

SECONDS_MAX = 30.0
TASKS = 3_000


class Ear:
    """Listens in a thread of its own; each event with the instant at which it came."""

    def __init__(self, server: Server, topics: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=SECONDS_MAX)
        self._connection.request(
            "GET", f"/api/v1/events?topics={topics}", headers={"Authorization": f"Bearer {server.token}"}
        )
        self.answer = self._connection.getresponse()
        self.events: list[tuple[float, str, Any]] = []
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Ear":
        self.until(lambda name, data: name == "hello")
        return self

    def __exit__(self, *error: object) -> None:
        """Hang up."""
        if self._connection.sock is not None:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(SECONDS_MAX)
        self.answer.close()
        self._connection.close()

    def until(self, fact: Any) -> tuple[float, str, Any]:
        """The first event of which it is true."""
        end = time.monotonic() + SECONDS_MAX
        while time.monotonic() < end:
            for event in list(self.events):
                if fact(event[1], event[2]):
                    return event
            time.sleep(0.01)
        raise AssertionError(f"nothing like it came: {self.events[-5:]}")

    def _listen(self) -> None:
        name = ""
        for line in self._lines():
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                self.events.append((time.monotonic(), name, json.loads(value)))
        self.over.set()

    def _lines(self) -> Iterator[str]:
        while line := self.answer.readline():
            yield line.decode().rstrip("\n")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as started:
        yield started


def test_a_run_is_followed_from_its_beginning_to_its_end(server: Server) -> None:
    with ExitStack() as ears:
        followed(server, ears)


def followed(server: Server, ears: ExitStack) -> None:
    ear = ears.enter_context(Ear(server, "tasks,runs"))
    run_id = run_now(server, "short", shell("echo begun; sleep 1; echo ended"))
    output = ears.enter_context(Ear(server, f"output:{run_id}"))

    def is_now(state: str) -> Any:
        return lambda name, data: (
            name == "runs" and any(item["id"] == run_id and item["state"] == state for item in data["items"])
        )

    begun, _, _ = ear.until(is_now("running"))
    ended, _, _ = ear.until(is_now("succeeded"))
    assert 0.5 <= ended - begun <= 5
    output.until(lambda name, data: name == "output" and data["size"] == len("begun\nended\n"))
    output.until(is_now("succeeded"))
    _, _, tasks = ear.until(lambda name, data: name == "tasks" and any(item["last_run"] for item in data["items"]))
    assert tasks["many"] is None


def test_a_burst_is_told_in_few_events_and_loses_nothing(server: Server) -> None:
    with Ear(server, "tasks,runs") as ear:
        at = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
        drafts = [
            {"name": f"task {n}", "schedule": {"kind": "once", "at": at}, "action": {"kind": "log", "message": "x"}}
            for n in range(TASKS)
        ]
        for start in range(0, TASKS, 1_000):
            server.ask("POST", "/tasks/batch", {"tasks": drafts[start : start + 1_000]})
        end = time.monotonic() + SECONDS_MAX
        while len(server.all("/runs?state=succeeded")) < TASKS and time.monotonic() < end:
            time.sleep(0.2)
        ear.until(lambda name, data: name == "runs" and data["many"])
        time.sleep(1)
        for name in ("tasks", "runs"):
            told = [(came, data) for came, what, data in ear.events if what == name]
            assert all(len(data["items"]) <= 500 for _, data in told)
            assert all(later - earlier > 0.15 for (earlier, _), (later, _) in pairwise(told))
        named = {item["id"] for _, name, data in ear.events if name == "runs" for item in data["items"]}
        counted = sum(data["many"] or 0 for _, name, data in ear.events if name == "runs")
        assert len(named) + counted >= TASKS


def test_streams_end_at_once_while_runs_still_get_their_time(server: Server) -> None:
    with Ear(server, "runs") as ear:
        run_now(server, "slow", shell("sleep 3"))
        ear.until(lambda name, data: name == "runs" and data["items"][0]["state"] == "running")
        assert server.process is not None
        begun = time.monotonic()
        server.process.terminate()
        assert ear.over.wait(2), "the stream goes on"
        assert time.monotonic() - begun < 2
        assert server.stop() == 0
        assert "Traceback" not in server.log.read_text("utf-8")
