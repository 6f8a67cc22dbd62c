"""What has run, as a person reads it: the list, a run with its log, and the settings."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as dt_time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.doing import run_key
from tests.e2e.page.conftest import WAIT_MS, Afterwards, Open, found_by_axe, is_at
from tests.house.paths import PACKAGE
from tests.needs import missing
from tests.server import Server, eventually

expect.set_options(timeout=WAIT_MS)

ESC = "\\033"
HOSTILE = rf"""
printf '<script>document.title="caught"</script><img src=x onerror=alert(1)>\n'
printf '{ESC}]8;;http://evil.invalid/\007click me{ESC}]8;;\007\n'
printf '{ESC}[31mred{ESC}[0m {ESC}[2J{ESC}[Hplain\n'
printf 'user \342\200\256txt.exe\n'
printf 'bad \377\376 bytes\n'
head -c 60000 /dev/zero | tr '\0' x; echo
printf '10%%\r100%% done\n'
echo 'to stderr' >&2
"""
# Empty, wide, coloured, with tabs, written over: all that makes a line higher than another, or not.
UNEVEN = r"""
seq 1 4000 | awk '
NR % 7 == 0 { print ""; next }
NR % 5 == 0 { printf "\033[31m%240s\033[0m\n", NR; next }
NR % 3 == 0 { print "a\tb\t" NR " — ü"; next }
{ print "10%\r" NR " done" }'
exit 1
"""
HEIGHTS = """log => {
    const blocks = [...log.querySelectorAll("pre")];
    for (const block of blocks) block.style.contentVisibility = "visible";
    return blocks.map(block => [block.dataset.first, block.getBoundingClientRect().height]);
}"""
BIG_LINES = 1_000_000
BIG = f"seq -f '%099.0f' 1 {BIG_LINES}; exit 7"


def made(server: Server, name: str, shell: str, **more: Any) -> str:
    draft = {
        "name": name,
        "schedule": {"kind": "every", "seconds": 86_400},
        "action": {"kind": "command", "shell": shell},
        **more,
    }
    return str(server.ask("PUT", f"/tasks/by-name/{name.replace(' ', '%20')}", draft)["id"])


def ran(server: Server, task: str, *, ended: bool = True, alone: bool = False) -> str:
    """`alone`: as overlap has it, so that the run stands in the way of others."""
    run = str(server.ask("POST", f"/tasks/{task}/run" + ("" if alone else "?overlap=allow"))["id"])
    wanted = ("succeeded", "failed", "cancelled") if ended else ("running",)
    eventually(lambda: server.ask("GET", f"/runs/{run}")["state"] in wanted, 60)
    return run


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of its own: what these tests make would stand in the lists of others."""
    if not (PACKAGE / "web" / "index.html").is_file():
        missing("The built page", "make run or make e2e builds it where there is Node")
    with Server(tmp_path_factory.mktemp("runs"), environment={"TZ": "Europe/Berlin"}) as started:
        yield started


@pytest.fixture(scope="module")
def failed(server: Server) -> str:
    """A run that failed at its second attempt, with three hundred lines."""
    retry = {"retry": {"max_attempts": 2, "first_delay_seconds": 0.1, "factor": 1}}
    return ran(server, made(server, "load warehouse", "seq 1 300; echo 'no such table' >&2; exit 3", policy=retry))


@pytest.fixture
def ticking(server: Server) -> Iterator[str]:
    """A run that writes four lines a second until it is stopped."""
    run = ran(server, made(server, "stream prices", "while :; do echo tick; sleep 0.25; done"), ended=False)
    yield run
    if server.ask("GET", f"/runs/{run}")["state"] == "running":
        server.ask("POST", f"/runs/{run}/cancel")


