"""One word of a phrase with its place, and the refusal that points at it."""

from dataclasses import dataclass
from typing import Any

from horarium.core.errors import BadPhrase


@dataclass(slots=True)
class Word:
    """One terminal. `value` is what it stands for; text[start:end] is how it was written."""

    type: str
    value: Any
    start: int
    end: int


def refuse(
    text: str,
    word: Word,
    message: str,
    remedy: str | None = None,
    *,
    expected: tuple[str, ...] = (),
    offers: tuple[str, ...] = (),
) -> BadPhrase:
    """The refusal that points at `word`."""
    written = text[word.start : word.end]
    return BadPhrase(message, word.start + 1, written, remedy, expected=expected, offers=offers)
