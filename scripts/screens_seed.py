"""Tasks that look lived in, for the pictures of the page: what they are, some of their past, and one that is still running."""

import sys
import time
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.server import Server

BERLIN: Final = "Europe/Berlin"
TURNS: Final = 30
TURNS_AT_ONCE: Final = 5
RUNS_WAIT_SECONDS: Final = 60.0

LOADING: Final = (
    r"for i in 1 2 3 4 5 6; do printf 'loading part %d of 6 … \033[32mok\033[0m  %d rows\n' $i $((i * 20417)); sleep 0.2; done; "
    r"echo 'warning: 3 rows had no customer' >&2; echo 'done in 1.3 s'"
)
FAILS: Final = (
    r"for n in 1 3 4; do printf 'replica-%d  \033[32mok\033[0m  %d ms behind\n' $n $((n * 37)); sleep 0.1; done; "
    r"printf 'replica-2  \033[31mslow\033[0m\n'; echo 'no answer after 300 ms, tried 3 times' >&2; "
    "echo 'replica-2 is 41 s behind, giving up' >&2; exit 3"
)
FLAKY: Final = (
    "n=$(cat .synced 2>/dev/null || echo 0); echo $((n + 1)) >.synced; sleep 0.2; "
    "[ $((n % 9)) -ne 4 ] || { echo 'the address book did not answer' >&2; exit 1; }; echo '14 changed'"
)
LONG: Final = (
    r"i=0; while :; do i=$((i + 1)); "
    r"printf 'shard %03d  \033[32mok\033[0m  %d documents\n' $i $((i * 7411)); sleep 0.4; done"
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
    ("weekly report", "For Mondays", cron("0 8 * * 1", "America/New_York"), shell("sleep 0.2; echo mailed"), ["billing"]),
    ("prune caches", "", every(7_200), shell("sleep 0.1; echo '8.4 GiB freed'"), ["ops"]),
    ("sync contacts", "", cron("20 * * * *"), shell(FLAKY), ["crm"]),
    ("import rates", "", cron("5 16 * * 1-5"), shell("sleep 0.2; echo '31 rates'"), ["etl"]),
    ("old exporter", "Replaced by load orders", cron("0 5 * * *"), shell("true"), ["etl"]),
    ("count documents", "Shard by shard", cron("40 1 * * 6"), shell(LONG), ["search"]),
)  # fmt: skip
NEVER_BEFORE: Final = frozenset({"old exporter", "count documents"})


def seed(server: Server) -> dict[str, str]:
    """The tasks, some of their past, and what screens need to be addressed."""
    ids: dict[str, str] = {}
    for name, description, schedule, action, tags in TASKS:
        draft = {"name": name, "description": description, "schedule": schedule, "action": action, "tags": tags}
        ids[name] = str(server.ask("POST", "/tasks", draft)["id"])
    for turn in range(TURNS):
        for at, (name, task) in enumerate(ids.items()):
            if name not in NEVER_BEFORE and (turn + at) % 3:
                server.ask("POST", f"/tasks/{task}/run?overlap=allow")
        if turn % TURNS_AT_ONCE == TURNS_AT_ONCE - 1:
            settled(server)
    server.ask("POST", f"/tasks/{ids['load orders']}/run?overlap=allow")
    settled(server)
    server.ask("POST", f"/tasks/{ids['old exporter']}/pause", {"reason": "replaced, kept until March"})
    coming = server.ask("GET", f"/tasks/{ids['sync contacts']}/upcoming?count=5")["due"]
    server.ask("PUT", f"/tasks/{ids['sync contacts']}/occurrences/{coming[1]}", {"skip": True})
    nightly = server.ask("GET", f"/tasks/{ids['rebuild search index']}/upcoming?count=1")["due"]
    later = nightly[0].replace(":00:00.000Z", ":45:00.000Z")
    server.ask("PUT", f"/tasks/{ids['rebuild search index']}/occurrences/{nightly[0]}", {"move_to": later})
    server.ask("PUT", "/calendars/holidays%20of%20the%20firm", {"days": ["2026-12-24", "2026-12-31"]})
    server.ask("POST", "/tokens", {"name": "grafana", "role": "viewer"})
    live = server.ask("POST", f"/tasks/{ids['count documents']}/run")
    return {
        "task": ids["load orders"],
        "failing": ids["check replica lag"],
        "paused": ids["old exporter"],
        "run": newest(server, ids["load orders"]),
        "failed": newest(server, ids["check replica lag"]),
        "live": str(live["id"]),
    }


def newest(server: Server, task: str) -> str:
    return str(server.ask("GET", f"/runs?task_id={task}&limit=1")["items"][0]["id"])


def settled(server: Server) -> None:
    end = time.monotonic() + RUNS_WAIT_SECONDS
    while time.monotonic() < end:
        if not server.ask("GET", "/runs?state=running&state=waiting&limit=1")["items"]:
            return
        time.sleep(0.1)
    raise SystemExit("The seeded runs do not end.")
