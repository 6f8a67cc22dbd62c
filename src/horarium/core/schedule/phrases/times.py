"""Which times of day a phrase names, and how long its durations are."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from horarium.core.schedule.cron_write import bits
from horarium.core.schedule.phrases.said import PACES, Clause, Context, Said, children, named
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.tzif import DAY

SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": DAY, "week": 7 * DAY}
_NOON: Final = 12
ALL_SIXTY: Final = (1 << 60) - 1
ALL_HOURS: Final = (1 << 24) - 1


@dataclass(frozen=True, slots=True)
class Grid:
    """Times of day as the product of three masks. `wild`: in real time through clock changes."""

    seconds: int
    minutes: int
    hours: int
    wild: bool = False


WINDOWS_KEPT: Final = 64
MIDNIGHT: Final = Grid(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: `count` units of one size ("3 weeks"), or `seconds` where only they tell."""

    count: int | float
    unit: str

    @property
    def seconds(self) -> int | float | None:
        """Elapsed seconds; None for months and longer."""
        size = SECONDS.get(self.unit)
        if size is None:
            return None
        total = round(self.count * size * 1000) / 1000
        return int(total) if total == int(total) else total


def length(context: Context, word: Word) -> Length:
    """Raises BadPhrase for mixtures of months with shorter units, and for nothing at all."""
    parts = word.value
    if len(parts) > 1:
        if any(unit not in SECONDS for _, unit in parts):
            raise context.refuse(word, "months have no fixed length", "use one unit")
        total = sum(count * SECONDS[unit] for count, unit in parts)
        parts = ((total, "second"),)
    count, unit = parts[0]
    if unit == "quarter":
        count, unit = count * 3, "month"
    if count <= 0:
        raise context.refuse(word, "this is no time at all", "name a length above 0")
    size = SECONDS.get(unit)
    if size is not None and round(count * size * 1000) / 1000 != count * size:
        raise context.refuse(word, "finer than a millisecond", "write a coarser length")
    if isinstance(count, float) and count == int(count):
        count = int(count)
    if isinstance(count, float) and unit in ("day", "week"):
        count, unit = count * SECONDS[unit] / 3600, "hour"
    if size is None and not isinstance(count, int):
        raise context.refuse(word, f"half {unit}s have no fixed length", "write a whole number")
    return Length(count, unit)


def time_of_day(context: Context, word: Word, before: Word | None = None) -> int:
    """Seconds of the day; a bare number is an hour of the 24-hour clock."""
    if word.type == "TIME":
        seconds, note = word.value
        if note is not None:
            context.note(note)
        return int(seconds)
    hour = word.value
    if not isinstance(hour, int) or hour > 23:
        written = context.text[word.start : word.end].replace(".", "")
        offers: tuple[str, ...] = ()
        if len(written) in (3, 4):
            offers = (context.instead(word, word, f"{written[:-2]}:{written[-2:]}"),)
            if isinstance(hour, int) and hour < _NOON * 100:  # "530"
                hours = [int(written[:-2]), int(written[:-2]) + _NOON]
                offers = tuple(context.instead(word, word, f"{each:02}:{written[-2:]}") for each in hours)
        raise context.refuse(word, "no time of day", "write a time from 00:00 to 23:59", *offers)
    if hour == _NOON:
        offers = (context.instead(word, word, "noon"), context.instead(word, word, "midnight"))
        if before is not None and before.type == "AT":
            offers = (context.instead(before, word, "at noon"), context.instead(before, word, "at midnight"))
        raise context.refuse(word, "12 can be noon or midnight", "write 12:00 or 00:00", *offers)
    if 0 < hour < _NOON:
        context.note(f"{hour} is read as {hour:02}:00 (24-hour clock)")
    return hour * 3600


def times_of(context: Context, clause: Clause) -> list[int]:
    """The seconds of the day of a list, each once, in order."""
    found: dict[int, None] = {}
    before: Word | None = None
    by_24 = any(word.type == "NUM" and word.value > _NOON for word in clause.nodes)
    for word in clause.nodes:
        if by_24 and not _plain(word):
            context.note("12 is read as 12:00, noon, as other hours are above 12")
            found[_NOON * 3600] = None
        elif word.type in ("TIME", "NUM"):
            found[time_of_day(context, word, before)] = None
        before = word
    return sorted(found)


def grids(times: list[int]) -> list[Grid]:
    """As few products as are found by putting together what shares its minute and second, then what shares its hours."""
    by_rest: dict[int, int] = {}
    for time in times:
        by_rest[time % 3600] = by_rest.get(time % 3600, 0) | 1 << time // 3600
    by_hours: dict[tuple[int, int], int] = {}
    for rest, hours in sorted(by_rest.items()):
        key = hours, rest % 60
        by_hours[key] = by_hours.get(key, 0) | 1 << rest // 60
    by_both: dict[tuple[int, int], int] = {}
    for (hours, second), minutes in by_hours.items():
        by_both[hours, minutes] = by_both.get((hours, minutes), 0) | 1 << second
    return [Grid(seconds, minutes, hours) for (hours, minutes), seconds in by_both.items()]


