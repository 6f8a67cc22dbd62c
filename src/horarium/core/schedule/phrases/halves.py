"""A time with am or pm beside one without: "2 to 4pm". Read where only one half of the day is meant, else refused with both."""

from typing import Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrases.terminals import type_at
from horarium.core.schedule.phrases.word import Word, refuse

_TIMES: Final = frozenset({"NUM", "CLOCK"})
_NO_TIME_BEFORE: Final = frozenset({"MONTH", "UNIT", "ATMINUTE", "ATSECOND", "OFHOUR", "OFMINUTE", "ORD"})
"""A number behind one of these names a day or a field."""
_NO_TIME_BEHIND: Final = frozenset(
    {"UNIT", "SECOND", "TIMES", "TIMEWORD", "TIMESINALL", "MONTH", "OF", "OFMONTH", "OCLOCK", "DAYPART"}
)
"""A number before one of these counts, is a day, or says its half of the day itself."""
_PARTS: Final = frozenset({"EVERYPART", "TODAYPART", "PARTOF"})
"""Parts of the day that times may belong to: "every evening at 8 and 9pm"."""
_HALF: Final = 12 * 3600
_HOUR: Final = 3600


def halves(text: str, found: list[Word]) -> list[Word]:
    """Raises BadPhrase at the first time that leaves its half of the day open."""
    at = 0
    if any(word.type in _PARTS for word in found):
        return found
    while at < len(found):
        chain, at = _chain(found, at)
        marked = [i for i in chain if type_at(found, i + 1) == "AMPM"]
        if not marked:
            continue
        leading = _NO_TIME_BEFORE & {type_at(found, chain[0] - 1)}
        closing = type_at(found, chain[-1] + 1) in _NO_TIME_BEHIND
        window = _is_window(found, chain)
        times = [i for i in chain if not (leading and i < marked[0]) and not (closing and i > marked[-1])]
        undecided = [
            i
            for i in times
            if i not in marked and _open(text, found[i]) and not _in_the_morning(found, i, marked, window=window)
        ]
        if undecided:
            raise _both(text, found, undecided, marked)
    return found


def _chain(found: list[Word], at: int) -> tuple[list[int], int]:
    """The places of the times that are listed from `at` on, each after "and", "to" or a comma, and where to go on."""
    chain: list[int] = []
    while type_at(found, at) in _TIMES:
        chain.append(at)
        at += 2 if type_at(found, at + 1) == "AMPM" else 1
        following = at + 1 + (type_at(found, at + 1) == "AT")
        if type_at(found, at) not in ("SEPARATOR", "TO") or type_at(found, following) not in _TIMES:
            return chain, at
        at = following
    return chain, at + 1


def _open(text: str, word: Word) -> bool:
    """Whether this may be a time of either half of the day: 5 and 5:30, not 05:30, 12 and 17."""
    if word.type == "NUM":
        return isinstance(word.value, int) and 1 <= word.value < 12
    return _HOUR <= word.value < _HALF and text[word.start] != "0"


def _is_window(found: list[Word], chain: list[int]) -> bool:
    return type_at(found, chain[0] - 1) == "BETWEEN" or any(
        type_at(found, i) == "TO" for i in range(chain[0], chain[-1])
    )


def _in_the_morning(found: list[Word], i: int, marked: list[int], *, window: bool) -> bool:
    """From "9 to 5pm" only the morning is meant, from "2 to 4pm" either half can be."""
    behind = _behind(i, marked)
    other = marked[-1] if behind is None else behind
    half = found[other + 1].value
    mine, theirs = _seconds(found[i]), _seconds(found[other]) % _HALF
    if behind is not None:
        return mine >= theirs if half == "pm" else mine <= theirs
    return mine > theirs if half == "am" else window and mine < theirs


def _behind(i: int, marked: list[int]) -> int | None:
    return next((other for other in marked if other > i), None)


def _both(text: str, found: list[Word], undecided: list[int], marked: list[int]) -> BadPhrase:
    offers = []
    for half in ("pm", "am"):
        offer = text
        for i in reversed(undecided):
            offer = f"{offer[: found[i].end]}{half}{offer[found[i].end :]}"
        offers.append(offer)
    word = found[undecided[0]]
    other = _behind(undecided[0], marked) or marked[-1]
    written, beside = text[word.start : word.end], text[found[other].start : found[other + 1].end]
    message = f"{written} beside {beside} can be {written}am or {written}pm"
    return refuse(text, word, message, "say am or pm", offers=tuple(offers))


def _seconds(word: Word) -> int:
    return int(word.value) if word.type == "CLOCK" else int(word.value * _HOUR)
