"""Rows to values and back. A row is a plain tuple in the order of its table's columns; `at` is where it begins.

Whatever this version cannot read becomes a Broken task with the field and the reason, never an exception: one unreadable
definition must not stop the others.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from json import dumps, loads
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from horarium.core.action import Action
from horarium.core.altered import made
from horarium.core.cursor import Cursor, Skip, SkipReason
from horarium.core.errors import BadValue
from horarium.core.ids import RunId, SkipId, WorkerId
from horarium.core.instants import from_ms, shown, to_ms
from horarium.core.override import Override
from horarium.core.policy import Policy
from horarium.core.run import Attempt, Cause, Reason, Run, RunState
from horarium.core.schedule.describe import describe
from horarium.core.schedule.schedule import Schedule
from horarium.core.task import Broken, Pause, Stored, Task
from horarium.core.worker import Worker
from horarium.stores.sql.tables import cursors, runs, skips, tasks

T = TypeVar("T")
Row = Sequence[Any]

TASK_WIDTH = len(tasks.c)
_BROKEN_AT = TASK_WIDTH - 2
CURSOR_WIDTH = len(cursors.c)
RUN_WIDTH = len(runs.c)
SKIP_WIDTH = len(skips.c)

NO_TAGS = "[]"
CACHED_TEXTS = 1_024
CACHED_TEXT_MAX = 2_048
"""Longer definitions are decoded each time, so that the caches stay within some ten megabytes."""

_SCHEDULE: TypeAdapter[Schedule] = TypeAdapter(Schedule)
_ACTION: TypeAdapter[Action] = TypeAdapter(Action)
_POLICY: TypeAdapter[Policy] = TypeAdapter(Policy)

_STATES: dict[str, RunState] = {state.value: state for state in RunState}
_CAUSES: dict[str, Cause] = {cause.value: cause for cause in Cause}
_REASONS: dict[str | None, Reason | None] = {None: None} | {reason.value: reason for reason in Reason}
_SKIP_REASONS: dict[str, SkipReason] = {reason.value: reason for reason in SkipReason}


class Unreadable(Exception):
    """A stored definition that this version does not understand. `field` names the part and the place within."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def instant(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def ms(instant: datetime | None) -> int | None:
    return None if instant is None else to_ms(instant)


def schedule_text(schedule: Schedule) -> str:
    return _SCHEDULE.dump_json(schedule).decode()


def action_text(action: Action) -> str:
    return _ACTION.dump_json(action).decode()


def policy_text(policy: Policy) -> str:
    return _POLICY.dump_json(policy).decode()


def _decoder(part: str, adapter: TypeAdapter[T]) -> Callable[[str], T]:
    def decode(text: str) -> T:
        try:
            return adapter.validate_json(text)
        except ValidationError as error:
            raise _unreadable(part, error) from error

    cached = lru_cache(maxsize=CACHED_TEXTS)(decode)  # the value depends on the text alone, so it is never stale
    return lambda text: cached(text) if len(text) <= CACHED_TEXT_MAX else decode(text)


def _unreadable(part: str, error: ValidationError) -> Unreadable:
    first = error.errors(include_url=False, include_input=False)[0]
    steps = [part, *(str(step) for step in first["loc"])]
    if part != "policy":
        del steps[1:2]  # which member of the union it is; its own field says that as well
    refused = first.get("ctx", {}).get("error")
    if isinstance(refused, BadValue):
        return Unreadable(".".join([*steps, *filter(None, [refused.field])]), refused.message)
    return Unreadable(".".join(steps), first["msg"])


schedule_of = _decoder("schedule", _SCHEDULE)
action_of = _decoder("action", _ACTION)
policy_of = _decoder("policy", _POLICY)


def task_of(row: Row, at: int = 0) -> Stored:
    """From columns of `tasks`. One that is marked broken stays so until it is mended, readable or not."""
    return _stored(row[at : at + TASK_WIDTH])


def unmarked(row: Row) -> Stored:
    """The same as if nobody had marked it broken."""
    return _stored((*row[:_BROKEN_AT], None))


def task_of_revision(revision: Row, task: Row) -> Stored:
    """The task as that row of `revisions` defined it; identity and times are those of the row of `tasks`."""
    return _stored((task[0], revision[1], *revision[5:18], *task[15:18], None))


