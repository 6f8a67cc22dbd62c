"""What an action may say."""

from typing import Any

import pytest

from horarium.core.action import Command, Http, Log, PythonCall
from horarium.core.errors import BadValue

KINDS: dict[Any, str] = {Log: "log", Http: "http", Command: "command", PythonCall: "python"}


def made(shape: Any, **more: Any) -> Any:
    return shape(kind=KINDS[shape], **more)


@pytest.mark.parametrize(
    ("shape", "more"),
    [
        (Log, {"message": ""}),
        (Log, {"message": "x" * 65_536}),
        (Http, {"url": "http://localhost"}),
        (Http, {"url": "HTTPS://[::1]:8080/a?b=c#d", "method": "DELETE"}),
        (Http, {"url": "http://a/", "body": "x", "headers": {"X-A!#": "ü b\tc"}}),
        (Http, {"url": "http://a/", "json": {"a": [1, None]}}),
        (Http, {"url": "http://a/", "expect_status": (100, 599, "3xx")}),
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
    ],
)
def test_actions_that_do_not(field: str, shape: Any, more: dict[str, Any]) -> None:
    with pytest.raises(BadValue) as refused:
        made(shape, **more)
    assert refused.value.field == field
