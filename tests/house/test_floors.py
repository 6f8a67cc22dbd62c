"""What the import contracts cannot say: the core stands on the standard library, and nothing imports in a circle."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.paths import PACKAGE, modules

# The zone database in files, the one outside fact that a schedule depends on, and the parser of phrases, which is pure.
CORE_MAY_ALSO = {"lark", "tzdata"}
CORE_MAY_NOT = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "select",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "threading",
    "time",
}


def test_the_core_imports_only_pure_parts_of_the_standard_library() -> None:
    allowed = (sys.stdlib_module_names | CORE_MAY_ALSO | {"horarium"}) - CORE_MAY_NOT
    found = [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in modules()
        if path.is_relative_to(PACKAGE / "core")
        for name in _imports(path, everywhere=True)
        if name.partition(".")[0] not in allowed
    ]
    assert found == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = {_name(path): path for path in modules()}
    graph = {name: _edges(path, known) - {name} for name, path in known.items()}
    _assert_no_circle(graph)


def test_a_planted_circle_is_found() -> None:
    with pytest.raises(AssertionError, match=r"circle: (a -> b -> a|b -> a -> b)"):
        _assert_no_circle({"a": {"b"}, "b": {"a"}})


def test_importing_horarium_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import horarium; print(*sorted(set(sys.modules) - before))"
    answer = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["horarium"]


def _assert_no_circle(graph: dict[str, set[str]]) -> None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise AssertionError(f"modules import each other in a circle: {circle}") from error


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _edges(path: Path, known: dict[str, Path]) -> set[str]:
    """Modules that importing `path` imports; `from package import module` counts as the module."""
    return {name for name in _imports(path, everywhere=False) if name in known}


def _imports(path: Path, *, everywhere: bool) -> set[str]:
    """Dotted names that a module imports: at once, or `everywhere`, which includes functions and TYPE_CHECKING blocks."""
    tree = ast.parse(path.read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree) if everywhere else tree.body:
        match node:
            case ast.Import(names=aliases):
                found |= {alias.name for alias in aliases}
            case ast.ImportFrom(module=str(module), names=aliases):
                found |= {module} if everywhere else _targets(module, [alias.name for alias in aliases])
    return found


def _targets(module: str, names: list[str]) -> set[str]:
    folder = PACKAGE.parent.joinpath(*module.split("."))
    inner = {name for name in names if (folder / f"{name}.py").exists() or (folder / name).is_dir()}
    return {f"{module}.{name}" for name in inner} | ({module} if set(names) - inner else set())
