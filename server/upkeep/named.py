"""Who should have a report on his desk and a push about it, worked out anew from the books; one set-based query each."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from server.core import wire
from server.core.db import db
from server.notices.desks import RECEIVING
from server.policy.loader import book_for
from server.policy.model import Book
from server.reports.models import Report
from server.upkeep.ways import TO_BUREAU, TO_HANDLER, ways

SPAN = 50_000
"""So many reports a round: a few seconds, whatever the whole holds."""
SLACK = timedelta(minutes=1)
"""Who came to a post, or left it, so near to the report is nobody that a later look can be sure of."""

NAMED = """
WITH RECURSIVE way AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(ways)s::jsonb)
  AS w(county text, version text, kind text, keys text[], safety text[], township boolean)
), keyed AS MATERIALIZED (
  SELECT w.county, w.version, w.kind, b.id AS body, b.created_at,
         CASE WHEN b.key = ANY(w.safety) THEN 'safety' ELSE 'joint' END AS part
  FROM way w JOIN body b ON b.county_id = w.county AND b.key = ANY(w.keys)
), held AS MATERIALIZED (
  SELECT p.body_id AS body, max(CASE WHEN h.id IS NOT NULL THEN COALESCE(LEAST(h.ended_at, h.until_at), 'infinity') END) AS until_at
  FROM post p LEFT JOIN holding h ON h.post_id = p.id WHERE p.role = ANY(%(roles)s) GROUP BY p.body_id
), filed AS MATERIALIZED (
  SELECT r.id, r.county_id, r.kind, r.book_version, r.estate_id, r.township_id, r.community_id, r.project_body_id, e.id AS event, t.parent_id AS bureau, r.submitted_at - %(slack)s::interval AS sure_at,
         COALESCE((e.data -> 'set' ->> 'handler_id')::bigint, r.handler_id) AS first
  FROM report r JOIN body t ON t.id = r.township_id
  LEFT JOIN report_event e ON e.report_id = r.id AND e.act = 'submit'
  WHERE r.id > %(after)s AND r.id <= %(upto)s
), base AS (
  SELECT f.id AS report, f.event, f.county_id, f.sure_at, f.first AS body, 'handle' AS part, 1 AS rank,
         NULL::bigint AS by_id, 'new' AS act FROM filed f
  UNION ALL SELECT f.id, f.event, f.county_id, f.sure_at, b.id, 'watch', 2, NULL, 'new'
  FROM filed f JOIN body b ON b.id = f.project_body_id AND b.created_at <= f.sure_at
  UNION ALL SELECT f.id, f.event, f.county_id, f.sure_at, f.community_id, 'watch', 2, NULL, 'new'
  FROM filed f WHERE f.project_body_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM project p WHERE p.estate_id = f.estate_id AND p.ended_on >= f.sure_at::date)
  UNION ALL SELECT f.id, f.event, f.county_id, f.sure_at, f.bureau, 'watch', 3, NULL, 'new' FROM filed f
  UNION ALL SELECT f.id, f.event, f.county_id, f.sure_at, f.township_id, 'joint', 4, NULL, 'new'
  FROM filed f JOIN way w ON w.county = f.county_id AND w.version = f.book_version AND w.kind = f.kind AND w.township
  UNION ALL SELECT f.id, f.event, f.county_id, f.sure_at, k.body, k.part, 5, NULL, 'new'
  FROM filed f JOIN keyed k ON k.county = f.county_id AND k.version = f.book_version AND k.kind = f.kind
   AND k.created_at <= f.sure_at
  UNION ALL SELECT r.id, e.id, e.county_id, e.at - %(slack)s::interval, r.handler_id, 'handle', 6, e.by_person_id, e.act
  FROM report_event e JOIN report r ON r.id = e.report_id
  WHERE e.id > %(event)s AND e.report_id > %(acted_after)s AND e.report_id <= %(acted_upto)s AND e.act = ANY(%(to_handler)s) AND e.by_kind <> 'system' AND NOT EXISTS (
    SELECT 1 FROM report_event l WHERE l.report_id = e.report_id AND l.id > e.id AND l.data -> 'set' -> 'handler_id' IS NOT NULL)
  UNION ALL SELECT r.id, e.id, e.county_id, e.at - %(slack)s::interval, t.parent_id, 'watch', 7, e.by_person_id, e.act
  FROM report_event e JOIN report r ON r.id = e.report_id JOIN body t ON t.id = r.township_id
  WHERE e.id > %(event)s AND e.report_id > %(acted_after)s AND e.report_id <= %(acted_upto)s AND e.act = ANY(%(to_bureau)s) AND e.by_kind <> 'system'
), named AS (
  SELECT * FROM base
  UNION
  SELECT n.report, n.event, n.county_id, n.sure_at, b.parent_id, 'escalated', 8, n.by_id, n.act
  FROM named n JOIN held h ON h.body = n.body AND (h.until_at IS NULL OR h.until_at <= n.sure_at)
  JOIN body b ON b.id = n.body WHERE b.parent_id IS NOT NULL
)
"""
NO_INBOX = f"""{NAMED}
SELECT DISTINCT ON (n.report, p.id) n.report, n.county_id, p.id, p.body_id, n.part
FROM named n JOIN post p ON p.body_id = n.body AND p.role = ANY(%(roles)s) AND p.created_at <= n.sure_at
WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE i.report_id = n.report AND i.post_id = p.id)
ORDER BY n.report, p.id, n.rank LIMIT %(most)s
"""  # noqa: S608 - the fragment is ours
NO_PUSH = f"""{NAMED}, person_of AS (
  SELECT DISTINCT ON (n.report, n.event, h.person_id)
         n.report, n.event, n.county_id, n.act, p.id AS post, h.person_id AS person
  FROM named n JOIN post p ON p.body_id = n.body AND p.role = ANY(%(roles)s)
  JOIN holding h ON h.post_id = p.id AND h.since_at <= n.sure_at AND h.ended_at IS NULL
   AND (h.until_at IS NULL OR h.until_at > %(now)s)
  JOIN person o ON o.id = h.person_id AND o.disabled_at IS NULL
  WHERE n.event IS NOT NULL AND h.person_id IS DISTINCT FROM n.by_id
  ORDER BY n.report, n.event, h.person_id, n.rank
), robot_of AS (
  SELECT DISTINCT ON (n.report, n.event, n.body)
         n.report, n.event, n.county_id, n.act, n.body, a.id AS address
  FROM named n JOIN address a ON a.body_id = n.body AND a.ended_at IS NULL AND a.created_at <= n.sure_at
  WHERE n.event IS NOT NULL ORDER BY n.report, n.event, n.body, a.id
)
SELECT report, event, county_id, act, post, person, a.id, COALESCE(a.channel, 'none')
FROM person_of LEFT JOIN LATERAL (
  SELECT id, channel FROM address WHERE person_id = person AND ended_at IS NULL ORDER BY rank, id LIMIT 1
) a ON true
WHERE NOT EXISTS (SELECT 1 FROM push u WHERE u.report_id = report AND u.person_id = person AND u.occasion = 'event:' || event)
UNION ALL
SELECT report, event, county_id, act, NULL, NULL, address, 'wecom_robot' FROM robot_of
WHERE NOT EXISTS (SELECT 1 FROM push u JOIN address a ON a.id = u.address_id
                  WHERE u.report_id = report AND u.occasion = 'event:' || event AND a.body_id = body)
