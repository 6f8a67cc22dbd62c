"""WCAG 2.2 AA on every screen and every layer of the page, each opened once and looked at in both themes; and whether it fits
into every width, down to the 320 px of WCAG 1.4.10."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.page.conftest import TASKS, WAIT_MS, found_in_both_themes
from tests.e2e.page.screens import EMPTY, FORMS, LAYERS, ROUTES, Screen, at, key, press, sees, write
from tests.house.paths import PACKAGE
from tests.needs import missing
from tests.server import Server, eventually

expect.set_options(timeout=WAIT_MS)

Show = Callable[[Screen], Page]
BUSY = ("running", "waiting")
SIZE: ViewportSize = {"width": 1280, "height": 800}
WIDTHS = (320, 768, 1440)
# What has more to show than it has room for, to the right.
SIDEWAYS = """() => [...document.querySelectorAll("html, main, [role=dialog], [role=alertdialog]")]
    .filter(one => one.scrollWidth > one.clientWidth)
    .map(one => `${one.tagName} ${one.scrollWidth} > ${one.clientWidth}`)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not (PACKAGE / "web" / "index.html").is_file():
        missing("The built page", "make run or make e2e builds it where there is Node")
    folder = tmp_path_factory.mktemp("accessible")
    # One task runs for ever; nobody waits for it at the end.
    with Server(folder, "--drain-seconds", "0", environment={"TZ": "Europe/Berlin"}) as started:
        yield started


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Server]:
    """One without a task; `server` says first what is missing."""
    with Server(tmp_path_factory.mktemp("empty"), environment={"TZ": "Europe/Berlin"}) as started:
        yield started


@pytest.fixture(scope="module")
def names(server: Server) -> dict[str, str]:
    """What the addresses of screens name, and its id: among them a run that failed, and one that goes on."""

    def make(name: str, schedule: dict[str, Any], shell: str, tags: list[str]) -> str:
        action = {"kind": "command", "shell": shell}
        draft = {"name": name, "schedule": schedule, "action": action, "tags": tags}
        return str(server.ask("POST", "/tasks", draft)["id"])

    def run(task: str, *, until: Callable[[str], bool]) -> str:
        made = str(server.ask("POST", f"/tasks/{task}/run")["id"])
        eventually(lambda: until(server.ask("GET", f"/runs/{made}")["state"]))
        return made

    day: dict[str, Any] = {"kind": "every", "seconds": 86_400}
    known = {name: make(name, schedule, shell, tags) for name, (schedule, shell, tags) in TASKS.items()}
    known["prices"] = make("stream prices", day, "while :; do echo tick; sleep 1; done", ["live"])
    known["edited"] = make("edited", {"kind": "cron", "expression": "0 9 * * 2", "timezone": "Asia/Tokyo"}, "true", [])
    make("due often", {"kind": "every", "seconds": 300}, "true", ["dense"])
    server.ask("PATCH", f"/tasks/{known['edited']}", {"priority": 3}, If_Match="*")
    server.ask("POST", f"/tasks/{known['month end']}/pause", {"reason": "on holiday"})
    server.ask("PUT", "/calendars/company%20days", {"days": ["2026-12-24"]})
    server.ask("POST", "/tokens", {"name": "onlooker", "role": "viewer"})
    known["failed run"] = run(known["broken pipe"], until=lambda state: state not in BUSY)
    known["open run"] = run(known["prices"], until=lambda state: state == "running")
    return known


def shower(browser: Browser, server: Server, names: dict[str, str], *, signed_in: bool = True) -> Iterator[Show]:
    """Shows one screen after another in one context. Nothing moves, so that a colour is what it is going to be."""
    with browser.new_context(
        timezone_id="Europe/Berlin",
        locale="en-GB",
        viewport=SIZE,
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    ) as context:
        context.set_default_timeout(WAIT_MS)
        if signed_in:
            body = {"token": server.token}
            assert context.request.post(f"{server.url}/api/v1/session", data=body, headers={"Origin": server.url}).ok

        def show(screen: Screen) -> Page:
            for other in context.pages:
                other.close()
            page = context.new_page()
            screen.before(page)
            path = screen.path
            for name, known in names.items():
                path = path.replace(f"{{{name}}}", known)
            page.goto(server.url + path)
            return page

        yield show


