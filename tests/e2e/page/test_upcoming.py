"""What comes, on the real product: single occurrences skipped, moved and brought back, and times on days when clocks change."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.page.conftest import WAIT_MS, Afterwards, Open, found_by_axe, is_at
from tests.server import Server

expect.set_options(timeout=WAIT_MS)


def made(server: Server, name: str, schedule: dict[str, Any]) -> str:
    action = {"kind": "log", "message": name}
    return str(server.ask("POST", "/tasks", {"name": name, "schedule": schedule, "action": action})["id"])


@pytest.fixture
def daily(server: Server, gone_afterwards: Afterwards) -> str:
    """A task that is due every day, twelve hours from now on the clocks of UTC."""
    hour = (datetime.now(UTC) + timedelta(hours=12)).hour
    task = made(server, "due daily", {"kind": "cron", "expression": f"0 {hour} * * *", "timezone": "UTC"})
    gone_afterwards(task)
    return task


def row(page: Page, name: str) -> Locator:
    return page.locator("li[data-line]").filter(has_text=name)


def choose(page: Page, name: str, what: str) -> None:
    row(page, name).get_by_role("button", name=re.compile(f"^Actions for {name}")).first.click()
    page.get_by_role("menuitem", name=what).click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_occurrence_is_skipped_and_brought_back(opened: Open, server: Server, daily: str, scheme: str) -> None:
    due = server.ask("GET", f"/tasks/{daily}/upcoming?count=1")["due"][0]
    page = opened("/upcoming", color_scheme=scheme)
    row(page, "due daily").get_by_role("button", name=re.compile("^Skip due daily")).click()
    expect(row(page, "due daily")).to_contain_text("Skipped")
    books = server.ask("GET", f"/tasks/{daily}/upcoming?count=1")
    assert due not in books["due"]
    assert [(one["due_at"], one["skip"]) for one in books["overrides"]] == [(due, True)]
    assert found_by_axe(page) == []
    expect(row(page, "due daily").get_by_role("link")).to_be_focused()  # its button is gone
    row(page, "due daily").get_by_role("button", name=re.compile("^Undo")).click()
    expect(row(page, "due daily")).not_to_contain_text("Skipped")
    assert server.ask("GET", f"/tasks/{daily}/upcoming?count=1") == {"due": [due], "overrides": []}


def test_one_occurrence_is_moved_by_the_clocks_of_a_chosen_zone(opened: Open, server: Server, daily: str) -> None:
    due = datetime.fromisoformat(server.ask("GET", f"/tasks/{daily}/upcoming?count=1")["due"][0])
    page = opened("/upcoming")
    choose(page, "due daily", "Move this one…")
    sheet = page.get_by_role("dialog", name="Move due daily")
    expect(sheet.get_by_text("That is when it is due now.")).to_be_visible()
    expect(sheet.get_by_role("button", name="Move")).to_have_attribute("aria-disabled", "true")
    assert found_by_axe(page) == []
    sheet.get_by_label("On the clocks of").select_option("Asia/Tokyo")  # nine hours ahead, all year
    wanted = due + timedelta(minutes=90)
    sheet.get_by_label("Date and time").fill((wanted + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"))
    expect(sheet.get_by_text(re.compile(rf"{wanted + timedelta(hours=9):%H:%M} GMT\+9, in 1[23] h"))).to_be_visible()
    sheet.get_by_role("button", name="Move").click()
    expect(sheet).to_be_hidden()
    expect(row(page, "due daily")).to_contain_text("Moved from")
    told = f"{wanted:%Y-%m-%dT%H:%M:%S}.000Z"
    assert server.ask("GET", f"/tasks/{daily}/upcoming?count=1")["due"] == [told]
    choose(page, "due daily", "Undo")
    expect(row(page, "due daily")).not_to_contain_text("Moved")
    assert server.ask("GET", f"/tasks/{daily}/upcoming?count=1")["overrides"] == []


def test_hands_stay_on_the_keys_here_too(opened: Open, daily: str) -> None:
    page = opened(f"/upcoming?task={daily}")
    row(page, "due daily").first.wait_for()
    page.keyboard.press("j")
    expect(row(page, "due daily").get_by_role("link")).to_be_focused()
    page.keyboard.press("s")
    expect(row(page, "due daily")).to_contain_text("Skipped")
    page.keyboard.press("u")
    expect(row(page, "due daily")).not_to_contain_text("Skipped")
    page.keyboard.press("m")
    expect(page.get_by_role("dialog", name="Move due daily")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row(page, "due daily").get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="due daily")).to_be_visible()


def test_what_is_due_often_is_one_row_that_opens(opened: Open, server: Server, gone_afterwards: Afterwards) -> None:
    task = made(server, "due often", {"kind": "every", "seconds": 300})
    gone_afterwards(task)
    page = opened("/upcoming")
    # Late in an hour its only one left there is a row of its own.
    fold = row(page, "due often").get_by_role("button", name=re.compile(r"\+\d+ more every 5 min")).first
    fold.click()
    skip = page.get_by_role("button", name=re.compile("^Skip due often"))
    expect(skip.nth(2)).to_be_visible()
    skip.nth(2).click()
    expect(row(page, "due often").filter(has_text="Skipped")).to_have_count(1)
    assert len(server.ask("GET", f"/tasks/{task}/upcoming?count=1")["overrides"]) == 1


# Berlin's clocks go forward on Sunday 28 March 2027 at 01:00 UTC; Lord Howe leaves +11 for +10:30 a week later, Tokyo stays.
CHANGE = {
    "Europe/Berlin": ["01:30 CET", "03:30 CEST"],
    "Asia/Tokyo": ["09:30", "10:30"],
    "Australia/Lord_Howe": ["11:30", "12:30"],
}


@pytest.mark.parametrize("zone", CHANGE)
def test_where_the_clocks_change_each_time_has_its_zone_and_elsewhere_the_head_says_it(
    opened: Open, server: Server, gone_afterwards: Afterwards, zone: str
) -> None:
    task = made(server, "hour by hour", {"kind": "cron", "expression": "30 0,1 28 3 *", "timezone": "UTC"})
    gone_afterwards(task)
    page = opened("/upcoming?from=2027-03-28&span=day", timezone_id=zone)
    expect(row(page, "hour by hour").locator("time")).to_have_text(CHANGE[zone])
    expect(page.get_by_role("heading", name=re.compile(r"Sunday,? 28 March 2027"))).to_be_visible()
    expect(page.get_by_role("status").filter(has_text=zone)).to_be_visible()
    change = page.get_by_text("The clocks have changed: UTC+1 before, UTC+2 from here on (Europe/Berlin)")
    expect(change).to_have_count(1 if zone == "Europe/Berlin" else 0)
    assert found_by_axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_clocks_and_closed_days_did_stands_in_the_row(
    opened: Open, server: Server, gone_afterwards: Afterwards, scheme: str
) -> None:
    """Without asking after one task: the clock skips 02:30 on that Sunday, and Sundays are closed for the other task."""
    berlin = {"kind": "cron", "timezone": "Europe/Berlin"}
    closed = {"except": [{"kind": "weekdays", "days": ["saturday", "sunday"]}], "roll": "forward"}
    tasks = [
        made(server, "in the gap", {**berlin, "expression": "30 2 28 3 *"}),
        made(server, "rolled on", {**berlin, "expression": "0 9 28 3 *", **closed}),
    ]
    for task in tasks:
        gone_afterwards(task)
    said = {
        "in the gap": "The clock skips this time: moved to the first instant after the gap.",
        "rolled on": "Mon 29 Mar 2027: moved from Sun 28 Mar, a Sunday.",
    }
    page = opened("/upcoming?from=2027-03-28&span=week", color_scheme=scheme)
    for name, words in said.items():
        expect(row(page, name)).to_contain_text(words)
    assert found_by_axe(page) == []
    for task, (name, words) in zip(tasks, said.items(), strict=True):
        page.goto(f"{server.url}/upcoming?from=2027-03-28&span=week&task={task}")
        expect(row(page, name)).to_contain_text(words)


def test_what_others_do_to_a_task_is_seen_without_asking_again(opened: Open, server: Server, daily: str) -> None:
    page = opened("/tasks")
    # Nothing is asked in turns any more: what is seen now comes by the stream.
    page.add_init_script("window.setInterval = () => 0")
    with page.expect_response(re.compile("/events[?]")):
        page.goto(f"{server.url}/upcoming")
    row(page, "due daily").wait_for()
    server.ask("POST", f"/tasks/{daily}/pause", {"reason": "elsewhere"})
    expect(row(page, "due daily")).to_have_count(0)
    server.ask("POST", f"/tasks/{daily}/resume")
    expect(row(page, "due daily")).to_have_count(1)


def test_who_is_not_there_says_why(opened: Open, server: Server, daily: str) -> None:
    server.ask("POST", f"/tasks/{daily}/pause", {"reason": "on holiday"})
    page = opened("/upcoming")
    expect(page.get_by_role("link", name="1 task paused")).to_be_visible()
    page.get_by_role("searchbox", name="Ask after a task").fill("due dai")
    page.get_by_role("list", name="Tasks found").get_by_role("link", name="due daily").click()
    expect(page.get_by_text("It is paused until somebody resumes it (on holiday)")).to_be_visible()
    expect(page.get_by_text("It has ended")).to_be_hidden()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="All tasks").click()
    is_at(page, "/upcoming")


def test_what_comes_fits_the_smallest_phone(
    opened: Open, server: Server, daily: str, gone_afterwards: Afterwards
) -> None:
    gone_afterwards(made(server, "b", {"kind": "every", "seconds": 300}))  # its name is as small as a name can be
    page = opened("/upcoming?span=week", viewport={"width": 320, "height": 640}, has_touch=True)
    row(page, "due daily").first.wait_for()
    for part in ("document.documentElement", "document.getElementById('main')"):
        assert page.evaluate(f"{part}.scrollWidth <= innerWidth"), part
    box = row(page, "due daily").first.get_by_role("button").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    expect(page.get_by_role("link", name="b", exact=True).first).to_be_visible()
    assert found_by_axe(page) == []


def test_an_answer_that_does_not_come_can_be_asked_for_again(opened: Open) -> None:
    page = opened("/tasks", forgives="500")
    page.get_by_role("table", name="Tasks").wait_for()
    problem = '{"type": "urn:horarium:broken", "title": "Broken", "detail": "The books are away.", "status": 500}'
    page.route(
        "**/api/v1/upcoming**", lambda route: route.fulfill(status=500, body=problem, content_type="application/json")
    )
    page.get_by_role("link", name="Upcoming").click()
    expect(page.get_by_role("heading", name="What comes could not be loaded")).to_be_visible()
    expect(page.get_by_text("The books are away.")).to_be_visible()
    page.unroute("**/api/v1/upcoming**")
    page.get_by_role("button", name="Try again").click()
    row(page, "nightly backup").first.wait_for()
