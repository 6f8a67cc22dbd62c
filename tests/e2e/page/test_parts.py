"""The page of parts, as `make dev` shows it to those who work on the page."""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.page.conftest import WAIT_MS, found_in_both_themes
from tests.house.paths import ROOT
from tests.needs import missing, program
from tests.server import eventually, free_port, listens

VITE = ROOT / "web" / "node_modules" / ".bin" / "vite"
PHONE: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def vite() -> Iterator[str]:
    program("node", "make dev brings it")
    if not VITE.is_file():
        missing("Vite", "make check installs it where there is Node")
    port = free_port()
    command = [str(VITE), "--port", str(port), "--clearScreen", "false"]
    environment = os.environ | {"HORARIUM_URL": f"http://127.0.0.1:{free_port()}"}  # the parts ask no server
    # In a group of its own: Node may stand behind a program that starts it and would outlive that one.
    process = subprocess.Popen(
        command, cwd=VITE.parents[2], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        eventually(lambda: process.poll() is not None or listens(port))
        assert process.poll() is None, "Vite has ended"
        yield f"http://127.0.0.1:{port}/dev/ui"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        eventually(lambda: not listens(port))


def test_every_part_stands_on_one_page_in_both_themes(browser: Browser, vite: str) -> None:
    with browser.new_context(viewport=PHONE) as context:
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(vite)
        expect(page.get_by_role("heading", name="The panel could not be loaded")).to_be_visible(timeout=WAIT_MS)
        assert found_in_both_themes(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
