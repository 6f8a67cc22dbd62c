"""Who may speak to the service at all: hosts, origins, content types, sizes."""

import re
from typing import Any

import pytest

from horarium.api.app import build_app
from horarium.api.parts import Parts
from horarium.clocks.simulated import SeededRandom
from tests.integration.api.client import Answer, Client

LIVE = "/health/live"
SIGN_IN = "/api/v1/session"


def client(**more: Any) -> Client:
    """Routes that need nothing answer; nothing else is put together."""
    nothing: Any = None
    parts = Parts(
        tasks=nothing,
        runs=nothing,
        schedules=nothing,
        bulk=nothing,
        trial=nothing,
        upcoming=nothing,
        crontabs=nothing,
        live=nothing,
        calendars=nothing,
        access=nothing,
        settings=nothing,
        condition=nothing,
        clock=nothing,
        random=SeededRandom(1),
        version="1",
        versions={},
        public_url="http://127.0.0.1:8787",
        **more,
    )
    return Client(build_app(parts))


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8787",
        "LOCALHOST:8787",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:8787",
        "127.8.9.1",
        "192.168.1.7:80",
        "[::1]:8787",
        "[fe80::1]",
        "horarium.example",
        "Horarium.Example:443",
    ],
)
async def test_names_of_the_loopback_addresses_and_configured_names_are_answered(host: str) -> None:
    answer = await client(hosts=frozenset({"horarium.example"})).get(LIVE, {"Host": host})
    assert answer.status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:8787",
        "localhost.evil.test",
        "127.0.0.1.evil.test",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "user@localhost",
        "localhost@evil.test",
        "localhost/evil.test",
        "localhost:port",
        "localhost#.evil.test",
        "[::1",
        "",
        "\xe4",
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", LIVE), ("GET", "/"), ("GET", "/api/v1/tasks"), ("POST", SIGN_IN)])
async def test_every_other_host_is_misdirected_on_every_route(host: str, method: str, path: str) -> None:
    answer = await client().send(method, path, headers={"Host": host})
    assert answer.status == 421
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_request_names_exactly_one_host() -> None:
    twice = await client().ask("GET", LIVE, [(b"host", b"localhost"), (b"host", b"evil.test")], [b""])
    assert twice.status == 400
    none = await client().ask("GET", LIVE, [(b"host", b"")], [b""])
    assert none.status == 421


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Origin": "http://127.0.0.1:8787"}, True),
        ({"Origin": "https://127.0.0.1:8787"}, True),
        ({"Origin": "http://127.0.0.1:8788"}, False),
        ({"Origin": "http://localhost:8787"}, False),
        ({"Origin": "http://evil.test"}, False),
        ({"Origin": "http://evil.test:8787"}, False),
        ({"Origin": "http://127.0.0.1:8787.evil.test"}, False),
        ({"Origin": "http://127.0.0.1:8787@evil.test"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "file://"}, False),
        ({"Origin": "chrome-extension://abc"}, False),
        ({"Origin": "https://page.example"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://127.0.0.1:8787", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://evil.test", "Sec-Fetch-Site": "same-origin"}, False),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "MADEUP"])
async def test_changes_are_taken_from_our_own_pages_and_from_programs(
    headers: dict[str, str], allowed: bool, method: str
) -> None:
    guarded = client(origins=frozenset({"https://page.example"}))
    answer = await guarded.send(method, LIVE, headers=headers)
    assert (answer.status != 403) is allowed
    assert answer.status in (403, 405)


async def test_nothing_is_ever_allowed_to_other_origins() -> None:
    preflight = {"Origin": "http://evil.test", "Access-Control-Request-Method": "POST"}
    for method, headers in [("OPTIONS", preflight), ("GET", {"Origin": "http://evil.test"})]:
        answer = await client().send(method, LIVE, headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 405),
        ("application/json; charset=utf-8", 405),
        ('application/json;charset="UTF-8"', 405),
        ("application/merge-patch+json", 405),
        ("application/json; charset=utf-16", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/jsonp", 415),
        ("", 415),
    ],
)
async def test_bodies_are_json(kind: str, status: int) -> None:
    assert (await client().send("POST", LIVE, b"{}", headers={"Content-Type": kind})).status == status


async def test_a_body_without_a_content_type_is_refused_and_none_needs_no_type() -> None:
    assert (await client().send("POST", LIVE, b"{}")).status == 415
    assert (await client().send("POST", LIVE)).status == 405
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client().send("POST", LIVE, headers=form)).status == 415, "an empty form is a form"
    chunked = [(b"transfer-encoding", b"chunked")]
    assert (await client().ask("POST", LIVE, chunked, [b"{", b"}"])).status == 415


async def test_too_large_a_body_is_refused_before_it_is_read() -> None:
    answer = await client(body_max=100).send("POST", SIGN_IN, b" " * 101, headers={"Content-Type": "application/json"})
    assert answer.status == 413
    assert answer.headers["connection"] == "close"
    huge = {"Content-Type": "application/json", "Content-Length": "9" * 5_000}
    assert (await client().send("POST", SIGN_IN, b"{}", headers=huge)).status == 413
    wrong = {"Content-Type": "application/json", "Content-Length": "-1"}
    assert (await client().send("POST", SIGN_IN, b"{}", headers=wrong)).status == 413


async def test_too_large_a_body_in_chunks_is_refused_while_it_is_read() -> None:
    headers = [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")]
    answer = await client(body_max=100).ask("POST", SIGN_IN, headers, [b" " * 60, b" " * 60, b" " * 60])
    assert answer.status == 413


async def test_addresses_and_headers_have_limits() -> None:
    assert (await client().get(LIVE + "?" + "a" * 70_000)).status == 414
    assert (await client().get(LIVE, {"X-Long": "a" * 40_000})).status == 431
    assert (await client().get(LIVE, {f"X-{n}": "1" for n in range(101)})).status == 431


def dressed(answer: Answer) -> bool:
    return (
        answer.headers["x-content-type-options"] == "nosniff"
        and answer.headers["x-frame-options"] == "DENY"
        and answer.headers["referrer-policy"] == "no-referrer"
        and answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        and re.fullmatch(r"[0-9a-f]{8}-[0-9]+", answer.headers["x-request-id"]) is not None
    )


async def test_every_answer_carries_the_headers_of_caution() -> None:
    asked = client()
    answers = [
        await asked.get(LIVE),
        await asked.get("/nothing"),
        await asked.get(LIVE, {"Host": "evil.test"}),
        await asked.send("POST", LIVE, b"x"),
        await asked.get("/api/openapi.json"),
    ]
    assert [answer.status for answer in answers] == [200, 404, 421, 415, 200]
    assert all(dressed(answer) for answer in answers)
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
    assert answers[0].headers["cache-control"] == "no-store"


async def test_what_is_not_there_is_a_problem_and_a_wrong_method_names_the_right_ones() -> None:
    nothing = await client().get("/api/v2/tasks")
    assert (nothing.status, nothing.json["title"]) == (404, "Not Found")
    wrong = await client().delete("/api/v1/tasks")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, POST")
    assert wrong.json["detail"] == "DELETE is not done here; GET, POST is."
    assert (await client().get("/api/v1/tasks/")).status == 404, "no redirects"


async def test_web_sockets_are_not_answered() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    await client().app({"type": "websocket", "path": "/", "headers": []}, receive, send)
    assert sent == []