LIMIT %(most)s
"""  # noqa: S608 - the fragment is ours


@dataclass(frozen=True)
class NoInbox:
    """A post on whose desk a report should lie and does not."""

    report_id: int
    county_id: str
    post_id: int
    body_id: int
    part: str


@dataclass(frozen=True)
class NoPush:
    """Somebody, or a body's group, who should have been pushed about an event and was not."""

    report_id: int
    event_id: int
    county_id: str
    purpose: str
    post_id: int | None
    person_id: int | None
    address_id: int | None
    channel: str


@dataclass(frozen=True)
class Span:
    """What one round looks at: reports after one number up to another, and acts on some others too."""

    after: int
    upto: int
    event: int = 0
    """Acts after this event alone."""
    acted_after: int | None = None
    """None: acts on the same reports."""
    acted_upto: int | None = None


def spans(report_id: int, event_id: int, newest: int) -> Iterator[Span]:
    """Everything after a report and an event, in rounds whose cost is bounded; acts on older reports first."""
    if report_id:
        yield Span(0, 0, event_id, 0, report_id)
    for after in range(report_id, newest, SPAN):
        yield Span(after, min(after + SPAN, newest), event_id)


def terms_of(span: Span, *, most: int, now: datetime) -> dict[str, Any]:
    """The parameters of both queries for a span."""
    return {
        "after": span.after,
        "upto": span.upto,
        "event": span.event,
        "acted_after": span.after if span.acted_after is None else span.acted_after,
        "acted_upto": span.upto if span.acted_upto is None else span.acted_upto,
        "ways": json.dumps(ways(_books(span))),
        "roles": list(RECEIVING),
        "slack": SLACK,
        "to_handler": list(TO_HANDLER),
        "to_bureau": list(TO_BUREAU),
        "most": most,
        "now": now,
    }


def _books(span: Span) -> Sequence[tuple[str, str, Book]]:
    """The very books by which these reports were filed."""
    pair = (Report.county_id, Report.book_version)
    found = db.session.execute(
        select(*pair, db.func.min(Report.submitted_at))
        .where(Report.id > span.after, Report.id <= span.upto)
        .group_by(*pair)
    )
    return [(county, version, book_for(county, version, at)) for county, version, at in found]


def without_inbox(terms: dict[str, Any]) -> list[NoInbox]:
    """Desks that a report should lie on."""
    return [NoInbox(*row) for row in wire.rows(NO_INBOX, terms)]


def without_push(terms: dict[str, Any]) -> list[NoPush]:
    """People and groups who should have been pushed, by the first way to reach them today."""
    return [NoPush(*row) for row in wire.rows(NO_PUSH, terms)]
