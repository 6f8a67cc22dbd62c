"""From the clauses of a phrase to its schedule: the rule first, then what is left out, then the bounds."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from horarium.core.errors import BadPhrase, BadValue
from horarium.core.instants import MILLISECOND
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.bounds import OCCURRENCES_MAX
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.local import shown_extended
from horarium.core.schedule.once import Once
from horarium.core.schedule.phrases.attached import check_attached, check_shared_ordinal
from horarium.core.schedule.phrases.bound_days import when
from horarium.core.schedule.phrases.dates import one_time, reads_zone
from horarium.core.schedule.phrases.exclusions import exclusions, zone_of
from horarium.core.schedule.phrases.recurring import recurring
from horarium.core.schedule.phrases.repeats import note_repeats
from horarium.core.schedule.phrases.rrule import by_rule
from horarium.core.schedule.phrases.said import MODIFIERS, Clause, Context, Said, children, named, seconds, today
from horarium.core.schedule.phrases.sections import sections
from horarium.core.schedule.phrases.timed_intervals import time_of_one_day
from horarium.core.schedule.phrases.times import length, shown_time, time_of_day
from horarium.core.schedule.phrases.word import Word
from horarium.core.schedule.schedule import Exclusion, Schedule
from horarium.core.schedule.zone import zone

SO_LONG_MAX: Final = 1_000 * 366 * 86_400
_ONCE: Final = ("dates", "relative", "today", "now", "next")
_BROUGHT_BY: Final = {
    "jitter_seconds": ("jitter",),
    "ends_at": ("until", "for_so_long"),
    "starts_at": ("starting", "starting_now"),
    "max_occurrences": ("count",),
    "except": ("except_",),
    "roll": ("roll",),
    "seconds": ("every", "every_unit", "every_other_unit"),
    "schedules": ("groups",),
    "expression": ("days", "in_months"),
    "rule": ("rule", "days"),
    "start": ("rule", "counted_from"),
}


def build(tree: Any, context: Context, outer_zone: str | None = None) -> Schedule:
    """The schedule of a tree of clauses. `outer_zone`: of the phrase around a bracket."""
    said = Said(tree, context)
    check_attached(said)
    check_shared_ordinal(said)
    clause = said.one("zone")
    own = None if clause is None else zone_of(context, next(word for word in clause.nodes if word.type == "ZONE"))
    zone_name = own or outer_zone or context.default_zone
    zone_said = own or outer_zone
    _check_until(said, zone_name)
    try:
        rule = _rule(said, zone_name, zone_said)
        if not isinstance(rule, Once):
            note_repeats(said, rule, zone_name)
        return _whole(said, rule, zone_name, zone_said)
    except BadPhrase:
        raise
    except BadValue as refused:
        # What the schedules themselves refuse: a day that no year has, bounds that contradict each other.
        raise context.refuse(_blamed(said, refused.field), refused.message, refused.remedy) from refused


def _check_until(said: Said, zone_name: str) -> None:
    """Raises BadPhrase for "until 18:00": of today, or of every day."""
    clause = said.one("until_time")
    if clause is None:
        return
    context, last = said.context, clause.nodes[-1]
    dated = time_of_one_day(said, clause, zone_name)
    if dated is not None:
        raise context.refuse(clause.word, "the day of this time stands behind it", "name the day first", dated)
    time = shown_time(time_of_day(context, last))
    start = said.one("from_time")
    begin, first = (clause.word, "00:00") if start is None else (start.word, None)
    if start is not None:
        first = shown_time(time_of_day(context, start.nodes[-1]))
    offers = [context.instead(begin, last, f"from {first} to {time}")]
    if start is None:
        offers.append(context.instead(clause.word, last, f"until {today(zone_name, context.now)} {time}"))
    raise context.refuse(
        clause.word, "until that time of each day, or of one day?", "say the day, or a window", *offers
    )


def _blamed(said: Said, field: str) -> Word:
    """The word that brought a member of the schedule in."""
    names = _BROUGHT_BY.get(field.split(".")[0], ())
    found = said.all(*names)
    return found[0].word if found else said.clauses[0].word


def _rule(said: Said, zone_name: str, zone_said: str | None) -> Schedule:
    context = said.context
    if not any(clause.name not in MODIFIERS for clause in said.clauses):
        word = said.clauses[0].word
        raise context.refuse(word, "it is not said when", "name times or days, e.g. every day at 9:00")
    groups = said.one("groups")
    if groups is not None:
        return _groups(said, groups, zone_said)
    rule = said.one("rule")
    if rule is not None:
        return by_rule(said, rule, zone_name)
    parts = sections(said)
    if parts:
        return AnyOf(kind="any_of", schedules=tuple(_rule(part, zone_name, zone_said) for part in parts))
    if said.has(*_ONCE, "once") or _with_year(said):
        return one_time(said, zone_name, zone_said)
    made = recurring(said, zone_name)
    if zone_said is None and (not isinstance(made, Every) or reads_zone(said)):
        context.note(f"times are those of {zone_name}, as no place was named")
    return made


def _with_year(said: Said) -> bool:
    return any(
        isinstance(part, Word) and part.type == "YEAR"
        for clause in said.all("days")
        if named(clause.nodes[-1]) == "month_days"
        for day in children(clause.nodes[-1])
        if not isinstance(day, Word)
        for part in children(day)
    )


def _groups(said: Said, clause: Clause, zone_said: str | None) -> Schedule:
    for other in said.clauses:
        if other.name not in MODIFIERS and other is not clause:
            raise said.context.refuse(other.word, "this belongs inside a bracket", "write (one) or (other)")
    groups = [node for node in clause.nodes if not isinstance(node, Word)]
    members = tuple(_group(said.context, node, zone_said) for node in groups)
    if len(members) == 1 and isinstance(clause.nodes[0], Word) is False:
        return members[0]
    return AnyOf(kind="any_of", schedules=members)


def _group(context: Context, node: Any, zone_said: str | None) -> Schedule:
    inside = next(part for part in children(node) if not isinstance(part, Word))
    return build(inside, context, zone_said)


def _whole(said: Said, rule: Schedule, zone_name: str, zone_said: str | None) -> Schedule:
    """The rule with its exceptions and bounds."""
    context = said.context
    changes: dict[str, Any] = {}
    zones = rule.zones()
    has_zone = len(zones) == 1
    list_zone = None if has_zone else zone_name
    found = exclusions(
        said,
        rule,
        next(iter(zones)) if has_zone else zone_name,
        list_zone,
        lambda node: _group(context, node, zone_said),
    )
    if (
        list_zone is not None
        and zone_said is None
        and any(getattr(each, "timezone", None) == list_zone for each in found)
    ):
        context.note(f"the days left out are those of {list_zone}, as no place was named")
    roll = said.one("roll")
    if roll is not None:
        way, working = roll.word.value
        changes["roll"] = way
        if working and not any(
            isinstance(each, Weekdays) and {"saturday", "sunday"} <= set(each.days) for each in found
        ):
            found.append(Weekdays(kind="weekdays", days=("saturday", "sunday"), timezone=list_zone))
            context.note("Saturdays and Sundays are left out, so that the day moved to is a working day")
        if working and not any(isinstance(each, Holidays | CalendarDays) for each in found):
            context.note('working days are Monday to Friday; write "except holidays" to move off public holidays too')
    if found:
        changes["except_"] = tuple(found)
        _note_missed(context, rule, found)
    of_members = isinstance(rule, AnyOf) and has_zone and zone_said is None
    changes |= _bounds(said, next(iter(zones)) if of_members else zone_name)
    if said.has("gap_skip"):
        changes |= {"dst_gap": "skip"}
    if said.has("fold_both"):
        changes |= {"dst_fold": "both"}
    if said.has("if_past"):
        changes |= {"if_past": "run"}
    for field, name in (("dst_gap", "gap_skip"), ("dst_fold", "fold_both"), ("if_past", "if_past")):
        if field in changes and not hasattr(rule, field):
            clause = said.one(name)
            assert clause is not None
            raise context.refuse(clause.word, "this schedule has no such choice", "leave it out")
    already = [name for name in changes if getattr(rule, name) not in (None, (), "none", 0, "run_after", "first")]
    if already and isinstance(rule, AnyOf) is False:
        return _over(rule, changes)
    if (
        isinstance(rule, Every)
        and rule.anchor is None
        and "starts_at" in changes
        and not said.has("counted_from", "counted_saved")
    ):
        changes["anchor"] = changes["starts_at"]
        if changes["starts_at"] < context.now:
            _note_first(context, replace(rule, **changes), zone_name)
    return replace(rule, **changes) if changes else rule


def _note_missed(context: Context, rule: Schedule, left_out: list[Exclusion]) -> None:
    """ "every hour except (every day at noon)": counted from 11:20:07, it never names noon."""
    lists = Dates | Weekdays | Holidays | CalendarDays
    grains = [each.grain_ms() for each in left_out if not isinstance(each, lists)]
    if isinstance(rule, Every) and rule.anchor is None and any(rule.grain_ms() % grain for grain in grains):
        context.note('an interval may never meet the very instants left out; write "by the clock" to meet them')


def _note_first(context: Context, rule: Schedule, zone_name: str) -> None:
    """ "every other day starting today": its 00:00 has passed."""
    due = rule.next_due(context.now)
    if due is not None:
        local = shown_extended(zone(zone_name).reading(seconds(due))).replace("T", " ").removesuffix(":00")
        context.note(f"where it starts has passed: the first to come is {local} in {zone_name}")


def _over(rule: Schedule, changes: dict[str, Any]) -> Schedule:
    """A bracket that has bounds of its own gets the outer ones around it."""
    return replace(AnyOf(kind="any_of", schedules=(rule,)), **changes)


def _bounds(said: Said, zone_name: str) -> dict[str, Any]:
    context = said.context
    bounds: dict[str, Any] = {}
    starting = said.one("starting", "starting_now")
    if starting is not None:
        bounds["starts_at"] = (
            context.now if starting.name == "starting_now" else when(said, starting, zone_name, end=False)
        )
    until = said.one("until", "for_so_long")
    if until is not None and until.name == "until":
        bounds["ends_at"] = when(said, until, zone_name, end=True)
    elif until is not None:
        bounds["ends_at"] = _so_long(context, until, bounds.get("starts_at", context.now))
    count = said.one("count")
    if count is not None:
        if not isinstance(count.word.value, int) or not 1 <= count.word.value <= OCCURRENCES_MAX:
            raise context.refuse(count.word, "not a number of times", "write a whole number above 0")
        bounds["max_occurrences"] = count.word.value
    jitter = said.one("jitter")
    if jitter is not None:
        bounds["jitter_seconds"] = _elapsed(context, jitter.nodes[-1])
    return bounds


def _so_long(context: Context, clause: Clause, start: datetime) -> datetime:
    word = clause.nodes[-1]
    seconds = _elapsed(context, word)
    if seconds > SO_LONG_MAX:
        raise context.refuse(clause.word, "longer than a thousand years", "leave it out")
    end = start + timedelta(seconds=seconds) - MILLISECOND
    written = context.text[word.start : word.end]
    context.note(f"it ends {written} after {'it starts' if start != context.now else 'now'}, that instant not included")
    return end


def _elapsed(context: Context, word: Word) -> int | float:
    seconds = length(context, word).seconds
    if seconds is None:
        raise context.refuse(word, "months have no fixed length", "write days or weeks")
    return seconds
