"""What an action may say."""

import re
from typing import Any

import pytest
from pydantic import TypeAdapter

from horarium.api.limits import URL
from horarium.core.action import ACTION_BYTES_MAX, Action, Command, Http, Log, PythonCall, may_be_secret
from horarium.core.errors import BadValue

KINDS: dict[Any, str] = {Log: "log", Http: "http", Command: "command", PythonCall: "python"}


def deep(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    return value


def made(shape: Any, **more: Any) -> Any:
    return shape(kind=KINDS[shape], **more)


@pytest.mark.parametrize(
    ("shape", "more"),
    [
        (Log, {"message": ""}),
        (Log, {"message": "x" * (65_536 - len('{"kind":"log","message":""}'))}),
        (Http, {"url": "http://localhost"}),
        (Http, {"url": "HTTPS://[::1]:8080/a?b=c#d", "method": "DELETE"}),
        (Http, {"url": "http://a/", "body": "x", "headers": {"X-A!#": "ü b\tc"}}),
        (Http, {"url": "http://a/", "json": {"a": [1, None]}}),
        (Http, {"url": "http://a/", "expect_status": (100, 599, "3xx")}),
        (Http, {"url": "http://a/", "json": deep(64)}),
        (PythonCall, {"function": "a:b", "args": ((),) * 1_000, "kwargs": {"x": deep(63)}}),
        (Command, {"argv": ("true",)}),
        (Command, {"argv": ("echo", "", "two words", "ü")}),
        (Command, {"shell": "echo a | wc", "cwd": "/", "env": {"A": "", "B": "x=y"}}),
        (PythonCall, {"function": "reports.daily:send"}),
        (PythonCall, {"function": "a:B.c", "args": (1, [2]), "kwargs": {"x": None}}),
    ],
)
def test_actions_that_do(shape: Any, more: dict[str, Any]) -> None:
    action = made(shape, **more)
    assert {name: getattr(action, name) for name in more} == more


LARGE: dict[str, tuple[Any, dict[str, Any]]] = {
    "message": (Log, {"message": "x" * 65_510}),
    "json": (Http, {"url": "http://a/", "body": None, "json": ["x" * 30_000, {"y": "y" * 40_000}]}),
    "headers": (Http, {"url": "http://a/", "body": "x" * 30_000, "headers": {"A": "x" * 40_000}}),
    "body": (Http, {"url": "http://a/", "body": "ü" * 33_000}),
    "argv": (Command, {"argv": ("a", "x" * 40_000, "y" * 40_000), "env": {"A": "x" * 20_000}}),
    "env": (Command, {"argv": ("a",), "env": {"A": "x" * 4_000_000}}),
    "shell": (Command, {"shell": "\n" * 33_000 + "x"}),
    "args": (PythonCall, {"function": "a:b", "args": ([0] * 70_000,)}),
    "kwargs": (PythonCall, {"function": "a:b", "kwargs": {"x": "x" * 70_000}}),
}


@pytest.mark.parametrize(
    ("field", "shape", "more"),
    [
        ("message", Log, {"message": "x" * 65_537}),
        *[
            ("url", Http, {"url": url})
            for url in ("", "a", "/a", "ftp://a/", "http://", "http:///", "http://a b", "http://a/\n", "http://a\x7f")
        ],
        ("url", Http, {"url": "http://" + "a" * 8_192}),
        ("json", Http, {"url": "http://a/", "body": "", "json": 1}),
        ("headers", Http, {"url": "http://a/", "headers": {"": "x"}}),
        ("headers", Http, {"url": "http://a/", "headers": {"A B": "x"}}),
        ("headers", Http, {"url": "http://a/", "headers": {"Ü": "x"}}),
        ("headers", Http, {"url": "http://a/", "headers": {"A:": "x"}}),
        ("headers", Http, {"url": "http://a/", "headers": {"A": "x\r\nB: y"}}),
        ("headers", Http, {"url": "http://a/", "headers": {"A": "x\0"}}),
        ("headers", Http, {"url": "http://a/", "headers": {f"A{n}": "x" for n in range(101)}}),
        ("expect_status", Http, {"url": "http://a/", "expect_status": ()}),
        ("expect_status", Http, {"url": "http://a/", "expect_status": (99,)}),
        ("expect_status", Http, {"url": "http://a/", "expect_status": (200, 600)}),
        ("argv", Command, {}),
        ("argv", Command, {"argv": ("a",), "shell": "a"}),
        ("argv", Command, {"argv": ()}),
        ("argv", Command, {"argv": ("",)}),
        ("argv", Command, {"argv": ("a",) * 1_001}),
        ("argv.1", Command, {"argv": ("a", "b\0")}),
        ("argv.0", Command, {"argv": ("x" * 65_537,)}),
        ("shell", Command, {"shell": " \n"}),
        ("shell", Command, {"shell": "a\0"}),
        ("cwd", Command, {"shell": "a", "cwd": "tmp"}),
        ("cwd", Command, {"shell": "a", "cwd": "/\0"}),
        ("env", Command, {"shell": "a", "env": {"": "x"}}),
        ("env", Command, {"shell": "a", "env": {"A=B": "x"}}),
        ("env", Command, {"shell": "a", "env": {"A": "\0"}}),
        ("env", Command, {"shell": "a", "env": {"HORARIUM_RUN_ID": "x"}}),
        ("env", Command, {"shell": "a", "env": {f"A{n}": "" for n in range(1_001)}}),
        *[
            ("function", PythonCall, {"function": name})
            for name in ("", "a", "a:", ":a", "a b:c", "a..b:c", "a:b:c", "a:b()", "1:a", "a.:b")
        ],
        ("args", PythonCall, {"function": "a:b", "args": (1,) * 1_001}),
        *[(field, *rest) for field, rest in LARGE.items()],
        ("json", Http, {"url": "http://a/", "json": deep(65)}),
        ("json", Http, {"url": "http://a/", "json": deep(100_000)}),
        ("json", Http, {"url": "http://a/", "json": {"x": float("inf")}}),
        ("args", PythonCall, {"function": "a:b", "args": tuple(deep(65))}),
        ("args", PythonCall, {"function": "a:b", "args": (b"x",)}),
        ("kwargs", PythonCall, {"function": "a:b", "kwargs": {"x": deep(64)}}),
    ],
)
def test_actions_that_do_not(field: str, shape: Any, more: dict[str, Any]) -> None:
    with pytest.raises(BadValue) as refused:
        made(shape, **more)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("shape", "more"),
    [
        (Log, {"message": '€\n\x00"'}),
        (
            Http,
            {"url": "http://a/", "headers": {"A": "1", "B": "2"}, "json": {"x": [1, 2.5, None, True, "ü"], "y": {}}},
        ),
        (Command, {"argv": ("a", "b\t"), "env": {"A": "1"}}),
        (PythonCall, {"function": "a:b", "args": (1, [2]), "kwargs": {"x": None}}),
    ],
)
def test_the_size_of_an_action_is_that_of_its_text_in_the_store(shape: Any, more: dict[str, Any]) -> None:
    """Filled up to the last byte it is accepted, with one byte more it is refused."""
    name = {Log: "message", Http: "expect_body", Command: "cwd", PythonCall: "kwargs"}[shape]
    adapter: TypeAdapter[Any] = TypeAdapter(Action)

    def filled(length: int) -> Any:
        text = "x" * length
        value = {Log: more.get("message", "") + text, Command: "/" + text, PythonCall: {"x": text}}.get(shape, text)
        return made(shape, **{**more, name: value})

    room = ACTION_BYTES_MAX - len(adapter.dump_json(filled(0)))
    assert len(adapter.dump_json(filled(room))) == ACTION_BYTES_MAX
    with pytest.raises(BadValue, match="65536 bytes"):
        filled(room + 1)


