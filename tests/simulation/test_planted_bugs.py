"""Worlds find what is wrong: each of these mistakes, planted into one statement, breaks a promise within a few seeds."""

import re
from dataclasses import replace
from sqlite3 import IntegrityError

import pytest

from horarium.core.errors import StoreAway
from horarium.stores.sql.statements import statements
from horarium.testing.loop import run
from horarium.testing.world import World
from tests.simulation.quiet import quiet

SEEDS_MAX = 40

BUGS = {
    "a plan does not look at the cursor's version": (
        "move_cursor",
        r"version = (\?\d+)(?!,)(?=\s*(AND|;|$))",
        r"\1 = \1",
    ),
    "a run starts before it is ready": ("ready_in_lane", r"runs\.ready_at <= (\?\d+)", r"\1 = \1"),
    "a claim does not raise the fence": ("claim_run", r"fence = fence \+ 1", "fence = fence"),
    "a late report is believed": ("end_run", r"AND fence = (\?\d+) AND state = 'running'", r"AND \1 = \1"),
    "who waits behind is forgotten": ("pass_holder", r"behind = behind - 1", "behind = behind"),
    "what was decided ahead is not known when its instant comes": (
        "overrides",
        r"decided_at IS NULL OR due_at > (\?\d+)",
        r"decided_at IS NULL AND due_at > \1 - 86400000",
    ),
    "a decided override is not marked": (
        "decide_override",
        r"SET decided_at = (\?\d+)",
        r"SET decided_at = nullif(\1, \1)",
    ),
    "an override that is undone stays": ("drop_override", r"due_at = (\?\d+)", r"due_at = \1 + 1"),
}


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    statement, pattern, mistake = BUGS[name]
    right = statements("sqlite")[statement]
    wrong, count = re.subn(pattern, mistake, right.sql)
    assert count == 1, f"{statement} does not read as it did: {right.sql}"
    monkeypatch.setitem(statements("sqlite"), statement, replace(right, sql=wrong))
    with quiet():
        found = any(breaks(seed) for seed in range(SEEDS_MAX))
    assert found, f"{SEEDS_MAX} worlds did not notice"


def breaks(seed: int) -> bool:
    """Whether a promise is broken in this world, by a check of ours or by a constraint of the books themselves."""
    try:
        run(World(seed).run())
    except (AssertionError, StoreAway, IntegrityError):
        return True
    except ExceptionGroup as several:
        if several.split((AssertionError, StoreAway, IntegrityError))[1] is not None:
            raise
        return True
    return False
