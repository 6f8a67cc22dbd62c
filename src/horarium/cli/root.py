"""The tree of commands. A command's module is imported when the command is asked for."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

import click

from horarium import __version__
from horarium.cli.kinds import Group
from horarium.cli.stop import Exit

COMMANDS = {
    "serve": "serve:serve",
    "add": "define:add",
    "edit": "define:edit",
    "list": "tasks:list_tasks",
    "show": "tasks:show",
    "run": "act:run",
    "pause": "act:pause",
    "resume": "act:resume",
    "skip": "occurrences:skip",
    "move": "occurrences:move",
    "delete": "act:delete",
    "restore": "act:restore",
    "runs": "runs:runs",
    "logs": "logs:logs",
    "cancel": "runs:cancel",
    "retry": "runs:retry",
    "preview": "preview:preview",
    "import": "importing:importing",
    "calendar": "calendars:calendar",
    "token": "tokens:token",
    "open": "opening:opening",
    "db": "data:db",
    "doctor": "doctor:doctor",
    "health": "health:health",
}
ALIASES = {"ls": "list"}


class Root(Group):
    """Its commands are modules."""

    def __init__(self, *args: Any, modules: Mapping[str, str] = COMMANDS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = self._modules.get(ALIASES.get(cmd_name, cmd_name))
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: click.Command = getattr(import_module(f"horarium.cli.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as unknown:
            raise click.exceptions.NoSuchCommand(unknown.command_name, possibilities=self._modules, ctx=ctx) from None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        return click.Group.main(self, *args, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _nobody_need_read():  # --help and --version print here already
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _nobody_need_read():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(Exit.INTERRUPTED)


@contextmanager
def _nobody_need_read() -> Iterator[None]:
    """Whoever reads our output may have enough of it (`| head -1`): that is no news, and what is left goes nowhere."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()  # the help that rich lays out is still in the buffer
    except BrokenPipeError:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BrokenPipeError:
                with suppress(OSError, ValueError):  # a stream without a descriptor
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            except ValueError:
                continue  # closed
        raise click.exceptions.Exit(Exit.NOT_READ) from None


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="horarium", message="%(prog)s %(version)s")
def main() -> None:
    """A task scheduler that accounts for every occurrence.

    Exit codes: 0 done · 1 a run failed · 2 wrong usage or a refused value · 3 the server cannot be reached ·
    4 not found · 5 a conflict · 6 not allowed.
    """
