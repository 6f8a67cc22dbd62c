"""The engine as it is, in worlds that kill, freeze and restart it: 200 seeds every day, many more in a proof."""

import pytest

from horarium.testing.loop import run
from horarium.testing.world import World
from tests.simulation.quiet import quiet
from tests.sizes import size

SEEDS = size(200, 20_000)
SEEDS_PER_TEST = 20


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS_PER_TEST))
def test_every_promise_holds_in_every_world(first: int) -> None:
    with quiet():
        for seed in range(first, min(first + SEEDS_PER_TEST, SEEDS)):
            world = World(seed)
            try:
                run(world.run())
            except Exception as broken:
                broken.add_note(f"World({seed})")
                raise
            assert world.witness.seen, f"nothing happened in World({seed})"


def test_one_seed_is_one_history() -> None:
    with quiet():
        worlds = [World(7), World(7), World(8)]
        logs = [run(world.run()) for world in worlds]
        histories = [world.checks.history() for world in worlds]
    assert logs[0] == logs[1]
    assert histories[0] == histories[1]
    assert histories[0] != histories[2]
