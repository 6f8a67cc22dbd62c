"""How a definition says its JSON form without importing the library that reads it.

Definitions (schedule, action, policy, draft) are plain dataclasses that carry their JSON names. The decoder above
(pydantic's TypeAdapter) finds what it needs here: a configuration dict on the class and core-schema dicts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, get_args, get_type_hints

from horarium.core.errors import BadValue
from horarium.core.instants import in_range, shown, whole_ms

_HUGE = 10**15
_EXAMPLE = "2027-03-28T01:30:00Z or 2027-03-28T03:30:00+02:00"
_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]((?:[01]\d|2[0-3]):\d\d(?::\d\d)?)(\.\d+)?([Zz]|[-+]\d\d:\d\d)?", re.ASCII
)


def json_name(name: str) -> str:
    """A member that Python keeps for itself (`except_`) is written in JSON without its underscore."""
    return name.removesuffix("_")


class Shape:
    """Base of every definition: unknown members and loose types are refused."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "strict": True,
        "alias_generator": json_name,
        "serialize_by_alias": True,
    }


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a union whose members are told apart by one field, each with a single literal value there."""

    field: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> dict[str, Any]:
        choices = {tag: handler(shape) for shape in get_args(source) for tag in self._tags(shape)}
        return {"type": "tagged-union", "discriminator": self.field, "choices": choices}

    def _tags(self, shape: Any) -> tuple[str, ...]:
        return get_args(get_type_hints(shape)[self.field])


@dataclass(frozen=True, slots=True)
class Later:
    """Marks a member whose shape contains the very shape that has the member: it is asked for when a decoder is made."""

    shape: Callable[[], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        schema: dict[str, Any] = handler.generate_schema(self.shape())
        return schema


class _UtcMilliseconds:
    """Reads RFC 3339 with an offset, nothing looser; what is finer than a millisecond is cut off. Written as in `shown`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> dict[str, Any]:
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": read_instant},
            "serialization": {
                "type": "function-plain",
                "function": shown,
                "when_used": "json",
                "return_schema": {"type": "str"},
            },
        }

    def __get_pydantic_json_schema__(self, schema: Any, handler: Callable[[Any], Any]) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


class _JsonNumber:
    """A whole number stays an int and so exact; text, true and false, NaN and infinity are refused."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> dict[str, Any]:
        return {"type": "function-plain", "function": {"type": "no-info", "function": read_number}}

    def __get_pydantic_json_schema__(self, schema: Any, handler: Callable[[Any], Any]) -> dict[str, Any]:
        return {"type": "number"}


def read_number(value: object) -> int | float:
    """Raises BadValue for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -_HUGE < value < _HUGE:
        raise BadValue("", "not a number", "write a number without quotes")
    return value


def read_instant(value: object) -> datetime:
    """An instant from RFC 3339 text (the seconds may be left out) or from a datetime. Raises BadValue."""
    if isinstance(value, datetime):
        return instant(value)
    match = _RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadValue("", "not an instant", f"write it like {_EXAMPLE}")
    day, time, fraction, offset = match.groups()
    if offset is None:
        raise BadValue("", "this instant has no offset", f"write it like {_EXAMPLE}")
    try:
        return instant(datetime.fromisoformat(f"{day}T{time}{(fraction or '')[:7]}{offset.upper()}"))
    except ValueError as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue("", f"there is no such date or time: {error}") from error


def instant(value: datetime) -> datetime:
    """`value` in UTC on whole milliseconds. Raises BadValue without an offset or outside 1970–9999."""
    if value.tzinfo is None:
        raise BadValue("", "this instant has no offset", f"write it like {_EXAMPLE}")
    try:
        utc = whole_ms(value)
    except OverflowError:
        utc = None
    if utc is None or not in_range(utc):
        raise BadValue("", "this instant is outside the years 1970 to 9999")
    return utc


Instant = Annotated[datetime, _UtcMilliseconds()]
Number = Annotated[int | float, _JsonNumber()]
