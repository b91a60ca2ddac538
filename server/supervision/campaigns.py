"""Campaigns of the bureau: drawn once from closed reports, checked item by item, then fixed (A10)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from server.accounts.permissions import Place, can
from server.accounts.roles import Actor, Role
from server.companies.models import Project
from server.core import audit, clock
from server.core.db import db
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.policy.loader import books
from server.policy.model import Book
from server.reports.exporting import CAMPAIGN, answer_for
from server.reports.models import Report
from server.supervision.assigning import Inspector, Spot, assign
from server.supervision.choices import inspectors_of
from server.supervision.models import Campaign, CampaignItem
from server.supervision.sampling import Candidate, draw

ACT = "lookback.run"
NAME_MOST, NUMBER_MOST = 60, 2000


@dataclass(frozen=True)
class Plan:
    """What the bureau wants looked at again."""

    name: str
    begins_on: date | None
    ends_on: date | None
    kind: str = ""
    estate_id: int | None = None
    company_id: int | None = None
    number: int | None = None
    posts: tuple[int, ...] = ()

    @property
    def filters(self) -> dict[str, Any]:
        """What is narrowed, as the campaign keeps it."""
        given = {"kind": self.kind, "estate": self.estate_id, "company": self.company_id}
        return {name: value for name, value in given.items() if value}


def may_run(actor: Actor) -> bool:
    """Whether somebody may open and close campaigns."""
    return can(actor, ACT, Place(actor.county_id or ""))


def open_campaign(plan: Plan, *, seed: str, by: Actor, now: datetime) -> Campaign:
    """Draw the sample and give every report of it to an inspector. Raises Forbidden, Invalid by field."""
    county = by.county_id
    if county is None or not may_run(by):
        raise Forbidden("只有主管部门可以发起回头看。")
    book = books()[county]
    inspectors = _checked(plan, book, county, now=now)
    found = candidates(county, plan)
    if not found:
        raise Invalid(
            "这段时间里没有符合条件的已办结报告。", fields={"begins_on": "没有符合条件的已办结报告"}
        )
    rules = book.lookback
    drawn = draw(
        [one for one, _ in found.values()],
        seed=seed,
        share_percent=rules.share_percent,
        least=rules.least,
        strata=rules.strata,
        number=plan.number,
    )
    row = _row(plan, county, book, seed=seed, drawn_from=len(found), by=by, now=now)
    _items(row, drawn, found, inspectors, by=by)
    facts = {"seed": seed, "from": str(len(found)), "drawn": str(len(drawn))}
    _answer_for(row, "campaign.open", facts, by=by, now=now)
    return row


def _checked(plan: Plan, book: Book, county: str, *, now: datetime) -> list[Inspector]:
    """The inspectors. Raises Invalid with every fault of the plan."""
    faults: dict[str, str] = {}
    today = clock.today(now)
    earliest = today - timedelta(days=book.lookback.closed_days)
    if not plan.name or len(plan.name) > NAME_MOST:
        faults["name"] = f"请写名称，最多 {NAME_MOST} 个字"
    if plan.begins_on is None or plan.begins_on < earliest:
        faults["begins_on"] = (
            f"请选择开始日期，最早 {earliest}（规则书：{book.lookback.closed_days} 天内办结的）"
        )
    elif plan.ends_on is None or not plan.begins_on <= plan.ends_on <= today:
        faults["ends_on"] = "请选择结束日期，不早于开始日期，不晚于今天"
    if plan.number is not None and not 1 <= plan.number <= NUMBER_MOST:
        faults["number"] = f"抽取件数应在 1 到 {NUMBER_MOST} 之间，可以不填"
    if plan.kind and plan.kind not in book.kinds:
        faults["kind"] = "请从列表里选择"
    inspectors = [one for one in inspectors_of(county) if one.post_id in plan.posts]
    if not inspectors:
        faults["posts"] = "请至少选择一个检查岗位"
    if faults:
        raise Invalid("有内容需要修改。", fields=faults)
    return inspectors


def candidates(county: str, plan: Plan) -> dict[str, tuple[Candidate, Any]]:
    """The closed reports that a plan means, by number; what was merged into another is looked at there."""
    if plan.begins_on is None or plan.ends_on is None:
        return {}
    begin, end = _midnight(plan.begins_on), _midnight(plan.ends_on + timedelta(days=1))
    query = (
        select(Report.id, Report.no, Report.kind, Report.estate_id, Report.community_id, Report.township_id)
        .add_columns(Project.company_id)
        .outerjoin(Project, Project.id == Report.project_id)
        .where(Report.county_id == county, Report.state == "closed", Report.merged_into_id.is_(None))
        .where(Report.closed_at >= begin, Report.closed_at < end)
    )
    for column, value in (
        (Report.kind, plan.kind),
        (Report.estate_id, plan.estate_id),
        (Project.company_id, plan.company_id),
    ):
        query = query.where(column == value) if value else query
    return {row.no: (_candidate(row), row) for row in db.session.execute(query)}


def _candidate(row: Any) -> Candidate:
    return Candidate(row.no, row.kind, str(row.estate_id), str(row.company_id or ""))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.ZONE)


def _row(
    plan: Plan, county: str, book: Book, *, seed: str, drawn_from: int, by: Actor, now: datetime
) -> Campaign:
    row = Campaign(
        county_id=county,
        name=plan.name,
        begins_on=plan.begins_on,
        ends_on=plan.ends_on,
        filters=plan.filters,
        share_percent=book.lookback.share_percent,
        number=plan.number,
        seed=seed,
        drawn_from=drawn_from,
        inspectors=sorted(plan.posts),
        created_by=by.person_id,
        created_at=now,
        due_at=book.lookback.within.after(now, book.calendar),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _items(
    row: Campaign,
    drawn: tuple[str, ...],
    found: dict[str, tuple[Candidate, Any]],
    inspectors: list[Inspector],
    *,
    by: Actor,
) -> None:
    spots = [Spot(no, found[no][1].community_id, found[no][1].township_id) for no in drawn]
    own = next(post.post_id for post in by.posts if post.role is Role.BUREAU)
    posts = assign(spots, inspectors, otherwise=own)
    for rank, no in enumerate(drawn, start=1):
        item = CampaignItem(
            county_id=row.county_id,
            campaign_id=row.id,
            report_id=found[no][1].id,
            post_id=posts[no],
            rank=rank,
            text="",
            by_label="",
        )
        db.session.add(item)
    db.session.flush()


def close_campaign(row: Campaign, *, by: Actor, now: datetime) -> None:
    """From now on nothing of it changes; what was not checked stays unchecked. Conflict when it is closed."""
    if not may_run(by) or row.county_id != by.county_id:
        raise NotFound("没有找到这次回头看。")
    if row.closed_at is not None:
        raise Conflict("这次回头看已经结束。")
    row.closed_at, row.closed_by = now, by.person_id
    _answer_for(row, "campaign.close", {}, by=by, now=now)
    db.session.flush()


def answer_for_results(row: Campaign, *, reason: str, rows: int, by: Actor, now: datetime) -> None:
    """Write down that the results were taken away and why, before they are handed over. Raises as `check_export`."""
    facts = {"campaign": row.name, "rows": str(rows)}
    answer_for(CAMPAIGN, by, about=f"campaign:{row.id}", reason=reason, facts=facts, now=now)


def _answer_for(row: Campaign, act: str, facts: dict[str, str], *, by: Actor, now: datetime) -> None:
    who, about = by.person_id, f"campaign:{row.id}"
    audit.record(row.county_id, act, person_id=who, about=about, reason=row.name, facts=facts, now=now)
