"""A day named without "every" is read as one that comes back, which is said, with the text for a single time."""

import re
from typing import Any, Final

from horarium.core.schedule.local import shown_extended
from horarium.core.schedule.phrases.said import PACES, Clause, Said, children, first_word, last_word, named, seconds
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.phrases.words import WEEKDAYS
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.zone import zone

_PART_OF_DAY: Final = re.compile(r"\s+(?:morning|afternoon|evening|night)s?\b", re.IGNORECASE)
_TIME: Final = re.compile(r"\s*\d")
_LITTLE: Final = re.compile(r"(?:\b(?:the|in|on|of|day)\s+)+$", re.IGNORECASE)
_BESIDE: Final = frozenset({"days", "times", "zone"})
"""Whatever else is said, such as an end or exceptions, says that it comes back."""


def note_repeats(said: Said, made: Schedule, zone_name: str) -> None:
    """ "Thursday at 17:00" is every Thursday, "Dec 24 at 6pm" every year."""
    context = said.context
    if said.has(*PACES):
        return
    found = [clause for clause in said.all("days") if _names_one_day(said, clause)]
    for clause in found:
        node = clause.nodes[-1]
        first, last = first_word(node), last_word(node)
        written = context.text[first.start : last.end]
        often = (
            "that day of every year" if named(node) == "month_days" else f"every {WEEKDAYS[first.value].capitalize()}"
        )
        note = f"{written} is read as {often}"
        due = made.next_due(context.now)
        if len(said.all("days")) == 1 and all(clause.name in _BESIDE for clause in said.clauses) and due is not None:
            day, _, time = shown_extended(zone(zone_name).reading(seconds(due))).partition("T")
            place = f" {zone_name}" if said.has("zone") else ""
            rest = context.text[last.end :]
            once = f"{_LITTLE.sub('', context.text[: first.start])}{day}{' at' if _TIME.match(rest) else ''}{rest}"
            if _PART_OF_DAY.match(context.text, last.end):  # "Friday night at 11": a date has no night
                once = f"{day} {time.removesuffix(':00')}{place}"
            note += f"; for one time write {once}"
        context.note(note)


def _names_one_day(said: Said, clause: Clause) -> bool:
    """A weekday in the singular, or days of the year."""
    node = clause.nodes[-1]
    if len(clause.nodes) > 1:  # "every …"
        return False
    if named(node) == "month_days":
        days = [day for day in children(node) if not isinstance(day, Word)]
        return all(named(part) != "YEAR" for day in days for part in children(day))
    items: list[Any] = [item for item in children(node) if not isinstance(item, Word)]
    parts = children(items[0]) if named(node) == "weekdays" and len(items) == 1 else []
    if len(parts) != 1 or parts[0].type != "WEEKDAY":
        return False
    part = _PART_OF_DAY.match(said.context.text, parts[0].end)
    plural = part is not None and part.group().lower().endswith("s")  # "Saturday nights"
    return not plural and not said.context.text[parts[0].start : parts[0].end].lower().endswith("days")
