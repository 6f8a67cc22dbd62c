"""Days that are counted from the end of a month or year: "third last day", "2nd to last Friday"."""

from typing import Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrases.terminals import type_at
from horarium.core.schedule.phrases.word import Word, refuse

_LAST: Final[dict[str, tuple[str, object] | None]] = {
    "LAST": None,
    "LASTDAY": ("UNIT", "day"),
    "LASTWORKDAY": ("WORKDAYS", None),
}
"""A word with "last" → what is left of it behind an ordinal: "third last day"."""
_TO_LAST_MAX: Final = 5
"""The 2nd to 5th "to last" are counted from the end; "15th to last day" may be a stretch of days."""


def from_the_end(text: str, found: list[Word]) -> list[Word]:
    """ "third last day", "3rd to last Friday"; and the days of weekends that an ordinal counts."""
    made: list[Word] = []
    for word in found:
        before = made[-1] if made else None
        ordinal = before is not None and before.type in ("ORD", "LAST", "FROMEND")
        if word.type == "WEEKEND" and ordinal and text[word.start : word.end].lower().endswith(("day", "days")):
            word.type = "WEEKENDDAY"
        counted = word.type in _LAST and text[word.start : word.end].lower().startswith(("last", "final"))
        to = counted and before is not None and before.type == "TO"
        number = (made[-2] if len(made) > 1 else None) if to else before
        if not counted or number is None or number.type != "ORD" or number.value < 2:
            made.append(word)
            continue
        if to and (number.value > _TO_LAST_MAX or type_at(made, len(made) - 3) == "FROM"):
            raise _to_last(text, number, word)
        if to:
            made.pop()
        number.type = "FROMEND"
        left = _LAST[word.type]
        if left is not None:
            made.append(Word(*left, word.start, word.end))
        else:
            number.end = word.end
    return made


def _to_last(text: str, number: Word, last: Word) -> BadPhrase:
    """ "the 15th to last day": the 15th day from the end, or all days from the 15th on."""
    first, rest = text[number.start : number.end], text[last.start : last.end]
    begin = text[: number.start]
    offers = (f"{begin}{first} {rest}{text[last.end :]}", f"{begin}{first} to the {rest}{text[last.end :]}")
    message = f"{first} to {rest} can be one day or a stretch of days"
    return refuse(text, number, message, "say which", offers=offers)
