"""Every refusal as an RFC 9457 problem: one place that knows which error is which status and where it points."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from starlette.responses import Response

from horarium.control.definitions import DRAFT, BadDefinition
from horarium.control.errors import (
    CountChanged,
    NameTakenInBatch,
    NotAllowed,
    NotSignedIn,
    Stopping,
    TooManySignIns,
    TooManyStreams,
)
from horarium.core.errors import (
    AlreadyDecided,
    BadPhrase,
    BadValue,
    Conflict,
    HorariumError,
    NameTaken,
    NotFound,
    RunIsOpen,
    StaleRevision,
    StoreError,
)
from horarium.core.instants import shown

PROBLEM_JSON: Final = "application/problem+json"
ERRORS_MAX: Final = 50
STORE_RETRY_SECONDS: Final = 1
STOPPING_RETRY_SECONDS: Final = 5
UNIONS: Final = ("schedule", "action", "before")
"""Members that pydantic tells apart by `kind`; it puts the kind into the location, where the document has none."""
LISTS_OF_UNIONS: Final = ("schedules", "except")
"""Members of a schedule, at any depth, whose items are told apart in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """`pointer`: JSON Pointer into the body, `?name` for a query parameter, `#name` for a header."""

    pointer: str
    message: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    status: int
    kind: str
    detail: str
    errors: tuple[Error, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    """Facts for programs: count, holder, nearest, run, skip, revision, changed_by, changed_at."""


class Refused(HorariumError):
    """A request that is refused before anything of the product is asked."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Unreadable(HorariumError):
    """A body or query that is not of the declared shape; `document` is what was judged."""

    def __init__(self, error: ValidationError, document: Any, names: Sequence[str], prefix: str = "/") -> None:
        super().__init__("The request is refused.")
        self.error = error
        self.document = document
        self.names = names
        self.prefix = prefix


def refused(
    status: int, kind: str, detail: str, *, headers: Mapping[str, str] | None = None, errors: Sequence[Error] = ()
) -> Refused:
    return Refused(Problem(status=status, kind=kind, detail=detail, errors=tuple(errors), headers=headers or {}))


def problem_of(error: HorariumError) -> Problem:
    """How this error is told to whoever asked."""
    more: Mapping[str, object]
    match error:
        case Refused():
            return error.problem
        case Unreadable():
            return _invalid(errors_of(error.error, error.document, error.names, error.prefix))
        case BadDefinition():
            return _invalid(errors_of(error.error, error.document, names_in(DRAFT)))
        case BadPhrase():
            return _invalid_phrase(error)
        case BadValue():
            return _invalid([Error(pointer=pointer(error.field), message=error.message, remedy=error.remedy)])
        case NotFound():
            more = {"nearest": error.nearest} if error.nearest is not None else {}
            return Problem(status=404, kind="not-found", detail=str(error), more=more)
        case NameTaken():
            place = f"/tasks/{error.index}/name" if isinstance(error, NameTakenInBatch) else "/name"
            at = Error(pointer=place, message=str(error), remedy="choose another name")
            more = {} if error.holder is None else {"holder": error.holder}
            return Problem(status=409, kind="name-taken", detail=str(error), errors=(at,), more=more)
        case RunIsOpen():
            return Problem(status=409, kind="run-is-open", detail=str(error), more={"holder": error.holder})
        case AlreadyDecided():
            more = {name: known for name, known in (("run", error.run), ("skip", error.skip)) if known is not None}
            return Problem(status=409, kind="already-decided", detail=str(error), more=more)
        case CountChanged():
            return Problem(status=409, kind="count-changed", detail=str(error), more={"count": error.count})
        case Conflict():
            return Problem(status=409, kind="conflict", detail=str(error))
        case StaleRevision():
            more = {"revision": error.revision, "changed_by": error.changed_by, "changed_at": shown(error.changed_at)}
            return Problem(status=412, kind="stale-revision", detail=str(error), more=more)
        case NotSignedIn():
            headers = {"WWW-Authenticate": 'Bearer realm="horarium"'}
            return Problem(status=401, kind="not-signed-in", detail=str(error), headers=headers)
        case NotAllowed():
            return Problem(status=403, kind="not-allowed", detail=str(error))
        case TooManySignIns() | TooManyStreams():
            headers = {"Retry-After": str(error.retry_after_seconds)}
            return Problem(status=429, kind="too-many", detail=str(error), headers=headers)
        case Stopping():
            headers = {"Retry-After": str(STOPPING_RETRY_SECONDS)}
            return Problem(status=503, kind="stopping", detail=str(error), headers=headers)
        case StoreError():
            detail = "The store does not answer. Nothing is known to be lost; try again in a moment."
            return Problem(
                status=503, kind="store-away", detail=detail, headers={"Retry-After": str(STORE_RETRY_SECONDS)}
            )
        case _:
            return Problem(status=422, kind="invalid", detail=str(error))


def answer(problem: Problem) -> Response:
    status = HTTPStatus(problem.status)
    body: dict[str, object] = {
        "type": urn(problem.kind),
        "title": status.phrase,
        "status": problem.status,
        "detail": problem.detail,
        "errors": [_error(error) for error in problem.errors],
        **problem.more,
    }
    return Response(json.dumps(body).encode(), problem.status, problem.headers, PROBLEM_JSON)


def urn(kind: str) -> str:
    """The `type` of a problem of that kind."""
    return f"urn:horarium:{kind}"


def pointer(path: str) -> str:
    """`tasks.3.name` → `/tasks/3/name`; '' is the whole body."""
    return _pointer(path.split(".") if path else ())


def _pointer(steps: Sequence[str | int], prefix: str = "/") -> str:
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return prefix + "/".join(escaped) if steps else ""


def errors_of(error: ValidationError, document: Any, names: Sequence[str], prefix: str = "/") -> list[Error]:
    """One entry per place, in the order of the document; what several shapes of one place say is joined."""
    found: dict[str, Error] = {}
    for details in error.errors(include_url=False, include_input=False):
        path = _path(details, document)
        message, remedy = _said(details, path, names)
        cause = details.get("ctx", {}).get("error")
        if isinstance(cause, BadValue) and cause.field:
            path = [*path, *cause.field.split(".")]
        elif details["type"].startswith("union_tag"):
            path = [*path, "kind"]
        steps = path[:1] if prefix == "?" else path
        place = _pointer(steps, prefix)
        if place not in found:
            found[place] = Error(pointer=place, message=message, remedy=remedy)
        elif message not in found[place].message:
            found[place] = Error(
                pointer=place, message=f"{found[place].message}, or: {message}", remedy=found[place].remedy or remedy
            )
        if len(found) == ERRORS_MAX:
            break
    return list(found.values())


def nearest(name: str, names: Sequence[str]) -> str | None:
    """The one of `names` that was probably meant."""
    return next(iter(get_close_matches(name[:100], names, n=1, cutoff=0.6)), None)


def _invalid(errors: Sequence[Error]) -> Problem:
    first = errors[0]
    where = f"{first.pointer}: " if first.pointer else ""
    others = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Problem(status=422, kind="invalid", detail=f"{where}{first.message}{others}", errors=tuple(errors))


def _invalid_phrase(refused: BadPhrase) -> Problem:
    """Beside what every refusal says: the place in the text, and texts that would do."""
    problem = _invalid([Error(pointer=pointer(refused.field), message=refused.message, remedy=refused.remedy)])
    more = {"column": refused.column, "word": refused.word, "expected": refused.expected, "offers": refused.offers}
    return replace(problem, more=more)


def _error(error: Error) -> dict[str, str]:
    said = {"pointer": error.pointer, "message": error.message}
    return said if error.remedy is None else {**said, "remedy": error.remedy}


def _path(details: ErrorDetails, document: Any) -> list[str | int]:
    """Where in the document: the location without the names of shapes that pydantic puts between its steps."""
    path: list[str | int] = []
    here, tag_next = document, False
    steps = details["loc"]
    for index, step in enumerate(steps):
        if tag_next:
            tag_next = False
            continue
        if isinstance(here, Mapping) and isinstance(step, str):
            if step not in here and not (details["type"] == "missing" and index == len(steps) - 1):
                continue
            tag_next = step in UNIONS and (not path or (path[0] == "tasks" and len(path) == 2))
            here = here.get(step)
        elif isinstance(here, Sequence) and not isinstance(here, str) and isinstance(step, int) and step < len(here):
            here = here[step]
            tag_next = bool(path) and path[-1] in LISTS_OF_UNIONS and not {"schedule", "before"}.isdisjoint(path[:4])
        else:
            break
        path.append(step)
    return path


def _said(details: ErrorDetails, path: Sequence[str | int], names: Sequence[str]) -> tuple[str, str | None]:
    context = details.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, BadValue):
        return cause.message, cause.remedy
    match details["type"]:
        case "missing" | "missing_keyword_only_argument":
            return "is missing", None
        case "unexpected_keyword_argument" | "extra_forbidden":
            near = nearest(str(path[-1]), [name for name in names if name != path[-1]]) if path else None
            return "is not known here", f"did you mean {near}?" if near else "take it away"
        case "union_tag_invalid":
            kinds = str(context.get("expected_tags")).replace("'", "").split(", ")
            near = nearest(str(context.get("tag")), kinds)
            return (
                f"there is no kind {context.get('tag')!r:.100}",
                f"did you mean {near}?" if near else f"use one of {', '.join(kinds)}",
            )
        case "union_tag_not_found":
            return "is missing", "say by kind which one it is"
        case _:
            return details["msg"].removeprefix("Value error, "), None


@cache
def names_in(adapter: TypeAdapter[Any]) -> tuple[str, ...]:
    """Every member that a shape or a shape inside it may have: what somebody may have meant."""
    found: set[str] = set()
    _collect(adapter.json_schema(), found)
    return tuple(sorted(found))


def _collect(schema: object, found: set[str]) -> None:
    if isinstance(schema, dict):
        found.update(schema.get("properties", ()))
        for part in schema.values():
            _collect(part, found)
    elif isinstance(schema, list):
        for part in schema:
            _collect(part, found)
