"""Sorts of terminals that several steps of the reader ask for, and what stands at a place."""

from typing import Final

from horarium.core.schedule.phrases.word import Word

WEEKDAYS: Final = frozenset({"WEEKDAY", "WORKDAYS", "WEEKEND"})
ORDINALS: Final = frozenset({"ORD", "LAST", "FROMEND", "LASTDAY", "LASTWORKDAY", "NEAREST"})
COUNTED: Final = WEEKDAYS | {"UNIT", "WEEKENDDAY"}
"""What an ordinal may count."""
AND_IN: Final = "and in"
"""A separator with a month behind it that stands for itself: "24 December and in January"."""


def type_at(found: list[Word], i: int) -> str:
    """The terminal at a place; "" outside."""
    return found[i].type if 0 <= i < len(found) else ""
