"""The guardian's pure parts: where a program is found, and who descends from whom."""

import signal
from pathlib import Path

import pytest

from horarium.actions import guardian
from horarium.actions.guardian import Entry, find_program, living_groups, with_descendants


def program(path: Path, *, mode: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def test_the_first_that_can_be_run_is_found(tmp_path: Path) -> None:
    program(tmp_path / "a" / "tool", mode=0o644)
    (tmp_path / "b" / "tool").mkdir(parents=True)
    there = program(tmp_path / "c" / "tool", mode=0o755)
    path = ":".join(str(tmp_path / name) for name in "abc").encode()
    assert find_program(b"tool", {b"PATH": path}) == bytes(there)


def test_a_name_with_a_slash_is_not_looked_up() -> None:
    assert find_program(b"./tool", {b"PATH": b"/bin"}) == b"./tool"


def test_a_miss_and_a_refusal_differ(tmp_path: Path) -> None:
    program(tmp_path / "a" / "tool", mode=0o644)
    with pytest.raises(PermissionError):
        find_program(b"tool", {b"PATH": bytes(tmp_path / "a")})
    with pytest.raises(FileNotFoundError):
        find_program(b"tool", {b"PATH": bytes(tmp_path)})


def test_descendants_and_their_groups() -> None:
    #  1 ── 2 ── 3 (zombie, group 3)
    #       └─── 4 (group 4)      5 is nobody's
    table = {
        1: Entry(b"S", b"0", b"1", b"1"),
        2: Entry(b"S", b"1", b"2", b"2"),
        3: Entry(b"Z", b"2", b"3", b"2"),
        4: Entry(b"R", b"2", b"4", b"4"),
        5: Entry(b"S", b"0", b"5", b"5"),
    }
    table[1].children, table[2].children = [2], [3, 4]
    assert with_descendants({2}, table) == {2, 3, 4}
    assert living_groups(with_descendants({2}, table), table) == {2, 4}


def test_its_numbers_agree() -> None:
    assert guardian.process_table()[1].parent == 0
    assert guardian.signal_group(2**22 + 1, signal.SIGTERM) is False
    assert guardian.marks_of(1) is not None
