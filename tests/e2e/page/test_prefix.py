"""The built page below a prefix, as a proxy would show it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import sync_playwright

from horarium.api.serving import Web, listen
from horarium.api.static import find_page
from tests.e2e.page.conftest import FLAGS, WAIT_MS
from tests.house.paths import PACKAGE
from tests.integration.api.drafts import draft
from tests.integration.api.house import build_house, secret
from tests.needs import missing, program


def look(url: str, chromium: str) -> tuple[list[str], str, str]:
    """What the browser complains of, and the addresses it ends at."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(WAIT_MS)
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        page.goto(f"{url}/tasks")
        page.get_by_label("Token").fill(secret("admin"))
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="under a prefix").click()
        page.get_by_role("heading", name="under a prefix").wait_for()
        page.reload()
        page.get_by_role("heading", name="under a prefix").wait_for()
        deep = page.url
        page.get_by_role("link", name="API").click()
        page.get_by_text("/api/v1/tasks", exact=True).first.wait_for()
        last = page.url
        browser.close()
        return complaints, deep, last


def test_deep_links_assets_and_the_api_are_found_below_a_prefix() -> None:
    """In a thread of its own: the browser of the other tests keeps a loop running in this one."""
    with ThreadPoolExecutor(max_workers=1) as other:
        other.submit(asyncio.run, below_a_prefix()).result()


async def below_a_prefix() -> None:
    chromium = program("chromium", "apt-get install chromium fonts-liberation")
    built = find_page(PACKAGE / "web") or missing(
        "The built page", "make run or make e2e builds it where there is Node"
    )
    house = build_house(page=built, base_path="/horarium")
    await house.editor.post("/api/v1/tasks", draft("under a prefix"))
    web = Web(house.app, listen("127.0.0.1", 0))
    serving = asyncio.create_task(web.serve())
    await web.started()
    url = f"http://127.0.0.1:{web.port}/horarium"
    complaints, deep, last = await asyncio.to_thread(look, url, chromium)
    web.stop()
    await serving
    await house.store.close()
    assert complaints == []
    assert deep.startswith(f"{url}/tasks/")
    assert last == f"{url}/docs"
