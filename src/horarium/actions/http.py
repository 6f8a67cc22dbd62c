"""Calls URLs, and trusts neither where they lead nor what comes back.

Every hop is judged by the address guard, redirects are followed here and not by the library, and time, size and shape of an
answer are bounded. The body, decompressed, is the run's output; nothing in it is parsed.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, hdrs
from aiohttp.http import HttpProcessingError
from multidict import CIMultiDict
from yarl import URL

from horarium.actions.address_guard import Guard, GuardedResolver, Lookup, gate
from horarium.actions.http_answer import expected, retry_after, text
from horarium.actions.http_request import anonymous, becomes_get, location, request_parts, secret_names, target, without
from horarium.actions.http_words import NotCallable, failed, named, one_line, place, size, why
from horarium.core.action import Action, Http
from horarium.core.outcome import Ended, Failed, Succeeded
from horarium.ports.action import Identity, Sink

CONNECT_SECONDS = 10.0
FIRST_BYTE_SECONDS = 60.0
TOTAL_SECONDS = 300.0
REDIRECTS_MAX = 5
BODY_BYTES_MAX = 16 * 1024 * 1024
"""After decompression. A run's output keeps far less, so that reading on would serve nobody."""
EXPECT_BYTES_MAX = 1024 * 1024
CHUNK_BYTES = 64 * 1024
"""How much is read, and decompressed, at a time: what an answer may occupy in memory is a small multiple of it."""
HEADER_BYTES_MAX = 16 * 1024
HEADERS_MAX = 128
CONNECTIONS_MAX = 1_024
"""More than a worker has slots: a call never waits for another's connection."""
KEEP_ALIVE_SECONDS = 1.0
"""Shorter than any server's patience, because a request sent into a connection just closed at the other end is a failed run."""
NAMES_SECONDS = 5
"""How long a judged answer of the name service is used again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a call may take and how much it may bring."""

    connect_seconds: float = CONNECT_SECONDS
    first_byte_seconds: float = FIRST_BYTE_SECONDS
    total_seconds: float = TOTAL_SECONDS
    body_bytes: int = BODY_BYTES_MAX


