"""Loaded by schemathesis: names are unique among living tasks, so definitions that are meant to be right get fresh ones."""

from itertools import count
from typing import Any

import schemathesis

_numbers = count()


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Only the name, and only where everything about the body is meant to be right; and no stream that goes on for ever."""
    if case.operation.path == "/api/v1/events" and (case.query or {}).get("once") in (None, "false", False):
        case.query = {**(case.query or {}), "once": "true"}  # the stream ends; what is wrong about a case stays wrong
    body = case.body
    made_to_be_right = case.meta is not None and case.meta.generation.mode.is_positive
    if not made_to_be_right or not isinstance(body, dict):
        return case
    if case.operation.path == "/api/v1/tasks/batch":
        body["tasks"] = [{**task, "name": f"fuzzed {next(_numbers)}"} for task in body["tasks"]]
    elif case.operation.path in ("/api/v1/tasks", "/api/v1/tasks/{task_id}") and "name" in body:
        body["name"] = f"fuzzed {next(_numbers)}"
    return case
