"""The command line against the real server, as people type it."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Refused, Server, eventually

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("cli"), environment={"TZ": "Europe/Berlin"}) as running:
        yield running


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that decides and runs nothing."""
    with Server(tmp_path_factory.mktemp("idle"), "--roles", "api") as running:
        yield running


def ended(server: Server, run: str) -> dict[str, object]:
    def look() -> dict[str, object] | None:
        found = server.ask("GET", f"/runs/{run}")
        return found if found["state"] in ("succeeded", "failed", "cancelled") else None

    found: dict[str, object] = eventually(look)
    return found


def test_the_first_minute_of_the_readme(server: Server) -> None:
    added = server.run("add", "hello", "--every", "1s", "--", "echo", "hello")
    assert added.stdout.startswith("hello: Every second, counted from 20")
    assert "\ndoes  echo hello\nnext  " in added.stdout
    assert ULID.search(added.stdout.splitlines()[-1])

    def has_run() -> bool:
        return (
            "= 0 runs" not in server.run("show", "hello").stdout and "succeeded" in server.run("runs", "hello").stdout
        )

    eventually(has_run)
    shown = server.run("show", "hello").stdout
    assert re.search(r"books +\d+ due = \d+ runs \+ \d+ skipped: it balances", shown), shown
    assert server.run("logs", "hello").stdout in ("hello\n", "")
    assert "hello" in server.run("ls").stdout
    server.run("delete", "hello")


