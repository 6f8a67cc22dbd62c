"""What only the neighbours of a word can tell, decided one question after another, each in one pass over the words."""

from typing import Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrases.clock_words import clock_times
from horarium.core.schedule.phrases.word import Word, refuse

DEPTH_MAX: Final = 6

WEEKDAYS: Final = frozenset({"WEEKDAY", "WORKDAYS", "WEEKEND"})
ORDINALS: Final = frozenset({"ORD", "LAST", "FROMEND", "LASTDAY", "LASTWORKDAY", "NEAREST"})
COUNTED: Final = WEEKDAYS | {"UNIT", "WEEKENDDAY"}
"""What an ordinal may count."""
_LAST: Final[dict[str, tuple[str, object] | None]] = {
    "LAST": None,
    "LASTDAY": ("UNIT", "day"),
    "LASTWORKDAY": ("WORKDAYS", None),
}
"""A word with "last" → what is left of it behind an ordinal: "third last day"."""
_TO_LAST_MAX: Final = 5
"""The 2nd to 5th "to last" are counted from the end; "15th to last day" may be a stretch of days."""
_DAYS: Final = WEEKDAYS | ORDINALS | {"DAYNUM", "DATE", "STAMP", "NEXT", "TODAY", "MONTH"}
_LISTED: Final = frozenset({"HOLIDAYS", "HOLIDAYSOF", "CALENDAR"})
_BEFORE: Final[dict[str, frozenset[str]]] = {
    "THE": WEEKDAYS | ORDINALS | _LISTED | {"DAYNUM", "NEXT", "OTHER", "COUNTRY"},
    "ON": _DAYS | _LISTED | {"EVERY", "OTHER"},
    "AT": frozenset({"STAMP"}),
    "OF": frozenset({"MONTH"}),
    "IN": frozenset({"MONTH", "ZONE"}),
}
_TIMED: Final = frozenset({"AT", "ATMINUTE", "ATSECOND", "OFHOUR", "OFMINUTE", "FROM", "BETWEEN"})
_WHEN: Final = frozenset({"DATE", "STAMP", "TODAY", "DAYNUM", "MONTH", "NOW", "NEXT"})
_LONGEST_DIGITS: Final = 4
_OF_A_DATE: Final = frozenset({"THE", "OF", "NUM", "ORD", "DAYNUM", "MONTH", "YEAR", "DATE"})
AND_IN: Final = "and in"
"""A separator with a month behind it that stands for itself: "24 December and in January"."""


def settled(text: str, found: list[Word]) -> list[Word]:
    """The terminals for the grammar. Raises BadPhrase."""
    for step in (_depth, _seconds, _from_end, _past, clock_times, _amounts, _day_numbers, _little_words):
        found = step(text, found)
    return found


def _type(found: list[Word], i: int) -> str:
    return found[i].type if 0 <= i < len(found) else ""


def _depth(text: str, found: list[Word]) -> list[Word]:
    depth = 0
    for word in found:
        depth += (word.type in ("LPAR", "DAYSOF")) - (word.type == "RPAR")
        if depth > DEPTH_MAX:
            raise refuse(text, word, f"more than {DEPTH_MAX} brackets inside each other", "say it in fewer steps")
    return found


def _seconds(text: str, found: list[Word]) -> list[Word]:
    """ "second" as the ordinal or as the unit."""
    for i, word in enumerate(found):
        if word.type == "SECOND":
            following = _type(found, i + 1)
            ordinal = following in WEEKDAYS | {"UNIT", "OFMONTH", "OF", "MONTH", "SECOND"} or (
                following == "SEPARATOR" and _type(found, i + 2) in ORDINALS | {"THE"}
            )
            if ordinal and _type(found, i - 1) != "NUM":
                word.type, word.value = "ORD", 2
            else:
                word.type, word.value = "UNIT", "second"
    return found


def _from_end(text: str, found: list[Word]) -> list[Word]:
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
        if to and (number.value > _TO_LAST_MAX or _type(made, len(made) - 3) == "FROM"):
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


