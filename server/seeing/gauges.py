"""The system's state as Prometheus reads it, computed from the database at each scrape: the same from any process."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector
from psycopg import Error
from sqlalchemy.exc import SQLAlchemyError

from server.core import measures, wire
from server.core.db import db
from server.core.hosts import ahead
from server.seeing import database, queries
from server.seeing.alarms import open_alarms
from server.seeing.facts import TIMEOUT, gather
from server.seeing.room import room_of
from server.settings import Settings

Group = Callable[[], Iterable[Gauge]]
DAY = timedelta(days=1)
log = logging.getLogger(__name__)


def _gauge(name: str, about: str, labels: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Gauge:
    """One family; each row is its labels' values and then the figure."""
    family = Gauge(f"{measures.NAMES}_{name}", about, labels=labels)
    for *values, figure in rows:
        family.add_metric([str(value) for value in values], float(figure))  # type: ignore[arg-type]
    return family


class State(Collector):
    """Gauges of pushes, clocks, jobs, channels, photos, database and alarms at one instant."""

    def __init__(self, settings: Settings, *, now: datetime) -> None:
        self._settings, self._now = settings, now

    def collect(self) -> Iterator[Gauge]:
        """All families; a group whose question fails is left out and named, so that the others still show."""
        failed: list[tuple[str, int]] = []
        for name, group in self._groups().items():
            found = _safely(name, group)
            failed.append((name, int(found is None)))
            yield from found or ()
        yield _gauge("scrape_failed", "Groups of gauges that could not be computed", ("group",), failed)

    def _groups(self) -> dict[str, Group]:
        return {
            "pushes": self._pushes,
            "clocks": self._clocks,
            "jobs": self._jobs,
            "photos": self._photos,
            "database": lambda: database.gauges(_gauge),
            "upkeep": self._upkeep,
        }

    def _pushes(self) -> Iterable[Gauge]:
        now = self._now
        waiting = queries.waiting(now)
        by = ("channel",)
        yield _gauge(
            "pushes_waiting",
            "Pushes that should have gone",
            by,
            ((one.channel, one.count) for one in waiting),
        )
        yield _gauge(
            "push_oldest_seconds",
            "Age of the oldest push that should have gone",
            by,
            ((one.channel, one.oldest) for one in waiting),
        )
        both = ("channel", "code")
        yield _gauge("pushes_failing", "Refused pushes that are tried again", both, queries.failing())
        yield _gauge(
            "pushes_dead_day", "Pushes to staff dead within a day", both, queries.dead(now, within=DAY)
        )
        rests = (
            (channel, code, (until - now).total_seconds()) for channel, code, until in queries.resting(now)
        )
        yield _gauge("channel_resting_seconds", "How long a channel will rest still", both, rests)

    def _clocks(self) -> Iterable[Gauge]:
        lags = queries.lags(self._now).items()
        yield _gauge("clock_lag_seconds", "Age of the oldest due clock that nobody swept", ("clock",), lags)
        own = [(round(ahead().total_seconds()),)]
        yield _gauge("host_clock_ahead_seconds", "This machine's clock against the database's", (), own)
        ages = ((name, (self._now - at).total_seconds()) for name, at in queries.beats().items())
        yield _gauge("duty_age_seconds", "Time since a duty's sign of life", ("duty",), ages)

    def _jobs(self) -> Iterable[Gauge]:
        yield _gauge("jobs", "Jobs due, under way or failed", ("queue", "status"), queries.depth(self._now))

    def _photos(self) -> Iterable[Gauge]:
        count, size = queries.photos()
        yield _gauge("photos", "Photos kept", (), [(count,)])
        yield _gauge("photo_store_bytes", "Bytes of kept photos, in the largest size", (), [(size,)])
        room = room_of(self._settings.photo_url)
        if room:
            yield _gauge("photo_disk_bytes", "The disk of photos", (), [(room.total,)])
            yield _gauge("photo_disk_free_bytes", "Free on the disk of photos", (), [(room.free,)])

    def _upkeep(self) -> Iterable[Gauge]:
        facts = gather(self._settings, now=self._now)
        run = facts.checked
        ages = {"backup": facts.backup_at, "check": run.at if run else None}
        rows = [(name, (self._now - at).total_seconds()) for name, at in ages.items() if at]
        yield _gauge("upkeep_age_seconds", "Time since the last backup and check", ("what",), rows)
        if run:
            found = (("repaired", run.repaired), ("lost", run.lost))
            yield _gauge("check_found", "What the last check repaired and could not repair", ("what",), found)
        late = ((name, 1) for name in facts.late)
        yield _gauge("duty_late", "Duties that have not gone well for too long", ("duty",), late)
        alarms = ((one.key.partition(":")[0], 1) for one in open_alarms())
        yield _gauge("alarm_open", "What is wrong now", ("alarm",), sorted(set(alarms)))


def _safely(name: str, group: Group) -> list[Gauge] | None:
    try:
        with db.session.begin_nested():
            wire.run(TIMEOUT, {})
            return list(group())
    except (SQLAlchemyError, Error) as fault:
        log.warning("the gauges of %s could not be computed: %s", name, type(fault).__name__)
        return None


def shown(settings: Settings, *, now: datetime) -> bytes:
    """Everything for one scrape: what processes counted, and the state."""
    registry = CollectorRegistry()
    registry.register(State(settings, now=now))
    return measures.shown() + generate_latest(registry)
