"""What runs wrote, in a database of its own.

The end of an attempt's last chunk says how much was written. `output_ends` has a row only for an attempt
whose middle is not kept: one row less for each of the many that write a line.

Adding the same chunk again changes nothing: a lost answer is resolved by asking again.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from horarium.core.ids import RunId
from horarium.core.instants import from_ms, to_ms
from horarium.core.page import Chunk, OutputPart
from horarium.stores.sql import statements
from horarium.stores.sql.tables import output as chunks
from horarium.stores.sql.tables import output_ends as ends

CHUNK_BYTES_MAX = 65_536
CHUNKS_MAX = 1_000
"""Chunks of one answer, however small they are."""
IDS_MAX = 500


def add_output(conn: Connection, pieces: Sequence[tuple[RunId, int, Chunk]]) -> None:
    """(run, attempt, chunk) of any runs, ended ones too."""
    if not pieces:
        return
    statements.write(conn, "add_chunk", [_row(run_id, attempt, chunk) for run_id, attempt, chunk in pieces])


def drop_output(conn: Connection, run_id: RunId, attempt: int, start: int, end: int) -> None:
    """Chunks wholly in [start, end) go. `dropped` grows by what is not there now: chunks across a border stay whole."""
    mine = (chunks.c.run_id == run_id, chunks.c.attempt == attempt)
    within = (chunks.c.offset >= start, chunks.c.offset + func.length(chunks.c.data) <= end)
    size, dropped = _written(conn, run_id, attempt)
    conn.execute(delete(chunks).where(*mine, *within))
    before = conn.execute(
        select(chunks.c.offset + func.length(chunks.c.data))
        .where(*mine, chunks.c.offset < start)
        .order_by(chunks.c.offset.desc())
        .limit(1)
    ).scalar_one_or_none()
    after = conn.execute(select(func.min(chunks.c.offset)).where(*mine, chunks.c.offset >= start)).scalar_one()
    first = max(start, before or 0)
    last = min(end, size, end if after is None else after)
    if first >= last:
        return
    if dropped is not None:
        first, last = min(first, dropped[0]), max(last, dropped[1])
    values = {"run_id": run_id, "attempt": attempt, "size": size, "dropped_from": first, "dropped_to": last}
    statements.change(conn, "put_dropped", **values)


def output(conn: Connection, run_id: RunId, attempt: int, offset: int, limit: int) -> OutputPart:
    """The chunk that holds `offset`, from its beginning, and those after it, `limit` bytes from `offset` on.

    A negative offset counts from the end; an offset in the stretch that is not kept means its end, and that stretch does not
    count against the limit. At most CHUNKS_MAX chunks: the reader goes on from the end of the last one.
    """
    size, dropped = _written(conn, run_id, attempt)
    begin = offset if offset >= 0 else max(0, size + offset)
    end = begin + limit
    if dropped is not None and dropped[0] <= begin < dropped[1]:
        begin, end = dropped[1], dropped[1] + limit
    elif dropped is not None and begin < dropped[0] < end:
        end += dropped[1] - dropped[0]
    mine = (chunks.c.run_id == run_id, chunks.c.attempt == attempt)
    holding = select(func.max(chunks.c.offset)).where(*mine, chunks.c.offset <= begin).scalar_subquery()
    rows = conn.execute(
        select(chunks.c.offset, chunks.c.stream, chunks.c.at, chunks.c.first_line, chunks.c.data)
        .where(*mine, chunks.c.offset >= func.coalesce(holding, 0), chunks.c.offset < end)
        .order_by(chunks.c.offset)
        .limit(CHUNKS_MAX)
    )
    found = tuple(_chunk(row, end) for row in rows if row[0] + len(row[4]) > begin)
    return OutputPart(size=size, dropped=dropped, chunks=found)


def forget_output(conn: Connection, run_ids: Sequence[RunId]) -> None:
    """All attempts of these runs."""
    for at in range(0, len(run_ids), IDS_MAX):
        some = {"ids": run_ids[at : at + IDS_MAX]}
        conn.execute(_FORGET_CHUNKS, some)
        conn.execute(_FORGET_ENDS, some)


_IDS = bindparam("ids", expanding=True, type_=chunks.c.run_id.type)
_FORGET_CHUNKS = delete(chunks).where(chunks.c.run_id.in_(_IDS))
_FORGET_ENDS = delete(ends).where(ends.c.run_id.in_(_IDS))


def _row(run_id: RunId, attempt: int, chunk: Chunk) -> tuple[Any, ...]:
    assert 1 <= len(chunk.data) <= CHUNK_BYTES_MAX
    data = bytearray(chunk.data)
    return (bytearray(run_id), attempt, chunk.offset, chunk.stream, to_ms(chunk.at), chunk.first_line, data)


def _written(conn: Connection, run_id: RunId, attempt: int) -> tuple[int, tuple[int, int] | None]:
    """(bytes written so far, kept or not; the stretch that is not kept)."""
    last = statements.row(conn, "output_end", run_id=run_id, attempt=attempt)
    dropped = statements.row(conn, "output_dropped", run_id=run_id, attempt=attempt)
    end = 0 if last is None else last[0]
    return (end, None) if dropped is None else (max(end, dropped[0]), (dropped[1], dropped[2]))


def _chunk(row: Sequence[Any], end: int) -> Chunk:
    data = row[4] if row[0] + len(row[4]) <= end else row[4][: end - row[0]]
    return Chunk(offset=row[0], stream=row[1], at=from_ms(row[2]), first_line=row[3], data=data)
