"""What becomes of runs on the real product: limits, retries, cancelling, order, slots, pools, output, kinds of action."""

import http.client
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.doing import attempts_of, carriers, draft, ended, output_of, run_now, run_of, shell, until
from tests.server import Server, eventually
from tests.witness import Witness

MIB = 1024 * 1024
PIECE_BYTES_MAX = 64 * 1024
ROOT = Path(__file__).resolve().parents[2]
REPORTS = """
import os
import sys

def send(name, *, copies=1):
    print("for", name, "as run", os.environ["HORARIUM_RUN_ID"])
    print("on the side", file=sys.stderr)
    return {"sent": copies}

def burst():
    raise ValueError("no paper")
"""


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def cancel(server: Server, run_id: str) -> dict[str, Any]:
    return dict(server.ask("POST", f"/runs/{run_id}/cancel"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("running")
    (folder / "reports.py").write_text(REPORTS)
    with Server(folder, "--drain-seconds", "0", environment={"PYTHONPATH": str(folder)}) as server:
        yield server


LIMIT = {"timeout_seconds": 1, "retry": {"max_attempts": 1}}


@pytest.fixture(scope="module", autouse=True)
def stubborn(server: Server) -> str:
    """A run that does not end when it is told to. It begins first and is looked at last, since it takes its eleven seconds."""
    return run_now(server, "stubborn", shell("trap 'echo no' TERM; while :; do sleep 0.1; done"), policy=LIMIT)


# Limits, retries, cancelling


def test_a_command_that_takes_too_long_is_told_to_end(server: Server) -> None:
    line = "trap 'echo told to end; exit 3' TERM; echo begun; sleep 600 & wait"
    run_id = run_now(server, "polite", shell(line), policy=LIMIT)
    run = ended(server, run_id)
    assert (run["state"], run["reason"], run["attempt"]) == ("failed", "timeout", 1)
    assert output_of(server, run_id) == "begun\ntold to end\n"
    assert instant(run["ended_at"]) >= instant(run["started_at"]) + timedelta(seconds=1)
    assert not carriers(run_id), "its child went with it"


def test_failed_attempts_are_tried_again_after_growing_pauses(server: Server) -> None:
    line = "echo try $HORARIUM_ATTEMPT; echo broken $HORARIUM_ATTEMPT >&2; exit 7"
    retry = {"max_attempts": 3, "first_delay_seconds": 0.4, "factor": 2.5, "max_delay_seconds": 60}
    run_id = run_now(server, "fails", shell(line), policy={"retry": retry})
    run = ended(server, run_id)
    assert (run["state"], run["reason"], run["exit_status"], run["detail"]) == ("failed", "exit_status", 7, "broken 3")
    attempts = attempts_of(server, run_id)
    assert [one["attempt"] for one in attempts] == [1, 2, 3]
    assert {one["outcome"] for one in attempts} == {"failed"}
    for before, after, pause in zip(attempts, attempts[1:], (0.4, 1.0), strict=False):
        assert instant(after["started_at"]) >= instant(before["ended_at"]) + timedelta(seconds=pause)
        assert after["fence"] > before["fence"]
    assert [output_of(server, run_id, "stdout", attempt=n) for n in (1, 2, 3)] == ["try 1\n", "try 2\n", "try 3\n"]

    # None follows a success
    run_id = run_now(
        server, "recovers", shell("exit $((2 - HORARIUM_ATTEMPT))"), policy={"retry": {**retry, "max_attempts": 9}}
    )
    assert (ended(server, run_id)["state"], run_of(server, run_id)["attempt"]) == ("succeeded", 2)
    assert [one["outcome"] for one in attempts_of(server, run_id)] == ["failed", "succeeded"]


def test_a_running_command_is_cancelled_with_all_it_started(server: Server) -> None:
    line = "trap 'echo cleaning up; exit 0' TERM; echo begun; setsid sleep 600 & sleep 600 & wait"
    run_id = run_now(server, "long", shell(line), policy={"retry": {"max_attempts": 5}})
    eventually(lambda: len(carriers(run_id)) >= 3)
    eventually(lambda: output_of(server, run_id) == "begun\n")
    cancel(server, run_id)
    run = ended(server, run_id)
    assert (run["state"], run["reason"], run["attempt"]) == ("cancelled", "cancelled_by_user", 1)
    assert output_of(server, run_id) == "begun\ncleaning up\n"
    assert not carriers(run_id)


# Output


LINES = 714_286
WRITTEN = b"".join(b"%06d\n" % n for n in range(1, LINES + 1))


@pytest.fixture(scope="module")
def long_run(server: Server) -> str:
    """A run that wrote 5 MB."""
    run_id = run_now(server, "writes", shell(f"seq -f %06.0f 1 {LINES}"))
    assert ended(server, run_id)["state"] == "succeeded"
    return run_id


def test_of_long_output_head_and_tail_are_kept_and_what_is_not_is_said_exactly(server: Server, long_run: str) -> None:
    answer = server.ask("GET", f"/runs/{long_run}/output?limit=1")
    assert (answer["size"], answer["ended"]) == (len(WRITTEN), True)
    head, tail = answer["dropped"]
    assert head == MIB
    assert MIB <= len(WRITTEN) - tail < MIB + PIECE_BYTES_MAX
    pieces = list(chunks(server, long_run))
    for at, line, text in pieces:
        assert WRITTEN[at : at + len(text)] == text
        assert line == WRITTEN.count(b"\n", 0, at) + 1
    assert b"".join(text for at, _, text in pieces if at < head) == WRITTEN[:head]
    assert b"".join(text for at, _, text in pieces if at >= head) == WRITTEN[tail:]
    assert server.ask("GET", f"/runs/{long_run}/output?offset=-7")["chunks"][-1]["text"] == f"{LINES}\n"


def test_long_output_as_plain_text_is_head_and_tail(server: Server, long_run: str) -> None:
    head, tail = server.ask("GET", f"/runs/{long_run}/output?limit=1")["dropped"]
    kept = WRITTEN[:head] + WRITTEN[tail:]
    assert is_same(output(server, long_run), kept)
    last = output(server, long_run, Range="bytes=-7")
    assert last == b"%06d\n" % LINES


def test_the_command_line_prints_head_and_tail_of_long_output(server: Server, long_run: str) -> None:
    head, tail = server.ask("GET", f"/runs/{long_run}/output?limit=1")["dropped"]
    kept = WRITTEN[:head] + WRITTEN[tail:]
    for command in (("logs", "writes"), ("logs", "--follow", "writes")):
        printed = server.run(*command)
        assert f"{tail - head} bytes were not kept" in printed.stderr
        assert is_same(printed.stdout.encode(), kept), command


def test_output_in_many_small_pieces_is_all_there(server: Server) -> None:
    """Each change between the two streams begins a piece of its own."""
    line = "i=0; while [ $i -lt 600 ]; do i=$((i + 1)); echo out $i; sleep 0.001; echo err $i >&2; sleep 0.001; done"
    run_id = run_now(server, "alternates", shell(line))
    assert ended(server, run_id)["state"] == "succeeded"
    for stream, word in (("stdout", "out"), ("stderr", "err")):
        expected = [f"{word} {n}" for n in range(1, 601)]
        assert [line for line in output(server, run_id).decode().splitlines() if line.startswith(word)] == expected
        assert output_of(server, run_id, stream).splitlines() == expected


def is_same(found: bytes, expected: bytes) -> bool:
    """Without a difference of megabytes in the report."""
    return found == expected


def output(server: Server, run_id: str, **more: str) -> bytes:
    """As plain text."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        headers = {"Authorization": f"Bearer {server.token}", "Accept": "text/plain", **more}
        connection.request("GET", f"/api/v1/runs/{run_id}/output", headers=headers)
        return connection.getresponse().read()


def chunks(server: Server, run_id: str) -> Iterator[tuple[int, int, bytes]]:
    """Offset, first line and bytes of each, page by page."""
    offset = 0
    for _ in range(1_000):
        page = server.ask("GET", f"/runs/{run_id}/output?offset={offset}&limit=262144")
        for chunk in page["chunks"]:
            yield chunk["offset"], chunk["first_line"], chunk["text"].encode()
        if page["next_offset"] >= page["size"]:
            return
        assert page["next_offset"] > offset
        offset = page["next_offset"]
    raise AssertionError("the output does not end")


# Kinds of actions


def test_a_python_function_is_called_with_its_arguments_and_its_run(server: Server) -> None:
    call = {"kind": "python", "function": "reports:send", "args": ["Ada"], "kwargs": {"copies": 2}}
    run_id = run_now(server, "python", call)
    assert ended(server, run_id)["state"] == "succeeded"
    assert output_of(server, run_id, "stdout") == f"for Ada as run {run_id}\n{{'sent': 2}}\n"
    assert output_of(server, run_id, "stderr") == "on the side\n"

    run_id = run_now(server, "python fails", {"kind": "python", "function": "reports:burst"})
    run = ended(server, run_id)
    assert (run["state"], run["reason"]) == ("failed", "error")
    assert "no paper" in run["detail"]
    assert "ValueError: no paper" in output_of(server, run_id)


def test_an_http_call_carries_the_identity_of_its_run(server: Server) -> None:
    with Witness() as witness:
        action = {"kind": "http", "method": "POST", "url": f"{witness.url}/hook", "json": {"a": 1}}
        run_id = run_now(server, "http", action)
        run = ended(server, run_id)
        assert (run["state"], run["http_status"], run["attempt"]) == ("succeeded", 200, 1)
        assert output_of(server, run_id) == "seen"
        (call,) = witness.calls()
    assert (call["path"], call["run"], call["attempt"], call["fence"]) == ("/hook", run_id, 1, 1)
    assert instant(call["due_at"]) == instant(run["due_at"])


def test_what_an_http_call_sends(server: Server) -> None:
    with subprocess.Popen([sys.executable, "-m", "tests.sink"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as sink:
        try:
            assert sink.stdout is not None
            url = sink.stdout.readline().strip().removesuffix("/ok")
            action = {
                "kind": "http",
                "method": "PUT",
                "url": f"{url}/echo?x=1",
                "json": {"a": [1]},
                "headers": {"X-Own": "y"},
            }
            run_id = run_now(server, "echo", action)
            assert ended(server, run_id)["state"] == "succeeded"
            refused = run_now(server, "refused", {"kind": "http", "url": f"{url}/status/503"})
            assert (ended(server, refused)["reason"], run_of(server, refused)["http_status"]) == ("http_status", 503)
        finally:
            sink.kill()
    arrived = json.loads(output_of(server, run_id))
    headers = {name.lower(): value for name, value in arrived["headers"]}
    assert (arrived["method"], arrived["path"], json.loads(arrived["body"])) == ("PUT", "/echo?x=1", {"a": [1]})
    assert headers["content-type"] == "application/json"
    assert headers["x-own"] == "y"
    assert (headers["idempotency-key"], headers["horarium-attempt"], headers["horarium-fence"]) == (run_id, "1", "1")
    assert headers["traceparent"].startswith("00-")


def test_a_command_that_does_not_end_when_told_is_killed(server: Server, stubborn: str) -> None:
    run = ended(server, stubborn)
    assert (run["state"], run["reason"], run["attempt"]) == ("failed", "timeout", 1)
    assert "no\n" in output_of(server, stubborn), "first it was told"
    assert instant(run["ended_at"]) >= instant(run["started_at"]) + timedelta(seconds=11), "then it had ten seconds"
    assert not carriers(stubborn)


# Slots, order, pools


def test_with_one_slot_the_more_important_go_first_and_whoever_waits_can_be_cancelled(tmp_path: Path) -> None:
    order = tmp_path / "order"
    with Server(tmp_path, "--slots", "1", "--drain-seconds", "0") as server:
        first = run_now(server, "first", shell("exec sleep 600"))
        until(server, first, "running")
        waiting = {
            priority: run_now(server, f"of {priority}", shell(f"echo {priority} >> {order}"), priority=priority)
            for priority in (0, -10, 10, 5, -1)
        }
        later = run_now(server, "of 5 too", shell(f"echo 5 later >> {order}"), priority=5)
        unwanted = run_now(server, "unwanted", shell(f"echo unwanted >> {order}"), priority=9)
        (pool,) = server.all("/pools")
        assert (pool["slots"], pool["running"], pool["waiting"]) == (1, 1, 7)

        assert cancel(server, unwanted)["state"] == "cancelled"
        run = run_of(server, unwanted)
        assert (run["reason"], run["attempt"], run["started_at"]) == ("cancelled_by_user", 0, None)
        assert attempts_of(server, unwanted) == []

        cancel(server, first)
        for run_id in (*waiting.values(), later):
            assert ended(server, run_id)["state"] == "succeeded"
        assert order.read_text().splitlines() == ["10", "5", "5 later", "0", "-1", "-10"]


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serves pool a alone, with one command at a time."""
    folder = tmp_path_factory.mktemp("narrow")
    with Server(folder, "--pool", "a", "--process-slots", "1", "--drain-seconds", "0") as server:
        yield server


def test_commands_without_a_slot_do_not_hold_back_calls_and_messages(narrow: Server) -> None:
    def run(name: str, action: dict[str, Any]) -> str:
        return run_now(narrow, name, action, pool="a")

    first = run("first", shell("exec sleep 600"))
    until(narrow, first, "running")
    second = run("second", shell("echo at last"))
    message = run("message", {"kind": "log", "message": "hello"})
    with Witness() as witness:
        call = run("call", {"kind": "http", "method": "POST", "url": witness.url})
        assert ended(narrow, call)["state"] == "succeeded"
    assert ended(narrow, message)["state"] == "succeeded"
    assert output_of(narrow, message).strip() == "hello"
    assert run_of(narrow, second)["state"] == "waiting"
    (pool,) = [pool for pool in narrow.all("/pools") if pool["name"] == "a"]
    assert (pool["workers"], pool["running"], pool["waiting"]) == (1, 1, 1)
    cancel(narrow, first)
    assert ended(narrow, second)["state"] == "succeeded"
    assert output_of(narrow, second) == "at last\n"


def test_a_pool_that_nobody_serves_waits_and_shows_it(narrow: Server) -> None:
    there = run_now(narrow, "elsewhere", {"kind": "log", "message": "b"}, pool="b")
    here = run_now(narrow, "here", {"kind": "log", "message": "a"}, pool="a")
    assert ended(narrow, here)["state"] == "succeeded"
    pools = {pool["name"]: pool for pool in narrow.all("/pools")}
    assert (pools["b"]["workers"], pools["b"]["slots"], pools["b"]["running"], pools["b"]["waiting"]) == (0, 0, 0, 1)
    assert pools["a"]["workers"] == 1
    assert pools["default"]["workers"] == 0
    assert [worker["pools"] for worker in narrow.all("/workers")] == [["a"]]
    assert run_of(narrow, there)["state"] == "waiting"

    # Moved to a pool that is served, what was made and never attempted goes with its task
    task = run_of(narrow, there)["task_id"]
    narrow.ask("PATCH", f"/tasks/{task}", {"pool": "a"}, If_Match="*")
    assert ended(narrow, there)["state"] == "succeeded"


# Definitions that this version cannot read


def test_a_definition_that_cannot_be_read_is_shown_and_mended_while_the_others_go_on(tmp_path: Path) -> None:
    names = ("moon", "fax", "sound")
    message = {"kind": "log", "message": "x"}
    second = {"kind": "every", "seconds": 1}
    with Server(tmp_path) as server:
        batch = [draft(name, message, schedule=second) for name in names]
        ids = [str(task["id"]) for task in server.ask("POST", "/tasks/batch", {"tasks": batch})["items"]]
        moon, fax, sound = ids

        def read(task_id: str) -> dict[str, Any]:
            return dict(server.ask("GET", f"/tasks/{task_id}"))

        def decided(task_id: str) -> int:
            books = read(task_id)["books"]
            assert books["decided"] == books["runs"] + books["skipped"] + books["forgotten"]
            return int(books["decided"])

        eventually(lambda: all(decided(task_id) for task_id in ids))
        assert server.stop() == 0
        with closing(sqlite3.connect(server.data_dir / "horarium.db")) as connection, connection:
            connection.execute("""UPDATE tasks SET schedule = '{"kind":"lunar","phase":"full"}' WHERE name = 'moon'""")
            connection.execute("""UPDATE tasks SET action = '{"kind":"fax","number":"1"}' WHERE name = 'fax'""")
        server.start()

        before = {task_id: decided(task_id) for task_id in ids}
        eventually(lambda: decided(sound) >= before[sound] + 2)
        for task_id, field, word in ((moon, "schedule", "lunar"), (fax, "action", "fax")):
            task = read(task_id)
            assert task["broken"]["field"].startswith(field)
            assert word in task["broken"]["reason"]
            assert word in task["broken"]["definition"]
            assert (task["schedule"], task["action"], task["policy"]) == (None, None, None)
            assert decided(task_id) == before[task_id], "nothing of it is decided until it can be read"
        assert {task["name"] for task in server.all("/tasks?state=broken")} == {"moon", "fax"}
        shown = server.run("show", "moon").stdout
        assert "broken" in shown
        assert "lunar" in shown
        assert server.status("GET", "/health/ready") == 200

        for task_id, name in ((moon, "moon"), (fax, "fax")):
            mended = server.ask("PUT", f"/tasks/{task_id}", draft(name, message, schedule=second), If_Match="*")
            assert mended["broken"] is None
            assert mended["next_due_at"] is not None
        for task_id in (moon, fax):
            eventually(lambda task_id=task_id: decided(task_id) >= before[task_id] + 2)
            newest = server.ask("GET", f"/runs?task_id={task_id}&limit=1")["items"][0]
            assert newest["task_revision"] == read(task_id)["revision"]
        assert server.all("/tasks?state=broken") == []
