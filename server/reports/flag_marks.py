"""Up to when a duty has looked at what happened, so that nothing is looked at for ever or left out."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, db


class FlagMark(Base):
    """How far one duty of fairness has come."""

    __tablename__ = "flag_mark"
    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    until_at: Mapped[datetime]


def reached(name: str) -> datetime | None:
    """The instant before which everything was looked at; locked, so that two workers do not share a round."""
    mark = db.session.get(FlagMark, name, with_for_update=True)
    return mark.until_at if mark else None


def move(name: str, until: datetime) -> None:
    """Everything before this instant has been looked at."""
    given = insert(FlagMark).values(name=name, until_at=until)
    db.session.execute(given.on_conflict_do_update(index_elements=[FlagMark.name], set_={"until_at": until}))
