"""Seals: at intervals, what the ends of the append-only tables look like, so that a later change shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    String,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.core.audit import BEGINNING, Audit, fingerprint
from server.core.db import NATIONAL, Base, Row, db
from server.core.grants import APPEND_ONLY

CHAINS = "audit"
ROTATED = "sealed_event"
"""Its words lie under DATA_KEY and are written anew when keys rotate, so no digest could last."""
HISTORIES = tuple(sorted({*APPEND_ONLY} - {CHAINS, "audit_seal", ROTATED}))
"""Append-only tables whose rows hold no hash of their own: seals cover them range by range."""
HIDDEN = {
    "report_event": {
        "text": "CASE WHEN by_kind = 'reporter' THEN '' ELSE text END",
        "data": "CASE WHEN by_kind = 'reporter' THEN data - 'reasons' ELSE data END",
    }
}
"""What may lose its numbers with the contact data (`hide_words` in `migrations/doors.sql`), as digests cover it: not at all."""
SETTLED = timedelta(minutes=30)
"""Longer than any transaction: a number seen that long ago is written down, or never will be."""
MOST = 1000
"""Rows of one range, so that a finding names a narrow place."""
SEAL_LOCK = 58_371_325


class Seal(Row, Base):
    """The end of one table (of one county's audit chain) at an instant; `hash` chains the table's seals."""

    __tablename__ = "audit_seal"
    __table_args__ = (Index("ix_audit_seal_of", "of", "county_id", "id"),)
    at: Mapped[datetime]
    of: Mapped[str] = mapped_column(String(40))
    """`audit` for a county's chain, or the table whose rows are covered (`chain_of`)."""
    after: Mapped[int] = mapped_column(BigInteger)
    """Rows with greater numbers are covered …"""
    upto: Mapped[int] = mapped_column(BigInteger)
    """… to this one; of a chain the number of its head."""
    seen: Mapped[int] = mapped_column(BigInteger)
    """The greatest number there was at the time; settled a while later."""
    rows: Mapped[int] = mapped_column(Integer)
    columns: Mapped[list[Any]]
    """Whose values the digest covers, in this order; columns added later are not in it."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the rows; of a chain the hash of its head."""
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Extent:
    """What lies in a range of numbers: how many rows, and their digest."""

    rows: int
    digest: str


def chain_of(name: str) -> str:
    """What the seals of a table are `of`; one with words to hide was once sealed with them, and is covered anew."""
    return f"{name}:kept" if name in HIDDEN else name


def seal(now: datetime) -> int:
    """Seal what has been added; how many tables have more to be sealed in another round."""
    db.session.execute(select(func.pg_advisory_xact_lock(SEAL_LOCK)))
    _seal_chains(now)
    return sum(_seal_rows(name, now=now) for name in HISTORIES)


def content(row: Any) -> dict[str, Any]:
    """What a seal's own hash covers."""
    names = ("county_id", "at", "of", "after", "upto", "seen", "rows", "columns", "digest")
    return {name: getattr(row, name) for name in names}


def extent(name: str, columns: list[str], *, after: int, upto: int) -> Extent:
    """The digest of the rows with these numbers, as PostgreSQL writes their values."""
    source, hidden = table(name, *(column(one) for one in columns)), HIDDEN.get(name, {})
    shown = [literal_column(hidden[one]).label(one) if one in hidden else source.c[one] for one in columns]
    rows = select(*shown).select_from(source).where(source.c.id > after, source.c.id <= upto).subquery()
    line = func.row(*rows.c).cast(String)
    joined = func.coalesce(func.string_agg(line, text("E'\\n' ORDER BY id")), "")
    digest = func.encode(func.sha256(func.convert_to(joined, "UTF8")), "hex")
    return Extent(*db.session.execute(select(func.count(), digest).select_from(rows)).one())


def _seal_chains(now: datetime) -> None:
    heads = select(Audit.county_id, func.max(Audit.seq).label("seq")).group_by(Audit.county_id).subquery()
    found = select(Audit.county_id, Audit.seq, Audit.hash).join(
        heads, (heads.c.county_id == Audit.county_id) & (heads.c.seq == Audit.seq)
    )
    for county_id, seq, digest in db.session.execute(found.order_by(Audit.county_id)).all():
        before = _last(CHAINS, county_id)
        after = before.upto if before else 0
        if seq > after:
            given = {"after": after, "upto": seq, "seen": seq, "rows": seq - after, "columns": []}
            _add(CHAINS, county_id, {**given, "digest": digest}, before, now=now)


def _seal_rows(name: str, *, now: datetime) -> int:
    before = _last(chain_of(name), NATIONAL)
    after, seen = (before.upto if before else 0), _greatest(name)
    settled = _settled(name, now=now)
    upto = max(after, _end_of_range(name, after=after, settled=settled))
    if upto == after and before is not None and before.seen == seen:
        return 0
    columns = _columns(name)
    covered = extent(name, columns, after=after, upto=upto)
    given = {"after": after, "upto": upto, "seen": seen, "columns": columns}
    _add(chain_of(name), NATIONAL, {**given, "rows": covered.rows, "digest": covered.digest}, before, now=now)
    return int(covered.rows == MOST)


def _add(name: str, county_id: str, given: dict[str, Any], before: Seal | None, *, now: datetime) -> None:
    values = {"county_id": county_id, "at": now, "of": name, **given}
    prev = before.hash if before else BEGINNING
    own = fingerprint(values, prev=prev)
    db.session.execute(insert(Seal).values(**values, prev_hash=prev, hash=own))


def _last(name: str, county_id: str) -> Seal | None:
    query = select(Seal).where(Seal.of == name, Seal.county_id == county_id)
    return db.session.scalar(query.order_by(Seal.id.desc()).limit(1))


def _settled(name: str, *, now: datetime) -> int:
    query = select(Seal.seen).where(
        Seal.of == chain_of(name), Seal.county_id == NATIONAL, Seal.at <= now - SETTLED
    )
    return db.session.scalar(query.order_by(Seal.id.desc()).limit(1)) or 0


def _greatest(name: str) -> int:
    return db.session.scalar(select(func.max(table(name, column("id")).c.id))) or 0


def _end_of_range(name: str, *, after: int, settled: int) -> int:
    source = table(name, column("id"))
    some = select(source.c.id).where(source.c.id > after, source.c.id <= settled)
    return db.session.scalar(select(func.max(some.order_by(source.c.id).limit(MOST).subquery().c.id))) or 0


def _columns(name: str) -> list[str]:
    found = text(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = :name ORDER BY column_name"
    )
    return list(db.session.execute(found, {"name": name}).scalars())