def _stored(row: Row) -> Stored:
    pause = None if row[11] is None else Pause(at=from_ms(row[11]), until=instant(row[12]), reason=row[13])
    try:
        if row[_BROKEN_AT] is not None:
            raise Unreadable(*loads(row[_BROKEN_AT]))
        return _unchecked(
            id=row[0],
            revision=row[1],
            name=row[2],
            description=row[3],
            tags=() if row[4] == NO_TAGS else tuple(loads(row[4])),
            schedule=schedule_of(row[6]),
            action=action_of(row[7]),
            policy=policy_of(row[8]),
            pool=row[9],
            priority=row[10],
            pause=pause,
            deleted_at=instant(row[14]),
            created_at=from_ms(row[15]),
            created_by=row[16],
            updated_at=from_ms(row[17]),
        )
    except Unreadable as error:
        field, reason = error.field, error.reason
    return Broken(
        id=row[0],
        revision=row[1],
        name=row[2],
        field=field,
        reason=reason,
        definition=definition_text(row, 2),
        tags=tuple(loads(row[4])),
        pool=row[9],
        pause=pause,
        deleted_at=instant(row[14]),
        created_at=from_ms(row[15]),
        created_by=row[16],
        updated_at=from_ms(row[17]),
    )


def _unchecked(**members: Any) -> Task:
    """A task whose name, tags, pool and priority were checked when it was saved: checking is most of what making one costs,
    and a rule that has become stricter since must not break it."""
    task = object.__new__(Task)
    for name, value in members.items():
        object.__setattr__(task, name, value)
    return task


def definition_text(row: Row, at: int) -> str:
    """The whole definition as one JSON text; `at` is where its columns begin (2 in `tasks`, 5 in `revisions`)."""
    name, description, tags, _, schedule, action, policy, pool, priority, paused_at, until, reason, deleted_at = row[
        at : at + 13
    ]
    pause = None if paused_at is None else {"at": _shown(paused_at), "until": _shown(until), "reason": reason}
    members = {
        "name": dumps(name, ensure_ascii=False),
        "description": dumps(description, ensure_ascii=False),
        "tags": _json(tags),
        "schedule": _json(schedule),
        "action": _json(action),
        "policy": _json(policy),
        "pool": dumps(pool),
        "priority": dumps(priority),
        "pause": dumps(pause, ensure_ascii=False),
        "deleted_at": dumps(_shown(deleted_at)),
    }
    return "{" + ", ".join(f'"{member}": {text}' for member, text in members.items()) + "}"


def task_values(task: Task, broken: str | None = None) -> tuple[Any, ...]:
    """A row of `tasks`."""
    times = (to_ms(task.created_at), task.created_by, to_ms(task.updated_at))
    return (task.id, task.revision, *definition_values(task), *times, broken, describe(task.schedule))


def sentence_of(row: Row, at: int = 0) -> str | None:
    """The schedule in words, from columns of `tasks`; None where they were not made yet, or the task is broken."""
    sentence: str | None = row[at + TASK_WIDTH - 1]
    return sentence


def definition_values(task: Task) -> tuple[Any, ...]:
    """The columns that `tasks` and `revisions` share."""
    pause = task.pause
    return (
        task.name,
        task.description,
        dumps(task.tags, ensure_ascii=False),
        task.action.kind,
        schedule_text(task.schedule),
        action_text(task.action),
        policy_text(task.policy),
        task.pool,
        task.priority,
        None if pause is None else to_ms(pause.at),
        None if pause is None else ms(pause.until),
        None if pause is None else pause.reason,
        ms(task.deleted_at),
    )


def cursor_of(row: Row, at: int = 0) -> Cursor:
    """From columns of `cursors`, whether the holder runs, and columns of `skips` (the open one or nulls)."""
    open_skip = at + CURSOR_WIDTH + 1
    members = {
        "task_id": row[at],
        "version": row[at + 1],
        "task_revision": row[at + 2],
        "seen_through": from_ms(row[at + 3]),
        "next_due_at": instant(row[at + 4]),
        "decided": row[at + 5],
        "since_edit": row[at + 6],
        "kept_from": from_ms(row[at + 7]),
        "forgotten": row[at + 8],
        "holder": row[at + 9],
        "behind": row[at + 10],
        "last_state": None if row[at + 13] is None else _STATES[row[at + 13]],
        "tzdata": row[at + 14],
        "overrides": row[at + 15],
        "holder_running": bool(row[at + CURSOR_WIDTH]),
        "open_skip": None if row[open_skip] is None else skip_of(row, open_skip),
    }
    return made(Cursor, members)


def run_of(row: Row, at: int = 0) -> Run:
    """From columns of `runs`."""
    return Run(
        id=row[at],
        task_id=row[at + 1],
        task_revision=row[at + 2],
        cause=_CAUSES[row[at + 3]],
        due_at=from_ms(row[at + 4]),
        ready_at=from_ms(row[at + 5]),
        expected_at=instant(row[at + 6]),
        pool=row[at + 7],
        priority=row[at + 8],
        needs_process=row[at + 9] == 1,
        tzdata=row[at + 10],
        state=_STATES[row[at + 11]],
        is_behind=row[at + 12] == 1,
        reason=_REASONS[row[at + 13]],
        attempt=row[at + 14],
        spent=row[at + 15],
        lost=row[at + 16],
        fence=row[at + 17],
        worker_id=row[at + 18],
        cancel_reason=_REASONS[row[at + 19]],
        first_started_at=instant(row[at + 20]),
        started_at=instant(row[at + 21]),
        ended_at=instant(row[at + 22]),
        exit_status=row[at + 23],
        http_status=row[at + 24],
        detail=row[at + 25],
        retry_of=row[at + 26],
        created_by=row[at + 27],
    )


