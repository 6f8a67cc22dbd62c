"""Shapes that contain themselves are given to the document once as they are read and once as they are written, though both
are the same: told apart only by the names of what they refer to. Here each such pair becomes one again."""

from collections.abc import Callable
from typing import Any, Final

READ: Final = "-Input"
WRITTEN: Final = "-Output"
ROUNDS_MAX: Final = 1_000


def same_shapes(components: dict[str, Any]) -> frozenset[str]:
    """The names, without their endings, of the shapes that are written as they are read."""
    names = {name.removesuffix(READ) for name in components if name.endswith(READ)}
    same = frozenset(name for name in names if name + WRITTEN in components and name not in components)
    for _ in range(ROUNDS_MAX):  # each round but the last takes one name away at least
        one = renaming(same)
        kept = frozenset(
            name for name in same if renamed(components[name + READ], one) == renamed(components[name + WRITTEN], one)
        )
        if kept == same:
            return same
        same = kept
    raise AssertionError("there are not so many shapes")


def renaming(same: frozenset[str]) -> Callable[[str], str]:
    """From the name of a shape, or a reference that ends with it, to the one name it has."""

    def rename(text: str) -> str:
        for ending in (READ, WRITTEN):
            if text.endswith(ending) and text.removesuffix(ending).rpartition("/")[2] in same:
                return text.removesuffix(ending)
        return text

    return rename


def renamed(schema: Any, rename: Callable[[str], str]) -> Any:
    """The same schema with every reference renamed."""
    if isinstance(schema, dict):
        return {name: renamed(part, rename) for name, part in schema.items()}
    if isinstance(schema, list):
        return [renamed(part, rename) for part in schema]
    return rename(schema) if isinstance(schema, str) and schema.startswith("#/") else schema
