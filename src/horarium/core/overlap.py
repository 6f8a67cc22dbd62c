"""What happens when an occurrence is due while an earlier run of the task is open. Decided once, on the cursor."""

from enum import Enum, auto

from horarium.core.policy import OverlapMode


class Place(Enum):
    """Where a new run goes, or why there is none."""

    HOLDER = auto()
    """It is ready and counts for overlap from now on."""
    FREE = auto()
    """It is ready and never counts for overlap."""
    BEHIND = auto()
    """It waits until the holder has ended."""
    REPLACE = auto()
    """Every waiting run that counts ends, a running holder is asked to stop; then it is holder or waits behind."""
    SKIPPED_OVERLAP = auto()
    SKIPPED_COALESCED = auto()


def decide(mode: OverlapMode, held: bool, behind: int) -> Place:
    """`held`: a run counts for overlap now. `behind`: how many wait behind it."""
    match mode:
        case "allow":
            return Place.FREE
        case _ if not held:
            return Place.HOLDER
        case "skip":
            return Place.SKIPPED_OVERLAP
        case "queue":
            return Place.SKIPPED_COALESCED if behind else Place.BEHIND
        case "replace":
            return Place.REPLACE
