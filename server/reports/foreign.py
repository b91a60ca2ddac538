"""Staff who ask for what exists but is not theirs: told that there is none, and written into the audit (threat A1).

Only what lies in the asker's own county is known here: PostgreSQL hides every other (ADR 0009). What exists nowhere is
not written down, and so neither is a confidential report: both look alike.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, not_, or_, select

from server.accounts.permissions import place_scope
from server.accounts.roles import Actor
from server.companies.models import Project
from server.core import audit
from server.core.counties import seen
from server.core.db import db
from server.core.limits import DAY, Quota, hit_all
from server.estates.models import Estate
from server.estates.sight import visible_estates
from server.reports.models import Report
from server.reports.numbers import normalise
from server.reports.scopes import visible_reports

ACT = "sight.refuse"
A_DAY = 20
"""Rows a day about one person: more say no more, and nobody is to fill the chain."""
READ, DID = "查看", "操作"


def note_foreign(asking: Actor, named: Mapping[str, Any], *, reading: bool, now: datetime) -> bool:
    """Write down that somebody was refused what an address names; whether a row was written.

    Once a day for each thing, apart for reading and acting. Where it gives False the caller undoes what was counted.
    """
    about = foreign(asking, named)
    if about is None:
        return False
    detail, county = READ if reading else DID, str(asking.county_id)
    quotas = [
        Quota("foreign-thing", f"{asking.person_id}:{about}:{detail}", 1, DAY),
        Quota("foreign-person", str(asking.person_id), A_DAY, DAY),
    ]
    if hit_all(quotas, now=now):
        return False
    audit.record(county, ACT, person_id=asking.person_id, about=about, facts={"detail": detail}, now=now)
    return True


def foreign(asking: Actor, named: Mapping[str, Any]) -> str | None:
    """The report or estate of his county that an address names and that is out of his sight, as the audit calls it."""
    if not asking.is_staff or asking.county_id != seen():
        return None
    number = normalise(str(named.get("no", "")))
    if number:
        theirs = select(Report.no).where(Report.no == number, Report.county_id == asking.county_id)
        found = db.session.scalar(theirs.where(not_(visible_reports(asking))))
        return f"report:{found}" if found else None
    return _foreign_estate(asking, named["estate_id"]) if "estate_id" in named else None


def _foreign_estate(asking: Actor, estate_id: int) -> str | None:
    projects = place_scope(asking).projects
    served = exists().where(
        Project.estate_id == Estate.id, Project.body_id.in_(projects), Project.ended_on.is_(None)
    )
    theirs = select(Estate.id).where(Estate.id == estate_id, Estate.county_id == asking.county_id)
    found = db.session.scalar(theirs.where(not_(or_(visible_estates(asking), served))))
    return f"estate:{found}" if found else None
