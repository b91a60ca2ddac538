"""Who is to see what, and every message on its way: inbox rows, addresses, pushes, consents."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class Inbox(Base, Row):
    """A report on a post's desk; whoever holds the post sees it, push or no push."""

    __tablename__ = "inbox"
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    report_id: Mapped[int] = mapped_column(BigInteger)
    part: Mapped[str] = mapped_column(String(12))
    """handle, watch, joint, safety, escalated: why it lies here."""
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("report_id", "post_id"),
        Index("ix_inbox_post", "post_id", "report_id"),
        Index("ix_inbox_body", "body_id", "report_id"),
    )


class InboxRead(Base, Row):
    """That a person has opened a report."""

    __tablename__ = "inbox_read"
    report_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    read_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("report_id", "person_id"),)


class Address(Base, Row):
    """Where one person can be reached on one channel; the lowest rank is tried first."""

    __tablename__ = "address"
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    """For a group robot: the body whose group it is."""
    channel: Mapped[str] = mapped_column(String(16))
    target_sealed: Mapped[str] = mapped_column(String(400))
    target_index: Mapped[str] = mapped_column(String(64))
    rank: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_address_person", "person_id", "rank", postgresql_where=text("ended_at IS NULL")),
        Index("ix_address_resident", "resident_id", "rank", postgresql_where=text("ended_at IS NULL")),
        Index("ix_address_target", "channel", "target_index"),
        Index(
            "uq_address_staff_wechat",
            "county_id",
            "channel",
            "target_index",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND person_id IS NOT NULL AND channel = 'mp_template'"),
        ),
    )


class Push(Base, Row):
    """The ledger of one message to one address on one channel."""

    __tablename__ = "push"
    report_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    purpose: Mapped[str] = mapped_column(String(24))
    occasion: Mapped[str] = mapped_column(String(60))
    """What it is about, e.g. `event:17`; one push an occasion, person and channel."""
    post_id: Mapped[int | None] = mapped_column(BigInteger)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    resident_id: Mapped[int | None] = mapped_column(BigInteger)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    channel: Mapped[str] = mapped_column(String(16))
    urgent: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    """pending, sent, passed (on to the next channel), dead, cancelled."""
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    next_at: Mapped[datetime]
    last_code: Mapped[str | None] = mapped_column(String(40))
    reference: Mapped[str | None] = mapped_column(String(80))
    """The channel's own number of the message, by which it may tell later that it failed after all."""
    created_at: Mapped[datetime]
    failing_at: Mapped[datetime | None]
    """When it failed for the first time; the spans of trying count from here."""
    done_at: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]
    """When the feed took notice that it is dead."""
    parked_on: Mapped[str | None] = mapped_column(String(40))
    """The line that rests, while the push waits for it without a job (`lines.py`)."""
    confirmed_at: Mapped[datetime | None]
    """When the channel told that the phone has it, on channels that tell."""
    __table_args__ = (
        Index("ix_push_parked", "parked_on", "id", postgresql_where=text("parked_on IS NOT NULL")),
        Index(
            "ix_push_unconfirmed",
            "channel",
            "done_at",
            postgresql_where=text("state = 'sent' AND reference IS NOT NULL AND confirmed_at IS NULL"),
        ),
        Index("ix_push_pending", "next_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_push_dead", "county_id", "id", postgresql_where=text("state = 'dead'")),
        Index(
            "ix_push_unnoticed",
            "id",
            postgresql_where=text("state = 'dead' AND noticed_at IS NULL AND resident_id IS NULL"),
        ),
        Index("ix_push_reference", "reference", postgresql_where=text("reference IS NOT NULL")),
        Index("ix_push_trial", "person_id", "id", postgresql_where=text("purpose = 'test'")),
    )


class ChannelPause(Base):
    """A line's circuit, shared by all processes: a channel, or one group's robot, that rests or has failed lately.

    Open while `opened_at` is set or `until_at` lies ahead; after `until_at` one push at a time may try.
    """

    __tablename__ = "channel_pause"
    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The line (`rules.line_of`)."""
    until_at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime | None]
    """Since when nobody but single tries uses it."""
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    """Messages in a row that it failed."""
    rounds: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    """Vain tries since it was opened."""
    probe_at: Mapped[datetime | None]
    """Until when a single try is under way."""
    slot_at: Mapped[datetime | None]
    """Up to when the release of what was parked is laid out."""
    last_push_id: Mapped[int | None] = mapped_column(BigInteger)
    """The last push that failed, so that one odd message alone opens nothing."""


class Consent(Base, Row):
    """How many more subscribe messages of a template an address has agreed to."""

    __tablename__ = "consent"
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"))
    purpose: Mapped[str] = mapped_column(String(24))
    left: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("address_id", "purpose"),)
