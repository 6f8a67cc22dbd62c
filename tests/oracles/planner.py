"""What the rules say of each occurrence, one after another: written from the rules, nothing of the planner imported.

Slow and plain on purpose: it is told every occurrence and looks at each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MISSED_AFTER = timedelta(seconds=30)


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
) -> list[Verdict]:
    """`dues`: every occurrence not decided yet and not after `now`, oldest first. `left`: what max_occurrences leaves."""
    if left is not None:
        dues = dues[: max(0, left)]
    answers = []
    awake = []
    for due in dues:
        if paused and (until is None or due < until):
            answers.append(Verdict(due, "paused"))
        else:
            awake.append(due)
    answers += _awake(awake, now, rules, held)
    assert [a.due for a in answers] == list(dues)
    return answers


def _awake(dues: Sequence[datetime], now: datetime, rules: Rules, held: Held) -> list[Verdict]:
    if not any(now - due > MISSED_AFTER for due in dues):
        return _asked(dues, now, rules, held)
    answers = [Verdict(due, "too_old") for due in dues if now - due > rules.window]
    dues = [due for due in dues if now - due <= rules.window]
    if rules.mode == "none":
        answers += [Verdict(due, "missed") for due in dues if now - due > MISSED_AFTER]
        return answers + _asked([due for due in dues if now - due <= MISSED_AFTER], now, rules, held)
    if rules.mode == "latest" or rules.overlap == "replace":
        answers += [Verdict(due, "coalesced") for due in dues[:-1]]
        return answers + _asked(dues[-1:], now, rules, held)
    for number, due in enumerate(dues):
        if len(dues) - number > rules.max_runs:
            answers.append(Verdict(due, "limit"))
        elif rules.overlap == "allow":
            answers.append(Verdict(due, _cause(due, now), "free"))
        elif held.present:
            held.behind += 1
            answers.append(Verdict(due, _cause(due, now), "behind"))
        else:
            held.present, held.running = True, False
            answers.append(Verdict(due, _cause(due, now), "holder"))
    return answers


def _asked(dues: Sequence[datetime], now: datetime, rules: Rules, held: Held) -> list[Verdict]:
    answers = []
    for due in dues:
        if rules.overlap == "replace" and due != dues[-1]:
            answers.append(Verdict(due, "coalesced"))
        elif rules.overlap == "allow":
            answers.append(Verdict(due, _cause(due, now), "free"))
        elif not held.present:
            held.present, held.running = True, False
            answers.append(Verdict(due, _cause(due, now), "holder"))
        elif rules.overlap == "skip":
            answers.append(Verdict(due, "overlap"))
        elif rules.overlap == "queue":
            if held.behind:
                answers.append(Verdict(due, "coalesced"))
            else:
                held.behind = 1
                answers.append(Verdict(due, _cause(due, now), "behind"))
        elif held.running:
            held.behind = 1
            answers.append(Verdict(due, _cause(due, now), "behind"))
        else:
            held.behind = 0
            answers.append(Verdict(due, _cause(due, now), "holder"))
    return answers


def _cause(due: datetime, now: datetime) -> str:
    return "catch_up" if now - due > MISSED_AFTER else "schedule"
