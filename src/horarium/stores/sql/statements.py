"""Named statements of the hot path, kept in .sql files, one folder per dialect, and the few ways to run them.

A file holds statements under `-- name: x`, each with a sentence of why. `:name` is a parameter; `{runs}` stands for the
qualified columns of that table in their order, `{:runs}` for one parameter per column. Several rows go in as sequences in the
order in which the parameters first appear. They run on the driver's own cursor: a tenth of the cost of a built statement.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection

from horarium.stores.sql.tables import metadata

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_COLUMNS = re.compile(r"\{(:?)(\w+)\}")
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")


@dataclass(frozen=True, slots=True)
class Statement:
    """`sql` in the driver's form; `parameters` in the order their values go in."""

    name: str
    sql: str
    parameters: tuple[str, ...]


@cache
def statements(dialect: str) -> dict[str, Statement]:
    """Every statement of `dialect`, by name."""
    found: dict[str, Statement] = {}
    folder = files("horarium.stores.sql") / "statements" / dialect
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".sql"):
            continue
        _, *parts = _NAME.split(file.read_text("utf-8"))
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            assert name not in found, f"two statements are named {name}"
            found[name] = _statement(name, text)
    assert found, f"no statements for {dialect}"
    return found


def rows(conn: Connection, name: str, /, **values: Any) -> list[Any]:
    """All rows of a query."""
    found: list[Any] = _execute(conn, name, values).fetchall()
    return found


def row(conn: Connection, name: str, /, **values: Any) -> Any:
    """The first row of a query, or None."""
    return _execute(conn, name, values).fetchone()


def change(conn: Connection, name: str, /, **values: Any) -> int:
    """How many rows the statement changed."""
    changed: int = _execute(conn, name, values).rowcount
    return changed


def each(conn: Connection, name: str, many: Sequence[Sequence[Any]]) -> list[bool]:
    """Compare-and-set row by row: whether each one hit.

    Nearly always all do, so they go in together first; only where the count says otherwise is that taken back, and each
    is asked by itself.
    """
    sql = statements(conn.dialect.name)[name].sql
    cursor = conn.connection.cursor()
    if len(many) > 1:
        cursor.execute("SAVEPOINT together")
        cursor.executemany(sql, many)
        together = cursor.rowcount == len(many)
        cursor.execute("RELEASE together" if together else "ROLLBACK TO together")
        if together:
            return [True] * len(many)
        cursor.execute("RELEASE together")
    hits = []
    for values in many:
        cursor.execute(sql, values)
        hits.append(cursor.rowcount == 1)
    return hits


def lookup(conn: Connection, name: str, many: Iterable[Sequence[Any]]) -> list[Any]:
    """The same query for each: its first row or None."""
    sql = statements(conn.dialect.name)[name].sql
    cursor = conn.connection.cursor()
    execute, fetchone = cursor.execute, cursor.fetchone
    found = []
    for values in many:
        execute(sql, values)
        found.append(fetchone())
    return found


def write(conn: Connection, name: str, many: Sequence[Sequence[Any]]) -> None:
    """The same statement for each, nobody asking what it did."""
    if many:
        conn.connection.cursor().executemany(statements(conn.dialect.name)[name].sql, many)


def _execute(conn: Connection, name: str, values: dict[str, Any]) -> Any:
    statement = statements(conn.dialect.name)[name]
    cursor = conn.connection.cursor()
    cursor.execute(statement.sql, [values[parameter] for parameter in statement.parameters])
    return cursor


def _statement(name: str, text: str) -> Statement:
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    sql = _COLUMNS.sub(_columns, "\n".join(lines)).strip().removesuffix(";")
    parameters = tuple(dict.fromkeys(_PARAMETER.findall(sql)))
    numbers = {parameter: number for number, parameter in enumerate(parameters, start=1)}
    return Statement(name, _PARAMETER.sub(lambda match: f"?{numbers[match[1]]}", sql), parameters)


def _columns(match: re.Match[str]) -> str:
    table = metadata.tables[match[2]]
    return ", ".join(f":{column.name}" if match[1] else f"{table.name}.{column.name}" for column in table.c)
