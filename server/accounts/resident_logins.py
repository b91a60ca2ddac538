"""What a resident does to his own logins: see which work, end one, or all but the one he has in hand."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from server.accounts.models import Session
from server.accounts.sessions import RESIDENT_IDLE
from server.core.db import db
from server.core.errors import NotFound

GONE = "没有找到这次登录，它可能已经退出。"


def at_work(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of a resident's login that still works."""
    return Session.ended_at.is_(None), Session.expires_at > now, Session.seen_at >= now - RESIDENT_IDLE


def working_logins(resident_id: int, *, now: datetime) -> list[Session]:
    """A resident's logins that still work, the latest used first."""
    query = select(Session).where(Session.resident_id == resident_id, *at_work(now))
    return list(db.session.scalars(query.order_by(Session.seen_at.desc(), Session.id.desc())))


def end_login(resident_id: int, session_id: int, *, now: datetime) -> None:
    """End one of one's own logins. Raises NotFound for anybody else's, and for one that has ended."""
    own = (Session.id == session_id, Session.resident_id == resident_id, Session.ended_at.is_(None))
    done = db.session.execute(update(Session).where(*own).values(ended_at=now).returning(Session.id))
    if done.first() is None:
        raise NotFound(GONE)


def end_others(resident_id: int, *, but: int | None, now: datetime) -> None:
    """End every login of a resident but one."""
    others = (Session.resident_id == resident_id, Session.id.is_distinct_from(but))
    db.session.execute(update(Session).where(*others, Session.ended_at.is_(None)).values(ended_at=now))
