"""The tables' version in a database, and how it gets to this one's. One SELECT at each start; Alembic only when it differs."""

from pathlib import Path
from typing import Literal, TypeAlias

from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.exc import DBAPIError

from horarium.core.errors import StoreNewerThanCode
from horarium.stores.sql.tables import metadata, output_metadata

Part: TypeAlias = Literal["books", "output"]

VERSIONS: dict[Part, str] = {"books": "0004", "output": "0001"}
"""The newest migration of each, numbered in order."""
TABLES: dict[Part, MetaData] = {"books": metadata, "output": output_metadata}
MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(conn: Connection, part: Part) -> None:
    """Make the tables, or bring them to this version. `conn` is in no transaction. Raises StoreNewerThanCode."""
    found = version(conn)
    if found == VERSIONS[part]:
        return
    if found is not None and not _is_older(found, part):
        raise StoreNewerThanCode(
            f"The {part} are at version {found} and this horarium knows only {VERSIONS[part]}: start the newer one again."
        )
    conn.exec_driver_sql("PRAGMA foreign_keys = OFF")  # tables may be made anew under their old name
    conn.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        if found is None:
            create(conn, part)
        else:
            migrate(conn, part)
        conn.exec_driver_sql("COMMIT")
    except BaseException:
        conn.exec_driver_sql("ROLLBACK")
        raise
    conn.exec_driver_sql("PRAGMA foreign_keys = ON")


def version(conn: Connection) -> str | None:
    """None where there are no tables yet."""
    try:
        found: str | None = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    except DBAPIError:
        if inspect(conn).has_table("alembic_version"):
            raise
        return None
    return found


def create(conn: Connection, part: Part) -> None:
    """All tables at once, marked with the newest version: ten times as fast as going through every migration."""
    TABLES[part].create_all(conn, checkfirst=False)
    conn.exec_driver_sql(
        "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n\t"
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"
    )
    conn.exec_driver_sql(f"INSERT INTO alembic_version (version_num) VALUES ('{VERSIONS[part]}')")


def migrate(conn: Connection, part: Part, to: str = "head") -> None:
    """From whatever version is there, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(MIGRATIONS / part))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = conn
    config.attributes["metadata"] = TABLES[part]
    command.upgrade(config, to)


def _is_older(found: str, part: Part) -> bool:
    return found.isdecimal() and int(found) < int(VERSIONS[part])
