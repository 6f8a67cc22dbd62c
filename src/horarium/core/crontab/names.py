"""Names for tasks that come from command lines: the first command word, then -2, -3."""

import re
from collections.abc import Iterable

from horarium.core.task import NAME_MAX, has_control

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=(?:'[^']*'|\"[^\"]*\"|[^\s'\"])*\s+")
_WORD = re.compile(r"'[^']*'|\"[^\"]*\"|\S+")
_NUMBER_ROOM = 10


def command_word(command: str) -> str:
    """The last part of the path of the first word that is a command: neither an assignment nor punctuation before it."""
    rest = command.strip().lstrip("({! \t")
    while (assignment := _ASSIGNMENT.match(rest)) is not None and assignment.end() < len(rest):
        rest = rest[assignment.end() :].lstrip("({! \t")
    found = _WORD.match(rest)
    word = found.group().strip("'\"").rstrip(";&|)}]") if found else ""
    word = word.rstrip("/").rpartition("/")[2].lstrip("-")
    return "".join(c for c in word if not has_control(c)).strip()


class Names:
    """Gives each name once. `taken` are those of other tasks."""

    def __init__(self, prefix: str, taken: Iterable[str]) -> None:
        self._prefix = prefix
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def give(self, command: str) -> str:
        base = (self._prefix + (command_word(command) or "command"))[: NAME_MAX - _NUMBER_ROOM].strip()
        name = base
        number = self._next.get(base, 2)
        while name in self._taken:
            name = f"{base}-{number}"
            number += 1
        self._next[base] = number
        self._taken.add(name)
        return name
