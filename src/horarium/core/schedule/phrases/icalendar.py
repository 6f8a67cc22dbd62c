"""RRULE text as calendars write it, with or without its DTSTART (RFC 5545 sections 3.8.2.4 and 3.8.5.3)."""

import re
from dataclasses import replace
from typing import Final

from horarium.core.errors import BadPhrase, BadSchedule, BadValue
from horarium.core.schedule.local import read_basic, read_extended, shown_extended
from horarium.core.schedule.phrases.said import Context, reading, seconds, today
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.zone import zone

_BEGIN: Final = re.compile(r"\s*(?:RRULE:|DTSTART[;:]|FREQ=)", re.IGNORECASE)
_START: Final = re.compile(
    r"\s*DTSTART(?:;TZID=(?P<zone>[^:;\s]+))?(?:;VALUE=DATE(?:-TIME)?)?:(?P<start>[0-9T:Zz-]+)(?:\s*\n|\s+|;\s*)",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r";(?:COUNT|UNTIL|INTERVAL)=[^;]*")
_RULE: Final = re.compile(r"\s*(?:RRULE:)?(?P<rule>\S+)\s*", re.IGNORECASE)


def is_icalendar(text: str) -> bool:
    """Whether the text means to be an RRULE."""
    return _BEGIN.match(text) is not None


def read_icalendar(context: Context) -> Rrule:
    """Raises BadPhrase. Without a DTSTART the rule begins with its next time."""
    text = context.text
    at, zone_name, start = 0, context.default_zone, None
    begun = _START.match(text)
    if begun is not None:
        at = begun.end()
        start = _start(context, begun)
        if begun["zone"] is not None:
            zone_name = begun["zone"]
        elif begun["start"].upper().endswith("Z"):
            zone_name = "UTC"
        else:
            context.note(f"times are those of {zone_name}, as no TZID was named")
    if re.fullmatch(r"\s*DTSTART[^\s]*\s*", text, re.IGNORECASE):
        remedy = "add its RRULE:FREQ=…, or write only the date for a single time"
        raise BadPhrase("a DTSTART alone does not come back", 1, text.split()[0], remedy)
    match = _RULE.fullmatch(text, at)
    if match is None:
        stop = re.search(r"\S+\s+(?=\S)", text[at:])
        column = at + (stop.end() if stop else 0) + 1
        raise BadPhrase(
            "this is not one rule",
            column,
            text[column - 1 :].split(" ")[0],
            "write RRULE:FREQ=…, before it DTSTART:… if you like",
        )
    if start is None:
        context.note(f"times are those of {zone_name}, as no DTSTART was given")
        start = _next_start(context, match["rule"].upper(), zone_name)
        begun_at = start.replace("T", " ").removesuffix(":00")
        context.note(f"the rule begins with its next time, {begun_at}, as no DTSTART was given")
    try:
        return Rrule(
            kind="rrule", rule=_until(context, match["rule"].upper(), zone_name), start=start, timezone=zone_name
        )
    except BadValue as refused:
        raise _placed(context, refused, begun, match) from refused


def _next_start(context: Context, rule: str, zone_name: str) -> str:
    """The rule's next time from today's midnight on, as a reading; that midnight where the clock cannot show it."""
    midnight = shown_extended(reading(today(zone_name, context.now), 0))
    try:
        endless = Rrule(kind="rrule", rule=_ENDS.sub("", rule), start=midnight, timezone=zone_name)
        first = endless.next_due(context.now)
        if first is None:
            return midnight
        start = shown_extended(zone(zone_name).reading(seconds(first)))
        following = replace(endless, start=start).next_due(first)
    except BadValue:
        return midnight  # the rule itself is refused later, in its place
    return start if following == endless.next_due(first) else midnight


def _start(context: Context, begun: re.Match[str]) -> str:
    written = begun["start"].upper().removesuffix("Z")
    try:
        if re.fullmatch(r"\d{8}", written):
            written += "T000000"
        return shown_extended(read_basic(written) if "-" not in written else read_extended(written))
    except ValueError as error:
        raise BadPhrase(
            f"DTSTART: {error}", begun.start("start") + 1, begun["start"], "write it like 20270104T090000"
        ) from None


def _until(context: Context, rule: str, zone_name: str) -> str:
    """An UNTIL in UTC becomes the local reading of that instant, one without a time the end of that day."""

    def local(match: re.Match[str]) -> str:
        try:
            if match[2] is None:
                context.note("UNTIL includes the whole of its last day")
                return f"UNTIL={match[1]}T235959"
            second = read_basic(match[1] + match[2])
            shown = shown_extended(zone(zone_name).reading(second))
        except ValueError:
            return match.group()
        if zone_name != "UTC":
            context.note(f"UNTIL is {shown.replace('T', ' ')} in {zone_name}")
        return "UNTIL=" + shown.replace("-", "").replace(":", "")

    return re.sub(r"UNTIL=(\d{8})(?:(T\d{6})Z|(?=;|$))", local, rule)


def _placed(context: Context, refused: BadValue, begun: re.Match[str] | None, match: re.Match[str]) -> BadPhrase:
    message, column = refused.message, None
    if isinstance(refused, BadSchedule) and refused.column is not None:
        column = refused.column
        message = message.removesuffix(f" (column {column})")
    at = match.start("rule") + (column or 1) - 1
    if refused.field == "timezone" and begun is not None and begun["zone"] is not None:
        at = begun.start("zone")
    written = re.match(r"[^;\s]*", context.text[at:])
    return BadPhrase(message, at + 1, written.group() if written else "", refused.remedy)
