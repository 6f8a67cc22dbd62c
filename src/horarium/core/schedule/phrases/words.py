"""The words that phrases are made of: which word or idiom is which terminal of the grammar, and what it stands for.

An idiom is written here as its words with single spaces; the reader always takes the longest one.
"""

from functools import cache
from typing import Final

from horarium.core.schedule.phrases.idioms import AMBIGUOUS, IDIOMS, REFUSED, Meaning
from horarium.core.schedule.phrases.places import CITIES, zones_by_words

WEEKDAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
ORDINALS: Final = (
    *(
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
    ),
    *("thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
NUMBERS: Final = {
    **{
        word: value
        for value, word in enumerate(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
            start=1,
        )
    },
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty-five": 45,
    "sixty": 60,
    "ninety": 90,
}

_UNITS: Final = {
    "second": "second seconds sec secs s",
    "minute": "minute minutes min mins m",
    "hour": "hour hours hr hrs h",
    "day": "day days d",
    "week": "week weeks wk wks w",
    "month": "month months",
    "quarter": "quarter quarters",
    "year": "year years yr yrs",
}
COMPACT_ONLY: Final = frozenset(["s", "m", "h", "d", "w"])
"""Letters that are units only right behind a number."""

_OPEN_DAYS: Final = {"open day": False, "working day": True, "workday": True, "business day": True, "weekday": True}

_REGIONS: Final = {
    "eastern": ("America/New_York", "America/Toronto"),
    "central": ("America/Chicago", "America/Winnipeg"),
    "mountain": ("America/Denver", "America/Edmonton"),
    "pacific": ("America/Los_Angeles", "America/Vancouver"),
}
_NOT_PLACES: Final = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "general",
        "continental",
        "center",
        "act",
        "nsw",
        "lhi",
        "christmas",
        "easter",
        "navajo",
        "knox",
        "currie",
        "universal",
        "zulu",
        "greenwich",
        "north",
        "factory",
        "roc",
        "rok",
        "prc",
        "wales",
    ]
)


@cache
def idioms() -> tuple[dict[tuple[str, ...], Meaning], int]:
    """Every idiom by its words, and how many words the longest has."""
    table: dict[tuple[str, ...], Meaning] = {}
    for words, zones in zones_by_words().items():
        if not (len(words) == 1 and words[0] in _NOT_PLACES):
            table[words] = ("ZONE", zones)
    for text, meaning in IDIOMS.items():
        table[tuple(text.split())] = meaning
    for number, name in enumerate(WEEKDAYS):
        short = {0: "sun", 1: "mon", 2: "tue tues", 3: "wed weds", 4: "thu thur thurs", 5: "fri", 6: "sat"}[number]
        for word in (name, f"{name}s", *short.split()):
            table[(word,)] = ("WEEKDAY", number)
    for number, name in enumerate(MONTHS, start=1):
        for word in {name, name[:3], *(("sept",) if number == 9 else ())}:
            table[(word,)] = ("MONTH", number)
    for number, name in enumerate(ORDINALS, start=1):
        table[(name,)] = ("ORD", number)
    for name, value in NUMBERS.items():
        table[tuple(name.replace("-", " - ").split())] = ("NUM", value)
    for unit, names in _UNITS.items():
        for word in names.split():
            if word not in COMPACT_ONLY:
                table[(word,)] = ("UNIT", unit)
    table[("second",)] = ("SECOND", None)  # the unit or the ordinal: what follows decides
    for city, zone in CITIES.items():
        table.setdefault(tuple(city.split()), ("CITY", zone))
    for text, refusal in REFUSED.items():
        table[tuple(text.split())] = ("REFUSED", refusal)
    for text, meaning in AMBIGUOUS.items():
        table[tuple(text.split())] = ("AMBIGUOUS", meaning)
    for region, choices in _REGIONS.items():
        table[(region,)] = ("ZONE", choices)
    for verb in ("moved to", "moving to", "shifted to", "rolled to", "or", "or else", "otherwise"):
        for article in ("", " the"):
            for target, way in (
                ("next", "forward"),
                ("following", "forward"),
                ("previous", "back"),
                ("preceding", "back"),
            ):
                for day, working in _OPEN_DAYS.items():
                    table[tuple(f"{verb}{article} {target} {day}".split())] = ("ROLL", (way, working))
    return table, max(map(len, table))


@cache
def units() -> dict[str, str]:
    """Every spelling of a unit, also the single letters that stand behind a number → the unit."""
    return {word: unit for unit, names in _UNITS.items() for word in names.split()}
