"""Finds every use of a dotted name in a module's source, under whatever alias it was imported."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeGuard


class Use(NamedTuple):
    line: int
    name: str


def uses(source: str) -> list[Use]:
    """Each expression that reaches something imported, as the full dotted name of what it reaches."""
    tree = ast.parse(source)
    names = imported(tree)
    found = {Use(node.lineno, name) for node, name in _reached(tree, names)}
    found |= {Use(node.lineno, f"{node.module}.*") for node in ast.walk(tree) if _is_star(node)}
    return sorted(found)


def imported(tree: ast.AST) -> dict[str, str]:
    """What each imported or re-assigned name stands for, wherever in the module that happens."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    top = alias.name.partition(".")[0]
                    names[alias.asname or top] = alias.name if alias.asname else top
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                for alias in aliases:
                    names[alias.asname or alias.name] = f"{module}.{alias.name}"
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ):
                if (name := _dotted(value, names)) is not None:
                    names.setdefault(target, name)
    return names


def _is_star(node: ast.AST) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)


def _reached(tree: ast.AST, names: Mapping[str, str]) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name | ast.Call) and (name := _dotted(node, names)) is not None:
            yield node, name


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str | None:
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=value, attr=attr):
            owner = _dotted(value, names)
            return None if owner is None else f"{owner}.{attr}"
        case ast.Call(
            func=ast.Name(id="__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return name
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(attr)), *_]):
            owner = _dotted(value, names)
            return None if owner is None else f"{owner}.{attr}"
        case _:
            return None
