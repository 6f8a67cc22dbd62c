"""The only way to chance."""

from typing import Protocol


class Random(Protocol):
    def bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        ...
