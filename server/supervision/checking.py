"""Checking one report of a campaign, and reading what the checks found (A10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from server.accounts.models import Body, Post
from server.accounts.roles import Actor, Role
from server.core.db import db
from server.core.errors import Conflict, Invalid, NotFound
from server.estates.models import Estate
from server.policy.handling import Proof
from server.policy.loader import book_behind
from server.reports.models import Report
from server.reports.queries import Rows
from server.reports.rechecking import FAILED, PASSED, RESULTS, look_again
from server.supervision.models import Campaign, CampaignItem

TEXT_MOST = 500


@dataclass(frozen=True)
class Tally:
    """How far a campaign is, as far as somebody may see it."""

    drawn: int
    passed: int
    failed: int

    @property
    def left(self) -> int:
        """What nobody has checked yet."""
        return self.drawn - self.passed - self.failed


def campaigns_of(actor: Actor) -> list[tuple[Campaign, Tally]]:
    """The county's campaigns for its bureau, else those with items of one's own; the newest first."""
    rows = db.session.execute(
        _tallied(select(Campaign), actor).group_by(Campaign.id).order_by(Campaign.id.desc())
    )
    return [(row[0], Tally(row.drawn, row.passed, row.failed)) for row in rows]


def campaign_of(campaign_id: int, actor: Actor) -> tuple[Campaign, Tally]:
    """One of them. Raises NotFound alike for missing and foreign ones."""
    query = _tallied(select(Campaign), actor).where(Campaign.id == campaign_id).group_by(Campaign.id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("没有找到这次回头看。")
    return row[0], Tally(row.drawn, row.passed, row.failed)


def _tallied(query: Rows, actor: Actor) -> Rows:
    counted = func.count(CampaignItem.id)
    query = query.add_columns(
        counted.label("drawn"),
        counted.filter(CampaignItem.result == PASSED).label("passed"),
        counted.filter(CampaignItem.result == FAILED).label("failed"),
    ).join(CampaignItem, CampaignItem.campaign_id == Campaign.id)
    return _own(query, actor)


def _own(query: Rows, actor: Actor) -> Rows:
    query = query.where(CampaignItem.county_id == (actor.county_id or ""))
    if Role.BUREAU in actor.roles:
        return query
    return query.where(CampaignItem.post_id.in_([post.post_id for post in actor.posts]))


def items_of(campaign_id: int, actor: Actor) -> list[Any]:
    """The reports that somebody may check or read of a campaign, unchecked ones first."""
    query = _own(
        select(
            CampaignItem.result,
            CampaignItem.text,
            CampaignItem.checked_at,
            CampaignItem.by_label,
            CampaignItem.rank,
            Report.no,
            Report.kind,
            Report.county_id,
            Report.state,
            Report.building,
            Report.unit,
            Report.where_text,
            Report.source,
            Report.closed_at,
            Estate.name.label("estate"),
            Body.name.label("inspector"),
            Post.duty,
        )
        .join(Report, Report.id == CampaignItem.report_id)
        .join(Estate, Estate.id == Report.estate_id)
        .join(Post, Post.id == CampaignItem.post_id)
        .join(Body, Body.id == Post.body_id)
        .where(CampaignItem.campaign_id == campaign_id),
        actor,
    )
    return list(db.session.execute(query.order_by(CampaignItem.result.is_not(None), CampaignItem.rank)))


def item_of(campaign_id: int, no: str, actor: Actor) -> CampaignItem:
    """One report of a campaign. Raises NotFound where it is not the actor's to check."""
    query = _own(select(CampaignItem), actor).join(Report, Report.id == CampaignItem.report_id)
    found: CampaignItem | None = db.session.scalar(
        query.where(CampaignItem.campaign_id == campaign_id, Report.no == no)
    )
    if found is None:
        raise NotFound("这次回头看里没有这份报告。")
    return found


def check_item(
    item: CampaignItem, result: str, *, text: str, photos: Sequence[str], by: Actor, now: datetime
) -> None:
    """Write down what was found; a failure reopens the report. Once: Conflict afterwards, or once it is closed."""
    db.session.refresh(item, with_for_update=True)
    campaign = db.session.get_one(Campaign, item.campaign_id, with_for_update={"read": True})
    if campaign.closed_at is not None or item.result is not None:
        raise Conflict("这次回头看已经结束，或者这一件已经检查过。", code="not_now")
    report = db.session.get_one(Report, item.report_id)
    _check(report, result, text, photos)
    post = next((one for one in by.posts if one.post_id == item.post_id), None) or next(
        one for one in by.posts if one.role is Role.BUREAU
    )
    event = look_again(
        report, result, text=text, photos=photos, campaign=campaign.name, post=post, by=by, now=now
    )
    item.result, item.text, item.checked_at = result, text, now
    item.checked_by, item.by_label, item.event_id = by.person_id, post.label, event.id
    db.session.flush()


def _check(report: Report, result: str, text: str, photos: Sequence[str]) -> None:
    """Words always; a photo where the book asks for one when such a report is answered."""
    faults: dict[str, str] = {}
    if result not in RESULTS:
        faults["result"] = "请选择检查结果。"
    if not text or len(text) > TEXT_MOST:
        faults["text"] = f"请写现场情况，最多 {TEXT_MOST} 个字。"
    if not photos and Proof.PHOTO in book_behind(report).evidence.of(report.kind).all_of:
        faults["photos"] = "这一类问题要拍现场照片。"
    if faults:
        raise Invalid("；".join(faults.values()), fields=faults)
