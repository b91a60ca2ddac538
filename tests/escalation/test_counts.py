from datetime import timedelta

from server.escalation.counts import estate_counts, month_bounds
from server.escalation.service import sweep
from server.reports.workflow import Act
from tests.escalation.cases import do, filed
from tests.statements import recorded

MANAGER = "ys.hill.manager"


def counted(world, *, year=2026, month=11, now=None):
    since, until = month_bounds(year, month)
    found = estate_counts("371323", since=since, until=until, now=now or world.now)
    return {one.estate: (one.total, one.open, one.overdue, one.solved, one.unconfirmed) for one in found}


def test_every_estate_is_counted_and_those_without_a_report_say_nought(world):
    assert counted(world) == dict.fromkeys(("青山花园小区", "湖畔新城", "无物业小区"), (0, 0, 0, 0, 0))


def test_open_overdue_solved_and_unconfirmed_are_counted_apart(world):
    solved, silent, _open, gone = (filed(world, key=key * 32) for key in "abcd")
    for report in (solved, silent):
        do(world, report, Act.RESOLVE, MANAGER)
    do(world, solved, Act.CONFIRM)
    do(world, gone, Act.WITHDRAW)
    later = world.now + timedelta(days=8)
    while sweep(later):
        pass
    assert counted(world, now=later)["青山花园小区"] == (3, 1, 1, 1, 1)
    assert counted(world)["湖畔新城"] == (0, 0, 0, 0, 0)


def test_a_report_at_the_months_edge_belongs_to_the_month_in_shanghai(world):
    edge = month_bounds(2026, 11)[1]
    filed(world, now=edge - timedelta(seconds=1), key="a" * 32)
    filed(world, now=edge, key="b" * 32)
    assert counted(world)["青山花园小区"][0] == 1
    assert counted(world, month=12)["青山花园小区"][0] == 1


def test_counting_takes_one_statement(world):
    with recorded() as sent:
        counted(world)
    assert len(sent) == 1
