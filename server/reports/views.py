"""A report as programs see it; never who sent it."""

from datetime import datetime
from typing import Any

from server.accounts.permissions import owns
from server.accounts.roles import Actor
from server.photos.links import Size
from server.photos.models import Photo
from server.photos.service import link, photos_of
from server.policy.loader import book_behind, kind_named
from server.reports.acting import acts_for
from server.reports.clocks import is_late
from server.reports.contact import LOOKS, views_of
from server.reports.eyes import Eyes, eyes_on, eyes_on_row
from server.reports.facts import running, subject
from server.reports.find_codes import find_code
from server.reports.hazards import Hazard, hazards_of
from server.reports.models import Report
from server.reports.part_models import ReportPart
from server.reports.parts import all_parts
from server.reports.pictures import login_of
from server.reports.queries import history, names_of, own_history
from server.reports.steps import Step, steps_for
from server.reports.words import ACTS
from server.reports.workflow import OPEN

ENDED = frozenset({"resolved", "closed"})


def row_view(row: Any, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """A report in a list, from the columns of `queries.LIST`, as the caller may read it."""
    eyes = eyes_on_row(row, actor)
    kind = kind_named(row.county_id, row.kind)
    return {
        "no": row.no,
        "state": row.state,
        "kind": row.kind,
        "kind_label": kind.label if kind else row.kind,
        "estate_id": str(row.estate_id),
        "estate": row.estate,
        "handler": row.handler,
        "text": eyes.words(row.text),
        "where": where_view(row, eyes),
        "safety": row.safety,
        "late": row.state in OPEN and row.due_at < now,
        "submitted_at": eyes.at(row.submitted_at),
        "due_at": eyes.at(row.due_at),
        "version": row.version,
    }


def where_view(row: Any, eyes: Eyes) -> dict[str, str]:
    """Where it is: what finding the fault needs, without what leads to a person."""
    return {"building": eyes.words(row.building), "unit": eyes.words(row.unit), "text": eyes.where(row)}


def event_view(step: Step, eyes: Eyes) -> dict[str, Any]:
    """One step of the history."""
    event, text = step.event, step.words(step.event.text, eyes)
    label = ACTS.get(event.act, event.act)  # type: ignore[call-overload]
    return {"at": eyes.at(event.at), "act": event.act, "label": label, "by": step.by, "text": text}


def whole_view(report: Report, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """A report whole, with the acts that the caller may do now."""
    kind = book_behind(report).kinds.get(report.kind)
    names, eyes, reopen = names_of(report), eyes_on(report, actor), report.reopen_due_at
    told, viewer = history if actor.is_staff else own_history, login_of(actor)
    return {
        "no": report.no,
        "state": report.state,
        "kind": report.kind,
        "kind_label": kind.label if kind else report.kind,
        "estate_id": str(report.estate_id),
        "estate": names.estate,
        "handler": names.handler,
        "text": eyes.words(report.text),
        "where": where_view(report, eyes),
        "safety": report.safety,
        "late": is_late(running(report), now),
        "submitted_at": eyes.at(report.submitted_at),
        "due_at": eyes.at(report.due_at),
        "version": report.version,
        "accept_due_at": eyes.at(report.accept_due_at),
        "resolve_due_at": eyes.at(report.resolve_due_at),
        "reopen_due_at": eyes.at(reopen) if reopen else None,
        "outcome": report.outcome,
        "closed_as": report.closed_as,
        "score": report.score,
        "asked": report.asked_at is not None,
        "checking": report.check_due_at is not None,
        "next_step": next_step(report),
        "hazards": [hazard_view(row, eyes) for row in hazards_of([report.id])[report.id]],
        "photos": [photo_view(photo, viewer, now=now) for photo in photos_of(report.id)],
        "called": [called_view(part, name, eyes) for part, name, _ in all_parts(report)],
        "events": [event_view(step, eyes) for step in steps_for(told(report.id), eyes)],
        "acts": [act.value for act in acts_for(report, actor, now=now)],
    } | own_view(report, actor)


def hazard_view(row: Hazard, eyes: Eyes) -> dict[str, Any]:
    """One step against a danger."""
    return {
        "at": eyes.at(row.at),
        "step": row.step,
        "text": eyes.words(row.text),
        "person": row.person,
        "until": eyes.at(row.until_at) if row.until_at else None,
        "result": row.result,
    }


def called_view(part: ReportPart, name: str, eyes: Eyes) -> dict[str, Any]:
    """A body that was called to the report, with its clocks."""
    times = ("asked_at", "report_in_due_at", "reported_in_at", "due_at", "answered_at")
    clocks = {key: eyes.at(at) if (at := getattr(part, key)) else None for key in times}
    return {"body": name, "lead": part.lead, "ended_as": part.ended_as} | clocks


def next_step(report: Report) -> str:
    """What follows from how it ended, in the book's words to residents; empty while nothing does."""
    ending = book_behind(report).outcomes.get(report.outcome or "")
    return ending.next_step if ending and report.state in ENDED else ""


def own_view(report: Report, actor: Actor) -> dict[str, Any]:
    """What only its reporter is told: whether he may be rung, how he finds it again, and who looked at his phone and why."""
    if not owns(actor, subject(report)):
        return {}
    looks = [
        {
            "at": view.at,
            "by": view.by_label,
            "reason": LOOKS[view.reason],
            "words": view.words,
            "shown": view.shown,
        }
        for view in views_of(report.id)
    ]
    return {
        "has_phone": report.phone_sealed is not None,
        "contact_ok": report.contact_ok,
        "find_code": find_code(report) or None,
        "identity_views": looks,
    }


def photo_view(photo: Photo, viewer: str, *, now: datetime) -> dict[str, str]:
    """A photo by its signed addresses, for staff good no longer than their login and their post."""
    return {
        "id": photo.id,
        "url": link(photo.id, Size.FULL, now=now, viewer=viewer),
        "thumb_url": link(photo.id, Size.THUMB, now=now, viewer=viewer),
        "purpose": photo.purpose or "",
    }
