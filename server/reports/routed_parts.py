"""Where a department leads from the start, the row's other bodies are asked for their part at once (A5)."""

from datetime import datetime

from sqlalchemy import select

from server.core import wire
from server.core.db import db
from server.policy.loader import book_behind
from server.policy.model import FirstHand
from server.policy.routing import route
from server.reports.models import Report
from server.reports.part_clocks import PartRunning, look_at, next_silent
from server.reports.part_models import ReportPart
from server.reports.parts import running
from server.reports.planning import Plan
from server.reports.workflow import Act

ASK = """
WITH asked AS (
  INSERT INTO report_part (county_id, report_id, body_id, lead, event_id, whistled, time_class, asked_at, due_at, sweep_at)
  SELECT b.county_id, %(report)s, b.id, false, %(event)s, false, %(time_class)s, %(now)s, %(due)s, %(look)s
  FROM body b
  WHERE b.county_id = %(county)s AND b.key = ANY(%(keys)s) AND b.id <> %(handler)s
    AND b.kind IN ('department', 'utility')
  ORDER BY b.id
  RETURNING report_id
)
UPDATE report SET called_at = %(now)s WHERE id = %(report)s AND EXISTS (SELECT 1 FROM asked)
"""


def ask_joint(plan: Plan, report_id: int, event_id: int, *, due_at: datetime, now: datetime) -> None:
    """Ask the joint bodies of a kind that its lead body takes up first; nothing, and no statement, for all others."""
    joint = route(plan.book, plan.kind.key).joint
    if plan.kind.first is not FirstHand.LEAD or not joint:
        return
    given = {
        "report": report_id,
        "event": event_id,
        "county": plan.book.county_id,
        "keys": list(joint),
        "handler": plan.handler_id,
        "time_class": plan.kind.time_class,
        "due": due_at,
        "look": next_silent(plan.book, PartRunning(None, due_at), after=now),
        "now": now,
    }
    wire.run(ASK, given)


def ask_again(report: Report, *, now: datetime) -> None:
    """Ask the bodies again that were asked no more when a report was merged; their clocks never stopped.

    What ran out meanwhile is told of at once.
    """
    merged = (ReportPart.report_id == report.id, ReportPart.ended_as == Act.MERGE.value)
    book = book_behind(report)
    for part in db.session.scalars(select(ReportPart).where(*merged)):
        part.ended_at = part.ended_as = None
        part.sweep_at = look_at(book, running(part), stored=None, now=now)
