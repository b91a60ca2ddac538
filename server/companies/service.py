"""Which company serves an estate, and who is in charge there."""

from datetime import datetime

from sqlalchemy import select

from server.accounts.bodies import ensure_place_body
from server.accounts.models import Body, BodyKind
from server.companies.models import Company, Project
from server.companies.succession import Succession, tell
from server.core import clock
from server.core.db import db
from server.estates.models import Estate

CHANGEABLE = frozenset({"nature", "services", "manager_name", "manager_phone", "since_on"})


def ensure_company(county_id: str, name: str, *, phone: str | None = None, now: datetime) -> Company:
    """A company of the county by its name; a phone that is given replaces the one that stood there."""
    found = db.session.scalar(select(Company).where(Company.county_id == county_id, Company.name == name))
    if found is None:
        found = Company(county_id=county_id, name=name, created_at=now)
        db.session.add(found)
        db.session.flush()
    found.phone = phone or found.phone
    return found


def current_project(estate_id: int) -> Project | None:
    """The company's service at an estate today, if any (A14: there may be none)."""
    return db.session.scalar(
        select(Project).where(Project.estate_id == estate_id, Project.ended_on.is_(None))
    )


def serve(
    estate: Estate, company: Company, *, duty: str | None = None, now: datetime, **details: object
) -> Project:
    """The company serves the estate from now on; another company's service there ends today."""
    standing = current_project(estate.id)
    if standing and standing.company_id == company.id:
        _change(standing, details)
        return standing
    if standing:
        standing.ended_on = clock.today(now)
    community = db.session.get_one(Body, estate.community_id)
    body = ensure_place_body(
        community, BodyKind.PROJECT, f"{company.name}（{estate.name}）", duty=duty, now=now
    )
    project = Project(county_id=estate.county_id, estate_id=estate.id, company_id=company.id, body_id=body.id)
    db.session.add(project)
    _change(project, details)
    db.session.flush()
    if standing:
        tell(
            Succession(estate.county_id, estate.id, standing.body_id, project.body_id, company.name), now=now
        )
    return project


def end(project: Project, *, now: datetime) -> None:
    """The service at the estate ends today, the record stays; the community stands in (A14)."""
    project.ended_on = clock.today(now)
    db.session.flush()
    estate = db.session.get_one(Estate, project.estate_id)
    community = db.session.get_one(Body, estate.community_id)
    tell(Succession(estate.county_id, estate.id, project.body_id, community.id, community.name), now=now)


def _change(project: Project, details: dict[str, object]) -> None:
    for key in details.keys() & CHANGEABLE:
        if details[key] is not None:
            setattr(project, key, details[key])
