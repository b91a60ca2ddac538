"""The database as it tells of itself: connections, what runs long now, and which statements are slow by habit."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily as Gauge

from server.core import wire

MakeGauge = Callable[[str, str, tuple[str, ...], Iterable[tuple[object, ...]]], Gauge]
CONNECTIONS = """
SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1 ORDER BY 1
"""
LONGEST = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - query_start)), 0)::float FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
"""
HABIT = "SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'"
SLOW_HABITS = """
SELECT count(*) FILTER (WHERE mean_exec_time > 500), coalesce(max(mean_exec_time), 0) / 1000
FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
SIZE = "SELECT pg_database_size(current_database())"


def gauges(gauge: MakeGauge) -> Iterator[Gauge]:
    """Families on the database; those of pg_stat_statements only where it is installed."""
    yield gauge("database_connections", "Connections by state", ("state",), wire.rows(CONNECTIONS, {}))
    yield gauge("database_longest_seconds", "The longest statement now", (), wire.rows(LONGEST, {}))
    yield gauge("database_bytes", "Size of the database", (), wire.rows(SIZE, {}))
    if wire.rows(HABIT, {}):
        count, longest = wire.rows(SLOW_HABITS, {})[0]
        yield gauge("statements_slow", "Statements that take over half a second on average", (), [(count,)])
        yield gauge("statements_slowest_seconds", "The slowest statement on average", (), [(longest,)])
