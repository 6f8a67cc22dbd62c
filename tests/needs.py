"""What a test needs from the machine. A laptop without it skips the test with one sentence; CI fails."""

import os
import shutil
from typing import NoReturn

import pytest


def missing(what: str, remedy: str) -> NoReturn:
    """Give up on this test because `what` is not there; `remedy` is the command that brings it."""
    sentence = f"{what} is missing: {remedy}"
    if os.environ.get("TESTS_MISSING") == "fail" or os.environ.get("CI") in ("true", "1"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def program(name: str, remedy: str) -> str:
    """The absolute path of a program that the test is going to start."""
    return shutil.which(name) or missing(name, remedy)
