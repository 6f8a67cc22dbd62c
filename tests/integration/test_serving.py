"""The web server below the application: what is no HTTP, who does not finish, and what the log says of it."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server import Server, eventually

HOST = b"Host: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("serving"), "--roles", "api") as running:
        yield running


def answer(server: Server, request: bytes) -> tuple[int, dict[str, str], Any]:
    """What comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while part := connection.recv(65_536):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    headers = dict(field.lower().split(": ", 1) for field in fields)
    return int(line.split()[1]), headers, json.loads(body)


@pytest.mark.parametrize(
    ("request_", "status", "kind"),
    [
        (b"NONSENSE\r\n\r\n", 400, "malformed"),
        (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 400, "malformed"),
        (
            b"POST /api/v1/session HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
            400,
            "malformed",
        ),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, "address-too-long"),
        (b"GET /" + b"a" * 65_535 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, "address-too-long"),
    ],
    ids=["line", "version", "two lengths", "address", "address one byte too long"],
)
def test_what_is_no_http_is_refused_by_a_problem(server: Server, request_: bytes, status: int, kind: str) -> None:
    said, headers, problem = answer(server, request_)
    assert said == status
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert headers["x-content-type-options"] == "nosniff"
    assert (problem["status"], problem["type"]) == (status, f"urn:horarium:{kind}")
    assert problem["detail"]


def logged(server: Server) -> list[dict[str, Any]]:
    lines = server.log.read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_the_log_says_it_in_our_own_form(server: Server) -> None:
    answer(server, b"NONSENSE\r\n\r\n")
    entries = [entry for entry in eventually(lambda: logged(server)) if entry.get("by") == "uvicorn"]
    assert entries[-1]["level"] == "warning"
    assert entries[-1]["event"] == "Invalid HTTP request received."
    assert "\nInvalid" not in server.log.read_text()


def test_whoever_leaves_in_the_middle_is_no_error(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(half_sent())
        time.sleep(0.2)
    assert server.status("GET", "/health/live") == 200
    assert "Traceback" not in server.log.read_text()
    assert "Exception in ASGI" not in server.log.read_text()


def half_sent() -> bytes:
    head = (
        b"POST /api/v1/session HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    )
    return head + b'{"key": '


def test_half_sent_requests_do_not_hold_up_the_end_nor_spoil_the_log(tmp_path: Path) -> None:
    with Server(tmp_path, "--roles", "api") as server:
        kept = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
        kept[0].sendall(half_sent())
        kept[1].sendall(half_sent()[:40])
        time.sleep(0.2)
        assert server.stop() == 0
        for connection in kept:
            connection.close()
    said = server.log.read_text()
    assert "Traceback" not in said
    assert "Cancel" not in said
