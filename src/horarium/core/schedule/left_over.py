"""From the exceptions of a schedule to what they leave of its rule."""

from collections.abc import Sequence
from typing import Literal

from horarium.core.schedule.day_sets import DaySet, united
from horarium.core.schedule.excluded import Excluded, LeftOver
from horarium.core.schedule.rolled import Rolled
from horarium.core.schedule.rule import Due, Rule
from horarium.core.schedule.zone import zone
from horarium.core.schedule.zoned_days import Cover, ZonedDays


def left_over(
    rule: Rule, days: Sequence[tuple[str, DaySet]], out: Sequence[Due], roll: Literal["none", "forward", "back"]
) -> LeftOver:
    """`days`: each with the name of its zone; with `roll` there is one at least, and all are of one zone. `out`: the schedules
    whose instants are left out."""
    if roll == "none":
        return Excluded(rule, Cover(days), out)
    (name,) = {name for name, _ in days}
    return Rolled(rule, ZonedDays(zone(name), united([one for _, one in days])), out, forward=roll == "forward")
