"""The data folder and its two locks: one service at a time, and no command of an earlier service beside it."""

import errno
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from horarium.core.errors import StoreAway, StoreInUse

SERVICE_LOCK = "service.lock"
COMMANDS_LOCK = "commands.lock"
BOOKS = "horarium.db"
OUTPUT = "output.db"
ELSEWHERE = "choose another folder with --data-dir"


@dataclass(slots=True)
class DataFolder:
    """Held by the service alone. The locks end with their descriptors, so also with a killed process."""

    path: Path
    _lock: int | None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Make the folder where it is missing and hold it.

        Raises StoreInUse where another service does, StoreAway where it cannot be made or written.
        """
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = _try(path / SERVICE_LOCK)
            if lock is None:
                owner = (path / SERVICE_LOCK).read_text("ascii", "replace").strip()
                by = f"process {owner}" if owner else "another process"
                raise StoreInUse(
                    f"The data folder {path} is in use by {by}: stop that service, or choose another folder."
                )
            try:
                os.ftruncate(lock, 0)
                os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            except OSError:
                os.close(lock)
                raise
        except OSError as error:
            raise unusable(path, error) from error
        return cls(path, lock)

    @property
    def books(self) -> Path:
        return self.path / BOOKS

    @property
    def output(self) -> Path:
        return self.path / OUTPUT

    def try_commands_lock(self) -> int | None:
        """A descriptor that holds the lock, to be shared with the guardian; None while earlier commands are still ending.

        It belongs to the caller. It is closed on exec: whoever passes it on does so by name.
        """
        return _try(self.path / COMMANDS_LOCK)

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def unusable(folder: Path, error: OSError) -> StoreAway:
    """One sentence for a person: what stands in the way of this data folder, and what to do about it."""
    place = error.filename or folder
    match error.errno:
        case errno.EEXIST | errno.ENOTDIR:
            why = f"{_file_on_the_way(folder)} is a file: {ELSEWHERE}"
        case errno.EACCES | errno.EPERM:
            why = f"this user may not write {place}: give it the right to, or {ELSEWHERE}"
        case errno.EROFS:
            why = f"{place} is on a file system that is read-only: make it writable, or {ELSEWHERE}"
        case errno.ENOSPC | errno.EDQUOT:
            why = f"there is no room left for {place}: free some, or {ELSEWHERE}"
        case _:
            why = f"{place}: {error.strerror or error}. Mend that, or {ELSEWHERE}"
    return StoreAway(f"The data folder {folder} cannot be used: {why}.")


def _file_on_the_way(folder: Path) -> Path:
    return next((path for path in (folder, *folder.parents) if path.is_file()), folder)


def _try(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:  # a file system without locks
        os.close(descriptor)
        raise
    return descriptor
