"""What the pictures show: every screen, every dialog, and the states that are seldom seen."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import Locator, Page

from tests.server import Server

SERVER_AWAY_MS: Final = 30_000
# Lists of tasks stay on their way.
HELD: Final = """
const { open, send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.open = function (how, where, ...rest) {
  this.held = String(where).includes("/tasks?");
  return open.call(this, how, where, ...rest);
};
XMLHttpRequest.prototype.send = function (body) { return this.held ? undefined : send.call(this, body); };
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One page, just opened, and the service behind it."""

    page: Page
    server: Server
    known: dict[str, str]

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")

    def press(self, name: str, role: Literal["button", "link"] = "button") -> None:
        self.page.get_by_role(role, name=name).first.click()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`path` may hold {task}, {failing}, {paused}, {run}, {failed} and {live}; `chunk`: what the built page must have a file for;
    `who`: signed in, a stranger, or the first to come to a service without tasks; `before`: done before the picture."""

    name: str
    path: str
    chunk: str | None = None
    who: Literal["member", "stranger", "first"] = "member"
    wide_only: bool = False
    before: Callable[[Stage], object] | None = None


def _row_menu(at: Stage) -> None:
    at.page.get_by_role("button", name=re.compile("^Actions for")).first.click()
    at.page.get_by_role("menu").wait_for()


def _run_now(at: Stage) -> None:
    _row_menu(at)
    at.page.get_by_role("menuitem", name="Run now").click()
    at.page.get_by_role("alertdialog").wait_for()


def _delete(at: Stage) -> None:
    _row_menu(at)
    at.page.get_by_role("menuitem", name="Delete…").click()
    at.page.get_by_role("alertdialog").wait_for()


def _ticked(at: Stage) -> None:
    for name in ("probe checkout", "probe search", "prune caches"):
        at.page.get_by_role("checkbox", name=f"Select {name}").check()


def _bulk(at: Stage) -> None:
    _ticked(at)
    at.page.get_by_role("toolbar", name="Selected tasks").get_by_role("button", name="Pause").click()
    at.page.get_by_role("alertdialog").wait_for()


def _on_keys(at: Stage) -> None:
    for _ in range(3):
        at.page.keyboard.press("j")


def _loading(at: Stage) -> None:
    at.page.add_init_script(HELD)
    at.page.reload()
    at.page.get_by_role("main").wait_for()


def _broken(at: Stage) -> None:
    problem = '{"title":"Internal error","status":500,"detail":"The database is locked.","request_id":"01KC7Z3Q8M"}'
    at.page.route(
        "**/api/v1/tasks?*",
        lambda route: route.fulfill(status=500, body=problem, content_type="application/problem+json"),
    )
    at.page.reload()
    at.page.get_by_role("heading", name="could not be loaded").wait_for()


def _offline(at: Stage) -> None:
    at.page.get_by_role("table", name="Tasks").get_by_role("link").first.wait_for()
    at.page.route("**/api/v1/**", lambda route: route.abort())
    at.page.get_by_text("The server does not answer").wait_for(timeout=SERVER_AWAY_MS)


def _menu(name: str) -> Callable[[Stage], None]:
    def opened(at: Stage) -> None:
        at.page.get_by_role("button", name=re.compile(name)).first.click()
        at.page.get_by_role("menu").wait_for()

    return opened


def _palette(at: Stage) -> None:
    at.page.keyboard.press("Control+k")
    at.sheet.wait_for()


def _palette_found(at: Stage) -> None:
    _palette(at)
    at.page.keyboard.type("probe")
    at.page.get_by_role("option", name="probe checkout").first.wait_for()


def _keys(at: Stage) -> None:
    at.page.keyboard.press("?")
    at.sheet.wait_for()


def _when(at: Stage, words: str) -> None:
    at.sheet.get_by_role("textbox", name="When").fill(words)


def _filled(at: Stage) -> None:
    at.sheet.get_by_role("textbox", name="Command").fill("pg_dump shop | zstd > /backup/shop.zst")
    at.sheet.get_by_role("textbox", name="Name").fill("dump the shop")
    _when(at, "every weekday at 9:00 except holidays of Germany")
    at.sheet.get_by_role("list", name="Next runs").wait_for()


def _builder(at: Stage) -> None:
    at.sheet.get_by_role("textbox", name="Command").fill("./report.sh")
    at.sheet.get_by_role("button", name="monthly").click()
    at.sheet.get_by_role("list", name="Next runs").wait_for()


def _unread(at: Stage) -> None:
    _when(at, "twice a week")
    at.sheet.get_by_text("Monday and Thursday").first.wait_for()


def _zones(at: Stage) -> None:
    box = at.sheet.get_by_role("combobox", name="Time zone")
    box.fill("york")
    at.page.get_by_role("option").first.wait_for()
    box.scroll_into_view_if_needed()


def _folded(at: Stage) -> None:
    at.sheet.get_by_text("If things go wrong").click()
    at.sheet.get_by_text("Tags and notes").click()
    at.sheet.get_by_text("Tags and notes").scroll_into_view_if_needed()


def _tried(at: Stage) -> None:
    at.sheet.get_by_role("button", name="Run once now").click()
    at.page.get_by_text("Succeeded after").first.wait_for()


def _changed(at: Stage) -> None:
    at.sheet.get_by_role("textbox", name="Name").fill("load all orders")
    _when(at, "every weekday at 9:00")
    at.sheet.get_by_text("next run moves").wait_for()


def _overtaken(at: Stage) -> None:
    at.sheet.get_by_role("textbox", name="Command").fill("./load-orders --all")
    task = at.known["task"]
    was = at.server.ask("GET", f"/tasks/{task}")
    other = {
        "priority": was["priority"] + 1,
        "action": {"kind": "command", "shell": f"./load-orders --since {was['revision']}d"},
    }
    at.server.ask("PATCH", f"/tasks/{task}", other, If_Match="*")
    at.page.keyboard.press("Control+s")
    at.sheet.get_by_text("saved this task while you were editing").wait_for()


def _restored(at: Stage) -> None:
    action = at.server.ask("GET", f"/tasks/{at.known['task']}/revisions/1")["definition"]["action"]
    at.server.ask("PATCH", f"/tasks/{at.known['task']}", {"action": action}, If_Match="*")


def _history(at: Stage) -> None:
    _restored(at)
    at.sheet.get_by_text("History").click()
    at.sheet.get_by_role("button", name="Restore revision 1").wait_for()


def _move(at: Stage) -> None:
    at.page.locator("li[data-line] a").nth(6).focus()
    at.page.get_by_role("button", name=re.compile("^Actions for send invoices")).first.click()
    at.page.get_by_role("menuitem", name="Move this one…").click()
    at.page.get_by_text("It will run").wait_for()


def _unfolded(at: Stage) -> None:
    at.page.get_by_role("button", name=re.compile("more every 5 min")).first.click()
    at.page.get_by_role("button", name="Show more of probe search").wait_for()


def _token(at: Stage) -> None:
    at.press("New token")
    at.page.get_by_role("textbox").first.fill("status board")


def _calendar(at: Stage) -> None:
    at.press("New calendar")


def _crontab(at: Stage) -> None:
    at.press("Import crontab")
    lines = '30 2 * * * /usr/local/bin/backup --all\n0 9 * * 1-5 echo "good morning"\n@reboot /usr/local/bin/warm-up\n'
    at.sheet.get_by_role("textbox", name="Crontab").fill(lines)
    at.sheet.get_by_role("table", name="What it makes").wait_for()


def _first_run(at: Stage) -> None:
    at.press("Run it now")
    at.page.get_by_text("Succeeded after").wait_for()


SCREENS: Final = (
    Screen(name="setup", path="{key}", who="first"),
    Screen(name="sign-in", path="/tasks", who="stranger"),
    Screen(name="composer", path="/tasks", chunk="Composer", who="first"),
    Screen(name="composer-crontab", path="/tasks", chunk="Composer", who="first", before=_crontab),
    Screen(name="first-run", path="/tasks", chunk="Composer", who="first", before=_first_run),
    Screen(name="tasks", path="/tasks"),
    Screen(name="tasks-cursor", path="/tasks", wide_only=True, before=_on_keys),
    Screen(name="tasks-failing", path="/tasks?state=failing"),
    Screen(name="tasks-none-found", path="/tasks?q=nothing+like+this"),
    Screen(name="tasks-menu", path="/tasks", before=_row_menu),
    Screen(name="tasks-run", path="/tasks", before=_run_now),
    Screen(name="tasks-delete", path="/tasks", before=_delete),
    Screen(name="tasks-bulk", path="/tasks", wide_only=True, before=_ticked),
    Screen(name="tasks-bulk-sheet", path="/tasks", wide_only=True, before=_bulk),
    Screen(name="tasks-loading", path="/tasks", before=_loading),
    Screen(name="tasks-error", path="/tasks", before=_broken),
    Screen(name="tasks-offline", path="/tasks", before=_offline),
    Screen(name="menu-zone", path="/tasks", before=_menu("^Times are shown")),
    Screen(name="menu-looks", path="/tasks", before=_menu("^Colours, rows")),
    Screen(name="task", path="/tasks/{task}", chunk="TaskRoute"),
    Screen(name="task-failing", path="/tasks/{failing}", chunk="TaskRoute"),
    Screen(name="task-paused", path="/tasks/{paused}", chunk="TaskRoute"),
    Screen(name="task-runs", path="/tasks/{failing}?tab=runs", chunk="TaskRoute"),
    Screen(name="editor-new", path="/tasks/new", chunk="TaskModal"),
    Screen(name="editor-filled", path="/tasks/new", chunk="TaskModal", before=_filled),
    Screen(name="editor-builder", path="/tasks/new", chunk="TaskModal", before=_builder),
    Screen(name="editor-unread", path="/tasks/new", chunk="TaskModal", before=_unread),
    Screen(name="editor-zones", path="/tasks/new", chunk="TaskModal", before=_zones),
    Screen(name="editor-folds", path="/tasks/{task}?edit={task}", chunk="TaskModal", before=_folded),
    Screen(name="editor", path="/tasks/{task}?edit={task}", chunk="TaskModal"),
    Screen(name="editor-tried", path="/tasks/{task}?edit={task}", chunk="TaskModal", before=_tried),
    Screen(name="editor-changed", path="/tasks/{task}?edit={task}", chunk="TaskModal", before=_changed),
    Screen(name="editor-overtaken", path="/tasks/{task}?edit={task}", chunk="TaskModal", before=_overtaken),
    Screen(name="editor-history", path="/tasks/{task}?edit={task}", chunk="TaskModal", before=_history),
    Screen(name="upcoming", path="/upcoming", chunk="Upcoming"),
    Screen(name="upcoming-unfolded", path="/upcoming", chunk="Upcoming", before=_unfolded),
    Screen(name="upcoming-week", path="/upcoming?span=week", chunk="Upcoming"),
    Screen(name="upcoming-one", path="/upcoming?task={paused}", chunk="Upcoming"),
    Screen(name="upcoming-move", path="/upcoming?span=week", chunk="Upcoming", before=_move),
    Screen(name="runs", path="/runs", chunk="(TaskLog|Runs)"),
    Screen(name="runs-failed", path="/runs?state=failed", chunk="(TaskLog|Runs)"),
    Screen(name="runs-none-found", path="/runs?state=cancelled", chunk="(TaskLog|Runs)"),
    Screen(name="run", path="/runs/{run}", chunk="(RunPage|TaskLog)"),
    Screen(name="run-failed", path="/runs/{failed}", chunk="(RunPage|TaskLog)"),
    Screen(name="run-live", path="/runs/{live}", chunk="(RunPage|TaskLog)"),
    Screen(name="settings", path="/settings/general", chunk="Settings"),
    Screen(name="settings-tokens", path="/settings/tokens", chunk="Settings"),
    Screen(name="settings-token-new", path="/settings/tokens", chunk="Settings", before=_token),
    Screen(name="settings-calendars", path="/settings/calendars", chunk="Settings"),
    Screen(name="settings-calendar-new", path="/settings/calendars", chunk="Settings", before=_calendar),
    Screen(name="settings-about", path="/settings/about", chunk="Settings"),
    Screen(name="palette", path="/tasks", chunk="(Palette|CommandPalette)", before=_palette),
    Screen(name="palette-found", path="/tasks", chunk="(Palette|CommandPalette)", before=_palette_found),
    Screen(name="keys", path="/tasks", chunk="KeySheet", before=_keys),
    Screen(name="not-found", path="/nowhere"),
)  # fmt: skip
