"""What the stories of this folder share: tasks run by hand, their runs, and the books as they lie on the disk."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.server import Server, eventually

NEVER = {"kind": "once", "at": "9000-01-01T00:00:00Z"}
"""For tasks that run only when a test says so."""


def shell(line: str) -> dict[str, Any]:
    return {"kind": "command", "shell": line}


def draft(name: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "schedule": NEVER, "action": action, **more}


def run_now(server: Server, name: str, action: dict[str, Any], **more: Any) -> str:
    """Create the task and press "run now"; answers the run's id."""
    task = server.ask("POST", "/tasks", draft(name, action, **more))
    return str(server.ask("POST", f"/tasks/{task['id']}/run")["id"])


def run_of(server: Server, run_id: str) -> dict[str, Any]:
    return dict(server.ask("GET", f"/runs/{run_id}"))


def until(server: Server, run_id: str, *states: str, **facts: Any) -> dict[str, Any]:
    """Wait until the run is in one of these states and has these values."""

    def found() -> dict[str, Any] | None:
        run = run_of(server, run_id)
        return run if run["state"] in states and all(run[name] == value for name, value in facts.items()) else None

    return dict(eventually(found, every=0.02))


def ended(server: Server, run_id: str) -> dict[str, Any]:
    return until(server, run_id, "succeeded", "failed", "cancelled")


def attempts_of(server: Server, run_id: str) -> list[dict[str, Any]]:
    """Oldest first."""
    return sorted(server.all(f"/runs/{run_id}/attempts"), key=lambda attempt: int(attempt["attempt"]))


def output_of(server: Server, run_id: str, stream: str | None = None, attempt: int | None = None) -> str:
    """Of both streams unless one is named, page by page."""
    of = "" if attempt is None else f"&attempt={attempt}"
    text, offset = "", 0
    for _ in range(1_000):
        page = server.ask("GET", f"/runs/{run_id}/output?offset={offset}&limit=262144{of}")
        text += "".join(chunk["text"] for chunk in page["chunks"] if stream in (None, chunk["stream"]))
        if page["next_offset"] in (offset, page["size"]):
            return text
        offset = page["next_offset"]
    raise AssertionError("the output does not end")


def stored(server: Server, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask the books themselves, beside the service or without it."""
    return read(server.data_dir / "horarium.db", sql, *values)


def read(database: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(sql, values).fetchall()


def dump(server: Server) -> list[str]:
    """Every row of the books and the output as SQL text."""
    lines = []
    for name in ("horarium.db", "output.db"):
        with closing(sqlite3.connect(f"file:{server.data_dir / name}?mode=ro", uri=True)) as connection:
            lines += list(connection.iterdump())
    return lines


def run_key(run_id: str) -> bytes:
    """The 16 bytes behind a run's id, as the books keep it."""
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for letter in run_id:
        number = number * 32 + digits.index(letter)
    return number.to_bytes(16, "big")


def carriers(run_id: str, attempt: int | None = None) -> set[int]:
    """The living processes of the machine that carry this HORARIUM_RUN_ID, of one attempt or of any. Zombies carry nothing."""
    wanted = {f"HORARIUM_RUN_ID={run_id}".encode()}
    if attempt is not None:
        wanted.add(f"HORARIUM_ATTEMPT={attempt}".encode())
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                environment = set((folder / "environ").read_bytes().split(b"\0"))
                state = (folder / "stat").read_bytes().rpartition(b") ")[2][:1]
            except OSError:
                continue
            if wanted <= environment and state not in (b"Z", b"X"):
                found.add(int(folder.name))
    return found
