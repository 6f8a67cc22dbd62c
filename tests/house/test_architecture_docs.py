"""ARCHITECTURE.md names every folder, every port and every part that there is, and no other."""

import re
from fnmatch import fnmatch

from tests.house.paths import PACKAGE, ROOT

TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
FOLDER = re.compile(r"^\| `src/horarium/(\w+)` \| (.*) \|$", re.MULTILINE)
FOLDERS = dict(FOLDER.findall(TEXT))


def listed(folder: str) -> set[str]:
    """The words after the colon in a folder's row."""
    return set(FOLDERS[folder].partition(": ")[2].split(", "))


def test_every_folder_has_a_row() -> None:
    assert set(FOLDERS) == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_the_figure_names_every_folder_and_module() -> None:
    figure = TEXT[TEXT.index("```text\n┌") : TEXT.index("┘\n```")]
    named = set(re.findall(r"[a-z_]{3,}", figure.replace("__main__", "main")))
    modules = {path.stem for path in PACKAGE.glob("[a-z]*.py")} | {
        path.parent.name for path in PACKAGE.glob("*/__init__.py")
    }
    assert modules - named == set()


def test_the_ports_are_named() -> None:
    assert listed("ports") == {path.stem for path in PACKAGE.joinpath("ports").glob("[a-z]*.py")}


def test_the_parts_of_the_engine_are_named() -> None:
    source = PACKAGE.joinpath("engine", "engine.py").read_text("utf-8")
    made = source[source.index("def _parts") :].partition("\n    async def ")[0]
    driven = re.findall(r'"(\w+)"\s*(?::|\])', made)
    assert listed("engine") == set(driven)


def test_every_module_of_the_schedules_stands_in_one_row() -> None:
    folder = PACKAGE / "core" / "schedule"
    table = TEXT[TEXT.index("| modules | hold |") :].partition("\n\n")[0]
    patterns = [name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
    modules = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("[a-z]*.py")}
    assert {
        name: [one for one in patterns if fnmatch(name, one)] for name in modules if not named_once(name, patterns)
    } == {}
    assert [one for one in patterns if not any(fnmatch(name, one) for name in modules)] == []


def named_once(name: str, patterns: list[str]) -> bool:
    return sum(fnmatch(name, one) for one in patterns) == 1
