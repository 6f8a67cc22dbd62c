"""What a phrase said, clause by clause, and the one place where refusals and notes are made."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from horarium.core.errors import BadPhrase
from horarium.core.instants import EPOCH, LAST_MS
from horarium.core.schedule.local import EPOCH_ORDINAL, shown_extended
from horarium.core.schedule.phrases.word import Word, refuse
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

if TYPE_CHECKING:
    from lark import Tree


MODIFIERS: Final = frozenset(
    {
        "zone",
        "starting",
        "starting_now",
        "until",
        "count",
        "for_so_long",
        "jitter",
        "except_",
        "roll",
        "gap_skip",
        "fold_both",
        "if_past",
    }
)
"""Clauses that may stand beside any rule."""
PACES: Final = (
    "every",
    "every_unit",
    "every_other_unit",
    "freq",
    "half_year",
    "minutes_past",
    "fortnight",
    "per",
    "every_other_days",
)
_WINDOWS: Final = ("between", "stretch")
DAY_CLAUSES: Final = ("days", "in_months", "only_if", "or_", "of_month")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its name in the grammar, what it holds, and its first word."""

    name: str
    nodes: tuple[Any, ...]
    word: Word


@dataclass(slots=True)
class Context:
    """What a phrase is read against. `notes` gathers what had to be assumed."""

    text: str
    now: datetime
    default_zone: str
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def refuse(self, word: Word, message: str, remedy: str | None = None, *offers: str) -> BadPhrase:
        return refuse(self.text, word, message, remedy, offers=offers)

    def written(self, clause: Clause) -> str:
        return self.text[clause.word.start : last_word(clause.nodes[-1] if clause.nodes else clause.word).end]

    def instead(self, first: Word, last: Word, replacement: str) -> str:
        """The whole text with the words from `first` to `last` replaced."""
        return self.text[: first.start] + replacement + self.text[last.end :]


class Said:
    """The clauses of one phrase by name."""

    def __init__(self, tree: "Tree[Any]", context: Context) -> None:
        self.context = context
        self.clauses = [
            Clause(str(node.data), tuple(leaf(child) for child in node.children), first_word(node))
            for node in tree.children
            if not hasattr(node, "type")
        ]

    @classmethod
    def of(cls, clauses: list[Clause], context: Context) -> "Said":
        """Some of the clauses of a phrase."""
        part = cls.__new__(cls)
        part.context, part.clauses = context, clauses
        return part

    def all(self, *names: str) -> list[Clause]:
        return [clause for clause in self.clauses if clause.name in names]

    def has(self, *names: str) -> bool:
        return any(clause.name in names for clause in self.clauses)

    def only(self, *names: str) -> None:
        """Raises BadPhrase at the first clause that is neither one of these nor one that fits every schedule."""
        for clause in self.clauses:
            if clause.name not in MODIFIERS and clause.name not in names:
                raise self.context.refuse(
                    clause.word, "this does not belong beside the rest", "leave it out, or write (one) or (other)"
                )

    def one(self, *names: str) -> Clause | None:
        """The clause of one of these names. Raises BadPhrase at the second one."""
        found = self.all(*names)
        if len(found) > 1:
            raise self.context.refuse(
                found[1].word,
                "this is said twice",
                "say it once, or join two schedules: (first) or (second)",
                *self._as_two(found[0], found[1]),
            )
        return found[0] if found else None

    def _as_two(self, first: Clause, second: Clause) -> list[str]:
        """The text as two schedules: "(every hour on weekdays) or (every 2 hours on weekends)"."""
        context = self.context
        if first.name in _WINDOWS:  # everything else belongs to both
            kept = [[clause for clause in self.clauses if clause is not gone] for gone in (second, first)]
            ordered = [sorted(clauses, key=lambda clause: clause.name in MODIFIERS) for clauses in kept]
            parts = [" ".join(context.written(clause) for clause in clauses) for clauses in ordered]
        else:
            day = next((clause for clause in (first, second) if _every_day(clause)), None)
            if day is not None and not self.has("times"):  # "every day every 15 minutes between 9 and 17"
                before, behind = context.text[: day.word.start], context.text[last_word(day.nodes[-1]).end :]
                return [f"{before}{behind.lstrip(' ,')}".strip(" ,")]
            if first.name not in PACES or self.has(*MODIFIERS):
                return []
            parts = self._around(second)
        return [] if any("(" in part for part in parts) else [f"({parts[0]}) or ({parts[1]})"]

    def _around(self, clause: Clause) -> list[str]:
        """What stands before a clause, and it with all that follows."""
        text, at = self.context.text, clause.word.start
        return [text[:at].rstrip(" ,;").removesuffix(" and").rstrip(" ,"), text[at:].rstrip(" .!")]


