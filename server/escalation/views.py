"""A feed entry as programs and pages show it."""

from typing import Any

from server.escalation.messages import LEVELS, TITLES
from server.escalation.queries import FeedRow
from server.escalation.rules import Reason
from server.policy.loader import kind_named
from server.policy.terms import Level
from server.reports.words import STAFF_STATES


def item(row: FeedRow) -> dict[str, Any]:
    """One entry in the shape of `schemas.FeedItem`, ready for JSON."""
    return {
        "id": str(row.id),
        "reason": row.reason,
        "title": TITLES[Reason(row.reason)],
        "detail": row.detail,
        "level": row.level,
        "level_label": LEVELS[Level(row.level)],
        "opened_at": row.opened_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "note": row.note,
        "report": _report(row),
    }


def _report(row: FeedRow) -> dict[str, Any] | None:
    if row.no is None or row.state is None or row.due_at is None:
        return None
    return {
        "no": row.no,
        "state": row.state,
        "state_label": STAFF_STATES[row.state],
        "kind": row.kind,
        "kind_label": kind_label(row),
        "estate_id": str(row.estate_id),
        "estate": row.estate,
        "community": row.community,
        "handler": row.handler,
        "safety": row.safety,
        "due_at": row.due_at.isoformat(),
    }


def kind_label(row: FeedRow) -> str:
    """The kind in residents' words; its key where a later book has dropped it."""
    kind = kind_named(row.county_id, row.kind or "")
    return kind.label if kind else row.kind or ""
