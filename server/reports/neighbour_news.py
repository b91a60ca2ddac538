"""How it goes on, pushed to neighbours who joined; whom no channel reaches reads it on the tracking page and on /my."""

from server.core.db import db
from server.notices.residents import NEIGHBOUR
from server.notices.service import tell_resident
from server.policy.clocks import push_at
from server.policy.loader import book_behind
from server.reports.happenings import Happening
from server.reports.messages import RESIDENT_TITLES
from server.reports.models import Report
from server.reports.neighbours import joins
from server.reports.workflow import RESOLVED, Act


def on_happening(happening: Happening) -> None:
    """Tell every neighbour but the reporter himself; filing, which is hot, costs nothing."""
    if happening.act is Act.CHECK or f"{NEIGHBOUR}{happening.act}" in RESIDENT_TITLES:
        _tell(happening)


def _tell(happening: Happening) -> None:
    rows = db.session.execute(joins([happening.report_id])).all()
    report = db.session.get_one(Report, happening.report_id) if rows else None
    purpose = _purpose(report, happening.act) if report else None
    if report is None or purpose is None:
        return
    book = book_behind(report)
    people = {row.resident_id or row.own_resident for row in rows} - {None, report.resident_id}
    for resident in sorted(people):
        tell_resident(
            report.county_id,
            resident,
            report_id=report.id,
            purpose=purpose,
            occasion=f"event:{happening.event_id}",
            urgent=report.time_class in book.quiet.spares,
            now=happening.at,
            not_before=push_at(book, report.time_class, happening.at),
        )


def _purpose(report: Report, act: Act) -> str | None:
    """An answer that a second body checks first is no news before that."""
    if act in {Act.RESOLVE, Act.CHECK}:
        told = report.state == RESOLVED and report.check_due_at is None
        return f"{NEIGHBOUR}{Act.RESOLVE}" if told else None
    return f"{NEIGHBOUR}{act}"