@pytest.fixture(scope="module")
def show(browser: Browser, server: Server, names: dict[str, str]) -> Iterator[Show]:
    yield from shower(browser, server, names)


@pytest.fixture(scope="module")
def show_empty(browser: Browser, empty: Server) -> Iterator[Show]:
    yield from shower(browser, empty, {})


@pytest.fixture(scope="module")
def show_signed_out(browser: Browser, empty: Server) -> Iterator[Show]:
    yield from shower(browser, empty, {}, signed_in=False)


def found(page: Page, screen: Screen) -> list[tuple[str, ...]]:
    """What breaks a rule, at which look and in which theme."""
    violations: list[tuple[str, ...]] = []
    for look, steps in screen.looks.items():
        for step in steps:
            step(page)
        violations += [(look, *one) for one in found_in_both_themes(page)]
    return violations


def wide(page: Page, screen: Screen) -> list[tuple[str, ...]]:
    """Where one would have to scroll sideways, at which look and width."""
    sideways: list[tuple[str, ...]] = []
    for look, steps in screen.looks.items():
        for step in steps:
            step(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            drawn(page)
            sideways += [(look, str(width), one) for one in page.evaluate(SIDEWAYS)]
        page.set_viewport_size(SIZE)
    return sideways


def drawn(page: Page) -> None:
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


@pytest.mark.parametrize("screen", ROUTES.values(), ids=list(ROUTES))
def test_no_route_breaks_a_rule(show: Show, screen: Screen) -> None:
    assert found(show(screen), screen) == []


@pytest.mark.parametrize("screen", LAYERS.values(), ids=list(LAYERS))
def test_no_layer_breaks_a_rule(show: Show, screen: Screen) -> None:
    assert found(show(screen), screen) == []


@pytest.mark.parametrize("screen", FORMS.values(), ids=list(FORMS))
def test_no_form_breaks_a_rule(show: Show, screen: Screen) -> None:
    assert found(show(screen), screen) == []


@pytest.mark.parametrize("screen", EMPTY.values(), ids=list(EMPTY))
def test_nothing_breaks_a_rule_where_there_is_nothing_yet(show_empty: Show, screen: Screen) -> None:
    assert found(show_empty(screen), screen) == []


@pytest.mark.parametrize("screen", (ROUTES | FORMS).values(), ids=list(ROUTES | FORMS))
def test_every_width_is_enough(show: Show, screen: Screen) -> None:
    assert wide(show(screen), screen) == []


@pytest.mark.parametrize("screen", EMPTY.values(), ids=list(EMPTY))
def test_every_width_is_enough_where_there_is_nothing_yet(show_empty: Show, screen: Screen) -> None:
    assert wide(show_empty(screen), screen) == []


def test_an_edit_that_comes_second_breaks_no_rule(show: Show, server: Server, names: dict[str, str]) -> None:
    screen = at("/tasks?edit={edited}", key("Control+s"), sees("radio"))
    page = show(screen)
    page.get_by_role("textbox", name="Command").fill("echo mine")
    theirs = {"action": {"kind": "command", "shell": "echo theirs"}}
    server.ask("PATCH", f"/tasks/{names['edited']}", theirs, If_Match="*")
    assert found(page, screen) == []


def test_no_door_breaks_a_rule(show_signed_out: Show, empty: Server) -> None:
    link = str(empty.ask("POST", "/session/key")["link"]).removeprefix(empty.url)
    for screen in (
        at("/signin", sees("heading", "Sign in")),
        at("/signin", write("textbox", "Token", "wrong"), press("button", "Sign in"), sees("alert")),
        at(link, sees("heading", "You are signed in")),
    ):
        assert found(show_signed_out(screen), screen) == []
