"""What is said about a call that failed shows no secret, and nothing that a terminal obeys."""

import aiohttp
import pytest
from yarl import URL

from horarium.actions.http_words import NotCallable, failed, named, place, size, why
from horarium.core.outcome import DETAIL_MAX, Failed


def test_a_detail_is_one_short_line_of_plain_text() -> None:
    assert failed("a\x1b[31m\r\nb\u202e", 200) == Failed(reason="error", http_status=200, detail="a [31m  b ")
    assert len(failed("x" * 10_000).detail or "") == DETAIL_MAX


def test_a_place_shows_neither_user_nor_path_nor_query() -> None:
    assert place(URL("https://me:secret@here.test:8443/hook/secret?token=secret#secret")) == "https://here.test:8443"


def test_a_bad_url_is_not_quoted() -> None:
    assert "secret" not in why(aiohttp.InvalidURL("http://4294967296/?token=secret"))


def test_a_call_that_cannot_be_made_says_why_itself() -> None:
    assert why(NotCallable("because")) == "because"


@pytest.mark.parametrize(("status", "words"), {404: "404 Not Found", 299: "299", 999: "999"}.items())
def test_statuses_by_name(status: int, words: str) -> None:
    assert named(status) == words


@pytest.mark.parametrize(("count", "words"), {16_777_216: "16 MiB", 1_048_577: "1048577 bytes", 2: "2 bytes"}.items())
def test_sizes_by_unit(count: int, words: str) -> None:
    assert size(count) == words