def birth_values(run: Run) -> tuple[Any, ...]:
    """What the statement `add_run` asks of a run that has just been made, waiting or claimed at birth.

    The driver is quick with int and plain str and bytearray alone; bytes, None, True and members of an enumeration each cost
    as much as a column of the row itself. So ids go in as bytearray, and columns that are null at birth are not asked for.
    """
    begun = run.started_at
    return (
        bytearray(run.id),
        bytearray(run.task_id),
        run.task_revision,
        run.cause._value_,
        to_ms(run.due_at),
        to_ms(run.ready_at),
        None if run.expected_at is None else to_ms(run.expected_at),
        run.pool,
        run.priority,
        1 if run.needs_process else 0,
        run.tzdata,
        run.state._value_,
        1 if run.is_behind else 0,
        run.attempt,
        run.fence,
        None if run.worker_id is None else bytearray(run.worker_id),
        None if begun is None else to_ms(begun),
        run.retry_of,
        run.created_by,
    )


def run_values(run: Run) -> tuple[Any, ...]:
    """A row of `runs`."""
    return (
        run.id,
        run.task_id,
        run.task_revision,
        run.cause,
        to_ms(run.due_at),
        to_ms(run.ready_at),
        ms(run.expected_at),
        run.pool,
        run.priority,
        run.needs_process,
        run.tzdata,
        run.state,
        run.is_behind,
        run.reason,
        run.attempt,
        run.spent,
        run.lost,
        run.fence,
        run.worker_id,
        run.cancel_reason,
        ms(run.first_started_at),
        ms(run.started_at),
        ms(run.ended_at),
        run.exit_status,
        run.http_status,
        run.detail,
        run.retry_of,
        run.created_by,
    )


def skip_of(row: Row, at: int = 0) -> Skip:
    """From columns of `skips`."""
    return Skip(
        id=SkipId(row[at]),
        task_id=row[at + 1],
        first_due_at=from_ms(row[at + 2]),
        last_due_at=from_ms(row[at + 3]),
        count=row[at + 4],
        reason=_SKIP_REASONS[row[at + 5]],
        task_revision=row[at + 6],
        tzdata=row[at + 7],
        decided_at=from_ms(row[at + 8]),
    )


def skip_values(skip: Skip) -> tuple[Any, ...]:
    """A row of `skips`."""
    stretch = (to_ms(skip.first_due_at), to_ms(skip.last_due_at), skip.count)
    return (skip.id, skip.task_id, *stretch, skip.reason, skip.task_revision, skip.tzdata, to_ms(skip.decided_at))


def override_of(row: Row, at: int = 0) -> Override:
    """From columns of `overrides`."""
    return Override(
        task_id=row[at],
        due_at=from_ms(row[at + 1]),
        moved_to=instant(row[at + 2]),
        decided_at=instant(row[at + 3]),
        by=row[at + 4],
        at=from_ms(row[at + 5]),
    )


def override_values(override: Override) -> tuple[Any, ...]:
    """A row of `overrides`."""
    asked = (override.by, to_ms(override.at))
    return (override.task_id, to_ms(override.due_at), ms(override.moved_to), ms(override.decided_at), *asked)


def attempt_of(row: Row, at: int = 0) -> Attempt:
    """From columns of `attempts`."""
    return Attempt(
        run_id=RunId(row[at]),
        attempt=row[at + 1],
        fence=row[at + 2],
        worker_id=row[at + 3],
        started_at=instant(row[at + 4]),
        ended_at=instant(row[at + 5]),
        outcome=row[at + 6],
        reason=_REASONS[row[at + 7]],
        exit_status=row[at + 8],
        http_status=row[at + 9],
        detail=row[at + 10],
        late_report=row[at + 11],
    )


def worker_of(row: Row, at: int = 0) -> Worker:
    """From columns of `workers`."""
    return Worker(
        id=WorkerId(row[at]),
        name=row[at + 1],
        pools=tuple(loads(row[at + 2])),
        slots=row[at + 3],
        process_slots=row[at + 4],
        version=row[at + 5],
        started_at=from_ms(row[at + 6]),
        beat=row[at + 7],
        stopped_at=instant(row[at + 8]),
    )


def _shown(at: int | None) -> str | None:
    return None if at is None else shown(from_ms(at))


def _json(text: str) -> str:
    """`text` where it is JSON, else the JSON string that says it: a damaged definition is shown, not repaired."""
    try:
        loads(text)
    except ValueError:
        return dumps(text)
    return text
