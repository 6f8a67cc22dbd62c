"""Words that carry nothing where they belong: taken out there, left standing elsewhere for the grammar to stumble over."""

from typing import Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrases.terminals import AND_IN, ORDINALS, WEEKDAYS, type_at
from horarium.core.schedule.phrases.word import Word, refuse

_DAYS: Final = WEEKDAYS | ORDINALS | {"DAYNUM", "DATE", "STAMP", "NEXT", "TODAY", "MONTH"}
_LISTED: Final = frozenset({"HOLIDAYS", "HOLIDAYSOF", "CALENDAR"})
_BEFORE: Final[dict[str, frozenset[str]]] = {
    "THE": WEEKDAYS | ORDINALS | _LISTED | {"DAYNUM", "NEXT", "OTHER", "COUNTRY"},
    "ON": _DAYS | _LISTED | {"EVERY", "OTHER"},
    "AT": frozenset({"STAMP"}),
    "OF": frozenset({"MONTH"}),
    "IN": frozenset({"MONTH", "ZONE"}),
}
_WHEN: Final = frozenset({"DATE", "STAMP", "TODAY", "DAYNUM", "MONTH", "NOW", "NEXT"})
_OF_A_DATE: Final = frozenset({"THE", "OF", "NUM", "ORD", "DAYNUM", "MONTH", "YEAR", "DATE"})
_ENDS: Final = _WHEN | {"WEEKDAY", "LASTDAY"}


def excludes(found: list[Word], i: int) -> bool:
    """Whether this "from" begins a stretch of days that is left out: "except from …", "except Sundays and from … to …"."""
    if type_at(found, i) != "FROM" or type_at(found, i - 1) == "EXCEPT":
        return type_at(found, i) == "FROM"
    listed = type_at(found, i - 1) == "SEPARATOR" and found[i - 1].value == "and"
    if not listed or not any(word.type == "EXCEPT" for word in found[:i]):
        return False
    end = i + 1
    while type_at(found, end) in _OF_A_DATE:
        end += 1
    return type_at(found, end) == "TO"


def little_words(text: str, found: list[Word]) -> list[Word]:
    """Takes out "the", "on", "of", "in" before what they belong to; reads "from" and "until" by what follows."""
    made: list[Word] = []
    following = gone = ""
    window = dated = False
    for i in range(len(found) - 1, -1, -1):
        word = found[i]
        belongs = _BEFORE.get(word.type)
        if belongs is not None and following in belongs and word.type != gone:
            gone = word.type
            if word.type == "IN" and following == "MONTH" and type_at(found, i - 1) == "SEPARATOR":
                found[i - 1].value = AND_IN if found[i - 1].value == "and" else found[i - 1].value
            continue
        gone = ""
        if word.type == "FROMNOW" and type_at(found, i - 1) != "DURATION":
            word.type = "STARTINGNOW"
        if word.type == "FROM":
            if _names_a_list(found, i, following):
                continue
            if following in _WHEN or following == "WEEKDAY":
                word.type, word.value = "STARTING", "from"
        made.append(word)
        following = word.type
    made.reverse()
    for i, word in enumerate(made):
        weekdays = type_at(made, i - 1) == type_at(made, i + 1) == "WEEKDAY"
        if word.type == "UNTIL" and weekdays and type_at(made, i - 2) not in ("STARTING", "UNTIL"):
            raise _of_each_week(text, made[i - 1], word, made[i + 1])
        if dated and word.type == "TO" and type_at(made, i + 1) in _ENDS:
            word.type = "UNTIL"
        dated = (word.type, word.value) == ("STARTING", "from") or (dated and word.type in _OF_A_DATE | _WHEN)
        if word.type == "FROM":
            window = True
        elif (
            word.type == "UNTIL"
            and window
            and type_at(made, i + 1) in ("TIME", "NUM")
            and type_at(made, i - 1) in ("TIME", "NUM")
        ):
            word.type = "TO"
        elif word.type not in ("TIME", "NUM"):
            window = False
    return made


def _names_a_list(found: list[Word], i: int, following: str) -> bool:
    """Whether "from" begins days that come back: "from Monday to Friday", "from March to June", or a stretch left out."""
    ahead = [type_at(found, i + step) for step in (1, 2, 3, 4)]
    if following in WEEKDAYS:
        listed = ahead[1] == "SEPARATOR" and ahead[2] in WEEKDAYS
        return following != "WEEKDAY" or listed or ahead[1] in ("TO", "UNTIL")
    if following in ("DATE", "DAYNUM", "MONTH") and excludes(found, i):
        return True
    return ahead[:3] == ["MONTH", "TO", "MONTH"] and ahead[3] not in ("DAYNUM", "YEAR")


def _of_each_week(text: str, first: Word, until: Word, last: Word) -> BadPhrase:
    """ "at 9 from Monday until Friday": on five days of every week, or from one Monday to one Friday."""
    begin, end = text[: until.start].rstrip(), text[last.start :]
    offers = (f"{begin} to {end}",)
    message = f"of every week, or until one {text[last.start : last.end]}?"
    remedy = f"write to for every week; for one write starting {text[first.start : first.end]} until a date"
    return refuse(text, until, message, remedy, offers=offers)
