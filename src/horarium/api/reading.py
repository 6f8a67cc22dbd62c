"""Requests become values once, here: bodies from bytes by the same decoder as files and the store, queries by shape.

Each marker is a dependency of FastAPI's and at the same time what the OpenAPI document is written from.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import Annotated, Any, Final, Generic, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import from_json

from horarium.api.problems import Error, Unreadable, names_in, nearest, refused
from horarium.core.errors import BadValue

T = TypeVar("T")

QUERY_FIELDS_MAX: Final = 200
_INTEGER: Final = re.compile(r"-?[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True)
class Body(Generic[T]):
    """A JSON body of shape T; `optional`: no body at all means {}."""

    shape: type[T]
    optional: bool = False

    async def __call__(self, request: Request) -> T:
        return decoded(adapter(self.shape), await request.body() or (b"{}" if self.optional else b""))


@dataclass(frozen=True)
class Patch:
    """A JSON Merge Patch upon a thing of this shape; what it makes is judged where it is applied."""

    shape: type[Any]

    async def __call__(self, request: Request) -> dict[str, Any]:
        data = await request.body()
        check_json(data)
        patch = from_json(data, allow_inf_nan=False)
        if not isinstance(patch, dict):
            raise refused(
                422, "invalid", "A merge patch is an object.", errors=[Error(pointer="", message="is not an object")]
            )
        return patch


@dataclass(frozen=True)
class Query(Generic[T]):
    """The query parameters of this request, as a frozen dataclass whose members are their names."""

    shape: type[T]

    async def __call__(self, request: Request) -> T:
        return queried(self.shape, request.scope["query_string"])


@dataclass(frozen=True)
class NoQuery:
    """A route that has no query parameters has none that are spelt wrong."""

    async def __call__(self, request: Request) -> None:
        if request.scope["query_string"]:
            queried(Nothing, request.scope["query_string"])


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


_ADAPTERS: Final[dict[object, TypeAdapter[Any]]] = {}


def adapter(shape: type[T]) -> TypeAdapter[T]:
    """Made once for each shape."""
    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape]


def decoded(shape: TypeAdapter[T], data: bytes) -> T:
    """Raises Refused (400) for what is not JSON, Unreadable for JSON of another shape."""
    check_json(data)
    try:
        return shape.validate_json(data)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            raise _malformed(str(error.errors()[0]["msg"])) from None
        raise Unreadable(error, from_json(data), names_in(shape)) from None


def check_json(data: bytes) -> None:
    """Refuse what readers of JSON disagree about: members named twice, NaN, Infinity and what would become it, other encodings
    than UTF-8."""
    if not data:
        raise _malformed("the body is empty")
    try:
        json.loads(data.decode("utf-8"), object_pairs_hook=_members, parse_constant=_constant, parse_float=_finite)
        if b"\\u" in data:
            from_json(data)  # half of a surrogate pair is no text; the standard library lets it pass
    except (ValueError, RecursionError) as bad:
        reason = "it is nested too deeply" if isinstance(bad, RecursionError) else str(bad)
        raise _malformed(reason) from None


def queried(shape: type[T], query: bytes) -> T:
    """Raises Refused for an unknown or repeated parameter, Unreadable for a value that is none."""
    kinds = _kinds(shape)
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=QUERY_FIELDS_MAX)
    except ValueError:
        raise refused(422, "invalid", f"More than {QUERY_FIELDS_MAX} query parameters.") from None
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name not in kinds:
            raise _unknown(name, kinds)
        if kinds[name]:
            given.setdefault(name, []).append(value)
        elif name in given:
            raise _bad_parameter(name, "is given twice", "give it once")
        else:
            given[name] = value
    try:
        return adapter(shape).validate_python(given)
    except ValidationError as error:
        raise Unreadable(error, given, tuple(kinds), "?") from None


@contextmanager
def asked_in_query() -> Iterator[None]:
    """A value that is refused inside came as a query parameter of that name."""
    try:
        yield
    except BadValue as bad:
        raise _bad_parameter(bad.field, bad.message, bad.remedy) from None


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        if _INTEGER.fullmatch(value) is None:
            raise ValueError("write a whole number in digits")
        return int(value)
    return value


def _either(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError("write true or false")
        return value == "true"
    return value


InDigits: Final = BeforeValidator(_whole)
"""For whole numbers: behind their bounds, so that the document shows these as well."""
Flag = Annotated[bool, BeforeValidator(_either)]


_KINDS: Final[dict[object, Mapping[str, bool]]] = {}


def _kinds(shape: type[Any]) -> Mapping[str, bool]:
    """The names of a query's parameters, and whether each may be given several times."""
    if shape not in _KINDS:
        properties = adapter(shape).json_schema().get("properties", {})
        _KINDS[shape] = {name: part.get("type") == "array" for name, part in properties.items()}
    return _KINDS[shape]


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the member {twice[:100]!r} is there twice")
    return members


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"the number {text[:50]} is too large")
    return number


def _malformed(reason: str) -> Exception:
    return refused(400, "malformed", f"The body is not JSON: {reason}.")


def _unknown(name: str, kinds: Mapping[str, bool]) -> Exception:
    near = nearest(name, list(kinds))
    remedy = (
        f"did you mean {near}?" if near else (f"there are {', '.join(kinds)}" if kinds else "this address has none")
    )
    return _bad_parameter(name[:100], "is no query parameter here", remedy)


def _bad_parameter(name: str, message: str, remedy: str | None) -> Exception:
    error = Error(pointer=f"?{name}", message=message, remedy=remedy)
    said = f"{error.pointer}: {message}; {remedy}" if remedy else f"{error.pointer}: {message}"
    return refused(422, "invalid", said, errors=[error])
