"""Recomputing every chain and every seal: which row was changed, which is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from server.core import clock
from server.core.audit import BEGINNING, Audit, fingerprint
from server.core.db import db
from server.core.seals import CHAINS, HISTORIES, Seal, chain_of, content, extent

BATCH = 1000
CONTENT = ("county_id", "seq", "at", "act", "person_id", "post_id", "about", "reason", "facts")


@dataclass(frozen=True)
class Chain:
    """A county's chain as it is: its head, and everything that is wrong with it."""

    county_id: str
    seq: int
    hash: str
    faults: tuple[str, ...]


def counties() -> list[str]:
    """The counties that have, or once had, a chain."""
    named = select(Audit.county_id).union(select(Seal.county_id).where(Seal.of == CHAINS))
    return sorted(db.session.execute(named).scalars())


def chain(county_id: str) -> Chain:
    """Recompute a county's chain and hold it against its seals."""
    faults: list[str] = []
    sealed = _seals(CHAINS, county_id)
    faults.extend(_faults_of_seals(f"县区 {county_id} 的封存", sealed))
    promised = {one.upto: one for one in sealed}
    seq, prev = 0, BEGINNING
    for row in _rows(county_id):
        where = f"县区 {county_id} 第 {row.seq} 条"
        if row.seq > seq + 1:
            faults.append(f"{_missing(county_id, seq + 1, row.seq - 1)}不见了。")
        elif row.prev_hash != prev:
            faults.append(f"{where}接不上前一条：第 {seq} 条或它自己被换过。")
        if fingerprint(_content(row), prev=row.prev_hash) != row.hash:
            faults.append(f"{where}被改过：内容与它的指纹不符。")
        seal = promised.get(row.seq)
        if seal is not None and seal.digest != row.hash:
            faults.append(f"{where}被换过：与 {_at(seal)} 的封存不符。")
        seq, prev = row.seq, row.hash
    last = max(promised, default=0)
    if last > seq:
        faults.append(f"{_missing(county_id, seq + 1, last)}不见了：{_at(promised[last])} 封存时还在。")
    return Chain(county_id, seq, prev, tuple(faults))


def history(name: str) -> list[str]:
    """What is wrong with the rows of one append-only table, by ranges of their numbers."""
    sealed = _seals(chain_of(name), None)
    faults = _faults_of_seals(f"{name} 的封存", sealed)
    if chain_of(name) != name:  # how it was sealed once: the rows are covered anew by the chain above
        faults += _faults_of_seals(f"{name} 早先的封存", _seals(name, None))
    for one in sealed:
        where = f"{name} 编号 {one.after + 1} 到 {one.upto}（{_at(one)} 封存）"
        try:
            with db.session.begin_nested():
                now = extent(name, one.columns, after=one.after, upto=one.upto)
        except ProgrammingError:
            faults.append(f"{where}不能核对：封存时的列已经没有了。")
            continue
        if now.rows != one.rows:
            faults.append(f"{where}原有 {one.rows} 行，现在 {now.rows} 行。")
        elif now.digest != one.digest:
            faults.append(f"{where}有行被改过：{now.rows} 行的指纹与封存时不同。")
    return faults


def histories() -> list[str]:
    """What is wrong with any of the append-only tables that have no chain of their own."""
    return [fault for name in HISTORIES for fault in history(name)]


def covered(name: str) -> int:
    """The number of the last row of a table that a seal covers."""
    return db.session.scalar(select(func.max(Seal.upto)).where(Seal.of == chain_of(name))) or 0


def _rows(county_id: str) -> Iterator[Any]:
    columns = [getattr(Audit, name) for name in (*CONTENT, "prev_hash", "hash")]
    after = -1
    while True:
        query = select(*columns).where(Audit.county_id == county_id, Audit.seq > after)
        found = db.session.execute(query.order_by(Audit.seq).limit(BATCH)).all()
        if not found:
            return
        yield from found
        after = found[-1].seq


def _content(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CONTENT}


def _seals(name: str, county_id: str | None) -> list[Seal]:
    query = select(Seal).where(Seal.of == name).order_by(Seal.id)
    return list(db.session.scalars(query if county_id is None else query.where(Seal.county_id == county_id)))


def _faults_of_seals(what: str, sealed: list[Seal]) -> list[str]:
    faults, prev, after = [], BEGINNING, 0
    for one in sealed:
        if one.after != after or one.prev_hash != prev:
            faults.append(f"{what}在 {_at(one)} 之前少了一次或被换过（封存编号 {one.id}）。")
        if fingerprint(content(one), prev=one.prev_hash) != one.hash:
            faults.append(f"{what}在 {_at(one)} 的那次被改过（封存编号 {one.id}）。")
        prev, after = one.hash, one.upto
    return faults


def _missing(county_id: str, first: int, last: int) -> str:
    return f"县区 {county_id} 第 {first} 条" if first == last else f"县区 {county_id} 第 {first} 到 {last} 条"


def _at(one: Seal) -> str:
    return f"{clock.local(one.at):%Y-%m-%d %H:%M:%S}"
