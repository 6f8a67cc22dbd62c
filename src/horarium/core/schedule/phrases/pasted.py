"""Texts in the notations of other programs that are none of ours, and what to write for them."""

import re
from collections.abc import Callable
from typing import Final

from horarium.core.errors import BadPhrase

_UNITS: Final = ("week", "day", "hour", "minute", "second")
_DATED: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(Z?)", re.ASCII | re.IGNORECASE)
_LENGTH: Final = re.compile(
    r"P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?", re.ASCII | re.IGNORECASE
)


def _lengths(match: re.Match[str]) -> tuple[str, ...]:
    parts = [
        f"{int(count)} {unit}{'' if int(count) == 1 else 's'}"
        for count, unit in zip(match.groups(), _UNITS, strict=True)
        if count
    ]
    return (f"every {' '.join(parts)}", f"in {' '.join(parts)}") if parts else ()


def _stamp(match: re.Match[str]) -> tuple[str, ...]:
    year, month, day, hour, minute, second, utc = match.groups()
    return (f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{utc.upper()}",)


_NOTATIONS: Final[tuple[tuple[re.Pattern[str], str, str, Callable[[re.Match[str]], tuple[str, ...]]], ...]] = (
    (
        re.compile(r"(?P<quote>[\"'`])([^\"'`]+)(?P=quote)"),
        "the whole text stands in quotes",
        "leave them out",
        lambda match: (match[2],),
    ),
    (
        re.compile(r"@(every[ \t]+.+)", re.IGNORECASE),
        "'@every' is no known short form",
        "write it without the @",
        lambda match: (match[1],),
    ),
    (
        re.compile(r"rate\(\s*(\d+\s+[a-z]+)\s*\)", re.IGNORECASE),
        "'rate' is not understood",
        "write e.g. every 5 minutes",
        lambda match: (f"every {match[1]}",),
    ),
    (_LENGTH, "a length alone does not say whether it comes back", "say every, or in", _lengths),
    (_DATED, "a date is written with hyphens, a time with colons", "write it like 2027-01-31T09:00", _stamp),
)
"""(the whole text, what is wrong, what to do, what to write instead)"""
PLAIN: Final = str.maketrans(
    dict.fromkeys("–—‐‑−", "-") | dict.fromkeys("’‘", "'") | dict.fromkeys("“”", '"') | {"\xa0": " "}
)
"""What word processors write for plain characters."""


def check_pasted(text: str) -> None:
    """Raises BadPhrase with what to write instead."""
    stripped = text.strip()
    for pattern, message, remedy, readings in _NOTATIONS:
        match = pattern.fullmatch(stripped)
        offers = () if match is None else readings(match)
        if offers:
            column = len(text) - len(text.lstrip()) + 1
            raise BadPhrase(message, column, stripped.split()[0], remedy, offers=offers)
