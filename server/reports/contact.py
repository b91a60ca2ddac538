"""The reporter's phone: who may ask for it, and his own say in that; the company never learns a number (A7)."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.accounts.permissions import JOINT_ROLES, Part, owns
from server.accounts.roles import Actor, Held, Role
from server.core import audit
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Invalid, NotFound
from server.core.limits import hit
from server.core.masks import mask_numbers
from server.notices.service import tell_resident
from server.policy.clocks import push_at
from server.policy.loader import books
from server.reports.facts import subject
from server.reports.identity import ContactChange, IdentityView
from server.reports.mediating import phone_allowed
from server.reports.models import Report

MAY_RING = frozenset({Part.BUREAU, Part.COMMUNITY})
"""Whom the form's question names: 社区和主管部门可以打电话."""
REASONS = {
    "visit": "约上门或现场查看的时间",
    "check": "问清地点和情况",
    "follow_up": "回访办理结果",
    "danger": "有安全风险，要马上联系",
    "other": "其他原因",
}
FOUND = "found"
LOOKS = REASONS | {FOUND: "凭编号、手机号和找回码找回"}
"""What a look may have been for: one of the reasons to ask for the phone, or a lost link found again."""
FINDER, FOUND_WORDS = "您自己（或知道编号、手机号和找回码的人）", "在另一台手机上打开"
A_DAY = 20
"""Phones that one person may look at within 24 hours."""
WORDS_MOST = 200
SLOW_DOWN = f"24 小时内最多查看 {A_DAY} 个号码。请在这份报告里询问报告人，或请同事联系。"
NOT_SHOWN = "没有可以查看的联系方式：报告人没有留，或没有同意接听电话。请在报告里询问或答复。"


def may_reveal(report: Report, mine: frozenset[Part]) -> bool:
    """Whether somebody with these parts may ask for the phone: left, agreed to, and he is one who may ring."""
    return bool(report.contact_ok and report.phone_sealed) and _may_ring(report, mine)


def _may_ring(report: Report, mine: frozenset[Part]) -> bool:
    """Bureau and community; the mediation centre by a consent of its own, while it has the case (A12)."""
    return bool(mine & MAY_RING) or phone_allowed(report, mine)


def reveal(
    report: Report, *, mine: frozenset[Part], reason: str, words: str, by: Actor, now: datetime
) -> str:
    """The phone, once; who asked and why is kept for ever, told to the reporter, and on his tracking page.

    NotFound without his consent, Invalid without a reason, TooMany beyond the day's number.
    """
    sealed = db.session.scalar(
        select(Report.phone_sealed)
        .where(Report.id == report.id, Report.contact_ok)
        .with_for_update(read=True)
    )
    if not (sealed and _may_ring(report, mine)):
        raise NotFound(NOT_SHOWN)
    _check(reason, words)
    hit("reveal", f"person:{by.person_id}", most=A_DAY, window=timedelta(days=1), sentence=SLOW_DOWN, now=now)
    _write_down(report, _post(report, by), reason=reason, words=words, by=by, now=now)
    return vault().open(sealed)


def _check(reason: str, words: str) -> None:
    errors = {}
    if reason not in REASONS:
        errors["reason"] = "请选择为什么要查看。"
    if not words:
        errors["words"] = "请写一句具体原因，报告人会看到。"
    if len(words) > WORDS_MOST:
        errors["words"] = f"太长了，最多 {WORDS_MOST} 个字，现在是 {len(words)} 个字。"
    if errors:
        raise Invalid("；".join(errors.values()), fields=errors)


def _post(report: Report, by: Actor) -> Held:
    """The post that gives the right."""
    return next(
        post
        for post in by.posts
        if post.role is Role.BUREAU
        or (post.role is Role.COMMUNITY and post.body_id == report.community_id)
        or (post.role in JOINT_ROLES and post.body_id == report.handler_id)
    )


def _write_down(report: Report, post: Held, *, reason: str, words: str, by: Actor, now: datetime) -> None:
    county = report.county_id
    view = IdentityView(
        county_id=county,
        report_id=report.id,
        at=now,
        by_person_id=by.person_id,
        by_post_id=post.post_id,
        by_label=post.label,
        reason=reason,
        words=words,
        shown="phone",
    )
    db.session.add(view)
    db.session.flush()
    audit.record(
        county,
        "identity.reveal",
        person_id=by.person_id,
        post_id=post.post_id,
        about=f"report:{report.no}",
        reason=mask_numbers(f"{REASONS[reason]}：{words}"),
        facts={"shown": "phone"},
        now=now,
    )
    if report.resident_id:
        book = books()[county]
        tell_resident(
            county,
            report.resident_id,
            report_id=report.id,
            purpose="identity_view",
            occasion=f"identity:{view.id}",
            urgent=report.time_class in book.quiet.spares,
            now=now,
            not_before=push_at(book, report.time_class, now),
        )


def write_found(report: Report, *, now: datetime) -> None:
    """Keep for the reporter's eyes that his report was found again from another browser; nobody else is told."""
    view = IdentityView(
        county_id=report.county_id,
        report_id=report.id,
        at=now,
        by_label=FINDER,
        reason=FOUND,
        words=FOUND_WORDS,
        shown="report",
    )
    db.session.add(view)
    db.session.flush()


def set_contact(report: Report, *, ok: bool, by: Actor, now: datetime) -> None:
    """The reporter gives or takes back his word that he may be rung; it holds from the next look on.

    NotFound for everybody else; Invalid where he left no phone.
    """
    if not owns(by, subject(report)):
        raise NotFound("没有找到这份报告，请检查编号。")
    if ok and not report.phone_sealed:
        raise Invalid("这份报告没有留手机号，不用设置。", fields={"contact_ok": "没有留手机号"})
    if report.contact_ok == ok:
        return
    db.session.execute(update(Report).where(Report.id == report.id).values(contact_ok=ok))
    db.session.add(ContactChange(county_id=report.county_id, report_id=report.id, at=now, ok=ok))
    db.session.flush()
    db.session.refresh(report)


def views_of(report_id: int) -> list[IdentityView]:
    """Every look at the phone, and every finding again, the newest first; for the reporter's eyes."""
    query = select(IdentityView).where(IdentityView.report_id == report_id)
    return list(db.session.scalars(query.order_by(IdentityView.id.desc())))


def changes_of(report_id: int) -> list[ContactChange]:
    """Every time he changed his word, the newest first; for the reporter's eyes."""
    query = select(ContactChange).where(ContactChange.report_id == report_id)
    return list(db.session.scalars(query.order_by(ContactChange.id.desc())))
