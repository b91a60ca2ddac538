"""Who there is: bodies, their posts, the people who hold them, residents, sessions, invitations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class BodyKind(StrEnum):
    """What kind of body acts (policy part D)."""

    BUREAU = "bureau"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    PROJECT = "project"
    UTILITY = "utility"
    COURT = "court"
    CONFIDENTIAL = "confidential"
    """The second self of a body, in its county's compartment (`server/confidential/compartments.py`)."""


class Body(Base, Row):
    """A body that acts: the bureau, a department, a township, a community, a company's project."""

    __tablename__ = "body"
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str | None] = mapped_column(String(40))
    """The rule book's name of the body; none for townships, communities and projects."""
    name: Mapped[str] = mapped_column(String(180))
    """A project's is the company's with the estate's, so it holds both."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    """One level up: project → community → township → bureau."""
    phone: Mapped[str | None] = mapped_column(String(40))
    """An office number that may be shown to everybody."""
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("county_id", "kind", "parent_id", "name"),
        Index("ix_body_key", "county_id", "key", unique=True, postgresql_where=text("key IS NOT NULL")),
    )


class Person(Base, Row):
    """A member of staff with a login of his own."""

    __tablename__ = "person"
    name: Mapped[str] = mapped_column(String(40))
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    phone_sealed: Mapped[str | None] = mapped_column(String(400))
    totp_sealed: Mapped[str | None] = mapped_column(String(400))
    """The secret of his authenticator; it counts once `totp_since_at` says that he has shown a code of it."""
    totp_since_at: Mapped[datetime | None]
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The last time step whose code was taken; none up to it is taken again."""
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class RecoveryCode(Base, Row):
    """A code for the day the phone is gone: kept as a keyed fingerprint, works once."""

    __tablename__ = "recovery_code"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_index: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Post(Base, Row):
    """A duty of a body (物业科, 项目经理): it owns the work, whoever holds it."""

    __tablename__ = "post"
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    role: Mapped[str] = mapped_column(String(16))
    duty: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("body_id", "role", "duty"),)


class Holding(Base, Row):
    """One person's term in a post; a term that has ended, or run out, gives no access."""

    __tablename__ = "holding"
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    """When the term runs out by itself; whoever reads terms compares it, so no job has to be on time."""
    stands_in_for: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The colleague on leave whose work this is meanwhile."""
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "ix_holding_running_out",
            "until_at",
            postgresql_where=text("ended_at IS NULL AND until_at IS NOT NULL"),
        ),
        Index("ix_holding_open_post", "post_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_holding_open_person", "person_id", postgresql_where=text("ended_at IS NULL")),
        Index(
            "uq_holding_open",
            "post_id",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Resident(Base, Row):
    """Somebody known by a WeChat identity alone; never required for a report."""

    __tablename__ = "resident"
    appid: Mapped[str] = mapped_column(String(40))
    openid_sealed: Mapped[str] = mapped_column(String(400))
    openid_index: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("appid", "openid_index"),)


class Session(Base, Row):
    """A login: the token's fingerprint, whose it is, how long it lasts."""

    __tablename__ = "session"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(80))
    """What the browser calls itself, shortened; shown to its owner only."""


class Invitation(Base, Row):
    """A link for one person, by which he sets a password or binds his WeChat; works once."""

    __tablename__ = "invitation"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8), server_default=text("'password'"))
    """password or wechat."""
    invited_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginFailure(Base, Row):
    """A wrong password, counted against the user name whether it exists or not."""

    __tablename__ = "login_failure"
    username_index: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_login_failure_username", "username_index", "at"),)


class StaffChange(Base, Row):
    """What was done to people and posts, by whom; appended, never edited."""

    __tablename__ = "staff_change"
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    act: Mapped[str] = mapped_column(String(24))
    person_id: Mapped[int] = mapped_column(BigInteger)
    detail: Mapped[str] = mapped_column(String(400))
