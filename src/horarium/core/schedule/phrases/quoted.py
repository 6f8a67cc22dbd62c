"""Names in double quotes: any characters, with `\\"`, `\\\\` and `\\u202e` for those that would end it or mislead the eye."""

import re
from typing import Final

_ESCAPE: Final = re.compile(r'\\(?:(["\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))')
_BACKSLASH: Final = re.compile(r"\\.?", re.DOTALL)
_SHORT_MAX: Final = 0xFFFF


def quoted(name: str) -> str:
    """The name in double quotes; what cannot be seen, and whatever turns the direction of the text, is escaped."""
    return f'"{"".join(map(_shown, name))}"'


def unquoted(written: str) -> str:
    """The name between the quotes of `written`. Raises ValueError with the place of an escape that is none."""
    inside = written[1:-1]
    parts, at = [], 0
    while match := _BACKSLASH.search(inside, at):
        parts.append(inside[at : match.start()])
        escape = _ESCAPE.match(inside, match.start())
        code = None if escape is None else escape[1] or chr_of(escape[2] or escape[3])
        if escape is None or code is None:
            raise ValueError(match.start() + 1)
        parts.append(code)
        at = escape.end()
    return "".join(parts) + inside[at:]


def chr_of(digits: str) -> str | None:
    """The character of a code point; None where there is none, or half a one."""
    number = int(digits, 16)
    return None if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF else chr(number)


def _shown(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number <= _SHORT_MAX else f"\\U{number:08x}"
