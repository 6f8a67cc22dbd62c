"""Text to schedule: phrases of people, cron text, RRULE, dates, systemd's calendar expressions, and our own sentences.

A text is read whole or refused at the first word that cannot be read. What it leaves open is either refused, with a text for
each reading, or assumed and named in `notes`; nothing is guessed silently.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from horarium.core.errors import BadPhrase, BadSchedule, BadValue
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.phrases.build import build
from horarium.core.schedule.phrases.grammar import EXPECTED, tree
from horarium.core.schedule.phrases.icalendar import is_icalendar, read_icalendar
from horarium.core.schedule.phrases.lexer import words
from horarium.core.schedule.phrases.pasted import check_pasted
from horarium.core.schedule.phrases.said import Context
from horarium.core.schedule.phrases.systemd import is_on_calendar, read_on_calendar
from horarium.core.schedule.phrases.unreadable import abbreviation, left_out
from horarium.core.schedule.phrases.word import Word, refuse
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.zone import zone

if TYPE_CHECKING:
    from lark import UnexpectedToken

TEXT_MAX: Final = 40_000
"""Sentences that list a thousand days are long; what people type has at most PHRASE_MAX."""
PHRASE_MAX: Final = 256
NAMED_MAX: Final = 8
"""So many things that could stand there are named; of more, the first."""

_NUMBERS: Final = r"[\d*?][\d*?,/-]*[ \t]+"
_CRON: Final = re.compile(
    rf"[ \t]*(?:(?:CRON_TZ|TZ)=(?P<zone>\S+)[ \t]+)?"
    rf"(?P<cron>@[A-Za-z]+|{_NUMBERS}{_NUMBERS}[\w*?,/#-]+(?:[ \t]+[\w*?,/#-]+){{2,4}}?)"
    r"(?:[ \t]+(?P<behind>UTC|GMT|[A-Za-z]{3,}(?:/[A-Za-z][\w+-]+)+))?[ \t]*"
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """`notes`: in words, everything that the text left open and how it was read."""

    schedule: Schedule
    notes: tuple[str, ...]


def parse(text: str, timezone: str, now: datetime) -> Parsed:
    """The schedule of a text, read in `timezone` where it names none, at `now`. Raises BadPhrase; BadValue for the zone."""
    zone(timezone)
    if len(text) > TEXT_MAX:
        raise BadPhrase(f"longer than {TEXT_MAX:,} characters", TEXT_MAX + 1, "", "say it in fewer words")
    if not text.strip():
        raise BadPhrase("the text is empty", 1, "", "say when, e.g. every weekday at 9:00")
    context = Context(text, now, timezone)
    try:
        schedule = _read(context)
    except BadPhrase as refused:
        refused.offers = tuple(offer for offer in refused.offers if _can_be_read(offer, timezone, now))
        raise
    except OverflowError:
        raise BadPhrase("it leads beyond the year 9999", 1, text.split()[0], "name nearer days") from None
    except BadValue as refused:
        raise BadPhrase(refused.message, 1, text.split()[0], refused.remedy) from refused
    return Parsed(schedule, tuple(context.notes))


def prepare() -> None:
    """Builds the grammar and the tables of words, a fifth of a second that the first text would wait for otherwise."""
    tree(words("at noon in Berlin"))


def _can_be_read(text: str, timezone: str, now: datetime) -> bool:
    """Nothing is offered that would be refused in turn."""
    try:
        _read(Context(text, now, timezone))
    except (BadValue, OverflowError):
        return False
    return True


def _read(context: Context) -> Schedule:
    text = context.text
    if match := _CRON.fullmatch(text):
        return _cron(context, match)
    if is_icalendar(text):
        return read_icalendar(context)
    if is_on_calendar(text):
        return read_on_calendar(context)
    check_pasted(text)
    return _phrase(context)


def _cron(context: Context, match: re.Match[str]) -> Cron:
    named = "zone" if match["zone"] else "behind"
    zone_name = match[named]
    if match["zone"] and match["behind"]:
        raise BadPhrase("the time zone is said twice", match.start("behind") + 1, match["behind"], "say it once")
    if zone_name is None:
        zone_name = context.default_zone
        context.note(f"times are those of {zone_name}, as no place was named")
    begin = match.start("cron")
    expression = match["cron"]
    try:
        return Cron(kind="cron", expression=expression, timezone=zone_name)
    except BadValue as refused:
        column = refused.column if isinstance(refused, BadSchedule) else None
        at = match.start(named) if refused.field == "timezone" else begin + (column or 1) - 1
        written = re.compile(r"\S*").match(context.text, at)
        word = Word("word", None, at, written.end() if written else at)
        message = refused.message.removesuffix(f" (column {column})")
        raise abbreviation(context.text, word) or refuse(context.text, word, message, refused.remedy) from refused


def _phrase(context: Context) -> Schedule:
    from lark import UnexpectedToken

    found = words(context.text)
    if not found:
        raise BadPhrase("the text has no words", 1, "", "say when, e.g. every weekday at 9:00")
    try:
        parsed = tree(found)
    except UnexpectedToken as stumbled:
        raise _unexpected(context, found, stumbled) from None
    return build(parsed.children[0], context)


def _unexpected(context: Context, found: list[Word], stumbled: "UnexpectedToken") -> BadPhrase:
    accepted = stumbled.accepts or stumbled.expected
    expected = tuple(dict.fromkeys(words for name, words in EXPECTED.items() if name in accepted))
    place: Any = stumbled.token.value
    shown = expected[:NAMED_MAX]
    remedy = f"expected {', '.join(shown[:-1])}{' or ' if len(shown) > 1 else ''}{shown[-1]}" if shown else None
    offers: tuple[str, ...] = ()
    at = next((i for i, word in enumerate(found) if word is place), len(found))
    before = [word.type for word in found[max(0, at - 2) : at]]
    if before[-1:] in (["EXCEPT"], ["ANDX"]) or before in (["EXCEPT", "EVERY"], ["ANDX", "EVERY"]):
        remedy, offers = left_out(context.text, place if isinstance(place, Word) else None)
    if not isinstance(place, Word):
        column = len(context.text.rstrip()) + 1
        return BadPhrase("the text ends too early", column, "", remedy, expected=expected)
    written = context.text[place.start : place.end]
    if place.type == "UNCLEAR":
        offer = f"{context.text[: place.start].rstrip()} and {context.text[place.end :].lstrip()}"
        remedy = 'write "and" to leave this out too, or put the exception last'
        return BadPhrase("is this left out too?", place.start + 1, written, remedy, offers=(offer,))
    return BadPhrase(
        f"{written!r} cannot stand here", place.start + 1, written, remedy, expected=expected, offers=offers
    )
