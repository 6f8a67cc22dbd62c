"""Calendar expressions of systemd timers: "Mon..Fri 09:00", "*-*-01 00:00:00", "Mon *-*-* 12:00:00 Europe/Berlin".

Weekday and date must both hold. Written out words ("daily") are phrases and are read as such. Refused, since no schedule
here says it: years other than `*` beside anything that repeats, fractions of seconds, days counted from the month's end
other than the last one (`*-*~01`).
"""

import re
from typing import Final

from horarium.core.schedule.cron import Cron
from horarium.core.schedule.cron_days import ALL_DAYS
from horarium.core.schedule.cron_text import CronText
from horarium.core.schedule.cron_write import write_cron
from horarium.core.schedule.phrases.named import Named
from horarium.core.schedule.phrases.rrule import month_rule
from horarium.core.schedule.phrases.said import Clause, Context, Said
from horarium.core.schedule.phrases.times import Grid
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.phrases.words import WEEKDAYS
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.zone import names

_DAY: Final = r"(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*"
_FORM: Final = re.compile(
    rf"\s*(?:(?P<days>{_DAY}(?:\.\.{_DAY})?(?:,{_DAY}(?:\.\.{_DAY})?)*),?(?:\s+|$))?"
    r"(?:(?P<year>[\d*,./]+)-(?P<month>[\d*,./]+)(?P<end>[-~])(?P<day>[\d*,./]+)(?:\s+|$))?"
    r"(?:(?P<hour>[\d*,./]+):(?P<minute>[\d*,./]+)(?::(?P<second>[\d*,./]+))?(?:\s+|$))?"
    r"(?P<zone>[A-Za-z][\w/+-]*)?\s*",
    re.IGNORECASE | re.ASCII,
)
_TELLTALE: Final = re.compile(r"\.\.|[*/~]-|-[*]|~|:[*]|[*]:|:\d+/|\d/\d+:")


def is_on_calendar(text: str) -> bool:
    """Whether the text has marks that only these expressions have."""
    return (
        len(text) <= 256
        and bool(_TELLTALE.search(text))
        and '"' not in text
        and "(" not in text
        and "=" not in text
        and _FORM.fullmatch(text) is not None
    )


def read_on_calendar(context: Context) -> Schedule:
    """Raises BadPhrase."""
    match = _FORM.fullmatch(context.text)
    assert match is not None, "asked for by is_on_calendar"
    zone_name = match["zone"]
    if zone_name is None:
        zone_name = context.default_zone
        context.note(f"times are those of {zone_name}, as no place was named")
    elif zone_name not in names():
        raise context.refuse(_word(match, "zone"), "no time zone of the IANA database", "name one like Europe/Berlin")
    days = Named(both=True)
    if match["days"]:
        days.weekdays = _weekdays(context, match)
    if match["year"] is not None:
        if match["year"] != "*":
            raise context.refuse(_word(match, "year"), "years do not repeat", "write * for the year, or a date alone")
        months, monthdays = _mask(context, match, "month", 1, 12), _mask(context, match, "day", 1, 31)
        days.months = months
        if match["end"] == "~":
            if monthdays != 2:
                raise context.refuse(_word(match, "day"), "only the last day counts from the end here", "write *-*~01")
            days.last_day = True
        elif monthdays != ALL_DAYS:
            days.dates = monthdays
    days.both = days.by_date and days.by_weekday
    timed = match["hour"] is not None
    wild = timed and any(
        match[part] is not None and match[part].startswith("*") for part in ("hour", "minute", "second")
    )
    grid = Grid(
        _mask(context, match, "second", 0, 59) if match["second"] else 1,
        _mask(context, match, "minute", 0, 59) if timed else 1,
        _mask(context, match, "hour", 0, 23) if timed else 1,
        bool(wild),
    )
    if not timed:
        context.note("no time was said: 00:00")
    if days.both and not (days.dates & 2) and not (days.weekdays & 1):
        return month_rule(_said(context), days, [grid], zone_name)[0]
    text = CronText(
        seconds=grid.seconds, minutes=grid.minutes, hours=grid.hours, days=days.fields(), wild=grid.wild, column=1
    )
    return Cron(kind="cron", expression=write_cron(text), timezone=zone_name)


class _Tree:
    children: tuple[()] = ()


def _said(context: Context) -> Said:
    said = Said(_Tree(), context)  # type: ignore[arg-type]
    said.clauses.append(Clause("days", (), Word("DAYS", None, 0, len(context.text))))
    return said


def _word(match: re.Match[str], group: str) -> Word:
    return Word(group, None, match.start(group), match.end(group))


def _weekdays(context: Context, match: re.Match[str]) -> int:
    mask = 0
    at = match.start("days")
    for item in match["days"].lower().split(","):
        ends = []
        for name in item.split(".."):
            found = [number for number, day in enumerate(WEEKDAYS) if name in (day, day[:3])]
            if not found:
                raise context.refuse(Word("DAY", None, at, at + len(name)), f"{name!r} is no weekday", "write e.g. Mon")
            ends.append(found[0])
        mask |= sum(1 << (ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))
        at += len(item) + 1
    return mask


def _mask(context: Context, match: re.Match[str], group: str, low: int, high: int) -> int:
    mask = 0
    at = match.start(group)
    for item in match[group].split(","):
        found = re.fullmatch(r"(?:(\*)|(\d{1,4})(?:\.\.(\d{1,4}))?)(?:/(\d{1,4}))?", item)
        word = Word(group, None, at, at + len(item))
        if found is None:
            raise context.refuse(word, f"{item!r} is not understood", f"write numbers from {low} to {high}")
        star, first, last, step = found.groups()
        begin = low if star else int(first)
        end = high if star or (step and last is None) else int(last or first)
        if not low <= begin <= end <= high or step == "0":
            raise context.refuse(word, f"outside {low} to {high}", f"write numbers from {low} to {high}")
        mask |= sum(1 << value for value in range(begin, end + 1, int(step or 1)))
        at += len(item) + 1
    return mask
