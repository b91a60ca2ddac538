"""Seals of a report's history: blind to what the reporter typed, which may be masked, and to nothing else."""

from datetime import timedelta

import pytest

from server.app import create_app
from server.core import seals
from server.core.db import NATIONAL, db
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.models import Event
from server.reports.workflow import Act
from server.settings import Settings
from tests.conftest import NOON, copy_database
from tests.core.test_verify import sabotaged
from tests.escalation.cases import do, filed
from tests.world import build

LATER = NOON + seals.SETTLED + timedelta(minutes=1)
OWN, OFFICES = "by_kind = 'reporter' AND act = 'reopen'", "by_kind = 'staff'"
BEFORE = {"after": 0, "upto": 3, "seen": 3, "rows": 3, "columns": ["id", "text"], "digest": "0" * 64}


@pytest.fixture(scope="module")
def told(cluster, template, worker_name, tmp_path_factory):
    """A database of its own with a report's sealed history, and a seal of the time when its words were covered."""
    owner, application = copy_database(cluster, template, f"words_{worker_name}")
    folder = tmp_path_factory.mktemp("words")
    app = create_app(Settings(database_url=application, database_owner_url=owner, var_dir=str(folder)))
    with app.app_context():
        world = build(NOON)
        report = filed(world, now=NOON)
        do(world, report, Act.RESOLVE, "ys.hill.manager", outcome="solved")
        do(world, report, Act.REOPEN)
        do(world, report, Act.RESOLVE, "ys.hill.manager", outcome="solved")
        rating = Deed(version=report.version, score=1, reasons=("太慢",), text="还漏")
        act_on(report, Act.CONFIRM, rating, by=report.owner, now=NOON)
        assert db.session.query(Event).count() == 5
        seals._add("report_event", NATIONAL, BEFORE, None, now=NOON)
        for at in (NOON, LATER):
            seals.seal(at)
            db.session.commit()
        yield owner, app
        db.session.remove()
        db.engine.dispose()


SEEN = {
    "what an office wrote": f"UPDATE report_event SET text = '别的' WHERE {OFFICES}",
    "who reopened": f"UPDATE report_event SET by_label = '别人' WHERE {OWN}",
    "that he reopened": f"UPDATE report_event SET act = 'add' WHERE {OWN}",
    "when he did": f"UPDATE report_event SET at = at + interval '1 hour' WHERE {OWN}",
    "what it changed": f"UPDATE report_event SET data = data || '{{\"count\": 9}}' WHERE {OWN}",
    "the stars": "UPDATE report_event SET data = data || '{\"score\": 5}' WHERE act = 'confirm'",
    "the whole step": f"DELETE FROM report_event WHERE {OWN}",
    "a seal of before": "UPDATE audit_seal SET rows = 2 WHERE of = 'report_event'",
}
UNSEEN = {
    "his words": f"UPDATE report_event SET text = '〔号码已隐去〕' WHERE {OWN}",
    "his reasons": "UPDATE report_event SET data = jsonb_set(data, '{reasons}', '[]') WHERE act = 'confirm'",
}


def test_an_untouched_history_verifies(told):
    assert sabotaged(told) == []


@pytest.mark.parametrize("statement", SEEN.values(), ids=SEEN.keys())
def test_any_other_change_is_found_out(told, statement):
    assert any("report_event" in fault for fault in sabotaged(told, statement))


@pytest.mark.parametrize("statement", UNSEEN.values(), ids=UNSEEN.keys())
def test_masked_words_are_no_fault(told, statement):
    assert sabotaged(told, statement) == []
