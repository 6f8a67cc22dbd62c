"""Where a page ended: the sort key of its last row, as opaque text.

A cursor is base64url of the JSON list [list's name, part of the key, …]. Only whole keys of the expected kinds are read
back, so a cursor that was made by hand or for another list is refused rather than misread.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from json import dumps, loads
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, literal, or_

from horarium.core.errors import BadValue

Part: TypeAlias = bytes | str | int
Kinds: TypeAlias = Sequence[type[bytes] | type[str] | type[int]]

CURSOR_MAX = 4_000
INTEGER_BITS = 63
ID_BYTES = 16


def encoded(name: str, key: Sequence[Part]) -> str:
    parts = [{"id": part.hex()} if isinstance(part, bytes) else part for part in key]
    text = dumps([name, *parts], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(cursor: str, names: dict[str, Kinds]) -> tuple[str, tuple[Part, ...]]:
    """The list's name and the key. `names` are those that may be meant here, with the kinds of their keys."""
    found = _parts(cursor)
    name, values = (found[0], found[1:]) if found else (None, [])
    if not isinstance(name, str) or name not in names or len(values) != len(names[name]):
        raise not_ours()
    return name, tuple(_part(value, kind) for value, kind in zip(values, names[name], strict=True))


def beyond(columns: Sequence[tuple[ColumnElement[Part], bool]], key: Sequence[Part]) -> ColumnElement[bool]:
    """Rows after `key` in the order of `columns`, each with True for descending.

    The first column is bounded once more by itself, so that an index on it is entered at the right place.
    """
    steps = []
    for n, (column, descending) in enumerate(columns):
        same = [former == _bound(former, part) for (former, _), part in zip(columns[:n], key[:n], strict=True)]
        past = column < _bound(column, key[n]) if descending else column > _bound(column, key[n])
        steps.append(and_(*same, past))
    first, falls = columns[0]
    entry = first <= _bound(first, key[0]) if falls else first >= _bound(first, key[0])
    return steps[0] if len(steps) == 1 else and_(entry, or_(*steps))


def up_to(columns: Sequence[tuple[ColumnElement[Part], bool]], key: Sequence[Part]) -> ColumnElement[bool]:
    """Rows at or before `key` in the order of `columns`."""
    here = and_(*(column == _bound(column, part) for (column, _), part in zip(columns, key, strict=True)))
    turned = [(column, not falls) for column, falls in columns]
    first, falls = columns[0]
    entry = first >= _bound(first, key[0]) if falls else first <= _bound(first, key[0])
    return and_(entry, or_(here, beyond(turned, key)))


def _bound(column: ColumnElement[Part], part: Part) -> ColumnElement[Part]:
    return literal(part, column.type)


def _parts(cursor: str) -> list[object]:
    if len(cursor) > CURSOR_MAX or not cursor.isascii():
        raise not_ours()
    try:
        found = loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (NotBase64, ValueError, RecursionError) as error:
        raise not_ours() from error
    return found if isinstance(found, list) else []


def _part(value: object, kind: type) -> Part:
    match value:
        case {"id": str(digits)} if kind is bytes and (found := _id(digits)) is not None:
            return found
        case int() if kind is int and value is not True and value is not False and value.bit_length() <= INTEGER_BITS:
            return value
        case str() if kind is str and "\0" not in value and value == value.encode(errors="replace").decode():
            return value
        case _:
            raise not_ours()


def _id(digits: str) -> bytes | None:
    try:
        found = bytes.fromhex(digits)
    except ValueError:
        return None
    return found if len(found) == ID_BYTES else None


def not_ours() -> BadValue:
    """What to raise for a cursor that no page of this list gave out."""
    return BadValue("cursor", "this is not a cursor of this list", "leave it out to begin at the first page")
