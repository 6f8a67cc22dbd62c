"""The data folder's locks, raced for by real processes."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from horarium.core.errors import StoreInUse
from horarium.stores.folder import DataFolder

HOLD = """
import sys
from pathlib import Path
from horarium.core.errors import StoreInUse
from horarium.stores.folder import DataFolder
sys.stdin.readline()
try:
    folder = DataFolder.open(Path(sys.argv[1]))
except StoreInUse as error:
    print("refused", error, flush=True)
else:
    print("held", flush=True)
sys.stdin.readline()
"""


def start(path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def answer(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def test_of_many_processes_one_holds_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "data"
    racers = [start(path) for _ in range(6)]
    for racer in racers:
        tell(racer)
    answers = [answer(racer) for racer in racers]
    assert sorted(text.split()[0] for text in answers) == ["held"] + ["refused"] * 5
    winner = racers[answers.index("held")]
    with pytest.raises(StoreInUse, match=f"{path} is in use by process {winner.pid}:"):
        DataFolder.open(path)
    winner.send_signal(signal.SIGKILL)
    winner.wait()
    folder = DataFolder.open(path)
    assert (path / "service.lock").read_text() == f"{os.getpid()}\n"
    folder.close()
    for racer in racers:
        end(racer)


def test_a_closed_folder_is_free_again(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path)
    folder.close()
    folder.close()
    DataFolder.open(tmp_path).close()


def test_the_commands_lock_lives_as_long_as_anyone_who_shares_it(tmp_path: Path) -> None:
    """A guardian that outlives its service keeps the next one from starting commands."""
    folder = DataFolder.open(tmp_path)
    lock = folder.try_commands_lock()
    assert lock is not None
    assert fcntl.fcntl(lock, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
    guardian = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[lock])
    os.close(lock)
    folder.close()
    again = DataFolder.open(tmp_path)
    assert again.try_commands_lock() is None
    guardian.communicate()
    lock = again.try_commands_lock()
    assert lock is not None
    os.close(lock)
    again.close()


def test_commands_inherit_neither_lock(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path)
    lock = folder.try_commands_lock()
    assert lock is not None
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    folder.close()
    os.close(lock)
    again = DataFolder.open(tmp_path)
    second = again.try_commands_lock()
    assert second is not None
    os.close(second)
    again.close()
    child.communicate()


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    folder.close()
