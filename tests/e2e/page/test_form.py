"""The form for a task and the composer, as hands and eyes meet them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.page.conftest import WAIT_MS, Afterwards, Open, found_by_axe, is_at
from tests.server import Server, eventually

expect.set_options(timeout=WAIT_MS)

# What the builder writes, and what it stands for; web/src/tasks/schedule/build.test.ts has the other half.
WRITTEN: dict[str, dict[str, Any]] = {
    "2999-11-25 18:00": {"kind": "once", "at": "2999-11-25T17:00:00.000Z"},
    "every 15 minutes": {"kind": "every", "seconds": 900},
    "every hour, 10 times": {"kind": "every", "seconds": 3600, "max_occurrences": 10},
    "every day at 09:00": {"kind": "cron", "expression": "0 9 * * *"},
    "every 2 days at 09:00, counted from 2026-11-25": {"rule": "FREQ=DAILY;INTERVAL=2", "start": "2026-11-25T09:00:00"},
    "every weekday at 09:00, until 2999-01-31": {"expression": "0 9 * * 1-5", "ends_at": "2999-01-31T22:59:59.999Z"},
    "every weekday at 09:00, left out when the clocks skip it, twice when the clocks repeat it, except holidays of DE,"
    " moved to the next open day, 10 times": {
        "expression": "0 9 * * 1-5",
        "dst_gap": "skip",
        "dst_fold": "both",
        "except": [{"kind": "holidays", "timezone": None, "country": "DE", "subdivision": None, "version": None}],
        "roll": "forward",
        "max_occurrences": 10,
    },
    "every 15 minutes, starting 2999-02-01, each at random within 5 minutes": {
        "kind": "every",
        "seconds": 900,
        "starts_at": "2999-01-31T23:00:00.000Z",
        "jitter_seconds": 300,
    },
    "every Monday and Friday at 09:00": {"expression": "0 9 * * 1,5"},
    "every Sunday at 09:00": {"expression": "0 9 * * 0"},
    "every 2 weeks on Monday and Friday at 09:30, counted from 2026-11-27": {
        "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
        "start": "2026-11-27T09:30:00",
    },
    "on the 15th of the month at 09:00": {"expression": "0 9 15 * *"},
    "on the third Tuesday of the month at 09:00": {"expression": "0 9 * * 2#3"},
    "on the last Friday of the month at 09:00": {"expression": "0 9 * * 5L"},
    "on the last day of the month at 09:00": {"expression": "0 9 L * *"},
    "every 3 months on the last workday at 09:00": {"expression": "0 9 LW 1,4,7,10 *"},
    "every 5 months on the last Friday at 09:00, counted from 2026-11-01": {
        "rule": "FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR",
        "start": "2026-11-01T09:00:00",
    },
}
# A refusal that the person is meant to see is an error to the browser's console.
EXPECTED = re.compile(r"the server responded with a status of (409|412|422)")

Wait = Callable[..., Page]


@pytest.fixture
def refusable(browser: Browser, server: Server, gone_afterwards: Afterwards) -> Iterator[Wait]:
    """Like `opened`, where a refusal may be part of the story."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str, **wishes: Any) -> Page:
        size = {"width": 1280, "height": 800}
        context = browser.new_context(**{"timezone_id": "Europe/Berlin", "locale": "en-GB", "viewport": size, **wishes})
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        context.request.post(
            f"{server.url}/api/v1/session", data={"token": server.token}, headers={"Origin": server.url}
        )
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [told for told in complaints if not EXPECTED.search(told)] == []


@pytest.fixture
def task(server: Server, gone_afterwards: Afterwards) -> dict[str, Any]:
    """One to be edited; gone afterwards, so that the other tests count their tasks as before."""
    made: dict[str, Any] = server.ask(
        "POST",
        "/tasks",
        {
            "name": "to be edited",
            "schedule": {"kind": "cron", "expression": "0 9 * * 2", "timezone": "Europe/Berlin"},
            "action": {"kind": "command", "shell": "echo one"},
        },
    )
    gone_afterwards(made["id"])
    return made


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog")


