"""What is wrong with the system itself, and what the operators' group was told of it."""

from datetime import datetime

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Alarm(Base):
    """One thing that is, or was, wrong; belongs to no county and holds no word about a person."""

    __tablename__ = "alarm"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """What it is about, e.g. `silent` or `disk:host-1`."""
    words: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When it was last found to be so."""
    closed_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(String(5), server_default=text("''"))
    """What the group knows: nothing, `open` or `clear`."""
    said_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    """When somebody last tried to tell the group."""
