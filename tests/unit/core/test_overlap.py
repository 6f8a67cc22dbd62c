"""What happens when an occurrence is due while a run is open: the whole table."""

import pytest

from horarium.core.overlap import Place, decide
from horarium.core.policy import OverlapMode


@pytest.mark.parametrize(
    ("mode", "held", "behind", "place"),
    [
        ("skip", False, 0, Place.HOLDER),
        ("skip", True, 0, Place.SKIPPED_OVERLAP),
        ("skip", True, 3, Place.SKIPPED_OVERLAP),
        ("queue", False, 0, Place.HOLDER),
        ("queue", True, 0, Place.BEHIND),
        ("queue", True, 1, Place.SKIPPED_COALESCED),
        ("queue", True, 5, Place.SKIPPED_COALESCED),
        ("allow", False, 0, Place.FREE),
        ("allow", True, 0, Place.FREE),
        ("allow", True, 2, Place.FREE),
        ("replace", False, 0, Place.HOLDER),
        ("replace", True, 0, Place.REPLACE),
        ("replace", True, 1, Place.REPLACE),
    ],
)
def test_the_place_of_a_new_run(mode: OverlapMode, held: bool, behind: int, place: Place) -> None:
    assert decide(mode, held, behind) is place