def is_at_end(page: Page) -> bool:
    return bool(page.get_by_test_id("log").evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight < 24"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_says_what_ran_and_how_it_went(opened: Open, server: Server, failed: str, scheme: str) -> None:
    page = opened("/runs", color_scheme=scheme)
    row = page.get_by_role("row").filter(has_text="load warehouse").first
    expect(row.get_by_role("img", name="failed")).to_be_visible()
    expect(row.get_by_text("exit 3: no such table")).to_be_visible()
    expect(row.get_by_text("2/2")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Scheduled (Europe/Berlin)")).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="succeeded").click()
    is_at(page, "/runs?state=succeeded")
    expect(row).to_have_count(0)
    page.get_by_role("button", name="cancelled").click()
    page.get_by_role("button", name="Clear", exact=True).click()
    page.keyboard.press("/")
    page.keyboard.type("wareh")
    page.get_by_role("option", name="load warehouse").wait_for()
    page.keyboard.press("Enter")
    is_at(page, "/runs?task=*")
    expect(page.get_by_role("columnheader", name="Task")).to_have_count(0)  # the list is that of one task by now
    expect(page.get_by_role("table", name="Runs")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("row")).to_have_count(2)
    newest = page.get_by_role("row").nth(1).get_by_role("link")
    page.keyboard.press("j")
    expect(newest).to_be_focused()
    page.keyboard.press("Enter")
    is_at(page, f"/runs/{failed}")


def test_what_was_not_run_stands_quietly_between(opened: Open, server: Server, gone_afterwards: Afterwards) -> None:
    task = made(server, "poll inbox", "sleep 2.5", schedule={"kind": "every", "seconds": 1})
    eventually(lambda: server.ask("GET", f"/skips?task_id={task}")["items"], 60)
    page = opened(f"/tasks/{task}?tab=runs")
    expect(page.get_by_role("heading", name="poll inbox")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d not run: the run before was still going")).first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"\d+ new"))).to_be_visible()
    assert found_by_axe(page) == []
    gone_afterwards(task)


def test_a_menu_gives_the_focus_back_unless_a_press_beside_it_has_taken_it(opened: Open) -> None:
    page = opened("/runs")
    cause = page.get_by_role("button", name="Any cause")
    cause.click()
    expect(page.get_by_role("menu", name="Cause")).to_be_visible()
    page.keyboard.press("Escape")
    expect(cause).to_be_focused()
    cause.click()
    expect(page.get_by_role("menu", name="Cause")).to_be_visible()
    box = page.get_by_role("combobox", name="Runs of a task")
    box.click()
    expect(page.get_by_role("menu", name="Cause")).to_have_count(0)
    page.keyboard.type("wareh")
    expect(box).to_have_value("wareh")


def test_nothing_found_says_so_and_can_be_cleared(opened: Open) -> None:
    page = opened("/runs?cause=backfill")
    expect(page.get_by_role("heading", name="No run matches")).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Clear filters").click()
    is_at(page, "/runs")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_run_says_in_words_how_it_went(opened: Open, failed: str, scheme: str) -> None:
    page = opened(f"/runs/{failed}", color_scheme=scheme)
    expect(page.get_by_text(re.compile(r"^Failed: exit 3 after \d+ ms · attempt 2 of 2"))).to_be_visible()
    log = page.get_by_role("log")
    expect(log.get_by_text("no such table")).to_be_visible()
    expect(log.locator("#L301")).to_have_attribute("data-error", "true")
    eventually(lambda: is_at_end(page))
    expect(page.get_by_role("list", name="Timeline")).to_contain_text("Attempt 1")
    expect(page.get_by_text('"shell": "seq 1 300')).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Attempt 1").click()
    is_at(page, "?attempt=1")
    expect(page.get_by_role("heading", name="What attempt 1 wrote")).to_be_visible()


def test_lines_are_linked_and_copied_as_they_are(opened: Open, failed: str) -> None:
    page = opened(f"/runs/{failed}#L20-L22", permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator("#L21")).to_be_in_viewport()
    expect(page.locator("[data-marked]")).to_have_count(3)
    page.get_by_role("button", name="Copy lines 20–22").click()
    expect(page.get_by_text("Copied 3 lines")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "20\n21\n22"
    page.locator("#L24").click(position={"x": 8, "y": 8})
    is_at(page, "#L24")
    page.locator("#L26").click(position={"x": 8, "y": 8}, modifiers=["Shift"])
    is_at(page, "#L24-L26")


def test_a_run_is_run_again_and_its_neighbours_are_a_key_away(opened: Open, server: Server) -> None:
    first = ran(server, made(server, "say hello", "echo hello"))
    page = opened(f"/runs/{first}")
    expect(page.get_by_text(re.compile(r"^Succeeded after"))).to_be_visible()
    page.get_by_role("button", name="Run again").click()
    expect(page).to_have_url(re.compile(rf"/runs/(?!{first})\w+$"))
    expect(page.get_by_text(re.compile(r"^Succeeded after"))).to_be_visible()
    page.get_by_role("link", name="Previous run").wait_for()
    expect(page.get_by_role("link", name="Next run")).to_have_count(0)  # it is the newest
    page.keyboard.press("[")
    is_at(page, f"/runs/{first}")
    page.get_by_role("link", name="Next run").wait_for()
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(rf"/runs/(?!{first})\w+$"))


def test_a_live_log_is_followed_until_the_person_looks_elsewhere(opened: Open, ticking: str) -> None:
    page = opened(f"/runs/{ticking}", viewport={"width": 1280, "height": 600})
    expect(page.get_by_text("· following")).to_be_visible()
    expect(page.locator("#L30")).to_be_in_viewport()
    page.get_by_test_id("log").evaluate("box => box.scrollTo({ top: 0 })")
    pill = page.get_by_role("button", name=re.compile(r"\d+ new lines?"))
    pill.wait_for()
    assert page.get_by_test_id("log").evaluate("box => box.scrollTop") == 0
    assert found_by_axe(page) == []
    pill.click()
    expect(page.get_by_text("· following")).to_be_visible()
    expect(page.get_by_role("log")).to_be_focused()
    eventually(lambda: is_at_end(page))


def test_a_run_is_cancelled_after_a_question(opened: Open, ticking: str) -> None:
    page = opened(f"/runs/{ticking}")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("Cancel this run of stream prices?")
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Cancel the run").click()
    expect(page.get_by_text(re.compile(r"^Cancelled after .*: somebody asked for it"))).to_be_visible()
    expect(page.get_by_text("finished, cancelled")).to_have_count(1)


def test_output_changes_nothing_but_text(opened: Open, server: Server) -> None:
    page = opened(f"/runs/{ran(server, made(server, 'hostile output', HOSTILE))}")
    log = page.get_by_role("log")
    expect(log.get_by_text('<script>document.title="caught"</script><img src=x onerror=alert(1)>')).to_be_visible()
    expect(page.locator("#L2")).to_have_text("click me\n", use_inner_text=False)
    expect(page.locator("#L3 .is-red")).to_have_text("red")
    expect(page.locator("#L4")).to_have_text("user <U+202E>txt.exe")
    expect(page.locator("#L5")).to_contain_text("bad \ufffd\ufffd bytes")
    expect(page.locator("#L6 i")).to_have_attribute("data-told", "40,000 more characters in the raw log")
    assert log.locator("a, img, script, iframe, [style*=position]").count() == 0
    assert page.title() != "caught"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found_by_axe(page) == []


@pytest.mark.parametrize("wrapped", [True, False])
def test_lines_that_nobody_came_near_are_as_high_as_they_will_be(opened: Open, server: Server, wrapped: bool) -> None:
    page = opened("/runs")
    page.add_init_script("window.requestIdleCallback = () => 0")  # there is never time for more than must be
    page.goto(page.url + f"/{ran(server, made(server, 'uneven lines', UNEVEN))}")
    expect(page.locator("#L4000")).to_be_in_viewport()
    if not wrapped:
        page.get_by_role("button", name="Wrap").click()
    log = page.get_by_test_id("log")
    far = page.locator("[data-far]")
    assert far.count() >= 4
    before = log.evaluate(HEIGHTS)
    while far.count() > 0:
        left = far.count()
        far.last.evaluate("block => block.scrollIntoView()")
        expect(far).not_to_have_count(left)
    after = log.evaluate(HEIGHTS)
    assert [first for first, _ in after] == [str(1 + 500 * n) for n in range(8)]
    assert after == before
    expect(page.locator("#L35")).to_have_text("\n", use_inner_text=False)
    expect(page.locator("#L4")).to_contain_text("4 done")


def test_a_line_far_down_is_linked_and_all_is_copied(opened: Open, server: Server) -> None:
    run = ran(server, made(server, "very many lines", "seq -f 'row number %.0f' 1 60000"))
    page = opened(f"/runs/{run}#L50000", permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator("#L50000")).to_be_in_viewport()
    expect(page.get_by_role("log").get_by_text("row number 50000")).to_have_attribute("data-marked", "true")
    page.evaluate("location.hash = '#L100-L101'")
    expect(page.locator("#L101")).to_be_in_viewport()
    page.reload()
    expect(page.locator("#L100")).to_be_in_viewport()
    page.get_by_role("button", name="Copy all").click()
    expect(page.get_by_text("Copied the whole log")).to_be_visible()
    copied = str(page.evaluate("navigator.clipboard.readText()")).splitlines()
    assert copied == [f"row number {n}" for n in range(1, 60_001)]


def test_in_idle_time_all_lines_are_drawn(opened: Open, server: Server) -> None:
    page = opened(f"/runs/{ran(server, made(server, 'many lines', 'seq 1 4000; exit 1'))}")
    expect(page.locator("[data-no]")).to_have_count(4_000)
    expect(page.locator("[data-far]")).to_have_count(0)


def test_earlier_lines_are_not_called_new(opened: Open, server: Server) -> None:
    wide = "seq -f '%0999.0f' 1 600; exit 1"
    page = opened(f"/runs/{ran(server, made(server, 'wide lines', wide))}")
    expect(page.locator("#L600")).to_be_in_viewport()
    page.get_by_role("button", name="Load earlier").click()
    expect(page.locator("[data-first]").first).to_have_attribute("data-first", "76")
    expect(page.get_by_role("button", name=re.compile("new line"))).to_have_count(0)


def test_a_hundred_megabytes_keep_their_head_and_tail_and_the_page_its_pace(opened: Open, server: Server) -> None:
    run = ran(server, made(server, "a hundred megabytes", BIG))
    page = opened(f"/runs/{run}")
    expect(page.locator(f"#L{BIG_LINES}")).to_be_in_viewport()
    expect(page.get_by_role("toolbar", name="Log").get_by_text("100 MB")).to_be_visible()
    earlier = page.get_by_role("button", name=re.compile("Load earlier"))
    first = page.locator("[data-first]").first
    for _ in range(16):
        stood = str(first.get_attribute("data-first"))
        if stood == "1":
            break
        earlier.click()
        expect(first).not_to_have_attribute("data-first", stood)
    page.get_by_test_id("log").evaluate("box => box.scrollTo({ top: 0 })")
    expect(page.locator("#L1")).to_contain_text("01")
    expect(page.locator("[data-gap]")).to_have_text("98 MB in between are not here")
    began = time.monotonic()
    page.get_by_role("button", name="Wrap").click()
    page.get_by_test_id("log").evaluate("box => box.scrollTo({ top: box.scrollHeight })")
    expect(page.locator(f"#L{BIG_LINES}")).to_be_in_viewport()
    assert time.monotonic() - began < WAIT_MS / 1_000


def test_on_a_phone_runs_are_cards_and_the_end_of_the_log_is_there(opened: Open, server: Server, failed: str) -> None:
    task = server.ask("GET", f"/runs/{failed}")["task_id"]
    page = opened(f"/runs?task={task}", viewport={"width": 320, "height": 640}, has_touch=True)
    page.get_by_text("exit 3: no such table").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found_by_axe(page) == []
    page.goto(f"{server.url}/runs/{failed}")
    expect(page.get_by_role("log").get_by_text("no such table")).to_be_visible()
    box = page.get_by_role("button", name="Run again").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found_by_axe(page) == []


def test_a_setting_that_is_not_there_is_said(opened: Open) -> None:
    page = opened("/settings/nothing")
    expect(page.get_by_role("heading", name="There is no such setting")).to_be_visible()
    assert found_by_axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_default_zone_is_set(opened: Open, server: Server, scheme: str) -> None:
    page = opened("/settings", color_scheme=scheme)
    is_at(page, "/settings/general")
    zone = page.get_by_label("Default time zone")
    expect(zone).to_have_value("Europe/Berlin")
    assert found_by_axe(page) == []
    zone.fill("Asia/Tokyo")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert server.ask("GET", "/settings")["timezone"] == "Asia/Tokyo"
    server.ask("PATCH", "/settings", {"timezone": "Europe/Berlin"})


def test_a_token_is_shown_once_and_revoked(opened: Open, server: Server) -> None:
    page = opened("/settings/tokens")
    page.get_by_role("button", name="New token").click()
    page.get_by_label("What it is for").fill("deploy")
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Create token").click()
    secret = page.get_by_role("region", name="The new token")
    expect(secret).to_be_focused()
    assert [one["name"] for one in server.ask("GET", "/tokens")["items"]].count("deploy") == 1
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Done").click()
    expect(secret).to_have_count(0)
    page.get_by_role("button", name="Revoke deploy").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_text("Revoked deploy")).to_be_visible()
    assert [one["name"] for one in server.ask("GET", "/tokens")["items"]].count("deploy") == 0


def test_a_calendar_is_written_a_day_a_line_and_keeps_its_versions(opened: Open, server: Server) -> None:
    page = opened("/settings/calendars")
    page.get_by_role("button", name="New calendar").click()
    page.get_by_label("Name").fill("company days")
    days = page.get_by_label("Days, one a line")
    days.fill("2026-12-24\ntomorrow")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text('Line 2: "tomorrow" is no day')
    assert found_by_axe(page) == []
    days.fill("2026-12-24\n2026-12-30/2027-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 lines")).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Edit company days").click()
    days.fill("2026-12-24")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Edit company days").click()
    page.get_by_role("button", name="Take its days: version 1").click()
    expect(days).to_have_value("2026-12-24\n2026-12-30/2027-01-01")
    assert found_by_axe(page) == []
    server.ask("DELETE", "/calendars/company%20days")


def test_about_tells_versions_and_health(opened: Open) -> None:
    page = opened("/settings/about")
    expect(page.get_by_text("Time-zone data")).to_be_visible()
    expect(page.get_by_text(re.compile("^Ready"))).to_be_visible()
    assert found_by_axe(page) == []


def test_all_that_runs_can_be_asked_for_by_is_on_the_page(opened: Open, server: Server) -> None:
    """Each filter is reached from the page, stands in the address, shows as a pill, and is taken away by it."""
    late = made(server, "over its time", "sleep 30", tags=["slow"], policy={"timeout_seconds": 0.2})
    ran(server, late)
    ran(server, made(server, "quick", "true"))
    page = opened("/runs")
    rows = page.get_by_role("table", name="Runs").get_by_role("link")
    rows.first.wait_for()

    def choose(menu: str, what: str) -> None:
        page.get_by_role("button", name=menu).click()
        page.get_by_role("menuitemradio", name=what).click()

    choose("Any reason", "over its time limit")
    page.wait_for_url("**reason=timeout**")
    expect(rows).to_have_count(1)
    choose("Any cause", "run by hand")
    choose("Anywhere", "default")
    page.get_by_role("combobox", name="Runs of a task").fill("tag:slow")
    page.get_by_role("option", name="Only tag:slow").wait_for()
    page.keyboard.press("Enter")
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    page.get_by_role("button", name="Any time").click()
    page.get_by_role("menuitem", name="Between two days…").click()
    page.get_by_label("First day").fill((today - timedelta(days=1)).isoformat())
    page.get_by_label("Last day").fill((today - timedelta(days=2)).isoformat())
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("The last day lies before the first.")).to_be_visible()
    page.get_by_label("Last day").fill((today + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("to=.*"))
    asked = parse_qs(urlsplit(page.url).query)
    assert {name: asked[name] for name in ("reason", "cause", "pool", "tag")} == {
        "reason": ["timeout"],
        "cause": ["manual"],
        "pool": ["default"],
        "tag": ["slow"],
    }
    midnight = datetime.combine(today - timedelta(days=1), dt_time(), ZoneInfo("Europe/Berlin"))
    assert datetime.fromisoformat(asked["from"][0]) == midnight
    expect(rows).to_have_count(1)
    assert found_by_axe(page) == []
    pills = page.get_by_role("button", name=re.compile("^Remove"))
    expect(pills).to_have_count(6)
    for left in range(5, -1, -1):
        pills.first.click()
        expect(pills).to_have_count(left)
    page.wait_for_url("**/runs")
    expect(rows.nth(1)).to_be_visible()


def asked_at(run: str) -> str:
    """The instant that a run's id begins with, as JavaScript writes it."""
    milliseconds = int.from_bytes(run_key(run)[:6], "big")
    at = datetime.fromtimestamp(milliseconds // 1_000, UTC).replace(microsecond=milliseconds % 1_000 * 1_000)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_run_again_stands_at_the_time_it_was_asked_for(opened: Open, server: Server) -> None:
    task = made(server, "count stock", "true")
    first = ran(server, task)
    again = str(server.ask("POST", f"/runs/{first}/retry")["id"])
    eventually(lambda: server.ask("GET", f"/runs/{again}")["state"] == "succeeded", 60)
    page = opened(f"/runs?task={task}")
    rows = page.get_by_role("table", name="Runs").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1).locator("time")).to_have_attribute("datetime", asked_at(again))
    expect(rows.nth(1).get_by_title(re.compile("^again for ")).get_by_text("run again")).to_be_visible()
    expect(rows.nth(2).locator("time")).to_have_attribute("datetime", asked_at(first))
    page.goto(f"{server.url}/runs/{again}")
    asked = page.get_by_role("list", name="Timeline").get_by_role("listitem").first
    expect(asked).to_contain_text(re.compile("Asked for.*run again of .*, by "))
    expect(asked.locator("time").first).to_have_attribute("datetime", asked_at(again))
    assert found_by_axe(page) == []
    asked.get_by_role("link").click()
    is_at(page, f"/runs/{first}")
    expect(asked).to_contain_text(re.compile("Asked for.*run by hand, by "))


