"""An estate changes its company: nothing is stuck, nobody of the old one sees it any more."""

import pytest
from sqlalchemy import select

from server.accounts.roles import Actor
from server.companies.editing import Service, edit_service, end_service
from server.core.db import db
from server.core.errors import NotFound
from server.notices.models import Inbox, Push
from server.reports.acting import acts_for
from server.reports.filing import Filing, file_report
from server.reports.queries import history, report_by_no, visible_report
from server.reports.workflow import Act
from tests.reports.test_filing import kind_of


@pytest.fixture
def report(world):
    filing = Filing(kind=kind_of(world, "漏水"), text="漏水")
    return report_by_no(
        file_report(world.place("ys.hill"), filing, key="s" * 32, by=Actor(), now=world.now).no
    )


def test_the_new_company_has_the_work_and_the_clocks_run_on(world, report):
    due = (report.accept_due_at, report.resolve_due_at)
    project = edit_service(world.estates["ys.hill"], Service("新来物业"), by=None, now=world.now)
    db.session.refresh(report)
    assert report.handler_id == report.project_body_id == project.body_id
    assert (report.accept_due_at, report.resolve_due_at) == due
    assert "新来物业" in history(report.id)[-1].text
    assert (
        project.body_id in db.session.scalars(select(Inbox.body_id).where(Inbox.report_id == report.id)).all()
    )


def test_the_old_manager_sees_it_no_more_and_gets_nothing_more(world, report):
    old = world.people["ys.hill.manager"]
    assert visible_report(report.no, world.actor("ys.hill.manager"))
    edit_service(world.estates["ys.hill"], Service("新来物业"), by=None, now=world.now)
    assert world.actor("ys.hill.manager").posts == ()
    with pytest.raises(NotFound):
        visible_report(report.no, world.actor("ys.hill.manager"))
    states = db.session.scalars(select(Push.state).where(Push.person_id == old.id)).all()
    assert set(states) == {"cancelled"}


def test_where_the_company_leaves_the_community_takes_over(world, report):
    end_service(world.estates["ys.hill"], by=None, now=world.now)
    db.session.refresh(report)
    assert (report.handler_id, report.project_body_id) == (world.bodies["ys.community"].id, None)
    assert Act.ACCEPT in acts_for(report, world.actor("ys.community"), now=world.now)


def test_saying_the_same_company_again_moves_nothing(world, report):
    edit_service(
        world.estates["ys.hill"], Service("好邻居物业", phone="0539-0000009"), by=None, now=world.now
    )
    db.session.refresh(report)
    assert (report.version, report.handler_id) == (1, world.bodies["ys.hill"].id)