def _past(text: str, found: list[Word]) -> list[Word]:
    """ "every hour at 15 past", "at 15 past every hour": the minute."""
    made: list[Word] = []
    for i, word in enumerate(found):
        past = word.type == "GONEPAST" and _type(found, i + 1) not in ("NUM", "CLOCK", "TIME")
        alone = len(made) == 1 or _type(made, len(made) - 2) in WEEKDAYS
        if word.type == "OFEVERYHOUR" and _type(made, len(made) - 1) == "NUM" and alone:
            made.insert(-1, Word("ATMINUTE", None, made[-1].start, made[-1].start))
        if (past or word.type == "OFEVERYHOUR") and [each.type for each in made[-2:]] == ["AT", "NUM"]:
            made[-2].type = "ATMINUTE"
            if past:
                continue
        made.append(word)
    return made


def _amounts(text: str, found: list[Word]) -> list[Word]:
    """Numbers with a unit become one duration, numbers of times a count, "day 15" the 15th."""
    made: list[Word] = []
    numbered = False
    for i, word in enumerate(found):
        before = made[-1] if made else None
        numbered = numbered and word.type in ("NUM", "SEPARATOR", "TO")
        if word.type == "UNIT" and before is not None and before.type == "NUM":
            before.type, before.value = "DURATION", ((before.value, word.value),)
            before.end = word.end
            _joined(made)
            continue
        if word.type == "UNIT" and before is not None and before.type == "A":
            earlier = _type(made, len(made) - 2)
            if earlier in ("COUNT", "ONCE"):
                before.type, before.value = "PERUNIT", word.value
            else:
                before.type, before.value = "DURATION", ((1, word.value),)
            before.end = word.end
            continue
        counted = _type(made, len(made) - 2) in ("COUNT", "ONCE")
        if word.type == "UNIT" and before is not None and before.type in ("PER", "EVERY") and counted:
            before.type, before.value, before.end = "PERUNIT", word.value, word.end
            continue
        if word.type == "FREQ" and before is not None and before.type in ("COUNT", "ONCE"):
            made.append(Word("PERUNIT", word.value, word.start, word.end))
            continue
        if word.type == "DURATION":
            made.append(word)
            _joined(made)
            continue
        once = word.type == "TIMEWORD" and before is not None and before.value == 1
        if (word.type == "TIMES" or once) and before is not None and before.type == "NUM":
            before.type, before.end = "COUNT", word.end
            continue
        if word.type == "TIMESINALL" and before is not None and before.type == "NUM":
            before.type, before.end = "COUNTALL", word.end
            continue
        if word.type == "UNIT" and word.value == "day" and _type(found, i + 1) == "NUM" and _stands_free(before):
            numbered = True
            continue
        if numbered and word.type == "NUM":
            word.type = "ORD"
        made.append(word)
    return [word for i, word in enumerate(made) if not (word.type == "ATMOST" and _type(made, i + 1) == "COUNT")]


def _stands_free(before: Word | None) -> bool:
    """Whether "day" stands free: not "every day", "other day", "2nd day"."""
    return before is None or before.type in ("ON", "THE", "SEPARATOR", "TIME")


def _joined(made: list[Word]) -> None:
    """ "1 hour 30 minutes", "1 hour and 30 minutes" are one duration."""
    last = made[-1]
    gap = 2 if len(made) > 2 and made[-2].type == "SEPARATOR" and made[-2].value == "and" else 1
    if len(made) > gap and made[-1 - gap].type == "DURATION":
        first = made[-1 - gap]
        first.value, first.end = (*first.value, *last.value), last.end
        del made[-gap:]


def _day_numbers(text: str, found: list[Word]) -> list[Word]:
    """The numbers beside a month's name are days, one of four digits is the year."""
    gone: set[int] = set()
    i = 0
    while i < len(found):
        if found[i].type != "MONTH":
            i += 1
            continue
        last = i
        while _type(found, last + 1) in ("SEPARATOR", "TO") and _type(found, last + 2) == "MONTH":
            last += 2
        if not _days_before(found, i):
            last = _days_after(found, last, gone)
        year = last + 1
        if _type(found, year) == "SEPARATOR" and found[year].value == ",":
            year += 1
        if _type(found, year) == "NUM" and _is_year(text, found[year]):
            found[year].type = "YEAR"
            gone.update(range(last + 1, year))
            last = year
        i = last + 1
    return [word for i, word in enumerate(found) if i not in gone]


