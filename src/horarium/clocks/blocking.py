"""Waiting where there is no event loop: the command line, which asks a server again and again."""

import time


def pause(seconds: float) -> None:
    """Do nothing for that long."""
    time.sleep(seconds)
