"""What is said about a call that failed, for the person who wrote the task.

It shows neither a URL's path and query, which may hold secrets, nor anything that a terminal might obey.
"""

import socket
from http import HTTPStatus

import aiohttp
from yarl import URL

from horarium.actions.address_guard import Refused
from horarium.core.outcome import DETAIL_MAX, Failed


class NotCallable(aiohttp.ClientError):
    """The call cannot be made, or was lost; the message says why, and is shown."""


def why(broken: aiohttp.ClientError) -> str:
    """What went wrong, in words for the person who wrote the task."""
    match broken:
        case NotCallable():
            return str(broken)
        case aiohttp.ClientConnectorCertificateError():
            bad = broken.certificate_error
            return f"TLS: certificate verify failed: {getattr(bad, 'verify_message', '') or bad}"
        case aiohttp.ClientConnectorSSLError():
            return f"TLS: {getattr(broken.os_error, 'reason', None) or broken.os_error}"
        case aiohttp.ClientConnectorError(os_error=Refused() as refused):
            return str(refused)
        case aiohttp.ClientConnectorError(os_error=socket.gaierror(errno=socket.EAI_AGAIN)):
            return f"the name service does not answer for {broken.host}"
        case aiohttp.ClientConnectorError(os_error=socket.gaierror()):
            return f"no such host: {broken.host}"
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return f"connection refused: {_join(broken.host, broken.port)}"
        case aiohttp.ClientConnectorError():
            return f"no connection to {_join(broken.host, broken.port)}: {broken.os_error.strerror or broken.os_error}"
        case aiohttp.ServerDisconnectedError():
            return "the server closed the connection without an answer"
        case aiohttp.ClientResponseError():
            return f"the answer is not acceptable HTTP: {broken.message}"
        case aiohttp.ClientPayloadError():
            within = broken.__cause__
            return f"the body broke off: {getattr(within, 'message', None) or within or broken}"
        case aiohttp.InvalidURL():  # its own words quote the whole URL, and a query may hold a secret
            return "the URL names no host that can be called"
        case aiohttp.ClientOSError():
            return f"connection lost: {broken.strerror or broken}"
        case _:
            return f"{type(broken).__name__}: {broken}"


def failed(detail: str, status: int | None = None) -> Failed:
    return Failed(reason="error", http_status=status, detail=one_line(detail))


def one_line(detail: str) -> str:
    """One line without anything that a terminal might obey: part of it may come from the server."""
    return "".join(c if c.isprintable() else " " for c in detail)[:DETAIL_MAX]


def place(url: URL) -> str:
    """Scheme, host and port: paths and queries may hold secrets."""
    return str(url.origin())


def named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def size(count: int) -> str:
    return f"{count // 1_048_576} MiB" if count % 1_048_576 == 0 else f"{count} bytes"


def _join(host: str, port: int | None) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
