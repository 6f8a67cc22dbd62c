"""Which server a command speaks to: --server, else HORARIUM_URL, else the one that runs on this computer."""

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from horarium import server_files
from horarium.cli.client import Client
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable
from horarium.server_files import ServerFile

F = TypeVar("F", bound=Callable[..., Any])

NONE = "No horarium server runs here. Start one with: horarium serve (or set HORARIUM_URL and HORARIUM_TOKEN)."


def with_server(command: F) -> F:
    """Adds --server; the command gets `client`."""

    def connected(ctx: click.Context, param: click.Parameter, value: str | None) -> Client | None:
        if ctx.resilient_parsing:
            return None
        client = connect(value)
        ctx.call_on_close(client.close)
        return client

    option = click.option(
        "--server",
        "client",
        metavar="URL|PORT",
        callback=connected,
        help="The server to speak to; needed where several run. Default: HORARIUM_URL, else the one running here.",
    )
    return option(command)


def connect(server: str | None = None) -> Client:
    """Raises Stop: nothing found (3), several found (2)."""
    token = os.environ.get("HORARIUM_TOKEN") or None
    if server is not None and server.isdecimal():
        running = [file for file in server_files.live() if file.port == int(server)]
        if running:
            return Client(running[0].url, token or running[0].token)
        return Client(f"http://127.0.0.1:{server}", token)
    url = server or os.environ.get("HORARIUM_URL")
    if url:
        return Client(url, token or _token_of(url))
    running = server_files.live()
    if not running:
        raise Stop(NONE, Exit.UNREACHABLE)
    if len(running) > 1:
        raise Stop(several(running, "--server PORT"), Exit.USAGE)
    return Client(running[0].url, token or running[0].token)


def _token_of(url: str) -> str | None:
    wanted = url.rstrip("/")
    return next((file.token for file in server_files.live() if file.url.rstrip("/") == wanted), None)


def several(running: Sequence[ServerFile], option: str) -> str:
    """The servers to choose from; `option` is how the command at hand names one."""
    lines = [f"{len(running)} servers run here. Name one with {option}:"]
    lines += [f"  {file.port}  {printable(file.url)}  {printable(file.data_dir)}" for file in running]
    return "\n".join(lines)
