"""Talks to a server: JSON out, JSON in, and every problem becomes one sentence and an exit code."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from horarium import __version__
from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable

TIMEOUT_SECONDS = 30.0
PROBLEMS_SHOWN_MAX = 20

_CODES = {401: Exit.NOT_ALLOWED, 403: Exit.NOT_ALLOWED, 404: Exit.NOT_FOUND, 409: Exit.CONFLICT, 412: Exit.CONFLICT}
_CODES |= {421: Exit.NOT_ALLOWED, 428: Exit.CONFLICT, 429: Exit.UNREACHABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Stop("The answer is not JSON. Does the address belong to horarium?", Exit.UNREACHABLE) from error


class Problem(Stop):
    """An answer that is not a success. `facts` is its whole document."""

    def __init__(self, answer: Answer) -> None:
        self.status = answer.status
        self.facts = problem = _problem(answer)
        self.errors: list[dict[str, Any]] = [e for e in problem.get("errors") or [] if isinstance(e, dict)]
        code = _CODES.get(answer.status, Exit.USAGE if answer.status < 500 else Exit.UNREACHABLE)
        super().__init__(_sentences(problem, self.errors, answer.status), code)


class Client:
    """One server. Connections are kept and made anew as needed; redirects and proxies are not followed."""

    def __init__(self, url: str, token: str | None = None) -> None:
        scheme, host, port, path = _parts(url)
        self.url = url.rstrip("/")
        self._base = path.rstrip("/")
        make = HTTPSConnection if scheme == "https" else HTTPConnection
        self._connection = make(host, port, timeout=TIMEOUT_SECONDS)
        self._headers = {"Accept": "application/json", "User-Agent": f"horarium-cli/{__version__}"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        self._connection.close()

    def get(
        self, path: str, *, query: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        return self.ask("GET", path, query=query, headers=headers)

    def post(self, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None) -> Answer:
        return self.ask("POST", path, body={} if body is None else body, query=query)

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        api: bool = True,
    ) -> Answer:
        """Raises Problem for any answer but a success, Stop where there is none."""
        answer = self.any_answer(method, path, body=body, query=query, headers=headers, api=api)
        if not 200 <= answer.status < 300:
            raise Problem(answer)
        return answer

    def any_answer(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        api: bool = True,
    ) -> Answer:
        target = self._base + ("/api/v1" if api else "") + path
        given = {name: value for name, value in (query or {}).items() if value is not None}
        if given:
            target += "?" + urlencode(given, doseq=True)
        sent = {**self._headers, **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        return self._exchange(method, target, data, sent)

    def _exchange(self, method: str, target: str, data: bytes | None, headers: Mapping[str, str]) -> Answer:
        fresh = self._connection.sock is None
        try:
            self._connection.request(method, target, body=data, headers=dict(headers))
            response = self._connection.getresponse()
            return _answer(response)
        except (HTTPException, OSError) as error:
            self._connection.close()
            # A kept connection may have been closed meanwhile; reading again has no effect on the server.
            if not fresh and method == "GET" and not isinstance(error, socket.timeout):
                return self._exchange(method, target, data, headers)
            raise Stop(self._unreachable(error), Exit.UNREACHABLE) from error

    def _unreachable(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"{printable(self.url)} did not answer within {TIMEOUT_SECONDS:.0f} s. Try again, or look at horarium doctor."
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"No server answers at {printable(self.url)} ({printable(reason)}). Start one with: horarium serve"


def segment(text: str) -> str:
    """`text` as one segment of a path."""
    return quote(text, safe="")


def _parts(url: str) -> tuple[str, str, int | None, str]:
    """Scheme, host, port and path. Raises Stop for what is no address."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts.scheme, parts.hostname, parts.port, parts.path
    except ValueError:
        pass
    raise Stop(f'"{printable(url)}" is no address of a server. Write it like http://127.0.0.1:8787.', Exit.USAGE)


def _answer(response: HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(status=response.status, headers=headers, body=response.read())


def _problem(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _sentences(problem: Mapping[str, Any], errors: list[dict[str, Any]], status: int) -> str:
    lines = [printable(str(problem.get("detail") or problem.get("title") or f"The server answered {status}."))]
    for error in errors[:PROBLEMS_SHOWN_MAX]:
        pointer, message = printable(str(error.get("pointer") or "")), printable(str(error.get("message") or ""))
        said = f"{pointer}: {message}" if pointer else message
        remedy = f" ({printable(str(error['remedy']))})" if error.get("remedy") else ""
        if len(errors) == 1 and lines[0].rstrip(".") in (said.rstrip("."), message.rstrip(".")):
            lines[0] += remedy
        else:
            lines.append(f"  {said}{remedy}")
    if len(errors) > PROBLEMS_SHOWN_MAX:
        lines.append(f"  … and {len(errors) - PROBLEMS_SHOWN_MAX} more")
    if status in (401, 403) and not errors:
        lines.append(
            "Set HORARIUM_TOKEN to a token that may do this; an admin makes one with: horarium token create NAME --role ROLE"
        )
    return "\n".join(lines)