def when(page: Page) -> Locator:
    return sheet(page).get_by_role("textbox", name="When")


def test_the_service_reads_what_the_builder_writes(server: Server) -> None:
    for text, meant in WRITTEN.items():
        found = server.ask("POST", "/schedules/parse", {"text": text, "timezone": "Europe/Berlin"})["schedule"]
        assert {name: found[name] for name in meant} == meant, text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_task_is_made_with_the_keyboard_alone(
    opened: Open, server: Server, gone_afterwards: Afterwards, scheme: str
) -> None:
    page = opened("/tasks", color_scheme=scheme, forgives="422")  # half a phrase may be asked about
    page.get_by_role("table", name="Tasks").get_by_role("link").first.wait_for()
    page.keyboard.press("c")
    expect(sheet(page).get_by_role("textbox", name="Command")).to_be_focused()
    page.keyboard.type("echo by-hand")
    for _ in range(4):  # folder, environment, Run once now, and there
        page.keyboard.press("Tab")
    expect(when(page)).to_be_focused()
    page.keyboard.type("every weekday at 9")
    expect(sheet(page).get_by_text("At 09:00, Monday to Friday, Europe/Berlin")).to_be_visible()
    expect(sheet(page).get_by_role("list", name="Next runs").get_by_role("listitem")).to_have_count(5)
    expect(sheet(page).get_by_role("button", name="weekdays")).to_have_attribute("aria-pressed", "true")
    assert found_by_axe(page) == []
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Scheduled by-hand")).to_be_visible()
    expect(sheet(page)).to_have_count(0)
    made = server.ask("GET", "/tasks/by-name/by-hand")
    assert made["action"]["shell"] == "echo by-hand"
    assert (made["schedule"]["expression"], made["schedule"]["timezone"]) == ("0 9 * * 1-5", "Europe/Berlin")
    gone_afterwards(made["id"])


def test_what_cannot_be_read_is_pointed_at_and_offers_fill_the_box(refusable: Wait) -> None:
    page = refusable("/tasks/new")
    when(page).fill("biweekly at 9")
    expect(sheet(page).locator("mark")).to_have_text("biweekly")
    assert found_by_axe(page) == []
    sheet(page).get_by_role("button", name="every Monday and Thursday at 9").click()
    expect(when(page)).to_have_value("every Monday and Thursday at 9")
    expect(sheet(page).get_by_text("At 09:00, Monday and Thursday, Europe/Berlin")).to_be_visible()
    sheet(page).get_by_role("button", name="Friday").click()
    expect(when(page)).to_have_value("every Monday, Thursday and Friday at 09:00")
    when(page).fill("every day at 9 and 17")
    expect(sheet(page).get_by_text("says more than the buttons can")).to_be_visible()
    expect(when(page)).to_have_value("every day at 9 and 17")
    sheet(page).get_by_role("button", name="Schedule").click()
    expect(sheet(page).get_by_role("textbox", name="Command")).to_be_focused()
    expect(sheet(page).get_by_role("alert")).to_have_text("Say what to run.")


def test_a_name_that_is_taken_is_said_at_the_name(refusable: Wait, server: Server) -> None:
    page = refusable("/tasks/new")
    sheet(page).get_by_role("textbox", name="Name").fill("month end")
    sheet(page).get_by_role("textbox", name="Command").fill("true")
    when(page).fill("every hour")
    page.keyboard.press("Control+s")
    expect(sheet(page).get_by_text(re.compile('The name "month end" is taken'))).to_be_visible()
    expect(sheet(page).get_by_role("textbox", name="Name")).to_be_focused()
    assert [task["name"] for task in server.ask("GET", "/tasks?words=month")["items"]] == ["month end"]


