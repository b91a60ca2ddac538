"""An open report keeps the book it was filed under; what comes after is judged by the new one."""

from datetime import timedelta

import pytest

from server.accounts.roles import Actor
from server.core import clock
from server.policy import loader
from server.policy.loader import book_behind
from server.policy.routing import route
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from server.web.resident.track_view import rule_of

NEW = """
extends = ["yishui"]
version = "next"
from = {day}

[classes.utilities]
source = "测试文号 一"
resolve = {{ hours = 12 }}

[rows.7]
bodies = ["market", "housing"]
source = "测试文号 二"
"""
LEAK = Filing(kind="pipe.leak", text="漏水")


@pytest.fixture
def tomorrow(world, tmp_path):
    """The first instant at which a new book of the county is in force."""
    day = clock.today(world.now) + timedelta(days=1)
    (tmp_path / "yishui.toml").write_text(NEW.format(day=day), encoding="utf-8")
    loader.read_from(str(tmp_path))
    yield world.now + timedelta(days=1)
    loader.read_from("")


def filed(world, key, now):
    with clock.stopped(now):
        return report_by_no(file_report(world.place("ys.hill"), LEAK, key=key * 32, by=Actor(), now=now).no)


def test_what_was_filed_before_keeps_its_clocks_and_its_bodies(world, tomorrow):
    old, new = filed(world, "a", world.now), filed(world, "b", tomorrow)
    assert old.resolve_due_at - old.submitted_at == timedelta(hours=24)
    assert new.resolve_due_at - new.submitted_at == timedelta(hours=12)
    assert old.book_version.startswith("2024.1+")
    assert new.book_version.startswith("next+")
    with clock.stopped(tomorrow):
        assert [route(book_behind(one), one.kind).lead for one in (old, new)] == ["housing", "market"]
        assert ("依据", "测试文号 二") in rule_of(new)
        assert ("依据", "测试文号 二") not in rule_of(old)


def test_a_reopening_after_the_change_has_half_of_the_old_clock(world, tomorrow):
    report = filed(world, "c", world.now)
    with clock.stopped(tomorrow):
        manager, owner = world.actor("ys.hill.manager"), Actor(owner_hash=report.owner_hash)
        done = Deed(version=report.version, text="已修好", outcome="solved", basis="已修好")
        act_on(report, Act.RESOLVE, done, by=manager, now=tomorrow)
        act_on(report, Act.REOPEN, Deed(version=report.version, text="还漏"), by=owner, now=tomorrow)
    assert report.reopen_due_at - tomorrow == timedelta(hours=12)
