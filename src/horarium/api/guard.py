"""The outermost layer, pure ASGI: who may speak to this service at all, and what every answer carries.

Nothing here knows of tasks. A refusal is a problem like any other.
"""

from collections import Counter
from ipaddress import ip_address
from itertools import count
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from horarium.api.parts import Parts
from horarium.api.problems import Refused, answer, refused

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
LOOPBACK_NAMES: Final = frozenset({"localhost"})
JSON_TYPES: Final = frozenset({b"application/json", b"application/merge-patch+json"})
HEADERS_MAX: Final = 100
HEADER_BYTES_MAX: Final = 32 * 1024
ADDRESS_BYTES_MAX: Final = 64 * 1024
SAME_SITE: Final = frozenset({b"same-origin", b"none"})
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
UNLESS_SAID: Final = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)


class Guard:
    def __init__(self, app: ASGIApp, there: Parts, served: Counter[str]) -> None:
        self._app = app
        self._there = there
        self._served = served
        self._life = there.random.bytes(4).hex().encode()
        """Together with a number it names a request, also among those of another life of this service."""
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        dressed = self._dressed(send, b"%s-%d" % (self._life, next(self._numbers)))
        try:
            self._check(scope)
        except Refused as refusal:
            await answer(refusal.problem)(scope, receive, dressed)
            return
        # What a proxy puts before every address, whether or not it also takes it away again.
        below = {**scope, "root_path": self._there.base_path}
        await self._app(below, _counted(receive, self._there.body_max), dressed)

    def _check(self, scope: Scope) -> None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        _check_size(scope, headers)
        host = _the_one(headers, b"host")
        self._check_host(host)
        if scope["method"] not in SAFE_METHODS:
            self._check_origin(headers, host or b"")
            _check_content(headers, self._there.body_max)

    def _check_host(self, host: bytes | None) -> None:
        if host is None:
            raise refused(400, "no-host", "The request names no host.")
        name = _host_name(host)
        if name is None or not (name in LOOPBACK_NAMES or _is_address(name) or name in self._there.hosts):
            shown = host.decode("latin-1")[:100]
            raise refused(
                421,
                "wrong-host",
                f"This service does not answer to the host {shown!r}. Start it with --allowed-host to add a name.",
            )

    def _check_origin(self, headers: list[tuple[bytes, bytes]], host: bytes) -> None:
        origin = _the_one(headers, b"origin")
        if origin is not None:
            if not (_same_origin(origin, host) or origin.decode("latin-1").lower() in self._there.origins):
                raise refused(403, "cross-origin", "Changes are not taken from pages of another origin.")
            return
        site = _the_one(headers, b"sec-fetch-site")
        if site is not None and site not in SAME_SITE:
            raise refused(403, "cross-origin", "Changes are not taken from pages of another site.")

    def _dressed(self, send: Send, request_id: bytes) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._served[f"{message['status'] // 100}xx"] += 1
                there = list(message.get("headers", ()))
                named = {name.lower() for name, _ in there}
                there += [*ALWAYS, (b"x-request-id", request_id)]
                there += [pair for pair in UNLESS_SAID if pair[0] not in named]
                message = {**message, "headers": there}
            await send(message)

        return dressed


def _check_size(scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS_BYTES_MAX:
        raise refused(414, "address-too-long", f"An address has at most {ADDRESS_BYTES_MAX} bytes.")
    if len(headers) > HEADERS_MAX or sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES_MAX:
        raise refused(431, "headers-too-large", f"At most {HEADERS_MAX} headers and {HEADER_BYTES_MAX} bytes of them.")


def _check_content(headers: list[tuple[bytes, bytes]], body_max: int) -> None:
    length = _the_one(headers, b"content-length")
    if length is not None and (not length.isdigit() or int(length[:20]) > body_max):
        raise _too_large(body_max)
    kind = _the_one(headers, b"content-type")
    has_body = (length is not None and length.strip(b"0") != b"") or any(
        name == b"transfer-encoding" for name, _ in headers
    )
    if kind is None and not has_body:
        return
    media, _, parameters = (kind or b"").partition(b";")
    charset = parameters.strip().lower().replace(b'"', b"").replace(b" ", b"")
    if media.strip().lower() not in JSON_TYPES or charset not in (b"", b"charset=utf-8"):
        raise refused(415, "not-json", "Bodies are JSON in UTF-8: send Content-Type: application/json.")


def _counted(receive: Receive, body_max: int) -> Receive:
    """Bodies sent in chunks are counted as they come."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > body_max:
            raise _too_large(body_max)
        return message

    return counted


def _too_large(body_max: int) -> Exception:
    return refused(413, "too-large", f"A body has at most {body_max} bytes.", headers={"Connection": "close"})


def _the_one(headers: list[tuple[bytes, bytes]], wanted: bytes) -> bytes | None:
    found = [value for name, value in headers if name == wanted]
    if len(found) > 1:
        raise refused(400, "header-twice", f"The header {wanted.decode('ascii')} is there twice.")
    return found[0].strip() if found else None


def _host_name(host: bytes) -> str | None:
    """The name or address without the port, in lower case; None for what is neither."""
    try:
        split = urlsplit(f"//{host.decode('ascii')}")
        name, _ = split.hostname, split.port
    except ValueError:
        return None
    if not name or split.path or split.query or split.fragment or split.username is not None or b"@" in host:
        return None
    return name.removesuffix(".")


def _is_address(name: str) -> bool:
    """Whether it is an address as such: rebinding needs a name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _same_origin(origin: bytes, host: bytes) -> bool:
    """Whether the page came from where the request goes. The scheme is not compared: a proxy may end TLS before us."""
    try:
        page = urlsplit(origin.decode("ascii"))
        here = urlsplit(f"//{host.decode('ascii')}")
        default = DEFAULT_PORTS.get(page.scheme)
        if default is None or page.path or page.query or page.username is not None:
            return False
        return (page.hostname, page.port or default) == (here.hostname, here.port or default)
    except ValueError:
        return False
