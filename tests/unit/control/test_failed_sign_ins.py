"""How often one may fail, and who is never locked out."""

import pytest

from horarium.control.errors import TooManySignIns
from horarium.control.failed_sign_ins import ADDRESSES_MAX, FAILURES_MAX, WINDOW_SECONDS, FailedSignIns


class Watch:
    """A monotonic clock that is set by hand; nothing else of it is asked for."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


def counted(failures: int, address: str = "10.0.0.9") -> tuple[FailedSignIns, Watch]:
    watch = Watch()
    failed = FailedSignIns(watch)  # type: ignore[arg-type]
    for _ in range(failures):
        failed.count(address)
    return failed, watch


def test_an_address_that_failed_too_often_waits() -> None:
    failed, watch = counted(FAILURES_MAX)
    with pytest.raises(TooManySignIns) as told:
        failed.check_before("10.0.0.9")
    assert told.value.retry_after_seconds == WINDOW_SECONDS
    failed.check_before("10.0.0.8")
    watch.seconds += WINDOW_SECONDS
    failed.check_before("10.0.0.9")
    failed.count("10.0.0.9")
    failed.check_before("10.0.0.9")


def test_one_failure_less_is_allowed() -> None:
    failed, _ = counted(FAILURES_MAX - 1)
    failed.check_before("10.0.0.9")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_the_loopback_may_always_try_but_is_told_to_wait_when_it_fails(address: str) -> None:
    failed, _ = counted(FAILURES_MAX, address)
    failed.check_before(address)
    with pytest.raises(TooManySignIns):
        failed.count(address)


def test_what_is_remembered_is_bounded() -> None:
    failed, _ = counted(0)
    for number in range(ADDRESSES_MAX + 10):
        failed.count(str(number))
    assert len(failed._failures) == ADDRESSES_MAX
