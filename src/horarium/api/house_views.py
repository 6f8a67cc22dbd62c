"""What answers about the installation itself look like: workers, pools, figures, sign-in, tokens, settings, health."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from horarium.api.bodies import RoleName
from horarium.control.access import Identified, NewToken, OneTimeKey, SignedIn
from horarium.control.condition import Readiness, Stats
from horarium.control.settings import Preferences
from horarium.core.access import Role, Token
from horarium.core.ids import to_ulid
from horarium.core.override import Override
from horarium.core.page import PoolRow
from horarium.core.worker import Worker
from horarium.ports.engine import SchedulerState

ROLES: Mapping[RoleName, Role] = {
    "viewer": Role.VIEWER,
    "operator": Role.OPERATOR,
    "editor": Role.EDITOR,
    "admin": Role.ADMIN,
}
ROLE_NAMES: Mapping[Role, RoleName] = {role: name for name, role in ROLES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerView:
    """`pools` empty means every pool."""

    id: str
    name: str
    pools: tuple[str, ...]
    slots: int
    process_slots: int
    version: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolView:
    """`waiting`: ready runs without a slot."""

    name: str
    workers: int
    slots: int
    running: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerView:
    """`absent`: no scheduler in the process that answers; another one may be at work."""

    state: SchedulerState
    behind_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessView:
    p50: int | None
    p99: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCounts:
    """States may overlap, so they need not add up to the total."""

    total: int
    active: int
    paused: int
    broken: int
    deleted: int
    running: int
    failing: int
    late: int
    ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    waiting: int
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsView:
    now: datetime
    timezone: str
    scheduler: SchedulerView
    lateness_ms: LatenessView
    tasks: TaskCounts
    runs: RunCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """`expires_at` null: until the token is revoked."""

    name: str
    role: RoleName
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A one-time key and the link that carries it in its fragment."""

    key: str
    link: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    id: str
    name: str
    prefix: str
    role: RoleName
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTokenView(TokenView):
    """`token` is shown this once."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """`timezone` is offered for new tasks; without `allow_shell` no task with a shell line is saved."""

    timezone: str
    allow_shell: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideView:
    """The occurrence of `due_at` is skipped, or moved to another instant; `by` asked for it `at` an instant."""

    due_at: datetime
    skip: bool
    move_to: datetime | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcomingView:
    """`overrides`: occurrences skipped, which are not among the instants, or moved, which are where they were moved to."""

    due: tuple[datetime, ...]
    overrides: tuple[OverrideView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliveView:
    status: Literal["alive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyView:
    """`troubles`: one sentence for each thing that makes it not ready."""

    status: Literal["ready", "not_ready"]
    troubles: tuple[str, ...]
    scheduler: SchedulerState
    versions: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeView:
    name: str
    version: str
    api: str
    openapi: str


def override_view(override: Override) -> OverrideView:
    skip = override.moved_to is None
    return OverrideView(due_at=override.due_at, skip=skip, move_to=override.moved_to, by=override.by, at=override.at)


def upcoming_view(due: tuple[datetime, ...], overrides: tuple[Override, ...]) -> UpcomingView:
    return UpcomingView(due=due, overrides=tuple(override_view(override) for override in overrides))


def worker_view(worker: Worker) -> WorkerView:
    return WorkerView(
        id=to_ulid(worker.id),
        name=worker.name,
        pools=worker.pools,
        slots=worker.slots,
        process_slots=worker.process_slots,
        version=worker.version,
        started_at=worker.started_at,
    )


def pool_view(row: PoolRow) -> PoolView:
    return PoolView(name=row.name, workers=row.workers, slots=row.slots, running=row.running, waiting=row.waiting)


def stats_view(stats: Stats) -> StatsView:
    tasks = stats.counts.tasks
    return StatsView(
        now=stats.now,
        timezone=stats.timezone,
        scheduler=SchedulerView(state=stats.scheduler, behind_seconds=stats.behind_seconds),
        lateness_ms=LatenessView(p50=stats.lateness_p50_ms, p99=stats.lateness_p99_ms),
        tasks=TaskCounts(**{name: tasks.get(name, 0) for name in TaskCounts.__dataclass_fields__}),
        runs=RunCounts(waiting=stats.counts.waiting, running=stats.counts.running),
    )


def session_view(who: Identified) -> SessionView:
    return SessionView(name=who.caller.name, role=ROLE_NAMES[who.caller.role], expires_at=who.expires_at)


def signed_in_view(signed: SignedIn) -> SessionView:
    session = signed.session
    return SessionView(name=session.name, role=ROLE_NAMES[session.role], expires_at=session.expires_at)


def key_view(key: OneTimeKey, public_url: str) -> KeyView:
    return KeyView(key=key.key, link=f"{public_url}/setup#k={key.key}", expires_at=key.expires_at)


def token_view(token: Token) -> TokenView:
    return TokenView(**_token(token))


def new_token_view(new: NewToken) -> NewTokenView:
    return NewTokenView(**_token(new.token), token=new.text)


def _token(token: Token) -> dict[str, Any]:
    return {
        "id": to_ulid(token.id),
        "name": token.name,
        "prefix": token.prefix,
        "role": ROLE_NAMES[token.role],
        "created_at": token.created_at,
        "created_by": token.created_by,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


def settings_view(preferences: Preferences) -> SettingsView:
    return SettingsView(timezone=preferences.timezone, allow_shell=preferences.allow_shell)


def ready_view(readiness: Readiness, versions: Mapping[str, str]) -> ReadyView:
    return ReadyView(
        status="not_ready" if readiness.troubles else "ready",
        troubles=readiness.troubles,
        scheduler=readiness.pulse.scheduler,
        versions=dict(versions),
    )
