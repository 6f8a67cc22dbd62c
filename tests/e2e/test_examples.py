"""What the pages tell people to type is typed here, against a real server, and prints what the pages show.

A block is typed when `<!-- run -->` stands above it: once, to the exit status of 0 or of `<!-- run: exit 1 -->`, or with
`<!-- run until it prints -->` again and again. `<!-- prints -->` above a block that follows says what must be printed, line
by line in this order, with other lines between them; `…` stands for anything.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests import needs
from tests.house.paths import ROOT, documents
from tests.server import Server, eventually

BLOCK = re.compile(r"^<!-- (run|prints)(?::? ([^>]*?))? -->\n```(?:sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WAYS = ("", "exit 1", "exit 4", "exit 5", "until it prints")
SECONDS_MAX = 60


@dataclass(frozen=True)
class Example:
    typed: str
    how: str
    printed: str = ""


def examples(page: Path) -> list[Example]:
    text = page.read_text("utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("<!-- run") + text.count("<!-- prints"), f"a block of {page} is not read"
    found: list[Example] = []
    for kind, how, body in blocks:
        if kind == "run":
            assert how in WAYS, how
            found.append(Example(typed=body, how=how))
        else:
            assert not found[-1].printed, f"two outputs of one block in {page}"
            found[-1] = replace(found[-1], printed=body)
    return found


PAGES = {page.relative_to(ROOT).as_posix(): page for page in documents() if "<!-- run" in page.read_text("utf-8")}


class Shell:
    """One person's terminal: what is exported and the present folder stay from block to block."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.kept = folder / "kept.sh"
        folder.joinpath(".venv").symlink_to(sys.prefix)
        folder.joinpath(".data").symlink_to(server.data_dir)
        here = {**server.environment, "PATH": f"{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}"}
        self.environment = here
        self.kept.write_text("")

    def typed(self, text: str) -> subprocess.CompletedProcess[str]:
        here = text.replace("127.0.0.1:8787", f"127.0.0.1:{self.server.port}")
        script = f". {self.kept}\nset -eu\n{here}\nexport -p > {self.kept}\n"
        return subprocess.run(
            ["/bin/sh", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )


def missing(printed: str, output: str) -> str | None:
    """The first line of the page that the output does not hold where it should."""
    lines = iter(line.rstrip() for line in output.splitlines())
    for wanted in filter(None, printed.splitlines()):
        pattern = re.compile(".*".join(map(re.escape, wanted.rstrip().split("…"))))
        if not any(pattern.fullmatch(line) for line in lines):
            return wanted
    return None


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_tells_to_type_does_what_it_shows(name: str, tmp_path: Path) -> None:
    needs.program("curl", "apt-get install curl")
    shelf = tmp_path / "home" / "functions"
    with Server(tmp_path, environment={"PYTHONPATH": str(shelf)}) as server:
        desk = tmp_path / "desk"
        desk.mkdir()
        shell = Shell(server, desk)
        for example in examples(PAGES[name]):
            type_it(shell, example)


def type_it(shell: Shell, example: Example) -> None:
    wanted = int(example.how.removeprefix("exit ")) if example.how.startswith("exit") else 0

    def lacks() -> str | None:
        said = shell.typed(example.typed)
        if said.returncode != wanted:
            return f"{example.typed}ended with {said.returncode}:\n{said.stdout}"
        line = missing(example.printed, said.stdout)
        return None if line is None else f"{example.typed}does not print {line!r}:\n{said.stdout}"

    lacking = lacks()
    end = time.monotonic() + (SECONDS_MAX if example.how == "until it prints" else 0)
    while lacking is not None and time.monotonic() < end:
        time.sleep(0.5)
        lacking = lacks()
    assert lacking is None, lacking


def test_the_reader_of_examples_notices_what_is_not_printed() -> None:
    assert missing("one\n…three\n", "one\ntwo\nthirty-three\n") is None
    assert missing("one\nfour\n", "one\ntwo\n") == "four"
    assert missing("two\none\n", "one\ntwo\n") == "one"


def test_a_restored_copy_serves_the_same_books(tmp_path: Path) -> None:
    """docs/how-to/back-up.md, with the server that is started on the copy."""
    copy = tmp_path / "copy.db"
    body = {
        "name": "kept",
        "schedule": {"kind": "every", "seconds": 1},
        "action": {"kind": "log", "message": "written before the copy"},
    }
    with Server(tmp_path / "old") as old:
        task = old.ask("POST", "/tasks", body)
        eventually(lambda: old.ask("GET", f"/tasks/{task['id']}")["books"]["runs"] >= 2)
        old.ask("POST", f"/tasks/{task['id']}/pause", {})
        eventually(lambda: old.ask("GET", "/stats")["runs"] == {"waiting": 0, "running": 0})
        before = old.ask("GET", f"/tasks/{task['id']}")["books"]
        runs = old.all(f"/runs?task_id={task['id']}")
        old.run("db", "backup", str(copy), "--data-dir", str(old.data_dir))
    new = Server(tmp_path / "new", "--roles", "api")
    new.data_dir.mkdir(mode=0o700)
    shutil.copy(copy, new.data_dir / "horarium.db")
    shutil.copy(f"{copy}.output", new.data_dir / "output.db")
    with new:
        assert new.ask("GET", f"/tasks/{task['id']}")["books"] == before
        assert new.all(f"/runs?task_id={task['id']}") == runs
        assert new.run("logs", "kept").stdout == "written before the copy\n"
