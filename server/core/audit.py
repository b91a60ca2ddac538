"""Who did what that must be answered for: append-only rows, each chained to the one before in its county."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row, db

BEGINNING = "0" * 64
"""What stands before the first row of a chain."""
CHAIN_LOCK = 58_371_324
"""The class of the advisory locks that keep one chain a county; the county's number is the second half."""


class Audit(Row, Base):
    """One act; `hash` covers every other column but `id`, and the hash of the row before."""

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("county_id", "seq"),
        Index("ix_audit_act", "county_id", "act", "seq"),
        Index("ix_audit_person", "county_id", "person_id", "seq"),
    )
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    post_id: Mapped[int | None] = mapped_column(BigInteger)
    about: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(500))
    facts: Mapped[dict[str, Any]]
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


def record(
    county_id: str,
    act: str,
    *,
    person_id: int | None,
    post_id: int | None = None,
    about: str,
    reason: str = "",
    facts: Mapping[str, str] | None = None,
    now: datetime,
) -> int:
    """Add one row to the county's chain within the running transaction; its number in the chain."""
    hold_chain(county_id)
    seq, prev = head(county_id)
    content = {
        "county_id": county_id,
        "seq": seq + 1,
        "at": now,
        "act": act,
        "person_id": person_id,
        "post_id": post_id,
        "about": about,
        "reason": reason,
        "facts": dict(facts or {}),
    }
    row = content | {"prev_hash": prev, "hash": fingerprint(content, prev=prev)}
    db.session.execute(insert(Audit).values(**row))
    return seq + 1


def hold_chain(county_id: str) -> None:
    """Let nobody else add to the county's chain until this transaction ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK, int(county_id))))


def head(county_id: str) -> tuple[int, str]:
    """The number and the hash of the chain's last row; (0, BEGINNING) before the first."""
    last = select(Audit.seq, Audit.hash).where(Audit.county_id == county_id).order_by(Audit.seq.desc())
    found = db.session.execute(last.limit(1)).one_or_none()
    return (found.seq, found.hash) if found else (0, BEGINNING)


def fingerprint(content: Mapping[str, Any], *, prev: str) -> str:
    """SHA-256 of the content and of the hash before it, in hexadecimal."""
    return hashlib.sha256(canonical({**content, "prev_hash": prev})).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """One and only one spelling in JSON: keys sorted, no spaces, instants in UTC to the microsecond."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_instant
    ).encode()


def _instant(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"not in an audit row: {type(value).__name__}")
