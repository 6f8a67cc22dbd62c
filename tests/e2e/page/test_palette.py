"""The command palette and the keys, with no hand on the mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.page.conftest import WAIT_MS, Open, found_by_axe, is_at
from tests.server import Server

expect.set_options(timeout=WAIT_MS)


def shown(page: Page) -> None:
    page.get_by_role("table", name="Tasks").get_by_role("link").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_task_is_found_and_opened_by_keys_alone(opened: Open, scheme: str) -> None:
    page = opened("/tasks", color_scheme=scheme)
    shown(page)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search tasks and commands")
    expect(field).to_be_focused()
    assert found_by_axe(page) == []
    page.keyboard.type("month")
    expect(page.get_by_role("option", name=re.compile("month end"))).to_be_visible()
    expect(page.get_by_role("option", selected=True)).to_contain_text("month end")
    assert found_by_axe(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="month end")).to_be_visible()
    expect(field).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("zzzz")
    expect(page.get_by_text("No task and no command is called that.")).to_be_visible()
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("t")
    shown(page)


def test_commands_are_meant_by_their_words(opened: Open) -> None:
    page = opened("/tasks", color_scheme="light")
    shown(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("dark")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Colours: dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Control+k")
    page.keyboard.type("utc")
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Next run (UTC)")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("failing")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Failing tasks")
    page.keyboard.press("Enter")
    is_at(page, "/tasks?state=failing")


def test_an_id_leads_to_its_task(opened: Open, server: Server) -> None:
    task = server.ask("GET", "/tasks/by-name/month%20end")["id"]
    page = opened("/tasks")
    shown(page)
    page.keyboard.press("Control+k")
    page.keyboard.type(task)
    expect(page.get_by_role("option", name=f"Task {task}")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="month end")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_key_is_listed_and_letters_can_be_switched_off(opened: Open, scheme: str) -> None:
    page = opened("/tasks", color_scheme=scheme)
    shown(page)
    page.keyboard.press("j")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    for said in ("Search tasks and commands", "Go to Tasks", "New task", "Run now; Enter confirms", "This list"):
        expect(sheet.get_by_text(said)).to_be_visible()
    assert found_by_axe(page) == []
    switch = sheet.get_by_role("checkbox", name="Single letters do things")
    switch.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("table", name="Tasks").get_by_role("link").first).to_be_focused()  # the row again
    page.keyboard.press("?")
    page.keyboard.press("t")
    page.keyboard.press("/")
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    expect(sheet).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
    page.keyboard.press("Control+k")  # no single letter
    page.keyboard.type("single")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Switch single-letter keys on")
    page.keyboard.press("Enter")
    page.keyboard.press("?")
    expect(sheet).to_be_visible()


def test_in_a_field_a_letter_is_a_letter(opened: Open) -> None:
    page = opened("/tasks")
    shown(page)
    page.keyboard.press("/")
    page.keyboard.type("t?gt")
    expect(page.get_by_role("searchbox")).to_have_value("t?gt")
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_menu_of_a_row_leads_to_what_comes(opened: Open) -> None:
    page = opened("/tasks")
    shown(page)
    page.get_by_role("button", name="Actions for month end").click()
    page.get_by_role("menuitem", name="Upcoming").click()
    is_at(page, "/upcoming?task=*")
    expect(page.get_by_text("month end").first).to_be_visible()


def test_the_zone_of_new_tasks_is_chosen_at_the_first_start(opened: Open, server: Server) -> None:
    link = str(server.ask("POST", "/session/key")["link"]).removeprefix(server.url)
    page = opened(link, signed_in=False)
    zone = page.get_by_label("Your tasks default to the time zone")
    expect(zone).to_have_value("Europe/Berlin")
    zone.select_option("Asia/Tokyo")
    expect(page.get_by_text(re.compile(r"It is \d\d:\d\d there"))).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Start").click()
    shown(page)
    assert server.ask("GET", "/settings")["timezone"] == "Asia/Tokyo"
    server.ask("PATCH", "/settings", {"timezone": "Europe/Berlin"})
