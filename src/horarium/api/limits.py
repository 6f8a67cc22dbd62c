"""What the document says beyond types: examples, and the bounds that definitions check, from the same constants."""

from typing import Any, Final

from horarium.api.bodies import (
    BATCH_MAX,
    PREFIX_MAX,
    Batch,
    BulkBody,
    CalendarDraft,
    CrontabBody,
    NamedDraft,
    OccurrenceBody,
    PauseBody,
    PreviewBody,
    SettingsPatch,
    TokenDraft,
    TrialBody,
)
from horarium.control.access import TOKEN_NAME_MAX
from horarium.control.bulk import BULK_MAX
from horarium.control.trial import TRIAL_SECONDS_MAX
from horarium.core import action, policy, task
from horarium.core.crontab.read import BYTES_MAX
from horarium.core.schedule import any_of, bounds, day_lists, every, rrule_text
from horarium.core.schedule.schedule import DUES_MAX

NO_OUTER_SPACE: Final = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
TEXT: Final = {"maxLength": action.TEXT_MAX}
_GAPS: Final = r"\s\x00-\x20\x7f"
_USER: Final = rf"([^{_GAPS}/?#\\\[\]]*@)?"
_HOST: Final = rf"(\[[^{_GAPS}/?#\\\[\]]+\]|[^{_GAPS}/?#\\\[\]:@]+)(:[0-9]{{0,5}})?"
URL: Final = rf"^[Hh][Tt][Tt][Pp][Ss]?://{_USER}{_HOST}([/?#][^{_GAPS}]*)?$"
DAY_OR_STRETCH: Final = r"^(\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?|--\d\d-\d\d(/--\d\d-\d\d)?)$"

DRAFT: Final[dict[str, dict[str, Any]]] = {
    "name": {"minLength": 1, "maxLength": task.NAME_MAX, "pattern": NO_OUTER_SPACE},
    "description": {"maxLength": task.DESCRIPTION_MAX},
    "tags": {"maxItems": task.TAGS_MAX, "uniqueItems": True},
    "pool": {"pattern": f"^[A-Za-z0-9_.-]{{1,{task.POOL_MAX}}}$"},
    "priority": {"minimum": -task.PRIORITY_MAX, "maximum": task.PRIORITY_MAX},
}
BOUNDED: Final[dict[str, dict[str, Any]]] = {
    "max_occurrences": {"minimum": 1, "maximum": bounds.OCCURRENCES_MAX},
    "jitter_seconds": {"minimum": 0, "maximum": bounds.JITTER_SECONDS_MAX},
    "except": {"maxItems": bounds.EXCEPT_MAX},
}