def test_the_folder_is_the_callers(server: Server, tmp_path: Path) -> None:
    added = subprocess.run(
        server.command("add", "where", "--at", "2099-01-01", "--", "pwd"),
        cwd=tmp_path,
        env=server.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "(Europe/Berlin)" in added.stdout
    followed = server.run("run", "where", "-f")
    assert followed.stdout == f"{tmp_path}\n"
    assert followed.stderr == "succeeded\n"


def test_run_follow_ends_with_one_when_the_run_fails(server: Server) -> None:
    server.run("add", "fails", "--at", "2099-01-01", "--shell", "echo out; echo err >&2; exit 3")
    followed = server.run("run", "fails", "-f", check=False)
    assert followed.returncode == 1
    assert sorted(followed.stdout.splitlines()) == ["err", "out"]
    assert followed.stderr in ("failed (exit_status 3): out\n", "failed (exit_status 3): err\n")
    logs = server.run("logs", "fails", "-f", check=False)
    assert (logs.returncode, logs.stderr) == (1, followed.stderr)
    assert server.run("logs", "fails").returncode == 0


def test_runs_show_which_revision_they_carried_out_and_what_killed_them(server: Server) -> None:
    server.run("add", "shot", "--at", "2099-01-01", "--shell", "kill -9 $$")
    server.run("edit", "shot", "--timeout", "1m")
    followed = server.run("run", "shot", "-f", check=False)
    assert followed.stderr == "failed (exit_status): killed by SIGKILL\n"
    head, row = [re.split(r" {2,}", line) for line in server.run("runs", "shot").stdout.splitlines()]
    assert row[head.index("rev")] == "2"
    assert row[-1] == "killed by SIGKILL"


def test_follow_shows_each_attempt(server: Server) -> None:
    server.run("add", "again", "--at", "2099-01-01", "--retries", "1", "--shell", "echo try $HORARIUM_ATTEMPT; exit 1")
    task = server.ask("GET", "/tasks/by-name/again")
    patch = {"policy": {"retry": {"first_delay_seconds": 0.5}}}
    server.ask("PATCH", f"/tasks/{task['id']}", patch, If_Match="*")
    followed = server.run("run", "again", "-f", check=False)
    assert followed.returncode == 1
    assert followed.stdout == "try 1\ntry 2\n"
    assert "attempt 2" in followed.stderr


def test_logs_follow_while_it_writes(server: Server, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    server.run(
        "add",
        "slow",
        "--at",
        "2099-01-01",
        "--shell",
        f"echo one; while [ ! -e {gate} ]; do sleep 0.05; done; echo two",
    )
    server.run("run", "slow")
    following = subprocess.Popen(
        server.command("logs", "slow", "-f"), env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert following.stdout is not None
    assert following.stdout.readline() == b"one\n"
    gate.touch()
    assert following.communicate(timeout=30) == (b"two\n", b"")
    assert following.returncode == 0


def test_ctrl_c_ends_following_without_a_word(server: Server) -> None:
    server.run("add", "long", "--at", "2099-01-01", "--shell", "echo begun; exec sleep 600")
    server.run("run", "long")
    following = subprocess.Popen(
        server.command("logs", "long", "-f"),
        env=server.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite in the background ignores it
    )
    assert following.stdout is not None
    assert following.stdout.readline() == b"begun\n"
    following.send_signal(signal.SIGINT)
    assert following.communicate(timeout=30) == (b"", b"")
    assert following.returncode == 130
    [run] = server.ask("GET", "/runs?state=running&limit=5")["items"]
    assert "asked to stop" in server.run("cancel", run["id"]).stdout
    assert ended(server, run["id"])["state"] == "cancelled"
    again = server.run("cancel", run["id"], check=False)
    assert again.returncode == 5


def test_raw_bytes_reach_a_pipe(server: Server) -> None:
    server.run("add", "bytes", "--at", "2099-01-01", "--shell", r"printf '\033[2J\033[31mred\377\000\n'")
    done = subprocess.run(server.command("run", "bytes", "-f"), env=server.environment, capture_output=True, check=True)
    assert done.stdout == b"\x1b[2J\x1b[31mred\xff\x00\n"
    done = subprocess.run(server.command("logs", "bytes"), env=server.environment, capture_output=True, check=True)
    assert done.stdout == b"\x1b[2J\x1b[31mred\xff\x00\n"


def test_a_terminal_gets_text_and_colour_only(server: Server) -> None:
    import pty

    server.run("add", "tty", "--at", "2099-01-01", "--shell", r"printf '\033]0;evil\007\033[2J\033[31mred\n'")
    server.run("run", "tty", "-f")
    main, child = pty.openpty()
    done = subprocess.Popen(server.command("logs", "tty"), env=server.environment, stdout=child, stderr=child)
    os.close(child)
    written = b""
    while True:
        try:
            piece = os.read(main, 4096)
        except OSError:
            break
        if not piece:
            break
        written += piece
    os.close(main)
    assert done.wait(30) == 0
    assert written == b"\x1b[31mred\r\n\x1b[0m"


def test_edit_keeps_what_is_not_given_and_refuses_a_stale_view(server: Server) -> None:
    server.run("add", "edited", "--cron", "30 2 * * *", "--timezone", "America/New_York", "--tag", "a", "--", "true")
    changed = server.run("edit", "edited", "--cron", "0 3 * * *", "--timeout", "1m", "--retries", "2").stdout
    assert changed.startswith("edited: At 03:00, every day, America/New_York")
    found = json.loads(server.run("show", "edited", "--json").stdout)
    assert found["tags"] == ["a"]
    assert found["policy"]["timeout_seconds"] == 60
    assert found["policy"]["retry"]["max_attempts"] == 3
    assert found["action"]["argv"] == ["true"]
    server.run("edit", "edited", "--shell", "a | b", "--clear", "timeout", "--clear", "tags")
    found = json.loads(server.run("show", "edited", "--json").stdout)
    assert found["action"]["shell"] == "a | b"
    assert found["action"]["argv"] is None
    assert found["policy"]["timeout_seconds"] is None
    assert found["tags"] == []
    server.run("edit", "edited", "--url", "http://127.0.0.1:9/x", "--every", "1h", "--name", "renamed")
    found = json.loads(server.run("show", "renamed", "--json").stdout)
    assert (found["action"]["kind"], found["schedule"]["kind"]) == ("http", "every")


def test_pause_and_resume(server: Server) -> None:
    server.run("add", "paused", "--every", "1h", "--paused", "--", "true")
    assert "paused" in server.run("list", "--state", "paused").stdout
    assert "is resumed; next" in server.run("resume", "paused").stdout
    said = server.run("pause", "paused", "--until", "2098-07-01T12:00", "--reason", "holidays").stdout
    assert "until Tue 2098-07-01 12:00+02:00 (Europe/Berlin)" in said
    assert "holidays" in server.run("show", "paused").stdout


def test_delete_and_restore_by_name(server: Server) -> None:
    server.run("add", "gone", "--every", "1h", "--", "true")
    server.run("delete", "gone")
    missing = server.run("show", "gone", check=False)
    assert missing.returncode == 4
    assert missing.stderr.startswith('No task "gone".')
    assert "gone is as in revision" in server.run("restore", "gone").stdout
    server.run("edit", "gone", "--every", "2h")
    server.run("restore", "gone", "--revision", "1")
    assert json.loads(server.run("show", "gone", "--json").stdout)["schedule"]["seconds"] == 3600


def test_wrong_names_get_the_nearest(server: Server) -> None:
    server.run("add", "backup", "--every", "1h", "--", "true")
    missing = server.run("show", "bakcup", check=False)
    assert missing.returncode == 4
    assert missing.stderr == 'No task "bakcup". Did you mean "backup"?\n'


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "taken", "--every", "1h", "--", "true"], 5, 'The name "taken" is taken'),
        (["add", "x", "--cron", "61 * * * *", "--", "true"], 2, "outside 0 to 59"),
        (["add", "x", "--cron", "* * * * *", "--timezone", "PST", "--", "true"], 2, "America/Los_Angeles"),
        (["add", "x", "--at", "2001-01-01", "--", "true"], 2, "has passed"),
        (["add", "x", "--every", "100ms", "--", "true"], 2, "seconds"),
        (["add", "a\nb", "--every", "1h", "--", "true"], 2, "control"),
        (["logs", "taken"], 4, "has not run yet"),
        (["cancel", "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"], 4, "No run"),
        (["token", "revoke", "nobody"], 4, "No token"),
        (["show", "01JD8Z5B1ZC7TR0Q3H6W0XQ2SG"], 4, "No task"),
    ],
)
def test_refusals_are_sentences_with_exit_codes(server: Server, arguments: list[str], code: int, said: str) -> None:
    server.run("add", "taken", "--every", "1h", "--", "true", check=False)
    done = server.run(*arguments, check=False)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_tokens_from_birth_to_end(server: Server) -> None:
    token = server.run("token", "create", "reader", "--role", "viewer", "--expires", "2099-01-01").stdout.strip()
    assert "reader" in server.run("token", "list").stdout
    as_reader = {**server.environment, "HORARIUM_URL": server.url, "HORARIUM_TOKEN": token}

    def typed(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(server.command(*arguments), env=as_reader, capture_output=True, text=True, check=False)

    assert typed("list").returncode == 0
    refused = typed("add", "x", "--every", "1h", "--", "true")
    assert refused.returncode == 6
    assert "HORARIUM_TOKEN" in refused.stderr
    server.run("token", "revoke", "reader")
    assert typed("list").returncode == 6


def test_open_makes_a_key_that_signs_in_once(server: Server) -> None:
    first = server.run("open").stdout.strip()
    opened = server.run("open")
    curl = opened.stderr.splitlines()[-1].partition(": ")[2].replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ")
    assert opened.stdout.strip() in curl
    body = {"key": first}
    with pytest.raises(Refused, match="401"):
        server.ask("POST", "/session", body)
    if shutil.which("curl") is None:
        assert server.ask("POST", "/session", {"key": opened.stdout.strip()})["role"] == "admin"
        return
    folder = server.home
    for status, cookie in (("200", True), ("401", False)):
        done = subprocess.run(["sh", "-c", curl], cwd=folder, capture_output=True, text=True, check=False)
        assert done.stdout == status
        assert (f"horarium_{server.port}" in (folder / "cookies").read_text()) is cookie


def test_a_reader_who_stops_reading_hears_no_complaint(server: Server) -> None:
    server.run("add", "short", "--at", "2099-01-01", "--shell", "yes | head -c 500000")
    server.run("run", "short", "-f")
    for command in ("logs short", "runs", "run short -f"):
        line = f"{' '.join(server.command(*command.split()))} | head -1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", line], env=server.environment, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        assert done.stdout.splitlines()[-1] in ("0", "141")


