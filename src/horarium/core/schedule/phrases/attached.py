"""What may belong to the words before it or stand for itself, behind an exception or an ordinal: refused with both readings."""

from itertools import pairwise
from typing import Final

from horarium.core.schedule.phrases.said import PACES, Clause, Said, children, last_word, named
from horarium.core.schedule.phrases.word import Word

_RESTRICTING: Final = frozenset(
    {"days", "in_months", "between", "stretch", "field_times", "only_if", "or_", "of_month", "of_quarter", "of_year"}
)
_WINDOWS: Final = ("between", "stretch")
_SHORT_UNITS: Final = ("second", "minute", "hour")


def check_attached(said: Said) -> None:
    """Raises BadPhrase where days, months or a window follow an exception without a comma."""
    exception: Clause | None = None
    before: Clause | None = None
    for clause in said.clauses:
        if clause.name == "except_":
            exception = clause
        elif exception is not None and before is not None and clause.name in _RESTRICTING:
            gap = said.context.text[last_word(before.nodes[-1]).end : clause.word.start]
            if "," not in gap and ";" not in gap and not _says_every(clause):
                raise said.context.refuse(
                    clause.word,
                    "is this part of the exception, or of the whole?",
                    "say it before the exception, or put the exception into brackets",
                    *_readings(said, exception, before, clause),
                )
        before = clause


def check_shared_ordinal(said: Said) -> None:
    """Raises BadPhrase for "the last Thursday and Friday": the last Friday too, or every Friday?"""
    context = said.context
    for before, clause in pairwise(said.clauses):
        if before.name != "days" or clause.name != "days" or named(clause.nodes[0]) != "weekdays":
            continue
        counted = children(children(before.nodes[-1])[-1]) if named(before.nodes[-1]) == "ordinals" else []
        listed = children(clause.nodes[0])
        day = children(listed[-1])[-1]
        written = context.text[clause.word.start : day.end]
        if [part.type for part in counted[1:]] != ["WEEKDAY"] or len(listed) > 1 or written.endswith("s"):
            continue
        if day.type != "WEEKDAY" or counted[0].type not in ("ORD", "LAST", "FROMEND"):
            continue
        ordinal = context.text[counted[0].start : counted[0].end]
        end = counted[-1].end
        offers = (
            f"{context.text[:end]} and {ordinal} {written}{context.text[day.end :]}",
            f"{context.text[:end]} of the month and every {written}{_without_month(said, clause, day)}",
        )
        message = f"the {ordinal} {written} too, or every {written}?"
        raise context.refuse(clause.word, message, "say it of each day", *offers)


def _without_month(said: Said, clause: Clause, day: Word) -> str:
    """What follows, without an "of the month" that now stands before it."""
    at = said.clauses.index(clause) + 1
    following = said.clauses[at] if at < len(said.clauses) else None
    own = following is not None and following.name == "of_month"
    return said.context.text[last_word(following.nodes[-1]).end if own and following else day.end :]


def _says_every(clause: Clause) -> bool:
    """ "except holidays every weekday at 9": a new clause."""
    first = clause.nodes[0] if clause.nodes else None
    return isinstance(first, Word) and first.type == "EVERY"


def _readings(said: Said, exception: Clause, before: Clause, clause: Clause) -> list[str]:
    text = said.context.text
    begin, end, after = exception.word.start, last_word(exception.nodes[-1]).end, last_word(clause.nodes[-1]).end
    place = last_word(before.nodes[-1]).end
    written = text[place:after].strip().removeprefix("and ")
    offers = [f"{text[:begin].rstrip(' ,')} {written} {text[begin:place]}{text[after:]}"]
    if before is not exception:
        return [*offers, f"{text[:end]} {written}{text[end:place]}{text[after:]}"]
    if clause.name in _WINDOWS:
        each = f"every {'second' if _names_seconds(said) else 'minute'}"
        last = exception.nodes[-1]
        days = children(last)[0]
        if text[place : clause.word.start].strip() == "and":
            offers.append(f"{text[:place]} and ({each} {written}){text[after:]}")
        elif named(days) in ("weekday_list", "ordinals"):
            first = _first(days)
            on = "" if first.type == "EVERY" else "on "
            offers.append(f"{text[: first.start]}({each} {on}{text[first.start : end]} {written}){text[after:]}")
    return offers


def _first(node: object) -> Word:
    while not isinstance(node, Word):
        node = children(node)[0]
    return node


def _names_seconds(said: Said) -> bool:
    """Whether the instants that are left out may lie between whole minutes."""
    for clause in said.all(*PACES):
        parts = clause.nodes[-1].value if isinstance(clause.nodes[-1], Word) else ()
        units = [unit for _, unit in parts] if isinstance(parts, tuple) else [parts]
        if any(unit in _SHORT_UNITS for unit in units):
            return True
    times = [word for clause in said.all("times") for word in clause.nodes if word.type == "TIME"]
    return any(word.value[0] % 60 for word in times)
