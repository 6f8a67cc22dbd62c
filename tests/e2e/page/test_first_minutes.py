"""The first minutes: an empty page, what can be brought along, and a test before anything is saved."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.page.conftest import WAIT_MS, Open, found_by_axe
from tests.server import Server, eventually

expect.set_options(timeout=WAIT_MS)

FIRST_RUN_SECONDS_MAX = 60
CLICKS_MAX = 6
CRONTAB = """MAILTO=ops@example.com
30 2 * * * /usr/local/bin/backup --all
0 9 * * 1-5 echo "good morning"
@reboot /usr/local/bin/warm-up
"""
SCHEMES = ["light", "dark"]
Scheme = Literal["light", "dark"]
Begin = Callable[..., Page]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path, environment={"TZ": "Europe/Berlin"}) as started:
        yield started


@pytest.fixture
def begun(browser: Browser, empty: Server) -> Iterator[Begin]:
    """The page of a service without a task, after its first Start. At the end nothing may have complained."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def begin(**wishes: Any) -> Page:
        context = browser.new_context(**{"timezone_id": "Europe/Berlin", "locale": "en-GB", **wishes})
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(str(empty.ask("POST", "/session/key")["link"]))
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_role("heading", name="What should run, and when?")).to_be_visible()
        return page

    yield begin
    for context in contexts:
        context.close()
    assert complaints == []


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_the_printed_link_leads_to_a_green_run_within_a_minute_and_six_clicks(browser: Browser, tmp_path: Path) -> None:
    began = time.monotonic()
    with Server(tmp_path, environment={"TZ": "Europe/Berlin"}) as empty:
        link = re.compile(r"http://[^\s\"]+/setup#k=[\w-]+")
        printed: re.Match[str] = eventually(lambda: link.search(empty.log.read_text("utf-8")), WAIT_MS / 1_000)
        page = browser.new_context().new_page()
        page.set_default_timeout(WAIT_MS)
        page.add_init_script(
            "addEventListener('click', () => sessionStorage.clicks = 1 + Number(sessionStorage.clicks ?? 0), true)"
        )
        page.goto(printed[0])
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Run it now").click()
        expect(page.get_by_role("status").filter(has_text="Succeeded after")).to_be_visible()
        took = time.monotonic() - began
        clicks = int(page.evaluate("sessionStorage.clicks"))
        page.context.close()
        assert [run["state"] for run in empty.ask("GET", "/runs")["items"]] == ["succeeded"]
    assert took <= FIRST_RUN_SECONDS_MAX
    assert clicks <= CLICKS_MAX


def test_the_empty_page_has_one_primary_button(begun: Begin) -> None:
    page = begun()
    primary = page.locator('[data-look="primary"]')
    expect(primary).to_have_text(["Run it now"])
    expect(page.get_by_role("link", name="New task")).to_have_count(0)
    page.get_by_role("button", name="From curl").click()
    expect(primary).to_have_count(1)
    page.get_by_role("button", name="Run it now").click()
    expect(page.get_by_text("Succeeded after")).to_be_visible()
    expect(primary).to_have_text(["Show all tasks"])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_crontab_shows_what_it_makes_and_makes_it_only_when_told(begun: Begin, empty: Server, scheme: Scheme) -> None:
    page = begun(color_scheme=scheme)
    page.get_by_role("button", name="Import crontab").click()
    box = sheet(page).get_by_role("textbox", name="Crontab")
    expect(box).to_be_focused()
    expect(sheet(page).get_by_role("button", name="Make tasks")).to_be_disabled()
    assert found_by_axe(page) == []
    box.fill(CRONTAB)
    table = sheet(page).get_by_role("table", name="What it makes")
    morning = table.get_by_role("row").filter(has_text="good morning")
    expect(morning).to_contain_text("At 09:00, Monday to Friday, Europe/Berlin")
    expect(morning).to_contain_text(re.compile(r"Next: .* 09:00 CES?T"))
    expect(table.get_by_role("row").filter(has_text="warm-up")).to_contain_text("Left out")
    expect(sheet(page).get_by_text("Nothing is written yet")).to_be_visible()
    assert found_by_axe(page) == []
    assert empty.ask("GET", "/tasks")["items"] == []
    sheet(page).get_by_role("button", name="Make 2 tasks").click()
    expect(page.get_by_text("Made 2 tasks of the crontab")).to_be_visible()
    expect(page.get_by_role("table", name="Tasks").get_by_role("link")).to_have_count(2)
    made = {task["schedule"]["expression"]: task["action"]["shell"] for task in empty.ask("GET", "/tasks")["items"]}
    assert made == {"30 2 * * *": "/usr/local/bin/backup --all", "0 9 * * 1-5": 'echo "good morning"'}


