"""Pages as tests read them: sections, tables, words set as code."""

import re

from tests.house.paths import ROOT

CELLS = re.compile(r"(?<!\\)\|")


def section(page: str, heading: str) -> str:
    """The text below a heading, up to the next heading of any level."""
    text = (ROOT / "docs" / "reference" / page).read_text("utf-8")
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no heading {heading!r}"
    return found[1]


def rows(text: str, first: str) -> list[list[str]]:
    """The cells of the table whose first heading is `first`; several of them follow each other."""
    found: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in CELLS.split(line)[1:-1]] if line.startswith("|") else []
        if cells and cells[0] == first:
            inside = True
        elif not cells:
            inside = False
        elif inside and not cells[0].startswith("---"):
            found.append(cells)
    assert found, f"no table {first!r}"
    return found


def code(cell: str) -> str:
    return cell.strip("`")
