"""The log of a run in Chromium: 100,000 lines that come while it is watched, and the earlier parts of one that was long.

`python bench/log.py [--lines N]`. Prints each figure beside its budget; ends with 1 where one is missed. The lines are written by
a real command of a real server; frames are counted by the page itself. Needs the built page.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from threading import Timer
from typing import Final

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.page import BUILT, told, visitor
from tests.server import Server, eventually

EARLIER_MAX: Final = 8
GO_SECONDS: Final = 0.5
WAIT_MS: Final = 60_000
BUDGETS: Final = {
    "written, read and shown to the last, ms": 600.0,
    "worst frame meanwhile, ms": 50.0,
    "worst frame, earlier parts, ms": 50.0,
}

# From the word to go to the last line on the screen, and how long each frame took.
FOLLOW: Final = """
(last) => new Promise((done) => {
  const log = document.querySelector('[data-testid=log]');
  const frames = [];
  const begun = performance.now();
  let before = begun;
  const look = () => {
    const now = performance.now();
    frames.push(now - before);
    before = now;
    const rows = log.querySelectorAll('pre:last-of-type > [data-no]');
    const newest = rows.length === 0 ? 0 : Number(rows[rows.length - 1].dataset.no);
    if (newest >= last) done([now - begun, frames]);
    else requestAnimationFrame(look);
  };
  look();
})
"""
# Presses the button above, and waits until no more lines come.
EARLIER: Final = """
() => new Promise((done) => {
  const log = document.querySelector('[data-testid=log]');
  const button = [...log.querySelectorAll('button')].find((one) => one.textContent.startsWith('Load earlier'));
  if (!button) { done(null); return; }
  const first = () => Number(log.querySelector('[data-first]').dataset.first);
  const stood = first();
  const frames = [];
  let before = performance.now(), newest = stood, rest = 30;
  const look = () => {
    const now = performance.now();
    frames.push(now - before);
    before = now;
    if (first() < newest) { newest = first(); rest = 30; }
    else if (newest < stood) rest--;
    if (rest === 0) done(frames);
    else requestAnimationFrame(look);
  };
  button.click();
  requestAnimationFrame(look);
})
"""


def followed(page: Page, server: Server, lines: int) -> dict[str, float]:
    """A command that waits until it is looked at, then writes all its lines at once."""
    go = server.folder / "go"
    shell = f"echo begun; while [ ! -e {go} ]; do sleep 0.05; done; seq 1 {lines}"
    run = begun(server, "a long log", shell)
    page.goto(f"{server.url}/runs/{run}")
    page.locator("[data-testid=log] [data-no]").first.wait_for()
    page.wait_for_timeout(1_000)  # the page has settled: what is measured is the log
    Timer(GO_SECONDS, go.touch).start()
    took, frames = page.evaluate(FOLLOW, lines + 1)
    took -= GO_SECONDS * 1_000
    stand = page.get_by_test_id("log").evaluate("log => log.textContent.split('\\n').length")
    return {
        "lines that stand there": stand,
        "written, read and shown to the last, ms": took,
        "worst frame meanwhile, ms": max(frames),
    }


def read_back(page: Page, server: Server) -> dict[str, float]:
    """100 MB, of which a head and a tail are kept; read from its end, piece by piece."""
    run = begun(server, "100 MB", "seq 1 13000000; exit 1")
    eventually(lambda: server.ask("GET", f"/runs/{run}")["state"] == "failed", WAIT_MS / 1_000)
    page.goto(f"{server.url}/runs/{run}")
    page.locator("[data-testid=log] [data-no]").first.wait_for()
    page.wait_for_timeout(1_000)
    worst, pieces = 0.0, 0
    while pieces < EARLIER_MAX and (frames := page.evaluate(EARLIER)) is not None:
        worst = max(worst, *frames)
        pieces += 1
    return {"earlier parts read": float(pieces), "worst frame, earlier parts, ms": worst}


def begun(server: Server, name: str, shell: str) -> str:
    schedule = {"kind": "once", "at": "2100-01-01T00:00:00Z"}
    draft = {"name": name, "schedule": schedule, "action": {"kind": "command", "shell": shell}}
    task = server.ask("POST", "/tasks", draft)
    return str(server.ask("POST", f"/tasks/{task['id']}/run")["id"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or not (BUILT / "index.html").is_file():
        print("Not measured: this needs Chromium (apt-get install chromium) and the built page (make run builds it).")
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="horarium-bench-") as name,
        Server(Path(name)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = visitor(browser, server).new_page()
        page.set_default_timeout(WAIT_MS)
        found = followed(page, server, asked.lines) | read_back(page, server)
        browser.close()
    return told(found, BUDGETS)


if __name__ == "__main__":
    sys.exit(main())
