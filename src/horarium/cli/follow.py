"""Prints what a run writes: once, or until it ends."""

import sys
from collections.abc import Callable
from typing import Any, BinaryIO

import click

from horarium.cli.client import Client
from horarium.cli.terminal import OutputFilter
from horarium.clocks.blocking import pause

ASK_EVERY_SECONDS = 0.25
PART_BYTES = 262_144
ENDED = ("succeeded", "failed", "cancelled")


class Follower:
    """Reads one run's output from attempt to attempt. On a terminal only text and colours pass; elsewhere the raw bytes."""

    def __init__(
        self, client: Client, run_id: str, *, attempt: int | None = None, rest: Callable[[float], None] = pause
    ) -> None:
        self._client = client
        self._run_id = run_id
        self._path = f"/runs/{run_id}/output"
        self._rest = rest
        self._attempt = attempt
        self._offset = 0
        self._filter = OutputFilter()
        self._raw: BinaryIO | None = None if sys.stdout.isatty() else sys.stdout.buffer

    def follow(self) -> dict[str, Any]:
        """Print until the run has ended; answers the run."""
        only = self._attempt
        while True:
            run: dict[str, Any] = self._client.get(f"/runs/{self._run_id}").json()
            if only is None:
                self._turn_to(run["attempt"])
            # Read after the state: what was written before the run ended is there.
            at_end = self._print_new()
            over = run["state"] in ENDED or (only is not None and run["attempt"] > only)
            if over and at_end:
                self._close()
                return run
            if at_end:
                self._rest(ASK_EVERY_SECONDS)

    def once(self) -> None:
        """Print what there is now."""
        if self._raw is None:
            self._print_all()
        else:
            part = self._client.get(self._path, query=self._query(1)).json()
            self._mark_dropped(part["dropped"], part["size"])
            self._raw.write(self._raw_bytes({}))
            self._raw.flush()
        self._close()

    def _turn_to(self, attempt: int) -> None:
        if self._attempt not in (None, 0) and attempt != self._attempt:
            self._print_all()
            click.echo(f"— attempt {attempt} —", err=True)
            self._offset = 0
        self._attempt = attempt

    def _print_all(self) -> None:
        while not self._print_new():
            pass

    def _print_new(self) -> bool:
        """Print the next part; whether that was all there is at present."""
        part = self._client.get(self._path, query=self._query(PART_BYTES)).json()
        size, following = part["size"], part["next_offset"]
        if self._raw is not None:
            self._print_raw(following, part["dropped"])
        else:
            self._print_text(part)
        moved, self._offset = following > self._offset, following
        return not moved or following >= size

    def _print_text(self, part: dict[str, Any]) -> None:
        for chunk in part["chunks"]:
            self._mark_dropped(part["dropped"], chunk["offset"])
            click.echo(self._filter.feed(chunk["text"]), nl=False)
        sys.stdout.flush()

    def _print_raw(self, following: int, dropped: list[int] | None) -> None:
        # Ranges count the bytes that were kept. Where the middle is being dropped while we read, a piece may be told twice
        # or not at all, as much as the writer is faster than the reader.
        assert self._raw is not None
        first, end = _kept(self._offset, dropped), _kept(following, dropped)
        if first < end:
            self._mark_dropped(dropped, following)
            self._raw.write(self._raw_bytes({"Range": f"bytes={first}-{end - 1}"}))
            self._raw.flush()

    def _raw_bytes(self, headers: dict[str, str]) -> bytes:
        return self._client.get(self._path, query=self._query(None), headers={"Accept": "text/plain", **headers}).body

    def _mark_dropped(self, dropped: list[int] | None, offset: int) -> None:
        if dropped and self._offset <= dropped[0] and offset >= dropped[1]:
            click.echo(f"— {dropped[1] - dropped[0]} bytes were not kept —", err=True)

    def _query(self, limit: int | None) -> dict[str, Any]:
        query: dict[str, Any] = {"attempt": self._attempt or None}
        return query if limit is None else {**query, "offset": self._offset, "limit": limit}

    def _close(self) -> None:
        if self._raw is None and self._filter.coloured:
            click.echo("\x1b[0m", nl=False, color=True)


def _kept(offset: int, dropped: list[int] | None) -> int:
    """Which of the kept bytes stands at `offset` of all that were written."""
    if dropped is None or offset <= dropped[0]:
        return offset
    return max(offset, dropped[1]) - (dropped[1] - dropped[0])
