"""The hot statements of filing, written out: a report, its first event, inbox rows, pushes and job in one round trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.core import limits, wire
from server.core.counties import Key, open_by
from server.notices.service import writing
from server.reports.workflow import SUBMITTED

COLUMNS = [
    "county_id",
    "no",
    "estate_id",
    "spot_id",
    "project_id",
    "handler_id",
    "project_body_id",
    "community_id",
    "township_id",
    "kind",
    "time_class",
    "book_version",
    "text",
    "building",
    "unit",
    "where_text",
    "safety",
    "counts",
    "public",
    "contact_ok",
    "resident_id",
    "owner_hash",
    "device_hash",
    "phone_sealed",
    "phone_index",
    "filed_by",
    "source",
    "key_hash",
    "body_hash",
    "submitted_at",
    "accept_due_at",
    "resolve_due_at",
    "due_at",
    "sweep_at",
    "contact_due_at",
    "hazard_step",
    "hazard_due_at",
    "called_first",
]

OPENING = ("state", "handler_id", "resolve_due_at")
"""What the first event keeps of the ledger (`replay.py`)."""

INSERT = f"""
WITH new AS (
  INSERT INTO report (state, {", ".join(COLUMNS)})
  VALUES ('{SUBMITTED}', {", ".join(f"%({name})s" for name in COLUMNS)})
  ON CONFLICT DO NOTHING RETURNING id, county_id, submitted_at, {", ".join(OPENING)}
), event AS (
  INSERT INTO report_event (report_id, county_id, at, act, by_kind, by_person_id, by_label, text, data)
  SELECT id, county_id, submitted_at, 'submit', CASE WHEN %(filed_by)s::bigint IS NULL THEN 'reporter' ELSE 'staff' END,
         %(filed_by)s::bigint, %(by_label)s, '',
         jsonb_build_object('set', jsonb_build_object({", ".join(f"'{name}', {name}" for name in OPENING)}))
  FROM new RETURNING report_id, id
), {writing(report="event.report_id", occasion="'event:' || event.id", gate="CROSS JOIN event")},
hit AS ({limits.COUNT.format(gate="CROSS JOIN new")})
SELECT report_id, id, ({limits.OVER}), (SELECT count(*) FROM job) FROM event
"""  # noqa: S608 - the names are ours

BY_KEY = """
SELECT r.id, r.no, r.body_hash, COALESCE(co.name, b.name), r.accept_due_at, r.resolve_due_at
FROM report r JOIN body b ON b.id = r.handler_id
LEFT JOIN project p ON p.body_id = b.id LEFT JOIN company co ON co.id = p.company_id
WHERE r.key_hash = %(key_hash)s
"""


@dataclass(frozen=True)
class Written:
    """The numbers that the database gave."""

    report_id: int
    event_id: int
    over: Sequence[str] | None = None
    """The quotas of `limits` that this report exceeds; a report that comes again counts against none."""
    jobs: int = 0


@dataclass(frozen=True)
class Before:
    """A report that came earlier under the same key."""

    report_id: int
    no: str
    body_hash: str
    handler: str
    accept_due_at: datetime
    resolve_due_at: datetime


def insert_report(row: Mapping[str, Any]) -> Written | None:
    """The report with all that belongs to it; None when its number or its key is taken."""
    found = wire.rows(INSERT, row)
    return Written(*found[0]) if found else None


def by_key(key_hash: object) -> Before | None:
    """The report that came under a key, in whichever county."""
    open_by(Key.REPORT_KEY, key_hash)
    found = wire.rows(BY_KEY, {"key_hash": key_hash})
    return Before(*found[0]) if found else None
