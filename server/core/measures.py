"""What processes count for Prometheus: by pattern, class and channel, never by county, estate or person."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from server.core.counting_folder import VARIABLE

OWN = CollectorRegistry()
FAST = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 8)
SLOW = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 86400)
NAMES = "mashangban"
log = logging.getLogger(__name__)

REQUESTS = Counter(
    "requests", "Answers by route pattern", ("method", "route", "status"), namespace=NAMES, registry=OWN
)
REQUEST_SECONDS = Histogram(
    "request_seconds",
    "Time to an answer",
    ("method", "route"),
    namespace=NAMES,
    registry=OWN,
    buckets=FAST,
)
PUSH_SECONDS = Histogram(
    "push_seconds",
    "From the commit, or the end of quiet hours, to the channel's receipt",
    ("channel",),
    namespace=NAMES,
    registry=OWN,
    buckets=SLOW,
)
CHANNEL_ANSWERS = Counter(
    "channel_answers",
    "Answers of push channels by class and code",
    ("channel", "kind", "code"),
    namespace=NAMES,
    registry=OWN,
)
JOB_SECONDS = Histogram(
    "job_seconds",
    "Time of jobs and duties",
    ("task", "end"),
    namespace=NAMES,
    registry=OWN,
    buckets=FAST,
)
PHOTO_BYTES = Counter(
    "photo_bytes", "Bytes put into and taken out of the store", ("act",), namespace=NAMES, registry=OWN
)
PHOTO_FAILURES = Counter(
    "photo_failures", "What the store of photos refused", ("act",), namespace=NAMES, registry=OWN
)
SLOW_STATEMENTS = Counter(
    "slow_statements", "Statements beyond half a second", ("verb",), namespace=NAMES, registry=OWN
)


@contextmanager
def unfailing() -> Iterator[None]:
    """Counting fails nothing that is counted: what goes wrong with it (a folder of somebody else's) is logged once."""
    try:
        yield
    except Exception as fault:  # noqa: BLE001 - a figure is never worth an answer
        _tell(type(fault).__name__)


@cache
def _tell(fault: str) -> None:
    log.warning("figures are not counted: %s; see PROMETHEUS_MULTIPROC_DIR", fault)


def counts() -> CollectorRegistry:
    """The counts of the processes of this machine that share a folder, else of this process alone."""
    if not os.environ.get(VARIABLE):
        return OWN
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def shown() -> bytes:
    """Everything counted, as Prometheus reads it."""
    return generate_latest(counts())
