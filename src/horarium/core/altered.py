"""Copies of frozen values with some members changed, for the hot path: a quarter of the price of `dataclasses.replace`.

The copy's members are put into its `__dict__` at once, without `__init__`: so only for classes without slots and without
`__post_init__`. Runs, cursors and what else is made thousands of times a second leave `slots` out for this.
"""

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")

_put = object.__setattr__


def altered(value: T, **changes: Any) -> T:
    """`value` with `changes`. Raises TypeError for a member that does not exist."""
    cls: Any = value.__class__
    known = _members(cls)
    if not known.issuperset(changes):
        raise TypeError(f"{cls.__name__} has no {', '.join(sorted(changes.keys() - known))}")
    new: T = object.__new__(cls)
    _put(new, "__dict__", {**value.__dict__, **changes})
    return new


def made(cls: Callable[..., T], members: dict[str, Any]) -> T:
    """A new value, members left out taking their defaults. Raises TypeError for one that is missing or does not exist."""
    whose: Any = cls
    whole = {**_defaults(whose), **members}
    if len(whole) != len(_members(whose)):
        raise TypeError(f"{whose.__name__} has other members: {sorted(whole.keys() ^ _members(whose))}")
    new: T = object.__new__(whose)
    _put(new, "__dict__", whole)
    return new


@cache
def _members(cls: Any) -> frozenset[str]:
    assert not hasattr(cls, "__post_init__"), f"{cls.__name__} checks its members; use dataclasses.replace"
    assert not hasattr(cls, "__slots__"), f"{cls.__name__} has slots; use dataclasses.replace"
    return frozenset(field.name for field in fields(cls))


@cache
def _defaults(cls: Any) -> dict[str, Any]:
    """In the order of the members; those without a default are put there by the caller."""
    assert all(field.default_factory is MISSING for field in fields(cls)), "a factory makes another value each time"
    return {field.name: field.default for field in fields(cls) if field.default is not MISSING}
