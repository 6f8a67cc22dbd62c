"""What may be printed to a terminal: text that cannot move its cursor, hide itself or reverse its order; tables; JSON."""

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import click

ZERO_WIDTH_JOINER = "\u200d"
STRING_MAX = 4_096

_HARMLESS = re.compile(r"[ -~]*")


def printable(text: str) -> str:
    """`text` on one line with every control, direction and invisible character shown as its escape."""
    if _HARMLESS.fullmatch(text):
        return text
    return "".join(c if _is_harmless(c) else _escaped(c) for c in text)


def _is_harmless(c: str) -> bool:
    return c == ZERO_WIDTH_JOINER or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escaped(c: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    number = ord(c)
    return known.get(c) or (
        f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"
    )


def width(text: str) -> int:
    """Columns that `text` takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    marks = sum(unicodedata.combining(c) != 0 or c == ZERO_WIDTH_JOINER for c in text)
    return len(text) + wide - marks


def shortened(text: str, most: int) -> str:
    """`text` in at most `most` columns."""
    if width(text) <= most:
        return text
    while text and width(text) > most - 1:
        text = text[:-1]
    return text + "…"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned with two spaces between them; cells are made printable, the last column is not padded."""
    cells = [tuple(head), *(tuple(printable(cell) for cell in row) for row in rows)]
    widths = [max(width(row[i]) for row in cells) for i in range(len(head))]
    lines = ["  ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)).rstrip() for row in cells]
    return "\n".join(lines)


def print_json(value: Any) -> None:
    """All but ASCII is escaped, so that no name can act on the terminal."""
    click.echo(json.dumps(value, indent=2))


_CSI_SGR = re.compile(r"\x1b\[[0-9;:]{0,64}m")
_CSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_OPEN = re.compile(r"\x1b(?:\[[0-?]*)?[ -/]*\Z")
_STRING = re.compile(r"\x1b[\]PX^_]")
_STRING_END = re.compile(r"\x07|\x1b\\|\x9c")
_ESCAPE = re.compile(r"\x1b[ -/]*[0-~]")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f-\x9f]+")


class OutputFilter:
    """Passes text and colours (SGR); drops every other control, also one that is cut in two by the end of a piece."""

    def __init__(self) -> None:
        self._kept = ""
        self._in_string = False
        self._after_return = False
        self.coloured = False

    def feed(self, piece: str) -> str:
        text, self._kept = self._kept + piece, ""
        made: list[str] = []
        at = 0
        while at < len(text):
            if self._in_string:
                at = self._skip_string(text, at)
            elif text[at] == "\x1b":
                at = self._escape(text, at, made)
            else:
                at = self._text(text, at, made)
        return "".join(made)

    def _skip_string(self, text: str, at: int) -> int:
        found = _STRING_END.search(text, at)
        if found is None:
            self._kept = "\x1b" if text.endswith("\x1b") else ""
            return len(text)
        self._in_string = False
        return found.end()

    def _escape(self, text: str, at: int, made: list[str]) -> int:
        colour = _CSI_SGR.match(text, at)
        if colour is not None:
            made.append(colour.group())
            self.coloured = True
            return colour.end()
        if _STRING.match(text, at):
            self._in_string = True
            return at + 2
        if _OPEN.match(text, at) and len(text) - at < STRING_MAX:
            self._kept = text[at:]
            return len(text)
        other = _CSI.match(text, at) or _ESCAPE.match(text, at)
        return other.end() if other is not None else at + 1

    def _text(self, text: str, at: int, made: list[str]) -> int:
        c = text[at]
        plain = _PLAIN.match(text, at)
        if plain is not None:
            made.append("".join(c if c.isascii() or _is_harmless(c) else _escaped(c) for c in plain.group()))
        elif c == "\r" or (c == "\n" and not self._after_return):
            made.append("\n")
        elif c == "\t":
            made.append("\t")
        self._after_return = c == "\r"
        return at + 1 if plain is None else plain.end()
