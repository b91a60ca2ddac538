"""What nobody did but the system: written into a report's history like every other step."""

from datetime import datetime
from typing import Any

from server.core.db import db
from server.reports.models import Event, Report
from server.reports.workflow import Act


def record_system(report: Report, act: Act, *, text: str = "", data: dict[str, Any], now: datetime) -> Event:
    """A step of the system's own, appended to a report's history."""
    event = Event(
        county_id=report.county_id,
        report_id=report.id,
        at=now,
        act=act,
        by_kind="system",
        by_label="系统",
        text=text,
        data=data,
    )
    db.session.add(event)
    db.session.flush()
    return event
