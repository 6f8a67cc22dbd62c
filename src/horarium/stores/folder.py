"""The data folder and its two locks: one service at a time, and no command of an earlier service beside it."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from horarium.core.errors import StoreInUse

SERVICE_LOCK = "service.lock"
COMMANDS_LOCK = "commands.lock"
BOOKS = "horarium.db"
OUTPUT = "output.db"


@dataclass(slots=True)
class DataFolder:
    """Held by the service alone. The locks end with their descriptors, so also with a killed process."""

    path: Path
    _lock: int | None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Make the folder where it is missing and hold it. Raises StoreInUse where another service does."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _try(path / SERVICE_LOCK)
        if lock is None:
            owner = (path / SERVICE_LOCK).read_text("ascii", "replace").strip()
            by = f"process {owner}" if owner else "another process"
            raise StoreInUse(f"The data folder {path} is in use by {by}: stop that service, or choose another folder.")
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
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


def _try(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
