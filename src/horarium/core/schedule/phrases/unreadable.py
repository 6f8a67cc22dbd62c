"""Words that cannot be read, or in two ways: each with what may have been meant."""

import re
from difflib import get_close_matches
from typing import Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrases.places import countries_by_words, country_of_zone
from horarium.core.schedule.phrases.word import Word, refuse
from horarium.core.schedule.phrases.words import WEEKDAYS, idioms
from horarium.core.schedule.zone import abbreviations, names

_ON_WEEKDAY: Final = re.compile(r"[ \t]+(?:on[ \t]+)?([A-Za-z]+)", re.IGNORECASE)
ZONES_OFFERED_MAX: Final = 4
EXCEPT_REMEDY: Final = (
    'after "except" write days, dates, months, holidays, calendar "name" or a schedule in brackets, '
    "e.g. except weekends, or except (every day at 12:00)"
)
_ELAPSED: Final = re.compile(
    r"\s*(?:every|each|all)\s+(?:[\w.-]+\s+){0,3}?(?:\d+[hms]|hours?|minutes?|seconds?|hrs?|mins?|secs?)\s+(?=\S+\s*$)",
    re.IGNORECASE,
)
"""An interval and nothing else before "except": elapsed time, which meets no time of day."""
_TWELVE: Final = re.compile(r"(?:^|\s)12\s*$")
_TIMES: Final = frozenset({"AT", "TIME", "NUM", "BETWEEN", "FROM", "STARTING"})


def zone_named(text: str, lexeme: Word) -> str:
    raw = text[lexeme.start : lexeme.end]
    if raw in names():
        return raw
    by_lower = {name.lower(): name for name in names()}
    near = get_close_matches(lexeme.value[:60], by_lower, n=3, cutoff=0.7)
    if lexeme.value in by_lower:
        return by_lower[lexeme.value]
    offers = tuple(text[: lexeme.start] + by_lower[name] + text[lexeme.end :] for name in near)
    raise refuse(
        text, lexeme, f"{raw!r} is no time zone of the IANA database", "name one like Europe/Berlin", offers=offers
    )


def ambiguous_date(text: str, lexeme: Word) -> BadPhrase:
    raw = text[lexeme.start : lexeme.end]
    parts = [int(part) for part in re.split(r"[/.]", raw)]
    offers: list[str] = []
    if parts[0] > 31:
        readings = [(parts[0], parts[1], parts[2])]
    else:
        year = parts[2] + (2000 if parts[2] < 100 else 0)
        readings = [(year, parts[1], parts[0]), (year, parts[0], parts[1])]
    for year, month, day in readings:
        if (1 <= month <= 12 and 1 <= day <= 28) or (1 <= month <= 12 and 1 <= day <= 31 and month != 2):
            offer = f"{text[: lexeme.start]}{year:04}-{month:02}-{day:02}{text[lexeme.end :]}"
            if offer not in offers:
                offers.append(offer)
    message = f"{raw} can be read as day or month first" if len(offers) > 1 else f"{raw} is not how a date is written"
    return refuse(text, lexeme, message, "write year-month-day, e.g. 2027-04-03", offers=tuple(offers))


def ambiguous(text: str, word: Word) -> BadPhrase:
    message, readings = word.value
    offers = tuple(text[: word.start] + reading + text[word.end :] for reading in readings)
    if readings[0] == "every other week":
        offers = _twice_a_week(text, word) or offers
    return refuse(text, word, f"{text[word.start : word.end]!r} {message}", "say which", offers=offers)


def _twice_a_week(text: str, word: Word) -> tuple[str, ...]:
    """ "biweekly on Friday": every other Friday, or Friday and one more day."""
    match = _ON_WEEKDAY.match(text, word.end)
    meaning = None if match is None else idioms()[0].get((match[1].lower(),))
    if match is None or meaning is None or meaning[0] != "WEEKDAY":
        return ()
    day, other = (WEEKDAYS[number % 7].capitalize() for number in (meaning[1], meaning[1] + 4))
    readings = f"every other {day}", f"every {other} and {day}"
    return tuple(text[: word.start] + reading + text[match.end() :] for reading in readings)


