"""A real server with the built page, and the system's Chromium to look at it with."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.house.paths import PACKAGE, ROOT
from tests.needs import missing, program
from tests.server import Server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WAIT_MS = 15_000
THEMES = ("light", "dark")
# Colours on their way from one theme to the other are those of neither.
IN_THEME = """theme => {
    document.documentElement.dataset.theme = theme;
    for (const one of document.getAnimations()) if (one.effect.getComputedTiming().endTime < Infinity) one.finish();
}"""
TASKS: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "nightly backup": ({"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"}, "true", ["ops"]),
    "broken pipe": ({"kind": "every", "seconds": 86_400}, "echo 'no route' >&2; exit 3", ["etl", "http"]),
    "month end": ({"kind": "cron", "expression": "0 9 1 * *", "timezone": "Asia/Tokyo"}, "true", []),
}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = program("chromium", "apt-get install chromium fonts-liberation")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With three tasks, one of which has failed once."""
    if not (PACKAGE / "web" / "index.html").is_file():
        missing("The built page", "make run or make e2e builds it where there is Node")
    with Server(tmp_path_factory.mktemp("page"), environment={"TZ": "Europe/Berlin"}) as started:
        for name, (schedule, shell, tags) in TASKS.items():
            action = {"kind": "command", "shell": shell}
            task = started.ask("POST", "/tasks", {"name": name, "schedule": schedule, "action": action, "tags": tags})
            if name == "broken pipe":
                started.ask("POST", f"/tasks/{task['id']}/run")
        yield started


Open = Callable[..., Page]
Afterwards = Callable[[str], None]


@pytest.fixture
def gone_afterwards(server: Server) -> Iterator[Afterwards]:
    """Deletes a task once nobody looks any more: a page complains of what is taken away under it."""
    tasks: list[str] = []
    yield tasks.append
    for task in tasks:
        server.ask("DELETE", f"/tasks/{task}")


@pytest.fixture
def opened(browser: Browser, server: Server, gone_afterwards: Afterwards) -> Iterator[Open]:
    """Opens a page in a context of its own, signed in unless told otherwise. At the end nothing may have complained,
    except of what a test forgives."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str = "/tasks", *, signed_in: bool = True, forgives: str | None = None, **wishes: Any) -> Page:
        context = browser.new_context(
            **{"timezone_id": "Europe/Berlin", "locale": "en-GB", "viewport": {"width": 1280, "height": 800}, **wishes}
        )
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(
            "addEventListener('securitypolicyviolation', (e) => "
            "console.error('policy', e.violatedDirective, e.blockedURI, e.sourceFile))"
        )
        page = context.new_page()

        def heard(told: ConsoleMessage) -> None:
            if told.type in ("error", "warning") and not (forgives and forgives in told.text):
                complaints.append(told.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if signed_in:
            answer = context.request.post(
                f"{server.url}/api/v1/session", data={"token": server.token}, headers={"Origin": server.url}
            )
            assert answer.ok, answer.text()
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def is_at(page: Page, path: str) -> None:
    """The address ends like that; `*` stands for anything. The page itself is asked again and again: news of an address can be
    missed by whoever begins to wait for it under load."""
    expect(page).to_have_url(re.compile(".*".join(map(re.escape, path.split("*"))) + "$"), timeout=WAIT_MS)


# A colour on its way is nobody's choice. What turns for ever is not waited for.
AT_REST = """
Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished))
"""


def found_by_axe(page: Page) -> list[tuple[str, str]]:
    """Violations of WCAG 2.2 AA on what is shown now: the rule, and the first element that breaks it."""
    if not AXE.is_file():
        missing("axe-core", "make check installs it where there is Node")
    session = page.context.new_cdp_session(page)  # the page's own policy lets no foreign script in

    def told(expression: str) -> Any:
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return session.send("Runtime.evaluate", asked)["result"].get("value")

    if not told("'axe' in globalThis"):
        told(AXE.read_text("utf-8"))
    told(AT_REST)
    wish = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = told(f"axe.run({json.dumps(wish)}).then(({{violations}}) => violations.map(v => [v.id, v.nodes[0].html]))")
    session.detach()
    return [(rule, element) for rule, element in found]


def found_in_both_themes(page: Page) -> list[tuple[str, str, str]]:
    """The same for each theme, on the same screen: a violation begins with the theme that shows it."""
    before = page.evaluate("document.documentElement.dataset.theme")
    found = []
    for theme in THEMES:
        page.evaluate(IN_THEME, theme)
        found += [(theme, rule, element) for rule, element in found_by_axe(page)]
    page.evaluate(IN_THEME, before)
    return found
