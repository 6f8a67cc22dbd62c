"""A service with nothing due writes nothing."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.server import Server, eventually

QUIET_SECONDS = 5.0
FILES = ("horarium.db", "horarium.db-wal", "output.db", "output.db-wal", "service.lock")


def written(server: Server) -> dict[str, Any]:
    """Size and time of every file, and what the process has given to the disk since it began."""
    assert server.process is not None
    stats = {name: (server.data_dir / name).stat() for name in FILES}
    found: dict[str, Any] = {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}
    io = dict(line.split(": ") for line in Path(f"/proc/{server.process.pid}/io").read_text().splitlines())
    return found | {"write_bytes": int(io["write_bytes"])}


def test_with_everything_due_tomorrow_nothing_is_written(tmp_path: Path) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="milliseconds")
    schedules: list[dict[str, Any]] = [
        {"kind": "once", "at": tomorrow},
        {"kind": "every", "seconds": 172_800, "anchor": tomorrow},
        {"kind": "cron", "expression": "0 0 1 1 *", "timezone": "Europe/Berlin", "starts_at": tomorrow},
    ]
    actions = [{"kind": "log", "message": "x"}, {"kind": "command", "argv": ["true"]}]
    batch = [
        {"name": f"task {n}", "schedule": schedules[n % len(schedules)], "action": actions[n % len(actions)]}
        for n in range(50)
    ]
    with Server(tmp_path) as server:
        server.ask("POST", "/tasks/batch", {"tasks": batch})
        assert server.ask("GET", "/stats")["tasks"]["active"] == len(batch)

        def settled() -> dict[str, Any] | None:
            before = written(server)
            time.sleep(1)
            return before if written(server) == before else None

        before = eventually(settled)
        over = time.monotonic() + QUIET_SECONDS
        eventually(lambda: time.monotonic() > over)
        assert written(server) == before

        # Neither does looking
        server.all("/tasks")
        server.all("/runs")
        server.all("/pools")
        assert server.status("GET", "/health/ready") == 200
        assert server.status("GET", "/metrics") == 200
        assert written(server) == before
        assert server.stop() == 0
