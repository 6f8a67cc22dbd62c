"""What a preview prints, line by line."""

from typing import Any

from horarium.cli.preview_lines import change_lines, due_lines, preview_lines, relative

NOW = "2027-03-28T00:00:00.000Z"
ZONE = "Europe/Berlin"


def note(kind: str, at: str | None, text: str = "said") -> dict[str, Any]:
    return {"kind": kind, "at": at, "text": text}


def changes(**more: Any) -> dict[str, Any]:
    through = "2027-04-27T21:59:59.999Z"
    return {"added": [], "removed": [], "moved": [], "through": through, "truncated": False, **more}


def test_instants_stand_in_columns_with_their_marks() -> None:
    dues = ["2027-03-28T01:00:00.000Z", "2027-03-29T00:30:30.000Z"]
    notes = [note("moved", dues[0]), note("excluded", dues[1]), note("tight", dues[0]), note("ends", None)]
    assert due_lines(dues, notes, ZONE, NOW) == [
        "  Sun 2027-03-28 03:00+02:00     in 1 h  moved  tight",
        "  Mon 2027-03-29 02:30:30+02:00  in 24 h 30 min",
    ]


def test_nothing_due_says_so() -> None:
    assert preview_lines({"due": [], "notes": []}, ZONE, NOW, ["own"]) == ["  nothing is due (again)", "note  own"]


def test_relative_both_ways_and_now() -> None:
    assert relative("2027-03-27T23:00:00.000Z", NOW) == "1 h ago"
    assert relative("2027-03-28T00:00:00.999Z", NOW) == "now"
    assert relative("2027-03-28T00:00:01.000Z", NOW) == "in 1 s"


def test_changes_are_counted_and_the_first_five_shown() -> None:
    added = [f"2027-03-{day}T12:00:00.000Z" for day in range(20, 27)]
    moved = [{"from": "2027-03-28T01:00:00.000Z", "to": "2027-03-28T01:30:00.000Z"}]
    answer = {"changes": changes(added=added, moved=moved), "waiting": [{"text": "The run goes on\x1b waiting."}]}
    assert change_lines(answer, ZONE) == [
        "edit  compared until Tue 2027-04-27 23:59:59.999+02:00:",
        "  adds 7",
        "    Sat 2027-03-20 13:00+01:00",
        "    Sun 2027-03-21 13:00+01:00",
        "    Mon 2027-03-22 13:00+01:00",
        "    Tue 2027-03-23 13:00+01:00",
        "    Wed 2027-03-24 13:00+01:00",
        "    … and 2 more",
        "  moves 1",
        "    Sun 2027-03-28 03:00+02:00 to Sun 2027-03-28 03:30+02:00",
        "run   The run goes on\\x1b waiting.",
    ]


def test_no_change_is_said_as_well() -> None:
    answer = {"changes": changes(truncated=True)}
    assert change_lines(answer, ZONE) == [
        "edit  changes nothing that is due until Tue 2027-04-27 23:59:59.999+02:00, no further"
    ]
    assert change_lines({"due": []}, ZONE) == []
