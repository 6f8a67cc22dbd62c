"""Every screen and every layer of the page, and how a person comes to each: an address, then steps up to what shows it.
Not among them is the API browser at /docs, which is somebody else's work."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page, Route, expect

Step = Callable[[Page], None]
Role = Literal[
    "alert", "alertdialog", "button", "checkbox", "combobox", "dialog", "heading", "link", "list", "listbox", "menu",
    "menuitem", "option", "radio", "region", "searchbox", "status", "table", "textbox", "toolbar",
]  # fmt: skip


Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Screen:
    """`path` may name what is known by its name in braces. Each look is taken where the one before it has ended; the last
    of its steps sees what is meant."""

    path: str
    looks: dict[str, Steps]
    before: Step = lambda _: None


def at(path: str, *steps: Step, before: Step = lambda _: None) -> Screen:
    return Screen(path, {"as it is": steps}, before)


def press(role: Role, name: str, *, exact: bool = False) -> Step:
    return lambda page: page.get_by_role(role, name=name, exact=exact).first.click()


def words(text: str) -> Step:
    return lambda page: page.get_by_text(text, exact=True).first.click()


def key(name: str) -> Step:
    return lambda page: page.keyboard.press(name)


def write(role: Literal["combobox", "searchbox", "textbox"], name: str, text: str) -> Step:
    return lambda page: page.get_by_role(role, name=name).fill(text)


def field(label: str, text: str) -> Step:
    return lambda page: page.get_by_label(label).fill(text)


def sees(role: Role, name: str | None = None) -> Step:
    return lambda page: expect(page.get_by_role(role, name=name).first).to_be_visible()


def reads(text: str) -> Step:
    return lambda page: expect(page.get_by_text(text).first).to_be_visible()


def refused(pattern: str, method: str = "GET") -> Step:
    """The API says no to what matches, once and for all."""
    problem = {"type": "urn:horarium:refused", "title": "Refused", "detail": "The books are closed.", "status": 403}

    def answer(route: Route) -> None:
        if route.request.method != method:
            route.fallback()
        else:
            route.fulfill(status=403, body=json.dumps(problem), content_type="application/problem+json")

    return routed(pattern, answer)


def routed(pattern: str, answer: Callable[[Route], None]) -> Step:
    def step(page: Page) -> None:
        page.route(pattern, answer)

    return step


def unanswered(pattern: str) -> Step:
    return routed(pattern, lambda _: None)


def away(page: Page) -> None:
    ROWS(page)
    page.route("**/api/v1/**", lambda route: route.abort())


def skeleton(page: Page) -> None:
    page.locator("main [aria-hidden=true] span, main [role=rowgroup][aria-hidden=true]").first.wait_for()


def in_toolbar(name: str) -> Step:
    return lambda page: page.get_by_role("toolbar", name="Selected tasks").get_by_role("button", name=name).click()


def menu_of(name: str) -> Steps:
    return press("button", f"Actions for {name}"), sees("menu")


CURL = "curl -X POST https://example.com/hook -H 'X-Level: full' -d a=1"
CRONTAB = '30 2 * * * /usr/local/bin/backup --all\n0 9 * * 1-5 echo "good morning"\n@reboot /usr/local/bin/warm-up\n'
NOBODY = "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"
BUILDER = ("once", "every…", "weekdays", "weekly", "monthly", "cron")
KINDS = {"HTTP": "Method", "Python": "Function", "Log": "Message", "Command": "Folder"}
PALETTE = "Search tasks and commands"
ESCAPE = key("Escape")
ROWS = sees("link", "broken pipe")
SELECTED = ROWS, press("checkbox", "Select all loaded tasks"), sees("toolbar", "Selected tasks")
COMMAND = write("textbox", "Command", "echo hello")


def inside(path: str, looks: dict[str, Steps]) -> Screen:
    """Layers of one screen, one after another: Escape puts the one before away."""
    first, *others = looks
    return Screen(path, {first: looks[first], **{name: (ESCAPE, *looks[name]) for name in others}})


ROUTES = {
    "tasks": at("/tasks", ROWS),
    "tasks, none found": at("/tasks?q=zzzz&tag=etl", sees("heading", "match")),
    "tasks, loading": at("/tasks", skeleton, before=unanswered("**/api/v1/tasks?**")),
    "tasks, refused": at("/tasks", sees("button", "Try again"), before=refused("**/api/v1/tasks?**")),
    "tasks, offline": at("/tasks", away, reads("The server does not answer; trying again")),
    "task": at("/tasks/{broken pipe}", reads("exit 3: no route")),
    "task, paused": at("/tasks/{month end}", sees("button", "Resume")),
    "task, its runs": at("/tasks/{broken pipe}?tab=runs", reads("exit 3: no route")),
    "task, nowhere": at(f"/tasks/{NOBODY}", sees("heading", "There is no such task")),
    "task, refused": at("/tasks/{month end}", sees("button", "Try again"), before=refused("**/api/v1/tasks/*")),
    "runs": at("/runs", reads("exit 3: no route")),
    "runs, none found": at("/runs?cause=backfill", sees("heading", "No run matches")),
    "runs, loading": at("/runs", skeleton, before=unanswered("**/api/v1/runs?**")),
    "runs, refused": at("/runs", sees("button", "Try again"), before=refused("**/api/v1/runs?**")),
    "run, failed": at("/runs/{failed run}#L1", reads("no route")),
    "run, going on": at("/runs/{open run}", reads("· following")),
    "run, nowhere": at(f"/runs/{NOBODY}", sees("heading", "There is no such run")),
    "upcoming": at("/upcoming", sees("link", "broken pipe")),
    "upcoming, a week": at("/upcoming?span=week", sees("link", "broken pipe")),
    "upcoming, why not": at("/upcoming?task={month end}", reads("It is paused until")),
    "upcoming, refused": at("/upcoming", sees("button", "Try again"), before=refused("**/api/v1/upcoming?**")),
    "settings": at("/settings/general", lambda page: page.get_by_label("Default time zone").wait_for()),
    "settings, tokens": at("/settings/tokens", sees("button", "Revoke onlooker")),
    "settings, calendars": at("/settings/calendars", sees("button", "Edit company days")),
    "settings, about": at("/settings/about", reads("Time-zone data")),
    "settings, nowhere": at("/settings/nothing", sees("heading", "There is no such setting")),
    "nowhere": at("/nothing/at/all", sees("heading", "There is nothing here")),
}

LAYERS = {
    "bar above": inside(
        "/tasks",
        {
            "zone menu": (press("button", "Times are shown in"), sees("menu", "Times")),
            "look menu": (press("button", "Colours, rows and keys"), sees("menu", "Colours, rows and keys")),
            "account menu": (press("button", "Signed in as"), sees("menu", "Account")),
        },
    ),
    "palette and keys": inside(
        "/tasks",
        {
            "palette": (ROWS, key("Control+k"), sees("option")),
            "found": (key("Control+k"), write("combobox", PALETTE, "pipe"), sees("option", "broken pipe")),
            "nothing": (key("Control+k"), write("combobox", PALETTE, "zzzz"), reads("No task and no command")),
            "keys": (key("?"), sees("dialog", "Keys")),
        },
    ),
    "row": inside(
        "/tasks",
        {
            "menu": menu_of("nightly backup"),
            "run now": (*menu_of("nightly backup"), press("menuitem", "Run now"), sees("alertdialog")),
            "delete": (*menu_of("nightly backup"), press("menuitem", "Delete…"), sees("alertdialog")),
            "done": (*menu_of("nightly backup"), press("menuitem", "Copy link"), sees("button", "Dismiss")),
        },
    ),
    "row, refused": Screen(
        "/tasks",
        {"pause": (*menu_of("nightly backup"), press("menuitem", "Pause"), sees("button", "Dismiss"))},
        before=refused("**/pause", "POST"),
    ),
    "selected": at("/tasks", *SELECTED),
    "bulk": inside(
        "/tasks",
        {
            "Run now": (*SELECTED, in_toolbar("Run now"), sees("alertdialog")),
            **{name: (in_toolbar(name), sees("alertdialog")) for name in ("Pause", "Resume", "Delete")},
        },
    ),
    "bulk, refused": at(
        "/tasks?q=prices",
        press("checkbox", "Select stream prices"),
        in_toolbar("Run now"),
        press("button", "Run 1 task"),
        sees("heading", "Started 0 of 1"),
    ),
    "task, its menu": at("/tasks/{broken pipe}", *menu_of("broken pipe")),
    "runs": inside(
        "/runs",
        {
            "cause menu": (press("button", "Any cause"), sees("menu", "Cause")),
            "time menu": (press("button", "Any time"), sees("menu", "Time")),
            "tasks": (write("combobox", "Runs of a task", "pipe"), sees("listbox", "Tasks")),
        },
    ),
    "runs, filtered": at("/runs?state=failed&task={broken pipe}&from=2026-01-01T00:00:00Z", sees("button", "Clear")),
    "run, cancel": at("/runs/{open run}", press("button", "Cancel"), sees("alertdialog")),
    "upcoming": inside(
        "/upcoming?task={nightly backup}",
        {
            "menu": menu_of("nightly backup"),
            "move": (
                *menu_of("nightly backup"),
                press("menuitem", "Move this one"),
                sees("dialog", "Move nightly backup"),
            ),
            "run now": (*menu_of("nightly backup"), press("menuitem", "Run now"), sees("alertdialog")),
        },
    ),
    "upcoming, asked after": at("/upcoming", field("Ask after a task", "month"), sees("list", "Tasks found")),
    "tokens": Screen(
        "/settings/tokens",
        {
            "revoke": (press("button", "Revoke onlooker"), sees("alertdialog")),
            "new": (ESCAPE, press("button", "New token"), sees("button", "Create token")),
            "shown once": (
                field("What it is for", "deploy"),
                press("button", "Create token"),
                sees("region", "The new token"),
            ),
        },
    ),
    "calendars": Screen(
        "/settings/calendars",
        {
            "delete": (press("button", "Delete company days"), sees("alertdialog")),
            "edit": (ESCAPE, press("button", "Edit company days"), sees("textbox", "Days, one a line")),
            "wrong": (field("Days, one a line", "tomorrow"), press("button", "Save"), sees("alert")),
        },
    ),
}

FORMS = {
    "new": Screen(
        "/tasks/new",
        {
            "as it is": (sees("dialog"),),
            **{name: (words(name), reads(shows)) for name, shows in KINDS.items()},
            **{chip: (press("button", chip, exact=True), sees("list", "Next runs")) for chip in BUILDER},
            "unfolded": (words("If things go wrong"), words("Tags and notes"), sees("textbox", "Pool")),
            "zones": (
                press("combobox", "Time zone"),
                write("combobox", "Time zone", "new y"),
                sees("option", "America"),
            ),
            "misread": (ESCAPE, write("textbox", "When", "biweekly at 9"), sees("button", "every Monday and")),
            "never due": (write("textbox", "When", "0 0 30 2 *"), reads("No year has such a day")),
            "wrong": (press("button", "Schedule", exact=True), sees("alert")),
        },
    ),
    "command": Screen(
        "/tasks/new",
        {
            "tried": (COMMAND, press("button", "Run once now"), reads("Succeeded after")),
            "unsaved": (ESCAPE, sees("alertdialog", "Leave without saving?")),
        },
    ),
    "edit": Screen(
        "/tasks?edit={edited}",
        {
            "changed": (write("textbox", "When", "every Monday at 9"), reads("next run moves")),
            "history": (words("History"), sees("button", "Restore revision 1")),
            "restore": (press("button", "Restore revision 1"), sees("alertdialog")),
        },
    ),
    "edit, nowhere": at(f"/tasks?edit={NOBODY}", sees("dialog", "Task")),
    "duplicate": at("/tasks/new?from={edited}", sees("dialog")),
}

EMPTY = {
    "composer": Screen(
        "/tasks",
        {
            "as it is": (sees("heading", "What should run, and when?"),),
            "crontab": (press("button", "Import crontab"), sees("textbox", "Crontab")),
            "crontab, read": (
                write("textbox", "Crontab", CRONTAB),
                sees("table", "What it makes"),
                reads("Left out"),
            ),
            "curl": (ESCAPE, press("button", "From curl"), sees("textbox", "A curl command")),
            "no curl": (write("textbox", "A curl command", "wget x"), reads("not one whole")),
            "form": (
                write("textbox", "A curl command", CURL),
                press("button", "Fill in the form"),
                sees("textbox", "Address"),
            ),
        },
    ),
    "runs": at("/runs", sees("heading")),
    "upcoming": at("/upcoming", sees("heading")),
    "calendars": at("/settings/calendars", sees("heading", "No calendars yet")),
}
