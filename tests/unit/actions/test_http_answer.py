"""How statuses, texts and Retry-After of strange servers are read."""

import pytest

from horarium.actions.http_answer import expected, retry_after, text


@pytest.mark.parametrize(
    ("value", "seconds"),
    {
        "0": 0,
        "120": 120,
        " 7 ": 7,
        "86401": 86_400,
        "99999999999999999999": 86_400,
        "Sun, 28 Mar 2027 01:31:30 GMT": 90,
        "Sunday, 28-Mar-27 01:31:30 GMT": 90,
        "Sun Mar 28 01:31:30 2027": 90,
        "Sun, 28 Mar 2027 01:29:00 GMT": 0,
        "Sun, 28 Mar 2032 01:29:00 GMT": 86_400,
        "-5": None,
        "1.5": None,
        "٣": None,
        "soon": None,
        "": None,
        "Sun, 99 Mar 2027 01:31:30 GMT": None,
        "Sun, 28 Mar 99999999 01:31:30 GMT": None,
    }.items(),
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, "Sun, 28 Mar 2027 01:30:00 GMT") == seconds


def test_retry_after_without_a_clock() -> None:
    assert retry_after("Sun, 28 Mar 2027 01:31:30 GMT", None) is None
    assert retry_after("Sun, 28 Mar 2027 01:31:30 GMT", "today") is None
    assert retry_after(None, None) is None


def test_expected_statuses() -> None:
    assert expected(204, ("2xx",))
    assert expected(404, (200, 404))
    assert expected(503, ("2xx", "5xx"))
    assert not expected(302, ("2xx", 301))


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "zlib", "rot13", "undefined", "no-such", "raw_unicode_escape", "a\0b", ""]
)
def test_a_strange_charset_is_read_as_utf_8(charset: str) -> None:
    assert text("grün".encode(), charset) == "grün"


def test_text_by_its_charset() -> None:
    assert text("grün".encode("latin-1"), "ISO-8859-1") == "grün"
    assert text("grün".encode("utf-16"), "utf-16") == "grün"
    assert text("ж".encode("koi8-r"), "koi8-r") == "ж"
