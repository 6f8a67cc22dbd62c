"""Instants that are written with their digits: a date with a time, with or without an offset."""

from datetime import datetime

from horarium.core.errors import BadValue
from horarium.core.instants import from_ms, to_ms
from horarium.core.schedule.local import read_extended
from horarium.core.schedule.phrases.listed_days import real_day
from horarium.core.schedule.phrases.said import Context, exact_instant
from horarium.core.schedule.phrases.word import Word
from horarium.core.shape import read_instant


def offset(word: Word) -> bool:
    return word.value.endswith("Z") or "+" in word.value or word.value.count("-") > 2


def stamp(context: Context, word: Word, zone_name: str) -> datetime:
    """The instant of a date with a time; without an offset, the zone's reading."""
    real_day(context, word)
    text = word.value
    if offset(word):
        if text.count(":") == 1:
            text = text.replace("Z", ":00Z")
        try:
            return read_instant(text)
        except BadValue as refused:
            raise context.refuse(word, refused.message, refused.remedy) from None
    text, _, fraction = text.partition(".")
    try:
        local = read_extended(text)
    except ValueError as error:
        raise context.refuse(word, str(error), "write it like 2027-01-31T09:00") from None
    milliseconds = int((fraction + "000")[:3]) if fraction else 0
    return from_ms(to_ms(exact_instant(context, word, zone_name, local)) + milliseconds)