def _is_year(text: str, word: Word) -> bool:
    return word.end - word.start == _LONGEST_DIGITS and isinstance(word.value, int) and word.value >= 1970


def _days_before(found: list[Word], month: int) -> bool:
    at = month - 1
    wanted: tuple[str, ...] = ("ORD", "NUM")
    if _type(found, at) == "OF":
        at -= 1
    elif _type(found, at) == "IN":
        at, wanted = at - 1, ("ORD",)
    first = at + 1
    days: list[int] = []
    while _type(found, at) in wanted:
        days.append(at)
        first = at
        at -= 1
        if _type(found, at) == "THE":
            at -= 1
        if _type(found, at) in ("SEPARATOR", "TO") and _type(found, at - 1) in wanted:
            at -= 1
        else:
            break
    before = first - 1
    if _type(found, before) == "THE":
        before -= 1
    if not days:
        return False
    listed = _type(found, before) == "SEPARATOR" and _type(found, before - 1) in ORDINALS | WEEKDAYS
    if listed and found[days[-1]].type == "ORD":  # "last day and 15th in March"
        return False
    if _type(found, before) == "NEAREST":
        return False
    # "at 9, 1 March": only the last number can be the day.
    if _type(found, before) in _TIMED and not _excludes(found, before):
        days = days[:1]
        if len(found[first:month]) < 2 or _type(found, days[0] - 1) != "SEPARATOR":
            return False
    for day in days:
        found[day].type = "DAYNUM"
    if _type(found, month - 1) == "IN":
        found[month - 1].type = "OF"
    return True


def _days_after(found: list[Word], last: int, gone: set[int]) -> int:
    at = last + 1
    if _type(found, at) == "THE":
        at += 1
    while _type(found, at) in ("ORD", "NUM"):
        if _type(found, at) == "NUM" and not (isinstance(found[at].value, int) and found[at].value <= 31):
            break
        if _type(found, at + 1) in WEEKDAYS | {"UNIT"}:
            break
        found[at].type = "DAYNUM"
        if _type(found, last + 1) == "THE":
            gone.add(last + 1)
        last = at
        step = 1
        if _type(found, at + 1) in ("SEPARATOR", "TO"):
            step = 2
        if step == 1 or _type(found, at + 2) not in ("ORD", "NUM") or _type(found, at + 3) == "MONTH":
            break
        at += step
    return last


def _excludes(found: list[Word], i: int) -> bool:
    """Whether this "from" begins a stretch of days that is left out: "except from …", "except Sundays and from … to …"."""
    if _type(found, i) != "FROM" or _type(found, i - 1) == "EXCEPT":
        return _type(found, i) == "FROM"
    listed = _type(found, i - 1) == "SEPARATOR" and found[i - 1].value == "and"
    if not listed or not any(word.type == "EXCEPT" for word in found[:i]):
        return False
    end = i + 1
    while _type(found, end) in _OF_A_DATE:
        end += 1
    return _type(found, end) == "TO"


def _little_words(text: str, found: list[Word]) -> list[Word]:
    """Takes out "the", "on", "of", "in" before what they belong to; reads "from" and "until" by what follows."""
    made: list[Word] = []
    following = gone = ""
    window = False
    for i in range(len(found) - 1, -1, -1):
        word = found[i]
        belongs = _BEFORE.get(word.type)
        if belongs is not None and following in belongs and word.type != gone:
            gone = word.type
            if word.type == "IN" and following == "MONTH" and _type(found, i - 1) == "SEPARATOR":
                found[i - 1].value = AND_IN if found[i - 1].value == "and" else found[i - 1].value
            continue
        gone = ""
        if word.type == "FROM":
            if following in WEEKDAYS or (following in ("DATE", "DAYNUM", "MONTH") and _excludes(found, i)):
                continue
            if following in _WHEN:
                word.type = "STARTING"
        made.append(word)
        following = word.type
    made.reverse()
    for i, word in enumerate(made):
        if word.type == "FROM":
            window = True
        elif (
            word.type == "UNTIL"
            and window
            and _type(made, i + 1) in ("TIME", "NUM")
            and _type(made, i - 1) in ("TIME", "NUM")
        ):
            word.type = "TO"
        elif word.type not in ("TIME", "NUM"):
            window = False
    return made
