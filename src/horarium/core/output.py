"""The output of an attempt as it is kept: the first MiB and the last, cut into pieces that know their place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

HEAD_BYTES = 1024 * 1024
TAIL_BYTES = 1024 * 1024
PIECE_BYTES_MAX = 64 * 1024
RATE_BYTES_PER_SECOND = 8 * 1024 * 1024


@dataclass(slots=True)
class Piece:
    """Grows until it is full; `offset` counts all bytes of the attempt, `first_line` its lines from 1."""

    offset: int
    first_line: int
    stream: str
    at: datetime
    data: bytearray

    @property
    def end(self) -> int:
        return self.offset + len(self.data)

    def room(self) -> int:
        """How many bytes still fit: a piece never crosses the end of the head."""
        full = PIECE_BYTES_MAX - len(self.data)
        return min(full, HEAD_BYTES - self.end) if self.end < HEAD_BYTES else (0 if self.offset < HEAD_BYTES else full)


@dataclass(slots=True)
class Place:
    """Where the next byte goes."""

    offset: int = 0
    line: int = 1


def append(last: Piece | None, place: Place, stream: str, at: datetime, data: bytes) -> Iterator[Piece]:
    """Put `data` at `place`, into `last` while it has room and is of the same stream; yields the new pieces needed."""
    view = memoryview(data)
    while view:
        if last is None or last.stream != stream or not last.room():
            last = Piece(place.offset, place.line, stream, at, bytearray())
            yield last
        part = view[: last.room()]
        last.data += part
        place.offset += len(part)
        place.line += bytes(part).count(b"\n")
        view = view[len(part) :]
