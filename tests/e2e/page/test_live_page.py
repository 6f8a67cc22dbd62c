"""What happens on the server is seen in the page by itself, and many tasks are changed at once, on a real server."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.e2e.page.conftest import WAIT_MS, found_by_axe
from tests.server import Server, eventually

expect.set_options(timeout=WAIT_MS)
MANY = 300
# The list itself, and its values once more when the stream has begun; after that the stream tells.
READ_TWICE = "performance.getEntriesByType('resource').filter(({name}) => name.includes('limit=200')).length >= 2"
RETRY_MS = 15_000  # a page without a stream tries again so often
AWAY = re.compile(
    "ERR_CONNECTION|ERR_SOCKET|ERR_CONTENT_LENGTH|ERR_EMPTY|ERR_INCOMPLETE|ERR_ABORTED|dynamically imported|status of (409|503)"
)


def draft(name: str, seconds: int = 86_400, shell: str = "true") -> dict[str, Any]:
    return {
        "name": name,
        "schedule": {"kind": "every", "seconds": seconds},
        "action": {"kind": "command", "shell": shell},
    }


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A server of this test alone."""
    with Server(tmp_path, "--drain-seconds", "0", environment={"TZ": "Europe/Berlin"}) as started:
        yield started


Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, own: Server) -> Iterator[Look]:
    contexts = []
    complaints: list[str] = []

    def open_page(path: str = "/tasks?sort=name", **wishes: Any) -> Page:
        context = browser.new_context(
            **{"timezone_id": "Europe/Berlin", "locale": "en-GB", "viewport": {"width": 1280, "height": 800}, **wishes}
        )
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()

        def heard(told: ConsoleMessage) -> None:
            if told.type in ("error", "warning") and not AWAY.search(told.text):
                complaints.append(told.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        body = {"token": own.token}
        assert context.request.post(f"{own.url}/api/v1/session", data=body, headers={"Origin": own.url}).ok
        page.goto(own.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def shows(page: Page, *names: str) -> None:
    """These tasks in this order, now or soon."""
    expect(page.get_by_role("table", name="Tasks").get_by_role("link")).to_have_text(list(names))


def row(page: Page, name: str) -> Any:
    return page.get_by_role("row").filter(has_text=name)


def is_live(page: Page) -> None:
    """The page hears the stream: its first reading that follows upon it is over."""
    expect(page.locator("[data-stream=live]")).to_be_visible()


def test_a_run_changes_its_row_while_one_looks_and_no_list_is_asked_for(own: Server, look: Look) -> None:
    task = own.ask("POST", "/tasks", draft("alpha", shell="sleep 1; exit 3"))
    own.ask("POST", "/tasks", draft("beta"))
    page = look()
    shows(page, "alpha", "beta")
    is_live(page)
    page.wait_for_function(READ_TWICE)
    lists: list[str] = []

    def heard(asked: Request) -> None:
        if "/tasks?" in asked.url and "limit=200" in asked.url:
            lists.append(asked.url)

    page.on("request", heard)
    page.get_by_role("checkbox", name="Select beta").focus()
    own.ask("POST", f"/tasks/{task['id']}/run")
    expect(row(page, "alpha").get_by_role("img", name="Running", exact=True)).to_be_visible()
    expect(row(page, "alpha").get_by_role("img", name="Failing")).to_be_visible()
    expect(row(page, "alpha").get_by_role("img", name=re.compile("last 1 run: 1 failed"))).to_be_visible()
    assert lists == []
    shows(page, "alpha", "beta")
    expect(page.get_by_role("checkbox", name="Select beta")).to_be_focused()


def test_pausing_changing_and_new_tasks_are_seen_and_nothing_moves(own: Server, look: Look) -> None:
    task = own.ask("POST", "/tasks", draft("middle"))
    own.ask("POST", "/tasks", draft("zulu"))
    page = look()
    shows(page, "middle", "zulu")
    is_live(page)
    own.ask("POST", f"/tasks/{task['id']}/pause", {"reason": "holiday"})
    expect(row(page, "middle").get_by_text("Paused: holiday")).to_be_visible()
    own.ask("POST", f"/tasks/{task['id']}/resume")
    expect(row(page, "middle").get_by_role("img", name="Active")).to_be_visible()
    own.ask("PATCH", f"/tasks/{task['id']}", {"name": "renamed"}, If_Match="*")
    expect(page.get_by_role("link", name="renamed")).to_be_visible()
    due = own.ask("GET", f"/tasks/{task['id']}")["next_due_at"]
    own.ask("PUT", f"/tasks/{task['id']}/occurrences/{due}", {"skip": True})
    expect(row(page, "renamed").get_by_text("skipped", exact=True)).to_be_visible()
    own.ask("POST", "/tasks", draft("aardvark"))
    expect(page.get_by_role("button", name="1 new")).to_be_visible()
    shows(page, "renamed", "zulu")
    page.get_by_role("button", name="1 new").click()
    expect(page.get_by_role("link", name="aardvark")).to_be_visible()


def test_a_server_that_was_killed_is_back_in_the_page_with_all_that_happened(own: Server, look: Look) -> None:
    task = own.ask("POST", "/tasks", draft("steady"))
    page = look()
    shows(page, "steady")
    is_live(page)
    own.kill()
    expect(page.get_by_text("The server does not answer; trying again")).to_be_visible()
    expect(page.get_by_text("No answer")).to_be_visible()
    shows(page, "steady")
    own.start()
    own.ask("POST", f"/tasks/{task['id']}/pause")
    expect(row(page, "steady").get_by_role("img", name="Paused")).to_be_visible()
    expect(page.get_by_text("The server does not answer; trying again")).to_be_hidden()
    is_live(page)
    own.ask("POST", f"/tasks/{task['id']}/resume")
    expect(row(page, "steady").get_by_role("img", name="Active")).to_be_visible()


def test_a_part_of_the_page_that_did_not_come_comes_once_the_server_is_back(own: Server, look: Look) -> None:
    own.ask("POST", "/tasks", draft("steady"))
    page = look()
    shows(page, "steady")
    own.kill()
    page.get_by_role("link", name="Runs", exact=True).first.click()
    expect(page.get_by_role("heading", name="This part of the page could not be loaded")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("It did not come from the server. It is tried again by itself.")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="This part of the page could not be loaded")).to_be_visible()
    assert found_by_axe(page) == []
    own.start()
    expect(page.get_by_role("group", name="Runs by state")).to_be_visible()
    page.wait_for_url("**/runs")


def test_what_could_not_be_read_is_read_once_the_server_is_back(own: Server, look: Look) -> None:
    """Also where nothing was there to be shown meanwhile, and nobody asks again."""
    first, other = (own.ask("POST", "/tasks", draft(name))["id"] for name in ("first", "other"))
    page = look(f"/tasks/{first}")
    page.get_by_role("heading", name="first").wait_for()
    page.get_by_role("link", name="History").click()  # so that all parts of the page are there
    page.get_by_role("list", name="Revisions").wait_for()
    is_live(page)
    own.kill()
    expect(page.get_by_text("The server does not answer; trying again")).to_be_visible()
    go = "(path) => { history.pushState({idx: 1}, '', path); dispatchEvent(new PopStateEvent('popstate')) }"
    page.evaluate(go, f"/tasks/{other}?tab=history")
    expect(page.get_by_role("heading", name="The task could not be loaded")).to_be_visible()
    assert found_by_axe(page) == []
    own.start()
    expect(page.get_by_role("heading", name="other")).to_be_visible()
    page.get_by_role("list", name="Revisions").wait_for()
    expect(page.get_by_text("The server does not answer; trying again")).to_be_hidden()


def test_a_form_outlives_its_server(own: Server, look: Look) -> None:
    page = look("/tasks/new")
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Command").fill("echo kept")
    own.kill()
    form.get_by_role("textbox", name="When").fill("every day at 9")
    expect(form.get_by_text("The server does not answer.")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(form.get_by_role("textbox", name="Command")).to_have_value("echo kept")
    own.start()
    expect(form.get_by_text("At 09:00, every day, Europe/Berlin")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Scheduled kept")).to_be_visible()
    assert own.ask("GET", "/tasks/by-name/kept")["action"]["shell"] == "echo kept"


def test_health_is_not_called_good_where_nobody_answers(own: Server, look: Look) -> None:
    page = look("/settings/about")
    expect(page.get_by_text("Ready", exact=False).first).to_be_visible()
    own.kill()
    expect(page.get_by_text("Not known")).to_be_visible()
    own.start()
    expect(page.get_by_text("Not known")).to_be_hidden()


def test_without_a_stream_the_page_asks_again_and_again_and_says_so(own: Server, look: Look) -> None:
    task = own.ask("POST", "/tasks", draft("steady"))
    page = look("/settings")  # a place where the stream can be cut before anything is shown
    page.clock.install()
    page.route("**/api/v1/events?**", lambda route: route.abort("connectionreset"))
    page.goto(own.url + "/tasks")
    shows(page, "steady")
    expect(page.get_by_text("asking every 5 s")).to_be_visible()
    assert found_by_axe(page) == []
    own.ask("POST", f"/tasks/{task['id']}/pause")
    expect(row(page, "steady").get_by_role("img", name="Paused")).to_be_visible()
    page.unroute("**/api/v1/events?**")
    page.clock.fast_forward(RETRY_MS)
    is_live(page)
    expect(page.get_by_text("asking every 5 s")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_that_match_are_paused_at_once_with_the_count_confirmed(own: Server, look: Look, scheme: str) -> None:
    own.ask("POST", "/tasks/batch", {"tasks": [draft(f"etl {n:03}") for n in range(MANY)]})
    own.ask("POST", "/tasks", draft("other"))
    page = look("/tasks?q=etl&sort=name", color_scheme=scheme)
    page.get_by_role("table", name="Tasks").get_by_role("link").first.wait_for()
    expect(page.get_by_text(f"{MANY} tasks", exact=True).or_(page.get_by_text(f"of {MANY} tasks"))).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("Select all|all rows|Select the")).first.check()
    toolbar = page.get_by_role("toolbar", name="Selected tasks")
    toolbar.get_by_role("button", name=f"Select all {MANY} matching").click()
    expect(toolbar).to_contain_text(f"All {MANY} matching selected")
    own.ask("POST", "/tasks", draft("etl late"))  # one more than the person has seen
    toolbar.get_by_role("button", name="Pause").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text(f"Pause {MANY} tasks?")
    expect(dialog.get_by_role("listitem")).to_have_count(6)
    assert found_by_axe(page) == []
    dialog.get_by_label("Reason").fill("moving house")
    dialog.get_by_role("button", name=f"Pause {MANY} tasks").click()
    expect(dialog.get_by_role("alert")).to_contain_text(f"There are {MANY + 1} tasks now")
    assert own.ask("GET", "/stats")["tasks"]["paused"] == 0
    assert found_by_axe(page) == []
    dialog.get_by_role("button", name=f"Pause {MANY + 1} tasks").click()
    expect(page.get_by_text(f"Paused {MANY + 1} tasks")).to_be_visible()
    expect(toolbar).to_be_hidden()
    paused = own.all("/tasks?state=paused")
    assert len(paused) == MANY + 1
    assert {task["pause"]["reason"] for task in paused} == {"moving house"}
    expect(row(page, "etl 007").get_by_role("img", name="Paused")).to_be_visible()


def test_all_that_match_are_deleted_once_their_number_is_confirmed_and_no_others(own: Server, look: Look) -> None:
    own.ask("POST", "/tasks/batch", {"tasks": [draft(f"etl {n:03}") for n in range(MANY)]})
    own.ask("POST", "/tasks", draft("other"))
    page = look("/tasks?q=etl&sort=name")
    page.get_by_role("table", name="Tasks").get_by_role("link").first.wait_for()
    toolbar = page.get_by_role("toolbar", name="Selected tasks")
    page.get_by_role("checkbox", name="Select all loaded tasks").check()
    toolbar.get_by_role("button", name=f"Select all {MANY} matching").click()
    toolbar.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("alertdialog", name=f"Delete {MANY} tasks?")
    samples = [f"etl {n:03}" for n in range(5)]
    expect(dialog.get_by_role("listitem")).to_have_text([*samples, f"and {MANY - len(samples)} more"])
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")  # it does not delete by itself
    expect(dialog).to_be_hidden()
    assert own.ask("GET", "/stats")["tasks"]["total"] == MANY + 1
    toolbar.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name=f"Delete {MANY} tasks").click()
    expect(page.get_by_text(f"Deleted {MANY} tasks")).to_be_visible()
    expect(toolbar).to_be_hidden()
    expect(page.get_by_role("heading", name="0 of 1 tasks match")).to_be_visible()
    assert [task["name"] for task in own.all("/tasks")] == ["other"]
    page.get_by_role("button", name="Clear search").click()
    page.get_by_role("checkbox", name="Select other").check()
    toolbar.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete 1 task").click()
    expect(page.get_by_role("heading", name="What should run, and when?")).to_be_visible()
    assert own.all("/tasks") == []


def test_who_refuses_is_named(own: Server, look: Look) -> None:
    busy = own.ask("POST", "/tasks", draft("busy", shell="sleep 60"))
    own.ask("POST", "/tasks", draft("idle"))
    own.ask("POST", f"/tasks/{busy['id']}/run")
    eventually(lambda: own.ask("GET", f"/tasks/{busy['id']}")["running"])
    page = look()
    for name in ("busy", "idle"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.get_by_role("toolbar").get_by_role("button", name="Run now").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Run 2 tasks").click()
    expect(page.get_by_role("heading", name="Started 1 of 2 tasks")).to_be_visible()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_role("list", name="Refused")).to_contain_text("1 task:")
    expect(dialog.get_by_role("list", name="Refused")).to_contain_text("busy")
    assert found_by_axe(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("toolbar", name="Selected tasks")).to_be_hidden()
