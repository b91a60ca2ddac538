"""Who is stuck: every body of a county that must act now, with how much it has to do and how much is late."""

from datetime import datetime
from typing import Any

from sqlalchemy import distinct, func, select, tuple_

from server.accounts.models import Body
from server.core import paging
from server.core.db import db
from server.reports.duty_rows import duty_rows


def loads(county_id: str, *, after: str | None, limit: int, now: datetime) -> paging.Page[Any]:
    """A page of bodies, those with the most overdue reports first: id, name, kind, todo, late, oldest."""
    duty = duty_rows(county_id).subquery("duty")
    late = func.count(distinct(duty.c.report_id)).filter(duty.c.due_at < now)
    each = (
        select(
            duty.c.body_id,
            func.count(distinct(duty.c.report_id)).label("todo"),
            late.label("late"),
            func.min(duty.c.due_at).label("oldest"),
        )
        .group_by(duty.c.body_id)
        .subquery("each")
    )
    order = (-each.c.late, -each.c.todo, Body.id)
    query = select(Body.id, Body.name, Body.kind, each.c.todo, each.c.late, each.c.oldest)
    query = query.join(each, each.c.body_id == Body.id).where(Body.county_id == county_id)
    cursor = paging.decode(after, (int, int, int))
    if cursor:
        query = query.where(tuple_(*order) > tuple_(*cursor))
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    return paging.page(rows, limit=limit, key=lambda row: (-row.late, -row.todo, row.id))
