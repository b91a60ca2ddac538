"""Referral to the court's centre: asked, agreed to, taken, met, settled; or back to whoever handled it (A12)."""

from datetime import timedelta

import pytest

from server.accounts.permissions import Part
from server.accounts.roles import Actor, Role
from server.companies.editing import Service, edit_service
from server.core.db import db
from server.core.errors import HouseError, NotFound
from server.core.tokens import fingerprint
from server.escalation.models import FeedEntry
from server.escalation.service import sweep
from server.notices.models import Inbox, Push
from server.policy.loader import books
from server.reports.acting import act_on, acts_for, parts_of
from server.reports.contact import may_reveal, reveal
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.mediating import referrals_of
from server.reports.queries import history, report_by_no
from server.reports.workflow import Act
from tests.world import hire

HOUR = timedelta(hours=1)
MANAGER, COURT = "ys.hill.manager", "ys.court"


@pytest.fixture
def case(world):
    """An accepted dispute, its reporter, and a centre with staff."""
    hire(world, COURT, world.bodies["ys.court"], Role.COURT)
    filing = Filing(
        kind="service.price", text="费用争议，我的电话 13800000000", phone="13800000000", contact_ok=True
    )
    filed = file_report(world.place("ys.hill"), filing, key="m" * 32, by=Actor(), now=world.now)
    return Case(world, report_by_no(filed.no), Actor(owner_hash=fingerprint(filed.owner_token)))


class Case:
    """One report and those who act on it."""

    def __init__(self, world, report, owner):
        self.world, self.report, self.owner, self.now = world, report, owner, world.now

    def by(self, who):
        return self.owner if who == "owner" else self.world.actor(who)

    def may(self, who):
        return set(acts_for(self.report, self.by(who), now=self.now))

    def do(self, who, act, *, after=HOUR, text="说明", **more):
        self.now += after
        deed = Deed(version=self.report.version, text=text, **more)
        return act_on(self.report, act, deed, by=self.by(who), now=self.now)

    def status(self, who, act, **more):
        try:
            self.do(who, act, after=timedelta(0), **more)
        except HouseError as refusal:
            return refusal.status
        return None

    def go(self, until):
        """As far as this state: asked, waiting, taken."""
        self.do(MANAGER, Act.REFER)
        if until != "asked":
            self.do("owner", Act.CONSENT, text="", result="phone")
        if until == "taken":
            self.do(COURT, Act.TAKE, text="")
        return self


def test_nothing_goes_to_the_court_before_the_reporter_agrees(case):
    court = case.world.bodies["ys.court"].id
    assert Act.REFER in case.may(MANAGER)
    assert Act.REFER not in case.may("owner")
    case.go("asked")
    assert (case.report.state, case.report.handler_id) == ("submitted", case.world.bodies["ys.hill"].id)
    assert not db.session.query(Inbox).filter_by(report_id=case.report.id, body_id=court).all()
    assert {Act.CONSENT, Act.UNREFER} <= case.may("owner")
    assert Act.REFER not in case.may(MANAGER), "asked once is enough"
    assert case.status(MANAGER, Act.CONSENT) == 409
    assert not case.may(COURT)


@pytest.mark.parametrize("until", ["asked", "waiting"])
@pytest.mark.parametrize("who", ["owner", "ys.bureau"])
def test_it_can_be_taken_back_until_the_centre_takes_it(case, until, who):
    case.go(until).do(who, Act.UNREFER, text="再想想")
    project = case.world.bodies["ys.hill"].id
    assert (case.report.refer_state, case.report.handler_id) == (None, project)
    assert case.report.state in {"submitted", "accepted"}
    assert case.report.reopen_due_at is None
    assert referrals_of(case.report.id)[0].result == "taken_back"
    assert case.status(MANAGER, Act.REFER) is None, "it may be asked again"