LIMITS: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "Draft": DRAFT,
    "NamedDraft": DRAFT,
    "Batch": {"tasks": {"minItems": 1, "maxItems": BATCH_MAX}},
    "Once": BOUNDED,
    "Every": BOUNDED | {"seconds": {"minimum": every.SECONDS_MIN, "maximum": every.SECONDS_MAX}},
    "Cron": BOUNDED | {"expression": {"minLength": 1, "maxLength": 256}},
    "Rrule": BOUNDED | {"rule": {"minLength": 1, "maxLength": rrule_text.TEXT_MAX}},
    "AnyOf": BOUNDED | {"schedules": {"minItems": 1, "maxItems": any_of.MEMBERS_MAX}},
    "Dates": {"dates": {"minItems": 1, "maxItems": day_lists.DATES_MAX}},
    "Weekdays": {"days": {"minItems": 1, "maxItems": len(day_lists.WEEKDAYS) - 1, "uniqueItems": True}},
    "Holidays": {"country": {"pattern": "^[A-Z]{2}$"}},
    "CalendarDays": {"name": {"minLength": 1, "maxLength": day_lists.CALENDAR_NAME_MAX}},
    "Log": {"message": TEXT},
    "Http": {
        "url": {"maxLength": 8_192, "pattern": URL},
        "body": TEXT,
        "expect_body": TEXT,
        "expect_status": {"minItems": 1},
    },
    "Command": {"shell": TEXT | {"minLength": 1}, "cwd": TEXT | {"pattern": "^/"}},
    "PythonCall": {"function": {"maxLength": 500, "pattern": "^[^:]+:[^:]+$"}},
    "Policy": {"timeout_seconds": {"minimum": 0.001, "maximum": policy.TIMEOUT_SECONDS_MAX}},
    "Retry": {
        "max_attempts": {"minimum": 1, "maximum": policy.ATTEMPTS_MAX},
        "first_delay_seconds": {"minimum": 0, "maximum": policy.DELAY_SECONDS_MAX},
        "factor": {"minimum": 1, "maximum": 100},
        "max_delay_seconds": {"minimum": 0, "maximum": policy.DELAY_SECONDS_MAX},
    },
    "CatchUp": {
        "window_seconds": {"minimum": policy.WINDOW_SECONDS_MIN, "maximum": policy.WINDOW_SECONDS_MAX},
        "max_runs": {"minimum": 1, "maximum": policy.CATCH_UP_RUNS_MAX},
    },
    "Keep": {
        "days": {"minimum": 1, "maximum": policy.KEEP_DAYS_MAX},
        "runs": {"minimum": 1, "maximum": policy.KEEP_RUNS_MAX},
    },
    "PauseBody": {"reason": {"maxLength": task.REASON_MAX}},
    "CrontabBody": {
        "text": {"maxLength": BYTES_MAX},
        "prefix": {"maxLength": PREFIX_MAX, "pattern": r"^[^\x00-\x1f\x7f]*$"},
    },
    "TrialBody": {
        "timeout_seconds": {"minimum": 0.001, "maximum": TRIAL_SECONDS_MAX},
        "pool": DRAFT["pool"],
    },
    "BulkBody": {
        "ids": {"minItems": 1, "maxItems": BULK_MAX, "uniqueItems": True},
        "expected_count": {"minimum": 0, "maximum": BULK_MAX},
        "reason": {"maxLength": task.REASON_MAX},
    },
    "PreviewBody": {"count": {"minimum": 1, "maximum": DUES_MAX}},
    "CalendarDraft": {
        "days": {"maxItems": day_lists.DATES_MAX, "items": {"type": "string", "pattern": DAY_OR_STRETCH}},
        "description": {"maxLength": task.DESCRIPTION_MAX},
    },
    "TokenDraft": {"name": {"minLength": 1, "maxLength": TOKEN_NAME_MAX, "pattern": NO_OUTER_SPACE}},
}

NIGHTLY: Final = {
    "schedule": {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"},
    "action": {"kind": "command", "argv": ["/usr/local/bin/backup", "--all"], "env": {"LEVEL": "full"}},
    "policy": {"timeout_seconds": 3600, "retry": {"max_attempts": 3}},
    "tags": ["ops"],
}
EXAMPLES: Final[dict[object, Any]] = {
    task.Draft: {"name": "nightly backup", **NIGHTLY},
    NamedDraft: NIGHTLY,
    Batch: {
        "tasks": [
            {
                "name": "hello",
                "schedule": {"kind": "every", "seconds": 3600},
                "action": {"kind": "log", "message": "hello"},
            }
        ]
    },
    PauseBody: {"reason": "holidays"},
    CrontabBody: {"text": "30 2 * * * /usr/local/bin/backup --all\n"},
    TrialBody: {"action": {"kind": "log", "message": "hello"}},
    BulkBody: {"action": "pause", "filter": {"tag": ["ops"]}, "expected_count": 0, "reason": "holidays"},
    OccurrenceBody: {"skip": True},
    PreviewBody: {"schedule": NIGHTLY["schedule"], "count": 3},
    CalendarDraft: {"days": ["2027-12-24/2027-12-26", "2028-01-01"], "description": "closed"},
    TokenDraft: {"name": "ci", "role": "operator"},
    SettingsPatch: {"timezone": "Europe/Berlin"},
}
PATCH_EXAMPLE: Final = {"tags": ["ops"], "policy": {"retry": {"max_attempts": 5}}}


def bounded(components: dict[str, Any]) -> None:
    """Put the bounds into the shapes that have them; where null is allowed as well, into the other alternatives."""
    for shape, members in LIMITS.items():
        for properties in _properties(components, shape):
            _limit(properties, members)


def _properties(components: dict[str, Any], shape: str) -> list[dict[str, Any]]:
    """Of the shape, under each of its names: one that differs by direction has two."""
    named = [components[name] for name in (shape, f"{shape}-Input", f"{shape}-Output") if name in components]
    return [component["properties"] for component in named]


def _limit(properties: dict[str, Any], all_limits: dict[str, dict[str, Any]]) -> None:
    for name, limits in all_limits.items():
        member = properties[name]
        parts = [part for part in member.get("anyOf", [member]) if part.get("type") != "null"]
        for part in parts:
            part.update(limits)
