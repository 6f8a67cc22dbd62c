"""Documents say only what is so: links resolve, commands exist, promised tests exist."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from tests.house.paths import ROOT, documents

LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
COMMAND = re.compile(r"(?:^|[\s(/])horarium((?: [a-z][a-z-]*)+)", re.MULTILINE)
TARGET = re.compile(r"(?:^|\s)make ([a-z0-9-]+)", re.MULTILINE)
PROVEN_BY = re.compile(r"`(tests/[\w/]+\.py)`")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code(text: str) -> list[str]:
    """What a page shows as code: shell blocks and spans between backticks."""
    blocks = [body for language, body in FENCE.findall(text) if language in ("sh", "bash", "console", "")]
    return blocks + SPAN.findall(FENCE.sub("", text))


@pytest.mark.parametrize("page", documents(), ids=relative)
def test_relative_links_resolve(page: Path) -> None:
    text = FENCE.sub("", page.read_text("utf-8"))
    broken = []
    for target, anchor in LINK.findall(text):
        goal = (page.parent / target) if target else page
        if not goal.exists():
            broken.append(target)
        elif anchor and goal.suffix == ".md" and anchor[1:] not in anchors(goal.read_text("utf-8")):
            broken.append(target + anchor)
    assert broken == []


def anchors(text: str) -> set[str]:
    """The names that headings get on the usual code hosts."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", documents(), ids=relative)
def test_commands_named_in_documents_exist(page: Path) -> None:
    main = importlib.import_module("horarium.cli").main  # only now: the command line brings its libraries with it

    text = page.read_text("utf-8")
    named = {words for piece in code(text) for words in COMMAND.findall(piece)}
    assert [words.strip() for words in sorted(named) if not exists(main, words.split())] == []


def exists(command: Any, words: list[str]) -> bool:
    """Whether the words lead to a command; what follows a command that has no subcommands is its arguments."""
    import click

    for word in words:
        if not isinstance(command, click.Group):
            return True
        found = command.get_command(click.Context(command), word)
        if found is None:
            return False
        command = found
    return True


@pytest.mark.parametrize("page", documents(), ids=relative)
def test_make_targets_named_in_documents_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    named = {target for piece in code(page.read_text("utf-8")) for target in TARGET.findall(piece)}
    assert named - targets == set()


def test_every_target_is_one_script() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE):
        recipe = re.search(rf"^{target}:\n\t@sh scripts/{target}\.sh( \$\(ARGS\))?\n", makefile, re.MULTILINE)
        assert recipe, f"{target} is not one line calling scripts/{target}.sh"
        assert (ROOT / "scripts" / f"{target}.sh").exists()


def test_what_the_roadmap_calls_working_names_a_test_that_exists() -> None:
    text = (ROOT / "ROADMAP.md").read_text("utf-8")
    works = text[text.index("## Works") : text.index("## Next")]
    rows = [line for line in works.splitlines() if line.startswith("| ")][1:]
    assert rows != []
    for row in rows:
        proofs = PROVEN_BY.findall(row)
        assert proofs != [], f"no proving test named: {row}"
        assert [proof for proof in proofs if not (ROOT / proof).exists()] == []
