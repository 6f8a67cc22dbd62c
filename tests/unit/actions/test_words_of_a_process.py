"""What is said about the end of a process, and what it gets from us: nothing here starts one."""

import pytest

from horarium.actions.command import PATH_DEFAULT, base_environment, folder_of, home_folder, judged, signal_name
from horarium.actions.guardian_client import Abandoned, Ending, Exited, Refused
from horarium.actions.pump import plain
from horarium.core.outcome import DETAIL_MAX, Ended, Failed, Succeeded


@pytest.mark.parametrize(
    ("ending", "ended"),
    [
        (Exited(0), Succeeded(exit_status=0)),
        (Exited(3), Failed(reason="exit_status", exit_status=3, detail="last")),
        (Exited(-9), Failed(reason="exit_status", detail="killed by SIGKILL")),
        (Refused("No such file"), Failed(reason="error", detail="No such file")),
        (Abandoned(), Failed(reason="error", detail="the command guardian ended unexpectedly")),
    ],
)
def test_how_an_end_is_judged(ending: Ending, ended: Ended) -> None:
    assert judged(ending, lambda: "last") == ended


def test_signals_without_a_name() -> None:
    assert signal_name(15) == "SIGTERM"
    assert signal_name(40) == "signal 40"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  disk \t full ", "disk full"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x1b\\text", "text"),
        ("bell\x07 and \x00nul", "bell and nul"),
        ("c1 \x9b31m", "c1 31m"),
        ("äß ☃ 🎈", "äß ☃ 🎈"),
        ("lone \ud800", "lone "),
        ("", ""),
    ],
)
def test_a_line_fit_to_be_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_long_line_is_cut_to_the_limit() -> None:
    assert plain("x" * DETAIL_MAX) == "x" * DETAIL_MAX
    assert plain("x" * (DETAIL_MAX + 1)) == "x" * (DETAIL_MAX - 1) + "…"


def test_the_environment_is_built_from_nothing() -> None:
    service = {"PATH": "/bin", "HOME": "/root", "LANG": "de", "HORARIUM_DATABASE": "postgresql://secret", "TZ": "UTC"}
    assert base_environment(service) == {"PATH": "/bin", "HOME": "/root", "LANG": "de"}
    assert base_environment({}) == {"PATH": PATH_DEFAULT, "HOME": home_folder(), "LANG": "C.UTF-8"}


def test_a_home_that_does_not_exist_is_no_place_to_start() -> None:
    assert folder_of({"HOME": "/nonexistent"}) == "/"
    assert folder_of({"HOME": "/usr"}) == "/usr"
