"""Cuts a phrase into the terminals of the grammar, each with its place in the text.

Two passes: words and idioms first, then what only the neighbours can tell: whether a number counts minutes or names a day,
whether "and" continues a list or begins another clause. Little words that carry nothing there (the, on, of) are taken out
where they belong and left standing where they do not, so that the grammar stumbles over them.
"""

import re
from typing import Any, Final

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrases.lists import separated
from horarium.core.schedule.phrases.neighbours import settled
from horarium.core.schedule.phrases.pasted import PLAIN
from horarium.core.schedule.phrases.places import (
    ADJECTIVES,
    countries,
    countries_by_words,
    subdivisions_by_words,
)
from horarium.core.schedule.phrases.quoted import unquoted
from horarium.core.schedule.phrases.unreadable import ambiguous, ambiguous_date, unknown, zone_named
from horarium.core.schedule.phrases.word import Word, refuse
from horarium.core.schedule.phrases.words import COMPACT_ONLY, WEEKDAYS, idioms, units

_FOREIGN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<foreign>[^\t\n -~])', re.DOTALL)
"""Names in double quotes may have any character."""
_SPACE: Final = re.compile(r"[ \t\n]*")
_LEXEME: Final = re.compile(
    r"""
    (?P<string>"(?:[^"\\]|\\.)*") |
    (?P<stamp>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[-+]\d\d:\d\d(?!:))?)(?![\w:]) |
    (?P<date>\d{4}-\d\d-\d\d)(?![\w]) |
    (?P<slashed>\d{1,4}[/.]\d{1,2}[/.]\d{1,4}) |
    (?P<rule>[A-Za-z]+=[A-Za-z0-9+,-]*[A-Za-z0-9](?:;[A-Za-z]+=[A-Za-z0-9+,-]*[A-Za-z0-9])*) |
    (?P<time>\d{1,2}:\d\d(?::\d\d)?)(?:(?=[ap]\.?m(?![a-z]))|(?![\w:])) |
    (?P<point>\d{1,2}\.\d\d)(?=\ ?[ap]\.?m(?![a-z])) |
    (?P<french>\d{1,2}h\d\d)(?![\w:]) |
    (?P<past>:\d\d)(?![\w:]) |
    (?P<until>/(?=\d{4}-\d\d-\d\d)) |
    (?P<ord>\d{1,4}(?:st|nd|rd|th))(?!\w) |
    (?P<num>\d+(?:\.\d+)?) |
    (?P<zone>[A-Za-z][A-Za-z_]*(?:/[A-Za-z0-9_+-]+)+) |
    (?P<word>[ap]\.m\.|o'clock|[A-Za-z]+(?:_[A-Za-z]+)*) |
    (?P<sign>[^ \t\n])
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COUNTRY: Final = re.compile(r"([A-Za-z]{2})(?:-([A-Za-z0-9]{1,3}))?(?![\w-])")
_DAY_NAMES: Final = frozenset(
    [*WEEKDAYS, *["sun", "mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat"]]
)
_COUNTING: Final = frozenset(["every", "each", "all", "in", "for", "within", "past", "after"])
DIGITS_MAX: Final = 12
COUNTRY_WORDS_MAX: Final = 4


def words(text: str) -> list[Word]:
    """Raises BadPhrase at the first word that is none."""
    for match in _FOREIGN.finditer(text):
        if foreign := match["foreign"]:
            message, remedy = f"{foreign!r} is not a plain character", "use the digits 0 to 9 and plain English letters"
            offers = tuple(each for each in [text.translate(PLAIN)] if each != text)
            raise BadPhrase(message, match.start() + 1, foreign, remedy, offers=offers)
    found = _idioms(text, _lexemes(text))
    return separated(settled(text, found))


def _lexemes(text: str) -> list[Word]:
    found: list[Word] = []
    at, end = 0, len(text.rstrip(" \t\n.!"))
    if end < len(text) and text[: end + 3].lower().endswith((" a.m", " p.m")) and text[end] == ".":
        end += 1
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at >= end:
            return found
        if _after_holidays(found):
            match = _COUNTRY.match(text, at)
            if match and match[1].upper() in countries():
                code = (match[1].upper(), match[2].upper() if match[2] else None)
                found.append(Word("COUNTRY", code, at, match.end()))
                at = match.end()
                continue
        match = _LEXEME.match(text, at)
        assert match is not None and match.lastgroup is not None, "any sign is a lexeme"
        written = match.group()
        if match.lastgroup == "french" and found and found[-1].value in _COUNTING:
            offer = f"{text[: match.end()]}m{text[match.end() :]}"
            lexeme = Word("french", written, at, match.end())
            raise refuse(text, lexeme, f"{written} here is a length, not a time", "name its unit", offers=(offer,))
        found.append(Word(match.lastgroup, written.lower(), at, match.end()))
        at = match.end()


def _after_holidays(found: list[Word]) -> bool:
    """Behind "holidays of" and "holidays in the"."""
    before = [word.value for word in found[-3:]]
    if before[-1:] == ["the"]:
        before = before[:-1]
    return before[-2:] in (["holidays", "of"], ["holidays", "in"])


def _holidays(text: str, lexemes: list[Word], i: int) -> list[Word] | None:
    """ "US holidays", "German public holidays", as "holidays of" the country."""
    for count in range(1, min(COUNTRY_WORDS_MAX, len(lexemes) - i - 1) + 1):
        last = i + count
        if lexemes[last].value in ("public", "bank") and last + 1 < len(lexemes):
            last += 1
        if lexemes[last].value not in ("holidays", "holiday"):
            continue
        begin, end = lexemes[i].start, lexemes[i + count - 1].end
        written, words_of = text[begin:end], tuple(lexeme.value for lexeme in lexemes[i : i + count])
        code = written if written in countries() else countries_by_words().get(words_of) or ADJECTIVES.get(words_of[0])
        if code is None or (count > 1 and words_of[0] in ADJECTIVES):
            continue
        place = lexemes[last].end
        return [Word("HOLIDAYSOF", None, begin, place), Word("COUNTRY", (code, None), begin, place)]
    return None


def _idioms(text: str, lexemes: list[Word]) -> list[Word]:
    table, longest = idioms()
    found: list[Word] = []
    i = 0
    while i < len(lexemes):
        lexeme = lexemes[i]
        if holidays := _holidays(text, lexemes, i):
            found += holidays
            i = next(j for j in range(i, len(lexemes)) if lexemes[j].end == holidays[0].end) + 1
            continue
        if lexeme.type in ("word", "sign"):
            taken = _place(lexemes, i, found) or _longest(lexemes, i, table, longest)
            if taken is not None:
                meaning, count = taken
                if meaning[0] == "CITY":
                    end = lexemes[i + count - 1].end
                    place = Word(meaning[0], None, lexeme.start, end)
                    offer = text[: lexeme.start] + meaning[1] + text[end:]
                    message = f"{text[lexeme.start : end]} is no place of the IANA database"
                    raise refuse(text, place, message, f"write {meaning[1]}, whose clock it keeps", offers=(offer,))
                if meaning[0] == "REFUSED":
                    word = Word(meaning[0], None, lexeme.start, lexemes[i + count - 1].end)
                    raise refuse(text, word, *meaning[1])
                if lexeme.value == "alternate" and not (found and found[-1].type == "EVERY"):
                    found.append(Word("EVERY", None, lexeme.start, lexeme.end))
                if meaning[0] == "AMBIGUOUS":
                    raise ambiguous(text, Word(meaning[0], meaning[1], lexeme.start, lexemes[i + count - 1].end))
                found.append(Word(meaning[0], meaning[1], lexeme.start, lexemes[i + count - 1].end))
                i += count
                continue
            unit = units().get(lexeme.value)
            if unit is not None and found and found[-1].type == "NUM" and lexeme.value in COMPACT_ONLY:
                found.append(Word("UNIT", unit, lexeme.start, lexeme.end))
                i += 1
                continue
            raise unknown(text, lexeme, found[-1] if found else None)
        found.append(_literal(text, lexeme))
        i += 1
    return found


def _longest(
    lexemes: list[Word], i: int, table: dict[tuple[str, ...], tuple[str, Any]], longest: int
) -> tuple[tuple[str, Any], int] | None:
    for count in range(min(longest, len(lexemes) - i), 0, -1):
        meaning = table.get(tuple(lexeme.value for lexeme in lexemes[i : i + count]))
        if meaning is not None:
            return meaning, count
    return None


def _place(lexemes: list[Word], i: int, found: list[Word]) -> tuple[tuple[str, Any], int] | None:
    """The name of a country, or of a part of one, right behind "holidays of"."""
    if not found or "HOLIDAYSOF" not in (
        found[-1].type,
        found[-2].type if found[-1].type == "THE" and found[1:] else "",
    ):
        return None
    for count in range(min(6, len(lexemes) - i), 0, -1):
        words = tuple(lexeme.value for lexeme in lexemes[i : i + count])
        part = subdivisions_by_words().get(words)
        if part is not None:
            return ("COUNTRY", part), count
        code = countries_by_words().get(words)
        if code is not None:
            return ("COUNTRY", (code, None)), count
    return None


def _literal(text: str, lexeme: Word) -> Word:
    written, start, end = lexeme.value, lexeme.start, lexeme.end
    raw = text[start:end]
    match lexeme.type:
        case "COUNTRY":
            return lexeme
        case "string":
            return Word("STRING", _unescaped(text, lexeme), start, end)
        case "stamp":
            return Word("STAMP", raw.upper().replace(" ", "T", 1), start, end)
        case "date":
            return Word("DATE", raw, start, end)
        case "rule":
            return Word("RULETEXT", raw.upper(), start, end)
        case "time" | "point" | "french":
            parts = [int(part) for part in re.split("[:.h]", written)]
            hour, minute, second = (*parts, 0)[:3]
            if hour > 24 or minute > 59 or second > 59 or (hour == 24 and parts != [24, 0]):
                raise refuse(text, lexeme, f"{raw} is no time of day", "write a time from 00:00 to 23:59")
            if hour == 24:
                raise refuse(text, lexeme, "24:00 is the next day", "write 00:00 and name that day")
            return Word("CLOCK", (hour * 60 + minute) * 60 + second, start, end)
        case "until":
            return Word("TO", None, start, end)
        case "past":
            if int(written[1:]) > 59:
                raise refuse(text, lexeme, f"{raw} is no minute", "write a minute from 0 to 59")
            return Word("PAST", int(written[1:]), start, end)
        case "ord":
            return Word("ORD", _ordinal(text, lexeme), start, end)
        case "num":
            if len(written) > DIGITS_MAX + 4:
                raise refuse(text, lexeme, "this number is too long", "write a shorter one")
            return Word("NUM", float(written) if "." in written else int(written), start, end)
        case "zone" if all(part in _DAY_NAMES for part in written.split("/")):
            days = raw.replace("/", ", ")
            offer = text[:start] + days + text[end:]
            raise refuse(text, lexeme, "days are listed with commas", f"write {days}", offers=(offer,))
        case "zone":
            return Word("ZONE", (zone_named(text, lexeme),), start, end)
        case "slashed":
            raise ambiguous_date(text, lexeme)
        case _:
            raise AssertionError(lexeme.type)


def _unescaped(text: str, lexeme: Word) -> str:
    try:
        return unquoted(text[lexeme.start : lexeme.end])
    except ValueError as error:
        place = Word("string", None, lexeme.start + error.args[0], lexeme.end)
        remedy = r"write \\ for a backslash, \" for a quote, \u00e4 for a character"
        raise refuse(text, place, "this backslash escapes nothing", remedy) from None


def _ordinal(text: str, lexeme: Word) -> int:
    number, suffix = int(lexeme.value[:-2]), lexeme.value[-2:]
    right = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    if suffix != right:
        raise refuse(text, lexeme, f"{text[lexeme.start : lexeme.end]!r} is misspelt", f"write {number}{right}")
    return number
