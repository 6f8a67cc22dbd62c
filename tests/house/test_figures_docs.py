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
from horarium.control.clock_notes import CHANGES_NAMED
from horarium.control.difference import DIFFERENCE_DAYS, INSTANTS_MAX
from horarium.control.failed_sign_ins import FAILURES_MAX, WINDOW_SECONDS
from horarium.control.left_out_notes import EXCLUDED_NAMED_MAX
from horarium.control.preview import CROWDED_FROM
from horarium.control.schedule_controller import WAITING_SHOWN_MAX
from horarium.core.output import HEAD_BYTES, RATE_BYTES_PER_SECOND, TAIL_BYTES
from horarium.core.page import LIMIT_DEFAULT, LIMIT_MAX
from horarium.core.policy import Keep
from horarium.core.schedule import cron_text, holiday_lists, rrule_text
from horarium.core.schedule.any_of import MEMBERS_MAX
from horarium.core.schedule.bounds import (
    DENSITY_DAYS,
    EXCEPT_MAX,
    NESTING_MAX,
    PARTS_MAX,
    ROLLED_PER_DAY_MAX,
    WALKED_PER_DAY_MAX,
)
from horarium.core.schedule.day_lists import DATES_MAX
from horarium.core.schedule.excluded import SEARCH_STEPS_MAX
from horarium.core.schedule.rolled import ROLLED_DAYS_MAX
from horarium.core.schedule.rrule_pattern import STEPPED_YEARS_MAX
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
    "reference/time.md": (
        f"at most {cron_text.TEXT_MAX} characters of plain ASCII",
        f"(section 3.3.10), at most {rrule_text.TEXT_MAX} characters",
        f"It is at most {rrule_text.COUNT_MAX:,}; the `INTERVAL` is at most {rrule_text.INTERVAL_MAX:,}",
        f"the last of its `COUNT`, within {STEPPED_YEARS_MAX} years",
        f"one of its 1 to {MEMBERS_MAX} `schedules`",
        f"at most {NESTING_MAX} deep and with at most {PARTS_MAX} schedules inside",
        f"`except` holds up to {EXCEPT_MAX} entries",
        f"`2027-12-24/2027-12-31`; up to {DATES_MAX:,} of them",
        f"no open day lies within {ROLLED_DAYS_MAX} days",
        f"the next one is not found: {SEARCH_STEPS_MAX:,} are looked at",
        f"`roll` on more than {ROLLED_PER_DAY_MAX:,} occurrences a day",
        f"names more than {WALKED_PER_DAY_MAX:,} instants a day",
        f"those of the first {DENSITY_DAYS} days that have any",
        f"up to {DUES_MAX:,} instants as `due`",
        f"{CROWDED_FROM} or more other tasks",
        f"the end of the day {DIFFERENCE_DAYS} days later or up to {INSTANTS_MAX:,} instants",
        f"up to {WAITING_SHOWN_MAX} runs that wait now",
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
    assert EXCLUDED_NAMED_MAX == 10, "time.md: ten by name"
    assert CHANGES_NAMED == 2, "time.md: the next two changes of each zone"
    assert ROLLED_PER_DAY_MAX == 24 * 60, "time.md: one a minute"
    assert WALKED_PER_DAY_MAX == 24 * 360, "time.md: one every ten seconds"
    assert holiday_lists.years("DE").stop == holiday_lists.years("US").stop == 2101, "time.md: up to 2100"
    assert HEAD_BYTES == TAIL_BYTES == MIB, "what-a-run-receives.md: the first and the last MiB"


def test_systemd_waits_longer_than_the_service_may_take_to_stop() -> None:
    text = (ROOT / "docs" / "explanation" / "what-a-kill-costs.md").read_text("utf-8")
    found = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert found
    assert int(found[1]) >= DRAIN + engine_worker.STOP_SECONDS_MAX + STOP_SECONDS_MAX