def test_a_failure_says_which_of_its_day_it_is(opened: Open, server: Server) -> None:
    task = made(server, "fails often", "exit 1")
    runs = [str(server.ask("POST", f"/tasks/{task}/run?overlap=allow")["id"]) for _ in range(3)]
    for run in runs:
        eventually(lambda run=run: server.ask("GET", f"/runs/{run}")["state"] == "failed", 60)
    page = opened(f"/runs/{runs[0]}")
    for run, ends in zip(runs, ("", " · 2nd failure today", " · 3rd failure today"), strict=True):
        page.goto(f"{server.url}/runs/{run}")
        expect(page.get_by_text(re.compile(rf"^Failed: exit 1 after [^·]*(· usually [^·]*)?{ends}$"))).to_be_visible()


def test_an_attempt_that_was_lost_is_not_counted_against_those_there_may_be(browser: Browser, tmp_path: Path) -> None:
    """It dies with its worker, and its run is taken up by the next one."""
    with Server(tmp_path) as mortal:
        flag = tmp_path / "dead"
        run = ran(mortal, made(mortal, "outlive", f"[ -e '{flag}' ] || sleep 600"), ended=False)
        mortal.kill()
        flag.touch()
        mortal.start()
        eventually(lambda: mortal.ask("GET", f"/runs/{run}")["state"] == "succeeded", 60)
        context = browser.new_context()
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(str(mortal.ask("POST", "/session/key")["link"]))
        page.get_by_role("button", name="Start").or_(page.get_by_role("link", name="outlive")).first.wait_for()
        page.goto(f"{mortal.url}/runs/{run}")
        expect(page.get_by_text("attempt 2, the one before stopped with its worker")).to_be_visible()
        page.goto(f"{mortal.url}/runs")
        row = page.get_by_role("row").filter(has_text="outlive")
        expect(row.get_by_title(re.compile("^Attempt 2: it may have 1, and "))).to_have_text("2")
        context.close()