def _every_day(clause: Clause) -> bool:
    return clause.name in ("freq", "every_unit") and clause.nodes[-1].value == "day"


def leaf(node: Any) -> Any:
    """A token's word; a tree as it is."""
    return node.value if hasattr(node, "type") and not hasattr(node, "data") else node


def first_word(node: Any) -> Word:
    while not isinstance(node, Word):
        node = node.children[0] if hasattr(node, "data") else node.value
    return node


def last_word(node: Any) -> Word:
    while not isinstance(node, Word):
        node = node.children[-1] if hasattr(node, "data") else node.value
    return node


def named(node: Any) -> str:
    """The name of a tree, the terminal of a word."""
    return node.type if isinstance(node, Word) else str(node.data)


def children(node: Any) -> list[Any]:
    return [leaf(child) for child in node.children]


def today(zone_name: str, now: datetime) -> date:
    """The local day at `now`."""
    return date.fromordinal(zone(zone_name).reading(seconds(now)) // DAY + EPOCH_ORDINAL)


def seconds(instant: datetime) -> int:
    since = instant - EPOCH
    return since.days * DAY + since.seconds


def reading(day: date, time: int) -> int:
    """The local reading of a day and a second of it."""
    return (day.toordinal() - EPOCH_ORDINAL) * DAY + time


def instant_at(context: Context, word: Word, zone_name: str, local: int) -> datetime:
    """The first instant at which the clock of the zone has come to this reading. Raises BadPhrase outside 1970 to 9999."""
    return instant_of(context, word, zone(zone_name).second(local))


def instant_of(context: Context, word: Word, second: int) -> datetime:
    """The instant of a second since 1970. Raises BadPhrase where the books cannot hold it."""
    if not 0 <= second <= LAST_MS // 1000:
        raise context.refuse(word, "outside the years 1970 to 9999", "name another day")
    return EPOCH + timedelta(seconds=second)


def exact_instant(context: Context, word: Word, zone_name: str, local: int) -> datetime:
    """Like instant_at. Raises BadPhrase where the reading is skipped or repeated by a clock change."""
    clock = zone(zone_name)
    second = clock.second(local)
    shown = shown_extended(local)
    if clock.reading(second) != local:
        after = shown_extended(clock.reading(second))
        raise context.refuse(
            word, f"the clocks of {zone_name} skip {shown}", f"the first time after it is {after}", after
        )
    later = next((at for at in _passes(zone_name, local) if at != second), None)
    if later is not None:
        both = tuple(
            (EPOCH + timedelta(seconds=at)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for at in (second, later)
        )
        raise context.refuse(word, f"the clocks of {zone_name} show {shown} twice", "say which, in UTC", *both)
    return instant_of(context, word, second)


def _passes(zone_name: str, local: int) -> list[int]:
    """Every second at which the clock shows this reading."""
    clock = zone(zone_name)
    second = clock.second(local)
    around = {local - offset for at in (second - DAY, second, second + DAY) for offset in [clock.reading(at) - at]}
    return sorted(at for at in around if clock.reading(at) == local)
