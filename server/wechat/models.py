"""Tokens of our accounts at WeChat, shared by every process."""

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
