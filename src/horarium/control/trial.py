"""An action tried once, before anybody saves it. Its run belongs to a task that is deleted from birth: no list shows that
task, nothing of it is ever due, and the janitor forgets both after a day."""

from typing import Final

from horarium.control.announce import Announce
from horarium.control.settings import Settings
from horarium.control.task_controller import check_shell
from horarium.core.access import Caller
from horarium.core.action import Action
from horarium.core.errors import BadValue
from horarium.core.ids import RANDOM_BYTES, RunId, TaskId, stamped_id
from horarium.core.plan import new_run
from horarium.core.policy import Keep, Policy
from horarium.core.run import Cause
from horarium.core.schedule.once import Once
from horarium.core.schedule.zone import tzdata_version
from horarium.core.task import Task
from horarium.ports.clock import Clock
from horarium.ports.random import Random
from horarium.ports.store import Committed, RunStore

TRIAL_NAME: Final = "test"
TRIAL_SECONDS_MAX: Final = 3_600
KEPT_DAYS: Final = 1


class Trial:
    def __init__(
        self, *, store: RunStore, clock: Clock, random: Random, announce: Announce, settings: Settings
    ) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._announce = announce
        self._settings = settings

    async def begin(self, action: Action, timeout_seconds: float | None, pool: str, by: Caller) -> RunId:
        """One attempt, not made up for where its worker dies. Raises NotAllowed, BadValue."""
        await check_shell([action], self._settings)
        if timeout_seconds is not None and timeout_seconds > TRIAL_SECONDS_MAX:
            raise BadValue("timeout_seconds", f"a test lasts {TRIAL_SECONDS_MAX} s at most", "save it as a task")
        now = self._clock.now()
        limit = TRIAL_SECONDS_MAX if timeout_seconds is None else timeout_seconds
        born = Task(
            name=TRIAL_NAME,
            schedule=Once(kind="once", at=now),
            action=action,
            policy=Policy(timeout_seconds=limit, overlap="allow", on_lost="fail", keep=Keep(days=KEPT_DAYS)),
            pool=pool,
            id=TaskId(stamped_id(now, self._random.bytes(RANDOM_BYTES))),
            revision=1,
            created_at=now,
            created_by=by.name,
            updated_at=now,
            deleted_at=now,
        )
        run_id = RunId(stamped_id(now, self._random.bytes(RANDOM_BYTES)))
        run = new_run(born, run_id, Cause.TEST, now, now, tzdata_version(), created_by=by.name)
        await self._store.add_trial(born, run, now)
        self._announce.committed(Committed(planned=(), claims=(), waiting=(run,), cancelled=()))
        return run_id
