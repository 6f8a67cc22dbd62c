"""Pictures of every screen of the page, taken of the real product on a temporary folder with tasks that look lived in.

`python scripts/screens.py [--out FOLDER] [--readme]` writes light, dark and phone pictures into `.screens/`, which Git ignores;
`--readme` renews the three pictures of the README in `docs/pictures/` as well. A screen that this build does not have is named
and left out. Needs the built page (`make run` builds it) and Chromium.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.server import Server  # noqa: E402 (it lies beside this folder)

BUILT: Final = ROOT / "src" / "horarium" / "web"
PICTURES: Final = ROOT / "docs" / "pictures"
PICTURE_MAX: Final = 200_000  # bytes
WAIT_MS: Final = 8_000
SETTLE_MS: Final = 700
RUNS_WAIT_SECONDS: Final = 40.0
DESK: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 390, "height": 844}
BERLIN: Final = "Europe/Berlin"

LOADING: Final = (
    r"for i in 1 2 3 4 5 6; do printf 'loading part %d of 6 … \033[32mok\033[0m  %d rows\n' $i $((i * 20417)); sleep 0.2; done; "
    r"echo 'warning: 3 rows had no customer' >&2; echo 'done in 1.3 s'"
)
FAILS: Final = (
    "echo 'connecting to replica-2 …'; sleep 0.3; echo 'Traceback: timed out after 300 ms' >&2; "
    "echo 'replica-2 is 41 s behind, giving up' >&2; exit 3"
)


def cron(expression: str, zone: str = BERLIN) -> dict[str, Any]:
    return {"kind": "cron", "expression": expression, "timezone": zone}


def every(seconds: int) -> dict[str, Any]:
    return {"kind": "every", "seconds": seconds}


def shell(line: str) -> dict[str, Any]:
    return {"kind": "command", "shell": line}


TASKS: Final[tuple[tuple[str, str, dict[str, Any], dict[str, Any], list[str]], ...]] = (
    ("nightly backup", "Snapshot, kept 30 days", cron("30 2 * * *"), shell("sleep 0.4; echo '2.1 GiB saved'"), ["ops"]),
    ("load orders", "From the shop into the warehouse", cron("*/30 6-22 * * 1-5"), shell(LOADING), ["etl", "orders"]),
    ("check replica lag", "", every(60), shell(FAILS), ["etl", "db"]),
    ("probe checkout", "The shop answers", every(60), shell("sleep 0.1; echo '200 OK in 84 ms'"), ["http"]),
    ("probe search", "", every(300), shell("sleep 0.1; echo '200 OK in 31 ms'"), ["http"]),
    ("send invoices", "", cron("0 9 * * 1-5"), shell("sleep 0.6; echo '212 sent'"), ["billing"]),
    ("close the month", "After the last booking", cron("0 7 1 * *"), shell("sleep 0.3; echo closed"), ["billing"]),
    ("rotate certificates", "", cron("15 4 * * 1"), shell("sleep 0.2; echo 'none is due'"), ["ops"]),
    ("rebuild search index", "", cron("0 3 * * *", "Asia/Tokyo"), shell("sleep 0.5; echo '1,204,331 documents'"), ["search"]),
    ("weekly report", "For Mondays", cron("0 8 * * 1", "America/New_York"), shell("echo mailed"), ["billing"]),
    ("prune caches", "", every(7_200), shell("sleep 0.1; echo '8.4 GiB freed'"), ["ops"]),
    ("sync contacts", "", cron("20 * * * *"), shell("sleep 0.2; echo '14 changed'"), ["crm"]),
    ("import rates", "", cron("5 16 * * 1-5"), shell("sleep 0.2; echo '31 rates'"), ["etl"]),
    ("old exporter", "Replaced by load orders", cron("0 5 * * *"), shell("true"), ["etl"]),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`path` may hold {task} and {run}; `chunk`: what the built page must have a file for; `before`: done before the picture."""

    name: str
    path: str
    chunk: str | None = None
    before: Callable[[Page], object] | None = None


def _open_menu(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Actions for")).first.click()


def _move(page: Page) -> None:
    page.locator("li[data-line] a").nth(6).focus()
    page.get_by_role("button", name=re.compile("^Actions for send invoices")).first.click()
    page.get_by_role("menuitem", name="Move this one…").click()
    page.get_by_text("It will run").wait_for()


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").wait_for()


SCREENS: Final = (
    Screen(name="tasks", path="/tasks"),
    Screen(name="tasks-menu", path="/tasks", before=_open_menu),
    Screen(name="tasks-none-found", path="/tasks?q=nothing+like+this"),
    Screen(name="task", path="/tasks/{task}", chunk="TaskPage"),
    Screen(name="editor-new", path="/tasks/new", chunk="TaskModal"),
    Screen(name="editor", path="/tasks/{task}?edit={task}", chunk="TaskModal"),
    Screen(name="upcoming", path="/upcoming", chunk="Upcoming"),
    Screen(name="upcoming-week", path="/upcoming?span=week", chunk="Upcoming"),
    Screen(name="upcoming-one", path="/upcoming?task={paused}", chunk="Upcoming"),
    Screen(name="upcoming-move", path="/upcoming?span=week", chunk="Upcoming", before=_move),
    Screen(name="runs", path="/runs", chunk="(TaskLog|Runs)"),
    Screen(name="run", path="/runs/{run}", chunk="(RunPage|TaskLog)"),
    Screen(name="settings", path="/settings/general", chunk="Settings"),
    Screen(name="settings-tokens", path="/settings/tokens", chunk="Settings"),
    Screen(name="settings-calendars", path="/settings/calendars", chunk="Settings"),
    Screen(name="settings-about", path="/settings/about", chunk="Settings"),
    Screen(name="palette", path="/tasks", chunk="(Palette|CommandPalette)", before=_palette),
    Screen(name="not-found", path="/nowhere"),
)
README: Final = {"list": "tasks", "run": "run", "editor": "editor"}
LOOKS: Final = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "has_touch": True, "device_scale_factor": 2},
}