def test_a_pasted_curl_command_fills_the_fields(opened: Open) -> None:
    page = opened("/tasks/new")
    box = sheet(page).get_by_role("textbox", name="Command")
    box.evaluate(
        "(element, text) => { const data = new DataTransfer(); data.setData('text/plain', text);"
        "element.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }",
        "curl -X POST https://example.com/hook -H 'X-Level: full' -d a=1",
    )
    expect(sheet(page).get_by_text("Filled in from the curl command.")).to_be_visible()
    expect(sheet(page).get_by_role("textbox", name="Address")).to_have_value("https://example.com/hook")
    expect(sheet(page).get_by_role("combobox", name="Method")).to_have_value("POST")
    expect(sheet(page).get_by_role("textbox", name="Body")).to_have_value("a=1")
    assert found_by_axe(page) == []
    sheet(page).get_by_role("button", name="Undo").click()
    expect(box).to_have_value("")


def test_an_edit_shows_what_it_changes_before_it_is_saved(opened: Open, server: Server, task: dict[str, Any]) -> None:
    page = opened(f"/tasks?edit={task['id']}")
    expect(when(page)).to_have_value("At 09:00, every Tuesday")
    when(page).fill("every Monday at 9")
    sheet(page).get_by_role("textbox", name="Command").fill("echo two")
    expect(
        sheet(page).get_by_text(re.compile(r"2 changes · next run moves from Tue .* to Mon .* 09:00"))
    ).to_be_visible()
    expect(sheet(page).get_by_text("Against what is saved")).to_be_visible()
    assert found_by_axe(page) == []
    sheet(page).get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved to be edited")).to_be_visible()
    saved = server.ask("GET", f"/tasks/{task['id']}")
    assert (saved["revision"], saved["schedule"]["expression"], saved["action"]["shell"]) == (
        2,
        "0 9 * * 1",
        "echo two",
    )
    page.goto(f"{server.url}/tasks?edit={task['id']}")
    sheet(page).get_by_text("History").click()
    expect(sheet(page).get_by_text("Command: echo one → echo two")).to_be_visible()
    assert found_by_axe(page) == []
    sheet(page).get_by_role("button", name="Restore revision 1").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Restore").click()
    expect(page.get_by_text("to be edited is as it was in revision 1")).to_be_visible()
    assert server.ask("GET", f"/tasks/{task['id']}")["action"]["shell"] == "echo one"


def test_the_history_has_an_address(opened: Open, server: Server, task: dict[str, Any]) -> None:
    change = {"schedule": {"kind": "cron", "except": [{"kind": "weekdays", "days": ["saturday", "sunday"]}]}}
    server.ask("PATCH", f"/tasks/{task['id']}", change, If_Match="*")
    page = opened(f"/tasks/{task['id']}")
    page.get_by_role("navigation", name="Parts of the task").get_by_role("link", name="History").click()
    page.wait_for_url("**?tab=history")
    revisions = page.get_by_role("list", name="Revisions").get_by_role("listitem")
    expect(revisions).to_have_count(2)
    expect(revisions.first).to_contain_text("no days left out, once when clocks change → without weekends")
    assert found_by_axe(page) == []
    page.go_back()
    expect(page.get_by_role("heading", name="Last runs")).to_be_visible()
    page.go_forward()
    revisions.last.get_by_role("button", name="Restore").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Restore").click()
    expect(revisions).to_have_count(3)
    assert server.ask("GET", f"/tasks/{task['id']}")["schedule"]["except"] == []

    page.goto(f"{server.url}/tasks?edit={task['id']}&show=history")
    expect(sheet(page).get_by_role("list", name="Revisions").get_by_role("listitem")).to_have_count(3)
    sheet(page).get_by_text("Form").click()
    expect(when(page)).to_have_value("At 09:00, every Tuesday")
    page.wait_for_url(f"**/tasks?edit={task['id']}")
    sheet(page).get_by_text("History").click()
    page.wait_for_url("**&show=history")
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)
    page.wait_for_url("**/tasks")


