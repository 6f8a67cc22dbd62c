"""What a start prints about the browser, and about the way to it."""

from dataclasses import replace

from horarium.greeting import Greeting, lines
from tests.making import T0

FIRST = Greeting(
    version="1",
    python="3.13",
    timezone="UTC",
    now=T0,
    url="http://127.0.0.1:8787",
    data="/data/horarium.db",
    new=True,
    in_memory=False,
    loopback=True,
    roles=("api", "scheduler", "worker"),
    key="abc",
    page=True,
    key_minutes=30,
    ready_seconds=0.84,
    drain_seconds=30,
    tasks=0,
)


def test_a_browser_that_opens_is_said_with_the_way_to_stop_that() -> None:
    assert "  Ready in 0.8 s." in lines(FIRST)
    assert "  Ready in 0.8 s. Opening your browser… (--no-open to stop that)" in lines(replace(FIRST, opening=True))


def test_a_tunnel_stands_among_the_facts() -> None:
    tunnel = "ssh -L 8787:localhost:8787 198.51.100.4"
    assert not any("Tunnel" in line for line in lines(FIRST))
    (line,) = [line for line in lines(replace(FIRST, tunnel=tunnel)) if "Tunnel" in line]
    assert tunnel in line