def test_preview_names_what_the_clock_change_moves(server: Server) -> None:
    said = server.run(
        "preview", "--cron", "30 2 * * *", "--timezone", "Europe/Berlin", "--after", "2027-03-27T12:00", "--count", "2"
    )
    sentence, first, second, note, *_ = said.stdout.splitlines()
    assert sentence == "At 02:30, every day, Europe/Berlin, shown in Europe/Berlin"
    assert first.startswith("  Sun 2027-03-28 03:00+02:00  ")
    assert first.endswith("  moved")
    assert second.startswith("  Mon 2027-03-29 02:30+02:00  ")
    moved = "The clock skips this time: moved to the first instant after the gap."
    assert note == f"note  Sun 2027-03-28 03:00+02:00: {moved}"


def test_health_and_doctor(server: Server) -> None:
    assert "is ready" in server.run("health").stdout
    said = server.run("doctor").stdout
    assert f"{server.url}: ready" in said
    assert str(server.data_dir) in said
    assert "tzdata" in said


def test_a_crontab_is_imported(idle: Server) -> None:
    crontab = "CRON_TZ=Asia/Tokyo\n30 2 * * * /usr/bin/backup --all\n@hourly ls\n*/5 * * * * ls\n@reboot never\n"
    shown = idle.run("import", "crontab", "-", stdin=crontab)
    assert "ls-2" in shown.stdout
    assert "line 5 is refused" in shown.stdout
    assert idle.all("/tasks") == []
    assert idle.run("import", "crontab", "-", "--apply", stdin=crontab, check=False).returncode == 2
    assert idle.all("/tasks") == []
    idle.run("import", "crontab", "-", "--apply", "--skip-refused", stdin=crontab)
    assert [task["name"] for task in idle.all("/tasks")] == ["backup", "ls", "ls-2"]
    idle.run("import", "crontab", "-", "--apply", "--skip-refused", stdin=crontab)
    assert [task["name"] for task in idle.all("/tasks")] == ["backup", "backup-2", "ls", "ls-2", "ls-3", "ls-4"]


