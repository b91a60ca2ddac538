"""Orders that may be the same matter as another report: the bureau says so, or says that they are two."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.accounts.roles import Actor
from server.core.db import db
from server.core.errors import NotFound
from server.estates.models import Estate
from server.interop.hotline.models import HotlineOrder
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.models import Report
from server.reports.workflow import Act

MOST = 100
SAME = "核对过，是同一件事。"
"""The company reads it too, so it names no order."""


def unsure_orders(county_id: str) -> list[Any]:
    """The orders that wait for the bureau's word, with both reports, the oldest first."""
    other = aliased(Report)
    query = (
        select(
            HotlineOrder.id, HotlineOrder.number, HotlineOrder.received_at,
            Report.no, Report.kind, Report.text, Report.county_id,
            other.no.label("other_no"), other.kind.label("other_kind"), other.text.label("other_text"),
            other.submitted_at.label("other_at"), other.state.label("other_state"), Estate.name.label("estate"),
        )
        .join(Report, Report.id == HotlineOrder.report_id)
        .join(other, other.id == HotlineOrder.maybe_id)
        .join(Estate, Estate.id == Report.estate_id)
        .where(HotlineOrder.county_id == county_id)
    )  # fmt: skip
    return list(db.session.execute(query.order_by(HotlineOrder.id).limit(MOST)))


def say_two(county_id: str, order_id: int) -> str:
    """They are two matters; gives the order's number. Raises NotFound when nobody asks any more."""
    order = _asked(county_id, order_id)
    order.maybe_id = None
    db.session.flush()
    return order.number


def say_same(county_id: str, order_id: int, *, by: Actor, now: datetime) -> str:
    """One matter: the order's report is merged into the other one. Raises Conflict where that cannot be any more."""
    order = _asked(county_id, order_id)
    report = db.session.get_one(Report, order.report_id)
    lead_id = order.maybe_id
    deed = Deed(version=report.version, lead_id=lead_id, text=SAME)
    act_on(report, Act.MERGE, deed, by=by, now=now)
    order.report_id, order.joined, order.maybe_id = lead_id, True, None
    db.session.flush()
    return order.number


def _asked(county_id: str, order_id: int) -> HotlineOrder:
    found = db.session.scalar(
        select(HotlineOrder)
        .where(
            HotlineOrder.id == order_id,
            HotlineOrder.county_id == county_id,
            HotlineOrder.maybe_id.is_not(None),
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound("没有找到这件工单，可能已经核对过。")
    return found
