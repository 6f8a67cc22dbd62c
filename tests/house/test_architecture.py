"""ARCHITECTURE.md opens with a table from the names of the first sketch to our files, and the table tells the truth."""

import re

from tests.house.paths import ROOT

SKETCH = {"taskController", "taskScheduler", "taskRoutes", "TaskModal", "TaskList", "TaskLog", "TaskContext"}
ROW = re.compile(r"^\| `(?P<name>\w+)` \|[^|]*\| `(?P<path>[^`]+)` \| (?P<state>built|not yet built) \|$", re.MULTILINE)


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8"))


def test_the_document_opens_with_the_table() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert text.index("| `taskController` |") < text.index("\n## ")


def test_every_name_of_the_sketch_has_a_row() -> None:
    assert {name for name, _, _ in rows()} == SKETCH


def test_what_is_called_built_exists_and_what_exists_is_called_built() -> None:
    wrong = [
        f"{path} is called {state}" for _, path, state in rows() if (ROOT / path).exists() is not (state == "built")
    ]
    assert wrong == [], "change the last column of the table in ARCHITECTURE.md"
