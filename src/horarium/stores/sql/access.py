"""Tokens, sessions, the one-time key and settings. Only hashes of secrets come here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, text, update

from horarium.core.access import Role, Session, Token
from horarium.core.instants import from_ms, to_ms
from horarium.core.page import PageOf, Window
from horarium.stores.sql.keyset import beyond, decoded, encoded
from horarium.stores.sql.rows import instant, ms
from horarium.stores.sql.search import Order
from horarium.stores.sql.tables import sessions, settings, setup_keys
from horarium.stores.sql.tables import tokens as held

NEWEST: Order = ((held.c.id, True),)
LIST = "tokens"

_SET = text(
    "INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def add_token(conn: Connection, token: Token) -> None:
    values = {
        "id": token.id,
        "name": token.name,
        "prefix": token.prefix,
        "secret_hash": token.secret_hash,
        "role": int(token.role),
        "created_at": to_ms(token.created_at),
        "created_by": token.created_by,
        "expires_at": ms(token.expires_at),
        "last_used_at": ms(token.last_used_at),
    }
    conn.execute(insert(held), values)


def token_by_hash(conn: Connection, secret_hash: bytes) -> Token | None:
    """Expired or not: the caller has the time."""
    row = conn.execute(select(*held.c).where(held.c.secret_hash == secret_hash)).one_or_none()
    return None if row is None else _token(row)


def touch_token(conn: Connection, token_id: bytes, now: datetime) -> None:
    older = or_(held.c.last_used_at.is_(None), held.c.last_used_at < to_ms(now))
    conn.execute(update(held).where(held.c.id == token_id, older).values(last_used_at=to_ms(now)))


def tokens(conn: Connection, window: Window) -> PageOf[Token]:
    """Newest first."""
    page = select(*held.c).order_by(held.c.id.desc()).limit(window.limit + 1)
    if window.cursor is not None:
        page = page.where(beyond(NEWEST, decoded(window.cursor, {LIST: (bytes,)})[1]))
    rows = conn.execute(page).all()
    kept = rows[: window.limit]
    return PageOf(
        items=tuple(_token(row) for row in kept),
        next_cursor=encoded(LIST, (kept[-1][0],)) if len(rows) > len(kept) else None,
        total=conn.execute(select(func.count()).select_from(held)).scalar_one() if window.total else None,
    )


def delete_token(conn: Connection, token_id: bytes) -> bool:
    return conn.execute(delete(held).where(held.c.id == token_id)).rowcount == 1


def add_session(conn: Connection, session: Session) -> None:
    values = {
        "id": session.id,
        "secret_hash": session.secret_hash,
        "role": int(session.role),
        "name": session.name,
        "created_at": to_ms(session.created_at),
        "expires_at": to_ms(session.expires_at),
    }
    conn.execute(insert(sessions), values)


def session_by_hash(conn: Connection, secret_hash: bytes) -> Session | None:
    """Expired or not: the caller has the time."""
    row = conn.execute(select(*sessions.c).where(sessions.c.secret_hash == secret_hash)).one_or_none()
    return None if row is None else _session(row)


def delete_session(conn: Connection, session_id: bytes) -> bool:
    return conn.execute(delete(sessions).where(sessions.c.id == session_id)).rowcount == 1


def set_key(conn: Connection, key_hash: bytes, expires_at: datetime) -> None:
    """There is one key at a time."""
    conn.execute(delete(setup_keys))
    conn.execute(insert(setup_keys), {"key_hash": key_hash, "expires_at": to_ms(expires_at)})


def use_key(conn: Connection, key_hash: bytes, now: datetime) -> bool:
    """Taking it away is what proves it: of several callers one finds it."""
    valid = (setup_keys.c.key_hash == key_hash, setup_keys.c.expires_at > to_ms(now))
    return conn.execute(delete(setup_keys).where(*valid)).rowcount == 1


def setting(conn: Connection, name: str) -> str | None:
    found: str | None = conn.execute(select(settings.c.value).where(settings.c.name == name)).scalar_one_or_none()
    return found


def set_setting(conn: Connection, name: str, value: str) -> None:
    conn.execute(_SET, {"name": name, "value": value})


def _token(row: Sequence[Any]) -> Token:
    return Token(
        id=row[0],
        name=row[1],
        prefix=row[2],
        secret_hash=row[3],
        role=Role(row[4]),
        created_at=from_ms(row[5]),
        created_by=row[6],
        expires_at=instant(row[7]),
        last_used_at=instant(row[8]),
    )


def _session(row: Sequence[Any]) -> Session:
    return Session(
        id=row[0],
        secret_hash=row[1],
        role=Role(row[2]),
        name=row[3],
        created_at=from_ms(row[4]),
        expires_at=from_ms(row[5]),
    )
