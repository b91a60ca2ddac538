"""Links by which a body without an account deals with one report: once, for a while, revocable, every use kept (A7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from server.accounts.models import Body, Person, Post
from server.accounts.permissions import Part, parts
from server.accounts.roles import ROLE_OF_BODY, Actor, Held, Role
from server.core import audit
from server.core.counties import Key, open_by
from server.core.db import db
from server.core.errors import Conflict, Forbidden, NotFound
from server.core.limits import hit
from server.core.tokens import fingerprint, new_token, plausible
from server.policy.loader import book_behind
from server.reports.acting import act_on, acts_for
from server.reports.deeds import Deed
from server.reports.facts import CALLERS, subject
from server.reports.models import Event, Report
from server.reports.part_models import LinkUse, ReportLink, ReportPart
from server.reports.part_moves import CALLABLE
from server.reports.parts import is_open
from server.reports.workflow import Act

GONE = "链接不完整、已过期，或已被收回。请让发给您的单位重新发一个。"
NOT_YOURS = "只有可以吹哨的社区、镇街和主管部门能生成链接。"
NOT_ASKED = "这个单位现在不用办理这件事，不能生成链接。"
OFTEN = "这个链接打开得太频繁了，请过一会儿再试；急事请打电话给发链接给您的单位。"
AN_HOUR, OPENED_MOST = timedelta(hours=1), 120
OFFICES = frozenset({Part.COMMUNITY, Part.TOWNSHIP, Part.BUREAU})
"""Who may make one, as far as the book lets him whistle; never the company that is complained about."""
MAKERS = frozenset({Role.COMMUNITY, Role.TOWNSHIP, Role.BUREAU})
"""The roles of posts in those offices."""
BY_LINK = frozenset({Act.REPORT_IN, Act.REPLY, Act.RESOLVE, Act.HAND_BACK})
"""All that can be done with one."""
DUTY = "凭链接办理"


@dataclass(frozen=True)
class Opened:
    """A link that is good, with what it is for."""

    link: ReportLink
    report: Report
    part: ReportPart
    body: Body
    holder: Actor
    """Whoever holds the link: he is the called body to this one report, and nobody else to anything."""


def makes_links(report: Report, actor: Actor) -> bool:
    """Whether an actor may make and revoke links for the bodies that are called to a report."""
    return _office(report, actor) is not None


def _office(report: Report, actor: Actor) -> Held | None:
    """The post by which an actor may do so."""
    allowed = OFFICES & {CALLERS[caller] for caller in book_behind(report).whistle.by}
    about = subject(report)
    return next((post for post in actor.posts if parts(Actor(posts=(post,)), about) & allowed), None)


def make_link(report: Report, part_id: int, *, by: Actor, now: datetime) -> tuple[ReportLink, str]:
    """A fresh link for a called body, and its token, which nobody can read again; earlier ones stop working.

    Raises Forbidden for whoever may not whistle, NotFound and Conflict where the body is not asked.
    """
    office = _office(report, by)
    if office is None:
        raise Forbidden(NOT_YOURS)
    part = _part(report, part_id)
    if not is_open(part) or db.session.get_one(Body, part.body_id).kind not in CALLABLE:
        raise Conflict(NOT_ASKED, code="not_asked")
    db.session.execute(
        update(ReportLink)
        .where(ReportLink.part_id == part.id, ReportLink.revoked_at.is_(None), ReportLink.spent_at.is_(None))
        .values(revoked_at=now)
    )
    token, days = new_token(), book_behind(report).whistle.link_days
    link = ReportLink(
        county_id=report.county_id,
        token_hash=fingerprint(token),
        report_id=report.id,
        part_id=part.id,
        body_id=part.body_id,
        made_by=by.person_id or 0,
        made_for_body_id=office.body_id,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(link)
    db.session.flush()
    _used(link, report, "made", person_id=by.person_id, post_id=office.post_id, now=now)
    return link, token


def revoke_link(report: Report, link_id: int, *, by: Actor, now: datetime) -> None:
    """Make a link useless at once; doing so again changes nothing. Raises Forbidden and NotFound as above."""
    office = _office(report, by)
    if office is None:
        raise Forbidden(NOT_YOURS)
    link = db.session.get(ReportLink, link_id)
    if link is None or link.report_id != report.id:
        raise NotFound("没有找到这个链接。")
    if link.revoked_at is None:
        link.revoked_at = now
        _used(link, report, "revoke", person_id=by.person_id, post_id=office.post_id, now=now)


def end_links(person: Person, body_ids: Collection[int], *, by: int | None, now: datetime) -> int:
    """Take back what somebody made for offices that he has left, answered ones too; how many that were.

    He knows their addresses. Whoever is there now makes new ones.
    """
    rows = db.session.execute(
        select(ReportLink, Report)
        .join(Report, Report.id == ReportLink.report_id)
        .where(
            ReportLink.made_by == person.id,
            ReportLink.made_for_body_id.in_(body_ids),
            ReportLink.revoked_at.is_(None),
            ReportLink.expires_at > now,
        )
        .order_by(ReportLink.id)
    ).all()
    for link, report in rows:
        link.revoked_at = now
        _used(link, report, "revoke", person_id=by, now=now)
    return len(rows)


def links_of(report: Report) -> list[ReportLink]:
    """The links that were made for a report, oldest first."""
    if report.called_at is None:
        return []
    query = select(ReportLink).where(ReportLink.report_id == report.id).order_by(ReportLink.id)
    return list(db.session.scalars(query))


def uses_of(links: list[ReportLink]) -> list[LinkUse]:
    """Every use of some links, oldest first."""
    ids = [link.id for link in links]
    if not ids:
        return []
    return list(db.session.scalars(select(LinkUse).where(LinkUse.link_id.in_(ids)).order_by(LinkUse.id)))


def open_link(token: str, *, now: datetime, look: bool = True) -> Opened:
    """The link that a token belongs to, opened once more. Raises NotFound for all that is no good, TooMany."""
    if not plausible(token):
        raise NotFound(GONE)
    mark = fingerprint(token)
    link = good_link(mark, now=now)
    if link is None:
        raise NotFound(GONE)
    hit("link", mark, most=OPENED_MOST, window=AN_HOUR, sentence=OFTEN, now=now)
    report = db.session.get_one(Report, link.report_id)
    if look:
        link.opened_at = link.opened_at or now
        _used(link, report, "open", now=now)
    body = db.session.get_one(Body, link.body_id)
    part = db.session.get_one(ReportPart, link.part_id)
    return Opened(link, report, part, body, _holder(body))


def good_link(mark: str, *, now: datetime) -> ReportLink | None:
    """The link of a token's fingerprint; None where there is none, it was taken back, or it has run out."""
    open_by(Key.LINK, mark)
    alive = (ReportLink.revoked_at.is_(None), ReportLink.expires_at > now)
    return db.session.scalar(select(ReportLink).where(ReportLink.token_hash == mark, *alive))


