"""What is forgotten by itself: logins and invitations that are over."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_

from server.accounts.models import Invitation, Session
from server.core.db import db

KEPT = timedelta(days=30)
"""How long one can still look up that a login or an invitation was there."""


def forget_sessions(now: datetime) -> int:
    """Logins that ended or ran out a while ago; how many."""
    over = now - KEPT
    return _forget(Session, or_(Session.ended_at < over, Session.expires_at < over))


def forget_invitations(now: datetime) -> int:
    """Invitations that were used or ran out a while ago; how many."""
    over = now - KEPT
    return _forget(Invitation, or_(Invitation.used_at < over, Invitation.expires_at < over))


def _forget(model: type[Session] | type[Invitation], over: ColumnElement[bool]) -> int:
    gone = db.session.execute(delete(model).where(over))
    return int(gone.rowcount)  # type: ignore[attr-defined]
