"""What the rules say of each occurrence, one after another: written from the rules, nothing of the planner imported.

Slow and plain on purpose: it is told every occurrence and looks at each.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MISSED_AFTER = timedelta(seconds=30)
Age = Callable[[datetime], timedelta]
"""How long ago an occurrence was to be decided."""


@dataclass(frozen=True)
class Rules:
    overlap: str
    mode: str
    window: timedelta
    max_runs: int


@dataclass
class Held:
    """Whether a run counts for overlap, whether it is running, and how many wait behind it."""

    present: bool
    running: bool
    behind: int


@dataclass(frozen=True)
class Verdict:
    """`what` is the cause of a run or the reason of a skip; `place` is holder, free, behind, or None for a skip."""

    due: datetime
    what: str
    place: str | None = None


def verdicts(
    dues: Sequence[datetime],
    now: datetime,
    rules: Rules,
    held: Held,
    *,
    left: int | None,
    paused: bool = False,
    until: datetime | None = None,
    moved: Mapping[datetime, datetime] | None = None,
    skipped: Collection[datetime] = (),
) -> list[Verdict]:
    """`dues`: every occurrence not decided yet and not after `now`, oldest first. `left`: what max_occurrences leaves.

    A person `moved` some to other instants and `skipped` others: then `dues` are in the order of the instants at which they
    are decided, and whatever looks at a time looks at that one.
    """
    if left is not None:
        dues = dues[: max(0, left)]
    when = {due: (moved or {}).get(due, due) for due in dues}
    answers = [Verdict(due, "skipped_by_user") for due in dues if due in skipped]
    awake = []
    for due in dues:
        if due in skipped:
            continue
        if paused and (until is None or when[due] < until):
            answers.append(Verdict(due, "paused"))
        else:
            awake.append(due)
    answers += _awake(awake, lambda due: now - when[due], rules, held)
    assert sorted(answer.due for answer in answers) == sorted(dues)
    return sorted(answers, key=lambda answer: answer.due)


def _awake(dues: Sequence[datetime], age: Age, rules: Rules, held: Held) -> list[Verdict]:
    if not any(age(due) > MISSED_AFTER for due in dues):
        return _asked(dues, age, rules, held)
    answers = [Verdict(due, "too_old") for due in dues if age(due) > rules.window]
    dues = [due for due in dues if age(due) <= rules.window]
    if rules.mode == "none":
        answers += [Verdict(due, "missed") for due in dues if age(due) > MISSED_AFTER]
        return answers + _asked([due for due in dues if age(due) <= MISSED_AFTER], age, rules, held)
    if rules.mode == "latest" or rules.overlap == "replace":
        answers += [Verdict(due, "coalesced") for due in dues[:-1]]
        return answers + _asked(dues[-1:], age, rules, held)
    for number, due in enumerate(dues):
        if len(dues) - number > rules.max_runs:
            answers.append(Verdict(due, "limit"))
        elif rules.overlap == "allow":
            answers.append(Verdict(due, _cause(age(due)), "free"))
        elif held.present:
            held.behind += 1
            answers.append(Verdict(due, _cause(age(due)), "behind"))
        else:
            held.present, held.running = True, False
            answers.append(Verdict(due, _cause(age(due)), "holder"))
    return answers


def _asked(dues: Sequence[datetime], age: Age, rules: Rules, held: Held) -> list[Verdict]:
    answers = []
    for due in dues:
        if rules.overlap == "replace" and due != dues[-1]:
            answers.append(Verdict(due, "coalesced"))
        elif rules.overlap == "allow":
            answers.append(Verdict(due, _cause(age(due)), "free"))
        elif not held.present:
            held.present, held.running = True, False
            answers.append(Verdict(due, _cause(age(due)), "holder"))
        elif rules.overlap == "skip":
            answers.append(Verdict(due, "overlap"))
        elif rules.overlap == "queue":
            if held.behind:
                answers.append(Verdict(due, "coalesced"))
            else:
                held.behind = 1
                answers.append(Verdict(due, _cause(age(due)), "behind"))
        elif held.running:
            held.behind = 1
            answers.append(Verdict(due, _cause(age(due)), "behind"))
        else:
            held.behind = 0
            answers.append(Verdict(due, _cause(age(due)), "holder"))
    return answers


def _cause(age: timedelta) -> str:
    return "catch_up" if age > MISSED_AFTER else "schedule"
