"""What a start prints: one aligned block that says where everything is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SETUP_PATH = "POST /api/v1/session"
COUNTED_MAX = 100_000
"""More tasks than this are not counted: a start must not wait for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """Facts of one start. `key` is the fresh one-time key, None on a later start; `page`: whether the web page was built."""

    version: str
    python: str
    timezone: str
    now: datetime
    url: str
    data: str
    new: bool
    in_memory: bool
    loopback: bool
    roles: Sequence[str]
    key: str | None
    page: bool
    key_minutes: int
    ready_seconds: float
    drain_seconds: float
    tasks: int
    opening: bool = False
    """Whether the browser is being opened."""
    tunnel: str | None = None
    """What to type elsewhere to reach this computer, where one is here by a remote shell."""


def lines(of: Greeting) -> list[str]:
    """The block, one line each, without colour."""
    zone = of.now.astimezone(ZoneInfo(of.timezone))
    age = "in memory: everything is gone when this stops" if of.in_memory else ("new · SQLite" if of.new else "SQLite")
    reach = "this computer only" if of.loopback else "every computer that reaches this one, over plain http"
    block = [
        "",
        f"  horarium {of.version} · time zone {of.timezone} ({zone.tzname()}, {_offset(zone)}) · Python {of.python}",
        "",
        *([_page(of)] if of.page else []),
        _row("API", f"{of.url}/api/v1", "docs at /docs" if of.page else "described at /api/openapi.json"),
        _row("Data", of.data, age),
        _row("Zone", of.timezone, "PATCH /api/v1/settings changes the default"),
        _row("Reach", reach, "--host 0.0.0.0 to open up" if of.loopback else "put TLS in front of it"),
    ]
    if of.tunnel is not None:
        block.append(_row("Tunnel", of.tunnel, "on the computer you sit at; then open the link there"))
    if set(of.roles) != {"api", "scheduler", "worker"}:
        block.append(_row("Roles", ", ".join(of.roles), "the rest is another process's business"))
    if of.key is not None and not of.page:
        block.append(_row("Key", of.key, f"one-time, valid {of.key_minutes} min: {SETUP_PATH}"))
    many = "more than 100,000" if of.tasks > COUNTED_MAX else f"{of.tasks:,}"
    count = f" {many} task{'' if of.tasks == 1 else 's'}." if of.tasks else ""
    return [
        *block,
        "",
        f"  Ready in {of.ready_seconds:.1f} s.{count}{' Opening your browser… (--no-open to stop that)' if of.opening else ''}",
        f"  Ctrl-C stops; running tasks get {of.drain_seconds:g} s to finish.",
        "",
    ]


def _page(of: Greeting) -> str:
    if of.key is None:
        return _row("UI", of.url, "")
    return _row("UI", f"{of.url}/setup#k={of.key}", f"one-time, valid {of.key_minutes} min")


def _row(name: str, value: str, remark: str) -> str:
    return f"  {name:<8} {value:<44} {remark}".rstrip()


def _offset(local: datetime) -> str:
    minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    sign = "+" if minutes >= 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
