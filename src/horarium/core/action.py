"""What a task does: definitions only. Carrying them out is the business of `horarium.actions`."""

from dataclasses import dataclass, field, fields
from ipaddress import IPv6Address
from json import JSONEncoder
from typing import Annotated, Any, Literal, TypeAlias

from horarium.core.errors import BadValue
from horarium.core.shape import OneOf, Shape

ACTION_BYTES_MAX = 65_536
"""Of the whole action as JSON text: what a thousand tasks may weigh in a list, in memory and on the way."""
DEPTH_MAX = 64
"""Arrays and objects inside each other in `json`, `args` and `kwargs`."""
TEXT_MAX = 65_536
ARGUMENTS_MAX = 1_000
HEADERS_MAX = 100
PORT_MAX = 65_535
SECRET_WORDS = ("auth", "cookie", "credential", "key", "passw", "proxy", "secret", "session", "signature", "token")
"""A header whose name holds one of these may carry a credential."""

Pairs: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log(Shape):
    """Writes its message to the run's output: the harmless first task."""

    kind: Literal["log"]
    message: str

    def __post_init__(self) -> None:
        _bounded("message", self.message)
        _check_size(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(Shape):
    """Calls a URL. `expect_status` holds numbers or classes such as "2xx"; `expect_body` is a substring of the first MiB."""

    kind: Literal["http"]
    url: str
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = "GET"
    headers: Pairs = field(default_factory=dict)
    body: str | None = None
    json: Any = None
    expect_status: tuple[int | Literal["1xx", "2xx", "3xx", "4xx", "5xx"], ...] = ("2xx",)
    expect_body: str | None = None

    def __post_init__(self) -> None:
        _bounded("url", self.url, 8_192)
        _bounded("body", self.body)
        _bounded("expect_body", self.expect_body)
        scheme, _, rest = self.url.partition("://")
        if scheme.lower() not in ("http", "https") or not rest.strip("/"):
            raise BadValue(
                "url",
                "only absolute http and https addresses are called",
                "write http://host/path or https://host/path",
            )
        _check_address(authority(rest))
        if any(c.isspace() or ord(c) < 32 or ord(c) == 127 for c in self.url):
            raise BadValue("url", "an address holds no spaces and no control characters", "percent-encode them")
        if self.body is not None and self.json is not None:
            raise BadValue("json", "body and json exclude each other", "keep one of them")
        if len(self.headers) > HEADERS_MAX:
            raise BadValue("headers", f"more than {HEADERS_MAX} headers")
        for name, value in self.headers.items():
            if not name or not name.isascii() or not all(c.isalnum() or c in "!#$%&'*+-.^_`|~" for c in name):
                raise BadValue("headers", f"{name!r} is not a header name (RFC 9110, token)")
            if any(c in value for c in "\r\n\0"):
                raise BadValue("headers", f"the value of {name} holds a line break or NUL")
        if not self.expect_status:
            raise BadValue("expect_status", "no status would be a success", 'leave it out for the default "2xx"')
        for status in self.expect_status:
            if isinstance(status, int) and not 100 <= status <= 599:
                raise BadValue("expect_status", f"{status} is no HTTP status", "use 100 to 599 or a class such as 2xx")
        _check_depth("json", self.json)
        _check_size(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Shape):
    """Runs a program: `argv` as it stands, or `shell` as one line for /bin/sh -c. `cwd` defaults to HOME."""

    kind: Literal["command"]
    argv: tuple[str, ...] | None = None
    shell: str | None = None
    env: Pairs = field(default_factory=dict)
    cwd: str | None = None

    def __post_init__(self) -> None:
        if (self.argv is None) == (self.shell is None):
            raise BadValue("argv", "a command has either argv or shell", "keep exactly one of them")
        if self.argv is not None and (not self.argv or not self.argv[0]):
            raise BadValue("argv", "the first item names the program and is missing")
        if self.argv is not None and len(self.argv) > ARGUMENTS_MAX:
            raise BadValue("argv", f"more than {ARGUMENTS_MAX} arguments")
        for name, text in (
            *((f"argv.{i}", a) for i, a in enumerate(self.argv or ())),
            ("shell", self.shell),
            ("cwd", self.cwd),
        ):
            _bounded(name, text)
            if text is not None and "\0" in text:
                raise BadValue(name, "NUL cannot be passed to a program")
        if self.shell is not None and not self.shell.strip():
            raise BadValue("shell", "the command line is empty")
        if self.cwd is not None and not self.cwd.startswith("/"):
            raise BadValue("cwd", "the folder must be an absolute path", "write it from / on")
        if len(self.env) > ARGUMENTS_MAX:
            raise BadValue("env", f"more than {ARGUMENTS_MAX} variables")
        for name, value in self.env.items():
            if not name or "=" in name or "\0" in name or "\0" in value:
                raise BadValue("env", f"{name!r} cannot be an environment variable")
            if name.startswith("HORARIUM_"):
                raise BadValue(
                    "env", f"{name} is set by horarium itself", "choose a name that does not begin with HORARIUM_"
                )
        _check_size(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonCall(Shape):
    """Calls `module:callable` in a child process; what it prints and the repr of what it returns are output."""

    kind: Literal["python"]
    function: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _bounded("function", self.function, 500)
        module, colon, name = self.function.partition(":")
        parts = (*module.split("."), *name.split("."))
        if not colon or not all(part.isidentifier() for part in parts):
            raise BadValue(
                "function",
                f"{self.function!r} does not name a function",
                "write module:callable, e.g. reports.daily:send",
            )
        if len(self.args) > ARGUMENTS_MAX or len(self.kwargs) > ARGUMENTS_MAX:
            raise BadValue("args", f"more than {ARGUMENTS_MAX} arguments")
        _check_depth("args", self.args)
        _check_depth("kwargs", self.kwargs)
        _check_size(self)


Action: TypeAlias = Annotated[Log | Http | Command | PythonCall, OneOf("kind")]

NEEDS_PROCESS = frozenset({"command", "python"})
"""Kinds whose attempts hold one of the worker's process slots."""


def _bounded(name: str, text: str | None, limit: int = TEXT_MAX) -> None:
    if text is not None and len(text) > limit:
        raise BadValue(name, f"longer than {limit} characters")


def may_be_secret(header: str) -> bool:
    """Whether this looks like the name of a header that carries a credential."""
    name = header.lower()
    return any(word in name for word in SECRET_WORDS)


def authority(rest: str) -> str:
    """User, host and port of an address, where `rest` is what follows `://`."""
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    return rest[:end]


def _check_address(where: str) -> None:
    """Refuse what no client could connect to, and what two readers would take for different hosts."""
    user, _, place = where.rpartition("@")
    host, closed, port = place.rpartition("]")
    if closed:
        if not host.startswith("[") or not _is_ipv6(host[1:]) or (port and port[0] != ":"):
            raise BadValue("url", "there is no IPv6 address in the brackets", "write it like http://[::1]:8080/")
        port = port[1:]
    else:
        host, _, port = place.partition(":")
    if any(c in "[]\\" for c in user + host.removeprefix("[") + port):
        raise BadValue("url", "user, password and host hold no brackets and no backslash", "percent-encode them")
    if not host:
        raise BadValue("url", "there is no host", "write http://host/path or https://host/path")
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= PORT_MAX):
        # Not named: where a password holds a slash, this is a piece of it.
        raise BadValue("url", f"the port is no number from 0 to {PORT_MAX}", "an IPv6 address goes into brackets")


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


_written = JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _check_depth(name: str, value: Any) -> None:
    """Level by level: however deep, wide or shared it is, the work is bounded."""
    level = [value]
    for _ in range(DEPTH_MAX + 1):
        inner = [item for item in level if isinstance(item, (dict, list, tuple))]
        if not inner:
            return
        level = [part for item in inner for part in (item.values() if isinstance(item, dict) else item)]
        if len(level) > ACTION_BYTES_MAX:
            raise _too_large(name)
    raise BadValue(name, f"nested deeper than {DEPTH_MAX} levels", "make it flatter")


def _check_size(action: Log | Http | Command | PythonCall) -> None:
    """The text of the whole action is what is kept and answered; the largest member is named."""
    sizes = {f.name: _size(f.name, getattr(action, f.name)) for f in fields(action)}
    if 1 + sum(len(name) + len('"":,') + size for name, size in sizes.items()) > ACTION_BYTES_MAX:
        raise _too_large(max(sizes, key=lambda name: sizes[name]))


def _size(name: str, value: Any) -> int:
    try:
        return len(_written(value).encode(errors="surrogatepass"))
    except (TypeError, ValueError) as bad:
        raise BadValue(name, f"is not JSON: {bad}") from bad


def _too_large(name: str) -> BadValue:
    return BadValue(
        name,
        f"makes the action larger than {ACTION_BYTES_MAX} bytes of JSON text",
        "shorten it, or keep it in a file that the action reads",
    )
