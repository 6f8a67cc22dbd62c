"""What an http action sends to an honest server, and which answers it takes for success."""

import json
from typing import Any

import pytest
from yarl import URL

from horarium import __version__
from horarium.core.outcome import Failed, Succeeded
from tests.integration.http_fixtures import ME, Output, call, called, doing, echoed, error, free_port, redirect
from tests.sink import Sink

# What is sent


async def test_the_body_of_the_answer_is_the_output(server: Sink) -> None:
    output = Output()
    assert await call(server.url("/ok"), output=output) == Succeeded(http_status=200)
    assert output.data == b"ok"
    assert server.seen == [("GET", "/ok")]


async def test_an_action_says_who_calls(server: Sink) -> None:
    headers = (await echoed(server.url("/echo?a=b")))["headers"]
    assert {name: headers[name] for name in ME.headers()} == dict(ME.headers())
    assert headers["User-Agent"] == f"horarium/{__version__}"


async def test_who_calls_cannot_be_forged_the_rest_can(server: Sink) -> None:
    mine = {
        "idempotency-key": "forged",
        "HORARIUM-FENCE": "9",
        "user-agent": "me",
        "X-Mine": "yes",
        "Host": "other.test",
    }
    headers = (await echoed(server.url("/echo"), headers=mine))["headers"]
    assert headers.getall("Idempotency-Key") == [ME.headers()["Idempotency-Key"]]
    assert headers.getall("Horarium-Fence") == ["7"]
    assert headers.getall("User-Agent") == ["me"]
    assert headers["X-Mine"] == "yes"
    assert headers.getall("Host") == ["other.test"]


async def test_framing_is_not_the_users(server: Sink) -> None:
    mine = {"Content-Length": "3", "Transfer-Encoding": "chunked", "Connection": "close", "Expect": "100-continue"}
    arrived = await echoed(server.url("/echo"), method="POST", body="four", headers=mine)
    assert arrived["body"] == "four"
    assert arrived["headers"].getall("Content-Length") == ["4"]
    assert not {"Transfer-Encoding", "Expect"} & set(arrived["headers"])


async def test_json_is_sent_as_json(server: Sink) -> None:
    arrived = await echoed(server.url("/echo"), method="PUT", json={"ä": [1, None]})
    assert (arrived["method"], json.loads(arrived["body"])) == ("PUT", {"ä": [1, None]})
    assert arrived["headers"]["Content-Type"] == "application/json"


async def test_text_is_sent_as_utf_8(server: Sink) -> None:
    arrived = await echoed(server.url("/echo"), method="POST", body="grün")
    assert arrived["body"] == "grün"
    assert arrived["headers"]["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("content", [{"body": "<a/>"}, {"json": {}}])
async def test_the_users_content_type_stays(server: Sink, content: dict[str, Any]) -> None:
    arrived = await echoed(server.url("/echo"), method="POST", headers={"content-type": "text/xml"}, **content)
    assert arrived["headers"].getall("Content-Type") == ["text/xml"]


async def test_credentials_in_the_url_become_a_header(server: Sink) -> None:
    with_user = server.url("/echo").replace("://", "://me:p%40ss@")
    assert (await echoed(with_user))["headers"]["Authorization"] == "Basic bWU6cEBzcw=="
    arrived = await echoed(with_user, headers={"authorization": "Bearer x"})
    assert arrived["headers"].getall("Authorization") == ["Bearer x"]


async def test_no_cookie_is_kept(server: Sink) -> None:
    async with doing() as doer:
        await called(doer, server.url("/echo"))
        output = Output()
        await called(doer, server.url("/echo"), output)
    assert b"Cookie" not in output.data


async def test_no_proxy_of_the_environment_is_used(server: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert await call(server.url("/ok")) == Succeeded(http_status=200)


# What counts as success


@pytest.mark.parametrize("code", [200, 201, 204, 206])
async def test_two_hundreds_are_success(server: Sink, code: int) -> None:
    assert await call(server.url(f"/status/{code}")) == Succeeded(http_status=code)


@pytest.mark.parametrize(
    ("code", "named"),
    [(404, "404 Not Found"), (500, "500 Internal Server Error"), (299, "299"), (304, "304 Not Modified")],
)
async def test_another_status_is_not(server: Sink, code: int, named: str) -> None:
    output = Output()
    ended = await call(
        server.url(f"/status/{code}"), output=output, expect_status=(200, "5xx") if code == 299 else ("2xx",)
    )
    if code == 500:
        assert output.data == b"status 500"
    wanted = "200, 5xx" if code == 299 else "2xx"
    assert ended == Failed(reason="http_status", http_status=code, detail=f"{named}, expected {wanted}")


async def test_an_expected_status_is_success_even_a_redirect(server: Sink) -> None:
    assert await call(server.url("/status/404"), expect_status=(404,)) == Succeeded(http_status=404)
    assert await call(redirect(server, "/ok", 301), expect_status=("3xx",)) == Succeeded(http_status=301)
    assert server.count("/ok") == 0


async def test_a_redirect_to_nowhere_is_an_answer_like_any_other(server: Sink) -> None:
    ended = await call(server.url("/status/302"))
    assert ended == Failed(reason="http_status", http_status=302, detail="302 Found, expected 2xx")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "PATCH"])
async def test_every_method_is_sent_as_it_is(server: Sink, method: str) -> None:
    assert await call(server.url("/ok"), method=method) == Succeeded(http_status=200)
    assert server.seen == [(method, "/ok")]


async def test_what_the_server_says_about_trying_again(server: Sink) -> None:
    async with doing() as doer:
        ended = await called(doer, server.url("/retry-after?value=120&status=429"))
        assert ended == Failed(
            reason="http_status", http_status=429, detail="429 Too Many Requests, expected 2xx", retry_after_seconds=120
        )
        dates = {"value": "Sun, 28 Mar 2027 01:32:00 GMT", "date": "Sun, 28 Mar 2027 01:30:00 GMT"}
        ended = await called(doer, str(URL(server.url("/retry-after")).with_query(dates)))
        assert isinstance(ended, Failed)
        assert ended.retry_after_seconds == 120


async def test_the_body_must_contain_what_is_expected(server: Sink) -> None:
    assert await call(server.url("/ok"), expect_body="o") == Succeeded(http_status=200)
    missed = error("the body does not contain 'healthy'", 200)
    assert await call(server.url("/ok"), expect_body="healthy") == missed
    latin = server.url("/text?type=text/plain;charset=iso-8859-1&hex=") + "grün".encode("latin-1").hex()
    assert await call(latin, expect_body="grün") == Succeeded(http_status=200)
    assert await call(server.url("/text?hex=") + "grün".encode().hex(), expect_body="grün") == Succeeded(
        http_status=200
    )