def test_who_comes_second_loses_nothing(refusable: Wait, server: Server, task: dict[str, Any]) -> None:
    first, second = (refusable(f"/tasks?edit={task['id']}") for _ in range(2))
    for page, words in ((first, "echo theirs"), (second, "echo mine")):
        sheet(page).get_by_role("textbox", name="Command").fill(words)
    sheet(first).get_by_text("Tags and notes").click()
    sheet(first).get_by_role("textbox", name="Pool").fill("big")
    sheet(first).get_by_role("button", name="Save").click()
    expect(first.get_by_text("Saved to be edited")).to_be_visible()
    second.keyboard.press("Control+s")
    expect(sheet(second).get_by_text("saved this task while you were editing")).to_be_visible()
    expect(sheet(second).get_by_role("textbox", name="Command")).to_have_value("echo mine")
    command = sheet(second).get_by_role("group", name="Command")
    expect(command.get_by_text("echo theirs")).to_be_visible()
    expect(command.get_by_role("radio", name=re.compile("Yours"))).to_be_checked()
    expect(
        sheet(second).get_by_role("group", name="Pool").get_by_role("radio", name=re.compile("Theirs"))
    ).to_be_checked()
    expect(command.get_by_role("radio", name=re.compile("Yours"))).to_be_focused()
    assert found_by_axe(second) == []
    second.keyboard.press("Control+s")
    expect(second.get_by_text("Saved to be edited")).to_be_visible()
    saved = server.ask("GET", f"/tasks/{task['id']}")
    assert (saved["revision"], saved["action"]["shell"], saved["pool"]) == (3, "echo mine", "big")


def test_leaving_with_something_unsaved_asks_first(opened: Open, task: dict[str, Any]) -> None:
    page = opened("/tasks")
    page.get_by_role("table", name="Tasks").get_by_role("link").first.wait_for()
    page.get_by_role("link", name="New task").click()
    sheet(page).get_by_role("textbox", name="Command").fill("echo unsaved")
    page.go_back()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("Leave without saving?")
    assert found_by_axe(page) == []
    question.get_by_role("button", name="Cancel").click()
    is_at(page, "/tasks/new")
    expect(sheet(page).get_by_role("textbox", name="Command")).to_have_value("echo unsaved")
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Discard changes").click()
    expect(sheet(page)).to_have_count(0)
    is_at(page, "/tasks")
    page.get_by_role("link", name="New task").click()
    expect(sheet(page).get_by_role("textbox", name="Command")).to_have_value("")
    sheet(page).get_by_role("textbox", name="Command").fill("echo unsaved too")
    page.go_back()
    question.get_by_role("button", name="Discard changes").click()
    expect(sheet(page)).to_have_count(0)
    is_at(page, "/tasks")
    page.get_by_role("link", name="New task").click()
    expect(sheet(page).get_by_role("textbox", name="Command")).to_have_value("")
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)
    expect(page.get_by_role("link", name="New task")).to_be_focused()
    assert task["revision"] == 1


