"""The ledger recomputed from events alone is the stored table, after any history (issue 5; A9)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from server.accounts.roles import Actor, Role
from server.core.db import db
from server.core.errors import HouseError
from server.core.tokens import fingerprint
from server.escalation.service import sweep
from server.reports.acting import act_on, acts_for
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.models import Report
from server.reports.queries import history, report_by_no
from server.reports.rechecking import look_again
from server.reports.replay import entry_of, replay
from server.reports.targets import transfer_targets
from server.reports.workflow import Act
from tests.world import hire

WHO = ("owner", "ys.hill.manager", "ys.community", "ys.town", "ys.bureau", "ys.court", "ys.price")
HOUR = timedelta(hours=1)
RESULTS = {
    Act.SETTLE: ("agreed", "not_agreed", "withdrawn"),
    Act.CHECK: ("agreed", "sent_back"),
    Act.CONTACT: ("reached", "not_reached"),
    Act.REINSPECT: ("passed", "failed"),
    Act.CONSENT: ("phone", None),
}


def staff(world):
    hire(world, "ys.court", world.bodies["ys.court"], Role.COURT)
    hire(world, "ys.price", world.bodies["ys.development"], Role.DEPARTMENT)


def deed(report, act, choice, now):
    targets = [one.body_id for one in transfer_targets(report)]
    results = RESULTS.get(act, (None,))
    until = (report.reopen_due_at or report.resolve_due_at) + HOUR if act is Act.EXTEND else now + HOUR
    return Deed(
        version=report.version,
        text="已经到现场处理，情况写在这里",
        basis="按合同约定处理",
        outcome="solved",
        score=1 + choice % 5,
        body_id=targets[choice % len(targets)] if targets else None,
        until=until,
        result=results[choice % len(results)],
        way="visit",
        person="电梯维保负责人",
    )


def look(report, world, choice, now):
    post = world.actor("ys.bureau").posts[0]
    look_again(
        report,
        "failed" if choice % 2 else "passed",
        text="到现场看过",
        photos=(),
        campaign="年末回头看",
        post=post,
        by=world.actor("ys.bureau"),
        now=now,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(WHO), st.integers(0, 200), st.sampled_from([0, 1, 5, 30, 200])), max_size=25
    ),
    kind=st.sampled_from(["service.price", "pipe.leak", "lift.stopped"]),
)
def test_the_ledger_is_the_fold_of_its_events(world, steps, kind):
    savepoint = db.session.begin_nested()
    staff(world)
    filing = Filing(kind=kind, text="说明", phone="13800000000", contact_ok=True, public=True)
    filed = file_report(world.place("ys.hill"), filing, key="r" * 32, by=Actor(), now=world.now)
    report, at = report_by_no(filed.no), world.now
    owner = Actor(owner_hash=fingerprint(filed.owner_token))
    for who, choice, hours in steps:
        at += timedelta(hours=hours)
        sweep(at)
        db.session.refresh(report)
        by = owner if who == "owner" else world.actor(who)
        allowed = acts_for(report, by, now=at)
        try:
            with db.session.begin_nested():
                if report.state == "closed" and choice % 3 == 0:
                    look(report, world, choice, at)
                elif allowed:
                    act = allowed[choice % len(allowed)]
                    act_on(report, act, deed(report, act, choice, at), by=by, now=at)
        except HouseError:
            db.session.refresh(report)
        told = replay(event.data for event in history(report.id))
        assert told == entry_of(report), [event.act for event in history(report.id)]
        acts = {event.act for event in history(report.id)}
        assert report.state != "closed" or acts & {"resolve", "settle"}, "nothing closes without an answer"
    savepoint.rollback()


def test_a_closed_number_is_never_given_again_and_reopens_as_itself(world):
    place, filing = world.place("ys.hill"), Filing(kind="pipe.leak")
    first = file_report(place, filing, key="1" * 32, by=Actor(), now=world.now)
    report, owner = report_by_no(first.no), Actor(owner_hash=fingerprint(first.owner_token))
    resolved = Deed(version=report.version, text="已经修好了，换了接头", basis="现场检查记录")
    act_on(report, Act.RESOLVE, resolved, by=world.actor("ys.hill.manager"), now=world.now)
    act_on(report, Act.CONFIRM, Deed(version=report.version), by=owner, now=world.now)
    copy = {column.key: getattr(report, column.key) for column in Report.__table__.columns}
    drawn_again = {name: value for name, value in copy.items() if name != "id"} | {"key_hash": "another"}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(Report).values(**drawn_again))
    act_on(report, Act.REOPEN, Deed(version=report.version, text="又漏了"), by=owner, now=world.now)
    assert (report.no, report.state, report.closed_at) == (first.no, "accepted", None)
    second = file_report(place, filing, key="2" * 32, by=Actor(), now=world.now)
    assert second.no != first.no


def test_a_change_that_no_event_tells_of_is_found(world):
    filed = file_report(
        world.place("ys.hill"), Filing(kind="pipe.leak"), key="3" * 32, by=Actor(), now=world.now
    )
    report = report_by_no(filed.no)
    report.state, report.closed_at = "closed", world.now
    assert replay(event.data for event in history(report.id)) != entry_of(report)
