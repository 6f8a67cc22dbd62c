"""How much a test does: little on an ordinary day, much in `make proof`."""

import os

PROOF = os.environ.get("TESTS_PROOF") == "1"

# One number from which every random choice of a run of tests can be repeated.
SEED = int(os.environ.get("TESTS_SEED", "1"))


def size(small: int, large: int) -> int:
    """`small` in `make test`, `large` in `make proof`. Read it when the test is collected or later, never cache it elsewhere."""
    return large if PROOF else small
