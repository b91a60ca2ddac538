"""What the tests about the feed share: a filed report, acts on it, what stands on the feed."""

from datetime import timedelta

from sqlalchemy import select

from server.accounts.roles import STRANGER, Actor
from server.core.db import db
from server.core.tokens import fingerprint
from server.escalation.models import FeedEntry
from server.notices.models import Push
from server.policy.loader import books
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from server.reports.workflow import Act


def kind_like(county="371323", *, time_class="ordinary", safety=False):
    """Any kind of a time class, dangerous or not."""
    book = books()[county]
    return next(
        one.key
        for one in book.kinds.values()
        if one.time_class == time_class
        and bool(one.safety) is safety
        and not one.confidential
        and one.counts
        and one.first.value == "manager"
        and (safety or (one.row and book.rows[one.row].bodies == (book.bureau,)))
    )


def filed(world, estate="ys.hill", *, now=None, key="k" * 32, **which):
    """A report with its reporter at `report.owner`."""
    filing = Filing(kind=kind_like(world.estates[estate].county_id, **which), text="有问题")
    done = file_report(world.place(estate), filing, key=key, by=STRANGER, now=now or world.now)
    db.session.commit()
    report = report_by_no(done.no)
    report.owner = Actor(owner_hash=fingerprint(done.owner_token))
    return report


def do(world, report, act, who=None, *, now=None, **deed):
    """An act by a member of staff, or by the reporter."""
    given = {"text": "说明", "basis": "按合同"} | deed
    by = world.actor(who) if who else report.owner
    if act is Act.RESOLVE and report.hazard_step == "measure":
        named = {"text": "停用围挡", "person": "维保负责人", "until": (now or world.now) + timedelta(days=1)}
        act_on(report, Act.MEASURE, Deed(version=report.version, **named), by=by, now=now or world.now)
    act_on(report, act, Deed(version=report.version, **given), by=by, now=now or world.now)
    db.session.commit()


def feed(report=None, *, reason=None, county="371323"):
    """The entries of a report, or of a county, the oldest first."""
    query = select(FeedEntry).where(FeedEntry.county_id == county).order_by(FeedEntry.id)
    if report is not None:
        query = query.where(FeedEntry.report_id == report.id)
    if reason is not None:
        query = query.where(FeedEntry.reason == reason)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def told(report, purpose="overdue"):
    """Who was pushed about a report for a purpose: person numbers in order."""
    query = (
        select(Push.person_id).where(Push.report_id == report.id, Push.purpose == purpose).order_by(Push.id)
    )
    return list(db.session.scalars(query))
