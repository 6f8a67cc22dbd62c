"""Hostile names and outputs cannot act on the terminal they are printed to."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from horarium.cli.terminal import OutputFilter, printable, shortened, table, width
from tests.sizes import size

SGR = re.compile(r"\x1b\[[0-9;:]*m")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("backup", "backup"),
        ("nächtlich ✓ 備份", "nächtlich ✓ 備份"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\x1b]8;;http://evil\x07b", "a\\x1b]8;;http://evil\\x07b"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x9b2J", "\\x9b2J"),
        ("abc\u202etxt.exe", "abc\\u202etxt.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("a\u200bb", "a\\u200bb"),
        ("a\u2028b", "a\\u2028b"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("👩\u200d🔧", "👩\u200d🔧"),
    ],
)
def test_names_are_shown_with_their_controls_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_whatever_is_printable_stays_on_its_line(text: str) -> None:
    made = printable(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in made)
    assert printable(made) == made


def test_tables_are_aligned_and_clean() -> None:
    made = table(("name", "state"), [("備份", "active"), ("evil\x1b[2J", "paused")])
    assert made.splitlines() == ["name         state", "備份         active", "evil\\x1b[2J  paused"]
    assert width("備份") == 4


def test_long_names_are_shortened_to_their_columns() -> None:
    assert shortened("backup", 6) == "backup"
    assert shortened("backups", 6) == "backu…"
    assert width(shortened("備" * 10, 7)) <= 7


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("plain\n", "plain\n"),
        ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        ("\x1b[38;2;1;2;3mx", "\x1b[38;2;1;2;3mx"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x1b[?1049hx", "x"),
        ("\x1b[>4;1mx", "x"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP+q544e\x1b\\x", "x"),
        ("\x1b_G..\x1b\\x", "x"),
        ("\x1b(0x", "x"),
        ("\x1bcx", "x"),
        ("a\x08b\x07\x00\x7fc", "abc"),
        ("\x9b2Jx\x9d0;t\x9c", "2Jx0;t"),
        ("50%\r100%\r\ndone\n", "50%\n100%\ndone\n"),
        ("a\tb", "a\tb"),
        ("abc\u202ed", "abc\\u202ed"),
        ("\x1b[999999999999999999999999999999999999999999999999999999999999999999999mx", "x"),
        ("\x1b\x1b[31mx", "\x1b[31mx"),
    ],
)
def test_output_keeps_text_and_colour_only(output: str, shown: str) -> None:
    assert OutputFilter().feed(output) == shown
    by_character = OutputFilter()
    assert "".join(by_character.feed(c) for c in output) == shown


PIECES = st.sampled_from(
    ["\x1b", "[", "]", "31m", "2J", "\x07", "\\", ";", "a", "\r", "\n", "\x9b", "P", "?", "é", "\u202e", "0"]
)


@settings(max_examples=size(200, 20_000))
@given(st.lists(st.lists(PIECES, max_size=8).map("".join), max_size=8))
def test_however_output_is_cut_nothing_but_colour_passes(pieces: list[str]) -> None:
    cut = OutputFilter()
    made = "".join(cut.feed(piece) for piece in pieces)
    assert made == OutputFilter().feed("".join(pieces))
    left = SGR.sub("", made)
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf") for c in left)


def test_a_string_that_never_ends_swallows_no_memory() -> None:
    cut = OutputFilter()
    cut.feed("\x1b]0;")
    for _ in range(1_000):
        assert cut.feed("x" * 10_000) == ""
    assert len(cut._kept) <= 1
    assert cut.feed("\x07after") == "after"
