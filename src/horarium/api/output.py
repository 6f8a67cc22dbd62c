"""Run output as JSON pieces of text cut at code points, and as raw bytes with ranges."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from horarium.api.problems import Problem, Refused
from horarium.control.run_controller import Written
from horarium.core.page import Chunk

UTF8_MAX: Final = 4
RANGE: Final = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkView:
    """`offset` counts bytes, `first_line` lines from 1; bytes that are no UTF-8 are shown as U+FFFD."""

    offset: int
    stream: Literal["stdout", "stderr"]
    first_line: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputView:
    """`dropped`: the stretch between head and tail that was not kept. `ended`: nothing more will come."""

    size: int
    ended: bool
    dropped: tuple[int, int] | None
    next_offset: int
    chunks: tuple[ChunkView, ...]


def output_view(written: Written, offset: int, limit: int) -> OutputView:
    """What there is from `offset` on, at most about `limit` bytes; ask again with `next_offset`."""
    size = written.part.size
    start = max(0, size + offset) if offset < 0 else min(offset, size)
    chunks = list(_whole_points(list(_bounded(written.part.chunks, start, limit)), ended=written.ended, size=size))
    end = max((chunk.offset + len(chunk.data) for chunk in chunks), default=start)
    return OutputView(
        size=size,
        ended=written.ended,
        dropped=written.part.dropped,
        next_offset=end,
        chunks=tuple(_text(chunk) for chunk in chunks if chunk.data),
    )


def _text(chunk: Chunk) -> ChunkView:
    text = chunk.data.decode("utf-8", "replace")
    return ChunkView(offset=chunk.offset, stream=chunk.stream, first_line=chunk.first_line, at=chunk.at, text=text)


def _bounded(chunks: Sequence[Chunk], start: int, limit: int) -> Iterator[Chunk]:
    """The chunks without what lies before `start` or beyond the limit. A start inside a code point moves behind it."""
    left = limit
    for chunk in chunks:
        cut = _behind_point(chunk.data, start - chunk.offset) if start > chunk.offset else 0
        if cut < len(chunk.data) and left > 0:
            data = chunk.data[cut : cut + left]
            left -= len(data)
            yield replace(
                chunk,
                offset=chunk.offset + cut,
                first_line=chunk.first_line + chunk.data.count(b"\n", 0, cut),
                data=data,
            )


def _whole_points(chunks: Sequence[Chunk], *, ended: bool, size: int) -> Iterator[Chunk]:
    """The chunks without code points cut in two: their beginning moves into the next chunk, or waits for the next page."""
    carried, delivered = b"", False
    for index, chunk in enumerate(chunks):
        data, offset = carried + chunk.data, chunk.offset - len(carried)
        end = offset + len(data)
        following = chunks[index + 1] if index + 1 < len(chunks) else None
        if following is not None:
            goes_on = following.stream == chunk.stream and following.offset == end
        else:
            goes_on = end < size or not ended
        unfinished = _unfinished(data) if goes_on else 0
        if unfinished == len(data) and following is None and end < size and not delivered:
            unfinished = 0  # the page is smaller than the code point: replaced, rather than never passed
        carried = data[len(data) - unfinished :] if following is not None else b""
        delivered = delivered or unfinished < len(data)
        yield replace(chunk, offset=offset, data=data[: len(data) - unfinished])


def _unfinished(data: bytes) -> int:
    """How many bytes at the end are the beginning of a code point."""
    for back in range(1, min(UTF8_MAX, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            return back if _length(byte) > back else 0
        if byte < 0x80:
            return 0
    return 0


def _behind_point(data: bytes, cut: int) -> int:
    """`cut`, or the end of the code point that it lies in."""
    for back in range(1, UTF8_MAX):
        if back > cut or cut >= len(data):
            break
        byte = data[cut - back]
        if byte >= 0xC0:
            inside = data[cut : cut + _length(byte) - back]
            return cut + len(inside) if inside and all(0x80 <= b < 0xC0 for b in inside) else cut
        if byte < 0x80:
            break
    return cut


def _length(lead: int) -> int:
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4 if lead < 0xF8 else 1


def asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The one range (from, to) that is asked for, None for the whole. Raises Refused (416) where it holds no byte.

    What is no range of bytes, or several of them, is answered with the whole, as RFC 9110 lets a server do.
    """
    found = RANGE.fullmatch(header.strip()) if header is not None else None
    if found is None or found[1] == found[2] == "":
        return None
    first, last = found[1], found[2]
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= end:
        detail = f"The output has {size} bytes."
        raise Refused(
            Problem(status=416, kind="no-such-range", detail=detail, headers={"Content-Range": f"bytes */{size}"})
        )
    return start, end
