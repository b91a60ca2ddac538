"""Reading revisions: what is released for everybody, and what was handed in for those who look after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from server.accounts.models import Person
from server.core.clock import today as day_of
from server.core.counties import Key, open_by
from server.core.db import db
from server.core.errors import NotFound
from server.disclosures.contents import Content, from_data
from server.disclosures.models import Disclosure
from server.disclosures.rules import Kind
from server.estates.models import Estate


@dataclass(frozen=True)
class Revision:
    """One numbered revision; `on` is the day of its release, if it was released."""

    id: int
    kind: Kind
    period: str
    revision: int
    content: Content
    state: str
    note: str | None
    digest: str
    entered_at: datetime
    by: str
    on: date | None


COLUMNS = (
    Disclosure.id,
    Disclosure.kind,
    Disclosure.period,
    Disclosure.revision,
    Disclosure.data,
    Disclosure.state,
    Disclosure.note,
    Disclosure.digest,
    Disclosure.entered_at,
    Disclosure.decided_at,
)


@dataclass(frozen=True)
class Released:
    """The newest released revisions of one estate."""

    charges: Revision | None
    contacts: Revision | None
    income: tuple[Revision, ...]
    """One a quarter, newest first."""

    @property
    def days(self) -> list[tuple[str, date]]:
        """The quarters that are out, with the day of each."""
        return [(one.period, one.on) for one in self.income if one.on]

    def income_of(self, period: str) -> Revision | None:
        """The released revision of one quarter."""
        return next((one for one in self.income if one.period == period), None)

    def of(self, kind: Kind, period: str = "") -> Revision | None:
        """The released revision of a kind, and of a quarter where the kind has quarters."""
        if kind is Kind.INCOME:
            return self.income_of(period)
        return self.charges if kind is Kind.CHARGES else self.contacts


def released(estate_id: int) -> Released:
    """The newest released revision of each kind and quarter, in one statement; nothing that waits."""
    query = (
        select(*COLUMNS)
        .where(Disclosure.estate_id == estate_id, Disclosure.state == "released")
        .ext(distinct_on(Disclosure.kind, Disclosure.period))
        .order_by(Disclosure.kind, Disclosure.period.desc(), Disclosure.revision.desc())
    )
    rows = [revision_of(row) for row in db.session.execute(query)]
    single = {row.kind: row for row in rows if row.kind is not Kind.INCOME}
    income = tuple(row for row in rows if row.kind is Kind.INCOME)
    return Released(single.get(Kind.CHARGES), single.get(Kind.CONTACTS), income)


def revision_of(row: Any, by: str = "") -> Revision:
    """A row of the columns above as a value."""
    out = row.decided_at is not None and row.state == "released"
    kind = Kind(row.kind)
    return Revision(
        id=row.id,
        kind=kind,
        period=row.period,
        revision=row.revision,
        content=from_data(kind, row.data),
        state=row.state,
        note=row.note,
        digest=row.digest,
        entered_at=row.entered_at,
        by=by,
        on=day_of(row.decided_at) if out else None,
    )


def _with_names() -> Select[Any]:
    return select(*COLUMNS, Person.name.label("by")).outerjoin(Person, Person.id == Disclosure.entered_by)


def history(estate_id: int, kind: Kind, period: str = "", *, everything: bool = False) -> list[Revision]:
    """The revisions of one disclosure, newest first: the released ones, or with `everything` all of them."""
    query = _with_names().where(
        Disclosure.estate_id == estate_id, Disclosure.kind == kind, Disclosure.period == period
    )
    if not everything:
        query = query.where(Disclosure.state == "released")
    return [
        revision_of(row, row.by or "")
        for row in db.session.execute(query.order_by(Disclosure.revision.desc()))
    ]


def newest(estate_id: int) -> Mapping[tuple[Kind, str], Revision]:
    """The newest revision of each kind and quarter whatever its state; for those who enter."""
    query = (
        _with_names()
        .where(Disclosure.estate_id == estate_id)
        .ext(distinct_on(Disclosure.kind, Disclosure.period))
        .order_by(Disclosure.kind, Disclosure.period.desc(), Disclosure.revision.desc())
    )
    rows = [revision_of(row, row.by or "") for row in db.session.execute(query)]
    return {(row.kind, row.period): row for row in rows}


def revision_in(county_id: str, revision_id: int) -> tuple[Revision, int]:
    """A revision of this county and its estate. Raises NotFound for any other."""
    query = (
        _with_names()
        .add_columns(Disclosure.estate_id)
        .where(Disclosure.id == revision_id, Disclosure.county_id == county_id)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound("没有找到这一版。")
    return revision_of(row, row.by or ""), row.estate_id


def county_of(estate_id: int) -> tuple[str, str]:
    """County and name of an estate. Raises NotFound."""
    open_by(Key.ESTATE, estate_id)
    row = db.session.execute(select(Estate.county_id, Estate.name).where(Estate.id == estate_id)).first()
    if row is None:
        raise NotFound("没有找到这个小区。")
    return row.county_id, row.name
