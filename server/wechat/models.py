"""What all processes share about WeChat: tokens of our accounts, and what has been dealt with already."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class WeChatToken(Base):
    """One token or ticket of one account, sealed; worthless after it has expired."""

    __tablename__ = "wechat_token"
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    value_sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class WeChatEvent(Base):
    """Something of WeChat's that may have its effect once only: a pushed event, or a login's state."""

    __tablename__ = "wechat_event"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A fingerprint; the event itself names somebody, so it is not kept."""
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(index=True)
