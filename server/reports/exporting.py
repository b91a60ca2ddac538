"""Taking reports away as a file: with a reason, counted, written down; what is in it leads to nobody."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from server.accounts.permissions import Place, can
from server.accounts.roles import Actor
from server.core import audit, clock
from server.core.audit import Audit
from server.core.db import NATIONAL, db
from server.core.errors import Forbidden, Invalid, TooMany
from server.core.masks import mask_numbers
from server.reports.queries import Filter

ACT = "ledger.export"
CAMPAIGN, HOTLINE = "campaign.export", "hotline.export"
ACTS = (ACT, CAMPAIGN, HOTLINE)
"""Every road by which reports leave as a file; one count for all."""
A_DAY = 5
"""How often one person may take such a file between two midnights in Shanghai."""
REASON_MOST = 200
SLOW_DOWN = f"每人每天最多导出 {A_DAY} 次，今天已经用完。请明天再导出，或在网页上查看。"
NO_REASON = "请写明为什么要导出，会记入审计。"


def may_export(actor: Actor) -> bool:
    """Whether somebody may take his county's reports away."""
    return can(actor, ACT, Place(actor.county_id or ""))


def left_today(actor: Actor, *, now: datetime) -> int:
    """How many more exports somebody has today."""
    return max(0, A_DAY - _taken(actor, now=now))


def check_export(actor: Actor, *, reason: str, now: datetime) -> str:
    """The county whose reports somebody may take. Raises Forbidden, Invalid without a reason, TooMany."""
    if actor.county_id is None or not may_export(actor):
        raise Forbidden("只有主管部门可以导出。")
    wrong = "" if reason else NO_REASON
    wrong = f"太长了，最多 {REASON_MOST} 个字。" if len(reason) > REASON_MOST else wrong
    if wrong:
        raise Invalid(wrong, fields={"reason": wrong})
    if _taken(actor, now=now) >= A_DAY:
        midnight = _midnight(now) + timedelta(days=1)
        raise TooMany(SLOW_DOWN, retry_after=int((midnight - now).total_seconds()) + 1)
    return actor.county_id


def answer_for_export(actor: Actor, wanted: Filter, *, reason: str, rows: int, now: datetime) -> None:
    """Write an export of the ledger down before it is handed over."""
    facts = {"rows": str(rows), **_told(wanted)}
    answer_for(ACT, actor, about="ledger", reason=reason, facts=facts, now=now)


def answer_for(
    act: str, actor: Actor, *, about: str, reason: str, facts: Mapping[str, str], now: datetime
) -> None:
    """Write an export by one of `ACTS` down; exact, whoever exports at the same time. Raises as `check_export`."""
    audit.hold_chain(actor.county_id or NATIONAL)
    county = check_export(actor, reason=reason, now=now)
    audit.record(county, act, person_id=actor.person_id, about=about, reason=reason, facts=facts, now=now)


def _taken(actor: Actor, *, now: datetime) -> int:
    """Counted in the audit itself, so that the limit and the record cannot differ."""
    today = (
        Audit.county_id == actor.county_id,
        Audit.act.in_(ACTS),
        Audit.person_id == actor.person_id,
        Audit.at >= _midnight(now),
    )
    return db.session.scalar(select(func.count()).where(*today)) or 0


def _midnight(now: datetime) -> datetime:
    return datetime.combine(clock.today(now), time(), tzinfo=clock.ZONE)


def _told(wanted: Filter) -> dict[str, str]:
    given = {"words": mask_numbers(wanted.words or ""), "state": wanted.state, "estate": wanted.estate_id}
    return {key: str(value) for key, value in given.items() if value}
