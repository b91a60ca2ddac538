"""Browsers known to be a member of staff's own, so that reports he files from there are told from residents'."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from server.accounts.models import Person
from server.core.db import Base, Row, db


class StaffDevice(Base, Row):
    """A browser in which a member of staff has logged in, by the fingerprint of its device cookie."""

    __tablename__ = "staff_device"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    __table_args__ = (Index("uq_staff_device", "device_hash", "person_id", unique=True),)


def know_device(person: Person, device_hash: str, *, now: datetime) -> None:
    """Remember that a browser is this person's."""
    row = {"county_id": person.county_id, "person_id": person.id, "device_hash": device_hash, "at": now}
    db.session.execute(insert(StaffDevice).values(row).on_conflict_do_nothing())


def is_staff_device(device_hash: str) -> bool:
    """Whether a member of staff has ever logged in in this browser, within the counties in sight."""
    known = select(StaffDevice.id).where(StaffDevice.device_hash == device_hash).limit(1)
    return db.session.scalar(known) is not None