def test_a_zone_is_found_by_its_city_and_escape_closes_only_the_list(opened: Open) -> None:
    page = opened("/tasks/new")
    box = sheet(page).get_by_role("combobox", name="Time zone")
    expect(box).to_have_value("Europe/Berlin")
    box.click()
    page.keyboard.type("new y")
    expect(page.get_by_role("option", name="America/New_York")).to_be_visible()
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Time zones")).to_have_count(0)
    expect(box).to_have_value("Europe/Berlin")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("new y")
    expect(page.get_by_role("option", name="America/New_York")).to_be_visible()
    page.keyboard.press("Enter")
    expect(box).to_have_value("America/New_York")
    expect(sheet(page).get_by_text("The server is on Europe/Berlin.")).to_be_visible()
    when(page).fill("every day at 9")
    first = sheet(page).get_by_role("list", name="Next runs").get_by_role("listitem").first
    expect(first).to_contain_text(re.compile(r"09:00 E[DS]T.*1[45]:00 CES?T"))  # an hour apart in March


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_that_a_task_can_have_is_set_in_the_form(
    refusable: Wait, server: Server, gone_afterwards: Afterwards, scheme: str
) -> None:
    page = refusable("/tasks/new", color_scheme=scheme)
    form = sheet(page)
    form.get_by_role("textbox", name="Command").fill("echo everything")
    form.get_by_role("textbox", name="Name").fill("everything")
    when(page).fill("30 2 * * 1-6")
    limits = form.locator("summary", has_text="Exceptions and limits")
    expect(limits).to_contain_text("no days left out, once when clocks change")
    limits.click()
    form.get_by_role("button", name="public holidays").click()
    expect(when(page)).to_have_value("At 02:30, Monday to Saturday, except holidays of DE")
    form.get_by_role("combobox", name="What falls on such a day").select_option("moves to the next open day")
    form.get_by_role("combobox", name="When the clock skips its time").select_option("leave it out that day")
    form.get_by_role("combobox", name="When the clock shows its time twice").select_option("run both times")
    form.get_by_label("Not before").fill("2999-02-01")
    form.get_by_label("Spread at random").fill("300")
    expect(limits).to_contain_text("spread over 5 minutes")
    other = form.get_by_role("textbox", name="Other days to leave out")
    other.fill("nonsense")
    other.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("'nonsense' is not understood")
    other.fill("24 December to 2 January")
    other.press("Enter")
    expect(form.get_by_role("button", name="24 December to 2 January")).to_have_attribute("aria-pressed", "true")
    # The buttons know what they cannot say themselves, and keep it.
    form.get_by_role("button", name="Saturday").click()
    form.get_by_role("combobox", name="Ends").select_option("after")
    expect(when(page)).to_have_value(re.compile("every Monday, Tuesday.*at 02:30, left out .*, 10 times$"))

    form.get_by_text("If things go wrong").click()
    for label, value in (
        ("Attempts in all", "4"),
        ("First pause", "1.5"),
        ("Each pause longer by", "3"),
        ("Longest pause", "60"),
    ):
        form.get_by_role("textbox", name=label).fill(value)
    form.get_by_role("combobox", name="If some were missed").select_option("run all")
    form.get_by_role("textbox", name="So many at most").fill("7")
    form.get_by_text("Tags and notes").click()
    form.get_by_role("textbox", name="Keep records for").fill("0")
    form.get_by_role("textbox", name="Keep so many at most").fill("20")
    assert found_by_axe(page) == []
    form.get_by_role("button", name="Schedule", exact=True).click()
    expect(form.get_by_role("textbox", name="Keep records for")).to_be_focused()
    expect(form.get_by_text("0 is outside 1 to 36600")).to_be_visible()
    form.get_by_role("textbox", name="Keep records for").fill("3")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Scheduled everything")).to_be_visible()

    made = server.ask("GET", "/tasks/by-name/everything")
    gone_afterwards(made["id"])
    schedule, policy = made["schedule"], made["policy"]
    assert (schedule["expression"], schedule["timezone"]) == ("30 2 * * 1-5", "Europe/Berlin")
    assert (schedule["dst_gap"], schedule["dst_fold"], schedule["roll"]) == ("skip", "both", "forward")
    assert (schedule["starts_at"], schedule["max_occurrences"]) == ("2999-01-31T23:00:00.000Z", 10)
    assert schedule["jitter_seconds"] == 300
    assert [one["kind"] for one in schedule["except"]] == ["holidays", "dates"]
    assert policy["retry"] == {"max_attempts": 4, "first_delay_seconds": 1.5, "factor": 3, "max_delay_seconds": 60}
    assert policy["catch_up"] == {"mode": "all", "window_seconds": 86_400, "max_runs": 7}
    assert policy["keep"] == {"days": 3, "runs": 20}

    page.goto(f"{server.url}/tasks?edit={made['id']}")
    limits.click()
    form.get_by_role("button", name="holidays of DE").click()
    form.get_by_role("button", name="24 December to 2 January").click()
    expect(form.get_by_role("combobox", name="What falls on such a day")).to_have_count(0)
    form.get_by_label("Not before").fill("")
    expect(form.get_by_text("1 change")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved everything")).to_be_visible()
    schedule = server.ask("GET", f"/tasks/{made['id']}")["schedule"]
    assert (schedule["except"], schedule["roll"], schedule["starts_at"]) == ([], "none", None)
    assert (schedule["dst_gap"], schedule["max_occurrences"], schedule["jitter_seconds"]) == ("skip", 10, 300)


def test_the_form_fits_on_a_phone(opened: Open) -> None:
    page = opened("/tasks/new", viewport={"width": 320, "height": 640}, has_touch=True)
    when(page).fill("on the third Tuesday of the month at 9")
    expect(sheet(page).get_by_role("combobox", name="Which day")).to_have_value("weekday")
    for fold in ("Exceptions and limits", "If things go wrong", "Tags and notes"):
        sheet(page).locator("summary", has_text=fold).click()
    expect(sheet(page).get_by_label("Spread at random")).to_be_visible()
    assert sheet(page).evaluate("(e) => Array.from(e.querySelectorAll('*')).every(x => x.scrollWidth <= innerWidth)")
    assert found_by_axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_page_begins_with_a_first_run(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    with Server(tmp_path, environment={"TZ": "Europe/Berlin"}) as empty:
        context = browser.new_context(timezone_id="Europe/Berlin", locale="en-GB", color_scheme=scheme)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.goto(str(empty.ask("POST", "/session/key")["link"]))
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_role("heading", name="What should run, and when?")).to_be_visible()
        expect(page.get_by_role("list", name="Next runs").get_by_role("listitem")).to_have_count(5)
        assert found_by_axe(page) == []
        page.get_by_role("button", name="Run it now").click()
        expect(page.get_by_text("Succeeded after")).to_be_visible()
        expect(page.get_by_label("Output")).to_have_text("hello from horarium")
        expect(page.get_by_text(re.compile(r"Next: .* 09:00 CES?T"))).to_be_visible()
        assert found_by_axe(page) == []
        page.get_by_role("button", name="Show all tasks").click()
        expect(page.get_by_role("link", name="hello from horarium")).to_be_visible()
        context.close()
        assert complaints == []


def test_three_examples_show_what_tasks_do(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path) as empty:
        context = browser.new_context()
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(str(empty.ask("POST", "/session/key")["link"]))
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Add three examples").click()
        expect(page.get_by_role("table", name="Tasks").get_by_role("link")).to_have_count(3)
        # The other one calls an address that tests do not.
        for name, ends in (("each minute", "succeeded"), ("fails on purpose", "failed")):
            [task] = [one for one in empty.ask("GET", "/tasks")["items"] if one["name"] == f"example: {name}"]
            run = empty.ask("POST", f"/tasks/{task['id']}/run")
            ended = eventually(lambda run=run: empty.ask("GET", f"/runs/{run['id']}")["ended_at"], 30)
            assert ended
            assert empty.ask("GET", f"/runs/{run['id']}")["state"] == ends, name
        context.close()


def test_a_single_instant_is_told_by_the_clocks_one_reads(
    opened: Open, server: Server, gone_afterwards: Afterwards
) -> None:
    page = opened("/tasks/new")
    form = sheet(page)
    form.get_by_role("textbox", name="Command").fill("echo instant")
    when(page).fill("2020-11-23T14:30")
    expect(form.get_by_text("Once on Mon 23 Nov 2020, 14:30 CET", exact=True)).to_be_visible()
    refusal = form.get_by_text("Mon 23 Nov 2020, 14:30 CET has passed: choose a later time.")
    expect(refusal).to_be_visible()
    expect(when(page)).to_have_attribute("aria-invalid", "true")
    assert found_by_axe(page) == []
    # Nothing is sent that would be refused: the browser would complain of the answer.
    form.get_by_role("button", name="Schedule", exact=True).click()
    expect(when(page)).to_be_focused()
    when(page).fill("2999-12-24 18:00")
    expect(form.get_by_text("Once on Tue 24 Dec 2999, 18:00 CET", exact=True)).to_be_visible()
    expect(refusal).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Scheduled instant")).to_be_visible()
    made = server.ask("GET", "/tasks/by-name/instant")
    gone_afterwards(made["id"])
    # To be read back by whoever asks; on the page it is for people.
    assert made["sentence"] == "Once at 2999-12-24 17:00Z"
    row = page.get_by_role("table", name="Tasks").get_by_role("row", name="instant")
    expect(row).to_contain_text("Once on Tue 24 Dec 2999, 18:00 CET")
    page.goto(f"{server.url}/tasks/{made['id']}")
    when_it_is = page.get_by_role("region", name="When")
    expect(when_it_is).to_contain_text("Once on Tue 24 Dec 2999, 18:00 CET")


def test_what_has_passed_meanwhile_is_refused_at_its_field_in_words_of_the_page(
    refusable: Wait, server: Server
) -> None:
    page = refusable("/tasks/new")
    # The preview is on its way for as long as anybody looks.
    page.route("**/schedules/preview", lambda _: None)
    sheet(page).get_by_role("textbox", name="Command").fill("echo late")
    when(page).fill("2020-11-23T14:30")
    page.keyboard.press("Control+s")
    expect(sheet(page).get_by_text("That time has passed: choose a later one.")).to_be_visible()
    expect(when(page)).to_be_focused()
    assert [one["name"] for one in server.ask("GET", "/tasks")["items"] if one["name"] == "echo late"] == []


def test_words_are_read_in_the_zone_that_the_settings_offer(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path, environment={"TZ": "Asia/Tokyo"}) as empty:
        context = browser.new_context(timezone_id="Europe/Berlin", locale="en-GB")
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(str(empty.ask("POST", "/session/key")["link"]))
        page.get_by_label("Your tasks default to the time zone").select_option("America/New_York")
        page.get_by_role("button", name="Start").click()
        expect(
            page.get_by_text("Times are those of America/New_York; this browser is on Europe/Berlin.")
        ).to_be_visible()
        expect(page.get_by_text("At 09:00, Monday to Friday, America/New_York")).to_be_visible()
        page.goto(f"{empty.url}/tasks/new")
        expect(zone_of(page)).to_have_value("America/New_York")
        expect(sheet(page).get_by_text("This browser is on Europe/Berlin.")).to_be_visible()
        page.goto(f"{empty.url}/settings/general")
        page.get_by_label("Default time zone").fill("Asia/Kolkata")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        page.keyboard.press("c")
        expect(zone_of(page)).to_have_value("Asia/Kolkata")
        context.close()


def zone_of(page: Page) -> Locator:
    return sheet(page).get_by_role("combobox", name="Time zone")


@pytest.mark.parametrize(
    ("rule", "start", "phrase"),
    [
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", "2026-11-30T09:00", "every Monday at 09:00, starting 2026-11-30"),
        (
            "FREQ=MONTHLY;BYDAY=2TU;BYHOUR=9;BYMINUTE=0",
            "2026-12-08T09:00",
            "on the second Tuesday of the month at 09:00, starting 2026-12-08",
        ),
        ("FREQ=WEEKLY;BYHOUR=9", "2026-12-01T09:00", "every Tuesday at 09:00, starting 2026-12-01"),
        ("FREQ=MONTHLY", "2026-12-31T09:00", "on the 31st of the month at 09:00, starting 2026-12-31"),
        ("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "2026-12-31T10:00", "every day at 02:30, starting 2027-01-01"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;BYHOUR=9;BYMINUTE=0",
            "2026-12-02T08:00",
            "every 2 weeks on Tuesday and Friday at 09:00, counted from 2026-12-02",
        ),
    ],
)
def test_what_the_builder_makes_of_a_rule_is_due_when_the_rule_is(
    server: Server, rule: str, start: str, phrase: str
) -> None:
    written = server.ask("POST", "/schedules/parse", {"text": phrase, "timezone": "Europe/Berlin"})["schedule"]
    ruled = {"kind": "rrule", "rule": rule, "start": start, "timezone": "Europe/Berlin"}
    # From before the beginning, and over both clock changes of a year where it is due daily.
    due, same = (
        server.ask("POST", "/schedules/preview", {"schedule": one, "after": "2026-11-01T00:00:00Z", "count": 400})[
            "due"
        ]
        for one in (ruled, written)
    )
    assert len(due) == 400
    assert due == same


def test_the_builder_shows_a_plain_rule(opened: Open) -> None:
    page = opened("/tasks/new")
    when(page).fill("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0")
    form = sheet(page)
    expect(form.get_by_role("button", name="weekly")).to_have_attribute("aria-pressed", "true")
    expect(form.get_by_role("button", name="Monday")).to_have_attribute("aria-pressed", "true")
    expect(form.get_by_text("says more than the buttons can")).to_have_count(0)
    form.get_by_role("button", name="Friday").click()
    expect(when(page)).to_have_value(re.compile(r"^every Monday and Friday at 09:00, starting \d{4}-\d\d-\d\d$"))
    expect(form.get_by_text(re.compile("^At 09:00, Monday and Friday, Europe/Berlin"))).to_be_visible()


def test_a_proof_is_against_what_somebody_else_has_saved(refusable: Wait, server: Server, task: dict[str, Any]) -> None:
    page = refusable(f"/tasks?edit={task['id']}")
    proof = page.get_by_role("complementary", name="What the schedule means")
    when(page).fill("every Friday at 9")
    expect(proof.get_by_text("Against what is saved")).to_be_visible()
    expect(proof).to_contain_text("Tue ")
    theirs = {"schedule": {"kind": "cron", "expression": "0 9 * * 1"}}
    server.ask("PATCH", f"/tasks/{task['id']}", theirs, If_Match="*")
    page.keyboard.press("Control+s")
    expect(sheet(page).get_by_text("saved this task while you were editing")).to_be_visible()
    expect(proof).to_contain_text("Mon ")
    expect(proof).not_to_contain_text("Tue ")
    sheet(page).get_by_role("button", name="Use what is chosen").click()
    expect(sheet(page).get_by_text(re.compile("next run moves from Mon .* to Fri "))).to_be_visible()
    expect(proof.get_by_text("Against what is saved")).to_be_visible()
    expect(proof).to_contain_text("Mon ")
    expect(proof).not_to_contain_text("Tue ")


# Of every shown time: how far away it is, where it is not seen whole.
CUT = """list => [...list.querySelectorAll("time")].flatMap(time => {
    const away = time.lastElementChild.getBoundingClientRect();
    for (let box = time; box !== list; box = box.parentElement)
        if (getComputedStyle(box).overflowX !== "visible" && away.right > box.getBoundingClientRect().right + 0.5)
            return [time.textContent];
    return [];
})"""


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("locale", ["en-GB", "en-US"])
def test_how_far_away_the_next_run_is_is_read_whole(
    opened: Open, server: Server, gone_afterwards: Afterwards, width: int, locale: str
) -> None:
    almost_a_day = {"kind": "every", "seconds": 86_399 - 60}  # "in 23 h 58 min", at some second
    draft = {"name": "with seconds", "schedule": almost_a_day, "action": {"kind": "log", "message": "x"}}
    gone_afterwards(server.ask("POST", "/tasks", draft)["id"])
    page = opened("/tasks", viewport={"width": width, "height": 800}, has_touch=width == 320, locale=locale)
    table = page.get_by_role("table", name="Tasks")
    expect(table.get_by_role("link", name="with seconds")).to_be_visible()
    expect(table.locator("time").first).to_be_visible()
    assert table.evaluate(CUT) == []
    expect(table.get_by_role("button", name=re.compile("with seconds")).last).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
