"""What has been committed, announced to whoever listens. Events are hints and are not stored."""

from dataclasses import dataclass
from typing import TypeAlias

from horarium.core.ids import RunId, TaskId
from horarium.core.run import RunState


@dataclass(frozen=True, slots=True)
class TaskChanged:
    task_id: TaskId


@dataclass(frozen=True, slots=True)
class RunChanged:
    run_id: RunId
    task_id: TaskId
    state: RunState


@dataclass(frozen=True, slots=True)
class OutputGrew:
    run_id: RunId
    size: int


Event: TypeAlias = TaskChanged | RunChanged | OutputGrew