def allowed(opened: Opened, *, now: datetime) -> tuple[Act, ...]:
    """What can be done with a link now; nothing once it is spent, or its body is asked no more."""
    if opened.link.spent_at is not None or opened.part.ended_at is not None:
        return ()
    return tuple(act for act in acts_for(opened.report, opened.holder, now=now) if act in BY_LINK)


def act_by_link(opened: Opened, act: Act, deed: Deed, *, now: datetime) -> Event:
    """Do an act with a link; an answer or a handing back spends it. Raises Conflict where it may not, and as `act_on`."""
    if act not in allowed(opened, now=now):
        raise Conflict("现在不能这样操作，下面是最新的情况。", code="not_now", state=opened.report.state)
    event = act_on(opened.report, act, deed, by=opened.holder, now=now)
    if act in {Act.RESOLVE, Act.HAND_BACK} or (act is Act.REPLY and deed.part):
        opened.link.spent_at = now
    _used(opened.link, opened.report, act.value, now=now)
    return event


def _part(report: Report, part_id: int) -> ReportPart:
    found = db.session.get(ReportPart, part_id)
    if found is None or found.report_id != report.id:
        raise NotFound("没有找到这个单位。")
    return found


def _holder(body: Body) -> Actor:
    role = ROLE_OF_BODY[body.kind]
    post = db.session.scalar(select(Post.id).where(Post.body_id == body.id, Post.role == role).limit(1))
    held = Held(post or 0, body.id, body.name, role, body.county_id, DUTY)
    return Actor(posts=(held,))


def _used(
    link: ReportLink,
    report: Report,
    what: str,
    *,
    person_id: int | None = None,
    post_id: int | None = None,
    now: datetime,
) -> None:
    """Kept twice: for whoever made the link, and in the audit's chain."""
    facts: dict[str, Any] = {"link": str(link.id), "body": str(link.body_id)}
    db.session.add(LinkUse(county_id=link.county_id, link_id=link.id, at=now, what=what, facts={}))
    audit.record(
        link.county_id,
        f"link.{what}",
        person_id=person_id,
        post_id=post_id,
        about=f"report:{report.no}",
        facts=facts,
        now=now,
    )
