"""Pictures of every screen of the page, taken of the real product on a temporary folder with tasks that look lived in.

`python -m scripts.screens [--out FOLDER] [--only NAMES] [--look LOOK] [--readme]` writes light, dark, half-width and phone
pictures into `.screens/`, which Git ignores; `--readme` renews the three pictures of the README in `docs/pictures/` as well. A
screen that this build does not have is named and left out. Needs the built page (`make run` builds it) and Chromium.
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from scripts.screens_seed import BERLIN, seed
from scripts.screens_tour import SCREENS, Screen, Stage
from tests.server import Server

ROOT: Final = Path(__file__).resolve().parent.parent
BUILT: Final = ROOT / "src" / "horarium" / "web"
PICTURES: Final = ROOT / "docs" / "pictures"
PICTURE_MAX: Final = 200_000  # bytes
WAIT_MS: Final = 8_000
SETTLE_MS: Final = 700
DESK: Final = {"width": 1280, "height": 800}
HALF: Final = {"width": 900, "height": 700}
PHONE: Final = {"width": 390, "height": 844}
README: Final = {"list": "tasks", "editor": "editor-filled", "run": "run-failed"}
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "half": {"viewport": HALF, "color_scheme": "light"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "has_touch": True, "device_scale_factor": 2},
}


def is_built(chunk: str | None) -> bool:
    names = [file.name for file in (BUILT / "assets").glob("*.js")]
    return chunk is None or any(re.match(rf"{chunk}-", name) for name in names)


class Photographer:
    """Takes every wanted screen in one look; what could not be taken is in `missing`."""

    def __init__(self, browser: Browser, server: Server, known: dict[str, str], out: Path, look: str) -> None:
        self.browser = browser
        self.server = server
        self.known = known
        self.out = out
        self.look = look
        self.missing: list[str] = []

    def context(self) -> BrowserContext:
        made = self.browser.new_context(timezone_id=BERLIN, locale="en-GB", **LOOKS[self.look])
        made.set_default_timeout(WAIT_MS)
        return made

    def member(self, server: Server) -> BrowserContext:
        """Signed in there."""
        made = self.context()
        told = {"Origin": server.url}
        signed_in = made.request.post(f"{server.url}/api/v1/session", data={"token": server.token}, headers=told)
        if not signed_in.ok:
            raise SystemExit(f"Signing in failed: {signed_in.text()}")
        return made

    def all(self, wanted: list[Screen]) -> None:
        for who in ("member", "stranger"):
            context = self.member(self.server) if who == "member" else self.context()
            for screen in wanted:
                if screen.who == who:
                    self.take(context, self.server, screen)
            context.close()
        first = [screen for screen in wanted if screen.who == "first"]
        if not first:
            return
        # A service without tasks, and a new one for each look, as its first run is one of the pictures.
        with (
            tempfile.TemporaryDirectory(prefix="horarium-screens-") as folder,
            Server(Path(folder), environment={"TZ": BERLIN}) as server,
        ):
            context = self.member(server)
            for screen in first:
                self.take(context, server, screen)
            context.close()

    def take(self, context: BrowserContext, server: Server, screen: Screen) -> None:
        if screen.wide_only and self.look == "phone":
            return
        if not is_built(screen.chunk):
            self.missing.append(f"{screen.name} (no file {screen.chunk})")
            return
        page = context.new_page()
        try:
            if screen.path == "{key}":
                page.goto(str(server.ask("POST", "/session/key")["link"]))
            else:
                page.goto(server.url + screen.path.format(**self.known))
            page.locator("main").wait_for()  # of no role while a sheet lies over it
            page.wait_for_timeout(SETTLE_MS)
            if screen.before:
                screen.before(Stage(page=page, server=server, known=self.known))
                page.wait_for_timeout(SETTLE_MS)
            page.screenshot(path=self.out / f"{screen.name}.{self.look}.png", animations="disabled")
        except PlaywrightError as error:
            self.missing.append(f"{screen.name} in {self.look}: {str(error).splitlines()[0]}")
        finally:
            page.close()


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
    parser.add_argument("--only", default="", help="a pattern: screens whose names match it")
    parser.add_argument("--look", choices=LOOKS, help="one of the looks only")
    parser.add_argument("--readme", action="store_true", help="renew docs/pictures as well")
    chosen = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium was not found: apt-get install chromium")
    if not (BUILT / "index.html").is_file():
        raise SystemExit("The page is not built: make run builds it.")
    chosen.out.mkdir(parents=True, exist_ok=True)
    wanted = [screen for screen in SCREENS if re.search(chosen.only, screen.name)]
    missing: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="horarium-screens-") as folder,
        Server(Path(folder), environment={"TZ": BERLIN}) as server,
        sync_playwright() as playwright,
    ):
        known = seed(server)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for look in [chosen.look] if chosen.look else LOOKS:
            photographer = Photographer(browser, server, known, chosen.out, look)
            photographer.all(wanted)
            missing += photographer.missing
        browser.close()
        server.ask("POST", f"/runs/{known['live']}/cancel")
    for one in missing:
        print(f"left out: {one}")
    print(f"{len(list(chosen.out.glob('*.png')))} pictures in {chosen.out}")
    if chosen.readme:
        for_readme(chosen.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
