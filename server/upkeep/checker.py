"""The checker of "nothing lost": looks, repairs what it safely can, and tells the bureau when it had to."""

import time
from collections import Counter, defaultdict
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
from server.upkeep.asleep import wake
from server.upkeep.faults import LOST, Fault, Finding, Outcome, full
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
"""What one round mends of each fault; while there may be more, another round follows in a transaction of its own."""
MORE = "more"
"""The mark of a run in `CheckRun.found` that has rounds to go."""
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


def check(*, whole: bool, now: datetime, answered: Sequence[str] = (), most: int = MOST) -> Outcome | None:
    """One round: look at what came since the last good run, or at everything; repair, and raise alarms.

    `answered` are report numbers that clients were given: each must be there. None while another run is at work.
    Where the outcome says `more`, the edge commits and asks for another round at the same `now`.
    """
    began = time.monotonic()
    if not wire.rows(ALONE, {})[0][0]:
        return None
    hash_while_unknown(*GROWING)
    whole = whole or _unfinished(now)
    report_id, event_id = (0, 0) if whole else _since(now)
    newest = _newest()
    groups = [_gone(answered), _missing(report_id, most=most)]
    looks = [terms_of(span, most=most, now=now) for span in spans(report_id, event_id, newest[0])]
    for terms in looks:
        groups += [_mend_desks(terms, now=now), _mend_pushes(terms, now=now)]
    groups.append(mend_pushes(report_id, most=most, now=now))
    groups += [wake(terms, most=most, now=now) for terms in looks]
    took = int((time.monotonic() - began) * 1000)
    findings = tuple(one for group in groups for one in group)
    more = any(full(group, most) for group in groups)
    outcome = Outcome(whole, findings, *newest, took, oldest_due_s(now), more)
    _keep(outcome, now=now)
    tell_bureaus(outcome.findings, more=more, now=now)
    return outcome


def last_check() -> CheckRun | None:
    """The latest run, for whoever shows whether everything works."""
    return db.session.scalar(select(CheckRun).order_by(CheckRun.at.desc(), CheckRun.id.desc()).limit(1))


def _since(now: datetime) -> tuple[int, int]:
    """Where to begin: at what was there some time before the last good run."""
    good = (CheckRun.lost == 0, CheckRun.found[MORE].is_(None))
    newest = db.session.scalar(select(func.max(CheckRun.at)).where(*good, CheckRun.at <= now))
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


def _unfinished(now: datetime) -> bool:
    """Whether the newest look at everything was broken off between its rounds: then the next run begins it again."""
    unfinished = select(CheckRun.found[MORE].is_not(None)).where(CheckRun.whole, CheckRun.at <= now)
    return bool(db.session.scalar(unfinished.order_by(CheckRun.at.desc(), CheckRun.id.desc()).limit(1)))


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


def _missing(report_id: int, *, most: int) -> list[Finding]:
    terms = {"report": report_id, "most": most}
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
    """One row a run; a further round adds to it what it mended."""
    db.session.execute(delete(CheckRun).where(CheckRun.at < now - KEPT))
    run = _run(outcome.whole, now=now)
    mended = {
        Fault(one): number for one, number in run.found.items() if one != MORE and Fault(one) not in LOST
    }
    found = Counter(mended) + Counter(outcome.found)
    run.report_id, run.event_id = outcome.report_id, outcome.event_id
    run.repaired, run.lost = run.repaired + outcome.repaired, outcome.lost
    run.found = dict(found) | ({MORE: 1} if outcome.more else {})
    run.took_ms += outcome.took_ms
    db.session.add(run)
    db.session.flush()


def _run(whole: bool, *, now: datetime) -> CheckRun:  # noqa: FBT001 - which of the two kinds of runs
    """The run of this instant that has rounds to go, or a new one."""
    going = (CheckRun.at == now, CheckRun.whole.is_(whole), CheckRun.found[MORE].is_not(None))
    found = db.session.scalar(select(CheckRun).where(*going).limit(1))
    return found or CheckRun(at=now, whole=whole, repaired=0, lost=0, found={}, took_ms=0)
