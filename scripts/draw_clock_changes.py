"""Draws the pictures of docs/explanation/clock-changes.md. Every mark is an instant that the schedules themselves name.

Usage: .venv/bin/python -m scripts.draw_clock_changes   (writes docs/explanation/pictures/*.svg)

Across a gap the axis is the wall clock's and holds the skipped hour, hatched, in which no time passes. Across a fold it is
real time, and the repeated hour lies there twice. A test draws them again and compares every byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.zone import zone
from scripts.clock_axis import (
    HOUR,
    LEFT,
    RIGHT,
    Axis,
    Drawn,
    at,
    clock,
    dues,
    follows_real_time,
    readings,
    seconds,
    words,
)
from scripts.svg_parts import WIDTH, box, diamond, dot, line, picture, text

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "pictures"
HEAD: Final = 116
ROW: Final = 50
FOOT: Final = 44
LABEL: Final = 44
"""So near to each other two times on one line cannot both be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One schedule under an axis. `note` is written below its text."""

    text: str
    note: str
    schedule: Drawn


def panel(axis: Axis, head: str, rows: list[Row], top: float) -> tuple[list[str], list[str]]:
    """(parts, what they show in words) of one axis and the schedules below it."""
    bottom = top + HEAD + ROW * len(rows)
    parts = [text(24, top + 30, head, "head"), *bands(axis, top + 46, bottom), *two_clocks(axis, top + 78)]
    told = [f"{head}."]
    for index, row in enumerate(rows):
        y = top + HEAD + ROW * index + ROW / 2
        said = words(axis, row.schedule)
        parts += [line(24, y - ROW / 2, WIDTH - 24, y - ROW / 2, "faint")]
        parts += [text(24, y - 1, row.text, "code"), text(24, y + 16, row.note, "mute")]
        parts += [*marks(axis, row.schedule, y), text(RIGHT + 26, y + 5, said)]
        named = dues(row.schedule, axis.begin, axis.end)
        told.append(f"{row.text} ({row.note}) is due at {', '.join(map(clock, named)) or 'none of them'} UTC: {said}.")
    return parts, told


def bands(axis: Axis, top: float, bottom: float) -> Iterator[str]:
    """The skipped hour, or the two passes of the repeated one."""
    if axis.gap:
        x, end = axis.edges
        yield f'<rect fill="url(#hatch)" x="{x:.6g}" y="{top:.6g}" width="{end - x:.6g}" height="{bottom - top:.6g}"/>'
        yield line(x, top, x, bottom, "move")
        yield line(end, top, end, bottom, "move")
        yield text((x + end) / 2, top + 14, "skipped", "warm over", "middle")
        return
    edges = [axis.at(axis.change + step) for step in (axis.shift, 0, -axis.shift)]
    for x, end, kind, name in zip(edges, edges[1:], ("first", "second"), ("first pass", "second pass"), strict=False):
        yield box(x, top, end - x, bottom - top, kind)
        yield text((x + end) / 2, top + 14, name, "mute", "middle")


def two_clocks(axis: Axis, y: float) -> Iterator[str]:
    """Two lines: real time above, what the wall clock shows below."""
    leaves, comes = axis.edges
    for name, low, before, after in (
        ("UTC", y, 0, 0),
        (axis.name.rpartition("/")[2].replace("_", " "), y + 26, axis.before, axis.after),
    ):
        yield text(24, low + 4, name, "mute")
        yield line(LEFT, low + 8, leaves, low + 8, "axis")
        yield line(comes, low + 8, RIGHT, low + 8, "axis")
        yield from ticks(axis, low, before, range(axis.begin, axis.change))
        yield from ticks(axis, low, after, range(axis.change + (1 if axis.gap else 0), axis.end + 1))
    if axis.gap:
        yield text((leaves + comes) / 2, y, clock(axis.change), "over", "middle")
        yield text(leaves, y + 26, clock(axis.skipped.start), "over", "middle")
        yield text(comes, y + 26, clock(axis.skipped.stop), "over", "middle")
        yield from (line(x, low + 4, x, low + 12, "axis") for x in axis.edges for low in (y, y + 26))


def ticks(axis: Axis, y: float, offset: int, among: range) -> Iterator[str]:
    """A long one with its time at each hour, a short one at the half."""
    first = -(-(among.start + offset) // (HOUR // 2)) * (HOUR // 2)
    for shown in range(first, among.stop + offset, HOUR // 2):
        x, whole = axis.at(shown - offset), shown % HOUR == 0
        yield line(x, y + (4 if whole else 6), x, y + (12 if whole else 10), "axis")
        if whole and not (axis.gap and min(abs(x - edge) for edge in axis.edges) < LABEL):
            yield text(x, y, clock(shown), "", "middle")


def marks(axis: Axis, schedule: Drawn, y: float) -> Iterator[str]:
    """Full: due. Dashed: a reading that the schedule names and that gives nothing there; an arrow shows where it went."""
    leaves, comes = axis.edges
    yield line(LEFT, y, leaves, y, "faint")
    yield line(comes, y, RIGHT, y, "faint")
    named = dues(schedule, axis.begin, axis.end)
    moves = not isinstance(schedule, Every) and not follows_real_time(schedule) and schedule.dst_gap == "run_after"
    for reading in readings(schedule, axis.skipped):
        x = axis.x(reading - axis.begin - axis.before)
        yield dot(x, y, "ring")
        if moves:
            assert axis.change in named, "a skipped time runs after the gap"
            yield f'<path class="move" marker-end="url(#tip)" d="{way(x, comes, y)}"/>'
    for reading in readings(schedule, axis.repeated):
        if reading - axis.after not in named:
            yield dot(axis.at(reading - axis.after), y, "ring")
    yield from (dot(axis.at(second), y, "due") for second in named)


def way(x: float, to_x: float, y: float) -> str:
    """From a ring to the mark: straight where they are near, else over what lies between."""
    if to_x - x < LABEL:
        return f"M{x + 6:.6g} {y:.6g}H{to_x - 7:.6g}"
    return f"M{x:.6g} {y - 7:.6g}Q{(x + to_x) / 2:.6g} {y - 23:.6g} {to_x - 4:.6g} {y - 7:.6g}"


# The pictures


def cron(expression: str, timezone: str, **ways: Literal["skip", "both"]) -> Row:
    schedule = Cron(kind="cron", expression=expression, timezone=timezone, **ways)  # type: ignore[arg-type]
    sort = "wild" if schedule.wild else "fixed"
    note = ", ".join([f"cron, {sort}", *(f"{name}: {way}" for name, way in ways.items())])
    return Row(text=expression, note=note, schedule=schedule)


def rows(timezone: str, *ours: Row) -> list[Row]:
    """Some of one zone, then a recurrence rule and elapsed time."""
    hourly = Rrule(kind="rrule", rule="FREQ=HOURLY", start="2027-01-01T00:00:00", timezone=timezone)
    elapsed = Every(kind="every", seconds=HOUR, anchor=at("2027-01-01T00:30"))
    return [
        *ours,
        Row(text="FREQ=HOURLY", note="rrule", schedule=hourly),
        Row(text="3600 seconds", note="every, at half past", schedule=elapsed),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One clock change and several schedules; `ring` says what a dashed mark means there."""

    title: str
    axis: Axis
    rows: list[Row]
    ring: str


