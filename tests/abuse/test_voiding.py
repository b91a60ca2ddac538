"""The bureau may void a report, with a reason that everybody concerned reads and the audit keeps."""

import pytest

from server.core.audit import Audit
from server.core.db import db
from server.core.errors import Conflict, Invalid
from server.core.masks import NUMBER
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.queries import history
from server.reports.workflow import Act
from tests.abuse.test_fairness import counted, filed


def test_a_void_report_counts_nowhere_and_says_why(world):
    report = filed(world, 1)
    assert counted(world).counted == 1
    with pytest.raises(Invalid):
        act_on(report, Act.VOID, Deed(version=1), by=world.actor("ys.bureau"), now=world.now)
    act_on(report, Act.VOID, Deed(version=1, text="查实为编造"), by=world.actor("ys.bureau"), now=world.now)
    assert report.state == "void"
    assert (counted(world).counted, counted(world).excluded) == (0, {"void": 1})
    assert [event.text for event in history(report.id)][-1] == "查实为编造"
    row = db.session.query(Audit).filter(Audit.act == "report.void").one()
    assert (row.about, row.reason) == (f"report:{report.no}", "查实为编造")


@pytest.mark.parametrize("act", [Act.VOID, Act.REJECT])
def test_the_auditor_reads_why_and_no_number_that_was_typed_into_it(world, act):
    report, words = filed(world, 1), f"报告人 13812345678 来电说弄错了{'。' * 600}"
    act_on(report, act, Deed(version=1, text=words), by=world.actor("ys.bureau"), now=world.now)
    row = db.session.query(Audit).filter(Audit.act == f"report.{act}").one()
    assert row.reason == f"报告人 {NUMBER} 来电说弄错了{'。' * 600}"[:500]
    assert [event.text for event in history(report.id)][-1] == words, "the offices' own history keeps it"


@pytest.mark.parametrize("who", ["ys.hill.manager", "ys.community", "ys.town"])
def test_nobody_below_the_bureau_may_void(world, who):
    report = filed(world, 1)
    with pytest.raises(Conflict):
        act_on(report, Act.VOID, Deed(version=1, text="不想办"), by=world.actor(who), now=world.now)
    assert report.state == "submitted"
