"""One decoder for all: schedules through pydantic's TypeAdapter, from bytes, strictly."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from horarium.core.errors import BadSchedule, BadValue
from horarium.core.schedule.schedule import Schedule
from horarium.core.shape import Instant

DECODER: TypeAdapter[Any] = TypeAdapter(Schedule)
INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)

GOOD = [
    {"kind": "once", "at": "2027-03-28T01:30:00.000Z"},
    {"kind": "once", "at": "2027-03-28T01:30:00.000Z", "if_past": "run"},
    {"kind": "every", "seconds": 60},
    {"kind": "every", "seconds": 1.5, "anchor": "2027-03-28T01:30:00.123Z", "jitter_seconds": 0.25},
    {"kind": "every", "seconds": 3_155_760_000, "max_occurrences": 1_000_000_000},
    {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin"},
    {"kind": "cron", "expression": "30 2 * * *", "timezone": "Europe/Berlin", "dst_gap": "skip", "dst_fold": "both"},
    {
        "kind": "cron",
        "expression": "* 2 * * *",
        "timezone": "UTC",
        "starts_at": "2027-01-01T00:00:00.000Z",
        "ends_at": None,
    },
]


@pytest.mark.parametrize("sample", GOOD)
def test_what_goes_in_comes_out(sample: dict[str, Any]) -> None:
    schedule = DECODER.validate_json(json.dumps(sample))
    written = DECODER.dump_json(schedule)
    assert sample.items() <= json.loads(written).items()
    assert DECODER.validate_json(written) == schedule
    assert next(iter(json.loads(written))) == "kind"


BAD = [
    ({"kind": "once", "at": "2027-03-28T01:30:00"}, ("once", "at"), ""),
    ({"kind": "once", "at": 1_790_000_000}, ("once", "at"), ""),
    ({"kind": "once", "at": "1790000000"}, ("once", "at"), ""),
    ({"kind": "every", "seconds": True}, ("every", "seconds"), ""),
    ({"kind": "every", "seconds": "60"}, ("every", "seconds"), ""),
    ({"kind": "every", "seconds": float("nan")}, ("every", "seconds"), ""),
    ({"kind": "every", "seconds": 10**400}, ("every", "seconds"), ""),
    ({"kind": "every", "seconds": 0.5}, ("every",), "seconds"),
    ({"kind": "every", "seconds": 60, "max_occurrences": 0}, ("every",), "max_occurrences"),
    ({"kind": "every", "seconds": 60, "max_occurrences": 10**30}, ("every",), "max_occurrences"),
    ({"kind": "cron", "expression": "30 2 * * *", "timezone": "PST"}, ("cron",), "timezone"),
    ({"kind": "cron", "expression": "30 2 * *", "timezone": "UTC"}, ("cron",), "expression"),
    ({"kind": "cron", "expression": "* 2 * * *", "timezone": "UTC", "dst_gap": "skip"}, ("cron",), "dst_gap"),
]


@pytest.mark.parametrize(("sample", "place", "field"), BAD)
def test_refused_values_carry_their_error(sample: dict[str, Any], place: tuple[str, ...], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DECODER.validate_json(json.dumps(sample))
    (error,) = refused.value.errors()
    cause = error["ctx"]["error"]
    assert error["loc"] == place
    assert isinstance(cause, BadValue)
    assert cause.field == field
    assert isinstance(cause, BadSchedule) == (field == "expression")


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"kind":"EVERY","seconds":60}',
        b'{"kind":"every"}',
        b'{"kind":"every","seconds":60,"unit":"s"}',
        b'{"kind":"every","seconds":60,"max_occurrences":true}',
        b'{"kind":"every","seconds":60,"max_occurrences":1.5}',
        b'{"kind":"cron","expression":"0 0 * * *"}',
        b'{"kind":"cron","expression":"0 0 * * *","timezone":"UTC","dst_gap":"later"}',
        b'{"kind":"cron","expression":5,"timezone":"UTC"}',
        b'{"kind":"once","at":"2027-03-28T01:30:00Z","if_past":"skip"}',
    ],
)
def test_other_shapes_are_refused(text: bytes) -> None:
    with pytest.raises(ValidationError):
        DECODER.validate_json(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2027-03-28T01:30:00Z", "2027-03-28T01:30:00.000Z"),
        ("2027-03-28t01:30:00z", "2027-03-28T01:30:00.000Z"),
        ("2027-03-28 01:30:00Z", "2027-03-28T01:30:00.000Z"),
        ("2027-03-28T01:30Z", "2027-03-28T01:30:00.000Z"),
        ("2027-03-28T03:30:00+02:00", "2027-03-28T01:30:00.000Z"),
        ("2027-03-28T01:30:00.9999999999Z", "2027-03-28T01:30:00.999Z"),
        ("2027-03-28T01:30:00.5-00:00", "2027-03-28T01:30:00.500Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_instants_are_written_in_utc_with_milliseconds(text: str, written: str) -> None:
    assert INSTANT.dump_json(INSTANT.validate_json(json.dumps(text))) == json.dumps(written).encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2027-03-28",
        "2027-03-28T01:30:00",
        "2027-03-28T01Z",
        "2027-3-28T01:30:00Z",
        "2027-02-29T01:30:00Z",
        "2027-03-28T24:00:00Z",
        "2027-03-28T23:59:60Z",
        "2027-03-28T01:30:00+0200",
        "2027-03-28T01:30:00+25:00",
        "2027-03-28T01:30:00 Z",
        "20270328T013000Z",
        "2027-W12-7T01:30:00Z",
        "1969-12-31T23:59:59.999Z",
        "1970-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "0001-01-01T00:00:00+02:00",
        "٢٠٢٧-03-28T01:30:00Z",
        "2027-03-28T01:30:00Z\n",
    ],
)
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        INSTANT.validate_json(json.dumps(text))
    assert isinstance(refused.value.errors()[0]["ctx"]["error"], BadValue)


def test_a_datetime_is_taken_as_it_is() -> None:
    at = datetime(2027, 3, 28, 1, 30, 0, 123_456, tzinfo=UTC)
    assert INSTANT.validate_python(at) == at - timedelta(microseconds=456)
    assert INSTANT.dump_python(at) is at


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_json_schema_tells_kinds_apart(mode: Any) -> None:
    schema = DECODER.json_schema(mode=mode)
    assert sorted(schema["discriminator"]["mapping"]) == ["any_of", "cron", "every", "once", "rrule"]
    assert len(schema["oneOf"]) == 5
    every = schema["$defs"]["Every"]
    assert every["properties"]["seconds"]["type"] == "number"
    assert {"type": "string", "format": "date-time"} in every["properties"]["anchor"]["anyOf"]
    assert schema["$defs"]["Once"]["properties"]["at"]["format"] == "date-time"
    assert every["additionalProperties"] is False
    assert schema["$defs"]["Cron"]["required"][:3] == ["kind", "expression", "timezone"]
