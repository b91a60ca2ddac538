"""Random histories, workers now and then: the table holds, no clock restarts, and nothing that runs out goes untold."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.accounts.roles import Actor, Role
from server.core.db import db
from server.core.errors import HouseError
from server.core.tokens import fingerprint
from server.escalation.models import FeedEntry
from server.escalation.service import sweep
from server.escalation.silence import sweep_parts
from server.escalation.untold import look_for, look_for_part
from server.reports.acting import act_on, acts_for
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.models import Event
from server.reports.part_models import ReportPart
from server.reports.queries import report_by_no
from server.reports.workflow import STEPS, Act
from tests.world import hire

STAFF = ("ys.hill.manager", "ys.community", "ys.town", "ys.bureau", "ys.fire", "ys.court")
STRANGERS = ("ys.lake.manager", "st.bureau")
LATE = {Act.REFER, Act.CONSENT}
"""Refused also while a called body leads, which the table does not know."""
HOURS = st.one_of(st.integers(0, 30), st.integers(0, 400))
STEP = st.tuples(
    st.sampled_from(("owner", *STAFF, *STRANGERS)),
    # An act by name, allowed or not, or by its place among those that are allowed: so that histories go deep.
    st.one_of(st.sampled_from(list(STEPS)), st.integers(0, 30)),
    st.sampled_from(("ys.fire", "ys.community", "ys.hill")),
    st.sampled_from(("agreed", "sent_back", "not_agreed", "withdrawn", "reached", "passed", "failed")),
    HOURS,
    st.booleans(),
)
"""Who, what, to which body, with which result, how many hours later, and whether a worker ran meanwhile."""
HISTORIES = st.lists(STEP, max_size=25)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(FEW, max_examples=5000, database=None)


@pytest.fixture
def reports(world):
    """A report to act on, whose answer a second body checks, and another that it may be merged into."""
    for who, role in (("ys.fire", Role.DEPARTMENT), ("ys.court", Role.COURT)):
        hire(world, who, world.bodies[who], role)
    found = []
    for kind, key in (("building.business", "a"), ("building.business", "b")):
        filing = Filing(kind=kind, text="住改商", phone="13800000000", contact_ok=True, public=True)
        filed = file_report(world.place("ys.hill"), filing, key=key * 32, by=Actor(), now=world.now)
        found.append(report_by_no(filed.no))
        found[-1].test_owner = Actor(owner_hash=fingerprint(filed.owner_token))
    return found


def work(now):
    """A worker looks until nothing is due."""
    while sweep(now) + sweep_parts(now):
        pass


def told(report):
    """What of a report was ever told."""
    return set(db.session.scalars(select(FeedEntry.occasion).where(FeedEntry.report_id == report.id)))


def nothing_slept_through(reports, *, now, worked):
    """Whatever has run out was told of or is looked at next; whatever will run out is looked at in time."""
    for report in reports:
        occasions = told(report)
        parts = db.session.scalars(select(ReportPart).where(ReportPart.report_id == report.id)).all()
        looks = [(report.sweep_at, look_for(report, occasions, now=now))]
        looks += [(one.sweep_at, look_for_part(one, report, occasions, now=now)) for one in parts]
        for look, wanted in looks:
            assert wanted is None or (look is not None and look <= wanted)
            assert not worked or look is None or look > now


def do(world, report, lead, act, *, by, body, result, now):
    """The status of the refusal, or None when it was done."""
    deed = Deed(
        version=report.version, text="说明说明说明说明", basis="按合同约定处理", outcome="solved", score=4,
        body_id=world.bodies[body].id, lead_id=lead.id, result=result, way="phone", person="维保负责人",
        until=(report.reopen_due_at or report.resolve_due_at) + timedelta(hours=1),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            act_on(report, act, deed, by=by, now=now)
    except HouseError as refusal:
        db.session.refresh(report)
        return refusal.status
    return None


def live(world, reports, steps):
    """One history, taken back at its end, whichever way it ends."""
    savepoint = db.session.begin_nested()
    try:
        go_through(world, reports, steps)
    finally:
        savepoint.rollback()
        db.session.expire_all()


def go_through(world, reports, steps):
    """What must hold after each step."""
    report, lead = reports
    at, first, due = world.now, (report.submitted_at, report.accept_due_at), report.resolve_due_at
    for who, chosen, body, result, hours, worked in steps:
        at += timedelta(hours=hours)
        if worked:
            work(at)
            nothing_slept_through(reports, now=at, worked=True)
        by = report.test_owner if who == "owner" else world.actor(who)
        mine = acts_for(report, by, now=at)
        act = (mine or (Act.ACCEPT,))[chosen % max(len(mine), 1)] if isinstance(chosen, int) else chosen
        extension = report.extend_until
        refusal = do(world, report, lead, act, by=by, body=body, result=result, now=at)
        assert (refusal in (None, 422)) == (act in mine) or (refusal == 409 and act in LATE)
        if refusal is None:
            assert who not in STRANGERS
            if act is Act.GRANT and report.reopen_due_at is None:
                due = extension
        nothing_slept_through(reports, now=at, worked=False)
        assert (report.submitted_at, report.accept_due_at) == first
        assert report.resolve_due_at == due
        events = db.session.scalars(select(Event.act).where(Event.report_id == report.id)).all()
        assert len(events) == report.version
    work(at)
    nothing_slept_through(reports, now=at, worked=True)


@FEW
@given(HISTORIES)
def test_any_history_keeps_to_the_table_no_clock_restarts_and_none_goes_untold(world, reports, steps):
    live(world, reports, steps)


@pytest.mark.faults
@MANY
@given(HISTORIES)
def test_five_thousand_histories(world, reports, steps):
    live(world, reports, steps)
