"""The page in Chromium on a server with 100,000 tasks and 1,000,000 runs: what it weighs, and how long a person waits.

`python bench/page.py [--tasks N] [--runs N] [--rounds N]`. Prints each figure beside its budget; ends with 1 where one is missed.
The server runs with `--roles api` in a process of its own; every visit begins with an empty cache. Needs the built page.
"""

import argparse
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.api import fill
from tests.server import Server

BUILT: Final = Path(__file__).parents[1] / "src" / "horarium" / "web"
ROWS: Final = "[role=table] [role=row] a"
SCROLL_STEPS: Final = 600
STEP_PX: Final = 360
WAIT_MS: Final = 20_000
BUDGETS: Final = {
    "initial JavaScript, gz, kB": 175.0,
    "later JavaScript, gz, kB": 420.0,
    "first rows, p50, ms": 1_000.0,
    "first rows, slow phone, ms": 3_000.0,
    "page of 200 as the server makes it, p95, ms": 60.0,
    "words typed to rows, p95, ms": 250.0,
    "slowest of all interactions, ms": 200.0,
    "scrolling, DOM nodes at most": 2_500.0,
    "scrolling, heap, MB": 60.0,
    "scrolling, p99 frame, ms": 100.0,
}

# Noted by the page itself, so that no round trip to the browser is in the figure.
WATCH_FIRST: Final = f"""
new MutationObserver((_, watch) => {{
  if (document.querySelector('{ROWS}')) {{ globalThis.firstRows = performance.now(); watch.disconnect(); }}
}}).observe(document, {{ childList: true, subtree: true }});
"""
SCROLL: Final = """
async ([steps, px]) => {
  const scrolls = (one) => one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY);
  let box = document.querySelector('[role=table] [role=row] a');
  while (box && !scrolls(box)) box = box.parentElement;
  const frames = [];
  let nodes = 0, before = performance.now();
  for (let step = 0; step < steps; step++) {
    box.scrollTop += px;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - before);
    before = now;
    if (step % 20 === 0) nodes = Math.max(nodes, document.getElementsByTagName('*').length);
  }
  return [nodes, frames, box.scrollTop];
}
"""
TYPE: Final = """
([words, wanted]) => new Promise((done) => {
  const field = document.querySelector('input[type=search]');
  const begun = performance.now();
  const look = () => {
    const rows = [...document.querySelectorAll('[role=table] [role=row] a')];
    if (rows.length > 0 && rows[0].textContent === wanted) done(performance.now() - begun);
    else if (performance.now() - begun > 10000) done(10000);
    else requestAnimationFrame(look);
  };
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, words);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  look();
})
"""


def weights() -> dict[str, float]:
    """What the first paint loads, and all that is loaded later; the API browser is another document."""
    document = (BUILT / "index.html").read_text("utf-8")
    initial = later = 0
    for file in (BUILT / "assets").glob("*.js"):
        if file.name.startswith("docs-"):
            continue
        size = file.with_name(file.name + ".gz").stat().st_size
        if f"assets/{file.name}" in document:
            initial += size
        else:
            later += size
    return {"initial JavaScript, gz, kB": initial / 1_000, "later JavaScript, gz, kB": later / 1_000}


