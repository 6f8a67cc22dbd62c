"""Words and schedules: no text of 256 characters costs more than 50 ms to read or to refuse, whatever stands in it.

The limit beside the usual phrases is measured in the same run: what the parser's own lexing and parsing take alone.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from statistics import median
from time import perf_counter, process_time

from horarium.core.errors import BadValue
from horarium.core.schedule import rrule as rrule_module
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.describe import describe
from horarium.core.schedule.every import Every
from horarium.core.schedule.phrase import PHRASE_MAX, parse, prepare
from horarium.core.schedule.phrases.grammar import tree
from horarium.core.schedule.phrases.lexer import words
from horarium.core.schedule.rrule import Rrule
from tests.properties.test_phrase_soup import soup
from tests.unit.schedule.test_phrase import PATHOLOGICAL
from tests.unit.schedule.test_rrule_refusals import NEVER
from tests.unit.schedule.test_whole_days import DENSE, JUDGED

ZONE = "Europe/Berlin"
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
WORST_MS = 50.0
ASKED_MS = 5.0
DESCRIBED_US = 20.0
SOUP = 3_000
TRIES = 3
USUAL = (
    "every weekday at 9",
    "2nd Tuesday of the month 09:30 Berlin time except holidays",
    "every 15 minutes between 8 and 18",
    "last Friday of the month at 17:00",
    "every other Monday at 8",
)


def milliseconds(call: Callable[[], object]) -> float:
    """Of this process; the best of some tries where the first took long, so that a busy machine does not count."""
    best = float("inf")
    for _ in range(TRIES):
        begun = process_time()
        with suppress(BadValue):
            call()
        best = min(best, (process_time() - begun) * 1000)
        if best < WORST_MS / 10:
            break
    return best


def rule(text: str, start: str) -> None:
    rrule_module.read_rule.cache_clear()
    Rrule(kind="rrule", rule=text, start=start, timezone=ZONE)


def usual() -> tuple[float, float]:
    """Median milliseconds of a usual phrase, and of the parser's part in it."""
    whole, bare = [], []
    for _ in range(200):
        for text in USUAL:
            begun = perf_counter()
            parse(text, ZONE, NOW)
            middle = perf_counter()
            tree(words(text))
            whole.append((middle - begun) * 1000)
            bare.append((perf_counter() - middle) * 1000)
    return median(whole), median(bare)


def described() -> float:
    """Median microseconds of a sentence of a plain cron text that was not seen before."""
    taken = []
    for index in range(1_000):
        schedule = Cron(kind="cron", expression=f"{index % 60} {index // 60} * * 1-5", timezone=ZONE)
        begun = perf_counter()
        describe(schedule)
        taken.append((perf_counter() - begun) * 1e6)
    return median(taken)


def asked() -> float:
    """The slowest of the next and last instants of dense phrases that leave out many."""
    slowest = 0.0
    for phrase in DENSE:
        schedule = parse(phrase, ZONE, NOW).schedule
        if isinstance(schedule, Every):
            schedule = schedule.anchored(NOW - timedelta(days=400))
        for days in range(0, 400, 29):
            at = NOW + timedelta(days=days)
            slowest = max(
                slowest, milliseconds(partial(schedule.next_due, at)), milliseconds(partial(schedule.last_due, at))
            )
    return slowest


def main() -> int:
    prepare()
    parse("every day at 9:00 except holidays of DE", ZONE, NOW)  # loads the lists of holidays
    rng = Random(1)
    texts = [*PATHOLOGICAL, *(soup(rng) for _ in range(SOUP))]
    worst, text = max((milliseconds(partial(parse, text[:PHRASE_MAX], ZONE, NOW)), text) for text in texts)
    refused = max(milliseconds(partial(rule, *never)) for never in NEVER)
    judged = max(milliseconds(make) for make in JUDGED)
    dense, sentence = asked(), described()
    whole, bare = usual()
    print(f"usual phrases: {whole:.2f} ms median; lexing and parsing alone {bare:.2f} ms")
    print(f"worst of {len(texts):,} texts: {worst:.1f} ms (budget {WORST_MS:.0f}): {text[:60]!r}")
    print(f"rules that never come, refused: {refused:.1f} ms at most (budget {WORST_MS:.0f})")
    print(f"schedules judged by what they leave out: {judged:.1f} ms at most (budget {WORST_MS:.0f})")
    print(f"dense schedules asked: {dense:.2f} ms at most (budget {ASKED_MS:.0f})")
    print(f"a sentence: {sentence:.1f} µs median (budget {DESCRIBED_US:.0f})")
    within = max(worst, refused, judged) <= WORST_MS and dense <= ASKED_MS and sentence <= DESCRIBED_US
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
