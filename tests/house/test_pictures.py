"""The pictures in the documents are what the schedules say, drawn anew here; and everybody can see or hear them."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from horarium.control.clock_notes import clock_marks
from scripts.clock_axis import instant, words
from scripts.draw_clock_changes import FOLDER, autumn, pictures, spring
from tests.house.paths import ROOT, documents

BYTES_MAX = 30_000
DRAWN = pictures()
SVG = "{http://www.w3.org/2000/svg}"


def test_every_picture_is_drawn_by_the_script() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_what_the_schedules_say_today(name: str) -> None:
    kept = FOLDER.joinpath(name).read_bytes()
    assert kept == DRAWN[name].encode(), "draw it again: .venv/bin/python -m scripts.draw_clock_changes"
    assert len(kept) <= BYTES_MAX


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_stands_alone_and_can_be_read_out(name: str) -> None:
    root = ElementTree.fromstring(DRAWN[name])
    assert root.get("role") == "img"
    labels = [root.find(f".//*[@id='{label}']") for label in (root.get("aria-labelledby") or "").split()]
    assert [label is not None and bool(label.text) for label in labels] == [True, True]
    assert "prefers-color-scheme:dark" in DRAWN[name]
    assert "href" not in DRAWN[name]
    assert "url(" not in DRAWN[name].replace("url(#", "")


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_shown_with_words(name: str) -> None:
    texts = "\n".join(page.read_text("utf-8") for page in documents())
    assert re.search(rf"!\[[^\]]{{20,}}\]\(pictures/{name}\)", texts)


def test_the_marks_are_where_the_hands_of_a_clock_put_them() -> None:
    """By hand: Berlin is an hour ahead of UTC in winter, two in summer; the change is at 01:00 UTC on both days."""
    gap = dots("gap.svg")
    assert [gap[row] for row in range(6)] == [
        ["03:00"],
        [],
        ["03:00"],
        ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30", "05:00"],
        ["01:00", "03:00", "04:00", "05:00"],
        ["01:30", "03:30", "04:30"],
    ]
    # Across the fold the scale is real time, so that 01:00 is 23:00 UTC and the second 02:30 stands at "03:30".
    fold = dots("fold.svg")
    assert [fold[row] for row in range(6)] == [
        ["02:30"],
        ["02:30", "03:30"],
        ["02:00", "04:00"],
        ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "04:30", "05:00"],
        ["01:00", "02:00", "04:00", "05:00"],
        ["01:30", "02:30", "03:30", "04:30"],
    ]


NOTES = {
    "moved to 03:00": "moved to the first instant after the gap.",
    "merged at 03:00": "merged into the first instant after the gap.",
    "left out": "left out.",
    "first pass only": "due on the first pass only.",
    "both passes": "due on both passes.",
    "elapsed time": "",
}


def test_the_words_beside_the_marks_are_those_of_the_preview() -> None:
    for scene in (spring(), autumn()):
        for row in scene.rows:
            said = words(scene.axis, row.schedule)
            notes = [
                note.text for note in clock_marks(row.schedule, instant(scene.axis.begin), instant(scene.axis.end))
            ]
            if said == "follows real time":
                # Nothing to say of what the clock skips; what it repeats is due both times.
                assert all(note.endswith("due on both passes.") for note in notes)
            else:
                assert [note.rpartition(": ")[2] for note in notes] == [NOTES[said]] * bool(NOTES[said])


def dots(name: str) -> dict[int, list[str]]:
    """Row → where on a scale from 01:00 to 05:00 its full marks stand, read off the picture. The last mark is the legend's."""
    found: dict[int, list[str]] = {row: [] for row in range(6)}
    circles = [one for one in ElementTree.parse(FOLDER / name).iter(f"{SVG}circle") if one.get("class") == "due"]
    for circle in circles[:-1]:
        x, y = float(circle.get("cx") or 0), float(circle.get("cy") or 0)
        along = timedelta(hours=4) * ((x - 186) / (628 - 186))
        reading = datetime(2027, 1, 1, 1, tzinfo=UTC) + timedelta(minutes=round(along / timedelta(minutes=1)))
        found[round((y - 141) / 50)].append(f"{reading:%H:%M}")
    return found


def test_the_page_is_named_in_the_index() -> None:
    assert "(clock-changes.md)" in ROOT.joinpath("docs", "explanation", "README.md").read_text("utf-8")
