"""What others' clocks got wrong: a word is no acceptance, nothing said or passed on restarts or stops a clock."""

from datetime import timedelta

import pytest

from server.escalation.service import sweep
from server.reports.workflow import Act
from tests.escalation.cases import do, feed, filed

MANAGER, BUREAU = "ys.hill.manager", "ys.bureau"


@pytest.mark.parametrize(
    ("act", "who", "more"),
    [
        (Act.REPLY, MANAGER, {}),
        (Act.ASK, MANAGER, {}),
        (Act.ADD, None, {}),
        (Act.REMIND, None, {}),
        (Act.SUPERVISE, BUREAU, {}),
        (Act.TRANSFER, BUREAU, {"body": "ys.community"}),
    ],
    ids=lambda value: str(value) if isinstance(value, Act) else "",
)
def test_no_word_and_no_passing_on_moves_a_deadline(world, act, who, more):
    report = filed(world)
    if act is Act.REMIND:
        world.now = report.accept_due_at + timedelta(days=1)
    before = report.accept_due_at, report.resolve_due_at, report.submitted_at
    given = {"body_id": world.bodies[more["body"]].id} if more else {}
    do(world, report, act, who, now=world.now, **given)
    assert (report.accept_due_at, report.resolve_due_at, report.submitted_at) == before
    late = max(world.now, report.resolve_due_at) + timedelta(days=9)
    sweep(late)
    told = {one.reason for one in feed(report)}
    assert "not_resolved" in told


def test_what_was_settled_while_nobody_looked_is_not_told(world):
    """Three hours without a worker: accepted late, then answered; the clocks find nothing to tell."""
    report = filed(world, time_class="utilities")
    do(world, report, Act.ACCEPT, MANAGER, now=report.accept_due_at + timedelta(hours=1))
    sweep(report.accept_due_at + timedelta(hours=3))
    assert [one for one in feed(report) if one.reason == "not_accepted"] == []
