"""What is sent to whom: how URLs are spelled, and what a redirect keeps."""

from datetime import UTC, datetime

import pytest
from aiohttp import hdrs
from multidict import CIMultiDict
from yarl import URL

from horarium.actions.http_request import becomes_get, location, request_parts, secret_names, target, without
from horarium.actions.http_words import NotCallable
from horarium.core.action import Http
from horarium.core.ids import RunId
from horarium.ports.action import Identity

ME = Identity(run_id=RunId(bytes(16)), attempt=1, fence=1, due_at=datetime(2027, 1, 1, tzinfo=UTC), task_name="hello")
HERE = URL("http://here.test/a/b?token=hidden")
SECRETS = ("Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "PRIVATE-TOKEN", "X-Client-Secret")


def test_which_headers_another_origin_does_not_get() -> None:
    headers = CIMultiDict(dict.fromkeys((*SECRETS, "X-Auth-Token", "Host", "Accept", "X-Mine", *ME.headers()), ""))
    kept = set(headers) - {name for name in headers if name.lower() in secret_names(headers, ME)}
    assert kept == {"Accept", "X-Mine", *ME.headers()}


def test_which_redirects_become_a_get() -> None:
    assert becomes_get(303, hdrs.METH_PUT)
    assert not becomes_get(303, hdrs.METH_HEAD)
    assert becomes_get(302, hdrs.METH_POST)
    assert not becomes_get(302, hdrs.METH_DELETE)
    assert not becomes_get(307, hdrs.METH_POST)


def test_a_target_is_spelled_as_it_is_connected_to() -> None:
    assert str(target("HTTP://0x7f.1:80/a?b")) == "http://127.0.0.1/a?b"
    assert str(target("http://example.org/%7Ea")) == "http://example.org/~a"


@pytest.mark.parametrize(
    ("onward", "to"),
    {
        "/c": "http://here.test/c",
        "c": "http://here.test/a/c",
        "//127.1/": "http://127.0.0.1/",
        "https://them:theirs@there.test/": "https://there.test/",
    }.items(),
)
def test_where_a_redirect_leads(onward: str, to: str) -> None:
    assert location(302, onward, HERE) == URL(to)


@pytest.mark.parametrize(("status", "onward"), [(200, "/c"), (300, "/c"), (304, "/c"), (305, "/c"), (302, None)])
def test_what_is_no_redirect(status: int, onward: str | None) -> None:
    assert location(status, onward, HERE) is None


def test_a_redirect_that_is_not_followed_keeps_the_secrets_of_its_origin() -> None:
    with pytest.raises(NotCallable) as refused:
        location(302, "file:///etc/passwd", HERE)
    only = "only http and https addresses are called, not file"
    assert str(refused.value) == f"the redirect from http://here.test is not followed: {only}"


def test_only_a_body_brings_a_content_type() -> None:
    headers, body = request_parts(Http(kind="http", url="http://here.test/"), target("http://here.test/"), ME)
    assert body is None
    assert hdrs.CONTENT_TYPE not in headers
    assert {name: headers[name] for name in ME.headers()} == dict(ME.headers())


def test_headers_are_taken_away_under_any_spelling_and_from_a_copy() -> None:
    headers = CIMultiDict([("X-A", "1"), ("x-a", "2"), ("X-B", "3")])
    assert list(without(headers, ["x-A", "absent"])) == ["X-B"]
    assert len(headers) == 3