def spring() -> Scene:
    name = "Europe/Berlin"
    own = (cron("30 2 * * *", name), cron("30 2 * * *", name, dst_gap="skip"), cron("15,45 2 * * *", name))
    return Scene(
        title="Berlin, 28 March 2027: the clock goes forward from 02:00 to 03:00",
        axis=Axis(name, "2027-03-28T00:00", 3),
        rows=rows(name, *own, cron("*/30 * * * *", name)),
        ring="a time of day that the clock skips",
    )


def autumn() -> Scene:
    name = "Europe/Berlin"
    own = (cron("30 2 * * *", name), cron("30 2 * * *", name, dst_fold="both"), cron("0 2,3 * * *", name))
    return Scene(
        title="Berlin, 31 October 2027: the clock goes back from 03:00 to 02:00",
        axis=Axis(name, "2027-10-30T23:00", 4),
        rows=rows(name, *own, cron("*/30 * * * *", name)),
        ring="the second pass of a time that was due",
    )


def change(scene: Scene) -> str:
    parts, told = panel(scene.axis, scene.title, scene.rows, 0)
    height = HEAD + ROW * len(scene.rows)
    return picture(scene.title, told, [*parts, *legend(height, scene.ring)], height + FOOT)


def odd() -> str:
    """Gaps that are not an hour at two in the morning."""
    title = "Three other gaps"
    scenes = (
        (
            "Lord Howe Island, 3 October 2027: half an hour",
            Axis("Australia/Lord_Howe", "2027-10-02T14:30", 2.5),
            "15 2 * * *",
        ),
        ("Santiago, 5 September 2027: midnight itself", Axis("America/Santiago", "2027-09-05T03:00", 2), "0 0 * * *"),
        (
            "Chatham Islands, 26 September 2027: at a quarter to three",
            Axis("Pacific/Chatham", "2027-09-25T13:00", 2),
            "0 3 * * *",
        ),
    )
    parts: list[str] = []
    told: list[str] = []
    top = 0.0
    for head, axis, expression in scenes:
        more, said = panel(axis, head, [cron(expression, axis.name)], top)
        parts, told = parts + more, told + said
        top += HEAD + ROW
    parts += [line(24, HEAD * step + ROW * step, WIDTH - 24, HEAD * step + ROW * step, "faint") for step in (1, 2)]
    return picture(title, told, [*parts, *legend(top, "a time of day that the clock skips")], top + FOOT)


