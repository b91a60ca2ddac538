"""No step is skipped: whatever people do while the clocks do not look, everything that ran out is told of once."""

from datetime import timedelta

import pytest

from server.accounts.roles import STRANGER, Actor, Role
from server.core.db import db
from server.core.tokens import fingerprint
from server.escalation.service import sweep
from server.escalation.silence import sweep_parts
from server.reports.filing import Filing, file_report
from server.reports.parts import called_to
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from tests.escalation.cases import do, feed, filed, kind_like, told
from tests.world import hire

DAY = timedelta(days=1)
MANAGER, COMMUNITY, BUREAU = "ys.hill.manager", "ys.community", "ys.bureau"
ALL = ["community", "township", "bureau"]


def levels(report, reason="not_resolved"):
    return [one.level for one in feed(report, reason=reason)]


def look(world, after):
    """As the worker does it: until nothing is due."""
    while sweep(world.now + after) + sweep_parts(world.now + after):
        db.session.commit()


def filed_as(world, kind, *, key="h", public=False):
    filing = Filing(kind=kind, text="有问题", public=public)
    done = file_report(world.place("ys.hill"), filing, key=key * 32, by=STRANGER, now=world.now)
    db.session.commit()
    report = report_by_no(done.no)
    report.owner = Actor(owner_hash=fingerprint(done.owner_token))
    return report


def split_late(world, report):
    lead = filed(world, key="l" * 32)
    do(world, report, Act.MERGE, BUREAU, lead_id=lead.id, now=world.now + DAY)
    do(world, report, Act.SPLIT, BUREAU, now=world.now + 15 * DAY)


def taken_back_late(world, report):
    do(world, report, Act.REFER, MANAGER, now=world.now + 6 * DAY)
    do(world, report, Act.CONSENT, now=world.now + 6 * DAY)
    do(world, report, Act.UNREFER, now=world.now + 14 * DAY)


def let_go_late(world, report):
    """The report that it was handled with ends without having been dealt with."""
    lead = filed(world, key="l" * 32)
    do(world, report, Act.MERGE, BUREAU, lead_id=lead.id, now=world.now + DAY)
    do(world, lead, Act.WITHDRAW, now=world.now + 15 * DAY)
    db.session.refresh(report)


def merged_into_a_newer_one(world, report):
    """The one that leads takes over a deadline that has passed."""
    lead = filed(world, key="l" * 32, now=world.now + 6 * DAY)
    do(world, report, Act.MERGE, BUREAU, lead_id=lead.id, now=world.now + 15 * DAY)
    lead.owner = report.owner
    return lead


def granted_late(world, report):
    """A longer term, given when it is over as well."""
    until = report.resolve_due_at + DAY
    do(world, report, Act.EXTEND, MANAGER, until=until)
    do(world, report, Act.GRANT, COMMUNITY, now=world.now + 15 * DAY)


BACK = [split_late, let_go_late, taken_back_late, merged_into_a_newer_one, granted_late]


@pytest.mark.parametrize("story", BACK, ids=lambda story: story.__name__)
def test_what_ran_out_while_a_report_was_elsewhere_is_told_when_it_is_back(world, story):
    report = filed(world)
    report = story(world, report) or report
    look(world, 60 * DAY)
    assert sorted(levels(report)) == sorted(ALL)
    look(world, 61 * DAY)
    assert len(told(report)) == len([one for one in feed(report) if one.reason.startswith("not_")])


def test_what_ran_out_while_an_answer_was_checked_is_told_when_it_is_sent_back(world):
    report = filed_as(world, "developer.facilities")
    do(world, report, Act.RESOLVE, MANAGER, text="已经按规划整改完成", now=world.now + 14 * DAY)
    do(world, report, Act.CHECK, COMMUNITY, result="sent_back", now=world.now + 30 * DAY)
    look(world, 30 * DAY)
    assert levels(report) == ALL


ACTS = [
    (Act.REPLY, MANAGER, {}),
    (Act.ASK, MANAGER, {}),
    (Act.REMIND, None, {}),
    (Act.ADD, None, {"text": "补充"}),
    (Act.SUPERVISE, BUREAU, {}),
    (Act.TRANSFER, BUREAU, {"body": "ys.town"}),
]


