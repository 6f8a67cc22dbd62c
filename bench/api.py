"""Creating tasks and reading the list over HTTP, against the bare framework that serves the same bytes.

`python bench/api.py [--tasks N] [--runs N] [--seconds S]`. The server runs with `--roles api` on SQLite FULL in a process
of its own; this one asks it over plain sockets. Budgets: 8,000 tasks/s in batches of 1,000, 1,500/s by single POSTs on 32
connections; the list p99 at most 20 ms alone, and at least half as fast as the bare framework.
"""

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.list import build
from tests.server import Server, eventually, free_port

CONNECTIONS = 32
BATCH = 1_000
BATCHES = 20
LIST = "/api/v1/tasks?limit=50"
BUDGETS = {"batches": 8_000.0, "posts": 1_500.0, "list p99 ms": 20.0, "list ratio": 0.5}


class Connection:
    """One kept-alive connection, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=4 * 1024 * 1024))

    async def ask(self, head: bytes, body: bytes = b"") -> tuple[int, bytes]:
        self._writer.write(head % len(body) + body if body else head)
        told = await self._reader.readuntil(b"\r\n\r\n")
        length = int(told.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return int(told[9:12]), await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


def get(port: int, path: str, token: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def post(port: int, path: str, token: str = "") -> bytes:
    lines = (
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
    )
    return ("\r\n".join(lines) + "\r\nContent-Length: %d\r\n\r\n").encode()


def task(name: str) -> dict[str, object]:
    return {
        "name": name,
        "tags": ["ops"],
        "schedule": {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"},
        "action": {"kind": "command", "argv": ["/usr/local/bin/backup", "--all"], "env": {"LEVEL": "full"}},
        "policy": {"timeout_seconds": 3600, "retry": {"max_attempts": 3, "first_delay_seconds": 10, "factor": 2}},
    }


async def batches(port: int, token: str) -> float:
    """Tasks a second, one batch after the other; what is sent is made before the clock runs."""
    bodies = [json.dumps({"tasks": [task(f"batch {n} {m}") for m in range(BATCH)]}).encode() for n in range(BATCHES)]
    connection = await Connection.open(port)
    head = post(port, "/api/v1/tasks/batch", token)
    begun = time.perf_counter()
    for body in bodies:
        status, said = await connection.ask(head, body)
        assert status == 201, said
    connection.close()
    return BATCH * BATCHES / (time.perf_counter() - begun)


async def rate(
    port: int, head: bytes, seconds: float, body: Callable[[int], bytes], connections: int, expected: int
) -> float:
    """Requests a second on so many connections."""
    opened = [await Connection.open(port) for _ in range(connections)]
    end = time.perf_counter() + seconds
    done = 0

    async def ask_on(connection: Connection) -> None:
        nonlocal done
        while time.perf_counter() < end:
            done += 1
            status, said = await connection.ask(head, body(done))
            assert status == expected, said

    begun = time.perf_counter()
    await asyncio.gather(*(ask_on(connection) for connection in opened))
    took = time.perf_counter() - begun
    for connection in opened:
        connection.close()
    return done / took


async def latencies(port: int, head: bytes, count: int) -> tuple[float, float]:
    """p50 and p99 in ms, one request after the other."""
    connection = await Connection.open(port)
    took = []
    for _ in range(count):
        begun = time.perf_counter()
        status, said = await connection.ask(head)
        took.append((time.perf_counter() - begun) * 1000)
        assert status == 200, said
    connection.close()
    took.sort()
    return took[count // 2], took[count * 99 // 100]


def fill(folder: Path, tasks: int, runs: int) -> None:
    """Books as a house of years has them."""
    folder.mkdir(parents=True)
    build(folder / "horarium.db", tasks, runs)
    with closing(sqlite3.connect(folder / "horarium.db")) as db, db:
        db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        db.execute("INSERT INTO alembic_version VALUES ('0004')")


async def measured(server: Server, folder: Path, seconds: float) -> dict[str, float]:
    port, token = server.port, server.token
    found: dict[str, float] = {}
    reader = await Connection.open(port)
    _, page = await reader.ask(get(port, LIST, token))
    reader.close()
    (folder / "page.json").write_bytes(page)
    found["page bytes"] = len(page)
    bare_port = free_port()
    bare = start_bare(bare_port, folder / "page.json")
    try:
        await listening(bare_port)
        found["bare list/s"] = await rate(bare_port, get(bare_port, "/page"), seconds, lambda _: b"", CONNECTIONS, 200)
        one = json.dumps(task("x")).encode()
        found["bare posts/s"] = await rate(
            bare_port, post(bare_port, "/echo"), seconds, lambda _: one, CONNECTIONS, 201
        )
    finally:
        bare.terminate()
        bare.wait()
    found["list p50 ms"], found["list p99 ms"] = await latencies(port, get(port, LIST, token), 300)
    found["list/s"] = await rate(port, get(port, LIST, token), seconds, lambda _: b"", CONNECTIONS, 200)
    found["list ratio"] = found["list/s"] / found["bare list/s"]
    single = post(port, "/api/v1/tasks", token)
    found["posts"] = await rate(
        port, single, seconds, lambda n: json.dumps(task(f"single {n}")).encode(), CONNECTIONS, 201
    )
    found["batches"] = await batches(port, token)
    return found


def start_bare(port: int, page: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, str(Path(__file__).with_name("_bare_api.py")), str(port), str(page)])


async def listening(port: int) -> None:
    for _ in range(200):
        try:
            (await Connection.open(port)).close()
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError("the bare framework does not answer")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "data", asked.tasks, asked.runs)
        with Server(folder, "--roles", "api") as server:
            eventually(lambda: (server.home / "state" / "servers" / f"{server.port}.json").exists())
            found = uvloop.run(measured(server, folder, asked.seconds))
    for label, value in found.items():
        budget = BUDGETS.get(label)
        print(f"{label:14} {value:12,.2f}" + (f"   budget {budget:,}" if budget else ""))
    kept = found["list p99 ms"] <= BUDGETS["list p99 ms"] and all(
        found[label] >= BUDGETS[label] for label in ("batches", "posts", "list ratio")
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
