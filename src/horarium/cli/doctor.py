"""`doctor`."""

import os
import platform
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from horarium import __version__, server_files
from horarium.cli.connect import connect
from horarium.cli.kinds import Command
from horarium.cli.local import load_settings, place_options
from horarium.cli.stop import Stop
from horarium.cli.terminal import print_json, printable

PROGRAM_SECONDS = 5.0


@click.command(cls=Command)
@place_options
@click.option(
    "--server", metavar="URL|PORT", help="The server to ask. Default: HORARIUM_URL, else the one running here."
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def doctor(data_dir: Path | None, database: str | None, server: str | None, as_json: bool) -> None:
    """Tell what horarium finds on this computer: versions, folders, zone, clock, server. Changes nothing."""
    from horarium.core.schedule.zone import tzdata_version

    findings: dict[str, str] = {
        "horarium": __version__,
        "python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "sqlite": f"{sqlite3.sqlite_version}{_sqlite_hint()}",
        "tzdata": tzdata_version(),
        "zone": _or_why(_system_zone),
        "clock": _clock(),
        "data folder": _or_why(lambda: _data_folder(data_dir, database)),
        "state folder": str(server_files.folder()),
        "path": os.environ.get("PATH", "(not set)"),
        "servers": ", ".join(f"{file.url} (pid {file.pid}, {file.data_dir})" for file in server_files.live())
        or "none here",
        "answer": _or_why(lambda: _answer(server)),
    }
    if as_json:
        print_json({name.replace(" ", "_"): value for name, value in findings.items()})
        return
    for name, value in findings.items():
        click.echo(f"{name:<13} {printable(value)}")
    click.echo("Commands of tasks run with the PATH that the server was started with; the one above is this shell's.")


def _or_why(find: Callable[[], str]) -> str:
    try:
        return find()
    except Stop as stop:
        return stop.message.splitlines()[0]
    except OSError as error:
        return f"cannot be told: {error.strerror}"


def _sqlite_hint() -> str:
    """Versions with the WAL fault that several writers can meet; horarium has one writer, so it is only told."""
    version = sqlite3.sqlite_version_info
    mended = version >= (3, 51, 3) or version in ((3, 44, 6), (3, 50, 7))
    return "" if mended else " (its WAL fault needs several writers; horarium has one)"


def _system_zone() -> str:
    from horarium.clocks.host_zone import host_zone

    name, where = host_zone()
    return f"{name} ({where})"


def _clock() -> str:
    if Path("/run/systemd/timesync/synchronized").exists():
        return "synchronised (systemd-timesyncd)"
    said = _program("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if said is not None and said.strip() in ("yes", "no"):
        return (
            "synchronised"
            if said.strip() == "yes"
            else "NOT synchronised: start an NTP service, e.g. systemd-timesyncd or chrony"
        )
    said = _program("chronyc", "-n", "tracking")
    if said is not None and "Leap status" in said:
        return (
            "synchronised (chrony)" if "Leap status     : Normal" in said else "NOT synchronised: see chronyc tracking"
        )
    return "nothing here tells whether it is synchronised (in a container the host's clock counts)"


def _program(*argv: str) -> str | None:
    if shutil.which(argv[0]) is None:
        return None
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _data_folder(data_dir: Path | None, database: str | None) -> str:
    settings = load_settings(data_dir=data_dir, database=database)
    folder = Path(settings.data_dir)
    if not folder.exists():
        return f"{folder}: not there yet, serve makes it"
    writable = os.access(folder, os.W_OK | os.X_OK)
    free = shutil.disk_usage(folder).free // 1_000_000
    return f"{folder}: {'writable' if writable else 'NOT writable by this user'}, {free} MB free"


def _answer(server: str | None) -> str:
    client = connect(server)
    try:
        answer = client.any_answer("GET", "/health/ready", api=False)
    finally:
        client.close()
    state = {200: "ready", 503: "NOT ready (see horarium health)"}.get(answer.status, f"status {answer.status}")
    found: Any = answer.json()
    version = (found.get("versions") or {}).get("horarium") if isinstance(found, dict) else None
    return f"{client.url}: {state}" + (f", version {version}" if version else "")
