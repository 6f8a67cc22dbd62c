"""Lists, all of one form: `items`, `next_cursor`, and `total` where it was asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from horarium.api.calendar_views import CalendarRowView
from horarium.api.encoding import Reply, encoder
from horarium.api.house_views import PoolView, TokenView, WorkerView
from horarium.api.views import AttemptView, LoggedRun, LoggedSkip, RevisionView, RunView, SkipView, TaskView
from horarium.core.errors import BadValue
from horarium.core.page import PageOf, Window

R = TypeVar("R")
V = TypeVar("V")

POSITION_MAX: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`total` is null unless it was asked for."""

    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage(Page):
    items: tuple[TaskView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage(Page):
    items: tuple[RunView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage(Page):
    items: tuple[LoggedRun | LoggedSkip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipPage(Page):
    items: tuple[SkipView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPage(Page):
    items: tuple[AttemptView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionPage(Page):
    items: tuple[RevisionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPage(Page):
    items: tuple[WorkerView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPage(Page):
    items: tuple[PoolView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePage(Page):
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage(Page):
    items: tuple[CalendarRowView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPage(Page):
    items: tuple[TokenView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedTasks:
    items: tuple[TaskView, ...]


P = TypeVar("P", bound=Page)


def page(shape: type[P], rows: PageOf[R], view: Callable[[R], V]) -> Reply[P]:
    """A page of the store's, each row seen by `view`."""
    return Reply(encoded_page(shape, rows, view))


def encoded_page(shape: type[P], rows: PageOf[R], view: Callable[[R], V]) -> bytes:
    made: Callable[..., P] = shape
    items = tuple(view(row) for row in rows.items)
    return encoder(shape).encode(made(items=items, next_cursor=rows.next_cursor, total=rows.total))


def cut(items: Sequence[R], window: Window) -> PageOf[R]:
    """The window of a list that is short enough to be held whole; its cursor is a position. Raises BadValue."""
    start = _position(window.cursor)
    end = start + window.limit
    return PageOf(
        items=tuple(items[start:end]),
        next_cursor=str(end) if end < len(items) else None,
        total=len(items) if window.total else None,
    )


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= POSITION_MAX):
        raise BadValue("cursor", "is not one that was given out", "use the next_cursor of the page before")
    return int(cursor)


def as_it_is(item: Any) -> Any:
    return item
