"""What the service writes is its owner's alone, and what keeps it from writing is told in one sentence."""

import errno
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from horarium.core.errors import StoreAway
from horarium.stores import sqlite_files
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file
from tests.server import Server

NOBODY = 65_534


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Rights are nothing to root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def widen(folder: Path) -> None:
    """As an earlier version left them when it was killed."""
    (folder / "horarium.db-wal").touch()
    for path in folder.glob("*.db*"):
        path.chmod(0o644)


DATABASES = {name + suffix for name in ("horarium.db", "output.db") for suffix in ("", "-wal", "-shm")}


@pytest.mark.parametrize("mask", [0, 0o022, 0o377])
async def test_databases_are_their_owners_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    os.chmod(tmp_path, 0o755)
    folder = DataFolder.open(tmp_path)
    with umask(mask):
        store = open_file(folder, "2026a")
    try:
        assert set(modes(tmp_path)) >= DATABASES
        assert {name: mode for name, mode in modes(tmp_path).items() if mode & 0o177} == {}
    finally:
        await store.close()
        folder.close()


async def test_wider_ones_of_an_earlier_version_are_narrowed(tmp_path: Path) -> None:
    for _ in range(2):
        folder = DataFolder.open(tmp_path)
        store = open_file(folder, "2026a")
        assert {modes(tmp_path)[name] for name in DATABASES} == {0o600}
        await store.close()
        folder.close()
        widen(tmp_path)


async def test_a_backup_of_a_running_service_is_its_owners_alone(tmp_path: Path) -> None:
    with Server(tmp_path, "--roles", "api") as server, umask(0):
        server.run("db", "backup", str(tmp_path / "copy.db"), "--data-dir", str(server.data_dir))
    assert {name: mode for name, mode in modes(tmp_path).items() if name.startswith("copy")} == {
        "copy.db": 0o600,
        "copy.db.output": 0o600,
    }


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    for path in (tmp_path, tmp_path / "new"):
        with ordinary_user(), pytest.raises(StoreAway, match="this user may not write") as told:
            DataFolder.open(path)
        assert str(path) in str(told.value)
        assert str(told.value).endswith("or choose another folder with --data-dir.")


def test_a_path_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(
            StoreAway, match=f"{path} cannot be used: {tmp_path / 'file'} is a file: choose another folder"
        ):
            DataFolder.open(path)


def test_a_disk_without_room_for_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(StoreAway, match=f"there is no room left for {tmp_path}: free some"):
        DataFolder.open(tmp_path)
    monkeypatch.undo()
    DataFolder.open(tmp_path).close()


@pytest.mark.parametrize(
    ("code", "free", "said"),
    [
        ("SQLITE_FULL", 1 << 40, "no room left on the disk: free some"),
        ("SQLITE_IOERR_SHMSIZE", 4_096, "no room left on the disk: free some"),
        ("SQLITE_IOERR_WRITE", 1 << 40, "SQLITE_IOERR_WRITE"),
        ("SQLITE_CANTOPEN", 1 << 40, "give it the right to"),
        ("SQLITE_READONLY_DIRECTORY", 1 << 40, "give it the right to"),
        ("SQLITE_BUSY", 1 << 40, "end that one"),
        ("SQLITE_PROTOCOL", 1 << 40, "locking protocol"),
    ],
)
def test_what_sqlite_says_becomes_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, free: int, said: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    error = sqlite3.OperationalError("locking protocol" if code == "SQLITE_PROTOCOL" else "disk I/O error")
    error.sqlite_errorname = code
    with pytest.raises(StoreAway, match=said) as told, sqlite_files.opening(tmp_path):
        raise error
    assert str(told.value).startswith(f"The databases in {tmp_path} cannot be opened: ")
    assert "\n" not in str(told.value)


def test_the_first_word_counts(tmp_path: Path) -> None:
    """On a full disk SQLite has rolled back already when the migration wants to."""
    full, vain = sqlite3.OperationalError("database or disk is full"), sqlite3.OperationalError("cannot rollback")
    full.sqlite_errorname, vain.sqlite_errorname = "SQLITE_FULL", "SQLITE_ERROR"
    vain.__context__ = full
    with pytest.raises(StoreAway, match="no room left"), sqlite_files.opening(tmp_path):
        raise vain


def test_our_own_mistakes_are_not_the_disks(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.ProgrammingError), sqlite_files.opening(tmp_path):
        raise sqlite3.ProgrammingError("closed")


def test_a_damaged_database(tmp_path: Path) -> None:
    (tmp_path / "horarium.db").write_bytes(b"no database at all, but long enough to be read as one" * 100)
    folder = DataFolder.open(tmp_path)
    with pytest.raises(StoreAway, match=f"The databases in {tmp_path} .* put a backup in its place"):
        open_file(folder, "2026a")
    folder.close()


def start(tmp_path: Path, folder: Path, files_max: int | None = None) -> "subprocess.CompletedProcess[str]":
    """`files_max`: no file may grow beyond; a disk that fails."""

    def limited() -> None:
        if files_max is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (files_max, files_max))

    server = Server(tmp_path)
    return subprocess.run(
        server.command("serve", "--data-dir", str(folder), "--port", str(server.port)),
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=limited,
    )


def test_serve_says_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = start(tmp_path, tmp_path / "file" / "below")
    assert done.returncode == 2, done.stderr
    [sentence] = done.stderr.splitlines()
    assert f"{tmp_path}/file/below" in sentence
    done = start(tmp_path, tmp_path / "data", files_max=8_192)
    assert done.returncode == 2, done.stderr
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith(f"The databases in {tmp_path}/data cannot be opened: ")
    assert "--data-dir" in sentence
