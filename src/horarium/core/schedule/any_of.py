"""Several schedules as one: due whenever one of them is, once where several name the same instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import gcd
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from horarium.core.errors import BadValue
from horarium.core.schedule.bounds import WALKED_PER_DAY_MAX, Bounded, check_bounds, check_left_over
from horarium.core.schedule.excluded import is_out
from horarium.core.schedule.rule import walk
from horarium.core.shape import Later

MEMBERS_MAX: Final = 20


def _schedule() -> Any:
    from horarium.core.schedule.schedule import Schedule

    return Schedule


if TYPE_CHECKING:
    from horarium.core.schedule.schedule import Schedule
else:  # the union has this very shape as one of its members
    Schedule: TypeAlias = Annotated[Any, Later(_schedule)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Bounded):
    """The members keep their own bounds and exceptions; those of the whole come on top."""

    kind: Literal["any_of"]
    schedules: tuple[Schedule, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.schedules) <= MEMBERS_MAX:
            raise BadValue("schedules", f"from 1 to {MEMBERS_MAX} schedules", "put further ones into an any_of inside")
        check_bounds(self)
        _check_density(self)
        check_left_over(self)

    def inner(self) -> tuple[tuple[str, Bounded], ...]:
        members = tuple((f"schedules.{index}", member) for index, member in enumerate(self.schedules))
        return members + Bounded.inner(self)

    def zones(self) -> frozenset[str]:
        return frozenset[str]().union(*(member.zones() for member in self.schedules))

    def per_day(self) -> float:
        return sum(member.per_day() for member in self.schedules)

    def grain_ms(self) -> int:
        # Rolling sets instants anew by a clock that need not begin its minutes with those of the rule.
        return gcd(*(gcd(one.grain_ms(), 60_000 if one.roll == "none" else 1_000) for one in self.schedules))

    def repeats_after(self) -> timedelta | None:
        found = timedelta(0)
        for member in self.schedules:
            length = member.repeats_after() if member.plain() else None
            if length is None:
                return None
            found = max(found, length)
        return found

    def searches(self) -> bool:
        return any(member.except_ or member.searches() for member in self.schedules)

    def _next(self, after: datetime) -> datetime | None:
        return min((due for one in self.schedules if (due := one.next_due(after)) is not None), default=None)

    def _last(self, through: datetime) -> datetime | None:
        return max((due for one in self.schedules if (due := one.last_due(through)) is not None), default=None)

    def _names(self, instant: datetime) -> bool:
        return any(one.names(instant) for one in self.schedules)

    def _count(self, after: datetime, through: datetime) -> int:
        """The member with most instants is only counted; those of the others are tested against the ones with more."""
        counted = [(one.count(after, through), one) for one in dict.fromkeys(self.schedules)]
        counted.sort(key=lambda pair: pair[0], reverse=True)
        total, denser = counted[0][0], [counted[0][1]]
        for count, one in counted[1:]:
            if not count:
                break
            total += sum(not is_out(denser, due) for due in walk(one.next_due, after, count))
            denser.append(one)
        return total


def _check_density(whole: AnyOf) -> None:
    densities = sorted((one.per_day(), index) for index, one in enumerate(whole.schedules))
    for density, index in densities[:-1]:
        if density > WALKED_PER_DAY_MAX:
            message = f"only one member may name more than {WALKED_PER_DAY_MAX:,} instants a day, this one names {density:,.0f}"
            raise BadValue(
                f"schedules.{index}", message, "join the dense ones in one expression, or make two tasks of them"
            )
