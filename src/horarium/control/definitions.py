"""A task's definition between its JSON form and its value, and how a change is laid upon what is stored."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from horarium.core.change import Apply, to_draft
from horarium.core.errors import BadValue, NotPossible, UserError
from horarium.core.instants import MILLISECOND, shown
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.schedule import Schedule, anchored_within
from horarium.core.task import Broken, Draft, Stored, Task

DRAFT: Final[TypeAdapter[Draft]] = TypeAdapter(Draft)
MEMBERS: Final = tuple(f.name for f in fields(Draft))
TOLD_BY_KIND: Final = ("schedule", "action")
"""Members that are one of several shapes: a patch that names another kind replaces them whole."""

ONCE_GRACE: Final = timedelta(seconds=60)
"""A single instant that has passed by no more than this was meant to be now."""


class BadDefinition(UserError):
    """What a patch makes of a task is no task; `error` says where, `document` is what was judged."""

    def __init__(self, error: ValidationError, document: Any) -> None:
        super().__init__("The patched definition is refused.")
        self.error = error
        self.document = document


def opened(schedule: Schedule, e: datetime) -> Schedule:
    """The schedule of a new task: anchored, also inside, and never with a single instant that can no longer come."""
    schedule = anchored_within(schedule, e)
    match schedule:
        case Every():
            return schedule.anchored(e)
        case Once(at=at) if at <= e:
            return _passed(schedule, e)
        case _:
            return schedule


def edited(schedule: Schedule, old: Schedule | None, e: datetime) -> Schedule:
    """The schedule of a changed task: without an anchor it keeps the old one, and an unchanged instant is not judged.

    An anchor that has not come yet belongs to the old period: under another one the task is due a new period from now.
    """
    schedule = anchored_within(schedule, e, old)
    match schedule, old:
        case Every(seconds=new, anchor=kept), Every(seconds=before, anchor=anchor) if (
            new != before and kept in (None, anchor) and anchor is not None and anchor > e
        ):
            return replace(schedule, anchor=None).anchored(e)
        case Every(anchor=None), Every(anchor=anchor) if anchor is not None:
            return replace(schedule, anchor=anchor)
        case Once(at=at), Once(at=before) if at == before:
            return schedule
        case _:
            return opened(schedule, e)


def upserted(schedule: Schedule, old: Schedule | None, e: datetime) -> Schedule:
    """As `edited`, but asking again for an instant that has passed changes nothing: `if_past` was for the creation."""
    if isinstance(schedule, Once) and schedule.at <= e:
        if isinstance(old, Once) and _same_wish(schedule, old):
            return replace(schedule, at=old.at)
        schedule = replace(schedule, if_past=None)
    return edited(schedule, old, e)


def _same_wish(schedule: Once, old: Once) -> bool:
    moved_by_creation = timedelta(0) <= old.at - schedule.at <= ONCE_GRACE + MILLISECOND
    return moved_by_creation or schedule.if_past == "run"


def _passed(schedule: Once, e: datetime) -> Once:
    if schedule.if_past != "run" and e - schedule.at > ONCE_GRACE:
        raise BadValue(
            "schedule.at",
            f"{shown(schedule.at)} has passed",
            'name a later instant, or add "if_past": "run" to run it at once',
        )
    return replace(schedule, at=e + MILLISECOND)


def replaced(draft: Draft) -> Apply:
    """The whole definition anew."""

    def apply(old: Stored, e: datetime) -> Task:
        return to_draft(replace(draft, schedule=edited(draft.schedule, _schedule(old), e)))(old, e)

    return apply


def upserted_with(draft: Draft) -> Apply:
    """The whole definition anew, as often as a script likes."""

    def apply(old: Stored, e: datetime) -> Task:
        return to_draft(replace(draft, schedule=upserted(draft.schedule, _schedule(old), e)))(old, e)

    return apply


def patched(patch: Mapping[str, Any]) -> Apply:
    """JSON Merge Patch (RFC 7396) upon the stored definition."""

    def apply(old: Stored, e: datetime) -> Task:
        draft = read_patched(stored_members(old), patch)
        return to_draft(replace(draft, schedule=edited(draft.schedule, _schedule(old), e)))(old, e)

    return apply


def read_patched(members: dict[str, Any], patch: Mapping[str, Any]) -> Draft:
    """The definition that `members` become. Raises BadDefinition."""
    before = members
    for name in TOLD_BY_KIND:
        wanted, there = patch.get(name), members.get(name)
        if (
            isinstance(wanted, dict)
            and isinstance(there, dict)
            and wanted.get("kind", there.get("kind")) != there.get("kind")
        ):
            members = {**members, name: {}}
    document = merged(members, patch)
    _put_back(document, before, patch, _shape_of_drafts())
    try:
        return DRAFT.validate_json(to_json(document))
    except ValidationError as error:
        raise BadDefinition(error, document) from None


def _put_back(document: dict[str, Any], before: Any, patch: Mapping[str, Any], shape: Mapping[str, Any]) -> None:
    """What `patch` takes away though it was not there and no definition has it is misspelt: put it back as null, so that it
    is refused like any unknown member that is set."""
    there = before if isinstance(before, Mapping) else {}
    for name, value in patch.items():
        if name not in shape:
            if name not in there:
                document.setdefault(name, value)
        elif isinstance(value, Mapping) and shape[name] is not None:
            _put_back(document[name], there.get(name), value, shape[name])


@cache
def _shape_of_drafts() -> dict[str, Any]:
    schema = DRAFT.json_schema()
    members = _shape(schema, schema["$defs"])
    assert members is not None, "a draft is an object"
    return members


def _shape(schema: Mapping[str, Any], all_of_them: Mapping[str, Any]) -> dict[str, Any] | None:
    """The members a part of a definition may have, whatever its kind, each with its own; None where any name will do."""
    if "$ref" in schema:
        return _shape(all_of_them[schema["$ref"].rpartition("/")[2]], all_of_them)
    found: dict[str, Any] | None = None
    for part in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        members = _shape(part, all_of_them)
        found = found if members is None else {**(found or {}), **members}
    if "properties" in schema:
        found = {name: _shape(part, all_of_them) for name, part in schema["properties"].items()}
    return found


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396: objects are merged, null takes away, everything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def stored_members(old: Stored) -> dict[str, Any]:
    """The stored definition as JSON members. Raises NotPossible where it is not even an object."""
    if isinstance(old, Task):
        members: dict[str, Any] = json.loads(DRAFT.dump_json(old.draft))
        return members
    try:
        found = json.loads(old.definition)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotPossible(f'The task "{old.name}" is broken ({old.reason}). Replace its definition whole.')
    return {name: value for name, value in found.items() if name in MEMBERS}


def _schedule(old: Stored) -> Schedule | None:
    return None if isinstance(old, Broken) else old.schedule
