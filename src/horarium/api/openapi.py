"""The OpenAPI 3.1 document, written from the routes themselves: what a route declares is what it does."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from pydantic import TypeAdapter

from horarium.api.conditions import IfMatch, ReadsHeader
from horarium.api.encoding import JSON, encoder
from horarium.api.event_views import EVENTS
from horarium.api.limits import EXAMPLES, PATCH_EXAMPLE, bounded
from horarium.api.nesting import flattened
from horarium.api.problems import PROBLEM_JSON
from horarium.api.reading import Body, Patch, Query, adapter
from horarium.api.route import Route
from horarium.api.same_shapes import renamed, renaming, same_shapes
from horarium.api.streaming import EVENT_STREAM

REF: Final = "#/components/schemas/{model}"
MERGE_PATCH: Final = "application/merge-patch+json"
ULID: Final = {"type": "string", "pattern": "^[0-7][0-9A-TV-Za-tv-z]{25}$"}
PATH_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "task_id": ULID,
    "run_id": ULID,
    "token_id": ULID,
    "number": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    "due_at": {"type": "string", "format": "date-time"},
    "name": {"type": "string", "minLength": 1, "maxLength": 200},
}
PROBLEM: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "RFC 9457. `pointer` is a JSON Pointer into the body, `?name` for a query parameter, `#name` for a header.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "message"],
                "properties": {
                    "pointer": {"type": "string"},
                    "message": {"type": "string"},
                    "remedy": {"type": "string"},
                },
            },
        },
    },
}
SECURITY: Final = ("bearer", "session")
SUCCESS_TEXT: Final = {"type": "string"}
OF_EVERY_ROUTE: Final = (400, 414, 421, 422, 431, 503)


class Schemas:
    """All shapes of bodies and answers, each named once; a shape that differs by direction has two names."""

    def __init__(self, routes: Iterable[Route]) -> None:
        inputs: dict[Any, TypeAdapter[Any]] = {}
        outputs: dict[Any, TypeAdapter[Any]] = {}
        for route in routes:
            if route.body is not None:
                inputs[route.body.shape] = adapter(route.body.shape)
            outputs |= {shape: encoder(shape).adapter for shape in route.answers}
        asked: list[tuple[Any, Any, TypeAdapter[Any]]] = [
            (shape, "validation", found) for shape, found in inputs.items()
        ]
        asked += [(shape, "serialization", found) for shape, found in outputs.items()]
        found, document = TypeAdapter.json_schemas(asked, ref_template=REF)
        shapes = document.get("$defs", {})
        rename = renaming(same_shapes(shapes))
        self._found: dict[tuple[Any, str], dict[str, Any]] = renamed(found, rename)
        self.components: dict[str, Any] = {
            **{rename(name): renamed(shape, rename) for name, shape in sorted(shapes.items())},
            "Problem": PROBLEM,
        }
        bounded(self.components)
        flattened(self.components)

    def read(self, shape: Any) -> dict[str, Any]:
        return self._found[shape, "validation"]

    def written(self, shape: Any) -> dict[str, Any]:
        return self._found[shape, "serialization"]


def document(routes: Iterable[Route], version: str, base_path: str, cookie: str) -> dict[str, Any]:
    """Of all routes under /api."""
    told = [route for route in routes if route.path.startswith("/api/v1")]
    schemas = Schemas(told)
    paths: dict[str, dict[str, Any]] = {}
    for route in told:
        for method in sorted(route.verbs):
            paths.setdefault(route.path_format, {})[method.lower()] = _operation(route, method, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Horarium",
            "version": version,
            "description": "A task scheduler that accounts for every occurrence.",
        },
        "servers": [{"url": base_path or "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": _problems(paths),
            "securitySchemes": _security_schemes(cookie),
        },
    }


def _security_schemes(cookie: str) -> dict[str, Any]:
    return {
        "bearer": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
    }


def _operation(route: Route, method: str, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": (route.endpoint.__doc__ or "").strip(),
        "tags": [str(tag) for tag in route.tags],
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": _responses(route, method, schemas),
        "security": [] if route.role is None else [{name: []} for name in SECURITY],
    }
    if route.role is not None:
        operation["x-role"] = route.role.label
    if route.body is not None:
        operation["requestBody"] = _request_body(route.body, schemas)
    return operation


def _request_body(body: Body[Any] | Patch, schemas: Schemas) -> dict[str, Any]:
    if isinstance(body, Patch):
        told = {"schema": _patch_schema(body, schemas), "example": PATCH_EXAMPLE}
        return {"required": True, "content": dict.fromkeys((MERGE_PATCH, JSON), told)}
    told = {"schema": schemas.read(body.shape)}
    if body.shape in EXAMPLES:
        told["example"] = EXAMPLES[body.shape]
    return {"required": not body.optional, "content": {JSON: told}}


def _patch_schema(body: Patch, schemas: Schemas) -> dict[str, Any]:
    """Any part of the shape, null to take a member away. What it amounts to is judged with what it is laid upon."""
    whole = schemas.components[schemas.read(body.shape)["$ref"].rpartition("/")[2]]
    parts: dict[str, Any] = {}
    for name, member in whole["properties"].items():
        is_object = "$ref" in member or "oneOf" in member
        parts[name] = (
            {"type": ["object", "null"]} if is_object else {"anyOf": [_without_default(member), {"type": "null"}]}
        )
    return {"type": "object", "properties": parts, "additionalProperties": False}


def _without_default(member: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in member.items() if name != "default"}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    names = sorted(route.param_convertors)
    return [{"in": "path", "name": name, "required": True, "schema": PATH_SCHEMAS[name]} for name in names]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    query = route.marker(Query)
    if query is None:
        return []
    schema = adapter(query.shape).json_schema()
    named = schema.get("properties", {}).items()
    return [
        {
            "in": "query",
            "name": name,
            "required": name in schema.get("required", ()),
            "schema": _inlined(member, schema),
        }
        for name, member in named
    ]


def _inlined(member: Any, schema: dict[str, Any]) -> Any:
    """Without references and nulls: a query parameter is left out, not null."""
    if isinstance(member, list):
        return [_inlined(part, schema) for part in member]
    if not isinstance(member, dict):
        return member
    if "$ref" in member:
        return _inlined(schema["$defs"][member["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in member:
        (only,) = [part for part in member["anyOf"] if part != {"type": "null"}]
        return _inlined({"title": member["title"], **only}, schema)
    return {name: _inlined(part, schema) for name, part in member.items() if not (name == "default" and part is None)}


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "in": "header",
            "name": told.name,
            "required": told.required,
            "description": told.description,
            "schema": told.schema,
        }
        for told in route.markers(ReadsHeader)
    ]


def _responses(route: Route, method: str, schemas: Schemas) -> dict[str, Any]:
    statuses = {route.status_code or 200, *(int(status) for status in route.responses)}
    successes = {status for status in statuses if status < 400}
    problems = {status for status in statuses if status >= 400} | _problem_statuses(route, method)
    told = {str(status): _success(route, status, schemas) for status in sorted(successes)}
    return told | {str(status): _problem(status) for status in sorted(problems)}


def _problem_statuses(route: Route, method: str) -> set[int]:
    found = set(OF_EVERY_ROUTE)
    if route.role is not None:
        found |= {401, 403}
    if route.param_convertors:
        found.add(404)
    if method not in ("GET", "HEAD"):
        found |= {403, 413, 415}
    match = route.marker(IfMatch)
    if match is not None:
        found |= {412, 428} if match.required else {412}
    return found


def _success(route: Route, status: int, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if status == 204:
        return described
    if route.name == "read_events":
        described["content"] = {EVENT_STREAM: {"schema": _event_schema(schemas)}}
        return described
    shapes = [schemas.written(shape) for shape in route.answers]
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    described["content"] = {JSON: {"schema": schema}}
    if route.name == "read_output":
        described["content"]["text/plain"] = {"schema": SUCCESS_TEXT}
        if status == 206:
            del described["content"][JSON]
    return described


def _event_schema(schemas: Schemas) -> dict[str, Any]:
    """Of each single event, as the standard reads its lines: what `data` holds depends on its name."""
    told = []
    for name, shape in EVENTS.items():
        data = {"type": "string", "contentMediaType": JSON, "contentSchema": schemas.written(shape)}
        members = {"event": {"const": name}, "data": data, "id": {"type": "string"}, "retry": {"type": "integer"}}
        told.append({"title": name, "type": "object", "required": ["event", "data"], "properties": members})
    return {"oneOf": told}


def _problem(status: int) -> dict[str, Any]:
    return {"$ref": f"#/components/responses/{status}"}


def _problems(paths: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Each status that some operation may answer with, described once."""
    used = {
        status
        for path in paths.values()
        for told in path.values()
        for status in told["responses"]
        if int(status) >= 400
    }
    schema = {"$ref": REF.format(model="Problem")}
    return {
        status: {"description": HTTPStatus(int(status)).phrase, "content": {PROBLEM_JSON: {"schema": schema}}}
        for status in sorted(used)
    }
