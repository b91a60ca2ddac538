"""Looks at hung codes (patrol): who saw which code, where, how it stood; appended, never edited."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class Found(StrEnum):
    """How a code was found."""

    RIGHT = "right"
    MOVED = "moved"
    DAMAGED = "damaged"
    MISSING = "missing"
    FAKE = "fake"
    REMOVED = "removed"


WORDS = {
    Found.RIGHT: "位置正确",
    Found.MOVED: "移动了",
    Found.DAMAGED: "破损",
    Found.MISSING: "不见了",
    Found.FAKE: "不是我们的",
    Found.REMOVED: "已清除",
}
TODO = {
    Found.MOVED: "请到现场贴回原处；找不到原处的，换发新码，旧码当场失效。",
    Found.DAMAGED: "请重新打印同一个码贴上。",
    Found.MISSING: "请换发新码，旧码当场失效，拿走的码扫了只显示“没有用了”。",
    Found.FAKE: "请撕下并保留照片；怀疑诈骗的报警 110，并告诉居民只认打开后小区、物业、编号都对得上的码。",
}
"""What the bureau does about it."""


class CodeCheck(Base, Row):
    """One look at one code, ours or not."""

    __tablename__ = "code_check"
    at: Mapped[datetime]
    by_person_id: Mapped[int] = mapped_column(BigInteger)
    code_id: Mapped[int | None] = mapped_column(ForeignKey("scan_code.id"))
    """None for what is no code of ours."""
    text: Mapped[str] = mapped_column(String(80))
    """What stood there, as printed or as typed."""
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"))
    """Where it was looked for, or found."""
    found: Mapped[str] = mapped_column(String(12))
    where_text: Mapped[str] = mapped_column(String(80))
    photo_id: Mapped[str | None] = mapped_column(String(32))
    __table_args__ = (
        Index("ix_code_check_county", "county_id", "id"),
        Index("ix_code_check_code", "code_id", "id"),
        Index("ix_code_check_estate", "estate_id", "id"),
    )


@dataclass(frozen=True)
class Look:
    """What somebody on patrol says of a code."""

    found: Found
    where: str = ""
    photo_id: str | None = None
