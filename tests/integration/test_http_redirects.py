"""Where redirects lead, what they make of a request, and what they must not carry along."""

import pytest

from horarium.actions.http import REDIRECTS_MAX
from horarium.core.outcome import Failed, Succeeded
from tests.integration.http_fixtures import ME, call, echoed, error, redirect
from tests.sink import Sink


async def test_redirects_are_followed_up_to_a_count(server: Sink) -> None:
    assert await call(server.url(f"/redirect-chain?n={REDIRECTS_MAX}")) == Succeeded(http_status=200)
    server.seen.clear()
    ended = await call(server.url(f"/redirect-chain?n={REDIRECTS_MAX + 1}"))
    assert ended == error(f"more than 5 redirects, the last one to {server.origin}")
    assert len(server.seen) == REDIRECTS_MAX + 1


async def test_a_loop_of_redirects_ends(server: Sink) -> None:
    ended = await call(server.url("/redirect-loop"))
    assert ended == error(f"more than 5 redirects, the last one to {server.origin}")
    assert server.count("/redirect-loop") == REDIRECTS_MAX + 1


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        *((303, method, "GET") for method in ("POST", "PUT", "DELETE", "GET")),
        *((status, "POST", "GET") for status in (301, 302)),
        *((status, "PUT", "PUT") for status in (301, 302)),
        *((status, method, method) for status in (307, 308) for method in ("POST", "PATCH")),
    ],
)
async def test_what_a_redirect_makes_of_method_and_body(server: Sink, status: int, method: str, then: str) -> None:
    arrived = await echoed(server.url(f"/redirect-ok?status={status}"), method=method, body="payload")
    assert arrived["method"] == then
    assert arrived["body"] == ("payload" if then == method != "GET" else "")
    assert ("Content-Type" in arrived["headers"]) == (then == method != "GET")
    assert arrived["headers"]["Idempotency-Key"] == ME.headers()["Idempotency-Key"]


SECRETS = {
    "Authorization": "Bearer x",
    "Cookie": "a=b",
    "Proxy-Authorization": "Basic x",
    "X-Api-Key": "x",
    "PRIVATE-TOKEN": "x",
    "X-Client-Secret": "x",
}


async def test_credentials_stay_with_their_origin(server: Sink, elsewhere: Sink) -> None:
    mine = {**SECRETS, "Host": "vhost.test", "X-Mine": "yes"}
    same = (await echoed(redirect(server, "/echo"), headers=mine))["headers"]
    assert {name: same[name] for name in SECRETS} == SECRETS
    other = (await echoed(redirect(server, elsewhere.url("/echo")), headers=mine))["headers"]
    assert not set(map(str.lower, SECRETS)) & set(map(str.lower, other))
    assert other["Host"] == f"127.0.0.1:{elsewhere.port}"
    assert other["X-Mine"] == "yes"
    assert other["Idempotency-Key"] == ME.headers()["Idempotency-Key"]


async def test_credentials_do_not_come_back_on_the_way_home(server: Sink, elsewhere: Sink) -> None:
    away_and_back = redirect(server, redirect(elsewhere, server.url("/echo")))
    assert "Authorization" not in (await echoed(away_and_back, headers=SECRETS))["headers"]


async def test_nor_do_those_of_the_url(server: Sink, elsewhere: Sink) -> None:
    with_user = redirect(server, elsewhere.url("/echo")).replace("://", "://me:secret@", 1)
    assert "Authorization" not in (await echoed(with_user))["headers"]


async def test_a_server_cannot_lend_us_credentials(server: Sink, elsewhere: Sink) -> None:
    lent = elsewhere.url("/echo").replace("://", "://them:theirs@")
    assert "Authorization" not in (await echoed(redirect(server, lent)))["headers"]


@pytest.mark.parametrize(
    ("to", "detail"),
    {
        "file:///etc/passwd": "only http and https addresses are called, not file",
        "gopher://127.0.0.1/": "only http and https addresses are called, not gopher",
        "javascript:alert(1)": "only http and https addresses are called, not javascript",
        "http://[::1": "not an address that can be called: Invalid IPv6 URL",
        "http://host:99999/": "not an address that can be called: Port out of range 0-65535",
    }.items(),
)
async def test_a_redirect_leads_to_http_or_nowhere(server: Sink, to: str, detail: str) -> None:
    ended = await call(redirect(server, to))
    assert isinstance(ended, Failed)
    assert ended.detail is not None
    assert ended.detail.startswith(f"the redirect from {server.origin} is not followed: {detail}")
