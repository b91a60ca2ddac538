"""Property companies and their projects: an estate under one company, for a time."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class Company(Base, Row):
    """A property company (物业服务企业) at work in a county."""

    __tablename__ = "company"
    name: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("county_id", "name"),)


class Project(Base, Row):
    """One company's service at one estate; its body holds the manager's post."""

    __tablename__ = "project"
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    nature: Mapped[str | None] = mapped_column(String(60))
    """物业管理性质 of 附件5: 自主 or 外聘."""
    services: Mapped[str | None] = mapped_column(String(500))
    manager_name: Mapped[str | None] = mapped_column(String(60))
    """物业负责人 as disclosed (五公开); an account is a separate thing."""
    manager_phone: Mapped[str | None] = mapped_column(String(60))
    since_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    __table_args__ = (
        Index("uq_project_open", "estate_id", unique=True, postgresql_where=text("ended_on IS NULL")),
    )
