"""Tokens, sessions, the one-time key and settings."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import IntegrityError

from horarium.core.access import Role, Session, Token
from horarium.core.errors import BadValue
from horarium.core.page import Window
from horarium.stores.sql import access
from tests.builders import opened, stamped
from tests.making import T0, at


@pytest.fixture(params=["memory", "file"])
def conn(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    with opened(tmp_path / "books.db" if request.param == "file" else None) as conn:
        yield conn


def token(number: int = 1) -> Token:
    return Token(
        id=stamped(T0, number),
        name="deploy",
        prefix="hor_ab",
        secret_hash=number.to_bytes(32, "big"),
        role=Role.EDITOR,
        created_at=T0,
        created_by="ada",
    )


def test_a_token_is_found_by_its_hash_alone(conn: Connection) -> None:
    kept = replace(token(), expires_at=at(60))
    access.add_token(conn, kept)
    assert access.token_by_hash(conn, kept.secret_hash) == kept
    assert access.token_by_hash(conn, bytes(32)) is None
    assert access.delete_token(conn, kept.id)
    assert not access.delete_token(conn, kept.id)
    assert access.token_by_hash(conn, kept.secret_hash) is None


def test_two_tokens_never_share_a_secret(conn: Connection) -> None:
    access.add_token(conn, token())
    with pytest.raises(IntegrityError):
        access.add_token(conn, replace(token(2), secret_hash=token().secret_hash))


def test_the_last_use_only_grows(conn: Connection) -> None:
    access.add_token(conn, token())
    for seconds in (5, 9, 7):
        access.touch_token(conn, token().id, at(seconds))
    found = access.token_by_hash(conn, token().secret_hash)
    assert found is not None
    assert found.last_used_at == at(9)


def test_tokens_are_listed_newest_first_in_pages(conn: Connection) -> None:
    for number in range(7):
        access.add_token(conn, token(number))
    found: list[int] = []
    cursor = None
    for _ in range(3):
        page = access.tokens(conn, Window(limit=3, cursor=cursor, total=True))
        assert page.total == 7
        found += [int.from_bytes(item.secret_hash, "big") for item in page.items]
        cursor = page.next_cursor
    assert found == [6, 5, 4, 3, 2, 1, 0]
    assert cursor is None
    assert access.tokens(conn, Window()).total is None
    with pytest.raises(BadValue, match="cursor"):
        access.tokens(conn, Window(cursor="nonsense"))


def test_a_session_comes_and_goes(conn: Connection) -> None:
    session = Session(
        id=stamped(T0, 1), secret_hash=b"h" * 32, role=Role.ADMIN, name="ada", created_at=T0, expires_at=at(60)
    )
    access.add_session(conn, session)
    assert access.session_by_hash(conn, session.secret_hash) == session
    assert access.session_by_hash(conn, b"x" * 32) is None
    assert access.delete_session(conn, session.id)
    assert not access.delete_session(conn, session.id)


def test_the_key_works_once_and_in_time(conn: Connection) -> None:
    access.set_key(conn, b"k" * 32, at(60))
    assert not access.use_key(conn, b"x" * 32, at(1))
    assert access.use_key(conn, b"k" * 32, at(59))
    assert not access.use_key(conn, b"k" * 32, at(59))
    access.set_key(conn, b"k" * 32, at(60))
    assert not access.use_key(conn, b"k" * 32, at(60))


def test_a_fresh_key_replaces_the_former(conn: Connection) -> None:
    access.set_key(conn, b"a" * 32, at(60))
    access.set_key(conn, b"b" * 32, at(60))
    assert not access.use_key(conn, b"a" * 32, at(1))
    assert access.use_key(conn, b"b" * 32, at(1))


def test_of_many_callers_one_gets_in(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with opened(path) as conn:
        access.set_key(conn, b"k" * 32, at(60))
        conn.commit()
    engine = create_engine(f"sqlite:///{path}")

    def caller(_: int) -> bool:
        with engine.begin() as mine:
            return access.use_key(mine, b"k" * 32, at(1))

    with ThreadPoolExecutor(8) as callers:
        assert sorted(callers.map(caller, range(8))) == [False] * 7 + [True]
    engine.dispose()


def test_a_setting_holds_its_last_value(conn: Connection) -> None:
    assert access.setting(conn, "timezone") is None
    for zone in ("Europe/Berlin", "Asia/Tokyo"):
        access.set_setting(conn, "timezone", zone)
        assert access.setting(conn, "timezone") == zone
