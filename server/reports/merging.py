"""What a merge or a split does beyond the report itself: to the one that leads, its clocks, and who stands beside it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from server.accounts.roles import Actor
from server.core.db import db
from server.core.errors import Invalid, NotFound
from server.policy.clocks import due
from server.policy.loader import book_behind
from server.reports import replay
from server.reports.acting import rewrite
from server.reports.facts import running
from server.reports.happenings import Happening
from server.reports.joined import Join
from server.reports.merges import last_merge
from server.reports.models import Event, Report
from server.reports.queries import visible_report
from server.reports.routed_parts import ask_again
from server.reports.scopes import visible_reports
from server.reports.system import record_system
from server.reports.telling import pass_on
from server.reports.workflow import IN_HAND, OPEN, Act

SHOWN = 10
GOES = frozenset({Act.WITHDRAW, Act.VOID, Act.REJECT})
"""When a leading report ends without having been dealt with, nothing merged into it may be lost."""


def lead_for(no: str, actor: Actor) -> int:
    """The report that a member of staff names to merge into. Raises Invalid where it is not in his sight."""
    try:
        return visible_report(no, actor).id
    except NotFound as missing:
        raise Invalid(missing.message, fields={"lead": missing.message}) from missing


def candidates(report: Report, actor: Actor, *, now: datetime) -> list[Any]:
    """Open reports of the same estate and kind that staff may take for the same, those at the same building first."""
    days = book_behind(report).duplicates.days
    columns = (Report.id, Report.no, Report.building, Report.unit, Report.where_text, Report.text, Report.state,
               Report.submitted_at, Report.kind, Report.county_id, Report.version)  # fmt: skip
    query = (
        select(*columns)
        .where(
            visible_reports(actor),
            Report.estate_id == report.estate_id,
            Report.kind == report.kind,
            Report.id != report.id,
            Report.state.in_(OPEN),
            Report.submitted_at >= report.submitted_at - timedelta(days=days),
            Report.submitted_at <= now,
        )
        .order_by(Report.building.is_distinct_from(report.building), Report.submitted_at)
        .limit(SHOWN)
    )
    return list(db.session.execute(query))


def on_happening(happening: Happening) -> None:
    """Go on from a merge or a split; a leading report that ends undone lets go of what was merged into it."""
    if happening.act is Act.MERGE:
        _merged(happening)
    elif happening.act is Act.SPLIT:
        _split(happening)
    elif happening.act in GOES:
        for one in _merged_into(happening.report_id):
            _let_go(one, happening)


def _merged(happening: Happening) -> None:
    report = db.session.get_one(Report, happening.report_id)
    event = db.session.get_one(Event, happening.event_id)
    lead = db.session.get_one(Report, event.data["lead_id"])
    _stand_beside(report, lead, now=happening.at)
    for one in _merged_into(report.id):
        _step_aside(one, now=happening.at)
        one.merged_into_id, one.version = lead.id, one.version + 1
        kept = {"state": last_merge(one.id).data["state"], "lead": lead.no, "lead_id": lead.id}
        _copy(event, one, kept)
        _stand_beside(one, lead, now=happening.at)
    columns = _earlier(lead, report)
    _copy(event, lead, {"merged": report.no} | replay.kept(columns))
    rewrite(lead, columns, now=happening.at)


def _split(happening: Happening) -> None:
    report = db.session.get_one(Report, happening.report_id)
    event = db.session.get_one(Event, happening.event_id)
    lead = db.session.get_one(Report, event.data["lead_id"])
    _step_aside(report, now=happening.at)
    ask_again(report, now=happening.at)
    columns = _own_clocks(lead)
    _copy(event, lead, {"merged": report.no} | replay.kept(columns))
    rewrite(lead, columns, now=happening.at)


def _let_go(report: Report, happening: Happening) -> None:
    """Back to what it was, by the system, at any time: the report that it was handled with is no more."""
    now, before = happening.at, last_merge(report.id).data["state"]
    columns = {"state": before, "closed_at": None, "closed_as": None, "merged_into_id": None}
    _step_aside(report, now=now)
    rewrite(report, columns, now=now)
    ask_again(report, now=now)
    text = f"一起办的 {happening.no} 已经终止，这一件继续单独办理，时限不变。"
    data = {"lead": happening.no} | replay.kept(columns)
    event = record_system(report, Act.SPLIT, text=text, data=data, now=now)
    pass_on(report, Act.SPLIT, event, book=book_behind(report), by=Actor(), now=now)


def _merged_into(lead_id: int) -> list[Report]:
    query = select(Report).where(Report.merged_into_id == lead_id).order_by(Report.id).with_for_update()
    return list(db.session.scalars(query))


def _stand_beside(report: Report, lead: Report, *, now: datetime) -> None:
    """The merged report's reporter is a neighbour of the other now; he is known by his own report alone."""
    row = Join(county_id=lead.county_id, report_id=lead.id, merged_id=report.id, counts=True, joined_at=now)
    db.session.add(row)
    db.session.flush()


def _step_aside(report: Report, *, now: datetime) -> None:
    db.session.execute(
        update(Join).where(Join.merged_id == report.id, Join.withdrawn_at.is_(None)).values(withdrawn_at=now)
    )


def _copy(event: Event, report: Report, data: dict[str, Any]) -> None:
    """The same step in the other report's history."""
    db.session.add(
        Event(
            county_id=report.county_id,
            report_id=report.id,
            at=event.at,
            act=event.act,
            by_kind=event.by_kind,
            by_person_id=event.by_person_id,
            by_post_id=event.by_post_id,
            by_label=event.by_label,
            text=event.text,
            data=data,
        )
    )
    db.session.flush()


def _earlier(lead: Report, report: Report) -> dict[str, Any]:
    """The earlier of both clocks: nobody waits longer because his report was found to be the same."""
    answer = running(report).answer_due_at
    columns = {
        "accept_due_at": min(lead.accept_due_at, report.accept_due_at),
        "resolve_due_at": min(lead.resolve_due_at, answer),
    }
    if lead.reopen_due_at is not None:
        columns["reopen_due_at"] = min(lead.reopen_due_at, answer)
    return columns


def _own_clocks(lead: Report) -> dict[str, Any]:
    """The clocks without the one that left; where a longer term was granted meanwhile they stay as they are."""
    if lead.extended_at or lead.reopen_due_at or lead.state not in IN_HAND:
        return {}
    book = book_behind(lead)
    own, others = due(book, lead.time_class, lead.submitted_at), _merged_into(lead.id)
    return {
        "accept_due_at": min([own.accept_due_at, *(one.accept_due_at for one in others)]),
        "resolve_due_at": min([own.resolve_due_at, *(running(one).answer_due_at for one in others)]),
    }
