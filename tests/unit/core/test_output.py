"""Cutting what is written into pieces that know their place."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from horarium.core.output import HEAD_BYTES, PIECE_BYTES_MAX, Piece, Place, append
from tests.making import at


def put(place: Place, last: Piece | None, data: bytes, stream: str = "stdout") -> list[Piece]:
    return list(append(last, place, stream, at(0), data))


def shapes(pieces: list[Piece]) -> list[tuple[int, int, int]]:
    return [(piece.offset, len(piece.data), piece.first_line) for piece in pieces]


def test_a_piece_grows_until_it_is_full() -> None:
    place = Place()
    (first,) = put(place, None, b"x" * (PIECE_BYTES_MAX - 1))
    assert put(place, first, b"y") == []
    assert first.room() == 0
    (second,) = put(place, first, b"z")
    assert shapes([first, second]) == [(0, PIECE_BYTES_MAX, 1), (PIECE_BYTES_MAX, 1, 1)]
    assert place == Place(offset=PIECE_BYTES_MAX + 1, line=1)


def test_another_stream_begins_another_piece() -> None:
    place = Place()
    (first,) = put(place, None, b"out\n")
    (second,) = put(place, first, b"err\n", "stderr")
    assert shapes([first, second]) == [(0, 4, 1), (4, 4, 2)]


def test_no_piece_crosses_the_end_of_the_head() -> None:
    place = Place(offset=HEAD_BYTES - 10)
    pieces = put(place, None, b"x" * 30)
    assert shapes(pieces) == [(HEAD_BYTES - 10, 10, 1), (HEAD_BYTES, 20, 1)]
    assert put(place, pieces[-1], b"y") == []


def test_nothing_makes_no_piece() -> None:
    place = Place()
    assert put(place, None, b"") == []
    assert place == Place()


def test_lines_are_counted_across_pieces() -> None:
    place = Place()
    pieces = put(place, None, b"\n" * (PIECE_BYTES_MAX + 5))
    assert [piece.first_line for piece in pieces] == [1, PIECE_BYTES_MAX + 1]
    assert place.line == PIECE_BYTES_MAX + 6


@given(
    st.integers(0, 3 * HEAD_BYTES),
    st.lists(st.tuples(st.sampled_from(("stdout", "stderr")), st.integers(0, 150_000)), max_size=8),
)
def test_pieces_hold_every_byte_once_in_order(offset: int, writes: list[tuple[str, int]]) -> None:
    place = Place(offset=offset)
    pieces: list[Piece] = []
    written = b""
    for number, (stream, count) in enumerate(writes):
        data = bytes([number]) * count
        pieces += put(place, pieces[-1] if pieces else None, data, stream)
        written += data
    assert b"".join(piece.data for piece in pieces) == written
    assert place.offset == offset + len(written)
    for piece in pieces:
        assert 1 <= len(piece.data) <= PIECE_BYTES_MAX
        assert piece.offset >= HEAD_BYTES or piece.end <= HEAD_BYTES
    assert all(piece.end == following.offset for piece, following in pairwise(pieces))
