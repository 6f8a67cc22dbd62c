"""The lock files: complete, hashed, in agreement with pyproject.toml and each other, and tied to no registry or machine."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.paths import ROOT

LOCKS = ROOT / "requirements"
PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(PINNED.findall((LOCKS / f"{lock}.txt").read_text("utf-8")))


def wanted(lock: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    lines = project["project"]["dependencies"] if lock in ("runtime", "test") else []
    for entry in groups.get(lock, []):
        lines = [*lines, *(groups[entry["include-group"]] if isinstance(entry, dict) else [entry])]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", ["runtime", "test", "build", "tools"])
def test_a_lock_satisfies_the_project(lock: str) -> None:
    pinned = pins(lock)
    for requirement in wanted(lock):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement


@pytest.mark.parametrize("lock", ["runtime", "build"])
def test_one_environment_can_hold_both_locks(lock: str) -> None:
    assert pins(lock).items() <= pins("test").items()


@pytest.mark.parametrize("path", sorted(LOCKS.glob("*.txt")), ids=lambda path: path.name)
def test_every_entry_has_hashes_and_nothing_names_a_place(path: Path) -> None:
    text = path.read_text("utf-8")
    entries = re.split(r"\n(?=[a-z])", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"^\s*--(?!hash).*|\S+://\S+|\bfile:\S*| @ \S+", text, re.MULTILINE) == []
