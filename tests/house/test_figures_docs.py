"""Figures that pages tell in their sentences are those of the code."""

import re
from dataclasses import fields
from typing import cast

import pytest

from horarium.actions import guardian
from horarium.actions.command import STOP_GRACE_SECONDS
from horarium.actions.http import (
    BODY_BYTES_MAX,
    CONNECT_SECONDS,
    FIRST_BYTE_SECONDS,
    REDIRECTS_MAX,
    TOTAL_SECONDS,
)
from horarium.actions.python_call import CHILD_SECONDS_MAX
from horarium.api.guard import ADDRESS_BYTES_MAX, HEADER_BYTES_MAX, HEADERS_MAX
from horarium.api.parts import Parts
from horarium.api.queries import OUTPUT_LIMIT_MAX
from horarium.config import ADMIN_TOKEN_MIN, Settings
from horarium.control.access import KEY_LASTS, SESSION_LASTS
from horarium.control.failed_sign_ins import FAILURES_MAX, WINDOW_SECONDS
from horarium.core.output import HEAD_BYTES, RATE_BYTES_PER_SECOND, TAIL_BYTES
from horarium.core.page import LIMIT_DEFAULT, LIMIT_MAX
from horarium.core.policy import Keep
from horarium.core.schedule.schedule import DUES_MAX
from horarium.engine import vitals
from horarium.engine import worker as engine_worker
from horarium.engine.output_pump import FLUSH_SECONDS
from horarium.engine.part import LOOK_EVERY
from horarium.engine.wall_watch import LEAP_FORWARD, STEADY_SECONDS, STEP_NOTICED
from horarium.stores.sql.tasks import REPLAYED_FOR
from horarium.wiring import COMMANDS_SECONDS_MAX, STOP_SECONDS_MAX
from tests.house.paths import ROOT

MIB = 1024 * 1024
(BODY_MAX,) = [cast("int", field.default) for field in fields(Parts) if field.name == "body_max"]
DRAIN = Settings.model_fields["drain_seconds"].default
TOLD = {
    "reference/rest-api.md": (
        f"have at most {BODY_MAX // MIB} MiB",
        f"`limit` is 1 to {LIMIT_MAX}, by default {LIMIT_DEFAULT}",
        f"within {REPLAYED_FOR.total_seconds() / 3600:g} hours",
        f"(at most {OUTPUT_LIMIT_MAX})",
        f"more than {ADDRESS_BYTES_MAX // 1024} KiB",
        f"more than {HEADERS_MAX} headers or {HEADER_BYTES_MAX // 1024} KiB",
        f"`count` up to {DUES_MAX:,}",
    ),
    "reference/security.md": (
        f"good for {KEY_LASTS.total_seconds() / 60:g} minutes",
        f"A session lasts {SESSION_LASTS.days} days",
        f"After {FAILURES_MAX} failed sign-ins within a minute",
    ),
    "reference/settings.md": (f"of {ADMIN_TOKEN_MIN} or more characters",),
    "reference/states-and-reasons.md": (
        f"decided within {vitals.LATE_AFTER.total_seconds():g} seconds",
        f"for more than {vitals.STOPPED_AFTER.total_seconds():g} seconds; or",
    ),
    "reference/what-a-run-receives.md": (
        f"At most {REDIRECTS_MAX}\nredirects",
        f"It has {CONNECT_SECONDS:g} seconds to accept the connection",
        f"{FIRST_BYTE_SECONDS:g} for the first byte and {TOTAL_SECONDS:g} for the whole",
        f"may send {BODY_BYTES_MAX // MIB} MiB",
        f"more than {RATE_BYTES_PER_SECOND // MIB} MiB a second",
        f"{STOP_GRACE_SECONDS:g} seconds before the child is killed",
    ),
    "explanation/what-a-kill-costs.md": (
        f"KILL after {guardian.CLOSING_GRACE:g} seconds",
        f"(up to {COMMANDS_SECONDS_MAX:g} seconds)",
        f"`drain_seconds` ({DRAIN})",
        f"{STOP_GRACE_SECONDS:g} seconds later KILL",
    ),
    "explanation/clocks.md": (f"set forward by up to {LEAP_FORWARD.total_seconds() / 60:g} minutes",),
    "explanation/how-one-task-goes.md": (f"kept** for {Keep().days} days and among the newest {Keep().runs:,}",),
}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(("page", "phrase"), [(page, phrase) for page, phrases in TOLD.items() for phrase in phrases])
def test_a_page_tells_the_figure_of_the_code(page: str, phrase: str) -> None:
    assert plain(phrase) in plain((ROOT / "docs" / page).read_text("utf-8"))


def test_figures_that_are_told_in_words() -> None:
    assert STEADY_SECONDS == 60, "clocks.md: until the clock has been steady for a minute"
    assert STEP_NOTICED.total_seconds() == 0.5, "clocks.md: steps of more than half a second"
    assert LOOK_EVERY.total_seconds() == 1, "clocks.md: at most a second at a time"
    assert FLUSH_SECONDS == 0.25, "what-a-kill-costs.md: its last quarter of a second"
    assert CHILD_SECONDS_MAX <= 60, "what-a-run-receives.md: within a minute"
    assert WINDOW_SECONDS == 60, "security.md: within a minute"
    assert HEAD_BYTES == TAIL_BYTES == MIB, "what-a-run-receives.md: the first and the last MiB"


def test_systemd_waits_longer_than_the_service_may_take_to_stop() -> None:
    text = (ROOT / "docs" / "explanation" / "what-a-kill-costs.md").read_text("utf-8")
    found = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert found
    assert int(found[1]) >= DRAIN + engine_worker.STOP_SECONDS_MAX + STOP_SECONDS_MAX
