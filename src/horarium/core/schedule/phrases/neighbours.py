"""What only the neighbours of a word can tell, decided one question after another, each in one pass over the words."""

from typing import Final

from horarium.core.schedule.phrases.clock_words import clock_times
from horarium.core.schedule.phrases.from_the_end import from_the_end
from horarium.core.schedule.phrases.halves import halves
from horarium.core.schedule.phrases.little_words import excludes, little_words
from horarium.core.schedule.phrases.terminals import ORDINALS, WEEKDAYS, type_at
from horarium.core.schedule.phrases.word import Word, refuse

DEPTH_MAX: Final = 6

_TIMED: Final = frozenset({"AT", "ATMINUTE", "ATSECOND", "OFHOUR", "OFMINUTE", "FROM", "BETWEEN"})
_LONGEST_DIGITS: Final = 4


def settled(text: str, found: list[Word]) -> list[Word]:
    """The terminals for the grammar. Raises BadPhrase."""
    for step in (
        _depth,
        _seconds,
        from_the_end,
        _french,
        _past,
        halves,
        clock_times,
        _amounts,
        _day_numbers,
        little_words,
    ):
        found = step(text, found)
    return found


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
            following = type_at(found, i + 1)
            ordinal = following in WEEKDAYS | {"UNIT", "OFMONTH", "OF", "MONTH", "SECOND"} or (
                following == "SEPARATOR" and type_at(found, i + 2) in ORDINALS | {"THE"}
            )
            if ordinal and type_at(found, i - 1) != "NUM":
                word.type, word.value = "ORD", 2
            else:
                word.type, word.value = "UNIT", "second"
    return found


def _french(text: str, found: list[Word]) -> list[Word]:
    """ "at 17h" as 17:00; elsewhere that is a length."""
    made: list[Word] = []
    for i, word in enumerate(found):
        number = made[-1] if made else None
        compact = word.type == "UNIT" and text[word.start : word.end] in ("h", "H") and number is not None
        if compact and number is not None and number.type == "NUM" and number.end == word.start:
            hour = isinstance(number.value, int) and number.value < 24
            listed = type_at(made, len(made) - 2) == "SEPARATOR" and type_at(made, len(made) - 3) == "CLOCK"
            timed = listed or type_at(made, len(made) - 2) == "AT"
            if hour and timed and type_at(found, i + 1) not in ("NUM", "OFEVERYHOUR"):
                number.type, number.value, number.end = "CLOCK", number.value * 3600, word.end
                continue
        made.append(word)
    return made


def _past(text: str, found: list[Word]) -> list[Word]:
    """ "every hour at 15 past", "at 15 past every hour": the minute."""
    made: list[Word] = []
    for i, word in enumerate(found):
        minutes = made[-1].value if type_at(made, len(made) - 1) == "NUM" else None
        if word.type == "GONEPAST" and type_at(found, i + 1) == "NUM" and minutes in range(1, 60):
            made[-1].type, made[-1].end = "PASTHOUR", word.end  # "ten past 9"
            continue
        past = word.type == "GONEPAST" and type_at(found, i + 1) not in ("NUM", "CLOCK", "TIME")
        alone = len(made) == 1 or type_at(made, len(made) - 2) in WEEKDAYS
        if word.type == "OFEVERYHOUR" and type_at(made, len(made) - 1) == "NUM" and alone:
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
        clocked = word.type == "UNIT" and word.value in ("second", "minute", "hour")
        if clocked and before is not None and before.type == "ORD" and type_at(made, len(made) - 2) == "EVERY":
            before.type, before.value, before.end = "DURATION", ((before.value, word.value),), word.end
            continue
        if word.type == "UNIT" and before is not None and before.type == "A":
            earlier = type_at(made, len(made) - 2)
            if earlier in ("COUNT", "ONCE"):
                before.type, before.value = "PERUNIT", word.value
            else:
                before.type, before.value = "DURATION", ((1, word.value),)
            before.end = word.end
            continue
        counted = type_at(made, len(made) - 2) in ("COUNT", "ONCE")
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
        if word.type == "UNIT" and word.value == "day" and type_at(found, i + 1) == "NUM" and _stands_free(before):
            numbered = True
            continue
        if numbered and word.type == "NUM":
            word.type = "ORD"
        made.append(word)
    return [word for i, word in enumerate(made) if not (word.type == "ATMOST" and type_at(made, i + 1) == "COUNT")]


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
        while type_at(found, last + 1) in ("SEPARATOR", "TO") and type_at(found, last + 2) == "MONTH":
            last += 2
        if not _days_before(found, i):
            last = _days_after(found, last, gone)
        year = last + 1
        if type_at(found, year) == "SEPARATOR" and found[year].value == ",":
            year += 1
        if type_at(found, year) == "NUM" and _is_year(text, found[year]):
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
    if type_at(found, at) == "OF":
        at -= 1
    elif type_at(found, at) == "IN":
        at, wanted = at - 1, ("ORD",)
    first = at + 1
    days: list[int] = []
    while type_at(found, at) in wanted:
        days.append(at)
        first = at
        at -= 1
        if type_at(found, at) == "THE":
            at -= 1
        if type_at(found, at) in ("SEPARATOR", "TO") and type_at(found, at - 1) in wanted:
            at -= 1
        else:
            break
    before = first - 1
    if type_at(found, before) == "THE":
        before -= 1
    if not days:
        return False
    listed = type_at(found, before) == "SEPARATOR" and type_at(found, before - 1) in ORDINALS | WEEKDAYS
    if listed and found[days[-1]].type == "ORD":  # "last day and 15th in March"
        return False
    if type_at(found, before) == "NEAREST":
        return False
    # "at 9, 1 March": only the last number can be the day; "from 1 December": a single one is.
    alone = type_at(found, before) == "FROM" and len(days) == 1
    if type_at(found, before) in _TIMED and not alone and not excludes(found, before):
        days = days[:1]
        if len(found[first:month]) < 2 or type_at(found, days[0] - 1) != "SEPARATOR":
            return False
    for day in days:
        found[day].type = "DAYNUM"
    if type_at(found, month - 1) == "IN":
        found[month - 1].type = "OF"
    return True


def _days_after(found: list[Word], last: int, gone: set[int]) -> int:
    at = last + 1
    if type_at(found, at) == "THE":
        at += 1
    while type_at(found, at) in ("ORD", "NUM"):
        if type_at(found, at) == "NUM" and not (isinstance(found[at].value, int) and found[at].value <= 31):
            break
        if type_at(found, at + 1) in WEEKDAYS | {"UNIT"}:
            break
        found[at].type = "DAYNUM"
        if type_at(found, last + 1) == "THE":
            gone.add(last + 1)
        last = at
        step = 1
        if type_at(found, at + 1) in ("SEPARATOR", "TO"):
            step = 2
        if step == 1 or type_at(found, at + 2) not in ("ORD", "NUM") or type_at(found, at + 3) == "MONTH":
            break
        at += step
    return last