def legend(y: float, ring: str) -> list[str]:
    middle = y + FOOT / 2
    return [
        line(24, y, WIDTH - 24, y, "faint"),
        dot(LEFT + 6, middle, "due"),
        text(LEFT + 20, middle + 4, "due", "mute"),
        dot(LEFT + 76, middle, "ring"),
        text(LEFT + 90, middle + 4, ring, "mute"),
    ]


DAYS: Final = ("2027-03-27", "2027-03-28", "2027-03-29", "2027-10-30", "2027-10-31", "2027-11-01")


def same_hour() -> str:
    """The same days twice: by the wall clock, and in real time."""
    title = "Every day at nine, and every 24 hours"
    zone_name = "Europe/Berlin"
    place = zone(zone_name)
    calendar = Cron(kind="cron", expression="0 9 * * *", timezone=zone_name)
    elapsed = Every(kind="every", seconds=24 * HOUR, anchor=at("2027-03-27T08:00"))
    columns = (("wall clock in Berlin", 7, 190.0), ("UTC", 6, 506.0))
    wide, step, top = 250.0, 44, 98
    parts = [text(24, 30, f"{title}, from 27 March 2027 on", "head")]
    told = []
    for head, first, left in columns:
        parts.append(text(left + wide / 2, 60, head, "mute", "middle"))
        for hour in range(5):
            x = left + wide * hour / 4
            parts.append(text(x, 82, f"{first + hour:02}:00", "", "middle"))
            parts.append(line(x, 90, x, top + step * len(DAYS), "faint"))
    trails: dict[str, list[str]] = {}
    for index, day in enumerate(DAYS):
        y = top + step * index + step / 2
        begin = seconds(at(day))
        parts.append(text(24, y + 5, f"{at(day):%a %-d %b}"))
        for schedule, kind, low in ((calendar, "path", y - 7), (elapsed, "drift", y + 7)):
            (due,) = dues(schedule, begin, begin + 24 * HOUR - 1)
            told.append(f"{day}: {'0 9 * * *' if kind == 'path' else 'every 24 hours'} is due at {clock(due)} UTC.")
            for number, (_, first, left) in enumerate(columns):
                shown = due if number else place.reading(due)
                x = left + wide * (shown % (24 * HOUR) - first * HOUR) / (4 * HOUR)
                key = f"{kind} {number} {index // 3}"
                trails.setdefault(key, []).append(f"{x:.6g} {low:.6g}")
                parts.append(dot(x, low, "due") if kind == "path" else diamond(x, low))
    lines = [f'<path class="{key.split()[0]}" d="M{"L".join(points)}"/>' for key, points in trails.items()]
    height = top + step * len(DAYS) + 12
    middle = height + FOOT / 2
    below = [
        line(24, top + step * 3, WIDTH - 24, top + step * 3, "faint"),
        line(24, height, WIDTH - 24, height, "faint"),
        dot(196, middle, "due"),
        text(210, middle + 4, "cron 0 9 * * *, Europe/Berlin", "mute"),
        diamond(446, middle),
        text(460, middle + 4, "every 86400 seconds", "mute"),
    ]
    return picture(title, told, [*below, *lines, *parts], height + FOOT)


def pictures() -> dict[str, str]:
    """File name → text."""
    return {
        "gap.svg": change(spring()),
        "fold.svg": change(autumn()),
        "same-hour.svg": same_hour(),
        "odd-gaps.svg": odd(),
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, drawn in pictures().items():
        FOLDER.joinpath(name).write_text(drawn, "utf-8")
