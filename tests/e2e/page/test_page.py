"""The page as a person meets it, in a real browser on a real server."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.page.conftest import TASKS, WAIT_MS, Afterwards, Open, found_by_axe, is_at
from tests.server import Server, eventually

expect.set_options(timeout=WAIT_MS)


def links(page: Page) -> Locator:
    return page.get_by_role("table", name="Tasks").get_by_role("link")


def rows(page: Page) -> list[str]:
    """The names of the tasks that are shown, in their order, once there are any."""
    links(page).first.wait_for()
    return links(page).all_inner_texts()


def shows(page: Page, *names: str) -> None:
    """These tasks in this order, now or soon."""
    expect(links(page)).to_have_text(list(names))


def id_of(server: Server, name: str) -> str:
    return str(server.ask("GET", f"/tasks/by-name/{name.replace(' ', '%20')}")["id"])


def failed_once(server: Server) -> None:
    task = id_of(server, "broken pipe")
    eventually(lambda: server.ask("GET", f"/runs?task_id={task}&state=failed")["items"])


def test_the_link_of_the_first_start_signs_in_once(opened: Open, server: Server) -> None:
    link = str(server.ask("POST", "/session/key")["link"]).removeprefix(server.url)
    page = opened(link, signed_in=False)
    expect(page.get_by_role("heading", name="You are signed in")).to_be_visible()
    expect(page.get_by_label("Your tasks default to the time zone")).to_have_value("Europe/Berlin")
    assert "#" not in page.url
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Start").click()
    assert set(rows(page)) == set(TASKS)
    assert page.evaluate("document.cookie").find("horarium_1") == -1  # out of reach of scripts


def test_who_is_not_signed_in_signs_in_and_comes_back(opened: Open, server: Server) -> None:
    page = opened(f"/tasks/{id_of(server, 'month end')}", signed_in=False)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_label("Token").fill(server.token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="month end")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_shows_every_task_failing_first(opened: Open, server: Server, scheme: str) -> None:
    failed_once(server)
    page = opened("/tasks", color_scheme=scheme)
    shows(page, "broken pipe", "month end", "nightly backup")
    row = page.get_by_role("row").filter(has_text="broken pipe")
    expect(row.get_by_role("img", name="Failing")).to_be_visible()
    expect(row.get_by_role("img", name=re.compile("last 1 run: 1 failed"))).to_be_visible()
    expect(page.get_by_role("button", name="1 failing")).to_be_visible()
    expect(page.get_by_text("On time")).to_be_visible()
    expect(page).to_have_title("(1) Tasks · Horarium")
    assert found_by_axe(page) == []


def test_times_are_in_the_zone_that_the_person_chose(opened: Open) -> None:
    page = opened("/tasks?tz=utc")
    expect(page.get_by_role("columnheader", name="Next run (UTC)")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="month end")
    expect(row.get_by_text(re.compile(r"\b1 \w{3} 00:00"))).to_be_visible()  # 09:00 in Tokyo
    page.get_by_role("button", name="Times are shown in UTC").click()
    page.get_by_role("menuitemradio", name="Each task's own zone").click()
    expect(row.get_by_text(re.compile(r"\b1 \w{3} 09:00 GMT\+9"))).to_be_visible()


def test_what_is_typed_stands_in_the_address_and_in_pills(opened: Open, server: Server) -> None:
    failed_once(server)
    page = opened("/tasks")
    rows(page)
    page.keyboard.press("/")
    page.keyboard.type("state:failing tag:http pipe")
    expect(page.get_by_role("button", name="Remove state:failing")).to_be_visible()
    is_at(page, "/tasks?q=pipe&state=failing&tag=http")
    shows(page, "broken pipe")
    page.keyboard.type(" zzz")
    expect(page.get_by_role("heading", name="0 of 3 tasks match")).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Clear search").click()
    is_at(page, "/tasks")
    page.get_by_role("searchbox").fill(id_of(server, "month end"))
    expect(page.get_by_role("heading", name="month end")).to_be_visible()


def test_hands_stay_on_the_keys(opened: Open, server: Server) -> None:
    failed_once(server)
    page = opened("/tasks")
    rows(page)
    for key in "jjj":
        page.keyboard.press(key)
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Selected tasks")).to_contain_text("1 selected")
    page.keyboard.press("p")
    expect(page.get_by_text("Paused nightly backup")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="nightly backup").get_by_role("img", name="Paused")).to_be_visible()
    assert found_by_axe(page) == []
    page.keyboard.press("p")
    expect(page.get_by_text("Resumed nightly backup")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("alertdialog")).to_contain_text("Run nightly backup now?")
    assert found_by_axe(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("Started nightly backup")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="nightly backup")).to_be_visible()


def test_a_long_name_stays_inside_the_dialog_that_asks(
    opened: Open, server: Server, gone_afterwards: Afterwards
) -> None:
    name = " ".join(["a name that goes on"] * 6)
    beat = {"kind": "every", "seconds": 86_400}
    made = server.ask("POST", "/tasks", {"name": name, "schedule": beat, "action": {"kind": "log", "message": "."}})
    gone_afterwards(str(made["id"]))
    page = opened("/tasks")
    rows(page)
    page.get_by_role("checkbox", name=f"Select {name}").check()
    page.get_by_role("toolbar", name="Selected tasks").get_by_role("button", name="Pause").click()
    asking = page.get_by_role("alertdialog")
    expect(asking).to_contain_text("Pause 1 task?")
    assert asking.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")


def test_several_tasks_are_paused_at_once_when_their_number_has_been_confirmed(opened: Open, server: Server) -> None:
    page = opened("/tasks?sort=name")
    rows(page)
    page.get_by_role("checkbox", name="Select broken pipe").check()
    page.get_by_role("checkbox", name="Select nightly backup").click(modifiers=["Shift"])
    toolbar = page.get_by_role("toolbar", name="Selected tasks")
    expect(toolbar).to_contain_text("3 selected")
    toolbar.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("Pause 3 tasks?")
    assert found_by_axe(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("Paused 3 tasks")).to_be_visible()
    expect(toolbar).to_be_hidden()
    assert server.ask("GET", "/stats")["tasks"]["total"] == 3
    assert [task["pause"] is None for task in server.ask("GET", "/tasks")["items"]] == [False] * 3
    for name in TASKS:
        server.ask("POST", f"/tasks/{id_of(server, name)}/resume")


def test_a_viewer_is_offered_only_what_a_viewer_may_do(opened: Open, server: Server) -> None:
    made = server.ask("POST", "/tokens", {"name": "onlooker", "role": "viewer"})
    page = opened("/tasks", signed_in=False)
    page.get_by_label("Token").fill(made["token"])
    page.get_by_role("button", name="Sign in").click()
    assert set(rows(page)) == set(TASKS)
    expect(page.get_by_role("link", name="New task")).to_be_hidden()
    page.get_by_role("button", name="Actions for month end").click()
    expect(page.get_by_role("menuitem")).to_have_text(["Upcoming", "Copy link"])
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Signed in as onlooker").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(server.url + "/tasks")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    server.ask("DELETE", f"/tokens/{made['id']}")


def test_a_task_is_deleted_by_its_menu_and_comes_back_by_undo(
    opened: Open, server: Server, gone_afterwards: Afterwards
) -> None:
    draft = {
        "name": "short lived",
        "schedule": {"kind": "every", "seconds": 9_000},
        "action": {"kind": "log", "message": "x"},
    }
    server.ask("POST", "/tasks", draft)
    page = opened("/tasks?q=short")
    shows(page, "short lived")
    page.get_by_role("button", name="Actions for short lived").click()
    assert found_by_axe(page) == []
    page.get_by_role("menuitem", name="Delete…").click()
    expect(page.get_by_role("heading", name="Delete short lived?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Actions for short lived")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.get_by_role("menuitem", name="Delete…").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted short lived")).to_be_visible()
    eventually(lambda: [task["name"] for task in server.ask("GET", "/tasks")["items"]] == sorted(TASKS))
    page.get_by_role("button", name="Undo").click()
    shows(page, "short lived")
    gone_afterwards(str(eventually(lambda: server.ask("GET", "/tasks?words=short")["items"])[0]["id"]))


def test_a_task_has_a_page_that_can_be_linked(opened: Open, server: Server) -> None:
    failed_once(server)
    page = opened(f"/tasks/{id_of(server, 'broken pipe')}")
    expect(page.get_by_role("heading", name="broken pipe")).to_be_visible()
    expect(page.get_by_text("exit 3: no route")).to_be_visible()
    expect(page.get_by_text("echo 'no route' >&2; exit 3")).to_be_visible()
    expect(page.get_by_text("nothing yet")).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_role("link", name="Tasks", exact=True).first.click()
    expect(links(page).get_by_text("broken pipe")).to_be_visible()


def test_a_chosen_theme_is_there_before_the_page_is(opened: Open) -> None:
    page = opened("/tasks", color_scheme="light")
    rows(page)
    page.get_by_role("button", name="Colours, rows and keys").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    # The document itself says it: no script of the page has run.
    page.route("**/assets/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark != "rgb(255, 255, 255)"


def test_on_a_phone_there_are_cards_with_large_buttons_and_nothing_to_scroll_sideways(opened: Open) -> None:
    page = opened("/tasks", viewport={"width": 320, "height": 640}, has_touch=True)
    assert set(rows(page)) == set(TASKS)
    run = page.get_by_role("button", name="Run month end now")
    box = run.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found_by_axe(page) == []


def test_a_task_fits_a_phone(opened: Open, server: Server) -> None:
    failed_once(server)
    page = opened(f"/tasks/{id_of(server, 'broken pipe')}", viewport={"width": 320, "height": 640}, has_touch=True)
    expect(page.get_by_text("exit 3: no route")).to_be_visible()
    assert page.evaluate("document.getElementById('main').scrollWidth <= innerWidth")
    assert found_by_axe(page) == []


def test_values_change_in_place_and_new_tasks_wait_until_they_are_wanted(
    opened: Open, server: Server, gone_afterwards: Afterwards
) -> None:
    page = opened("/tasks?sort=name")
    before = rows(page)
    draft = {
        "name": "a newcomer",
        "schedule": {"kind": "every", "seconds": 9_000},
        "action": {"kind": "log", "message": "x"},
    }
    server.ask("POST", "/tasks", draft)
    server.ask("POST", f"/tasks/{id_of(server, 'month end')}/pause")
    expect(page.get_by_role("row").filter(has_text="month end").get_by_role("img", name="Paused")).to_be_visible()
    shows(page, *before)
    page.get_by_role("button", name="1 new").click()
    expect(page.get_by_role("link", name="a newcomer")).to_be_visible()
    server.ask("POST", f"/tasks/{id_of(server, 'month end')}/resume")
    gone_afterwards(id_of(server, "a newcomer"))


def test_what_is_shown_stays_while_the_server_is_away(opened: Open) -> None:
    page = opened("/tasks", forgives="net::ERR_FAILED")
    before = rows(page)
    page.route("**/api/v1/**", lambda route: route.abort())
    expect(page.get_by_text("The server does not answer; trying again")).to_be_visible()
    shows(page, *before)
    assert found_by_axe(page) == []
    page.unroute("**/api/v1/**")
    expect(page.get_by_text("The server does not answer; trying again")).to_be_hidden()


def test_what_is_not_there_is_said_inside_the_page(opened: Open) -> None:
    page = opened("/tasks/01JD8Z5B1ZC7TR0Q3H6W0XQ2SG/nothing")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert found_by_axe(page) == []


def test_the_api_can_be_read_in_the_browser(opened: Open) -> None:
    page = opened("/docs")
    expect(page.get_by_text("/api/v1/tasks", exact=True).first).to_be_visible()
