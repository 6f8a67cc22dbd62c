"""How a service ends: told to, told twice, and killed; and what the next one makes of it."""

import signal
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.e2e.doing import attempts_of, carriers, ended, output_of, run_key, run_now, run_of, shell, stored, until
from tests.server import Server, eventually

DEAD_SECONDS_MAX = 12.0


def in_the_books(server: Server, run_id: str) -> dict[str, Any]:
    """State, counters and what is archived, while no service runs."""
    state, attempt, spent, lost = stored(
        server, "SELECT state, attempt, spent, lost FROM runs WHERE id = ?", run_key(run_id)
    )[0]
    archived = stored(server, "SELECT outcome, reason FROM attempts WHERE run_id = ? ORDER BY attempt", run_key(run_id))
    return {"state": state, "attempt": attempt, "spent": spent, "lost": lost, "archived": archived}


def tell(server: Server, number: signal.Signals) -> None:
    assert server.process is not None
    server.process.send_signal(number)


def test_told_to_stop_it_lets_a_command_end_by_itself(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        run_id = run_now(server, "short", shell("echo begun; sleep 2; echo ended"))
        until(server, run_id, "running")
        assert server.stop() == 0
        assert in_the_books(server, run_id) == {
            "state": "succeeded", "attempt": 1, "spent": 1, "lost": 0, "archived": []
        }  # fmt: skip
        assert "Traceback" not in server.log.read_text("utf-8")
        server.start()
        assert output_of(server, run_id) == "begun\nended\n"
        assert run_of(server, run_id)["state"] == "succeeded"


def test_told_to_stop_it_hands_back_what_takes_too_long_and_the_next_one_goes_on(tmp_path: Path) -> None:
    once_long = "echo attempt $HORARIUM_ATTEMPT; test $HORARIUM_ATTEMPT = 1 && exec sleep 600; exit 0"
    with Server(tmp_path, "--drain-seconds", "1") as server:
        goes_on = run_now(server, "goes on", shell(once_long), policy={"retry": {"max_attempts": 1}})
        gives_up = run_now(server, "gives up", shell(once_long), policy={"on_lost": "fail"})
        backs_off = run_now(
            server,
            "backs off",
            shell("exit $((2 - HORARIUM_ATTEMPT))"),
            policy={"retry": {"max_attempts": 2, "first_delay_seconds": 6}},
        )
        for run_id in (goes_on, gives_up):
            until(server, run_id, "running")
        until(server, backs_off, "waiting", attempt=1)
        failed_at = attempts_of(server, backs_off)[0]["ended_at"]
        assert server.stop() == 0

        assert in_the_books(server, goes_on) == {
            "state": "waiting", "attempt": 1, "spent": 0, "lost": 0, "archived": [("shutdown", "shutdown")]
        }  # fmt: skip
        assert in_the_books(server, gives_up)["state"] == "failed"
        assert not carriers(goes_on)
        assert not carriers(gives_up)

        server.start()
        again = ended(server, goes_on)
        assert (again["state"], again["attempt"]) == ("succeeded", 2)
        assert [one["outcome"] for one in attempts_of(server, goes_on)] == ["shutdown", "succeeded"]
        assert [output_of(server, goes_on, attempt=n) for n in (1, 2)] == ["attempt 1\n", "attempt 2\n"]
        assert in_the_books(server, goes_on)["spent"] == 1

        given_up = run_of(server, gives_up)
        assert (given_up["state"], given_up["reason"], given_up["attempt"]) == ("failed", "shutdown", 1)

        # A pause between two attempts is not shortened by a restart
        backed_off = ended(server, backs_off)
        assert (backed_off["state"], backed_off["attempt"]) == ("succeeded", 2)
        assert instant(backed_off["started_at"]) >= instant(failed_at) + timedelta(seconds=6)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_told_twice_it_does_not_wait_any_longer(tmp_path: Path) -> None:
    with Server(tmp_path, "--drain-seconds", "3600") as server:
        run_id = run_now(server, "long", shell("exec sleep 600"))
        until(server, run_id, "running")
        tell(server, signal.SIGTERM)
        # It is stopping and says so, and the run goes on
        eventually(lambda: "the service is stopping" in server.run("health", check=False).stdout)
        assert server.status("GET", "/health/ready") == 503
        assert run_of(server, run_id)["state"] == "running"
        assert server.stop() == 0
        assert in_the_books(server, run_id)["state"] == "waiting"
        assert not carriers(run_id)


FAMILY = "sleep 600 & setsid sleep 601 & "
STUBBORN = "setsid sh -c \"trap '' TERM; while :; do sleep 600; done\" & "


def test_killed_it_leaves_no_process_and_the_next_one_waits_for_that_then_runs_it_again(tmp_path: Path) -> None:
    """Every process of an attempt holds a lock; the next attempt would notice one that still lives."""
    alone, noticed = tmp_path / "alone", tmp_path / "noticed"
    line = (
        f"exec 9> {alone}; flock -n 9 || echo $HORARIUM_ATTEMPT >> {noticed}; echo attempt $HORARIUM_ATTEMPT; "
        f"test $HORARIUM_ATTEMPT = 3 || {STUBBORN}{FAMILY}wait"
    )
    with Server(tmp_path) as server:
        run_id = run_now(server, "family", shell(line), policy={"retry": {"max_attempts": 1}})
        once = run_now(server, "once", shell("exec sleep 600"), policy={"on_lost": "fail"})
        until(server, once, "running")
        eventually(lambda: len(carriers(run_id, attempt=1)) >= 4)

        # Alone, the guardian ends them
        server.kill()
        killed = time.monotonic()
        eventually(lambda: not carriers(run_id) and not carriers(once), seconds=DEAD_SECONDS_MAX)
        assert time.monotonic() - killed < DEAD_SECONDS_MAX
        assert in_the_books(server, run_id)["state"] == "running", "the books still know of it"
        server.start()
        until(server, run_id, "running", attempt=2)
        assert in_the_books(server, run_id) == {
            "state": "running", "attempt": 2, "spent": 0, "lost": 1, "archived": [("lost", "lost")]
        }  # fmt: skip
        gone = run_of(server, once)
        assert (gone["state"], gone["reason"], gone["attempt"]) == ("failed", "lost", 1)

        # Started at once, it waits for them
        eventually(lambda: len(carriers(run_id, attempt=2)) >= 4)
        server.kill()
        server.start()
        assert "Waiting for the commands of the earlier service" in server.log.read_text("utf-8")
        assert not carriers(run_id, attempt=2)
        until(server, run_id, "running", attempt=3)
        eventually(lambda: carriers(run_id, attempt=3))

        # Lost for the third time, it is not tried again
        server.kill()
        server.start()
        last = run_of(server, run_id)
        assert (last["state"], last["reason"], last["attempt"]) == ("failed", "lost", 3)
        assert in_the_books(server, run_id)["spent"] == 0
        assert [one["outcome"] for one in attempts_of(server, run_id)][:2] == ["lost", "lost"]
        assert [one["attempt"] for one in attempts_of(server, run_id)] == [1, 2, 3]
        assert not carriers(run_id)
        assert not noticed.exists(), "an attempt began while a process of the one before it lived"
        assert server.stop() == 0
