"""A report as programs see it; never who sent it."""

from datetime import datetime
from typing import Any

from server.accounts.roles import Actor
from server.photos.links import Size
from server.photos.service import link, photos_of
from server.policy.loader import books
from server.reports.acting import acts_for
from server.reports.clocks import is_late
from server.reports.facts import running
from server.reports.models import Event, Report
from server.reports.queries import history, names_of
from server.reports.words import ACTS


def row_view(row: Any, *, now: datetime) -> dict[str, Any]:
    """A report in a list, from the columns of `queries.LIST`."""
    kind = books()[row.county_id].kinds.get(row.kind)
    return {
        "no": row.no,
        "state": row.state,
        "kind": row.kind,
        "kind_label": kind.label if kind else row.kind,
        "estate_id": str(row.estate_id),
        "estate": row.estate,
        "handler": row.handler,
        "text": row.text,
        "where": {"building": row.building or "", "unit": row.unit or "", "text": row.where_text or ""},
        "safety": row.safety,
        "late": row.state in {"submitted", "accepted"} and row.due_at < now,
        "submitted_at": row.submitted_at,
        "due_at": row.due_at,
        "version": row.version,
    }


def event_view(event: Event) -> dict[str, Any]:
    """One step of the history."""
    label = ACTS.get(event.act, event.act)  # type: ignore[call-overload]
    return {"at": event.at, "act": event.act, "label": label, "by": event.by_label, "text": event.text}


def whole_view(report: Report, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """A report whole, with the acts that the caller may do now."""
    kind = books()[report.county_id].kinds.get(report.kind)
    names = names_of(report)
    return {
        "no": report.no,
        "state": report.state,
        "kind": report.kind,
        "kind_label": kind.label if kind else report.kind,
        "estate_id": str(report.estate_id),
        "estate": names.estate,
        "handler": names.handler,
        "text": report.text,
        "where": {
            "building": report.building or "",
            "unit": report.unit or "",
            "text": report.where_text or "",
        },
        "safety": report.safety,
        "late": is_late(running(report), now),
        "submitted_at": report.submitted_at,
        "due_at": report.due_at,
        "version": report.version,
        "accept_due_at": report.accept_due_at,
        "resolve_due_at": report.resolve_due_at,
        "reopen_due_at": report.reopen_due_at,
        "outcome": report.outcome,
        "closed_as": report.closed_as,
        "score": report.score,
        "asked": report.asked_at is not None,
        "photos": [photo_view(photo.id, photo.purpose or "", now=now) for photo in photos_of(report.id)],
        "events": [event_view(event) for event in history(report.id)],
        "acts": [act.value for act in acts_for(report, actor, now=now)],
    }


def photo_view(photo_id: str, purpose: str, *, now: datetime) -> dict[str, str]:
    """A photo by its signed addresses."""
    return {
        "id": photo_id,
        "url": link(photo_id, Size.FULL, now=now),
        "thumb_url": link(photo_id, Size.THUMB, now=now),
        "purpose": purpose,
    }
