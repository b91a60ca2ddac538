"""Figures about the system itself, of whatever counties are open; what is confidential belongs to none and is left out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.core import wire
from server.core.db import NATIONAL
from server.notices import night

STAFF_OF = "p.resident_id IS NULL AND p.purpose <> 'test'"
"""A resident's push that finds nobody is no fault: his page tells him."""
WAITING = """
SELECT p.channel, p.county_id, p.urgent, count(*),
       min(CASE WHEN p.last_code IS NULL AND p.attempts = 0 THEN p.next_at ELSE p.created_at END)
FROM push p WHERE p.state = 'pending' AND p.county_id <> %(national)s
  AND (p.next_at <= %(now)s OR p.last_code IS NOT NULL OR p.attempts > 0) GROUP BY 1, 2, 3 ORDER BY 1
"""
"""Pushes that should have gone: those that quiet hours hold back are not late."""
FAILING = """
SELECT p.channel, p.last_code, count(*) FROM push p
WHERE p.state = 'pending' AND p.last_code IS NOT NULL AND p.county_id <> %(national)s GROUP BY 1, 2 ORDER BY 1, 2
"""
LAST_SENT = """
SELECT p.done_at FROM push p WHERE p.state = 'sent' AND p.county_id <> %(national)s ORDER BY p.id DESC LIMIT 1
"""
DEAD = f"""
SELECT p.channel, coalesce(p.last_code, ''), count(*) FROM push p
WHERE p.state = 'dead' AND p.done_at >= %(since)s AND p.county_id <> %(national)s AND {STAFF_OF} GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - the fragment is ours
RESTING = """
SELECT split_part(channel, ':', 1), code, max(until_at) FROM channel_pause
WHERE until_at > %(now)s + interval '2 minutes' OR opened_at < %(now)s - interval '2 minutes'
GROUP BY 1, 2 ORDER BY 1, 2
"""
"""Rests of a minute are everyday."""
LAGS = """
SELECT 'report', extract(epoch FROM %(now)s - min(sweep_at))::float FROM report WHERE sweep_at <= %(now)s
UNION ALL SELECT 'part', extract(epoch FROM %(now)s - min(sweep_at))::float FROM report_part WHERE sweep_at <= %(now)s
"""
BEATS = "SELECT name, at FROM beat ORDER BY name"
DEPTH = """
SELECT queue_name, status::text, count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing', 'failed') AND coalesce(args ->> 'county_id', '') <> %(national)s
  AND (scheduled_at IS NULL OR scheduled_at <= %(now)s) GROUP BY 1, 2 ORDER BY 1, 2
"""
PHOTOS = """
SELECT CASE WHEN c.reltuples < 100000 THEN (SELECT count(*) FROM photo) ELSE c.reltuples END::bigint,
       CASE WHEN c.reltuples < 100000 THEN (SELECT coalesce(sum(size), 0) FROM photo)
            ELSE c.reltuples * (SELECT avg(size) FROM (SELECT size FROM photo ORDER BY created_at DESC LIMIT 1000) s)
       END::bigint
FROM pg_class c WHERE c.oid = 'photo'::regclass
"""
"""Counted where that is quick, estimated where it is not."""


@dataclass(frozen=True)
class Waiting:
    """Pushes of one channel that should have gone: how many, and for how many seconds the oldest."""

    channel: str
    count: int
    oldest: float


def waiting(now: datetime) -> list[Waiting]:
    """What waits, by channel; neither what the night holds back now nor the nights that held it are counted."""
    found: dict[str, Waiting] = {}
    for channel, county_id, urgent, count, since in wire.rows(WAITING, {"now": now, "national": NATIONAL}):
        if night.ends_at(county_id, urgent=urgent, now=now):
            continue
        oldest = night.waited(county_id, urgent=urgent, since=since, now=now).total_seconds()
        before = found.get(channel, Waiting(channel, 0, 0.0))
        found[channel] = Waiting(channel, before.count + count, max(before.oldest, oldest))
    return list(found.values())


def failing() -> list[tuple[str, str, int]]:
    """Channel, code and number of the pushes that were refused and are tried again."""
    return [(row[0], row[1], row[2]) for row in wire.rows(FAILING, {"national": NATIONAL})]


def last_sent_at() -> datetime | None:
    """When the newest push that went was taken."""
    found = wire.rows(LAST_SENT, {"national": NATIONAL})
    return found[0][0] if found else None


def dead(now: datetime, *, within: timedelta) -> list[tuple[str, str, int]]:
    """Channel, code and number of the pushes to staff that have died lately."""
    given = {"since": now - within, "national": NATIONAL}
    return [(row[0], row[1], row[2]) for row in wire.rows(DEAD, given)]


def resting(now: datetime) -> list[tuple[str, str, datetime]]:
    """Channel, code and end of the rests that channels take now."""
    return [(row[0], row[1], row[2]) for row in wire.rows(RESTING, {"now": now})]


def lags(now: datetime) -> dict[str, float]:
    """Seconds that the oldest due clock has waited for its sweep, of reports and of parts; 0 where none waits."""
    return {name: max(lag or 0.0, 0.0) for name, lag in wire.rows(LAGS, {"now": now})}


def beats() -> dict[str, datetime]:
    """When each duty last left its sign of life."""
    return dict(wire.rows(BEATS, {}))


def depth(now: datetime) -> list[tuple[str, str, int]]:
    """Queue, status and number of the jobs that are due, under way or failed."""
    return [(row[0], row[1], row[2]) for row in wire.rows(DEPTH, {"now": now, "national": NATIONAL})]


def photos() -> tuple[int, int]:
    """How many photos are kept, and their bytes in the largest size; those of confidential reports lie elsewhere."""
    count, size = wire.rows(PHOTOS, {})[0]
    return int(count), int(size or 0)
