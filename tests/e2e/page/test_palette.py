"""The command palette and the keys, with no hand on the mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.page.conftest import WAIT_MS, Afterwards, Open, found_by_axe, is_at
from tests.server import Server

expect.set_options(timeout=WAIT_MS)


def shown(page: Page) -> None:
    page.get_by_role("table", name="Tasks").get_by_role("link").first.wait_for()


def idle(server: Server, name: str) -> str:
    """A task that is due tomorrow at the earliest."""
    action = {"kind": "log", "message": "."}
    made = server.ask(
        "POST", "/tasks", {"name": name, "schedule": {"kind": "every", "seconds": 86_400}, "action": action}
    )
    return str(made["id"])


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


def test_the_letters_of_the_menu_work_on_the_page_of_a_task(
    opened: Open, server: Server, gone_afterwards: Afterwards
) -> None:
    task = idle(server, "by letters")
    gone_afterwards(task)
    for tab in ("", "?tab=runs", "?tab=history"):
        page = opened(f"/tasks/{task}{tab}")
        expect(page.get_by_role("heading", name="by letters")).to_be_visible()
        page.keyboard.press("p")
        expect(page.get_by_text("Paused by letters")).to_be_visible()
        expect(page.get_by_role("button", name="Resume")).to_be_visible()
        page.keyboard.press("p")
        expect(page.get_by_text("Resumed by letters")).to_be_visible()
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        page.keyboard.press("r")
        question = page.get_by_role("alertdialog")
        expect(question).to_contain_text("Run by letters now?")
        page.keyboard.press("e")  # a letter belongs to what is open
        page.keyboard.press("Escape")
        expect(question).to_be_hidden()
        is_at(page, f"/tasks/{task}{tab}")
        page.keyboard.press("e")
        name = page.get_by_role("dialog", name="Edit by letters").get_by_role("textbox", name="Name")
        expect(name).to_have_value("by letters")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.keyboard.press("d")
        expect(page.get_by_role("dialog", name="Copy of by letters")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        is_at(page, f"/tasks/{task}{tab}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys").get_by_text("and on a task’s page")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("r")  # to the runs; nobody asked to run it
    is_at(page, "/runs")
    expect(page.get_by_role("table", name="Runs")).to_be_visible()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert server.ask("GET", f"/runs?task_id={task}")["items"] == []


def test_a_viewer_has_no_letters_for_what_a_viewer_may_not_do(
    opened: Open, server: Server, gone_afterwards: Afterwards
) -> None:
    task = idle(server, "looked at")
    gone_afterwards(task)
    made = server.ask("POST", "/tokens", {"name": "by letters", "role": "viewer"})
    page = opened(f"/tasks/{task}", signed_in=False)
    page.get_by_label("Token").fill(made["token"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="looked at")).to_be_visible()
    for letter in "rped":
        page.keyboard.press(letter)
    page.keyboard.press("?")  # answered after all of them
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet.get_by_text("Open the task")).to_be_visible()
    expect(sheet.get_by_text("Run now; Enter confirms")).to_have_count(0)
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    is_at(page, f"/tasks/{task}")
    assert server.ask("GET", f"/tasks/{task}")["pause"] is None
    server.ask("DELETE", f"/tokens/{made['id']}")


def put_away(page: Page, name: str) -> None:
    """The form of that name is there, and goes by Escape."""
    form = page.get_by_role("dialog", name=name)
    expect(form.get_by_role("textbox", name="Name")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_form_opened_by_a_letter_gives_the_focus_back_to_its_row(opened: Open) -> None:
    page = opened("/tasks?sort=name")
    shown(page)
    links = page.get_by_role("table", name="Tasks").get_by_role("link")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    for letter, form in (("e", "Edit month end"), ("d", "Copy of month end"), ("e", "Edit month end")):
        page.keyboard.press(letter)
        put_away(page, form)
        expect(links.nth(1)).to_have_text("month end")
        expect(links.nth(1)).to_be_focused()
    page.keyboard.press("j")  # and the cursor has stayed there
    expect(links.nth(2)).to_be_focused()


def test_what_a_menu_opened_gives_the_focus_back_to_the_menu(opened: Open) -> None:
    page = opened("/tasks?sort=name")
    shown(page)
    actions = page.get_by_role("button", name="Actions for month end")
    for words, form in (("Edit", "Edit month end"), ("Duplicate", "Copy of month end"), ("Edit", "Edit month end")):
        actions.click()
        page.get_by_role("menuitem", name=words).click()
        put_away(page, form)
        expect(actions).to_be_focused()
    for words in (
        "Delete…",
        "Run now",
        "Delete…",
        "Run now",
    ):  # what asks is loaded for the first, and there for the others
        page.keyboard.press("ArrowDown")
        page.get_by_role("menuitem", name=words).click()
        expect(page.get_by_role("alertdialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("alertdialog")).to_have_count(0)
        expect(actions).to_be_focused()


def test_a_form_that_nothing_opened_gives_the_focus_to_the_page(opened: Open, server: Server) -> None:
    task = server.ask("GET", "/tasks/by-name/month%20end")["id"]
    page = opened(f"/tasks?edit={task}")
    put_away(page, "Edit month end")
    expect(page.locator("#main")).to_be_focused()
    page.goto(f"{server.url}/tasks/{task}")
    page.get_by_role("main").get_by_role("link", name="Edit").click()
    put_away(page, "Edit month end")
    expect(page.get_by_role("main").get_by_role("link", name="Edit")).to_be_focused()


def test_many_tasks_paused_at_once_leave_the_focus_in_the_list(
    opened: Open, server: Server, gone_afterwards: Afterwards
) -> None:
    for name in ("many one", "many two"):
        gone_afterwards(idle(server, name))
    page = opened("/tasks?q=many&sort=name")
    shown(page)
    for name in ("many one", "many two"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    toolbar = page.get_by_role("toolbar", name="Selected tasks")
    toolbar.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("Pause 2 tasks?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Paused 2 tasks")).to_be_visible()
    expect(toolbar).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Select many two")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="many one")).to_be_focused()
