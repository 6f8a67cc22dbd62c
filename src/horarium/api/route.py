"""A route of this product: it names a role or is public, refuses what it does not know, and asks who it is before what it is."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from fastapi import APIRouter, params
from fastapi.routing import APIRoute
from starlette.convertors import Convertor, register_url_convertor

from horarium.api.auth import PUBLIC, Needs
from horarium.api.encoding import Reply
from horarium.api.reading import Body, NoQuery, Patch, Query
from horarium.api.streaming import EventStream
from horarium.core.access import Role
from horarium.core.ids import from_ulid

M = TypeVar("M")

API: Final = "/api/v1"


class ReadConvertor(Convertor[M]):
    """For addresses that are read here, and written by whoever asks."""

    def to_string(self, value: M) -> str:
        raise AssertionError("addresses are read here, not written")


class UlidConvertor(ReadConvertor[bytes]):
    """Only what can be an id reaches a route; everything else is an address where there is nothing."""

    regex = "[0-7][0-9A-TV-Za-tv-z]{25}"

    def convert(self, value: str) -> bytes:
        return from_ulid(value)


class NumberConvertor(ReadConvertor[int]):
    """A whole number that every store can hold."""

    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        return int(value)


register_url_convertor("ulid", UlidConvertor())
register_url_convertor("number", NumberConvertor())


class Route(APIRoute):
    """Knows from the signature of its endpoint everything that the document says of it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.hints = get_type_hints(endpoint, include_extras=True)
        own = [] if self.marker(Query) is not None else [params.Depends(NoQuery())]
        options["response_model"] = None
        options["dependencies"] = [*(options.get("dependencies") or ()), *own]
        super().__init__(path, endpoint, **options)
        self._check_role()
        # Who asks is settled before anything of the request is read.
        self.dependant.dependencies.sort(key=lambda dependant: not isinstance(dependant.call, Needs))

    @property
    def verbs(self) -> frozenset[str]:
        return frozenset(self.methods or ())

    @property
    def role(self) -> Role | None:
        """The least role that may use it; None where it is public."""
        needs = self.marker(Needs)
        return None if needs is None else needs.role

    @property
    def answers(self) -> tuple[Any, ...]:
        """The shapes of its answers, as the endpoint's annotation names them."""
        return tuple(_shapes(self.hints.get("return")))

    @property
    def body(self) -> Body[Any] | Patch | None:
        return self.marker(Body) or self.marker(Patch)

    def marker(self, kind: type[M]) -> M | None:
        """The dependency of that kind, if the endpoint has one."""
        return next(iter(self.markers(kind)), None)

    def markers(self, kind: type[M]) -> list[M]:
        found = [
            part.dependency
            for hint in self.hints.values()
            for part in getattr(hint, "__metadata__", ())
            if isinstance(part, params.Depends)
        ]
        return [dependency for dependency in found if isinstance(dependency, kind)]

    def _check_role(self) -> None:
        for method in self.verbs:
            public = (method, self.path_format) in PUBLIC
            assert public is (self.role is None), f"{method} {self.path} is neither public by name nor has it one role"


def _shapes(hint: Any) -> Iterator[Any]:
    origin = get_origin(hint)
    if origin is Reply:
        yield from get_args(hint)
    elif origin is EventStream:
        for shape in get_args(hint):
            yield from get_args(shape) or (shape,)
    elif origin is not None:
        for part in get_args(hint):
            yield from _shapes(part)


router: Final = partial(APIRouter, route_class=Route, redirect_slashes=False)
