"""Local readings written as text: what a wall clock shows, without an offset, counted as seconds since 1970 of that clock."""

import re
from datetime import date
from typing import Final

from horarium.core.schedule.tzif import DAY

EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 9999
END_DAY: Final = date(LAST_YEAR, 12, 31).toordinal() - EPOCH_ORDINAL + 1
"""The first day, counted from 1970-01-01, that no calendar here holds."""

_EXTENDED: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)
_BASIC: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)", re.ASCII)


def read_extended(text: str) -> int:
    """The reading of "2027-01-04T09:00:00"; without seconds, or as a bare date (midnight), it is understood too.

    Raises ValueError with a message fit for people.
    """
    return _reading(_EXTENDED, text)


def read_basic(text: str) -> int:
    """The reading of "20270104T090000", the form of RFC 5545. Raises ValueError."""
    return _reading(_BASIC, text)


def shown_extended(reading: int) -> str:
    """ "YYYY-MM-DDTHH:MM:SS"."""
    day, time = divmod(reading, DAY)
    hour, rest = divmod(time, 3600)
    return f"{date.fromordinal(day + EPOCH_ORDINAL).isoformat()}T{hour:02}:{rest // 60:02}:{rest % 60:02}"


def _reading(form: re.Pattern[str], text: str) -> int:
    match = form.fullmatch(text)
    if match is None:
        raise ValueError("not a local date and time")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    if year < FIRST_YEAR:
        raise ValueError(f"before the year {FIRST_YEAR}")
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("there is no such time of day")
    try:
        ordinal = date(year, month, day).toordinal()
    except ValueError:
        raise ValueError("there is no such day") from None
    return (ordinal - EPOCH_ORDINAL) * DAY + hour * 3600 + minute * 60 + second
