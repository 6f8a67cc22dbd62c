"""What each command asks of the API, what it prints, and how it ends. The real server is met in tests/integration/test_cli.py."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from horarium.cli import follow
from tests.unit.cli.conftest import TASK, Type
from tests.unit.cli.stub import Stub

ID = TASK["id"]
RUN = "01JD8Z5B1ZC7TR0Q3H6W0XQ2SH"
BY_NAME = "GET /tasks/by-name/backup"


def run_of(state: str = "succeeded", **more: Any) -> dict[str, Any]:
    base = {
        "id": RUN,
        "task_id": ID,
        "task_name": "backup",
        "task_revision": 3,
        "cause": "manual",
        "due_at": "2027-03-01T11:00:00.000Z",
        "state": state,
        "reason": None,
        "attempt": 1,
        "exit_status": None,
        "http_status": None,
        "detail": None,
        "lateness_ms": None,
        "duration_ms": 1234,
    }
    return {**base, **more}


def part(text: str, offset: int = 0, *, ended: bool = True) -> dict[str, Any]:
    size = offset + len(text)
    chunks = [{"offset": offset, "stream": "stdout", "first_line": 1, "at": "2027-03-01T11:00:00.000Z", "text": text}]
    return {"size": size, "ended": ended, "dropped": None, "next_offset": size, "chunks": chunks if text else []}


@pytest.fixture
def add_stub(stub: Stub) -> Stub:
    stub.answers["POST /tasks"] = (201, TASK)
    stub.answers["PATCH /tasks/" + ID] = TASK
    stub.answers[BY_NAME] = TASK
    stub.answers[f"GET /tasks/{ID}/upcoming"] = {"due": [], "overrides": []}
    stub.answers["POST /schedules/preview"] = {
        "due": ["2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"],
        "notes": [{"kind": "moved", "at": "2027-03-28T01:00:00.000Z", "text": "clocks go forward"}],
    }
    return stub


def test_add_sends_only_what_was_typed_and_keeps_the_folder(add_stub: Stub, typed: Type) -> None:
    done = typed("add", "backup", "--cron", "30 2 * * *", "--", "backup", "--all", "-h")
    assert done.exit_code == 0, done.output
    [post] = [asked for asked in add_stub.asked if asked.path == "/tasks"]
    assert post.body == {
        "name": "backup",
        "schedule": {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"},
        "action": {"kind": "command", "argv": ["backup", "--all", "-h"], "cwd": os.getcwd()},
    }
    assert post.headers["authorization"] == "Bearer secret"
    assert post.headers["content-type"] == "application/json"
    assert done.stdout.splitlines() == [
        "backup: 30 2 * * * (Europe/Berlin)",
        "does  backup --all",
        "next  Sun 2027-03-28 03:00+02:00 · Mon 2027-03-29 02:30+02:00 (Europe/Berlin)",
        "note  clocks go forward",
        f"id    {ID}",
    ]


ADDS: list[tuple[list[str], dict[str, Any]]] = [
    (
        ["--every", "1h30m", "--log", "hi"],
        {"schedule": {"kind": "every", "seconds": 5400}, "action": {"kind": "log", "message": "hi"}},
    ),
    (["--at", "2027-03-28T02:30", "--log", "x"], {"schedule": {"kind": "once", "at": "2027-03-28T01:00:00.000Z"}}),
    (
        ["--at", "2027-03-28T02:30", "--timezone", "UTC", "--log", "x"],
        {"schedule": {"kind": "once", "at": "2027-03-28T02:30:00.000Z"}},
    ),
    (
        ["--at", "2027-03-28T02:30-01:00", "--log", "x"],
        {"schedule": {"kind": "once", "at": "2027-03-28T03:30:00.000Z"}},
    ),
    (
        [
            "--every",
            "1m",
            "--starts",
            "2027-03-01",
            "--ends",
            "2027-04-01Z",
            "--max-occurrences",
            "3",
            "--jitter",
            "5s",
            "--log",
            "x",
        ],
        {},
    ),
    (
        ["--every", "1m", "--shell", "a | b", "--cwd", "/srv", "--env", "K=a=b"],
        {"action": {"kind": "command", "shell": "a | b", "env": {"K": "a=b"}, "cwd": "/srv"}},
    ),
    (
        ["--every", "1m", "--url", "http://x/", "--method", "post", "--header", "A: b", "--body", "c"],
        {"action": {"kind": "http", "url": "http://x/", "method": "POST", "headers": {"A": "b"}, "body": "c"}},
    ),
    (["--every", "1m", "--python", "a.b:c"], {"action": {"kind": "python", "function": "a.b:c"}}),
    (
        [
            "--every",
            "1m",
            "--log",
            "x",
            "--timeout",
            "30s",
            "--retries",
            "2",
            "--overlap",
            "queue",
            "--catch-up",
            "none",
        ],
        {
            "policy": {
                "timeout_seconds": 30,
                "retry": {"max_attempts": 3},
                "overlap": "queue",
                "catch_up": {"mode": "none"},
            }
        },
    ),
    (
        [
            "--every",
            "1m",
            "--log",
            "x",
            "--tag",
            "a",
            "--tag",
            "b",
            "--pool",
            "p",
            "--priority",
            "-3",
            "--description",
            "d",
        ],
        {"tags": ["a", "b"], "pool": "p", "priority": -3, "description": "d"},
    ),
]


@pytest.mark.parametrize(
    ("arguments", "expected"), ADDS, ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else ""
)
def test_add_translates_every_option(
    add_stub: Stub, typed: Type, arguments: list[str], expected: dict[str, Any]
) -> None:
    done = typed("add", "backup", *arguments)
    if "2027-04-01Z" in arguments:
        assert done.exit_code == 2
        return
    assert done.exit_code == 0, done.output
    [post] = [asked for asked in add_stub.asked if asked.path == "/tasks"]
    assert {name: post.body[name] for name in expected} == expected


def test_add_paused_is_born_paused(add_stub: Stub, typed: Type) -> None:
    assert typed("add", "backup", "--every", "1m", "--log", "x", "--paused").exit_code == 0
    [post] = [asked for asked in add_stub.asked if asked.path == "/tasks"]
    assert post.query == {"paused": ["true"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--log", "x"], "When is it due?"),
        (["--every", "1m"], "What is to be done?"),
        (["--every", "1m", "--cron", "* * * * *", "--log", "x"], "--cron and --every exclude each other"),
        (["--every", "1m", "--log", "x", "--", "y"], "COMMAND and --log exclude each other"),
        (["--every", "1m", "--log", "x", "--env", "A=b"], "--env belongs to a command"),
        (["--every", "1m", "--method", "GET", "--", "y"], "--method belongs to --url"),
        (["--every", "1m", "--env", "A", "--", "y"], "has no ="),
        (["--every", "1m", "--url", "http://x", "--header", "A"], "has no colon"),
        (["--every", "soon", "--log", "x"], "no duration"),
        (["--at", "soon", "--log", "x"], "no time"),
        (["--at", "2027-01-01", "--timezone", "EST", "--log", "x"], "abbreviation"),
        (["--every", "1h", "--timezone", "Mars", "--log", "x"], "no time zone"),
        (["--every", "1h", "--timezone", "Europe/Berln", "--log", "x"], "did you mean Europe/Berlin"),
        (["--at", "2027-01-01Z", "--timezone", "europe/berlin", "--log", "x"], "write Europe/Berlin"),
        (["--every", "1m", "--log", "x", "--overlap", "never"], "never"),
        (["--every", "1m", "--log", "x", "--retries", "-1"], "-1"),
        (["--evry", "1m", "--log", "x"], "--every"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(
    add_stub: Stub, typed: Type, arguments: list[str], said: str
) -> None:
    done = typed("add", "backup", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert not [asked for asked in add_stub.asked if asked.path == "/tasks"]


EDITS: list[tuple[list[str], dict[str, Any]]] = [
    (["--cron", "0 3 * * *"], {"schedule": {"kind": "cron", "expression": "0 3 * * *", "timezone": "Europe/Berlin"}}),
    (["--timezone", "UTC"], {"schedule": {"timezone": "UTC"}}),
    (["--every", "5m"], {"schedule": {"kind": "every", "seconds": 300}}),
    (["--shell", "a"], {"action": {"shell": "a", "argv": None}}),
    (["--", "a", "b"], {"action": {"argv": ["a", "b"], "shell": None}}),
    (["--env", "A=b"], {"action": {"env": {"A": "b"}}}),
    (["--log", "x"], {"action": {"kind": "log", "message": "x"}}),
    (["--timeout", "1m"], {"policy": {"timeout_seconds": 60}}),
    (["--name", "other"], {"name": "other"}),
    (
        ["--clear", "timeout", "--clear", "ends", "--clear", "tags"],
        {"policy": {"timeout_seconds": None}, "schedule": {"ends_at": None}, "tags": None},
    ),
    (["--ends", "2027-03-28T02:30", "--timezone", "Asia/Tokyo"], {"schedule": {"ends_at": "2027-03-27T17:30:00.000Z"}}),
]


@pytest.mark.parametrize(
    ("arguments", "patch"), EDITS, ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else ""
)
def test_edit_sends_a_patch_on_the_revision_it_read(
    add_stub: Stub, typed: Type, arguments: list[str], patch: dict[str, Any]
) -> None:
    done = typed("edit", "backup", *arguments)
    assert done.exit_code == 0, done.output
    [asked] = add_stub.of("PATCH")
    assert asked.body == patch
    assert asked.headers["if-match"] == '"3"'
    assert asked.headers["content-type"] == "application/merge-patch+json"


def test_edit_without_a_change_is_refused(add_stub: Stub, typed: Type) -> None:
    done = typed("edit", "backup")
    assert done.exit_code == 2
    assert "Nothing to change" in done.stderr


PROBLEMS = [
    (400, 2),
    (401, 6),
    (403, 6),
    (404, 4),
    (409, 5),
    (412, 5),
    (413, 2),
    (415, 2),
    (422, 2),
    (428, 5),
    (429, 3),
    (500, 3),
    (503, 3),
]


@pytest.mark.parametrize(("status", "code"), PROBLEMS)
def test_every_problem_has_its_exit_code_and_one_sentence(stub: Stub, typed: Type, status: int, code: int) -> None:
    error = {"pointer": "/schedule/expression", "message": "not\x1b[2J understood", "remedy": "write */5"}
    stub.answers[BY_NAME] = (
        status,
        {"title": "no", "detail": 'No task "backup". Did you mean "back"?', "errors": [error]},
    )
    done = typed("show", "backup")
    assert done.exit_code == code
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        'No task "backup". Did you mean "back"?',
        "  /schedule/expression: not\\x1b[2J understood (write */5)",
    ]


def test_a_problem_with_one_error_says_it_once(stub: Stub, typed: Type) -> None:
    error = {"pointer": "/name", "message": "too long", "remedy": "shorten it"}
    stub.answers[BY_NAME] = (422, {"detail": "/name: too long", "errors": [error]})
    assert typed("show", "backup").stderr == "/name: too long (shorten it)\n"
    stub.answers[BY_NAME] = (
        409,
        {"detail": "The name is taken.", "errors": [{"pointer": "/name", "message": "The name is taken."}]},
    )
    assert typed("show", "backup").stderr == "The name is taken.\n"


def test_an_answer_that_is_no_problem_document_still_ends_in_a_sentence(stub: Stub, typed: Type) -> None:
    stub.answers[BY_NAME] = (502, b"<html>Bad gateway</html>")
    done = typed("show", "backup")
    assert done.exit_code == 3
    assert done.stderr == "The server answered 502.\n"


def test_a_server_that_is_not_there_is_told_in_one_sentence(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HORARIUM_URL", f"http://127.0.0.1:{free.getsockname()[1]}")
        done = typed("list")
    assert done.exit_code == 3
    assert "No server answers at" in done.stderr
    assert "horarium serve" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("url", ["ftp://x", "127.0.0.1:8787", "http://", "http://[::1", "http://x:99999"])
def test_an_address_that_is_none_is_refused(typed: Type, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("HORARIUM_URL", url)
    done = typed("list")
    assert done.exit_code == 2, done.output
    assert "no address" in done.stderr


def test_no_server_at_all(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HORARIUM_URL")
    done = typed("list")
    assert done.exit_code == 3
    assert done.stderr.startswith("No horarium server runs here.")


def test_list_says_that_the_next_one_is_skipped(stub: Stub, typed: Type) -> None:
    stub.answers["GET /tasks"] = {"items": [{**TASK, "is_next_skipped": True}], "next_cursor": None}
    assert "Sun 2027-03-28 03:00+02:00, skipped" in typed("list").output


def test_list_prints_a_table_with_hostile_names_made_harmless(stub: Stub, typed: Type) -> None:
    evil = {**TASK, "name": "evil\x1b]0;x\x07\u202e", "pause": {"at": "2027-01-01T00:00:00.000Z"}}
    last = {"id": RUN, "state": "failed", "due_at": "2027-03-01T11:00:00.000Z", "duration_ms": 1}
    stub.answers["GET /tasks"] = {"items": [{**TASK, "last_runs": [last]}, evil], "next_cursor": None}
    done = typed("ls", "back", "up", "--state", "active", "--tag", "a", "--tag", "b")
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.output
    assert "\u202e" not in done.output
    head, first, second = done.stdout.splitlines()
    assert head.split("  ")[0] == "name"
    assert "Europe/Berlin" in head
    assert "failing" in first
    assert "Sun 2027-03-28 03:00+02:00" in first
    assert "evil\\x1b]0;x\\x07\\u202e" in second
    assert "paused" in second
    query = stub.asked[0].query
    assert query == {"words": ["back up"], "state": ["active"], "tag": ["a", "b"], "sort": ["name"], "limit": ["51"]}


def test_json_is_the_api_answer(stub: Stub, typed: Type) -> None:
    page = {"items": [TASK], "next_cursor": "abc"}
    stub.answers["GET /tasks"] = page
    assert json.loads(typed("list", "--json").stdout) == page


def test_show_tells_the_books(stub: Stub, typed: Type) -> None:
    books = {"decided": 412, "runs": 398, "skipped": 14, "forgotten": 0, "seen_through": "2027-03-01T11:00:00.000Z"}
    stub.answers[BY_NAME] = TASK
    stub.answers[f"GET /tasks/{ID}"] = {**TASK, "books": books}
    stub.answers[f"GET /tasks/{ID}/upcoming"] = {"due": ["2027-03-28T01:00:00.000Z"]}
    stub.answers["GET /runs"] = {"items": [run_of("failed", reason="exit_status", exit_status=3)], "next_cursor": None}
    done = typed("show", "backup")
    assert done.exit_code == 0, done.output
    assert "412 due = 398 runs + 14 skipped: it balances" in done.stdout
    assert "failed (exit_status 3)" in done.stdout
    stub.answers[f"GET /tasks/{ID}"] = {**TASK, "books": {**books, "forgotten": 3}}
    assert "412 due ≠ 398 runs + 14 skipped + 3 forgotten: IT DOES NOT BALANCE" in typed("show", "backup").stdout


def test_a_task_is_found_by_id_and_an_id_that_is_none_is_a_name(stub: Stub, typed: Type) -> None:
    stub.answers[f"GET /tasks/{ID}"] = TASK
    stub.answers[f"POST /tasks/{ID}/run"] = (202, run_of("waiting"))
    assert typed("run", ID).exit_code == 0
    del stub.answers[f"GET /tasks/{ID}"]
    stub.answers[f"GET /tasks/by-name/{ID}"] = TASK
    assert typed("run", ID).exit_code == 0


def test_names_with_slashes_are_one_segment(stub: Stub, typed: Type) -> None:
    stub.answers["GET /tasks/by-name/old/ä b?"] = TASK
    stub.answers[f"DELETE /tasks/{ID}"] = (204, None)
    done = typed("delete", "old/ä b?")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(("state", "code"), [("succeeded", 0), ("failed", 1), ("cancelled", 1)])
def test_run_follow_ends_as_the_run_ends(
    stub: Stub, typed: Type, monkeypatch: pytest.MonkeyPatch, state: str, code: int
) -> None:
    monkeypatch.setattr(follow, "ASK_EVERY_SECONDS", 0.0)
    stub.answers[BY_NAME] = TASK
    stub.answers[f"POST /tasks/{ID}/run"] = (202, run_of("waiting"))
    stub.answers[f"GET /runs/{RUN}"] = [run_of("waiting", attempt=0), run_of("running"), run_of(state)]
    stub.answers[f"GET /runs/{RUN}/output"] = [part(""), part("hello\n"), part("bye\n", 6)]
    stub.answers[f"GET /runs/{RUN}/output plain"] = [b"hello\n", b"bye\n"]
    done = typed("run", "backup", "-f")
    assert done.exit_code == code, done.output
    assert done.stdout == "hello\nbye\n"
    assert state in done.stderr
    ranges = [asked.headers.get("range") for asked in stub.asked if asked.headers.get("accept") == "text/plain"]
    assert ranges == ["bytes=0-5", "bytes=6-9"]


def test_logs_of_a_task_are_those_of_its_newest_run_and_raw_in_a_pipe(stub: Stub, typed: Type) -> None:
    stub.answers[BY_NAME] = TASK
    stub.answers["GET /runs"] = {"items": [run_of()], "next_cursor": None}
    stub.answers[f"GET /runs/{RUN}/output"] = part("a\x1b[2Jb")
    stub.answers[f"GET /runs/{RUN}/output plain"] = b"a\x1b[2Jb\xff"
    done = typed("logs", "backup")
    assert done.exit_code == 0, done.output
    assert done.stdout_bytes == b"a\x1b[2Jb\xff"


def test_logs_of_a_task_that_has_not_run(stub: Stub, typed: Type) -> None:
    stub.answers[BY_NAME] = TASK
    stub.answers["GET /runs"] = {"items": [], "next_cursor": None}
    done = typed("logs", "backup")
    assert done.exit_code == 4
    assert done.stderr == "backup has not run yet.\n"


def test_runs_are_a_table(stub: Stub, typed: Type) -> None:
    skip = {
        "record": "skip",
        "task_name": "backup",
        "task_revision": 2,
        "last_due_at": "2027-03-01T12:00:00.000Z",
        "count": 7,
        "reason": "paused",
    }
    stub.answers["GET /runs"] = {"items": [{**run_of(lateness_ms=3), "record": "run"}, skip], "next_cursor": None}
    done = typed("runs", "--skips", "--from", "2027-03-01T00:00")
    assert done.exit_code == 0, done.output
    assert "7 skipped (paused)" in done.stdout
    assert RUN in done.stdout
    [asked] = [asked for asked in stub.asked if asked.path == "/runs"]
    assert asked.query == {"with": ["skips"], "from": ["2027-02-28T23:00:00.000Z"], "limit": ["20"]}


def test_runs_tell_their_revision_and_why_they_failed(stub: Stub, typed: Type) -> None:
    failed = run_of("failed", reason="exit_status", detail="killed by SIGKILL\x1b[2J", task_revision=17)
    again = run_of("waiting", attempt=1, detail="of the attempt before")
    long = run_of("failed", reason="error", detail="x" * 300)
    stub.answers["GET /runs"] = {"items": [failed, again, long], "next_cursor": None}
    done = typed("runs")
    assert done.exit_code == 0, done.output
    head, *rows = [re.split(r" {2,}", line) for line in done.stdout.splitlines()]
    assert head[1:4] == ["task", "rev", "state"]
    assert [row[2] for row in rows] == ["17", "3", "3"]
    assert [row[-1] for row in rows] == ["killed by SIGKILL\\x1b[2J", RUN, "x" * 59 + "…"]


@pytest.mark.parametrize("command", ["run", "logs"])
def test_the_closing_line_says_why_the_run_failed(stub: Stub, typed: Type, command: str) -> None:
    failed = run_of("failed", reason="exit_status", exit_status=3, detail="disk\u202e\x1b[2J full")
    stub.answers |= {BY_NAME: TASK, f"POST /tasks/{ID}/run": (202, run_of("waiting"))}
    stub.answers |= {"GET /runs": {"items": [failed], "next_cursor": None}, f"GET /runs/{RUN}": failed}
    stub.answers[f"GET /runs/{RUN}/output"] = part("")
    done = typed(command, "backup", "-f")
    assert done.exit_code == 1
    assert done.stderr == "failed (exit_status 3): disk\\u202e\\x1b[2J full\n"


def test_cancel_needs_an_id(typed: Type) -> None:
    done = typed("cancel", "backup")
    assert done.exit_code == 4
    assert "named by their ids" in done.stderr


def test_restore_revives_the_deleted_namesake(stub: Stub, typed: Type) -> None:
    stub.answers["GET /tasks"] = {"items": [TASK, {**TASK, "name": "backup-2"}], "next_cursor": None}
    stub.answers[f"GET /tasks/{ID}/revisions"] = {"items": [{"revision": 4, "what": "deleted"}], "next_cursor": None}
    stub.answers[f"POST /tasks/{ID}/revisions/4/restore"] = {**TASK, "revision": 5}
    done = typed("restore", "backup")
    assert done.exit_code == 0, done.output
    assert "revision 5" in done.stdout


def test_restore_of_a_living_task_needs_a_revision(stub: Stub, typed: Type) -> None:
    stub.answers["GET /tasks"] = {"items": [], "next_cursor": None}
    stub.answers[BY_NAME] = TASK
    stub.answers[f"GET /tasks/{ID}/revisions"] = {"items": [{"revision": 4, "what": "edited"}], "next_cursor": None}
    done = typed("restore", "backup")
    assert done.exit_code == 2
    assert "--revision" in done.stderr


def test_a_new_token_stands_alone_on_standard_output(stub: Stub, typed: Type) -> None:
    stub.answers["POST /tokens"] = (201, {"id": RUN, "token": "hor_secret"})
    done = typed("token", "create", "ci", "--role", "operator")
    assert done.exit_code == 0, done.output
    assert done.stdout == "hor_secret\n"


def test_health_is_the_exit_code(stub: Stub, typed: Type) -> None:
    stub.answers["GET /health/ready"] = {"status": "ready", "troubles": [], "versions": {"horarium": "0.1.0"}}
    assert typed("health").exit_code == 0
    stub.answers["GET /health/ready"] = (503, {"status": "not_ready", "troubles": ["a cursor waits"], "versions": {}})
    done = typed("health")
    assert done.exit_code == 3
    assert "a cursor waits" in done.stdout


def test_preview_of_a_schedule_and_of_a_task(add_stub: Stub, typed: Type) -> None:
    done = typed("preview", "--cron", "30 2 * * *", "--count", "2", "--after", "2027-03-27")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "30 2 * * * (Europe/Berlin), shown in Europe/Berlin",
        "  Sun 2027-03-28 03:00+02:00  in 27 d 1 h  moved",
        "  Mon 2027-03-29 02:30+02:00  in 28 d",
        "note  Sun 2027-03-28 03:00+02:00: clocks go forward",
    ]
    [asked] = [asked for asked in add_stub.asked if asked.path == "/schedules/preview"]
    assert asked.body["after"] == "2027-03-26T23:00:00.000Z"
    add_stub.answers[f"GET /tasks/{ID}/upcoming"] = {"due": []}
    assert "nothing is due" in typed("preview", "backup").stdout
    assert typed("preview").exit_code == 2
    assert typed("preview", "no such task", "--every", "1m").exit_code == 4


def test_import_shows_and_writes_only_when_told(stub: Stub, typed: Type) -> None:
    stub.answers["GET /tasks"] = {"items": [{**TASK, "name": "backup"}], "next_cursor": None}
    stub.answers["POST /tasks/batch"] = (201, {"items": [{"id": "1"}, {"id": "2"}]})
    crontab = b"MAILTO=joe\n30 2 * * * /usr/bin/backup --all\n@hourly ls\n@reboot x\x1b[2J\n"
    shown = typed("import", "crontab", "-", stdin=crontab)
    assert shown.exit_code == 0, shown.output
    assert "backup-2" in shown.stdout
    assert "Mon 2027-03-01 02:30+01:00" in shown.stdout
    assert "line 4 is refused: @reboot" in shown.stdout
    assert "\x1b" not in shown.output
    assert "nothing is mailed" in shown.stdout
    assert stub.of("POST") == []
    refused = typed("import", "crontab", "-", "--apply", stdin=crontab)
    assert refused.exit_code == 2
    assert "line 4 cannot be carried over" in refused.stderr
    assert stub.of("POST") == []
    done = typed("import", "crontab", "-", "--apply", "--skip-refused", stdin=crontab)
    assert done.exit_code == 0, done.output
    [post] = stub.of("POST")
    assert post.body["tasks"][0] == {
        "name": "backup-2",
        "schedule": {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"},
        "action": {"kind": "command", "shell": "/usr/bin/backup --all", "env": {"MAILTO": "joe"}},
    }


SYSTEM = b"SHELL=/bin/bash\n17 * * * * root cd / && run-parts /etc/cron.hourly\n@daily\troot\tls\n@reboot root x\n"


@pytest.mark.parametrize("place", ["-", "crontab.bak"])
def test_a_system_crontab_elsewhere_is_not_taken_for_a_users(
    stub: Stub, typed: Type, tmp_path: Path, place: str
) -> None:
    stub.answers["GET /tasks"] = {"items": [], "next_cursor": None}
    (tmp_path / place).write_bytes(SYSTEM)
    file = place if place == "-" else str(tmp_path / place)
    refused = typed("import", "crontab", file, stdin=SYSTEM)
    assert (refused.exit_code, refused.stdout) == (2, "")
    [sentence] = refused.stderr.splitlines()
    assert "--system" in sentence
    assert "--user" in sentence
    as_system = json.loads(typed("import", "crontab", file, "--system", "--json", stdin=SYSTEM).stdout)
    assert [item["task"]["name"] for item in as_system["items"][:2]] == ["cd", "ls"]
    as_users = json.loads(typed("import", "crontab", file, "--user", "--json", stdin=SYSTEM).stdout)
    assert [item["task"]["name"] for item in as_users["items"][:2]] == ["root", "root-2"]


@pytest.mark.parametrize("line", [b"root\n", b"root --all\n", b"root x\n@daily nobody-is-called-so x\n"])
def test_a_users_crontab_with_a_program_called_like_a_user_is_read(stub: Stub, typed: Type, line: bytes) -> None:
    stub.answers["GET /tasks"] = {"items": [], "next_cursor": None}
    done = typed("import", "crontab", "-", stdin=b"@daily " + line)
    assert done.exit_code == 0, done.output


def test_import_in_batches(stub: Stub, typed: Type) -> None:
    stub.answers["GET /tasks"] = {"items": [], "next_cursor": None}
    stub.answers["POST /tasks/batch"] = (201, {"items": [{"id": "1"}]})
    assert typed("import", "crontab", "-", "--apply", stdin=b"@daily x\n" * 1500).exit_code == 0
    assert [len(asked.body["tasks"]) for asked in stub.of("POST")] == [1000, 500]


def test_import_as_json(stub: Stub, typed: Type) -> None:
    stub.answers["GET /tasks"] = {"items": [], "next_cursor": None}
    found = json.loads(
        typed("import", "crontab", "-", "--json", "--timezone", "UTC", stdin=b"@daily x\n@reboot y\n").stdout
    )
    assert [item["next_due_at"] for item in found["items"]] == ["2027-03-02T00:00:00.000Z", None]


def test_a_missing_crontab_file_is_one_sentence(typed: Type) -> None:
    done = typed("import", "crontab", "/nowhere/at/all")
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["edit", "backup", "--every", "1h"],
        ["preview", "--every", "1h"],
        ["preview", "backup"],
        ["import", "crontab", os.devnull],
    ],
)
def test_a_wrong_zone_is_refused_also_where_it_would_not_be_used(
    add_stub: Stub, typed: Type, arguments: list[str]
) -> None:
    done = typed(*arguments, "--timezone", "Europe/Berln")
    assert done.exit_code == 2
    assert done.stderr.startswith("--timezone: 'Europe/Berln' is no time zone")
    assert "Europe/Berlin" in done.stderr
    assert add_stub.asked == []


def test_show_tells_a_pause_and_what_is_due_after_it(stub: Stub, typed: Type) -> None:
    pause = {"at": "2027-01-01T00:00:00.000Z", "until": "2027-03-27T12:00:00.000Z", "reason": "holidays"}
    task = {**TASK, "pause": pause}
    stub.answers |= {BY_NAME: task, f"GET /tasks/{ID}": task, "GET /runs": {"items": [], "next_cursor": None}}
    stub.answers[f"GET /tasks/{ID}/upcoming"] = {"due": ["2027-03-28T01:00:00.000Z"]}
    lines = typed("show", "backup").stdout.splitlines()
    assert lines[0].split()[1] == "paused"
    assert "paused    since Fri 2027-01-01 01:00+01:00 until Sat 2027-03-27 13:00+01:00: holidays" in lines
    assert "next      Sun 2027-03-28 03:00+02:00 (Europe/Berlin)" in lines
    task["pause"] = {"at": "2027-01-01T00:00:00.000Z", "until": None, "reason": ""}
    said = typed("show", "backup").stdout
    assert "\npaused    since Fri 2027-01-01 01:00+01:00\n" in said
    assert "\nnext " not in said
    task["pause"] = None
    said = typed("show", "backup").stdout
    assert "paused" not in said
    assert "\nnext      Sun" in said


def test_an_edit_of_a_task_paused_for_a_while_shows_what_comes_after(add_stub: Stub, typed: Type) -> None:
    pause = {"at": "2027-01-01T00:00:00.000Z", "until": "2027-03-27T12:00:00.000Z", "reason": ""}
    add_stub.answers["PATCH /tasks/" + ID] = {**TASK, "pause": pause}
    said = typed("edit", "backup", "--timeout", "1m").stdout.splitlines()
    assert f"next  paused until Sat 2027-03-27 13:00+01:00; resume it with: horarium resume {ID}" in said
    assert any(line.startswith("next  Sun 2027-03-28 03:00+02:00") for line in said)
    [asked] = [asked for asked in add_stub.asked if asked.path == "/schedules/preview"]
    assert asked.body["after"] == "2027-03-27T11:59:59.999Z"


# One occurrence


def test_skip_and_move_name_the_occurrence_in_the_tasks_zone(stub: Stub, typed: Type) -> None:
    at = f"/tasks/{ID}/occurrences/2030-12-24T08:00:00.000Z"
    moved = {"due_at": "2030-12-24T08:00:00.000Z", "skip": False, "move_to": "2030-12-23T15:00:00.000Z"}
    stub.answers |= {BY_NAME: TASK, f"PUT {at}": moved, f"DELETE {at}": (204, None)}
    done = typed("skip", "backup", "2030-12-24T09:00")
    assert done.stdout == "backup leaves out Tue 2030-12-24 09:00+01:00 (Europe/Berlin)\n"
    done = typed("move", "backup", "2030-12-24T08:00Z", "--to", "2030-12-23T16:00")
    assert done.stdout == (
        "backup is due Mon 2030-12-23 16:00+01:00 instead of Tue 2030-12-24 09:00+01:00 (Europe/Berlin)\n"
    )
    assert [asked.body for asked in stub.of("PUT")] == [{"skip": True}, {"move_to": "2030-12-23T15:00:00.000Z"}]
    for command in ("skip", "move"):
        done = typed(command, "backup", "2030-12-24T09:00", "--undo")
        assert done.stdout == "backup is due Tue 2030-12-24 09:00+01:00 (Europe/Berlin), as its schedule says\n"
    assert len(stub.of("DELETE")) == 2
    assert typed("move", "backup", "2030-12-24T09:00").exit_code == 2
    assert typed("move", "backup", "2030-12-24T09:00", "--to", "2030-12-23T16:00", "--undo").exit_code == 2
    assert typed("skip", "backup", "noon").exit_code == 2
    assert json.loads(typed("skip", "backup", "2030-12-24T09:00", "--json").stdout) == moved


def test_skip_reads_the_occurrence_of_a_day_when_the_clock_changes(stub: Stub, typed: Type) -> None:
    """02:30 does not exist in Berlin on 28 March 2027: the first instant after the gap is meant, and a note says so."""
    at = f"/tasks/{ID}/occurrences/2027-03-28T01:00:00.000Z"
    stub.answers |= {BY_NAME: TASK, f"PUT {at}": {"due_at": "2027-03-28T01:00:00.000Z", "skip": True, "move_to": None}}
    done = typed("skip", "backup", "2027-03-28T02:30")
    assert done.exit_code == 0, done.output
    assert "note  INSTANT: Europe/Berlin skips" in done.stderr


def test_show_lists_what_is_skipped_and_moved(stub: Stub, typed: Type) -> None:
    overrides = [
        {"due_at": "2030-12-24T08:00:00.000Z", "skip": False, "move_to": "2030-12-23T15:00:00.000Z"},
        {"due_at": "2030-12-25T08:00:00.000Z", "skip": True, "move_to": None},
    ]
    stub.answers |= {BY_NAME: TASK, f"GET /tasks/{ID}": TASK, "GET /runs": {"items": [], "next_cursor": None}}
    stub.answers[f"GET /tasks/{ID}/upcoming"] = {"due": ["2030-12-23T15:00:00.000Z"], "overrides": overrides * 3}
    lines = typed("show", "backup").stdout.splitlines()
    assert (
        "by hand   Tue 2030-12-24 09:00+01:00 moved to Mon 2030-12-23 16:00+01:00 · Wed 2030-12-25 09:00+01:00 skipped · "
        "Tue 2030-12-24 09:00+01:00 moved to Mon 2030-12-23 16:00+01:00 and 3 more"
    ) in lines


def test_open_prints_the_key_alone_and_how_to_use_it(stub: Stub, typed: Type) -> None:
    made = {"key": "abc-DEF", "link": "http://x/setup#k=abc-DEF", "expires_at": "2027-03-01T00:30:00.000Z"}
    stub.answers["POST /session/key"] = (201, made)
    done = typed("open")
    assert (done.exit_code, done.stdout) == (0, "abc-DEF\n")
    valid, link, use = done.stderr.splitlines()
    assert link == "Open the page with it: http://x/setup#k=abc-DEF"
    assert valid == "A one-time key, valid once, until Mon 2027-03-01 01:30+01:00 (Europe/Berlin):"
    assert f"""-d '{{"key": "abc-DEF"}}' {stub.url}/api/v1/session""" in use
    assert json.loads(typed("open", "--json").stdout) == made


@pytest.mark.parametrize(
    "arguments", [["list"], ["show", "backup"], ["list", "--json"], ["--help"], ["runs", "--help"]]
)
def test_whoever_reads_may_stop_reading(stub: Stub, arguments: list[str], tmp_path: Path) -> None:
    stub.answers |= {BY_NAME: TASK, f"GET /tasks/{ID}": TASK}
    stub.answers["GET /runs"] = {"items": [], "next_cursor": None}
    stub.answers["GET /tasks"] = {"items": [TASK] * 50, "next_cursor": None}
    environment = {"PATH": os.environ["PATH"], "HORARIUM_URL": stub.url, "HORARIUM_STATE_DIR": str(tmp_path)}
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "horarium", *arguments],
            stdout=nobody,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (141, b"")
