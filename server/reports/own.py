"""What we hold about a reporter beside the report itself, opened for his own eyes (PIPL art. 45)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from server.accounts.models import Resident, Session
from server.accounts.roles import Actor
from server.core.crypto import vault
from server.core.db import db
from server.core.paging import MOST
from server.reports.models import Report
from server.reports.queries import Filter, newest


def own_phone(report: Report) -> str:
    """The phone that was left, in full; the caller has made sure that its owner asks."""
    return vault().open(report.phone_sealed) if report.phone_sealed else ""


def own_wechat(resident_id: int) -> tuple[str, str] | None:
    """Which account WeChat knows somebody under: appid and openid."""
    row = db.session.execute(
        select(Resident.appid, Resident.openid_sealed).where(Resident.id == resident_id)
    ).one_or_none()
    return (row.appid, vault().open(row.openid_sealed)) if row else None


def own_logins(resident_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every login that is still known: begun, seen last, ended, and the device's name."""
    query = select(Session.created_at, Session.seen_at, Session.ended_at, Session.device)
    return db.session.execute(query.where(Session.resident_id == resident_id).order_by(Session.id)).all()


def own_numbers(myself: Actor, *, now: datetime) -> Iterator[str]:
    """The numbers of somebody's reports, the newest first."""
    after: str | None = None
    while True:
        page = newest(myself, Filter(), after=after, limit=MOST, now=now)
        yield from (row.no for row in page.items)
        if page.next is None:
            return
        after = page.next
