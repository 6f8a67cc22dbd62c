"""A browser is opened only where somebody sits in front of it, and the link is nobody else's to read."""

import os
import re
import stat
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from horarium import browser
from horarium.browser import can_open, leading_to, open_link, tunnel
from tests.unit.cli.conftest import Type
from tests.unit.cli.stub import Stub

DESK = {"DISPLAY": ":0", "HOME": "/home/ada"}
LINK = "http://127.0.0.1:8787/setup#k=7Qd2-91xM"


@pytest.mark.parametrize("environment", [DESK, {"WAYLAND_DISPLAY": "wayland-0"}])
def test_at_a_desk_it_opens(environment: dict[str, str]) -> None:
    assert can_open(environment, tty=True, platform="linux", marks=False)


def test_a_mac_has_a_display_without_saying_so() -> None:
    assert can_open({}, tty=True, platform="darwin", marks=False)


@pytest.mark.parametrize(
    "more",
    [
        {"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.9 22"},
        {"SSH_TTY": "/dev/pts/1"},
        {"SSH_CLIENT": "10.0.0.2 50000 22"},
        {"CI": "true"},
        {"container": "podman"},
        {"KUBERNETES_SERVICE_HOST": "10.0.0.1"},
        {"DISPLAY": ""},
    ],
)
def test_elsewhere_it_does_not(more: dict[str, str]) -> None:
    assert not can_open({**DESK, **more}, tty=True, platform="linux", marks=False)


def test_nor_without_a_terminal_in_a_container_or_on_a_system_we_do_not_know() -> None:
    assert not can_open(DESK, tty=False, platform="linux", marks=False)
    assert not can_open(DESK, tty=True, platform="linux", marks=True)
    assert not can_open(DESK, tty=True, platform="win32", marks=False)


def test_over_ssh_the_tunnel_is_named() -> None:
    reached = {"SSH_CONNECTION": "203.0.113.7 50000 198.51.100.4 22"}
    assert tunnel(reached, 8787) == "ssh -L 8787:localhost:8787 198.51.100.4"
    assert tunnel({"SSH_TTY": "/dev/pts/1"}, 9000) == "ssh -L 9000:localhost:9000 HOST"


class Refresh(HTMLParser):
    """Where a document leads by itself."""

    target = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "meta" and named.get("http-equiv") == "refresh":
            self.target = (named["content"] or "").partition("url=")[2]


def test_the_file_leads_to_the_link_and_to_nothing_else() -> None:
    for link in (LINK, 'http://x/#"><script>alert(1)</script>&amp;'):
        parser = Refresh()
        parser.feed(leading_to(link))
        assert parser.target == link
        assert "<script" not in leading_to(link)


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that notes what it was asked to open."""
    noted = tmp_path / "noted"
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {noted}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return noted


def test_the_key_is_in_a_file_of_this_user_and_in_no_argument(opener: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    for key in ("first", "second"):
        assert open_link(f"http://127.0.0.1:8787/setup#k={key}", state, "linux")
        (argument,) = opener.read_text().splitlines()
        assert key not in argument
        file = Path(url2pathname(urlsplit(argument).path))
        assert file.parent == state
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert f"#k={key}" in file.read_text()


def test_where_nothing_opens_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not open_link(LINK, tmp_path, "linux")
    failing = tmp_path / "xdg-open"
    failing.write_text("#!/bin/sh\nexit 3\n")
    failing.chmod(0o755)
    assert not open_link(LINK, tmp_path, "linux")


def test_open_opens_where_there_is_a_page_and_a_screen(
    stub: Stub, typed: Type, opener: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {"key": "abc-DEF", "link": f"{stub.url}/setup#k=abc-DEF", "expires_at": "2027-03-01T00:30:00.000Z"}
    stub.answers["POST /session/key"] = (201, made)
    monkeypatch.setattr(browser, "page_built", lambda: True)
    monkeypatch.setattr(browser, "can_open", lambda environment, tty: True)
    monkeypatch.setitem(browser.OPENERS, "darwin", "xdg-open")
    done = typed("open")
    assert (done.exit_code, done.stdout) == (0, "")
    assert opener.exists()
    assert "abc-DEF" not in done.output
    opener.unlink()
    stub.answers["POST /session/key"] = (201, {**made, "link": "http://127.0.0.1:1/setup#k=abc-DEF"})
    elsewhere = typed("open")
    assert re.search(r"^abc-DEF$", elsewhere.stdout, re.MULTILINE)
    assert not opener.exists()
