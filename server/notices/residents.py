"""Forgetting a resident: where he could be reached, what was sent to him, his logins, and who he is."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case, delete, select, update

from server.accounts.models import Resident, Session
from server.core.db import db
from server.notices.models import Address, Consent, Push

NEIGHBOUR = "join_"
"""How the purposes of messages to those who joined a report begin."""


def unlink_pushes(report_ids: Sequence[int]) -> None:
    """Messages to the reporters of these reports say no longer to whom they went; unsent ones are cancelled."""
    db.session.execute(
        update(Push)
        .where(Push.report_id.in_(report_ids), Push.resident_id.is_not(None))
        .values(
            resident_id=None,
            address_id=None,
            reference=None,
            state=case((Push.state == "pending", "cancelled"), else_=Push.state),
        )
    )


def unlink_neighbour(report_id: int, resident_id: int) -> None:
    """Messages to one neighbour who stood beside a report say no longer to whom they went."""
    db.session.execute(
        update(Push)
        .where(
            Push.report_id == report_id, Push.resident_id == resident_id, Push.purpose.startswith(NEIGHBOUR)
        )
        .values(
            resident_id=None,
            address_id=None,
            reference=None,
            state=case((Push.state == "pending", "cancelled"), else_=Push.state),
        )
    )


def forget_resident(resident_id: int) -> None:
    """Delete a WeChat identity with everything that hangs on it; no report may lead to it any more."""
    addresses = select(Address.id).where(Address.resident_id == resident_id)
    db.session.execute(
        update(Push)
        .where(Push.resident_id == resident_id)
        .values(
            resident_id=None,
            reference=None,
            state=case((Push.state == "pending", "cancelled"), else_=Push.state),
        )
    )
    db.session.execute(update(Push).where(Push.address_id.in_(addresses)).values(address_id=None))
    db.session.execute(delete(Consent).where(Consent.address_id.in_(addresses)))
    for model in (Address, Session):
        db.session.execute(delete(model).where(model.resident_id == resident_id))
    db.session.execute(delete(Resident).where(Resident.id == resident_id))


def pushes_to_reporter(report_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was sent to a report's reporter: when, for what, on which channel, with what end."""
    query = select(Push.created_at, Push.purpose, Push.channel, Push.state)
    own = (Push.report_id == report_id, Push.resident_id.is_not(None), ~Push.purpose.startswith(NEIGHBOUR))
    found = query.where(*own).order_by(Push.id)
    return db.session.execute(found).all()


def reachable_at(resident_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Where a resident can be reached, and how many more messages he has agreed to."""
    query = (
        select(Address.channel, Address.created_at, Address.ended_at, Consent.purpose, Consent.left)
        .outerjoin(Consent, Consent.address_id == Address.id)
        .where(Address.resident_id == resident_id)
    )
    return db.session.execute(query.order_by(Address.id, Consent.id)).all()