class HttpDoer:
    """Carries out http actions over one session. `guard` may be told the own port after the start."""

    def __init__(
        self,
        guard: Guard,
        limits: Limits = Limits(),
        *,
        lookup: Lookup | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.guard = guard
        self.limits = limits
        self._lookup = lookup
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Opens the session, which belongs to the running loop."""
        assert self._session is None
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self.guard, self._lookup),
            socket_factory=gate(self.guard),
            ttl_dns_cache=NAMES_SECONDS,
            limit=CONNECTIONS_MAX,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            ssl=self._tls or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            middlewares=(_once,),
            # `sock_read` guards the first byte only; `do` guards the whole.
            timeout=aiohttp.ClientTimeout(
                total=None, connect=self.limits.connect_seconds, sock_read=self.limits.first_byte_seconds
            ),
            read_bufsize=CHUNK_BYTES,
            max_line_size=HEADER_BYTES_MAX,
            max_field_size=HEADER_BYTES_MAX,
            max_headers=HEADERS_MAX,
        )

    async def do(self, action: Action, identity: Identity, output: Sink) -> Ended:
        """Calls the URL and judges the answer. Connections of a cancelled call are closed before CancelledError goes on."""
        assert isinstance(action, Http)
        limits = self.limits
        try:
            async with asyncio.timeout(limits.total_seconds) as whole:
                return await self._follow(action, identity, output)
        except aiohttp.ConnectionTimeoutError:
            return failed(f"no connection within {limits.connect_seconds:g} s")
        except aiohttp.SocketTimeoutError:
            return failed(f"no first byte within {limits.first_byte_seconds:g} s")
        except aiohttp.ClientError as broken:
            return failed(why(broken))
        except TimeoutError:
            if not whole.expired():
                raise
            return failed(f"not finished within {limits.total_seconds:g} s")

    async def close(self) -> None:
        """Closes every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _follow(self, action: Http, identity: Identity, output: Sink) -> Ended:
        """One request per hop. A redirect that `expect_status` names is an answer like any other."""
        url = target(action.url)
        method: str = action.method
        headers, body = request_parts(action, url, identity)
        url = anonymous(url)
        for _ in range(REDIRECTS_MAX + 1):
            async with await self._send(method, url, headers, body) as answer:
                final = expected(answer.status, action.expect_status)
                onward = None if final else location(answer.status, answer.headers.get(hdrs.LOCATION), url)
                if onward is None:
                    return await self._judged(action, answer, output)
            if becomes_get(answer.status, method):
                method, body = hdrs.METH_GET, None
                headers = without(headers, [name for name in headers if name.lower().startswith("content-")])
            if onward.origin() != url.origin():
                headers = without(headers, secret_names(headers, identity))
            url = onward
        return failed(f"more than {REDIRECTS_MAX} redirects, the last one to {place(url)}")

    async def _send(self, method: str, url: URL, headers: CIMultiDict[str], body: bytes | None) -> ClientResponse:
        assert self._session is not None, "start comes before do"
        patience = self.limits.connect_seconds + self.limits.first_byte_seconds
        try:
            async with asyncio.timeout(patience) as head:
                answer = await self._session.request(method, url, headers=headers, data=body, allow_redirects=False)
        except aiohttp.ClientError:
            raise
        except TimeoutError as late:  # a head that dribbles, or provisional answers without end
            if not head.expired():
                raise
            raise NotCallable(f"no complete head within {patience:g} s") from late
        except ValueError as bad:  # a header or host that cannot be sent
            raise NotCallable(f"the request cannot be sent: {bad}") from bad
        if answer.connection is not None and answer.connection.protocol is not None:
            # The first byte is here: a body may pause as long as the whole stays in time.
            answer.connection.protocol.read_timeout = None
            answer.connection.protocol.start_timeout()
        return answer

    async def _judged(self, action: Http, answer: ClientResponse, output: Sink) -> Ended:
        """The status decides first, so that a broken body hides neither it nor what the server said about trying again."""
        head = bytearray()
        broken: str | None = None
        try:
            await self._pump(answer, output, head if action.expect_body else None)
        except aiohttp.ClientError as cause:
            broken = why(cause)
        status = answer.status
        if not expected(status, action.expect_status):
            return Failed(
                reason="http_status",
                http_status=status,
                detail=one_line(f"{named(status)}, expected {', '.join(map(str, action.expect_status))}"),
                retry_after_seconds=retry_after(answer.headers.get(hdrs.RETRY_AFTER), answer.headers.get(hdrs.DATE)),
            )
        if broken is not None:
            return failed(broken, status)
        if action.expect_body and action.expect_body not in text(head, answer.charset):
            return failed(f"the body does not contain {action.expect_body!r}", status)
        return Succeeded(http_status=status)

    async def _pump(self, answer: ClientResponse, output: Sink, head: bytearray | None) -> None:
        content, room = answer.content, self.limits.body_bytes
        with contextlib.nullcontext() if content.is_eof() else _malformed_bodies_end(answer):
            while not content.at_eof():
                chunk = await content.read(CHUNK_BYTES)
                if head is not None and len(head) < EXPECT_BYTES_MAX:
                    head += chunk[: EXPECT_BYTES_MAX - len(head)]
                if chunk and room:
                    await output.write("stdout", chunk[:room])
                if len(chunk) > room:
                    answer.close()
                    raise NotCallable(f"the body is larger than {size(self.limits.body_bytes)}")
                room -= len(chunk)


async def _once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Keeps the library from sending an idempotent request a second time on its own: a second try is the policy's to make."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as lost:
        raise NotCallable(why(lost)) from lost


@contextlib.contextmanager
def _malformed_bodies_end(answer: ClientResponse) -> Iterator[None]:
    """aiohttp 3.14 closes the connection when a later part of a body is malformed, but never tells whoever reads that body."""
    protocol = answer.connection.protocol if answer.connection is not None else None
    if protocol is None:
        yield
        return

    def tell(_: object) -> None:
        cause = protocol.exception()
        if isinstance(cause, HttpProcessingError) and answer.content.exception() is None:
            answer.content.set_exception(aiohttp.ClientPayloadError(cause.message), cause)

    closed = protocol.closed
    if closed is None:  # already, and it is too late for a callback
        tell(None)
        yield
        return
    closed.remove_done_callback(_seen)
    closed.add_done_callback(_seen)
    closed.add_done_callback(tell)
    try:
        yield
    finally:
        closed.remove_done_callback(tell)


def _seen(closed: asyncio.Future[None]) -> None:
    """Why a connection ended is told by what was read from it; unasked futures complain when they are collected."""
    if not closed.cancelled():
        closed.exception()