def is_built(chunk: str | None) -> bool:
    names = [file.name for file in (BUILT / "assets").glob("*.js")]
    return chunk is None or any(re.match(rf"{chunk}-", name) for name in names)


def seed(server: Server) -> dict[str, str]:
    """The tasks, some of their past, and what screens need to be addressed."""
    ids: dict[str, str] = {}
    for name, description, schedule, action, tags in TASKS:
        draft = {"name": name, "description": description, "schedule": schedule, "action": action, "tags": tags}
        ids[name] = str(server.ask("POST", "/tasks", draft)["id"])
    for turn in range(6):
        for at, (name, task) in enumerate(ids.items()):
            if name != "old exporter" and (turn + at) % 3:
                server.ask("POST", f"/tasks/{task}/run?overlap=allow")
        _settled(server)
    for _ in range(2):
        server.ask("POST", f"/tasks/{ids['load orders']}/run?overlap=allow")
    _settled(server)
    server.ask("POST", f"/tasks/{ids['old exporter']}/pause", {"reason": "replaced, kept until March"})
    coming = server.ask("GET", f"/tasks/{ids['sync contacts']}/upcoming?count=5")["due"]
    server.ask("PUT", f"/tasks/{ids['sync contacts']}/occurrences/{coming[1]}", {"skip": True})
    invoices = server.ask("GET", f"/tasks/{ids['rebuild search index']}/upcoming?count=1")["due"]
    later = invoices[0].replace(":00:00.000Z", ":45:00.000Z")
    server.ask("PUT", f"/tasks/{ids['rebuild search index']}/occurrences/{invoices[0]}", {"move_to": later})
    runs = server.ask("GET", f"/runs?task_id={ids['load orders']}&limit=1")["items"]
    return {"task": ids["load orders"], "paused": ids["old exporter"], "run": str(runs[0]["id"])}


def _settled(server: Server) -> None:
    end = time.monotonic() + RUNS_WAIT_SECONDS
    while time.monotonic() < end:
        if not server.ask("GET", "/runs?state=running&state=waiting&limit=1")["items"]:
            return
        time.sleep(0.1)
    raise SystemExit("The seeded runs do not end.")


def take(browser: Browser, server: Server, known: dict[str, str], out: Path, only: str | None) -> list[str]:
    """Every screen in every look. Answers with what could not be taken."""
    missing: list[str] = []
    for look, wishes in LOOKS.items():
        context = browser.new_context(timezone_id=BERLIN, locale="en-GB", **wishes)  # type: ignore[arg-type]
        context.set_default_timeout(WAIT_MS)
        signed_in = context.request.post(
            f"{server.url}/api/v1/session", data={"token": server.token}, headers={"Origin": server.url}
        )
        if not signed_in.ok:
            raise SystemExit(f"Signing in failed: {signed_in.text()}")
        for screen in SCREENS:
            if only and only not in screen.name:
                continue
            if not is_built(screen.chunk):
                if look == "light":
                    missing.append(f"{screen.name} (no file {screen.chunk})")
                continue
            page = context.new_page()
            try:
                page.goto(server.url + screen.path.format(**known))
                page.get_by_role("main").wait_for()
                page.wait_for_timeout(SETTLE_MS)
                if screen.before:
                    screen.before(page)
                    page.wait_for_timeout(SETTLE_MS)
                page.screenshot(path=out / f"{screen.name}.{look}.png", animations="disabled")
            except PlaywrightError as error:
                missing.append(f"{screen.name} in {look}: {str(error).splitlines()[0]}")
            finally:
                page.close()
        context.close()
    return missing


def for_readme(out: Path) -> None:
    """The light pictures, where they were taken and are small enough."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, screen in README.items():
        taken = out / f"{screen}.light.png"
        if not taken.exists():
            print(f"docs/pictures/{name}.png: not renewed, this build has no such screen")
        elif taken.stat().st_size > PICTURE_MAX:
            print(f"docs/pictures/{name}.png: not renewed, {taken.stat().st_size} of {PICTURE_MAX} bytes")
        else:
            shutil.copyfile(taken, PICTURES / f"{name}.png")
            print(f"docs/pictures/{name}.png: {taken.stat().st_size} bytes")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / ".screens")
    parser.add_argument("--only", help="screens whose names have this in them")
    parser.add_argument("--readme", action="store_true", help="renew docs/pictures as well")
    chosen = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium was not found: apt-get install chromium")
    if not (BUILT / "index.html").is_file():
        raise SystemExit("The page is not built: make run builds it.")
    chosen.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="horarium-screens-") as folder,
        Server(Path(folder), environment={"TZ": BERLIN}) as server,
        sync_playwright() as playwright,
    ):
        known = seed(server)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        missing = take(browser, server, known, chosen.out, chosen.only)
        browser.close()
    for one in missing:
        print(f"left out: {one}")
    print(f"{len(list(chosen.out.glob('*.png')))} pictures in {chosen.out}")
    if chosen.readme:
        for_readme(chosen.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
