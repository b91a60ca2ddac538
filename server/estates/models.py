"""Places: estates under communities, their buildings, spots, scan codes and emergency numbers."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class Estate(Base, Row):
    """A residential estate (小区)."""

    __tablename__ = "estate"
    community_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    category: Mapped[str | None] = mapped_column(String(2))
    """类别 of 附件5: 1 good conditions, 2 ordinary, 3 poor."""
    households: Mapped[int | None] = mapped_column(Integer)
    area_m2: Mapped[int | None] = mapped_column(Integer)
    remark: Mapped[str | None] = mapped_column(String(500))
    has_committee: Mapped[bool | None]
    stand_kind: Mapped[str | None] = mapped_column(String(20))
    """Who stands where the manager would, in an estate without a company (A14): a `Stand` of the book."""
    stand_name: Mapped[str | None] = mapped_column(String(80))
    stand_phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("community_id", "name"),
        Index("ix_estate_county", "county_id", "name"),
    )


class Building(Base, Row):
    """A building of an estate and its units (单元)."""

    __tablename__ = "building"
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"))
    name: Mapped[str] = mapped_column(String(40))
    units: Mapped[int] = mapped_column(Integer)
    rank: Mapped[int] = mapped_column(Integer)
    __table_args__ = (UniqueConstraint("estate_id", "name"),)


class Spot(Base, Row):
    """A place inside an estate that carries its own code: a lift, a gate, a pump room."""

    __tablename__ = "spot"
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ScanCode(Base, Row):
    """What a printed QR code says; random, replaceable, never a number that can be counted up."""

    __tablename__ = "scan_code"
    code: Mapped[str] = mapped_column(String(12), unique=True)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    spot_id: Mapped[int | None] = mapped_column(ForeignKey("spot.id"))
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class EmergencyNumber(Base, Row):
    """Whom to call first at one estate: the lift firm, gas, heat."""

    __tablename__ = "emergency_number"
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(40))
    rank: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    confirmed_on: Mapped[date | None]


class PlaceChange(Base, Row):
    """What was done to a place, by whom; appended, never edited."""

    __tablename__ = "place_change"
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    """None for a command given at the machine itself."""
    act: Mapped[str] = mapped_column(String(24))
    estate_id: Mapped[int | None] = mapped_column(BigInteger)
    """None for what concerns many estates at once, such as an import."""
    detail: Mapped[str] = mapped_column(String(400))
    __table_args__ = (Index("ix_place_change_estate", "estate_id", "id"),)


class ImportDraft(Base, Row):
    """A table that somebody looks over before it is imported; gone once it is, or after a day."""

    __tablename__ = "import_draft"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    township: Mapped[str] = mapped_column(String(80))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
