"""How a command ends early: one sentence on standard error and an exit code."""

from enum import IntEnum
from typing import IO, Any

import click


class Exit(IntEnum):
    """What the exit status of every command means."""

    OK = 0
    RUN_FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    NOT_FOUND = 4
    CONFLICT = 5
    NOT_ALLOWED = 6
    INTERRUPTED = 130
    NOT_READ = 141


class Stop(click.ClickException):
    """Raised with what went wrong and what to do about it."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click calls it a class variable and reads it of the instance

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)
