"""What runs wrote: appended, read from anywhere, dropped in the middle, forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from horarium.core.ids import RunId
from horarium.core.page import Chunk
from horarium.stores.sql import output
from tests.builders import opened
from tests.making import T0, run_id
from tests.sizes import size

RUN = run_id(1)


@pytest.fixture(params=["memory", "file"])
def conn(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    with opened(tmp_path / "output.db" if request.param == "file" else None, output=True) as conn:
        yield conn


def chunk(offset: int, data: bytes, first_line: int = 1) -> Chunk:
    return Chunk(offset=offset, stream="stdout", at=T0, first_line=first_line, data=data)


def add(conn: Connection, *chunks: Chunk, run: RunId = RUN, attempt: int = 1) -> None:
    output.add_output(conn, [(run, attempt, piece) for piece in chunks])


def text_of(conn: Connection, offset: int = 0, limit: int = 1_000) -> bytes:
    return b"".join(piece.data for piece in output.output(conn, RUN, 1, offset, limit).chunks)


def test_what_was_added_is_read_back(conn: Connection) -> None:
    pieces = (chunk(0, b"one\n"), Chunk(offset=4, stream="stderr", at=T0, first_line=2, data=b"two\n"))
    add(conn, *pieces)
    add(conn, chunk(0, b"other"), attempt=2)
    part = output.output(conn, RUN, 1, 0, 100)
    assert part.chunks == pieces
    assert (part.size, part.dropped) == (8, None)
    assert output.output(conn, RUN, 2, 0, 100).size == 5
    assert output.output(conn, run_id(2), 1, 0, 100).chunks == ()


def test_adding_it_again_changes_nothing(conn: Connection) -> None:
    add(conn, chunk(0, b"one\n"), chunk(4, b"two\n"))
    add(conn, chunk(0, b"one\n"), chunk(4, b"two\n"), chunk(8, b"three\n"))
    add(conn, chunk(0, b"one\n"))
    add(conn)
    assert text_of(conn) == b"one\ntwo\nthree\n"
    assert output.output(conn, RUN, 1, 0, 1).size == 14


def test_a_thousand_pieces_of_a_hundred_runs(conn: Connection) -> None:
    pieces = [(run_id(n % 100), 1, chunk(n // 100 * 3, b"abc")) for n in range(1_000)]
    output.add_output(conn, pieces)
    assert all(output.output(conn, run_id(n), 1, 0, 100).size == 30 for n in range(100))


def test_reading_begins_with_the_chunk_that_holds_the_offset(conn: Connection) -> None:
    add(conn, chunk(0, b"0123"), chunk(4, b"4567"), chunk(8, b"89"))
    assert [piece.offset for piece in output.output(conn, RUN, 1, 5, 100).chunks] == [4, 8]
    assert [piece.offset for piece in output.output(conn, RUN, 1, 8, 100).chunks] == [8]
    assert [piece.offset for piece in output.output(conn, RUN, 1, -3, 100).chunks] == [4, 8]
    assert text_of(conn, -100) == b"0123456789"
    assert output.output(conn, RUN, 1, 10, 100).chunks == ()
    assert output.output(conn, RUN, 1, 10, 100).size == 10


def test_a_part_holds_no_more_than_was_asked_for(conn: Connection) -> None:
    add(conn, chunk(0, b"0123"), chunk(4, b"4567"))
    assert text_of(conn, 0, 3) == b"012"
    assert text_of(conn, 0, 6) == b"012345"
    assert text_of(conn, 5, 2) == b"456"  # from the beginning of its chunk up to offset + limit


def test_many_tiny_chunks_are_answered_in_bites(conn: Connection) -> None:
    add(conn, *(chunk(n, b"x") for n in range(output.CHUNKS_MAX + 10)))
    assert len(output.output(conn, RUN, 1, 0, 100_000).chunks) == output.CHUNKS_MAX
    assert len(output.output(conn, RUN, 1, output.CHUNKS_MAX, 100_000).chunks) == 10


def test_dropping_keeps_what_lies_across_a_border(conn: Connection) -> None:
    add(conn, *(chunk(n * 4, b"abcd") for n in range(5)))
    output.drop_output(conn, RUN, 1, 6, 15)
    part = output.output(conn, RUN, 1, 0, 100)
    assert [piece.offset for piece in part.chunks] == [0, 4, 12, 16]
    assert (part.size, part.dropped) == (20, (8, 12))
    output.drop_output(conn, RUN, 1, 8, 16)
    part = output.output(conn, RUN, 1, 9, 100)
    assert [piece.offset for piece in part.chunks] == [16]
    assert (part.size, part.dropped) == (20, (8, 16))


def test_dropping_nothing_says_nothing(conn: Connection) -> None:
    output.drop_output(conn, RUN, 1, 0, 10)
    add(conn, chunk(0, b"0123456789"))
    output.drop_output(conn, RUN, 1, 2, 8)
    output.drop_output(conn, RUN, 1, 10, 50)
    part = output.output(conn, RUN, 1, 0, 100)
    assert (part.size, part.dropped, len(part.chunks)) == (10, None, 1)


def test_an_ended_attempt_may_still_be_added_to_and_forgotten(conn: Connection) -> None:
    add(conn, chunk(0, b"a"))
    add(conn, chunk(0, b"b"), attempt=2)
    add(conn, chunk(1, b"late"))
    assert text_of(conn) == b"alate"
    add(conn, chunk(0, b"other"), run=run_id(2))
    output.forget_output(conn, [RUN, *(run_id(n) for n in range(1_000, 2_200))])
    assert output.output(conn, RUN, 1, 0, 10).size == 0
    assert output.output(conn, RUN, 2, 0, 10).chunks == ()
    assert output.output(conn, run_id(2), 1, 0, 10).size == 5


@settings(max_examples=size(150, 5_000), deadline=None)
@given(
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=12),
    drops=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=3),
    offset=st.integers(-50, 50),
    limit=st.integers(1, 50),
)
def test_a_part_agrees_with_a_plain_string(
    lengths: list[int], drops: list[tuple[int, int]], offset: int, limit: int
) -> None:
    whole = bytes(n % 251 for n in range(sum(lengths)))
    kept: dict[int, bytes] = {}
    at = 0
    for length in lengths:
        kept[at] = whole[at : at + length]
        at += length
    with opened(output=True) as conn:
        add(conn, *(chunk(begin, data) for begin, data in kept.items()))
        gone: set[int] = set()
        for start, end in drops:
            output.drop_output(conn, RUN, 1, start, end)
            within = [begin for begin, data in kept.items() if start <= begin and begin + len(data) <= end]
            gone |= {n for begin in within for n in range(begin, begin + len(kept.pop(begin)))}
        part = output.output(conn, RUN, 1, offset, limit)
    assert part.size == len(whole)
    assert part.dropped == ((min(gone), max(gone) + 1) if gone else None)
    begin = offset if offset >= 0 else max(0, len(whole) + offset)
    end = begin + limit
    low, high = part.dropped or (0, 0)
    if low <= begin < high:  # what is not kept is passed over, and does not count
        begin, end = high, high + limit
    elif begin < low < end:
        end += high - low
    expected = [
        (first, data[: end - first])
        for first, data in sorted(kept.items())
        if first + len(data) > begin and first < end
    ]
    assert [(piece.offset, piece.data) for piece in part.chunks] == expected