def test_once_taken_only_the_centre_decides(case):
    case.go("taken")
    assert case.report.state == "referred"
    assert case.report.refer_due_at == books()["371323"].mediation.within.after(
        referrals_of(case.report.id)[0].consented_at, books()["371323"].calendar
    )
    assert case.may(COURT) == {Act.APPOINT, Act.SETTLE, Act.REPLY}
    assert case.may("owner") <= {Act.ADD, Act.WITHDRAW, Act.HIDE}
    assert not case.may(MANAGER)
    for who, act in ((MANAGER, Act.RESOLVE), ("owner", Act.UNREFER), ("ys.bureau", Act.TRANSFER)):
        assert case.status(who, act, body_id=1, outcome="solved", basis="依据") == 409
    assert case.status(COURT, Act.APPOINT, until=case.now - HOUR) == 422
    case.do(COURT, Act.APPOINT, text="调解中心三楼", until=case.now + 48 * HOUR)
    told = {push.purpose for push in db.session.query(Push).filter_by(report_id=case.report.id)}
    assert {"new", "consent", "appoint"} <= told
    assert case.status(COURT, Act.SETTLE, result="maybe") == 422


@pytest.mark.parametrize(
    ("result", "state", "outcome"),
    [("agreed", "resolved", "solved"), ("not_agreed", "accepted", None), ("withdrawn", "accepted", None)],
)
def test_the_result_leads_on_and_the_handler_is_who_it_was(case, result, state, outcome):
    case.go("taken").do(COURT, Act.SETTLE, text="双方意见", result=result)
    report = case.report
    assert (report.state, report.outcome, report.refer_state) == (state, outcome, None)
    assert report.handler_id == case.world.bodies["ys.hill"].id
    row = referrals_of(report.id)[0]
    assert (row.result, row.result_words, row.ended_at) == (result, "双方意见", case.now)
    assert Act.CONFIRM in case.may("owner") if state == "resolved" else Act.RESOLVE in case.may(MANAGER)
    acts = [event.act for event in history(report.id)]
    assert acts == ["submit", "refer", "consent", "take", "settle"]


def test_a_report_that_ends_ends_its_referral(case):
    case.go("waiting").do("owner", Act.WITHDRAW, text="不用了")
    assert (case.report.state, case.report.refer_state) == ("withdrawn", None)
    assert referrals_of(case.report.id)[0].result == "lapsed"


def test_a_silent_centre_shows_on_the_feed(case):
    case.go("waiting")
    sweep(case.report.refer_due_at + 30 * 24 * HOUR)
    found = {row.reason for row in db.session.query(FeedEntry).filter_by(report_id=case.report.id)}
    assert "mediation_late" in found
    assert not found & {"not_accepted", "not_resolved"}, "the company's clock is not the centre's"


@pytest.mark.parametrize(("result", "allowed"), [("phone", True), (None, False)])
def test_the_centre_gets_the_phone_only_where_the_reporter_said_so(case, result, allowed):
    case.do(MANAGER, Act.REFER)
    case.do("owner", Act.CONSENT, text="", result=result)
    court = case.by(COURT)
    assert not may_reveal(case.report, parts_of(case.report, court)), "not before it is taken"
    case.do(COURT, Act.TAKE, text="")
    mine = parts_of(case.report, court)
    assert Part.HANDLER in mine
    assert may_reveal(case.report, mine) is allowed
    asked = {"mine": mine, "reason": "visit", "words": "约调解时间", "by": court, "now": case.now}
    if allowed:
        assert reveal(case.report, **asked) == "13800000000"
        assert case.status(COURT, Act.SETTLE, result="not_agreed") is None
        asked["mine"] = parts_of(case.report, court)
    with pytest.raises(NotFound):
        reveal(case.report, **asked)


def test_what_is_with_the_centre_follows_the_estate_to_a_new_company(case):
    case.go("taken")
    project = edit_service(case.world.estates["ys.hill"], Service("新来物业"), by=None, now=case.now)
    db.session.refresh(case.report)
    assert (case.report.state, case.report.project_body_id) == ("referred", project.body_id)
