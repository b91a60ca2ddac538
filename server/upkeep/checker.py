"""The checker of "nothing lost": looks, repairs what it safely can, and tells the bureau when it had to."""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from server.core import wire
from server.core.db import db
from server.core.planning import hash_while_unknown
from server.notices.desks import Delivery, Reach
from server.notices.service import put_on_desks, write_pushes
from server.policy.clocks import push_at
from server.policy.loader import book_behind
from server.reports.models import Event, Report
from server.upkeep.faults import Fault, Finding, Outcome
from server.upkeep.models import CheckRun
from server.upkeep.named import NoPush, spans, terms_of, without_inbox, without_push
from server.upkeep.pushes import mend_pushes, oldest_due_s
from server.upkeep.telling import tell_bureaus

OVERLAP = timedelta(minutes=15)
"""How far a run reaches back before the last good one: longer than any transaction."""
BACK_MOST = timedelta(days=3)
"""Something that stays lost must not make every run look at everything; the nightly one does."""
KEPT = timedelta(days=30)
MOST = 1000
"""What one round mends of each fault; the next run goes on."""
GROWING = ("report", "report_event", "inbox", "push")
"""The tables that everything hangs on; the server counts each anew after some fifty rows."""
ALONE = "SELECT pg_try_advisory_xact_lock(7604)"

NO_EVENT = """
SELECT r.county_id, r.id FROM report r WHERE r.id > %(report)s
AND NOT EXISTS (SELECT 1 FROM report_event e WHERE e.report_id = r.id AND e.act = 'submit')
ORDER BY r.id LIMIT %(most)s
"""
NO_REPORT = """
SELECT DISTINCT ON (report_id) county_id, report_id FROM (
  SELECT county_id, report_id FROM inbox WHERE report_id > %(report)s
  UNION ALL SELECT county_id, report_id FROM push WHERE report_id > %(report)s
  UNION ALL SELECT county_id, report_id FROM feed_entry WHERE report_id > %(report)s
) kept WHERE NOT EXISTS (SELECT 1 FROM report r WHERE r.id = kept.report_id) ORDER BY report_id LIMIT %(most)s
"""


def check(*, whole: bool, now: datetime, answered: Sequence[str] = ()) -> Outcome | None:
    """Look at what came since the last good run, or at everything; repair, and raise alarms.

    `answered` are report numbers that clients were given: each must be there. None while another run is at work.
    """
    began = time.monotonic()
    if not wire.rows(ALONE, {})[0][0]:
        return None
    hash_while_unknown(*GROWING)
    report_id, event_id = (0, 0) if whole else _since(now)
    newest = _newest()
    findings = [*_gone(answered), *_missing(report_id)]
    for span in spans(report_id, event_id, newest[0]):
        terms = terms_of(span, most=MOST, now=now)
        findings += _mend_desks(terms, now=now)
        findings += _mend_pushes(terms, now=now)
    findings += mend_pushes(report_id, most=MOST, now=now)
    took = int((time.monotonic() - began) * 1000)
    outcome = Outcome(whole, tuple(findings), *newest, took, oldest_due_s(now))
    _keep(outcome, now=now)
    tell_bureaus(outcome.findings, now=now)
    return outcome


def last_check() -> CheckRun | None:
    """The latest run, for whoever shows whether everything works."""
    return db.session.scalar(select(CheckRun).order_by(CheckRun.at.desc(), CheckRun.id.desc()).limit(1))


def _since(now: datetime) -> tuple[int, int]:
    """Where to begin: at what was there some time before the last good run."""
    good = CheckRun.lost == 0
    newest = db.session.scalar(select(func.max(CheckRun.at)).where(good, CheckRun.at <= now))
    if newest is None:
        return 0, 0
    reach = max(newest, now - BACK_MOST) - OVERLAP
    found = db.session.execute(
        select(CheckRun.report_id, CheckRun.event_id)
        .where(CheckRun.at <= reach)
        .order_by(CheckRun.at.desc(), CheckRun.id.desc())
        .limit(1)
    ).one_or_none()
    return (found.report_id, found.event_id) if found else (0, 0)


def _newest() -> tuple[int, int]:
    """The highest report and event there are."""
    tops = select(func.coalesce(func.max(Report.id), 0)).scalar_subquery()
    row = db.session.execute(select(tops, select(func.coalesce(func.max(Event.id), 0)).scalar_subquery()))
    report_id, event_id = row.one()
    return report_id, event_id


def _gone(answered: Sequence[str]) -> list[Finding]:
    """Numbers that somebody was given and that no report has."""
    there = set(db.session.scalars(select(Report.no).where(Report.no.in_(answered)))) if answered else set()
    return [Finding(Fault.REPORT, "", no=no) for no in answered if no not in there]


def _missing(report_id: int) -> list[Finding]:
    terms = {"report": report_id, "most": MOST}
    faults = ((Fault.REPORT, NO_REPORT), (Fault.EVENT, NO_EVENT))
    return [Finding(fault, *row) for fault, query in faults for row in wire.rows(query, terms)]


def _mend_desks(terms: dict[str, object], *, now: datetime) -> list[Finding]:
    """Put reports on the desks that lack them."""
    lacking = without_inbox(terms)
    by_report: dict[tuple[str, int], Delivery] = defaultdict(Delivery)
    for one in lacking:
        by_report[one.county_id, one.report_id].inbox[one.post_id] = (one.body_id, one.part)
    for (county_id, report_id), delivery in by_report.items():
        put_on_desks(county_id, report_id, delivery, now=now)
    return [Finding(Fault.INBOX, one.county_id, one.report_id) for one in lacking]


def _mend_pushes(terms: dict[str, object], *, now: datetime) -> list[Finding]:
    """Push to those who were not, by the first way to reach them today."""
    lacking = without_push(terms)
    by_event: dict[int, list[NoPush]] = defaultdict(list)
    for one in lacking:
        by_event[one.event_id].append(one)
    reports = _reports({one.report_id for one in lacking})
    for event_id, people in by_event.items():
        report = reports[people[0].report_id]
        _push(report, people, occasion=f"event:{event_id}", now=now)
    return [Finding(Fault.PUSH, one.county_id, one.report_id) for one in lacking]


def _reports(ids: set[int]) -> dict[int, Report]:
    return (
        {one.id: one for one in db.session.scalars(select(Report).where(Report.id.in_(ids)))} if ids else {}
    )


def _push(report: Report, people: Sequence[NoPush], *, occasion: str, now: datetime) -> None:
    book = book_behind(report)
    purpose = people[0].purpose
    urgent = report.time_class in book.quiet.spares or (report.safety and purpose == "new")
    write_pushes(
        report.county_id,
        [Reach(one.post_id, one.person_id, one.address_id, one.channel) for one in people],
        report_id=report.id,
        purpose=purpose,
        occasion=occasion,
        urgent=urgent,
        now=now,
        not_before=None if urgent else push_at(book, report.time_class, now),
    )


def _keep(outcome: Outcome, *, now: datetime) -> None:
    db.session.execute(delete(CheckRun).where(CheckRun.at < now - KEPT))
    db.session.add(
        CheckRun(
            at=now,
            whole=outcome.whole,
            report_id=outcome.report_id,
            event_id=outcome.event_id,
            repaired=outcome.repaired,
            lost=outcome.lost,
            found=dict(outcome.found),
            took_ms=outcome.took_ms,
        )
    )
    db.session.flush()
