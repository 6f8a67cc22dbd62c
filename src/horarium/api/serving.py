"""The web server of one process: its socket, and uvicorn on it without hands on our signals."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, Final, cast

import uvicorn
from starlette.types import ASGIApp

from horarium.core.errors import HorariumError

BACKLOG: Final = 1_024
KEEP_ALIVE_SECONDS: Final = 75
CLOSE_SECONDS_MAX: Final = 5
"""How long answers under way may take once the engine has drained."""


class CannotListen(HorariumError):
    """One sentence with the remedy; `busy` where somebody else has the port."""

    def __init__(self, sentence: str, *, busy: bool) -> None:
        super().__init__(sentence)
        self.busy = busy


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CannotListen."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as fault:
        raise CannotListen(
            f"{host} is no address of this computer ({fault.strerror}). Use --host 127.0.0.1.", busy=False
        ) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as fault:
        listener.close()
        if fault.errno == errno.EADDRINUSE:
            raise CannotListen(
                f"Port {port} is in use. Use another one, e.g. --port {port % 65_535 + 1}.", busy=True
            ) from None
        if fault.errno == errno.EACCES:
            raise CannotListen(
                f"Port {port} needs more rights than this user has. Use one above 1023.", busy=False
            ) from None
        raise CannotListen(f"Cannot listen on {host} port {port}: {fault.strerror}.", busy=False) from None
    return listener


def public_url(host: str, port: int) -> str:
    """Where a browser on this computer reaches it."""
    try:
        address = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if address.is_unspecified:
        return f"http://127.0.0.1:{port}"
    return f"http://[{host}]:{port}" if address.version == 6 else f"http://{host}:{port}"


class Web:
    """`serve` runs until `stop`; `started` returns when the first request would be answered."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._server = _Server(
            uvicorn.Config(
                cast("Any", app),  # uvicorn and Starlette spell one protocol in two ways
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=True,
                proxy_headers=False,
                lifespan="off",
                loop="none",
                http="httptools",
                ws="none",
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=CLOSE_SECONDS_MAX,
                backlog=BACKLOG,
            )
        )

    async def serve(self) -> None:
        await self._server.serve(sockets=[self._listener])

    async def started(self) -> None:
        await self._server.begun.wait()

    def stop(self) -> None:
        self._server.should_exit = True


class _Server(uvicorn.Server):
    """Signals are the service's business: the engine drains before the API goes."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.begun = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.begun.set()