def test_the_way_out_of_cancelling_is_not_called_cancel(opened: Open, server: Server, ticking: str) -> None:
    page = opened(f"/runs/{ticking}")
    page.get_by_role("button", name="Cancel").click()
    question = page.get_by_role("alertdialog")
    expect(question.get_by_role("button")).to_have_text(["Keep it running", "Cancel the run"])
    question.get_by_role("button", name="Keep it running").click()
    expect(question).to_be_hidden()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    assert server.ask("GET", f"/runs/{ticking}")["state"] == "running"


@pytest.fixture
def going_on(server: Server) -> Iterator[tuple[str, str, str]]:
    """A task with a run that has ended and one that goes on until it is stopped: the task and both runs."""
    task = made(server, "copy archive", "sleep 600")
    ended = ran(server, task, ended=False)
    server.ask("POST", f"/runs/{ended}/cancel")
    eventually(lambda: server.ask("GET", f"/runs/{ended}")["state"] == "cancelled", 60)
    yield task, ended, ran(server, task, ended=False, alone=True)
    for run in server.ask("GET", f"/runs?task_id={task}&state=running&state=waiting")["items"]:
        server.ask("POST", f"/runs/{run['id']}/cancel")
    eventually(lambda: not server.ask("GET", f"/runs?task_id={task}&state=running&state=waiting")["items"], 60)


