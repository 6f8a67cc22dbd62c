"""The web server of one process: its socket, and uvicorn on it without hands on our signals, our log and our answers."""

import asyncio
import contextlib
import errno
import logging
import socket
import sys
import traceback
from collections.abc import Iterator
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final, cast

import structlog
import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from horarium.api.guard import ALWAYS, UNLESS_SAID
from horarium.api.problems import Problem, answer
from horarium.core.errors import HorariumError

BACKLOG: Final = 1_024
KEEP_ALIVE_SECONDS: Final = 75
CLOSE_SECONDS_MAX: Final = 5
"""How long answers under way may take once the engine has drained."""
HANG_UP_SECONDS: Final = CLOSE_SECONDS_MAX - 1
"""When those who have not sent their whole request, or do not read its answer, are hung up on: before uvicorn cancels."""
URL_BYTES_MAX: Final = 65_535
"""What httptools can take apart."""

log = structlog.get_logger(__name__)


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
        _take_over_log()
        self._server = _Server(
            uvicorn.Config(
                cast("Any", _without_those_who_left(app)),  # uvicorn and Starlette spell one protocol in two ways
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=True,
                proxy_headers=False,
                lifespan="off",
                loop="none",
                http=_Protocol,
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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        hanging_up = asyncio.get_running_loop().call_later(HANG_UP_SECONDS, self._hang_up)
        try:
            await super().shutdown(sockets)
        finally:
            hanging_up.cancel()

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, _Protocol):
                connection.transport.abort()


class _Protocol(HttpToolsProtocol):
    """What is no HTTP is refused by a problem, like everything else that is refused."""

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > URL_BYTES_MAX:
            raise ValueError("the address is too long")

    def send_400_response(self, msg: str) -> None:
        if getattr(self.cycle, "response_started", False) and not self.cycle.response_complete:
            self.transport.abort()  # a second answer inside the first would be read as part of it
            return
        if len(getattr(self, "url", b"")) > URL_BYTES_MAX:
            problem = Problem(
                status=414, kind="address-too-long", detail=f"An address has at most {URL_BYTES_MAX} bytes."
            )
        else:
            cause = sys.exc_info()[1]  # the parser's refusal is being handled
            problem = Problem(status=400, kind="malformed", detail=f"The request is not valid HTTP: {cause or msg}.")
        response = answer(problem)
        lines = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}".encode()]
        headers = (*self.server_state.default_headers, *response.raw_headers, *ALWAYS, *UNLESS_SAID)
        lines += [b"%s: %s" % pair for pair in (*headers, (b"connection", b"close"))]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(response.body)]))
        self.transport.close()


def _without_those_who_left(app: ASGIApp) -> ASGIApp:
    """Whoever hangs up in the middle of a request gets no answer, and is no mistake of ours."""

    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            await app(scope, receive, send)

    return patient


def _take_over_log() -> None:
    """uvicorn's own words come in our form: one line each."""
    logger = logging.getLogger("uvicorn.error")
    logger.handlers = [_OneLine(logging.WARNING)]
    logger.setLevel(logging.WARNING)
    logger.propagate = False


class _OneLine(logging.Handler):
    """Only a mistake of ours is an error; where it happened is told without a traceback's many lines."""

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage().strip()
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            log.warning(words, by="uvicorn")
        elif isinstance(error, Exception):
            frames = traceback.extract_tb(error.__traceback__)
            log.error(words, cause=repr(error), at=[f"{f.filename}:{f.lineno} {f.name}" for f in frames])
        else:
            log.warning(words, by="uvicorn", cause=repr(error))