def test_backup_beside_the_running_server(server: Server, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    server.run("db", "backup", str(copy), "--data-dir", str(server.data_dir))
    assert copy.read_bytes().startswith(b"SQLite format 3\0")


def test_backup_without_a_folder_copies_that_of_the_server_running_here(server: Server, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done = server.run("db", "backup", str(copy))
    assert done.stdout == f"The copy of {server.data_dir} is {copy}.\n"
    assert copy.read_bytes().startswith(b"SQLite format 3\0")


def test_upgrade_refuses_a_folder_in_use(server: Server) -> None:
    refused = server.run("db", "upgrade", "--data-dir", str(server.data_dir), check=False)
    assert refused.returncode == 5
    assert len(refused.stderr.splitlines()) == 1


def test_two_servers_must_be_told_apart(server: Server, tmp_path: Path) -> None:
    other = Server(tmp_path, "--roles", "api")
    other.environment["HORARIUM_STATE_DIR"] = server.environment["HORARIUM_STATE_DIR"]
    other.home = server.home
    with other:
        unclear = server.run("list", check=False)
        assert unclear.returncode == 2
        assert str(server.port) in unclear.stderr
        assert str(other.port) in unclear.stderr
        unclear = server.run("db", "backup", str(tmp_path / "copy.db"), check=False)
        assert unclear.returncode == 2
        assert "--data-dir" in unclear.stderr
        assert str(server.data_dir) in unclear.stderr
        assert str(other.data_dir) in unclear.stderr
        assert server.run("list", "--server", str(other.port)).stdout == "No tasks.\n"
        other.kill()
        assert server.run("list").returncode == 0


def test_no_server_is_one_sentence(tmp_path: Path) -> None:
    nobody = Server(tmp_path)
    done = nobody.run("list", check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("No horarium server runs here.")
    began = time.monotonic()
    done = nobody.run("list", "--server", str(nobody.port), check=False)
    assert done.returncode == 3
    assert "No server answers" in done.stderr
    assert time.monotonic() - began < 10


def test_words_say_when(server: Server) -> None:
    said = server.run(
        "add", "spoken", "--when", "every weekday at 9", "--timezone", "Europe/Berlin", "--", "true"
    ).stdout
    assert said.startswith("spoken: At 09:00, Monday to Friday, Europe/Berlin\ndoes  true\nnext  ")
    assert "note  9 is read as 09:00 (24-hour clock)" in said.splitlines()
    assert "At 09:00, Monday to Friday" in server.run("list", "spoken").stdout
    assert "due       At 09:00, Monday to Friday, Europe/Berlin" in server.run("show", "spoken").stdout.splitlines()


def test_new_words_replace_the_rule_and_leave_what_they_do_not_speak_of(server: Server) -> None:
    words = "every day at 9 in Berlin except weekends moved to the next working day"
    server.run("add", "reworded", "--when", words, "--ends", "2030-06-30T00:00", "--", "true")
    edited = server.run("edit", "reworded", "--when", "every day at 10 in New York").stdout
    assert edited.startswith("reworded: At 10:00, every day, America/New_York, ")
    assert "note  ends_at, except, roll of before stays; take it away with --clear" in edited.splitlines()
    schedule = json.loads(server.run("show", "reworded", "--json").stdout)["schedule"]
    assert (schedule["expression"], schedule["except"][0]["kind"], schedule["roll"]) == (
        "0 10 * * *",
        "weekdays",
        "forward",
    )
    cleared = server.run("edit", "reworded", "--clear", "except", "--clear", "roll", "--clear", "ends").stdout
    assert cleared.startswith("reworded: At 10:00, every day, America/New_York\n")


def test_an_edit_tells_what_it_takes_away_that_was_asked_for_by_hand(server: Server) -> None:
    server.run("add", "by hand", "--cron", "0 19 * * *", "--timezone", "UTC", "--", "true")
    server.run("skip", "by hand", "2030-11-25T19:00")
    seen = server.run("preview", "by hand", "--cron", "0 20 * * *").stdout
    assert "was skipped by hand; the new schedule does not name it, so that is lost." in seen
    edited = server.run("edit", "by hand", "--cron", "0 20 * * *").stdout
    lost = "Mon 2030-11-25 19:00+00:00 is no longer skipped by hand: the new schedule does not name it"
    assert f"note  {lost}" in edited.splitlines()


def test_words_that_cannot_be_read_are_pointed_at_and_nothing_is_saved(server: Server) -> None:
    refused = server.run("add", "doubtful", "--when", "every 2nd Tuesday", "--", "true", check=False)
    assert refused.returncode == 2
    lines = refused.stderr.splitlines()
    assert lines[1] == "    every 2nd Tuesday"
    assert lines[2].startswith("          ^")
    assert lines[3:] == ["Write one of these:", "    the 2nd Tuesday of every month", "    every other Tuesday"]
    assert server.run("show", "doubtful", check=False).returncode == 4


def test_preview_takes_a_task_or_words(server: Server) -> None:
    server.run("add", "every monday", "--every", "1h", "--", "true")
    of_task = server.run("preview", "every monday", "--count", "1").stdout
    assert of_task.startswith("Every hour, counted from ")
    of_words = server.run("preview", "every friday at 17:00", "--timezone", "Europe/Berlin", "--count", "2").stdout
    sentence, first, second, *_ = of_words.splitlines()
    assert sentence.endswith("Friday, Europe/Berlin, shown in Europe/Berlin")
    assert first.startswith("  Fri ")
    assert second.startswith("  Fri ")
    nothing = server.run("preview", "no such thing", check=False)
    assert (nothing.returncode, nothing.stderr.startswith("No task is called 'no such thing'")) == (2, True)


def test_preview_shows_what_an_edit_would_change(server: Server) -> None:
    server.run("add", "nightly", "--cron", "0 2 * * *", "--timezone", "UTC", "--", "true")
    seen = server.run("preview", "nightly", "--when", "every day at 3", "--count", "1").stdout.splitlines()
    assert seen[0] == "At 03:00, every day, UTC, shown in UTC"
    assert any(line.startswith("edit  compared until ") for line in seen)
    assert any(line.startswith("  moves 3") for line in seen), "about thirty days, each an hour later"
    same = server.run("preview", "nightly", "--cron", "0 2 * * *", "--count", "1").stdout.splitlines()
    assert any(line.startswith("edit  changes nothing that is due until ") for line in same)
    assert server.run("preview", "no task", "--cron", "0 2 * * *", check=False).returncode == 4
    assert "At 02:00, every day, UTC" in server.run("show", "nightly").stdout, "nothing is saved"


def test_a_calendar_may_hold_days_of_every_year(server: Server) -> None:
    server.run("calendar", "set", "turn of the year", "2027-12-23", "--12-24/--01-01")
    assert server.run("calendar", "show", "turn of the year").stdout.splitlines() == ["2027-12-23", "--12-24/--01-01"]
    words = 'every day at 9 in Berlin except calendar "turn of the year"'
    seen = server.run("preview", words, "--after", "2028-12-22T12:00", "--count", "2").stdout.splitlines()
    assert [line.split("  ")[1][:14] for line in seen[1:3]] == ["Sat 2028-12-23", "Tue 2029-01-02"]
