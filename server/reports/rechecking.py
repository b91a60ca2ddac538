"""A closed report is looked at again by a campaign: what was found, and the redoing that a failure starts (A10)."""

from collections.abc import Sequence
from datetime import datetime

from server.accounts.roles import Actor, Held
from server.core.db import db
from server.photos.service import use_photos
from server.policy.loader import book_behind
from server.reports.acting import rewrite
from server.reports.changes import apply_act
from server.reports.deeds import Deed
from server.reports.models import Event, Report
from server.reports.replay import kept
from server.reports.telling import pass_on
from server.reports.workflow import CLOSED, Act

PASSED, FAILED = "passed", "failed"
RESULTS = {PASSED: "合格，问题确实解决了", FAILED: "不合格，退回重办"}


def look_again(
    report: Report,
    result: str,
    *,
    text: str,
    photos: Sequence[str],
    campaign: str,
    post: Held,
    by: Actor,
    now: datetime,
) -> Event:
    """Write down what was found. A failure reopens it under its own number, with the book's second clock.

    What somebody else has reopened meanwhile stays as it is.
    """
    book = book_behind(report)
    redo = result == FAILED and report.state == CLOSED
    change = apply_act(report, Act.REOPEN, Deed(version=report.version), book=book, by=frozenset(), now=now)
    columns = change.columns if redo else {}
    if redo:
        rewrite(report, columns, now=now)
    event = Event(
        county_id=report.county_id,
        report_id=report.id,
        at=now,
        act=Act.LOOK_BACK,
        by_kind="staff",
        by_person_id=by.person_id,
        by_post_id=post.post_id,
        by_label=post.label,
        text=text,
        data={"result": result, "campaign": campaign, "redo": redo} | kept(columns),
    )
    db.session.add(event)
    db.session.flush()
    if photos:
        use_photos(photos, report.county_id, report.id, event.id, purpose="more")
    if redo:
        pass_on(report, Act.LOOK_BACK, event, book=book, by=by, now=now)
    return event