def visitor(browser: Browser, server: Server) -> BrowserContext:
    context = browser.new_context(timezone_id="Europe/Berlin", locale="en-GB", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(WAIT_MS)
    answer = context.request.post(
        f"{server.url}/api/v1/session", data={"token": server.token}, headers={"Origin": server.url}
    )
    assert answer.ok, answer.text()
    return context


def first_rows(browser: Browser, server: Server, slow: bool) -> float:
    """ms from the beginning of the navigation to the first row, with an empty cache."""
    context = visitor(browser, server)
    context.add_init_script(WATCH_FIRST)
    page = context.new_page()
    if slow:
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        session.send("Network.enable")
        line = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
        session.send("Network.emulateNetworkConditions", line)
    page.goto(f"{server.url}/tasks?sort=name")
    page.locator(ROWS).first.wait_for()
    found = float(page.evaluate("globalThis.firstRows"))
    context.close()
    return found


def heap_mb(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = session.send("Runtime.getHeapUsage")
    session.detach()
    return float(used["usedSize"]) / 1_000_000


def scrolling(page: Page) -> dict[str, float]:
    nodes, frames, deep = page.evaluate(SCROLL, [SCROLL_STEPS, STEP_PX])
    frames.sort()
    return {
        "scrolling, rows passed": deep / 40,
        "scrolling, DOM nodes at most": nodes,
        "scrolling, heap, MB": heap_mb(page),
        "scrolling, p50 frame, ms": frames[len(frames) // 2],
        "scrolling, p99 frame, ms": frames[len(frames) * 99 // 100],
    }


def typing(page: Page, names: list[str]) -> dict[str, float]:
    """From the input event to the row that is meant: one task of all, found by its number and its words."""
    took = sorted(float(page.evaluate(TYPE, [name, name])) for name in names)
    return {
        "words typed to rows, p50, ms": took[len(took) // 2],
        "words typed to rows, p95, ms": took[len(took) * 95 // 100],
    }


# What the browser itself counts for "interaction to next paint".
WATCH_INTERACTIONS: Final = """
globalThis.slowest = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) slowest = Math.max(slowest, entry.duration);
}).observe({ type: 'event', durationThreshold: 16, buffered: true });
"""


def interacting(page: Page) -> dict[str, float]:
    """Real keys and clicks: through the rows, a menu, ticks, a chip, the palette, the form."""
    page.evaluate(WATCH_INTERACTIONS)
    for _ in range(20):
        page.keyboard.press("j")
    for _ in range(5):
        page.keyboard.press("x")
        page.keyboard.press("j")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Actions for")).first.click()
    page.get_by_role("menu").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("backup")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.keyboard.press("c")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("nightly report")
    page.wait_for_timeout(1_000)  # entries come some time after what they tell of
    return {"slowest of all interactions, ms": float(page.evaluate("globalThis.slowest"))}


def served(context: BrowserContext, server: Server, rounds: int) -> dict[str, float]:
    """Each time another page, so that none is one that was kept; in order of names, as the list asks for them."""
    took, cursor = [], ""
    for _ in range(5 * rounds):
        begun = time.perf_counter()
        answer = context.request.get(f"{server.url}/api/v1/tasks?sort=name&limit=200{cursor}")
        took.append((time.perf_counter() - begun) * 1_000)
        cursor = f"&cursor={answer.json()['next_cursor']}"
    took.sort()
    return {"page of 200 as the server makes it, p95, ms": took[len(took) * 95 // 100]}


def names_of(folder: Path, count: int) -> list[str]:
    with closing(sqlite3.connect(f"file:{folder / 'data' / 'horarium.db'}?mode=ro", uri=True)) as db:
        # Numbers with as many digits as there are, so that none begins another's.
        found = db.execute(
            "SELECT name FROM tasks WHERE rowid % 97 = 5 AND rowid > (SELECT max(rowid) / 2 FROM tasks) LIMIT ?",
            (count,),
        )
        return [str(name) for (name,) in found]


def measured(browser: Browser, server: Server, rounds: int) -> dict[str, float]:
    found = weights()
    first_rows(browser, server, slow=False)  # the server has read what it keeps
    visits = sorted(first_rows(browser, server, slow=False) for _ in range(rounds))
    found["first rows, p50, ms"] = visits[len(visits) // 2]
    found["first rows, slow phone, ms"] = first_rows(browser, server, slow=True)
    context = visitor(browser, server)
    page = context.new_page()
    page.goto(f"{server.url}/tasks?sort=name")
    page.locator(ROWS).first.wait_for()
    found |= scrolling(page)
    page.goto(f"{server.url}/tasks?sort=name")
    page.locator(ROWS).first.wait_for()
    found |= served(context, server, rounds)
    found |= typing(page, names_of(server.folder, 4 * rounds))
    page.goto(f"{server.url}/tasks?sort=name")
    page.locator(ROWS).first.wait_for()
    found |= interacting(page)
    context.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or not (BUILT / "index.html").is_file():
        print("Not measured: this needs Chromium (apt-get install chromium) and the built page (make run builds it).")
        return 0
    with tempfile.TemporaryDirectory(prefix="horarium-bench-") as name:
        folder = Path(name)
        fill(folder / "data", asked.tasks, asked.runs)
        with Server(folder, "--roles", "api") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            found = measured(browser, server, asked.rounds)
            browser.close()
    return told(found, BUDGETS)


def told(found: Mapping[str, float], budgets: Mapping[str, float]) -> int:
    """Each figure beside its budget; 1 where one is missed."""
    kept = True
    for label, value in found.items():
        budget = budgets.get(label)
        within = budget is None or value <= budget
        kept &= within
        beside = "" if budget is None else f"   budget {budget:,.0f}{'' if within else '   MISSED'}"
        print(f"{label:38} {value:10,.1f}{beside}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
