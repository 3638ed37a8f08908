"""The metrics of all worker processes together, as Prometheus reads them."""

import os
from collections.abc import Iterator

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.services.watching import Waiting


class _Waiting(Collector):
    """What waits in the database: counted when asked for, since all processes share it."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give a gauge with a sample for each queue."""
        gauge = GaugeMetricFamily("factdeck_waiting", "What waits to be done.", labels=["queue"])
        gauge.add_metric(["learners_uncounted"], self._waiting.learners_uncounted)
        gauge.add_metric(["answers_uncounted"], self._waiting.answers_uncounted)
        gauge.add_metric(["remarkings"], self._waiting.remarkings)
        gauge.add_metric(["reports"], self._waiting.reports)
        yield gauge


def exposition(waiting: Waiting | None) -> bytes:
    """Return the text that Prometheus reads, without what waits where that cannot be told."""
    registry = CollectorRegistry()
    if waiting is not None:
        registry.register(_Waiting(waiting))
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client's own
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)
