"""The tables' version: a fresh database is a migrated one, an old one is brought forward, a newer one is left alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection

from horarium.core.errors import StoreAway, StoreNewerThanCode
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file
from horarium.stores.sql import schema
from horarium.stores.sql.schema import Part
from horarium.stores.sqlite_files import open_writer
from tests.making import TZDATA

PARTS = pytest.mark.parametrize("part", ["books", "output"])


def shape(conn: Connection) -> list[tuple[str, list[str]]]:
    """Every table and index, its members in any order: constraints have none, and a column added later comes after them."""
    found = conn.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    return [(name, sorted(members(sql))) for name, sql in found]


def members(sql: str) -> list[str]:
    """The parts between the commas of the outermost parentheses, and what stands before and after."""
    parts, depth = [""], 0
    for character in " ".join(sql.split()):
        depth += (character == "(") - (character == ")")
        if (character == "," and depth == 1) or (character == "(" and depth == 1) or (character == ")" and depth == 0):
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def columns(conn: Connection) -> list[tuple[str, str, int]]:
    return [
        tuple(row)
        for row in conn.exec_driver_sql(
            "SELECT m.name, c.name, c.cid FROM sqlite_master m, pragma_table_info(m.name) c ORDER BY 1, 3"
        )
    ]


@PARTS
def test_fresh_is_migrated(part: Part) -> None:
    """Statements name no columns of an INSERT, so their order counts too."""
    fresh, migrated = open_writer(None, "FULL"), open_writer(None, "FULL")
    schema.prepare(fresh, part)
    migrated.exec_driver_sql("BEGIN")
    schema.migrate(migrated, part)
    migrated.exec_driver_sql("COMMIT")
    assert shape(fresh) == shape(migrated)
    assert columns(fresh) == columns(migrated)
    assert schema.version(fresh) == schema.version(migrated) == schema.VERSIONS[part]
    fresh.close()
    migrated.close()


@PARTS
def test_migrations_are_numbered_without_holes(part: Part) -> None:
    numbers = sorted(path.name[1:5] for path in (schema.MIGRATIONS / part).glob("m*.py"))
    assert numbers == [f"{n:04}" for n in range(1, int(schema.VERSIONS[part]) + 1)]


@PARTS
def test_newer_data_is_left_alone(part: Part, tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path)
    for each, path in (("books", folder.books), ("output", folder.output)):
        conn = open_writer(path, "FULL")
        schema.prepare(conn, each)  # type: ignore[arg-type]
        if each == part:
            conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        conn.close()
    with pytest.raises(StoreNewerThanCode, match=f"The {part} are at version 9999"):
        open_file(folder, TZDATA)
    folder.close()


def test_a_migration_that_fails_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    conn = open_writer(None, "FULL")
    schema.prepare(conn, "books")
    before = shape(conn)
    before_it = schema.VERSIONS["books"]
    monkeypatch.setitem(schema.VERSIONS, "books", f"{int(before_it) + 1:04}")

    def broken(conn: Connection, part: Part) -> None:
        conn.exec_driver_sql("DROP TABLE settings")
        raise RuntimeError

    monkeypatch.setattr(schema, "migrate", broken)
    with pytest.raises(RuntimeError):
        schema.prepare(conn, "books")
    assert shape(conn) == before
    assert schema.version(conn) == before_it
    conn.close()


def test_cursors_from_before_overrides_come_along() -> None:
    """As many as there were, with what they knew, and none with an override."""
    conn = open_writer(None, "FULL")
    conn.exec_driver_sql("PRAGMA foreign_keys = OFF")
    conn.exec_driver_sql("BEGIN")
    schema.migrate(conn, "books", "0001")
    before = (bytes(16), 7, 1, 1_000, 2_000, 5, 3, 500, 1, b"h" * 16, 2, None, None, "failed", "2026a")
    conn.exec_driver_sql("INSERT INTO cursors VALUES (" + ", ".join("?" * 15) + ")", before)
    schema.migrate(conn, "books")
    assert conn.exec_driver_sql("SELECT * FROM cursors").fetchall() == [(*before, 0)]
    conn.exec_driver_sql("ROLLBACK")
    conn.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path)
    folder.books.write_bytes(b"this is a letter to my aunt" * 1_000)
    with pytest.raises(StoreAway, match="damaged or no database"):
        open_file(folder, TZDATA)
    folder.close()


def test_opening_what_is_there_does_not_import_alembic(tmp_path: Path) -> None:
    code = f"""
import asyncio, sys
from pathlib import Path
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file
async def main():
    for _ in range(2):
        folder = DataFolder.open(Path({str(tmp_path)!r}))
        await open_file(folder, "x").close()
        folder.close()
asyncio.run(main())
print("alembic" in sys.modules)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
