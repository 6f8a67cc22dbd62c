"""How an http action reads an answer: the status, the text, and when to ask again. Nothing that a server says makes it fail."""

import codecs
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRY_AFTER_MAX_SECONDS = 86_400.0

# The codecs a text may be read by. Others are slow on hostile input (punycode, idna) or no text at all.
_CHARSETS = (
    "ascii",
    "big5",
    "cp",
    "euc",
    "gb",
    "hz",
    "iso",
    "johab",
    "koi8",
    "latin",
    "mac",
    "ptcp",
    "shift",
    "tis",
    "utf",
)


def expected(status: int, wanted: Iterable[int | str]) -> bool:
    """Whether a number or a class such as "2xx" among `wanted` covers the status."""
    return any(status == one or f"{status // 100}xx" == one for one in wanted)


def text(body: bytes | bytearray, charset: str | None) -> str:
    """The body as its charset says, as UTF-8 if that is unknown; never fails."""
    try:
        codec = codecs.lookup(charset or "utf-8").name
    except (LookupError, ValueError):
        codec = "utf-8"
    return bytes(body).decode(codec if codec.startswith(_CHARSETS) else "utf-8", errors="replace")


def retry_after(value: str | None, date: str | None) -> float | None:
    """Seconds that the server asks to wait, at most a day. A date is counted from the answer's own Date."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:10])
    else:
        until, now = _http_date(value), _http_date(date or "")
        if until is None or now is None:
            return None
        seconds = (until - now).total_seconds()
    return min(max(seconds, 0.0), RETRY_AFTER_MAX_SECONDS)


def _http_date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)
