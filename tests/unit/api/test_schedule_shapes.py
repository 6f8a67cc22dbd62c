"""The document states the bounds that every kind of schedule checks, whichever kind it is."""

from typing import Any, cast

import pytest

from horarium.api.app import ROUTERS
from horarium.api.openapi import document
from horarium.api.route import Route

KINDS = ("Once", "Every", "Cron", "Rrule", "AnyOf")


@pytest.fixture(scope="module")
def shapes() -> dict[str, Any]:
    routes = [cast("Route", route) for router in ROUTERS for route in router.routes]
    told = document(routes, version="v1", base_path="", cookie="horarium")
    return cast("dict[str, Any]", told["components"]["schemas"])


def _number(shape: dict[str, Any]) -> dict[str, Any]:
    """The alternative that is not null."""
    return next(part for part in shape.get("anyOf", [shape]) if part.get("type") != "null")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_states_its_bounds(shapes: dict[str, Any], kind: str) -> None:
    properties = shapes[kind]["properties"]
    assert {"minimum": 1, "maximum": 1_000_000_000}.items() <= _number(properties["max_occurrences"]).items()
    assert {"minimum": 0, "maximum": 86_400}.items() <= _number(properties["jitter_seconds"]).items()
    assert properties["except"]["maxItems"] == 20


@pytest.mark.parametrize(("kind", "member"), [("Cron", "expression"), ("Rrule", "rule")])
def test_the_texts_state_their_length(shapes: dict[str, Any], kind: str, member: str) -> None:
    text = shapes[kind]["properties"][member]
    assert (text["minLength"], text["maxLength"]) == (1, 256)