STILL_OPEN = "A run of copy archive is still going on."


@pytest.mark.parametrize("width", [1280, 320])
def test_a_run_that_stands_in_the_way_can_be_opened_or_run_beside(
    opened: Open, server: Server, going_on: tuple[str, str, str], width: int
) -> None:
    task, _, open_run = going_on
    page = opened(f"/tasks/{task}", forgives="409", viewport={"width": width, "height": 800})
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Run now").click()
    told = page.get_by_role("status").filter(has_text=STILL_OPEN)
    expect(told).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found_by_axe(page) == []
    told.get_by_role("link", name="Open it").click()
    is_at(page, f"/runs/{open_run}")
    expect(page.get_by_text(STILL_OPEN)).to_have_count(0)
    page.go_back()
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Run now").click()
    page.get_by_role("button", name="Run beside it").click()
    expect(page.get_by_text("Started copy archive")).to_be_visible()
    eventually(lambda: len(server.ask("GET", f"/runs?task_id={task}&state=running")["items"]) == 2, 60)


def test_running_again_beside_an_open_run_is_offered_as_well(
    opened: Open, server: Server, going_on: tuple[str, str, str]
) -> None:
    task, ended, open_run = going_on
    page = opened(f"/runs/{ended}", forgives="409")
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_text(STILL_OPEN)).to_be_visible()
    expect(page.get_by_role("link", name="Open it")).to_have_attribute("href", f"/runs/{open_run}")
    page.get_by_role("button", name="Run beside it").click()
    expect(page.get_by_text("Started copy archive again")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/runs/(?!{ended}|{open_run})\w+$"))
    eventually(lambda: len(server.ask("GET", f"/runs?task_id={task}&state=running")["items"]) == 2, 60)
