"""Reading the audit: what was done in a county that must be answered for, the newest first."""

from typing import Any

from sqlalchemy import select

from server.accounts.models import Person
from server.core.audit import Audit
from server.core.db import db
from server.core.paging import Page, decode, page

PERSON = "person:"


def trail(
    county_id: str, *, act: str | None = None, username: str | None = None, after: str | None, limit: int
) -> Page[Any]:
    """Rows of the county's chain with the doer's name; nothing for a user name of nobody here."""
    query = (
        select(
            Audit.seq,
            Audit.at,
            Audit.act,
            Audit.about,
            Audit.reason,
            Audit.facts,
            Audit.hash,
            Person.name,
            Person.username,
        )
        .outerjoin(Person, (Person.id == Audit.person_id) & (Person.county_id == Audit.county_id))
        .where(Audit.county_id == county_id)
    )
    if act:
        query = query.where(Audit.act == act)
    if username:
        query = query.where(Audit.person_id == _named(county_id, username))
    cursor = decode(after, (int,))
    if cursor is not None:
        query = query.where(Audit.seq < cursor[0])
    rows = db.session.execute(query.order_by(Audit.seq.desc()).limit(limit + 1)).all()
    return page(rows, limit=limit, key=lambda row: (row.seq,))


def names_about(rows: list[Any]) -> dict[str, str]:
    """The people that rows are about, by `person:<number>`; one statement."""
    numbers = {int(row.about.removeprefix(PERSON)) for row in rows if row.about.startswith(PERSON)}
    found = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(numbers)))
    return {f"{PERSON}{person_id}": name for person_id, name in found}


def _named(county_id: str, username: str) -> int:
    query = select(Person.id).where(Person.county_id == county_id, Person.username == username)
    return db.session.scalar(query) or 0