@pytest.mark.parametrize(("act", "who", "given"), ACTS, ids=[row[0].value for row in ACTS])
def test_an_act_while_the_worker_stands_still_puts_no_step_off(world, act, who, given):
    report = filed(world)
    given = {"body_id": world.bodies[given["body"]].id} if "body" in given else given
    do(world, report, act, who, now=world.now + 20 * DAY, **given)
    look(world, 20 * DAY)
    assert levels(report) == ALL
    assert levels(report, "not_accepted") == ALL


def test_what_was_answered_before_the_clocks_looked_is_moot(world):
    report = filed(world)
    do(world, report, Act.ACCEPT, MANAGER, now=world.now + 2 * DAY)
    look(world, 2 * DAY)
    assert feed(report) == []
    do(world, report, Act.REPLY, MANAGER, now=world.now + 20 * DAY)
    do(world, report, Act.RESOLVE, MANAGER, now=world.now + 20 * DAY)
    look(world, 20 * DAY)
    assert feed(report) == []


@pytest.mark.parametrize("act", [Act.HIDE, Act.ADD])
def test_silence_that_ran_out_closes_it_whatever_the_reporter_does_meanwhile(world, act):
    report = filed_as(world, kind_like(), public=True)
    do(world, report, Act.RESOLVE, MANAGER)
    do(world, report, act, text="补充", now=world.now + 9 * DAY)
    look(world, 9 * DAY)
    db.session.refresh(report)
    assert (report.state, report.closed_as) == ("closed", "unconfirmed")


def test_an_act_on_what_was_told_already_tells_nothing_twice(world):
    report = filed(world)
    look(world, 20 * DAY)
    stood = [(one.id, one.occasion) for one in feed(report)]
    do(world, report, Act.SUPERVISE, BUREAU, now=world.now + 20 * DAY)
    db.session.refresh(report)
    assert report.sweep_at == world.now + 20 * DAY
    look(world, 20 * DAY)
    assert [(one.id, one.occasion) for one in feed(report)] == stood
    assert len(told(report)) == len(stood)
    assert report.sweep_at is None


def test_a_look_that_is_due_keeps_its_instant_so_that_its_lateness_shows(world):
    report = filed(world)
    due = report.sweep_at
    do(world, report, Act.SUPERVISE, BUREAU, now=world.now + 20 * DAY)
    assert report.sweep_at == due


FIRE = "ys.fire"


def called(world):
    hire(world, FIRE, world.bodies[FIRE], Role.DEPARTMENT)
    report = filed(world)
    do(world, report, Act.WHISTLE, COMMUNITY, body_id=world.bodies[FIRE].id)
    return report


def test_a_called_body_that_reports_in_late_puts_off_none_of_its_other_steps(world):
    report = called(world)
    do(world, report, Act.REPORT_IN, FIRE, now=world.now + 30 * DAY)
    part = called_to(report).lead
    assert part.sweep_at <= world.now + 30 * DAY
    look(world, 30 * DAY)
    assert levels(report, "part_late")
    assert not feed(report, reason="not_reported_in"), "it has reported in before anybody looked"


def test_who_takes_a_called_bodys_place_takes_its_silence_over(world):
    report = called(world)
    do(world, report, Act.TRANSFER, COMMUNITY, body_id=world.bodies["ys.police"].id, now=world.now + 30 * DAY)
    look(world, 30 * DAY)
    assert levels(report, "part_late")
    assert levels(report, "not_reported_in")


def test_what_is_asked_again_after_a_split_is_told_of_if_it_ran_out(world):
    lead, other = (filed_as(world, "other.party", key=key) for key in "pq")
    do(world, other, Act.MERGE, BUREAU, lead_id=lead.id, now=world.now + 12 * DAY)
    do(world, other, Act.SPLIT, BUREAU, now=world.now + 25 * DAY)
    look(world, 25 * DAY)
    (part,) = called_to(other).missing
    assert levels(other, "part_late")
    db.session.refresh(part)
    assert part.sweep_at is None or part.sweep_at > world.now + 25 * DAY
