"""What the bureau has explained about its hotline's tables once, and the county's estates by name."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert

from server.accounts.models import Body
from server.core.db import db
from server.estates.models import Estate
from server.interop.hotline.columns import FIELDS
from server.interop.hotline.models import HotlineColumn, HotlineName
from server.interop.hotline.naming import Estates, Known, bare
from server.interop.hotline.rows import kind_key
from server.policy.loader import books


def chosen_columns(county_id: str) -> dict[str, str]:
    """Field → heading, as the bureau chose; an empty heading says that the table has no such column."""
    query = select(HotlineColumn.field, HotlineColumn.heading).where(HotlineColumn.county_id == county_id)
    return {row.field: row.heading for row in db.session.execute(query)}


def choose_columns(county_id: str, mapping: Mapping[str, str]) -> None:
    """Remember the mapping for the county's next table."""
    db.session.execute(delete(HotlineColumn).where(HotlineColumn.county_id == county_id))
    for field in FIELDS:
        heading = mapping.get(field, "")[:200]
        db.session.add(HotlineColumn(county_id=county_id, field=field, heading=heading))
    db.session.flush()


def estates_of(county_id: str) -> Estates:
    """The county's estates, with the names that were explained."""
    query = (
        select(Estate.id, Estate.name, Body.name.label("community"), Body.id.label("body"), Body.parent_id)
        .join(Body, Body.id == Estate.community_id)
        .where(Estate.county_id == county_id)
    )
    known = [
        Known(row.id, row.name, row.community, row.body, row.parent_id) for row in db.session.execute(query)
    ]
    meant = select(HotlineName.written, HotlineName.estate_id).where(
        HotlineName.county_id == county_id, HotlineName.estate_id.is_not(None)
    )
    return Estates(known, {row.written: row.estate_id for row in db.session.execute(meant)})


def kinds_of(county_id: str) -> dict[str, str]:
    """Category → kind, as the bureau chose; kinds that the book no longer has are left out."""
    query = select(HotlineName.written, HotlineName.kind).where(
        HotlineName.county_id == county_id, HotlineName.kind.in_(books()[county_id].kinds)
    )
    return {row.written: row.kind for row in db.session.execute(query)}


def explain_estate(county_id: str, words: str, estate_id: int, *, by: int | None, now: datetime) -> None:
    """From now on these words mean this estate of the county."""
    row = {"written": bare(words)[:120], "estate_id": estate_id}
    _explain(county_id, row, HotlineName.estate_id.is_not(None), by=by, now=now)


def explain_kind(county_id: str, category: str, kind: str, *, by: int | None, now: datetime) -> None:
    """From now on this category of the hotline means this kind."""
    row = {"written": kind_key(category), "kind": kind}
    _explain(county_id, row, HotlineName.kind.is_not(None), by=by, now=now)


def _explain(
    county_id: str, row: Mapping[str, object], where: ColumnElement[bool], *, by: int | None, now: datetime
) -> None:
    values = {**row, "by_person_id": by, "at": now}
    query = insert(HotlineName).values(county_id=county_id, **values)
    db.session.execute(
        query.on_conflict_do_update(
            index_elements=[HotlineName.county_id, HotlineName.written], index_where=where, set_=values
        )
    )
