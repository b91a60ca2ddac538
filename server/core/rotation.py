"""Moving every seal, and the blind index beside it, under the newest key of DATA_KEY; as the owner of the tables."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, Table, func, select, update

from server.core.crypto import Unreadable, Vault
from server.core.db import Base

SEALED, INDEX = "_sealed", "_index"
BATCH = 200
"""Rows of one transaction: short enough to hold up nobody, and what is done stays done."""
VAULTED = "vault."
BOXES = {"sealed_report": ("content", "contact"), "sealed_event": ("words",)}
"""Columns whose seals say first who can open them: `vault.` is ours, anything else a body's own."""
PURPOSES: Mapping[tuple[str, str], str] = {
    ("report", "phone_index"): "phone",
    ("resident", "openid_index"): "openid",
    ("address", "target_index"): "=channel",
}
"""What each blind index was computed for; `=` takes it from another column of the row."""


@dataclass(frozen=True)
class Place:
    """One sealed column, the index beside it if it has one, and how its seals begin."""

    table: Table
    seal: Column[Any]
    index: Column[Any] | None
    prefix: str = ""

    @property
    def name(self) -> str:
        """`report.phone_sealed`."""
        return f"{self.table.name}.{self.seal.name}"


@dataclass(frozen=True)
class Moved:
    """What became of one column: how many were moved, and the rows that no key opens."""

    name: str
    moved: int
    unreadable: tuple[str, ...]


def places() -> list[Place]:
    """Every sealed column there is, found by its name, so that a new one cannot be forgotten."""
    found = []
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        for column in table.columns:
            if column.name.endswith(SEALED):
                found.append(
                    Place(table, column, table.columns.get(column.name.removesuffix(SEALED) + INDEX))
                )
            elif column.name in BOXES.get(table.name, ()):
                found.append(Place(table, column, None, VAULTED))
    return found


def status(engine: Engine) -> dict[str, Counter[str]]:
    """How many seals of each column lie under which key."""
    with engine.connect() as link:
        return {place.name: _keys_of(link, place) for place in places()}


def rotate(engine: Engine, vault: Vault) -> Iterator[Moved]:
    """Move everything, column by column, batch by batch, each committed; begun again it goes on where it was."""
    for place in places():
        moved, unreadable, after = 0, [], None
        while True:
            with engine.begin() as link:
                rows = _stale(link, place, vault.keys[0][0], after=after)
                for row in rows:
                    try:
                        _move(link, place, row, vault)
                        moved += 1
                    except Unreadable as lost:
                        unreadable.append(f"第 {row.pk} 行（密钥 {lost}）")
            if not rows:
                break
            after = rows[-1].pk
        yield Moved(place.name, moved, tuple(unreadable))


def _keys_of(link: Connection, place: Place) -> Counter[str]:
    bare = func.substr(place.seal, len(place.prefix) + 1)
    key = func.split_part(bare, ".", 1).label("key")
    rows = link.execute(select(key, func.count()).where(_ours(place)).group_by(key)).all()
    return Counter({row[0]: row[1] for row in rows})


def _ours(place: Place) -> ColumnElement[bool]:
    """Whether a seal is one that DATA_KEY's keys open."""
    return place.seal.startswith(place.prefix) if place.prefix else place.seal.is_not(None)


def _stale(link: Connection, place: Place, newest: str, *, after: Any) -> list[Any]:
    (key,) = place.table.primary_key.columns
    more = [place.table.columns[_source(place)]] if _source(place) else []
    query = select(key.label("pk"), place.seal.label("seal"), *(column.label("source") for column in more))
    query = query.where(_ours(place), ~place.seal.startswith(f"{place.prefix}{newest}.", autoescape=True))
    if after is not None:
        query = query.where(key > after)
    return list(link.execute(query.order_by(key).limit(BATCH).with_for_update()))


def _move(link: Connection, place: Place, row: Any, vault: Vault) -> None:
    text = vault.open(row.seal.removeprefix(place.prefix))
    values = {place.seal.name: place.prefix + vault.seal(text)}
    if place.index is not None:
        purpose = row.source if _source(place) else PURPOSES[place.table.name, place.index.name]
        values[place.index.name] = vault.blind(text, purpose=purpose)
    (key,) = place.table.primary_key.columns
    link.execute(update(place.table).where(key == row.pk).values(**values))


def _source(place: Place) -> str:
    purpose = PURPOSES[place.table.name, place.index.name] if place.index is not None else ""
    return purpose[1:] if purpose.startswith("=") else ""
