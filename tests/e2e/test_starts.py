"""The first start, the second, and everything that may stand in the way of one."""

import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.doing import draft, dump, ended, output_of, run_now, run_of, shell, until
from tests.house.paths import PACKAGE
from tests.server import Refused, Server, eventually, free_port, listens

USAGE, IN_USE = 2, 5
ADMIN_TOKEN = "f" * 32
START_SECONDS_MAX = 60


def block(server: Server, start: int = 1) -> dict[str, str]:
    """What the start of that number printed, by the word its lines begin with. It may come a moment after the first answer."""

    def printed() -> str | None:
        blocks = server.log.read_text("utf-8").split("  horarium ")[1:]
        return blocks[start - 1] if len(blocks) >= start and "Ctrl-C stops" in blocks[start - 1] else None

    rows = [line.split(maxsplit=1) for line in eventually(printed).splitlines()[1:] if line.strip()]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def key_in(said: dict[str, str]) -> str | None:
    """The one-time key that a start printed: in the page's link, or alone where the page was not built."""
    if "UI" in said:
        return said["UI"].split()[0].partition("/setup#k=")[2] or None
    return said["Key"].split()[0] if "Key" in said else None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def sign_in(server: Server, key: str) -> tuple[int, Any, str]:
    """Status, answer and cookie of a browser that has nothing but the key."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("POST", "/api/v1/session", json.dumps({"key": key}), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), answer.getheader("Set-Cookie") or ""


def session_status(server: Server, cookie: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("GET", "/api/v1/session", headers={"Cookie": cookie.partition(";")[0]})
        return connection.getresponse().status


def refused(server: Server, *flags: str, code: int, folder: Path | None = None, **environment: str) -> str:
    """A start that is refused; answers the one line it says. `folder` None: that of `server`."""
    where = () if "HORARIUM_DATA_DIR" in environment else ("--data-dir", str(folder or server.data_dir))
    done = subprocess.run(
        server.command("serve", *where, *flags),
        capture_output=True,
        text=True,
        env={**server.environment, **environment},
        timeout=START_SECONDS_MAX,
        check=False,
    )
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


# The first start and those after it


def test_a_first_start_says_where_everything_is_and_its_key_lets_the_owner_in_once(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        said = block(server)
        rows = ["API", "Data", "Zone", "Reach"]
        assert list(said)[:5] == (["UI", *rows] if (PACKAGE / "web/index.html").exists() else [*rows, "Key"])
        assert said["API"].startswith(f"{server.url}/api/v1 ")
        assert said["Data"].startswith(f"{server.data_dir / 'horarium.db'} ")
        assert "new · SQLite" in said["Data"]
        assert said["Zone"].split()[0] == server.ask("GET", "/settings")["timezone"]
        assert said["Reach"].startswith("this computer only")

        state_file = server.home / "state" / "servers" / f"{server.port}.json"
        told = json.loads(state_file.read_text("utf-8"))
        assert mode(state_file) == 0o600
        assert server.process is not None
        assert (told["url"], told["pid"], told["data_dir"]) == (server.url, server.process.pid, str(server.data_dir))
        assert server.ask("GET", "/session", Authorization=f"Bearer {told['token']}")["role"] == "admin"

        key_file = server.data_dir / "setup-key"
        key = key_file.read_text("ascii").strip()
        assert mode(key_file) == 0o600
        assert mode(server.data_dir) == 0o700
        assert key_in(said) == key

        # Nobody has used it: the next start voids it and makes another
        assert server.stop() == 0
        assert not state_file.exists()
        server.start()
        fresh = key_in(block(server, start=2))
        assert fresh is not None
        assert fresh != key
        assert fresh == key_file.read_text("ascii").strip()
        assert "new ·" not in block(server, start=2)["Data"]
        assert sign_in(server, key)[0] == 401

        status, session, cookie = sign_in(server, fresh)
        assert (status, session["role"]) == (200, "admin")
        assert sign_in(server, fresh)[0] == 401, "a one-time key signs in once"

        # Somebody has: there is no key any more, and the browser is still signed in
        assert server.stop() == 0
        server.start()
        assert server.status("GET", "/health/live") == 200
        assert key_in(block(server, start=3)) is None
        assert sign_in(server, fresh)[0] == 401
        assert session_status(server, cookie) == 200


def test_books_in_memory_work_and_are_said_to_be_gone_afterwards(tmp_path: Path) -> None:
    with Server(tmp_path, "--database", "memory:") as server:
        assert block(server)["Data"].startswith("memory ")
        assert "everything is gone when this stops" in block(server)["Data"]
        run_id = run_now(server, "hello", shell("echo hello"))
        assert ended(server, run_id)["state"] == "succeeded"
        assert output_of(server, run_id) == "hello\n"
        key = key_in(block(server))
        assert key is not None
        assert sign_in(server, key)[0] == 200
        assert server.stop() == 0
        assert not server.data_dir.exists()
        server.start()
        assert server.all("/tasks") == []


# A folder with work that was due, was running, and waits: whoever is not let in must not touch it


class Left:
    """What a killed service leaves behind: an open attempt, a task due every second, and what their commands did."""

    def __init__(self, folder: Path) -> None:
        self.done = folder / "done"
        with Server(folder) as server:
            self.server = server
            self.open_run = run_now(server, "open", shell(f"echo open >> {self.done}; exec sleep 600"))
            beat = draft("beat", shell(f"echo beat >> {self.done}"), schedule={"kind": "every", "seconds": 1})
            server.ask("POST", "/tasks", beat)
            until(server, self.open_run, "running")
            eventually(lambda: "beat" in self.deeds())
            server.kill()
        # The guardian ends what ran before it lets go of the folder
        eventually(lambda: _is_free(server.data_dir / "commands.lock"))

    def deeds(self) -> str:
        return self.done.read_text() if self.done.exists() else ""

    def again(self, folder: Path, *flags: str, **environment: str) -> Server:
        """A service on a copy of what was left."""
        server = Server(folder, *flags, environment=environment)
        shutil.copytree(self.server.data_dir, server.data_dir)
        return server


def _is_free(lock: Path) -> bool:
    with lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    return Left(tmp_path_factory.mktemp("left"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_nobody_else_is_let_in_before_somebody_has_to_sign_in(left: Left, tmp_path: Path, host: str) -> None:
    server = left.again(tmp_path)
    books, deeds = dump(server), left.deeds()
    said = refused(server, "--host", host, "--port", str(server.port), code=USAGE)
    assert host in said
    assert "horarium token create" in said
    assert "HORARIUM_ADMIN_TOKEN" in said
    assert dump(server) == books, "a refused start writes nothing into the books"
    assert left.deeds() == deeds, "a refused start carries nothing out"
    assert not listens(server.port)
    assert not (server.home / "state").exists()


def test_an_admin_token_lets_others_in_and_is_warned_about(left: Left, tmp_path: Path) -> None:
    with left.again(tmp_path, "--host", "0.0.0.0", "--drain-seconds", "0", HORARIUM_ADMIN_TOKEN=ADMIN_TOKEN) as server:
        assert listens(server.port, "127.0.0.2"), "another address of this computer"
        assert "Warning: plain http" in server.log.read_text("utf-8")
        assert "over plain http" in block(server)["Reach"]
        assert server.ask("GET", "/session", Authorization=f"Bearer {ADMIN_TOKEN}")["role"] == "admin"
        with pytest.raises(Refused) as nobody:
            server.ask("GET", "/tasks", Authorization=f"Bearer {ADMIN_TOKEN[:-1]}e")
        assert nobody.value.status == 401
        assert ADMIN_TOKEN not in server.log.read_text("utf-8")


def test_a_stored_token_lets_others_in(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        assert not listens(server.port, "127.0.0.2"), "without --host only loopback"
        token = server.run("token", "create", "friend", "--role", "viewer").stdout.strip()
        assert server.stop() == 0
        server.flags = ("--host", "0.0.0.0")
        server.start()
        assert listens(server.port, "127.0.0.2")
        assert key_in(block(server, start=2)) is None, "a token exists, so nobody needs a key"
        assert server.ask("GET", "/session", Authorization=f"Bearer {token}")["role"] == "viewer"


def test_the_api_alone_executes_nothing_and_says_so(left: Left, tmp_path: Path) -> None:
    with left.again(tmp_path, "--roles", "api") as server:
        assert block(server)["Roles"].startswith("api ")
        deeds = left.deeds()
        (task,) = [task for task in server.all("/tasks") if task["name"] == "beat"]
        asked = server.ask("POST", f"/tasks/{task['id']}/run?overlap=allow")
        books = server.ask("GET", f"/tasks/{task['id']}")["books"]
        assert task["next_due_at"] < asked["due_at"], "it is due"
        later = datetime.now(UTC) + timedelta(seconds=2)
        eventually(lambda: datetime.now(UTC) > later)
        assert server.ask("GET", f"/tasks/{task['id']}")["books"] == books, "nothing is decided"
        assert run_of(server, asked["id"])["state"] == "waiting"
        assert run_of(server, left.open_run)["state"] == "running", "whoever is no worker settles nobody's attempts"
        assert server.ask("GET", "/stats")["scheduler"]["state"] == "absent"
        assert left.deeds() == deeds
        assert server.stop() == 0


# What stands in the way: one sentence, the remedy, the exit code


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("serving")) as server:
        yield server


def test_a_port_that_horarium_has_is_refused_with_its_number_and_another(serving: Server, tmp_path: Path) -> None:
    said = refused(serving, "--port", str(serving.port), folder=tmp_path / "other", code=IN_USE)
    assert serving.process is not None
    assert f"pid {serving.process.pid}" in said
    assert serving.url in said
    assert f"--port {serving.port + 1}" in said
    assert serving.status("GET", "/health/live") == 200


def test_a_port_that_another_program_has_is_refused_with_another(serving: Server, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused(serving, "--port", str(port), folder=tmp_path / "other", code=IN_USE)
    assert f"Port {port} is in use" in said
    assert f"--port {port + 1}" in said


def test_a_folder_in_use_is_refused_with_whose_it_is(serving: Server) -> None:
    said = refused(serving, "--port", str(free_port()), code=IN_USE)
    assert serving.process is not None
    assert str(serving.data_dir) in said
    assert str(serving.process.pid) in said
    assert "another folder" in said
    assert ended(serving, run_now(serving, "still here", shell("true")))["state"] == "succeeded"


def test_a_folder_that_cannot_be_written_is_refused(serving: Server, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        closed = Path("/sys")  # not even root makes folders there
    else:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
    said = refused(serving, "--port", str(free_port()), folder=closed / "data", code=USAGE)
    assert str(closed / "data") in said
    assert "--data-dir" in said


@pytest.mark.parametrize("below", ["", "data"])
@pytest.mark.parametrize("by", ["flag", "variable"])
def test_a_file_in_the_folders_place_is_refused(serving: Server, tmp_path: Path, by: str, below: str) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    named = {"HORARIUM_DATA_DIR": str(file / below)} if by == "variable" else {}
    said = refused(serving, "--port", str(free_port()), folder=file / below, code=USAGE, **named)
    assert f"{file} is a file" in said
    assert "--data-dir" in said
    assert file.read_text() == "mine"


@pytest.mark.parametrize(("file", "part"), [("horarium.db", "books"), ("output.db", "output")])
def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    left: Left, tmp_path: Path, file: str, part: str
) -> None:
    server = left.again(tmp_path)
    with closing(sqlite3.connect(server.data_dir / file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    books, deeds = dump(server), left.deeds()
    said = refused(server, "--port", str(server.port), code=USAGE)
    assert part in said
    assert "9999" in said
    assert "newer" in said
    assert dump(server) == books
    assert left.deeds() == deeds


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HORARIUM_SLOST", "3", ["HORARIUM_SLOST", "SLOTS"]),
        ("HORARIUM_DRAIN_SECOND", "3", ["HORARIUM_DRAIN_SECOND:", "DRAIN_SECONDS"]),
        ("HORARIUM_ADMIN_TOKEN", "f" * 31, ["admin_token", "32"]),
        ("HORARIUM_PORT", "http", ["port"]),
        ("HORARIUM_ROLES", "api,cook", ["roles"]),
    ],
)
def test_a_variable_that_cannot_be_meant_is_refused(
    serving: Server, tmp_path: Path, name: str, value: str, words: list[str]
) -> None:
    said = refused(serving, folder=tmp_path / "other", code=USAGE, **{name: value})
    assert all(word in said for word in words), said
    if name == "HORARIUM_ADMIN_TOKEN":
        assert value not in said
    assert not (tmp_path / "other").exists(), "nothing is made before the settings are understood"


def test_a_second_server_is_found_beside_the_first(serving: Server, tmp_path: Path) -> None:
    """Two services on one computer: each with its own folder, port and state file; ending one leaves the other."""
    second = Server(tmp_path, environment={"HORARIUM_STATE_DIR": str(serving.home / "state")})
    second.home = serving.home
    with second:
        files = serving.home / "state" / "servers"
        assert {file.name for file in files.glob("*.json")} == {f"{serving.port}.json", f"{second.port}.json"}
        listed = serving.run("list", check=False)
        assert listed.returncode == USAGE
        assert str(second.port) in listed.stderr
        assert second.process is not None
        second.process.send_signal(signal.SIGINT)
        assert second.process.wait(START_SECONDS_MAX) == 0
        assert {file.name for file in files.glob("*.json")} == {f"{serving.port}.json"}
        serving.run("list")
