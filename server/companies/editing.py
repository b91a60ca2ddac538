"""Estates and their companies as the bureau enters and changes them, each change written down."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from server.accounts.models import Body
from server.companies.models import Company, Project
from server.companies.service import current_project, end, ensure_company, serve
from server.core.db import db
from server.core.errors import Conflict
from server.estates.history import Did, note
from server.estates.models import Estate
from server.estates.service import change_estate, ensure_estate


@dataclass(frozen=True)
class EstateFacts:
    """What is known of an estate; None where it is not."""

    name: str
    category: str | None = None
    households: int | None = None
    area_m2: int | None = None
    remark: str | None = None
    has_committee: bool | None = None
    stand_kind: str | None = None
    """Who stands in for a company that is not there (A14)."""
    stand_name: str | None = None
    stand_phone: str | None = None


FACT_WORDS = {
    "name": "名称",
    "category": "类别",
    "households": "户数",
    "area_m2": "建筑面积",
    "remark": "备注",
    "has_committee": "业委会",
    "stand_kind": "谁代管",
    "stand_name": "代管单位",
    "stand_phone": "代管电话",
}


@dataclass(frozen=True)
class Service:
    """Which company serves an estate, and whom it put in charge (五公开: facts, not accounts)."""

    company: str
    phone: str | None = None
    nature: str | None = None
    services: str | None = None
    manager_name: str | None = None
    manager_phone: str | None = None
    since_on: date | None = None


def add_estate(community: Body, facts: EstateFacts, *, by: int | None, now: datetime) -> Estate:
    """A new estate with its code. Raises Conflict when the community has one of that name."""
    taken = select(Estate.id).where(Estate.community_id == community.id, Estate.name == facts.name)
    if db.session.scalar(taken):
        raise Conflict("这个社区已经有同名的小区。", fields={"name": "同名小区已存在"})
    estate = ensure_estate(community, facts.name, now=now)
    change_estate(estate, **asdict(facts))
    note(estate.county_id, Did.ADDED, facts.name, estate_id=estate.id, by=by, now=now)
    return estate


def edit_estate(estate: Estate, facts: EstateFacts, *, by: int | None, now: datetime) -> list[str]:
    """Change facts; gives the words for what has changed. Raises Conflict for a name in use."""
    given = asdict(facts)
    changed = [words for name, words in FACT_WORDS.items() if getattr(estate, name) != given[name]]
    renamed = estate.name != facts.name
    change_estate(estate, **given)
    if renamed:
        _rename_project(estate)
    if changed:
        note(estate.county_id, Did.CHANGED, "、".join(changed), estate_id=estate.id, by=by, now=now)
    return changed


def edit_service(estate: Estate, service: Service, *, by: int | None, now: datetime) -> Project:
    """The company serves the estate with these facts; another one's service ends today."""
    company = ensure_company(estate.county_id, service.company, now=now)
    company.phone = service.phone
    project = serve(estate, company, now=now)
    for name in ("nature", "services", "manager_name", "manager_phone", "since_on"):
        setattr(project, name, getattr(service, name))
    note(estate.county_id, Did.COMPANY, service.company, estate_id=estate.id, by=by, now=now)
    return project


def end_service(estate: Estate, *, by: int | None, now: datetime) -> None:
    """The company leaves the estate today; from now on the community stands in (A14)."""
    project = current_project(estate.id)
    if project is None:
        return
    name = db.session.get_one(Company, project.company_id).name
    end(project, now=now)
    note(estate.county_id, Did.COMPANY, f"{name} 撤出", estate_id=estate.id, by=by, now=now)


def _rename_project(estate: Estate) -> None:
    """The body of the company's project carries the estate's name."""
    project = current_project(estate.id)
    if project:
        company = db.session.get_one(Company, project.company_id)
        db.session.get_one(Body, project.body_id).name = f"{company.name}（{estate.name}）"
