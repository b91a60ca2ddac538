"""The client's log of what was acknowledged, against the database and against the phones."""

import json
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from bench.load.pace import Answer

PATIENCE = 1800.0
"""Seconds that a backlog is waited for before it counts as stuck."""
DUE = "SELECT count(*) FROM push WHERE state = 'pending' AND next_at <= now()"
HELD = """
WITH said AS (SELECT DISTINCT unnest(%(numbers)s::text[]) AS no)
SELECT count(*) FILTER (WHERE r.id IS NULL) AS lost,
       count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE i.report_id = r.id AND i.body_id = r.handler_id))
         AS without_inbox,
       count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM push p WHERE p.report_id = r.id)) AS without_push
FROM said LEFT JOIN report r ON r.no = said.no
"""
PUSHES = """
SELECT p.reference, p.created_at, p.state, p.purpose, r.estate_id FROM push p JOIN report r ON r.id = p.report_id
"""


@dataclass(frozen=True)
class Pushed:
    """One push: its state, the estate, what for, and the seconds until it was on the phone, if it is there."""

    state: str
    estate_id: int
    purpose: str
    seconds: float | None


def numbers(answers: Iterable[Answer]) -> list[str]:
    """The report numbers that were acknowledged."""
    return [str(json.loads(one.body)["no"]) for one in answers if one.good]


def lost(owner_url: str, said: Sequence[str]) -> dict[str, int]:
    """How many acknowledged reports are not there, lie on nobody's desk, or have no push."""
    with psycopg.connect(owner_url) as link:
        row = link.execute(HELD, {"numbers": list(said)}).fetchone() or (0, 0, 0)
    return dict(zip(("lost", "without_inbox", "without_push"), row, strict=True))


def backlog(owner_url: str) -> int:
    """How many pushes are due and not out."""
    with psycopg.connect(owner_url) as link:
        row = link.execute(DUE).fetchone()
    return int(row[0]) if row else 0


def drained(owner_url: str, *, patience: float = PATIENCE) -> float:
    """Seconds until no push is due any more; `patience` when that does not come."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if not backlog(owner_url):
            return time.monotonic() - began
        time.sleep(1)
    return patience


def pushed(owner_url: str, arrivals: Iterable[dict[str, Any]]) -> list[Pushed]:
    """Every push with the time from its report's instant, which lies before the commit, until it was on a phone."""
    at = {str(one["number"]): datetime.fromisoformat(one["at"]) for one in arrivals if one["number"]}
    with psycopg.connect(owner_url) as link:
        rows = link.execute(PUSHES).fetchall()
    found = []
    for reference, created_at, state, purpose, estate_id in rows:
        there = at.get(reference or "")
        seconds = (there - created_at).total_seconds() if there else None
        found.append(Pushed(state, estate_id, purpose, seconds))
    return found


def share(values: Sequence[float], cut: int) -> float:
    """The value below which so many percent lie."""
    if len(values) < 2:
        return values[0] if values else float("inf")
    return statistics.quantiles(values, n=100)[cut - 1]


def statuses(answers: Iterable[Answer]) -> dict[str, int]:
    """How often each status came."""
    found: dict[str, int] = {}
    for one in answers:
        found[str(one.status)] = found.get(str(one.status), 0) + 1
    return found
