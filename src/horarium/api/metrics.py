"""Figures for Prometheus, from a registry of their own: nothing that names a task, for they are public."""

from collections import Counter
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from horarium.api.parts import Parts
from horarium.control.condition import Stats
from horarium.core.errors import StoreError
from horarium.ports.engine import Pulse

METRICS_TEXT = CONTENT_TYPE_LATEST
SCHEDULER_STATES = ("on_time", "late", "stopped", "absent")


async def exposition(there: Parts, served: Counter[str]) -> bytes:
    """What this process knows now; figures of the store are left out while it is away."""
    try:
        stats = await there.condition.stats()
    except StoreError:
        stats = None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(there, served, stats))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, there: Parts, served: Counter[str], stats: Stats | None) -> None:
        self._there = there
        self._served = served
        self._stats = stats

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("horarium_build", "Versions.", value=dict(self._there.versions))
        yield from _of_engine(self._there.condition.pulse)
        yield GaugeMetricFamily("horarium_store_up", "1 while the store answers.", value=float(self._stats is not None))
        if self._stats is not None:
            yield from _of_store(self._stats)
        requests = CounterMetricFamily("horarium_http_requests", "Answers by class of status.", labels=["status"])
        for status, count in sorted(self._served.items()):
            requests.add_metric([status], count)
        yield requests


def _of_engine(pulse: Pulse) -> Iterator[Metric]:
    state = GaugeMetricFamily(
        "horarium_scheduler_state", "1 for the state of this process's scheduler.", labels=["state"]
    )
    for name in SCHEDULER_STATES:
        state.add_metric([name], float(name == pulse.scheduler))
    yield state
    yield GaugeMetricFamily("horarium_worker_slots", "Slots of this process's worker.", value=pulse.slots)
    yield GaugeMetricFamily("horarium_worker_slots_taken", "Slots in use.", value=pulse.slots_taken)
    yield CounterMetricFamily("horarium_clock_steps", "Steps of the wall clock seen.", value=pulse.clock_steps)
    ended = CounterMetricFamily("horarium_runs_ended", "Runs that this process ended, by state.", labels=["state"])
    for name, count in sorted(pulse.ended.items()):
        ended.add_metric([name], count)
    yield ended


def _of_store(stats: Stats) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "horarium_scheduler_behind_seconds", "How long a due instant waits undecided.", value=stats.behind_seconds
    )
    tasks = GaugeMetricFamily("horarium_tasks", "Tasks by state; states overlap.", labels=["state"])
    for name, count in sorted(stats.counts.tasks.items()):
        tasks.add_metric([name], count)
    yield tasks
    runs = GaugeMetricFamily("horarium_runs_open", "Runs that have not ended, by state.", labels=["state"])
    runs.add_metric(["waiting"], stats.counts.waiting)
    runs.add_metric(["running"], stats.counts.running)
    yield runs
    for name, milliseconds in (("0.5", stats.lateness_p50_ms), ("0.99", stats.lateness_p99_ms)):
        if milliseconds is not None:
            lateness = GaugeMetricFamily("horarium_lateness_seconds", "Of the newest runs.", labels=["quantile"])
            lateness.add_metric([name], milliseconds / 1000)
            yield lateness
