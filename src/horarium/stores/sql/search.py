"""A bounded search along an index: how far a page may look, and where it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, literal_column, select

from horarium.stores.sql.keyset import Part, beyond, up_to

Condition: TypeAlias = ColumnElement[bool]
Order: TypeAlias = tuple[tuple[ColumnElement[Any], bool], ...]
"""Columns, each with True for descending; the last one tells all rows apart."""
Key: TypeAlias = tuple[Part, ...]

TOTAL_MAX = 100_000
"""A total of TOTAL_MAX + 1 means: more than that."""
TOTAL_SEARCHED_MAX = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Rows of `table` in `order`. One index serves the order and `along`; `sift` it does not, so rows are passed over."""

    table: FromClause
    order: Order
    along: Sequence[Condition]
    sift: Sequence[Condition]
    searched_max: int


def walked(
    conn: Connection, shown: Select[Any], walk: Walk, key: Key | None, limit: int
) -> tuple[Sequence[Any], Key | None]:
    """At most `limit` rows of `shown` after `key`, and where the search stopped if it stopped before the end."""
    stop = edge(conn, walk, key, walk.searched_max) if walk.sift else None
    found = (
        shown.where(*walk.along, *walk.sift, *_bounds(walk.order, key, stop))
        .order_by(*sorted_by(walk.order))
        .limit(limit)
    )
    rows = conn.execute(found).all()
    return rows, stop if len(rows) < limit else None


def counted(conn: Connection, walk: Walk) -> int | None:
    """How many there are: TOTAL_MAX + 1 for more than that, None where counting would take too long."""
    stop = edge(conn, walk, None, TOTAL_SEARCHED_MAX) if walk.sift else None
    found: Select[Any] = select(literal_column("1")).select_from(walk.table).where(*walk.along, *walk.sift)
    return count_up_to(conn, found.where(*_bounds(walk.order, None, stop)), whole=stop is None)


def count_up_to(conn: Connection, found: Select[Any], *, whole: bool) -> int | None:
    """The rows of `found`, which is `whole` or only its first stretch."""
    count: int = conn.execute(select(func.count()).select_from(found.limit(TOTAL_MAX + 1).subquery())).scalar_one()
    return count if whole or count > TOTAL_MAX else None


def edge(conn: Connection, walk: Walk, key: Key | None, searched_max: int) -> Key | None:
    """The key at which a search from `key` on has looked at `searched_max` rows; None where there are not so many."""
    ahead: Select[Any] = (
        select(*(column for column, _ in walk.order))
        .select_from(walk.table)
        .where(*walk.along, *_bounds(walk.order, key, None))
        .order_by(*sorted_by(walk.order))
        .limit(1)
        .offset(searched_max - 1)
    )
    row = conn.execute(ahead).one_or_none()
    return None if row is None else tuple(row)


def sorted_by(order: Order) -> list[ColumnElement[Any]]:
    return [column.desc() if falls else column for column, falls in order]


def _bounds(order: Order, key: Key | None, stop: Key | None) -> list[Condition]:
    begun = [] if key is None else [beyond(order, key)]
    return begun if stop is None else [*begun, up_to(order, stop)]