def test_a_crontab_that_is_put_away_leaves_nothing(begun: Begin, empty: Server) -> None:
    page = begun()
    page.get_by_role("button", name="Import crontab").click()
    sheet(page).get_by_role("textbox", name="Crontab").fill(CRONTAB)
    expect(sheet(page).get_by_role("button", name="Make 2 tasks")).to_be_enabled()
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Import crontab")).to_be_focused()
    assert empty.ask("GET", "/tasks")["items"] == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_curl_command_opens_the_form_filled_in(begun: Begin, scheme: Scheme) -> None:
    page = begun(color_scheme=scheme)
    page.get_by_role("button", name="From curl").click()
    box = page.get_by_role("textbox", name="A curl command")
    expect(box).to_be_focused()
    box.fill("wget example.com")
    expect(page.get_by_text("This is not one whole curl command yet")).to_be_visible()
    expect(page.get_by_role("button", name="Fill in the form")).to_be_disabled()
    assert found_by_axe(page) == []
    box.fill("curl -X POST https://example.com/hook -d a=1")
    page.get_by_role("button", name="Fill in the form").click()
    expect(sheet(page).get_by_role("textbox", name="Address")).to_have_value("https://example.com/hook")
    expect(sheet(page).get_by_role("combobox", name="Method")).to_have_value("POST")
    expect(sheet(page).get_by_role("textbox", name="Body")).to_have_value("a=1")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_action_is_run_once_with_nothing_saved(opened: Open, server: Server, scheme: Scheme) -> None:
    before = [task["id"] for task in server.ask("GET", "/tasks")["items"]]
    page = opened("/tasks/new", color_scheme=scheme)
    test = sheet(page).get_by_role("region", name="Test")
    expect(test.get_by_role("button", name="Run once now")).to_be_disabled()
    expect(test.get_by_text("Say what to run.")).to_be_visible()
    assert found_by_axe(page) == []
    sheet(page).get_by_role("textbox", name="Command").fill("echo one; sleep 1; echo two >&2; exit 3")
    test.get_by_role("button", name="Run once now").click()
    expect(test.get_by_label("Output")).to_contain_text("one")
    expect(test.get_by_role("status")).to_have_text(re.compile("^Failed after .*: exit 3"))
    expect(test.get_by_label("Output")).to_contain_text("two")
    expect(test.get_by_role("button", name="Run once more")).to_be_focused()
    assert found_by_axe(page) == []
    sheet(page).get_by_role("textbox", name="Command").fill("echo better")
    expect(test.get_by_text("Changed since")).to_be_visible()
    test.get_by_role("button", name="Run once more").click()
    expect(test.get_by_role("status")).to_contain_text("Succeeded after")
    expect(test.get_by_label("Output")).to_have_text("better")
    assert [task["id"] for task in server.ask("GET", "/tasks")["items"]] == before


def test_a_test_can_be_stopped_and_keeps_to_the_time_limit_of_the_form(opened: Open) -> None:
    page = opened("/tasks/new")
    test = sheet(page).get_by_role("region", name="Test")
    sheet(page).get_by_role("textbox", name="Command").fill("echo begun; exec sleep 300")
    test.get_by_role("button", name="Run once now").click()
    expect(test.get_by_label("Output")).to_contain_text("begun")
    test.get_by_role("button", name="Stop").click()
    expect(test.get_by_role("status")).to_contain_text("Cancelled")
    sheet(page).get_by_text("If things go wrong").click()
    sheet(page).get_by_role("textbox", name="Time limit").fill("1")
    test.get_by_role("button", name="Run once more").click()
    expect(test.get_by_role("status")).to_have_text(re.compile("^Failed after"))


def test_a_test_fits_on_a_phone(opened: Open) -> None:
    page = opened("/tasks/new", viewport={"width": 320, "height": 640}, has_touch=True)
    test = sheet(page).get_by_role("region", name="Test")
    sheet(page).get_by_role("textbox", name="Command").fill("echo " + "wide" * 40)
    test.get_by_role("button", name="Run once now").click()
    expect(test.get_by_role("status")).to_contain_text("Succeeded after")
    box = test.get_by_role("button", name="Run once more").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert sheet(page).evaluate("(e) => Array.from(e.querySelectorAll('*')).every(x => x.scrollWidth <= innerWidth)")
    assert found_by_axe(page) == []
