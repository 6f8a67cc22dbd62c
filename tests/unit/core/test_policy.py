"""The policy's values, their borders and the back-off."""

from datetime import timedelta
from typing import Any

import pytest

from horarium.core.errors import BadValue
from horarium.core.policy import CatchUp, Keep, Policy, Retry

DAY = 86_400


def test_the_defaults() -> None:
    rules = Policy()
    assert (rules.timeout_seconds, rules.overlap, rules.on_lost) == (None, "skip", "retry")
    assert rules.retry.max_attempts == 1
    assert (rules.catch_up.mode, rules.catch_up.window, rules.catch_up.max_runs) == ("latest", timedelta(days=1), 100)
    assert (rules.keep.days, rules.keep.runs) == (30, 1_000)


@pytest.mark.parametrize(
    ("shape", "field", "lowest", "highest", "beyond"),
    [
        (Retry, "max_attempts", 1, 1_000, (0, 1_001, -1)),
        (Retry, "first_delay_seconds", 0, 30 * DAY, (-0.001, 30 * DAY + 1)),
        (Retry, "factor", 1, 100, (0.999, 100.1)),
        (Retry, "max_delay_seconds", 0, 30 * DAY, (-1, 30 * DAY + 1)),
        (CatchUp, "window_seconds", 30, 3_660 * DAY, (29.999, 3_660 * DAY + 1)),
        (CatchUp, "max_runs", 1, 1_000, (0, 1_001)),
        (Keep, "days", 1, 36_600, (0, 36_601)),
        (Keep, "runs", 1, 10_000_000, (0, 10_000_001)),
        (Policy, "timeout_seconds", 0.001, 365 * DAY, (0, -1, 365 * DAY + 1)),
    ],
)
def test_borders(shape: Any, field: str, lowest: float, highest: float, beyond: tuple[float, ...]) -> None:
    for value in (lowest, highest):
        assert getattr(shape(**{field: value}), field) == value
    for value in (*beyond, float("nan"), float("inf"), float("-inf"), 10**400, -(10**400), 10**5_000):
        with pytest.raises(BadValue) as refused:
            shape(**{field: value})
        assert refused.value.field == field
        assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("retry", "delays"),
    [
        (Retry(), [10, 20, 40, 80, 160]),
        (Retry(first_delay_seconds=1, factor=3, max_delay_seconds=20), [1, 3, 9, 20, 20]),
        (Retry(first_delay_seconds=5, factor=1), [5, 5, 5, 5, 5]),
        (Retry(first_delay_seconds=0), [0, 0, 0, 0, 0]),
        (Retry(first_delay_seconds=0.25, factor=1.5, max_delay_seconds=0.7), [0.25, 0.375, 0.562, 0.7, 0.7]),
        (Retry(first_delay_seconds=100, max_delay_seconds=60), [60, 60, 60, 60, 60]),
        (Retry(max_delay_seconds=0), [0, 0, 0, 0, 0]),
    ],
)
def test_the_back_off(retry: Retry, delays: list[float]) -> None:
    assert [retry.delay(spent).total_seconds() for spent in range(1, 6)] == delays


def test_the_back_off_after_very_many_attempts_is_the_largest() -> None:
    assert Retry(factor=100, max_attempts=1_000).delay(1_000_000) == timedelta(hours=1)
