"""Whether "and", "or" and commas continue a list or part two clauses. What stands on both sides decides.

UNCLEAR is a comma between an exception and a day of another sort: it may be a further exception or a day that is meant.
AND continues a list of one sort (times, weekdays, dates, …), ANDMD one of days named with their month, ANDX one of different
exclusions. COMMA parts two clauses; OR joins a day of the month and a weekday, either of which is enough.
TO within a stretch of days that are named with their months is TOMD: "24 December to 2 January", not "24 to 26 December".
"""

from typing import Final

from horarium.core.schedule.phrases.terminals import AND_IN, COUNTED, ORDINALS, WEEKDAYS
from horarium.core.schedule.phrases.word import Word

_SORTS: Final = {
    "TIME": "time",
    "NUM": "time",
    "DATE": "date",
    "STAMP": "date",
    "DAYNUM": "daynum",
    "MONTH": "month",
    "YEAR": "year",
    "COUNTRY": "country",
    "STRING": "listed",
    "HOLIDAYS": "listed",
    "HOLIDAYSOF": "listed",
    "CALENDAR": "listed",
    "LPAR": "group",
    "RPAR": "group",
    "OFMONTH": "ordinal",
    "OFQUARTER": "ordinal",
    "OFYEAR": "ordinal",
    **dict.fromkeys(WEEKDAYS, "weekday"),
    **dict.fromkeys(ORDINALS, "ordinal"),
}
_ENDS_EXCLUSIONS: Final = frozenset(
    ["AT", "EVERY", "ROLL", "STARTING", "UNTIL", "COUNT", "JITTER", "BETWEEN", "FROM", "TIME", "ZONE"]
)
_DATED: Final = frozenset({"month", "year", "daynum", "date"})
_OF_DAY_NUMBERS: Final = frozenset({"DAYNUM", "SEPARATOR", "AND", "TO"})
_ONE_DATE: Final = frozenset({"STARTING", "UNTIL", "COUNTEDFROM"})
_AHEAD: Final = frozenset({"TODAY", "NEXT"})
_SKIPPED: Final = frozenset({"AT", "EVERY", "THE", "ON"})


def separated(found: list[Word]) -> list[Word]:
    """The words with every separator told apart."""
    made: list[Word] = []
    for word in found:
        before = made[-1] if made else None
        twice = before is not None and before.type == word.type == "SEPARATOR"
        if twice and before is not None and before.value == "," and word.value != ",":
            before.value, before.end = word.value, word.end
            continue
        made.append(word)
    excluding = _exclusions(made)
    kinds = [_kind(made, i, excluding[i]) if word.type == "SEPARATOR" else word.type for i, word in enumerate(made)]
    for word, kind in zip(made, kinds, strict=True):
        word.type = kind
    for i, word in enumerate(made):
        if word.type == "TO" and 0 < i < len(made) - 1:
            between = _between_month_days(made[i - 1].type, made[i + 1].type)
            both = made[i - 1].type == made[i + 1].type == "DAYNUM" and _month_on_each_side(made, i)
            word.type = "TOMD" if between or both else "TO"
    return made


def _month_on_each_side(found: list[Word], i: int) -> bool:
    """ "March 21 and 28 September": the days before belong to the month in front of them, those after to one behind them."""
    before, after = i - 1, i + 1
    while before > 0 and found[before].type in _OF_DAY_NUMBERS:
        before -= 1
    while after < len(found) - 1 and found[after].type in _OF_DAY_NUMBERS:
        after += 1
    beside = after < len(found) and found[before + 1].type == found[after - 1].type == "DAYNUM"
    return beside and found[before].type == found[after].type == "MONTH"


def _between_month_days(before: str, after: str) -> bool:
    return (before in ("MONTH", "YEAR") and after == "DAYNUM") or (before in ("DAYNUM", "YEAR") and after == "MONTH")


def _exclusions(found: list[Word]) -> list[bool]:
    """For each word whether it stands among the exclusions of its bracket."""
    open_lists = [False]
    marks = []
    for i, word in enumerate(found):
        if word.type in ("LPAR", "DAYSOF"):
            open_lists.append(False)
        elif word.type == "RPAR" and len(open_lists) > 1:
            open_lists.pop()
        elif word.type == "EXCEPT":
            open_lists[-1] = True
        elif word.type in _ENDS_EXCLUSIONS and not (i and found[i - 1].type in ("HOLIDAYSOF", "EXCEPT")):
            open_lists[-1] = False
        marks.append(open_lists[-1])
    return marks


def _kind(found: list[Word], i: int, excluding: bool) -> str:
    value = found[i].value
    after = i + 1
    while after < len(found) and found[after].type in _SKIPPED:
        after += 1
    if excluding and after < len(found) and found[after].type in _AHEAD:
        return "UNCLEAR" if value == "," else "ANDX"
    first, second = _sort_before(found, i - 1), _sort_after(found, after)
    if second == "monthday" or (second == "daynum" and first in ("month", "year")):
        return "ANDMD" if first in ("month", "year", "daynum") else _other(value, second, excluding)
    if first == second == "daynum" and _month_on_each_side(found, i):
        return "ANDMD"
    if excluding and value == AND_IN and second == "month" and first in _DATED:
        return "ANDMD"
    if excluding and first in _DATED and second in ("date", "daynum", "month") and "date" in (first, second):
        return "AND" if first == second else "ANDMD"
    if first == second and first in ("date", "weekday") and i > 1 and found[i - 2].type in _ONE_DATE:
        return _other(value, second, excluding)
    if first and first == second and first != "listed":
        return "AND"
    return _other(value, second, excluding)


def _other(value: str, second: str, excluding: bool) -> str:
    if excluding and (second == "listed" or (value != "," and second and second != "time")):
        return "ANDX"
    if excluding and second and second != "time":
        return "UNCLEAR"
    return "OR" if value == "or" else "COMMA"


def _sort_before(found: list[Word], i: int) -> str:
    if i > 0 and found[i].type in COUNTED and found[i - 1].type in ORDINALS:
        return "ordinal"
    return _SORTS.get(found[i].type, "") if i >= 0 else ""


def _sort_after(found: list[Word], i: int) -> str:
    """A month's name with a day behind it is a "monthday"."""
    if i >= len(found):
        return ""
    if found[i].type == "MONTH":
        while i + 2 < len(found) and found[i + 1].type in ("SEPARATOR", "TO") and found[i + 2].type == "MONTH":
            i += 2
        return "monthday" if i + 1 < len(found) and found[i + 1].type == "DAYNUM" else "month"
    return _SORTS.get(found[i].type, "")
