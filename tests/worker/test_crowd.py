"""The crowd of the benches can be written, whatever columns a report has gained since."""

from collections import Counter

from sqlalchemy import select

from bench.crowd import fill
from server.core import clock
from server.core.db import db
from server.reports.models import Report
from tests.escalation.cases import filed


def test_copies_of_a_report_fill_the_database_each_with_an_entry_on_the_feed(committed, town):
    no = filed(town, now=clock.now()).no
    db.session.commit()
    entries = fill(committed.extensions["settings"].database_owner_url, no, count=20)
    states = Counter(db.session.scalars(select(Report.state)))
    assert (len(entries), states) == (20, {"submitted": 3, "closed": 18})
