"""Time and chance come in as values: only the clocks and the wiring may ask the machine for them."""

import re
from fnmatch import fnmatch

import pytest

from tests.house.names import Use, uses
from tests.house.paths import PACKAGE, modules

FORBIDDEN = re.compile(
    r"""
      datetime\.datetime\.(now|utcnow|today)
    | datetime\.date\.today
    | time\.(?!struct_time$)\w.* | time\.\*
    | asyncio\.(tasks\.)?sleep
    | random\..+
    | secrets\..+
    | os\.(urandom|getrandom)
    | uuid\.uuid(1|4|6|7)
    """,
    re.VERBOSE,
)

ALLOWED = (
    "clocks/*",
    "wiring.py",
    # The guardian is a separate process with one thread and no event loop. It waits in `select` between a TERM and
    # the KILL that follows, and counts that grace on the monotonic clock: nothing it decides reaches the books.
    "actions/guardian.py",
)


def violations(source: str) -> list[Use]:
    return [use for use in uses(source) if FORBIDDEN.fullmatch(use.name)]


def test_only_clocks_and_wiring_ask_the_machine_for_time_or_chance() -> None:
    found = []
    for path in modules():
        place = path.relative_to(PACKAGE).as_posix()
        if not any(fnmatch(place, pattern) for pattern in ALLOWED):
            found += [f"src/horarium/{place}:{use.line}: {use.name}" for use in violations(path.read_text("utf-8"))]
    assert found == [], "take a Clock (or the value itself) as a parameter instead"


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.datetime.utcnow()",
        "from datetime import datetime\ndatetime.now(tz)",
        "from datetime import datetime as d\nd.today()",
        "from datetime import date\ndate.today()",
        "from datetime import datetime\nnow = datetime.now\nnow()",
        "import datetime\nD = datetime.datetime\nD.now()",
        "import time\ntime.time()",
        "import time as t\nt.sleep(1)",
        "from time import monotonic\nmonotonic()",
        "from time import monotonic_ns as ticks\nx = field(default_factory=ticks)",
        "from time import *",
        "def f():\n    import time\n    return time.perf_counter()",
        "__import__('time').time()",
        "import importlib\nimportlib.import_module('time').time()",
        "import time\ngetattr(time, 'time')()",
        "import asyncio\nawait asyncio.sleep(1)",
        "from asyncio import sleep as nap\nawait nap(1)",
        "import random\nrandom.random()",
        "from random import Random\nRandom(1)",
        "import secrets\nsecrets.token_bytes(10)",
        "import os\nos.urandom(10)",
        "from os import urandom\nurandom(10)",
        "import uuid\nuuid.uuid4()",
        "from uuid import uuid1\nuuid1()",
    ],
)
def test_the_rule_finds_a_planted_call(source: str) -> None:
    assert violations(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, datetime, time\ndatetime(2026, 1, 1, tzinfo=UTC)\ntime(2, 30)",
        "def step(clock):\n    return clock.now() + clock.monotonic()",
        "import asyncio\nasyncio.Event()",
        "import uuid\nuuid.UUID(int=1)\nuuid.uuid5(a, b)",
        "time = 3\nrandom = 4\nprint(time + random)",
        "import os\nos.environ['TZ']",
    ],
)
def test_the_rule_lets_values_pass(source: str) -> None:
    assert violations(source) == []
