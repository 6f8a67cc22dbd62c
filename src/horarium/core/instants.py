"""Instants: aware UTC datetimes on whole milliseconds in the years 1970 to 9999, and their integer form.

The books keep instants as whole milliseconds since 1970-01-01T00:00Z, leap seconds invisible (POSIX time).
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
LAST = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
LAST_MS = 253_402_300_799_999


def to_ms(instant: datetime) -> int:
    """Whole milliseconds since 1970; what is finer is cut off."""
    since = instant - EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def from_ms(ms: int) -> datetime:
    """The instant `ms` milliseconds after 1970."""
    return EPOCH + timedelta(milliseconds=ms)


def whole_ms(instant: datetime) -> datetime:
    """The same instant in UTC, cut to its millisecond."""
    utc = instant.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def in_range(instant: datetime) -> bool:
    """Whether the books can hold it."""
    return EPOCH <= instant <= LAST


def shown(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and Z, as every answer prints it."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
