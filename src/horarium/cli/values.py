"""How durations and instants are typed and shown on the command line. All arithmetic of zones is the core's own."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from horarium.cli.stop import Exit, Stop
from horarium.cli.terminal import printable
from horarium.core.errors import BadValue
from horarium.core.instants import from_ms, in_range, shown, to_ms, whole_ms

UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1, "ms": 0.001}
EPOCH_NAIVE = datetime(1970, 1, 1)  # noqa: DTZ001  (a reading of a wall clock has no zone)

_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,3})?(?:ms|[wdhms]))+")
_PART = re.compile(r"([0-9.]+)(ms|[wdhms])")


class Duration(click.ParamType[int | float]):
    """`30s`, `15m`, `1h30m`, `2d` as seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        if isinstance(value, int | float):
            return value
        if not _DURATION.fullmatch(value):
            hint = f"write {value}s" if value.isdecimal() else "write e.g. 30s, 15m, 1h30m or 2d"
            self.fail(f"{printable(value)!r} is no duration: {hint}.", param, ctx)
        ms = sum(round(float(number) * UNITS[unit] * 1000) for number, unit in _PART.findall(value))
        return ms // 1000 if ms % 1000 == 0 else ms / 1000


DURATION = Duration()


class Timezone(click.ParamType[str]):
    """A name of the IANA database, checked whether or not it comes to be used."""

    name = "timezone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from horarium.core.schedule.zone import zone

        try:
            return zone(value).name
        except BadValue as bad:
            raise Stop(f"--timezone: {printable(bad.message)}; {printable(bad.remedy or '')}", Exit.USAGE) from bad


TIMEZONE = Timezone()


def duration(ms: float | None) -> str:
    """`850 ms`, `4.2 s`, `1 h 02 min`."""
    if ms is None:
        return "–"
    if ms < 1000:
        return f"{ms:.0f} ms"
    if ms < 10_000:
        return f"{ms / 1000:.1f}".removesuffix(".0") + " s"
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def period(seconds: float) -> str:
    """A length that someone chose, with nothing rounded: `1 d 1 h 1 min 0.5 s`."""
    left = round(seconds * 1000)
    parts = []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000)):
        count, left = divmod(left, size)
        parts += [f"{count} {unit}"] if count else []
    return " ".join([*parts, f"{left / 1000:g} s"] if left or not parts else parts)


def read_instant(option: str, text: str, timezone: str) -> tuple[str, str | None]:
    """The instant as the API wants it, and a note where the clock of `timezone` skips or repeats what was typed.

    With an offset it is what it says; without one it is a reading of that clock: skipped, it means the first instant after
    the gap; repeated, the first pass.
    """
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Stop(
            f"{option}: {printable(text)!r} is no time. Write it like 2027-03-28T14:30 or 2027-03-28T14:30+02:00.",
            Exit.USAGE,
        ) from None
    note = None
    try:
        if typed.tzinfo is None:
            typed, note = _in_zone(option, typed, timezone)
        instant = whole_ms(typed)
    except OverflowError:
        instant = None
    if instant is None or not in_range(instant):
        raise Stop(f"{option}: {printable(text)} is outside the years 1970 to 9999.", Exit.USAGE)
    return shown(instant), note


def _in_zone(option: str, typed: datetime, timezone: str) -> tuple[datetime, str | None]:
    from horarium.core.schedule.zone import zone

    try:
        place = zone(timezone)
    except BadValue as bad:
        raise Stop(f"--timezone: {bad.message}; {bad.remedy}", Exit.USAGE) from bad
    reading, rest = divmod(typed - EPOCH_NAIVE, timedelta(seconds=1))
    second = place.second(reading)
    read = place.reading(second)
    if read != reading:
        instant = from_ms(second * 1000) if second >= 0 else EPOCH_NAIVE.replace(tzinfo=UTC)
        return (
            instant,
            f"{option}: {timezone} skips {typed}; read as the first instant after it, {in_zone(shown(instant), timezone)}.",
        )
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second) + rest
    following = place.span(second) + 1
    if following < len(place.starts) and reading - place.offsets[following] >= place.starts[following]:
        return (
            instant,
            f"{option}: {timezone} shows {typed} twice; the first is meant, {in_zone(shown(instant), timezone)}.",
        )
    return instant, None


def in_zone(instant: str | None, timezone: str) -> str:
    """`Sun 2027-03-28 03:00+02:00`, seconds only where there are some."""
    if instant is None:
        return "–"
    from horarium.core.schedule.zone import zone

    at = datetime.fromisoformat(instant)
    ms = to_ms(at)
    reading = zone(timezone).reading(ms // 1000)
    local = EPOCH_NAIVE + timedelta(seconds=reading, milliseconds=ms % 1000)
    offset = reading - ms // 1000
    sign, size = ("-", -offset) if offset < 0 else ("+", offset)
    clock = f"{local:%H:%M}"
    if local.second or ms % 1000:
        clock += f"{local:%S}".rjust(3, ":") + (f".{ms % 1000:03}" if ms % 1000 else "")
    seconds = f":{size % 60:02}" if size % 60 else ""
    return f"{local:%a} {local.year:04}-{local:%m-%d} {clock}{sign}{size // 3600:02}:{size // 60 % 60:02}{seconds}"
