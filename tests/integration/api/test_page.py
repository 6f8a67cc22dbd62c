"""The page as it is served: filled in for each request, compressed as the browser likes, at its own addresses and no others."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from horarium.api.page_routes import CLIENT_WORDS
from horarium.api.static import encodings, find_page
from tests.house.paths import ROOT
from tests.integration.api.client import Answer
from tests.integration.api.house import House, build_house

DOCUMENT = '<html data-theme="__THEME__" data-session="__SESSION__"><base href="__BASE__"><script nonce="__CSP_NONCE__" src="x">'
SCRIPT = b"console.log('a page')\n" * 50
HTML = {"Accept": "text/html,application/xhtml+xml"}


def built(folder: Path) -> Path:
    """What a build leaves behind, in small."""
    (folder / "assets").mkdir()
    (folder / "index.html").write_text(DOCUMENT, "utf-8")
    (folder / "docs.html").write_text(DOCUMENT.replace("<html", "<html id=docs"), "utf-8")
    (folder / "assets" / "index-AbC123.js").write_bytes(SCRIPT)
    (folder / "assets" / "index-AbC123.js.gz").write_bytes(gzip.compress(SCRIPT, mtime=0))
    (folder / "assets" / "index-AbC123.js.br").write_bytes(b"brotli")
    (folder / "assets" / "inter-AbC123.woff2").write_bytes(b"font")
    (folder / "assets" / "notes.env").write_text("secret", "utf-8")
    (folder / "secret.txt").write_text("secret", "utf-8")
    return folder


@pytest.fixture
async def paged(tmp_path: Path) -> AsyncIterator[House]:
    house = build_house(page=find_page(built(tmp_path)))
    yield house
    await house.store.close()


def nonce_of(answer: Answer) -> str:
    found = re.search(r'nonce="(\w+)"', answer.body.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tasks",
        "/tasks/01JD8Z5B1ZC7TR0Q3H6W0XQ2SG",
        "/tasks?q=a&state=failing",
        "/runs/1",
        "/settings/tokens",
        "/setup",
        "/signin",
    ],
)
async def test_every_address_of_the_page_is_answered_by_it(paged: House, path: str) -> None:
    answer = await paged.nobody.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<base href="/">' in answer.body.decode()
    assert answer.headers["cache-control"] == "no-store"


async def test_the_policy_lets_in_this_answers_nonce_and_nothing_from_elsewhere(paged: House) -> None:
    first, second = await paged.nobody.get("/"), await paged.nobody.get("/")
    assert nonce_of(first) != nonce_of(second)
    assert len(nonce_of(first)) == 32
    policy = dict(part.strip().partition(" ")[::2] for part in first.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "script-src": f"'self' 'nonce-{nonce_of(first)}'",
        "style-src": f"'self' 'nonce-{nonce_of(first)}'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert first.headers["x-frame-options"] == "DENY"


async def test_the_api_keeps_its_own_stricter_policy(paged: House) -> None:
    answer = await paged.nobody.get("/health/live")
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("cookies", "theme", "session"),
    [
        ("", "system", "none"),
        ("horarium_theme=dark", "dark", "none"),
        ("horarium_theme=light; horarium_8787=x", "light", "maybe"),
        ('horarium_theme="><script>', "system", "none"),
    ],
)
async def test_the_theme_and_whether_to_ask_for_a_session_come_with_the_document(
    paged: House, cookies: str, theme: str, session: str
) -> None:
    body = (await paged.nobody.get("/tasks", {"Cookie": cookies} if cookies else None)).body.decode()
    assert f'<html data-theme="{theme}" data-session="{session}">' in body
    assert "><script>" not in body


async def test_below_a_prefix_the_document_says_so(tmp_path: Path) -> None:
    house = build_house(page=find_page(built(tmp_path)), base_path="/horarium")
    for path in ("/horarium/", "/horarium/tasks/x", "/tasks/x"):
        answer = await house.nobody.get(path)
        assert (answer.status, '<base href="/horarium/">' in answer.body.decode()) == (200, True), path
    assert (await house.nobody.get("/horarium/assets/index-AbC123.js")).body == SCRIPT
    await house.store.close()


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", gzip.compress(SCRIPT, mtime=0)),
        ("gzip;q=0.5, br;q=0", "gzip", gzip.compress(SCRIPT, mtime=0)),
        ("identity", None, SCRIPT),
        ("", None, SCRIPT),
    ],
)
async def test_files_come_as_the_browser_likes_them_and_may_be_kept_for_ever(
    paged: House, accepted: str, encoding: str | None, body: bytes
) -> None:
    answer = await paged.nobody.get("/assets/index-AbC123.js", {"Accept-Encoding": accepted})
    assert (answer.status, answer.headers.get("content-encoding")) == (200, encoding)
    if encoding == "gzip":
        assert gzip.decompress(answer.body) == SCRIPT
    else:
        assert answer.body == body
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_a_font_is_a_font(paged: House) -> None:
    answer = await paged.nobody.get("/assets/inter-AbC123.woff2", {"Accept-Encoding": "br"})
    assert (answer.headers["content-type"], answer.body) == ("font/woff2", b"font")


@pytest.mark.parametrize(
    "name",
    [
        "no.js",
        "notes.env",
        "..%2Fsecret.txt",
        "%2e%2e/secret.txt",
        "../secret.txt",
        "index-AbC123.js.gz",
        "",
        "a\x00.js",
    ],
)
async def test_no_other_file_is_ever_served(paged: House, name: str) -> None:
    answer = await paged.nobody.get(f"/assets/{name}")
    assert answer.status == 404
    assert b"secret" not in answer.body.replace(b"/secret.txt", b"")


async def test_the_api_browser_is_a_document_of_its_own(paged: House) -> None:
    answer = await paged.nobody.get("/docs")
    assert (answer.status, b"<html id=docs" in answer.body) == (200, True)


async def test_a_person_who_is_lost_gets_the_page_and_a_program_a_problem(paged: House) -> None:
    lost = await paged.nobody.get("/no/such/thing", HTML)
    assert (lost.status, lost.headers["content-type"]) == (404, "text/html; charset=utf-8")
    for path, accepts in (("/no/such/thing", {}), ("/api/v1/nothing", HTML), ("/assets/no.js", HTML)):
        told = await paged.nobody.get(path, accepts)
        assert (told.status, told.headers["content-type"]) == (404, "application/problem+json"), path


async def test_without_a_page_the_root_says_where_things_are(house: House) -> None:
    assert (await house.nobody.get("/", HTML)).json["api"] == "/api/v1"
    for path in ("/tasks", "/docs", "/assets/index.js"):
        assert (await house.nobody.get(path, HTML)).status == 404


def test_a_folder_without_a_document_is_no_page(tmp_path: Path) -> None:
    assert find_page(tmp_path) is None


def test_page_and_server_know_the_same_addresses() -> None:
    text = (ROOT / "web/src/app/addresses.ts").read_text("utf-8")
    assert tuple(re.findall(r'"(\w+)"', text)) == CLIENT_WORDS


def test_accepted_encodings_are_read_as_the_rfc_says() -> None:
    assert encodings("GZIP;q=1.0, br ;q=0.001, identity; q=0") == {"gzip", "br"}
    assert encodings("") == {""}
