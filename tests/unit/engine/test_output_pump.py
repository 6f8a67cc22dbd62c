"""What an attempt writes and what of it is kept, against a plain string of bytes."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from horarium.core.errors import StoreAway
from horarium.core.ids import RunId
from horarium.core.page import Chunk, OutputPart
from horarium.engine.output_pump import OutputPump, OutputWriter
from horarium.testing.loop import run
from tests.making import at, run_id
from tests.sizes import size
from tests.unit.engine.jumping import clock, elapsed, jumping

MIB = 1024 * 1024
PIECE = 64 * 1024

Stream = Literal["stdout", "stderr"]


class Shelf:
    """An output store that takes its time, keeps chunks by offset and may be away."""

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.away = False
        self.writes: list[tuple[float, int]] = []
        self.chunks: dict[tuple[RunId, int], dict[int, Chunk]] = {}
        self.dropped: dict[tuple[RunId, int], tuple[int, int]] = {}

    async def add_output(self, pieces: Sequence[tuple[RunId, int, Chunk]]) -> None:
        await asyncio.sleep(self.seconds)
        if self.away:
            raise StoreAway("no disk")
        for of, attempt, chunk in pieces:
            assert 1 <= len(chunk.data) <= PIECE
            kept = self.chunks.setdefault((of, attempt), {})
            assert chunk.offset not in kept
            kept[chunk.offset] = chunk
        self.writes.append((elapsed(), len(pieces)))

    async def drop_output(self, run_id: RunId, attempt: int, start: int, end: int) -> None:
        assert start == MIB < end
        self.dropped[run_id, attempt] = start, end
        kept = self.chunks.get((run_id, attempt), {})
        for offset in [o for o, c in kept.items() if start <= o and o + len(c.data) <= end]:
            del kept[offset]

    async def output(self, run_id: RunId, attempt: int, offset: int, limit: int) -> OutputPart:
        raise NotImplementedError

    def stored(self, number: int = 1) -> list[Chunk]:
        kept = self.chunks.get((run_id(number), 1), {})
        return [kept[offset] for offset in sorted(kept)]

    def text(self, number: int = 1) -> bytes:
        return b"".join(chunk.data for chunk in self.stored(number))


async def stored(pump: OutputPump) -> None:
    """What the settler does before it settles the run of `pump`."""
    await pump._writer.flush()


class World:
    def __init__(self, seconds: float = 0) -> None:
        self.shelf = Shelf(seconds)
        self.writer = OutputWriter(store=self.shelf, clock=clock())

    def pump(self, number: int = 1) -> OutputPump:
        return OutputPump(self.writer, run_id(number), 1)


def pattern(count: int, start: int = 0) -> bytes:
    """Bytes that tell where they are from, with line ends at odd places."""
    return bytes((i * 7 + i // 251) % 97 if i % 61 else 10 for i in range(start, start + count))


PATTERN = pattern(4 * MIB)


# Small and simple


@jumping
async def test_what_was_written_is_stored_when_it_is_closed() -> None:
    world = World()
    pump = world.pump()
    await pump.write("stdout", b"hello\n")
    await pump.write("stdout", b"world\n")
    assert world.shelf.text() == b""
    await stored(pump)
    (chunk,) = world.shelf.stored()
    assert chunk == Chunk(offset=0, stream="stdout", at=at(0), first_line=1, data=b"hello\nworld\n")
    assert pump.size == 12
    assert elapsed() == 0


@jumping
async def test_an_attempt_that_writes_nothing_costs_nothing() -> None:
    world = World()
    await stored(world.pump())
    assert (world.shelf.writes, elapsed()) == ([], 0)


@jumping
async def test_an_empty_write_makes_no_chunk() -> None:
    world = World()
    pump = world.pump()
    await pump.write("stdout", b"")
    await stored(pump)
    await asyncio.sleep(1)
    assert world.shelf.stored() == []


@jumping
@pytest.mark.parametrize("count", [0, 1, 6, PIECE, PIECE + 1, 3 * PIECE])
async def test_what_is_said_at_once_is_stored_as_if_it_were_written(count: int) -> None:
    said, wrote = World(), World()
    said.writer.said(run_id(1), 1, at(0), PATTERN[:count])
    await said.writer.flush()
    pump = wrote.pump()
    await pump.write("stdout", PATTERN[:count])
    await stored(pump)
    assert said.shelf.stored() == wrote.shelf.stored()
    assert said.shelf.text() == PATTERN[:count]


@jumping
async def test_what_is_said_at_once_is_lost_with_the_store() -> None:
    world = World()
    world.shelf.away = True
    said = world.writer.said(run_id(1), 1, at(0), b"hello")
    await world.writer.flush()
    assert said.lost


@jumping
async def test_streams_are_kept_apart_in_their_order() -> None:
    world = World()
    pump = world.pump()
    written: list[tuple[Stream, bytes]] = [("stdout", b"a\n"), ("stderr", b"b"), ("stderr", b"c\n\n"), ("stdout", b"d")]
    for stream, data in written:
        await pump.write(stream, data)
    await stored(pump)
    assert [(c.offset, c.stream, c.first_line, c.data) for c in world.shelf.stored()] == [
        (0, "stdout", 1, b"a\n"),
        (2, "stderr", 2, b"bc\n\n"),
        (6, "stdout", 4, b"d"),
    ]


@jumping
async def test_a_follower_reads_it_a_quarter_of_a_second_later() -> None:
    world = World()
    pump = world.pump()
    await asyncio.sleep(1)
    await pump.write("stdout", b"a")
    await asyncio.sleep(0.2)
    await pump.write("stdout", b"b")
    await asyncio.sleep(0.2)
    assert world.shelf.writes == [(1.25, 1)]
    assert world.shelf.text() == b"ab"


@jumping
async def test_attempts_share_a_write() -> None:
    world = World()
    pumps = [world.pump(number) for number in range(5)]
    for pump in pumps:
        await pump.write("stdout", b"x")
    await asyncio.gather(*(stored(pump) for pump in pumps))
    assert world.shelf.writes == [(0, 5)]


@jumping
async def test_who_closes_while_a_write_is_under_way_shares_the_next() -> None:
    world = World(seconds=1)
    first, *others = [world.pump(number) for number in range(5)]
    await first.write("stdout", b"x")
    closing = [asyncio.create_task(stored(first))]
    await asyncio.sleep(0.5)
    for pump in others:
        await pump.write("stdout", b"y")
        closing.append(asyncio.create_task(stored(pump)))
    await asyncio.gather(*closing)
    assert world.shelf.writes == [(1, 1), (2, 4)]


@jumping
async def test_closing_waits_for_the_write_that_took_the_last_piece() -> None:
    """The timer took it, the store is slow, and the action ends meanwhile: nothing is settled before its output is stored."""
    world = World(seconds=5)
    pump = world.pump()
    await pump.write("stdout", b"x")
    await asyncio.sleep(1)
    await stored(pump)
    assert world.shelf.text() == b"x"
    assert elapsed() == 5.25


@jumping
async def test_who_closes_is_cancelled_and_the_write_goes_on() -> None:
    world = World(seconds=5)
    pump, other = world.pump(1), world.pump(2)
    await pump.write("stdout", b"x")
    await other.write("stdout", b"y")
    closing = asyncio.create_task(stored(pump))
    await asyncio.sleep(1)
    closing.cancel()
    await asyncio.sleep(10)
    assert closing.cancelled()
    assert (world.shelf.text(1), world.shelf.text(2)) == (b"x", b"y")


# The store is away


@jumping
async def test_a_store_that_is_away_loses_output_and_nothing_else() -> None:
    world = World()
    pump = world.pump()
    world.shelf.away = True
    await pump.write("stdout", b"lost\n")
    await asyncio.sleep(1)
    world.shelf.away = False
    await pump.write("stdout", b"kept\n")
    await stored(pump)
    (chunk,) = world.shelf.stored()
    assert (chunk.offset, chunk.first_line, chunk.data) == (5, 2, b"kept\n")


@jumping
async def test_output_that_the_store_refuses_is_said_to_be_lost_and_ends_nothing() -> None:
    async def refusing(pieces: object) -> None:
        raise ValueError("not what a store takes")

    world = World()
    world.shelf.add_output = refusing  # type: ignore[method-assign]
    pump = world.pump()
    await pump.write("stdout", b"lost\n")
    await stored(pump)
    assert pump.lost


@jumping
async def test_closing_while_the_store_is_away_ends() -> None:
    world = World(seconds=2)
    world.shelf.away = True
    pump = world.pump()
    await pump.write("stdout", b"lost\n")
    await stored(pump)
    assert (world.shelf.text(), elapsed()) == (b"", 2)


@jumping
async def test_a_drop_that_failed_is_told_again() -> None:
    world = World()
    pump = world.pump()
    await pump.write("stdout", PATTERN[: 2 * MIB])
    await stored(pump)
    drop, world.shelf.drop_output = world.shelf.drop_output, _away  # type: ignore[method-assign]
    await pump.write("stdout", PATTERN[2 * MIB : 3 * MIB])
    await stored(pump)
    world.shelf.drop_output = drop  # type: ignore[method-assign]
    await pump.write("stdout", b"the end")
    await stored(pump)
    assert world.shelf.text()[:MIB] == PATTERN[:MIB]
    assert len(world.shelf.text()) <= 2 * MIB + PIECE


async def _away(run_id: RunId, attempt: int, start: int, end: int) -> None:
    raise StoreAway("no disk")


# The rate


@jumping
async def test_a_burst_is_free_and_then_eight_mebibytes_a_second() -> None:
    world = World()
    pump = world.pump()
    block = bytes(MIB)
    await pump.write("stdout", block)
    await pump.write("stdout", block)
    assert elapsed() == 0
    for _ in range(16):
        await pump.write("stdout", block)
    assert elapsed() == pytest.approx(2, abs=0.001)


@jumping
async def test_waiting_earns_at_most_a_burst() -> None:
    world = World()
    pump = world.pump()
    await pump.write("stdout", bytes(2 * MIB))
    await asyncio.sleep(3_600)
    began = elapsed()
    await pump.write("stdout", bytes(2 * MIB))
    assert elapsed() == began
    await pump.write("stdout", bytes(MIB))
    assert elapsed() - began == pytest.approx(1 / 8, abs=0.001)


@jumping
async def test_two_streams_share_the_rate() -> None:
    world = World()
    pump = world.pump()

    async def pour(stream: Stream) -> None:
        for _ in range(9):
            await pump.write(stream, bytes(MIB))

    await asyncio.gather(pour("stdout"), pour("stderr"))
    assert elapsed() == pytest.approx(2, abs=0.001)


# Head and tail


def judge(world: World, pump: OutputPump, written: bytes) -> None:
    """What is stored is the first MiB, at least the last MiB, and exactly what was not dropped."""
    assert pump.size == len(written)
    chunks = world.shelf.stored()
    covered, line, counted = 0, 1, 0
    gap: tuple[int, int] | None = None
    for chunk in chunks:
        if chunk.offset != covered:
            assert gap is None, "one stretch is dropped"
            gap = covered, chunk.offset
        assert chunk.data == written[chunk.offset : chunk.offset + len(chunk.data)]
        line += written.count(b"\n", counted, chunk.offset)
        assert chunk.first_line == line
        counted = chunk.offset
        covered = chunk.offset + len(chunk.data)
    assert covered == len(written)
    told = world.shelf.dropped.get((run_id(1), 1))
    if len(written) <= 2 * MIB:
        assert gap is told is None
    if gap is not None:
        assert gap[0] == MIB
        assert len(written) - MIB - PIECE < gap[1] <= len(written) - MIB
    assert told == gap


@jumping
async def test_one_huge_write() -> None:
    world = World()
    pump = world.pump()
    await pump.write("stdout", PATTERN)
    await stored(pump)
    judge(world, pump, PATTERN)
    assert world.shelf.dropped == {(run_id(1), 1): (MIB, 3 * MIB)}


@pytest.mark.parametrize("count", [MIB - 1, MIB, MIB + 1, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 2 * MIB + PIECE])
@pytest.mark.parametrize("block", [1_000, 4_096, PIECE, 100_003])
@jumping
async def test_at_the_borders(count: int, block: int) -> None:
    world = World()
    pump = world.pump()
    for start in range(0, count, block):
        await pump.write("stdout", PATTERN[start : min(start + block, count)])
    await stored(pump)
    judge(world, pump, PATTERN[:count])


@given(
    st.lists(
        st.tuples(
            st.sampled_from((1, 100, 4_096, PIECE - 1, PIECE, PIECE + 1, 300_000, MIB, MIB + 1))
            | st.integers(1, 50_000),
            st.sampled_from(("stdout", "stdout", "stderr")),
            st.sampled_from((0, 0, 0, 0.1, 0.25, 1)),
            st.booleans(),
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from((0, 0.001, 0.3, 2)),
)
@examples(max_examples=size(60, 1_000), deadline=None)
def test_whatever_is_written_and_whenever_it_is_flushed(
    writes: list[tuple[int, Stream, float, bool]], slowness: float
) -> None:
    async def story() -> None:
        world = World(slowness)
        pump = world.pump()
        place = 0
        for count, stream, pause, flush in writes:
            count = min(count, len(PATTERN) - place)
            await pump.write(stream, PATTERN[place : place + count])
            place += count
            if flush:
                await world.writer.flush()
            await asyncio.sleep(pause)
        await stored(pump)
        judge(world, pump, PATTERN[:place])

    run(story())


@jumping
async def test_many_small_writes_of_two_streams() -> None:
    """The tail is at least a MiB, however small its pieces."""
    world = World()
    pump = world.pump()
    place = 0
    while place < 3 * MIB:
        for stream, count in (("stdout", 700), ("stderr", 300)):
            await pump.write("stdout" if stream == "stdout" else "stderr", PATTERN[place : place + count])
            place += count
    await stored(pump)
    judge(world, pump, PATTERN[:place])


@jumping
async def test_a_piece_says_when_its_first_byte_came() -> None:
    world = World()
    pump = world.pump()
    moments: list[datetime] = []
    for _ in range(3):
        moments.append(at(0) + timedelta(seconds=round(elapsed(), 3)))
        await pump.write("stdout", b"x")
        await asyncio.sleep(1.5)
    assert [chunk.at for chunk in world.shelf.stored()] == moments
