"""What merging a report into another changes on it, and what splitting gives back."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.core.db import db
from server.core.errors import Invalid
from server.reports.models import Event, Report
from server.reports.part_models import OPEN_PART, ReportPart
from server.reports.workflow import CLOSED, OPEN, Act

MERGED = "merged"
Changed = tuple[dict[str, Any], dict[str, Any]]
"""New values of columns, and what the event keeps."""


def merge_into(report: Report, lead_id: int, *, now: datetime) -> Changed:
    """Close a report as merged into another, or into the one that this is merged into itself.

    Raises Invalid where both cannot be one: another estate, the same report, an ended one, a danger into none.
    """
    lead = _locked_lead(report, lead_id)
    wrong = _refusal(report, lead)
    if lead is None or wrong:
        raise Invalid(wrong, fields={"lead": wrong})
    columns = {"state": CLOSED, "closed_at": now, "closed_as": MERGED, "merged_into_id": lead.id}
    return columns, {"state": report.state, "lead": lead.no, "lead_id": lead.id}


def split_off(report: Report) -> Changed:
    """The state that a report had before it was merged; its own clocks never stopped."""
    before = last_merge(report.id).data
    columns = {"state": before["state"], "closed_at": None, "closed_as": None, "merged_into_id": None}
    return columns, {"lead": before["lead"], "lead_id": before["lead_id"]}


def last_merge(report_id: int) -> Event:
    """The step in which a report was merged into another."""
    own = Event.data["lead"].is_not(None)
    query = select(Event).where(Event.report_id == report_id, Event.act == Act.MERGE, own)
    return db.session.scalars(query.order_by(Event.id.desc()).limit(1)).one()


def _locked_lead(report: Report, lead_id: int) -> Report | None:
    """The report that leads in the end; both rows locked in one order, so that two merges cannot cross."""
    lead = db.session.get(Report, lead_id)
    if lead is not None and lead.merged_into_id is not None:
        lead_id = lead.merged_into_id
    both = select(Report).where(Report.id.in_({report.id, lead_id})).order_by(Report.id).with_for_update()
    found = db.session.scalars(both.execution_options(populate_existing=True)).all()
    return next((one for one in found if one.id == lead_id), None)


def _refusal(report: Report, lead: Report | None) -> str:
    """Why both cannot be one; empty where they can."""
    if lead is None or lead.estate_id != report.estate_id:
        return "没有找到本小区的这一件，请检查编号。"
    if lead.id == report.id:
        return "不能并入自己，请选另一件。"
    if lead.state not in OPEN or lead.merged_into_id is not None:
        return "要并入的一件已经不在办理，请选还在办的一件。"
    if _whistled(report.id):
        return "已经吹哨给部门的一件要留作主件，请反过来合并。"
    if report.safety and not lead.safety:
        return "涉及安全的一件要留作主件，请反过来合并。"
    return ""


def _whistled(report_id: int) -> bool:
    """Whether a body that was whistled for still owes its part of the report."""
    query = select(ReportPart.id).where(
        ReportPart.report_id == report_id, OPEN_PART, ReportPart.whistled, ReportPart.answered_at.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None