def test_a_value_that_shares_its_parts_is_judged_in_no_time() -> None:
    shared: list[Any] = []
    for _ in range(64):
        shared = [shared, shared]
    with pytest.raises(BadValue, match="larger than"):
        made(Http, url="http://a/", json=shared)


ADDRESSES = (
    "http://a",
    "http://a:/",
    "http://a:0/",
    "http://a:65535/?x#y",
    "http://a?x=:y@[z]\\",
    "https://user:pass@a:80/b@c",
    "http://u@v@h/",
    "http://[::1]",
    "http://u:p@[fe80::1%25eth0]:8080/",
    "http://a_b.c-d/",
    "http://ü/",
)
NO_ADDRESSES = (
    "http://:80/",
    "http://?x",
    "http://#x",
    "http://user@/",
    "http://user:pass@:80/",
    "http://a:b/",
    "http://a:65536/",
    "http://a:000080/",
    "http://a:-1/",
    "http://a:٣/",
    "http://::1/",
    "http://a:80:80/",
    "http://[::1/",
    "http://::1]/",
    "http://[]/",
    "http://[zz]/",
    "http://[::1]x/",
    "http://[::1]:x/",
    "http://[[::1]]/",
    "http://[::1]@a/",
    "http://a]/",
    "http://a\\b/",
    "http://a\\@b/",
    "http://a:8\\0/",
)


@pytest.mark.parametrize("url", ADDRESSES)
def test_addresses_that_can_be_called(url: str) -> None:
    assert made(Http, url=url).url == url
    assert re.search(URL, url), "the document allows it too"


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_addresses_that_nobody_could_call(url: str) -> None:
    with pytest.raises(BadValue) as refused:
        made(Http, url=url)
    assert refused.value.field == "url"


def test_a_piece_of_a_password_is_not_told() -> None:
    with pytest.raises(BadValue) as refused:
        made(Http, url="http://user:s3/cret@a/")
    assert "s3" not in f"{refused.value} {refused.value.remedy}"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *[(name, True) for name in ("Authorization", "X-API-Key", "private-token", "Set-Cookie", "X-Amz-Signature")],
        *[(name, False) for name in ("Accept", "Content-Type", "X-Plain", "Host")],
    ],
)
def test_which_headers_may_carry_a_credential(name: str, secret: bool) -> None:
    assert may_be_secret(name) is secret
