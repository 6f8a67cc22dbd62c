"""Text is cut at code points, whatever pieces the bytes came in; ranges follow RFC 9110."""

from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from horarium.api.output import asked_range, output_view
from horarium.api.problems import Refused
from horarium.control.run_controller import Written
from horarium.core.page import Chunk, OutputPart
from tests.sizes import size

AT = datetime(2027, 1, 1, tzinfo=UTC)


def pieces(*parts: tuple[bytes, Literal["stdout", "stderr"]], start: int = 0) -> tuple[Chunk, ...]:
    made, offset, line = [], start, 1
    for data, stream in parts:
        made.append(Chunk(offset=offset, stream=stream, at=AT, first_line=line, data=data))
        offset, line = offset + len(data), line + data.count(b"\n")
    return tuple(made)


def written(chunks: tuple[Chunk, ...], *, ended: bool = True, total: int | None = None) -> Written:
    end = max((chunk.offset + len(chunk.data) for chunk in chunks), default=0)
    return Written(part=OutputPart(size=end if total is None else total, dropped=None, chunks=chunks), ended=ended)


def holding(chunks: tuple[Chunk, ...], offset: int) -> tuple[Chunk, ...]:
    """As the store does: from the chunk that holds `offset` on."""
    return tuple(chunk for chunk in chunks if chunk.offset + len(chunk.data) > offset)


def test_a_code_point_cut_by_pieces_is_made_whole() -> None:
    view = output_view(written(pieces((b"a\xe2\x82", "stdout"), (b"\xac b", "stdout"))), 0, 100)
    assert [(chunk.offset, chunk.text) for chunk in view.chunks] == [(0, "a"), (1, "€ b")]
    assert view.next_offset == 6


def test_a_code_point_that_may_still_come_whole_waits() -> None:
    view = output_view(written(pieces((b"a\xe2\x82", "stdout")), ended=False), 0, 100)
    assert ([chunk.text for chunk in view.chunks], view.next_offset) == (["a"], 1)
    ended = output_view(written(pieces((b"a\xe2\x82", "stdout"))), 0, 100)
    assert ([chunk.text for chunk in ended.chunks], ended.next_offset) == (["a\ufffd"], 3)


def test_another_stream_in_between_ends_a_code_point() -> None:
    view = output_view(written(pieces((b"\xe2\x82", "stdout"), (b"\xac", "stderr"))), 0, 100)
    assert [chunk.text for chunk in view.chunks] == ["\ufffd", "\ufffd"]


def test_an_offset_inside_a_code_point_moves_behind_it() -> None:
    view = output_view(written(pieces(("€uro\nx".encode(), "stdout"))), 1, 100)
    assert [(chunk.offset, chunk.text) for chunk in view.chunks] == [(3, "uro\nx")]
    tail = output_view(written(pieces((b"1\n2\n3\n", "stdout"))), -2, 100)
    assert [(chunk.offset, chunk.first_line, chunk.text) for chunk in tail.chunks] == [(4, 3, "3\n")]


def test_a_limit_smaller_than_a_code_point_still_gets_on() -> None:
    chunks = pieces(("€".encode(), "stdout"), (b"!", "stdout"))
    view = output_view(written(chunks), 0, 2)
    assert view.next_offset == 2


def test_an_offset_beyond_the_end_waits_at_the_end() -> None:
    assert output_view(written((), total=7), 99, 10).next_offset == 7
    assert output_view(written((), total=0), -99, 10).next_offset == 0


@settings(max_examples=size(200, 5_000), deadline=None)
@given(
    texts=st.lists(st.tuples(st.text(max_size=8), st.sampled_from(["stdout", "stderr"])), max_size=6),
    cuts=st.integers(1, 5),
    limit=st.integers(4, 40),
)
def test_following_page_by_page_loses_and_doubles_nothing(
    texts: list[tuple[str, Literal["stdout", "stderr"]]], cuts: int, limit: int
) -> None:
    parts: list[tuple[bytes, Literal["stdout", "stderr"]]] = []
    for text, stream in texts:
        data = text.encode()
        parts += [(data[i : i + cuts], stream) for i in range(0, len(data), cuts)]
    chunks = pieces(*parts)
    offset, seen = 0, ""
    for _ in range(1_000):
        view = output_view(
            Written(part=written(holding(chunks, offset), total=_end(chunks)).part, ended=True), offset, limit
        )
        seen += "".join(chunk.text for chunk in view.chunks)
        if view.next_offset == offset:
            break
        offset = view.next_offset
    assert (offset, seen) == (_end(chunks), "".join(text for text, _ in texts))


def _end(chunks: tuple[Chunk, ...]) -> int:
    return max((chunk.offset + len(chunk.data) for chunk in chunks), default=0)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None),
        ("bytes=0-0", (0, 1)),
        ("bytes=2-4", (2, 5)),
        ("bytes=5-", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=8-99", (8, 10)),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=٣-٤", None),
    ],
)
def test_one_range_is_honoured_and_nonsense_is_ignored(header: str | None, found: tuple[int, int] | None) -> None:
    assert asked_range(header, 10) == found


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_without_bytes_is_refused(header: str) -> None:
    with pytest.raises(Refused) as refused:
        asked_range(header, 10)
    assert (refused.value.problem.status, refused.value.problem.headers["Content-Range"]) == (416, "bytes */10")
