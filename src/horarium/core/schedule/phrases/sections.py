"""Days with times, and other days with other times: "weekdays at 9 and weekends at 11" is two schedules in one."""

from horarium.core.schedule.phrases.said import MODIFIERS, Clause, Said

_DAYS_FIRST = ("days", "times")


def sections(said: Said) -> list[Said]:
    """One part for each pair of days and times, where the whole is nothing but such pairs; else none. What bounds the whole
    stands before the first or behind the last."""
    rule = [clause for clause in said.clauses if clause.name not in MODIFIERS]
    names = tuple(clause.name for clause in rule)
    pairs = len(names) // 2
    if pairs < 2 or names not in (_DAYS_FIRST * pairs, _DAYS_FIRST[::-1] * pairs):
        return []
    first, last = said.clauses.index(rule[0]), said.clauses.index(rule[-1])
    if last - first + 1 != len(rule):
        return []
    return [_part(said, rule[2 * i : 2 * i + 2]) for i in range(pairs)]


def _part(said: Said, clauses: list[Clause]) -> Said:
    return Said.of(clauses, said.context)