def abbreviation(text: str, lexeme: Word) -> BadPhrase | None:
    """The refusal of a zone's abbreviation; None where the word is none."""
    raw = text[lexeme.start : lexeme.end]
    place = abbreviations().get(raw.upper())
    if place is None:
        return None
    return refuse(
        text,
        lexeme,
        f"{raw} is an abbreviation; it does not say whose clock changes to follow",
        f"name a place, e.g. {place}",
        offers=(text[: lexeme.start] + place + text[lexeme.end :],),
    )


def unknown(text: str, lexeme: Word, before: Word | None) -> BadPhrase:
    table, _ = idioms()
    raw = text[lexeme.start : lexeme.end]
    if before is not None and before.type == "CALENDAR":
        offer = f'{text[: lexeme.start]}"{raw}"{text[lexeme.end :]}'
        return refuse(text, lexeme, "a calendar's name stands in double quotes", f'write "{raw}"', offers=(offer,))
    if before is not None and before.type == "CLOCK" and raw == "+":
        remedy = "write date, time and offset together, e.g. 2027-01-31T09:00+01:00, or name a place"
        return refuse(text, lexeme, "an offset belongs to a whole date and time", remedy)
    if before is not None and before.type == "ZONE" and raw in ("+", "-"):
        return refuse(text, lexeme, "an offset does not say whose clock changes to follow", "name a place")
    country = countries_by_words().get((lexeme.value,))
    if country is not None:
        zones = [name for name, code in country_of_zone().items() if code == country][:ZONES_OFFERED_MAX]
        offers = tuple(text[: lexeme.start] + name + text[lexeme.end :] for name in zones)
        return refuse(text, lexeme, f"{raw} is a country; times need a time zone", "name a city", offers=offers)
    if abbreviated := abbreviation(text, lexeme):
        return abbreviated
    single = [words[0] for words in table if len(words) == 1 and len(words[0]) > 2]
    near = get_close_matches(lexeme.value[:30], single, n=1, cutoff=0.75) if len(lexeme.value) > 2 else []
    remedy = f'did you mean "{near[0]}"?' if near else "use the words of a schedule: days, times, places"
    excluding = before is not None and (
        before.type == "EXCEPT" or (before.type == "SEPARATOR" and "except" in text[: before.start].lower())
    )
    if excluding and not near:
        remedy = EXCEPT_REMEDY
    # A zone that is merely spelt alike is another place.
    likely = [word for word in near if table[(word,)][0] != "ZONE"]
    offers = tuple(text[: lexeme.start] + word + text[lexeme.end :] for word in likely)
    return refuse(text, lexeme, f"{raw!r} is not understood", remedy, offers=offers)


def left_out(text: str, word: Word | None) -> tuple[str, tuple[str, ...]]:
    """What to do about a word that cannot be an exception: (remedy, texts with a schedule in brackets)."""
    if word is None or word.type not in _TIMES:
        return EXCEPT_REMEDY, ()
    begin, rest = text[: word.start], text[word.start :]
    elapsed = _ELAPSED.match(begin)
    each = "second" if elapsed else "minute"
    if word.type in ("BETWEEN", "FROM", "STARTING"):
        inside: tuple[str, ...] = (f"every {each} {rest}",)
    elif word.type == "AT":
        inside = (f"every day {rest}",)
    elif word.type == "TIME":
        inside = (f"every {each} from {rest}", f"every day at {rest}")
    else:
        inside = (f"every {each} from {rest}", f"every day at {rest}")
    if _TWELVE.search(rest):
        inside = (*inside, f"{inside[-1]}:00")
    clocked = begin if elapsed is None else f"{begin[: elapsed.end()]}by the clock {begin[elapsed.end() :]}"
    # Only those are offered that can be read: a stretch needs an interval, and 12 alone may be midnight.
    return EXCEPT_REMEDY, tuple(f"{clocked if each.startswith('every day') else begin}({each})" for each in inside)
