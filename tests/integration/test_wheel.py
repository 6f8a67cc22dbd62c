"""The wheel as a stranger meets it: built, installed with the locked requirements into an empty environment, and served."""

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

import horarium
from tests.house.paths import PACKAGE, ROOT
from tests.needs import missing

READY_WITHIN = 30.0
STOPS_WITHIN = 20.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built with the locked hatchling of this environment, which needs no network."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `horarium` command of a new environment that holds the runtime lock and the wheel, and nothing else."""
    uv = shutil.which(str(ROOT / ".tools/bin/uv")) or shutil.which("uv") or missing("uv", "run make test")
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run([uv, "venv", "-q", "-p", sys.executable, str(folder)])
    python = str(folder / "bin" / "python")
    pip = [uv, "pip", "install", "-q", "-p", python]
    locked = [*pip, "--require-hashes", "-r", str(ROOT / "requirements/runtime.txt")]
    if subprocess.run([*locked, "--offline"], capture_output=True, check=False).returncode != 0:
        run(locked)
    run([*pip, "--offline", "--no-deps", str(wheel)])
    run([uv, "pip", "check", "-q", "-p", python])
    return folder / "bin" / "horarium"


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "horarium/py.typed" in names
    assert {name for name in names if ".dist-info/" not in name} == ours
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_installed_command_tells_its_version(installed: Path) -> None:
    assert horarium.__version__ in run([str(installed), "--version"])


def test_the_installed_server_answers_and_stops_when_told(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(installed, port, tmp_path) as process:
        assert answer(process, port, "/health/live") == 200, (tmp_path / "log").read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOPS_WITHIN) == 0, (tmp_path / "log").read_text()


@contextlib.contextmanager
def serving(command: Path, port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    argv = [str(command), "serve", "--port", str(port), "--data-dir", str(folder / "data")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(argv, cwd=folder, env=environment(folder), stdout=log, stderr=log)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def answer(process: subprocess.Popen[bytes], port: int, path: str) -> int | None:
    """The status of the first answer, or None where the process ended or the time was over first."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            return None
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    return None


def environment(home: Path) -> dict[str, str]:
    """No leftovers of the developer's own settings, and an empty home."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TZ")}
    return kept | {"HOME": str(home)}


def free_port() -> int:
    """Below 32768, where the system takes no port of its own choice for somebody's outgoing connection meanwhile."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port found")


def run(argv: list[str], cwd: Path | None = None) -> str:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{json.dumps(argv)} failed:\n{done.stdout}{done.stderr}"
    return done.stdout