def window_of(said: Said, step: int) -> range | None:
    """Every time of the window in steps, beyond the day where it passes midnight; None where none is said. The end is included
    after "to", not after "between … and"."""
    clause = said.one("between", "stretch")
    if clause is None:
        return None
    context = said.context
    ends = [word for word in clause.nodes if word.type in ("TIME", "NUM")]
    first, last = (time_of_day(context, word) if _plain(word) else _noon(context) for word in ends)
    end_included = clause.name == "stretch"
    if last == 0 and first > 0:
        if end_included and (DAY - first) % step == 0:
            context.note("00:00 itself, which is on the next day, is not included")
        last, end_included = DAY, False
    if last <= first:
        other = ends[1]
        if all(word.type == "NUM" and word.value <= _NOON for word in ends):
            meant = ("from", "to") if end_included else ("between", "and")
            offer = f"{meant[0]} {_shown(first)} {meant[1]} {_shown(last + DAY // 2)}"
            raise context.refuse(
                other,
                f"{other.value} can be in the afternoon or on the next day",
                "write times from 00:00 to 23:59",
                context.instead(clause.word, other, offer),
            )
        last += DAY
        context.note(
            f"the window from {_shown(first)} to {_shown(last)} passes midnight; days named are those of each time itself"
        )
    times = range(first, last + (1 if end_included else 0), step)
    if not times:
        raise context.refuse(clause.word, "the window is empty", "let it end later")
    if step > last - first:
        pace = said.all(*PACES)[0]
        remedy = f"write a shorter interval, or only the time: at {_shown(first)}"
        raise context.refuse(pace.word, "the interval is longer than its window", remedy)
    if (last - first) % step == 0 and not (last == DAY and not end_included):
        end = _shown(last)
        context.note(
            f"{end} itself is {'included' if end_included else 'not included; write from … to … to include it'}"
        )
    return times


def _plain(word: Word) -> bool:
    return not (word.type == "NUM" and word.value == _NOON)


def _noon(context: Context) -> int:
    context.note("12 is read as 12:00, noon")
    return _NOON * 3600


def _shown(time: int) -> str:
    hour, rest = divmod(time % DAY, 3600)
    return f"{hour:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


shown_time = _shown


@lru_cache(maxsize=WINDOWS_KEPT)
def window_grids(first: int, end: int, step: int) -> tuple[Grid, ...]:
    """The grids of a window. Kept, since the offers of a refusal have the same one, and one by the second takes long."""
    return tuple(stepped([time % DAY for time in range(first, end, step)], step))


def stepped(times: list[int], step: int) -> list[Grid]:
    """The times of a window as grids; whole stretches of even minutes follow real time, as `*/15` does in cron."""
    made = []
    for grid in _by_hours(times):
        values = list(bits(grid.minutes))
        even = step < 3600 and 3600 % step == 0 and step % 60 == 0 and values == list(range(0, 60, step // 60))
        made.append(Grid(grid.seconds, grid.minutes, grid.hours, even and grid.seconds == 1))
    return made


def _by_hours(times: list[int]) -> list[Grid]:
    """Hours that share their minutes put together."""
    if any(time % 60 for time in times):
        return grids(sorted(set(times)))
    minutes: dict[int, int] = {}
    for time in times:
        minutes[time // 3600] = minutes.get(time // 3600, 0) | 1 << time % 3600 // 60
    hours: dict[int, int] = {}
    for hour, mask in sorted(minutes.items()):
        hours[mask] = hours.get(mask, 0) | 1 << hour
    return [Grid(1, mask, by_hour) for mask, by_hour in hours.items()]


def clock_grid(every: Length) -> Grid | None:
    """`*/n` of a unit, where n divides the next larger one evenly."""
    count, unit = every.count, every.unit
    while unit in ("hour", "minute") and isinstance(count, float):  # half an hour
        count, unit = count * 60, "minute" if unit == "hour" else "second"
        count = int(count) if count == int(count) else count
    while unit in ("second", "minute") and isinstance(count, int) and count % 60 == 0:
        count, unit = count // 60, "minute" if unit == "second" else "hour"
    if unit == "hour" and count == 24:
        return None
    if not isinstance(count, int) or unit not in ("second", "minute", "hour"):
        return None
    size = 24 if unit == "hour" else 60
    if size % count:
        return None
    mask = sum(1 << value for value in range(0, size, count))
    if unit == "second":
        return Grid(mask, ALL_SIXTY, ALL_HOURS, True)
    if unit == "minute":
        return Grid(1, mask, ALL_HOURS, True)
    return Grid(1, 1, mask, True)


def field_grid(context: Context, nodes: tuple[Any, ...], *, real_time: bool) -> Grid:
    """ "at second 30 of minutes 0 to 4 of every hour". A field that is named as "every" follows real time."""
    masks: dict[str, int] = {}
    wild = real_time
    at = 0
    while at < len(nodes):
        word = nodes[at]
        unit = word.type.removeprefix("AT").removeprefix("OF").removeprefix("EVERY").lower()
        size = 24 if unit == "hour" else 60
        if at + 1 < len(nodes) and named(nodes[at + 1]) == "numbers":
            masks[unit] = _numbers(context, nodes[at + 1], size)
            at += 2
        else:
            masks[unit] = (1 << size) - 1
            wild = True
            at += 1
    if "hour" not in masks:
        masks["hour"], wild = ALL_HOURS, True
    return Grid(masks.get("second", 1), masks["minute"], masks["hour"], wild)


def _numbers(context: Context, node: Any, size: int) -> int:
    mask = 0
    for item in children(node):
        if isinstance(item, Word):
            continue
        ends = [word for word in children(item) if word.type == "NUM"]
        for word in ends:
            if not isinstance(word.value, int) or word.value >= size:
                raise context.refuse(word, f"outside 0 to {size - 1}", f"write a number from 0 to {size - 1}")
        if ends[-1].value < ends[0].value:
            raise context.refuse(ends[-1], "the range ends before it begins", "name the smaller number first")
        mask |= (2 << ends[-1].value) - (1 << ends[0].value)
    return mask
