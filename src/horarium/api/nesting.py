"""Schedules within schedules in the OpenAPI document: named by their kind, and not spelt out again.

A schedule may hold others, which hold others. Written out as what it is, a schema that refers to itself, it takes tools that
walk the document (generators of clients and of requests) minutes; one level of it says all there is to say.
"""

from typing import Any, Final

from horarium.core.schedule.bounds import NESTING_MAX

SCHEDULES: Final = ("AnyOf", "Cron", "Every", "Once", "Rrule")
WITHIN: Final = "ScheduleWithin"
REF: Final = {"$ref": f"#/components/schemas/{WITHIN}"}


def flattened(components: dict[str, Any]) -> None:
    """Let the members `schedules` and `except` of every schedule hold any schedule without saying which."""
    kinds = [components[name]["properties"]["kind"]["const"] for name in SCHEDULES]
    components[WITHIN] = {
        "title": WITHIN,
        "description": (
            f"A schedule once more, at most {NESTING_MAX} deep, without max_occurrences and jitter_seconds, "
            "which are the whole one's."
        ),
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string", "enum": kinds}},
    }
    for name in SCHEDULES:
        members = components[name]["properties"]
        members["except"]["items"] = {"oneOf": [*_day_lists(members["except"]["items"]), REF]}
        if "schedules" in members:
            members["schedules"]["items"] = REF


def _day_lists(items: dict[str, Any]) -> list[dict[str, Any]]:
    return [shape for shape in items["oneOf"] if shape["$ref"].rpartition("/")[2] not in SCHEDULES]
