"""Confidential reports behind the ordinary calls: same address, same shape, no hint; found by the owner's token alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.accounts.roles import Actor
from server.companies.places import Place
from server.confidential import acting, messages
from server.confidential.clocks import is_late
from server.confidential.filing import Told, file_sealed, is_confidential
from server.confidential.models import SealedEvent
from server.confidential.queries import Whole, own_report
from server.confidential.rules import Act, Part
from server.confidential.telling import Telling
from server.core.errors import NotFound
from server.reports.deeds import Deed
from server.reports.filing import Filed, Filing

KIND = "举报"
NO_ACT = "没有这种操作。"


class Sealed:
    """The confidential room as `reports/elsewhere.py` asks for it."""

    def file(self, place: Place, filing: Filing, *, key: str, address: str, now: datetime) -> Filed | None:
        """Take a confidential report in; no cookie, no account and no address of the sender goes along."""
        if not is_confidential(place.county_id, filing.kind):
            return None
        told = file_sealed(place, telling_of(filing), key=key, device_hash=None, sender=address, now=now)
        return filed_of(told)

    def view(self, no: str, actor: Actor, *, now: datetime) -> Mapping[str, Any]:
        """The report for whoever holds its token."""
        return view(own_report(no, Actor(owner_hash=actor.owner_hash)), now=now)

    def act(self, no: str, act: str, deed: Deed, actor: Actor, *, now: datetime) -> Mapping[str, Any]:
        """An act of whoever holds the report's token."""
        found = own_report(no, Actor(owner_hash=actor.owner_hash))
        if act not in set(Act):
            raise NotFound(NO_ACT)
        given = acting.Deed(version=deed.version, text=deed.text, photos=deed.photos)
        acting.act_as_owner(found.report, Act(act), given, now=now)
        return self.view(no, actor, now=now)


def telling_of(filing: Filing) -> Telling:
    """What goes to the body; whether it may be public is not asked, it never is."""
    return Telling(
        kind=filing.kind,
        text=filing.text,
        photos=filing.photos,
        building=filing.building,
        unit=filing.unit,
        where=filing.where,
        phone=filing.phone,
        contact_ok=filing.contact_ok,
    )


def filed_of(told: Told) -> Filed:
    """The ordinary answer; the number 0 is no ordinary report's."""
    return Filed(
        0,
        told.no,
        told.owner_token,
        repeated=told.repeated,
        handler=told.handler,
        accept_due_at=told.accept_due_at,
        resolve_due_at=told.resolve_due_at,
    )


def view(found: Whole, *, now: datetime) -> dict[str, Any]:
    """A report in the shape of the others; what was told is sealed and is not given back, to nobody."""
    report = found.report
    return {
        "no": report.no,
        "state": report.state,
        "kind": "",
        "kind_label": KIND,
        "estate_id": "",
        "estate": "",
        "handler": found.handler,
        "text": "",
        "where": {"building": "", "unit": "", "text": ""},
        "safety": False,
        "late": is_late(report.state, report.due_at, now=now),
        "submitted_at": report.submitted_at,
        "due_at": report.due_at,
        "version": report.version,
        "accept_due_at": report.accept_due_at,
        "resolve_due_at": report.resolve_due_at,
        "reopen_due_at": None,
        "outcome": None,
        "closed_as": None,
        "score": None,
        "asked": report.asked_at is not None,
        "photos": [],
        "events": [_step(event, report.no, found.handler) for event in found.events],
        "acts": [act.value for act in acting.may(report, Part.OWNER)],
    }


def _step(event: SealedEvent, no: str, handler: str) -> dict[str, Any]:
    """One step; the body's words are for the reporter, his own stay sealed."""
    mine = event.by_kind == Part.OWNER
    return {
        "at": event.at,
        "act": event.act,
        "label": messages.ACTS[Act(event.act)],
        "by": messages.name_of(event.by_kind, handler=handler),
        "text": "" if mine else acting.words_of(event.words, no=no),
    }
