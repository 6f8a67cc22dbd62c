"""How the command line finds the servers of this computer: each running one keeps a small file in the user's state folder.

`servers/<port>.json` (mode 0600) holds the address, a token, the process and its data folder. A file whose process has
gone, or whose number belongs to another process by now, is ignored.
"""

import contextlib
import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FILE_BYTES_MAX = 65_536
FILES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFile:
    """`started` names the process's start, so that a later process of the same number is told apart; None: unknown here."""

    port: int
    url: str
    token: str
    pid: int
    data_dir: str
    started: str | None


def folder(state_dir: Path | None = None) -> Path:
    """Where the files are; without `state_dir` where HORARIUM_STATE_DIR says, else in the user's state folder."""
    from platformdirs import user_state_path

    named = os.environ.get("HORARIUM_STATE_DIR")
    return (state_dir or (Path(named) if named else user_state_path("horarium"))) / "servers"


def write(port: int, *, url: str, token: str, pid: int, data_dir: Path, state_dir: Path | None = None) -> Path:
    """Say that process `pid` serves on `port`; readable by this user alone, replaced in one step."""
    place = folder(state_dir)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = str(data_dir.absolute())  # whoever reads it may stand in another folder
    server = ServerFile(port=port, url=url, token=token, pid=pid, data_dir=home, started=process_start(pid))
    draft = place / f".{port}.{pid}"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(server), file)
    path = place / f"{port}.json"
    draft.replace(path)
    return path


def remove(port: int, *, pid: int, state_dir: Path | None = None) -> None:
    """Take the file of process `pid` away; another server's stays."""
    path = folder(state_dir) / f"{port}.json"
    server = _read(path)
    if server is not None and server.pid == pid:
        path.unlink(missing_ok=True)


def live(state_dir: Path | None = None) -> list[ServerFile]:
    """The servers whose process runs, by port. A folder that cannot be read holds none."""
    try:
        paths = sorted(folder(state_dir).glob("*.json"))[:FILES_MAX]
    except OSError:
        return []
    servers = [server for path in paths if (server := _read(path)) is not None and _runs(server)]
    return sorted(servers, key=lambda server: server.port)


def process_start(pid: int) -> str | None:
    """When process `pid` began, as an opaque word; None where that cannot be told or there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return _start_by_ps(pid)
    return f"{boot}:{fields[19]}"


def _start_by_ps(pid: int) -> str | None:
    if Path("/proc/self/stat").exists():
        return None
    argv = ["ps", "-o", "lstart=", "-p", str(pid)]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _runs(server: ServerFile) -> bool:
    if server.pid <= 0:
        return False
    try:
        os.kill(server.pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # it runs under another user
    now = process_start(server.pid)
    return server.started is None or now is None or now == server.started


def _read(path: Path) -> ServerFile | None:
    """None for a file that is being written, that we may not read, or that is not one of ours."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        with path.open("rb") as file:
            found: dict[str, Any] = json.loads(file.read(FILE_BYTES_MAX))
        started = found.get("started")
        return ServerFile(
            port=int(found["port"]),
            url=str(found["url"]),
            token=str(found["token"]),
            pid=int(found["pid"]),
            data_dir=str(found["data_dir"]),
            started=None if started is None else str(started),
        )
    return None
