"""A campaign from drawing to the end: checked on a phone, a failure reopens the same number (A10)."""

from datetime import timedelta

import pytest

from server.core import clock
from server.core.audit import Audit
from server.core.db import db
from server.core.errors import Conflict, Forbidden, Invalid
from server.policy.clocks import due
from server.policy.loader import books
from server.reports.queries import history, report_by_no
from server.supervision.campaigns import Plan, open_campaign
from server.supervision.checking import campaign_of, check_item, item_of, items_of
from tests.supervision.stage import some_closed

DAY = timedelta(days=1)


@pytest.fixture
def reports(world):
    return some_closed(world)


def plan(world, *who, **more):
    today = clock.today(world.now)
    posts = tuple(world.actor(name).posts[0].post_id for name in who)
    return Plan(**({"name": "年末回头看", "begins_on": today, "ends_on": today, "posts": posts} | more))


def test_a_campaign_draws_each_report_once_and_the_same_again(world, reports):
    bureau = world.actor("ys.bureau")
    first = open_campaign(plan(world, "ys.community"), seed="a1", by=bureau, now=world.now)
    again = open_campaign(plan(world, "ys.community"), seed="a1", by=bureau, now=world.now)
    drawn = [row.no for row in items_of(first.id, bureau)]
    assert drawn == [row.no for row in items_of(again.id, bureau)], "the same seed, the same reports"
    assert len(set(drawn)) == len(drawn) >= 2, "both estates and companies have one"
    assert first.drawn_from == len(reports)
    assert {row.estate for row in items_of(first.id, bureau)} == {"青山花园小区", "湖畔新城"}
    one = open_campaign(
        plan(world, "ys.town", estate_id=world.estates["ys.lake"].id, number=2),
        seed="b",
        by=bureau,
        now=world.now,
    )
    assert [row.estate for row in items_of(one.id, world.actor("ys.town"))] == ["湖畔新城"] * 2
    acts = [row.act for row in db.session.query(Audit).filter(Audit.act.like("campaign%"))]
    assert acts == ["campaign.open"] * 3


@pytest.mark.parametrize(
    ("who", "more", "error"),
    [
        ("ys.community", {}, Forbidden),
        ("ys.bureau", {"posts": ()}, "posts"),
        ("ys.bureau", {"name": ""}, "name"),
        ("ys.bureau", {"number": 0}, "number"),
        ("ys.bureau", {"kind": "no.kind"}, "kind"),
        ("ys.bureau", {"kind": "pipe.gas"}, "begins_on"),
        ("ys.bureau", {"begins_on": None}, "begins_on"),
        ("ys.bureau", {"begins_on": "long ago"}, "begins_on"),
        ("ys.bureau", {"ends_on": "tomorrow"}, "ends_on"),
    ],
)
def test_a_faulty_plan_is_refused_by_field(world, reports, who, more, error):
    today = clock.today(world.now)
    days = {"long ago": today - 91 * DAY, "tomorrow": today + DAY}
    more = {name: days.get(value, value) if isinstance(value, str) else value for name, value in more.items()}
    with pytest.raises(Invalid if isinstance(error, str) else error) as refused:
        open_campaign(plan(world, "ys.community", **more), seed="c", by=world.actor(who), now=world.now)
    assert error is Forbidden or set(refused.value.fields) == {error}


def test_a_failure_reopens_the_same_number_with_the_books_second_clock(world, reports):
    bureau, community, later = world.actor("ys.bureau"), world.actor("ys.community"), world.now + 3 * DAY
    row = open_campaign(plan(world, "ys.community"), seed="a1", by=bureau, now=world.now)
    first, second = [item.no for item in items_of(row.id, community)][:2]
    before = report_by_no(first)
    before_resolve = before.resolve_due_at
    check_item(item_of(row.id, first, community), "failed", text="还在漏", photos=(), by=community, now=later)
    report = report_by_no(first)
    assert (report.state, report.no, report.closed_at, report.reopen_count) == ("accepted", first, None, 1)
    assert report.resolve_due_at == before_resolve, "the first clock is not restarted"
    book = books()[report.county_id]
    assert report.reopen_due_at == due(book, report.time_class, later, reopened=True).resolve_due_at
    assert history(report.id)[-1].data["result"] == "failed"
    check_item(
        item_of(row.id, second, community), "passed", text="没有漏", photos=(), by=community, now=later
    )
    assert report_by_no(second).state == "closed"
    with pytest.raises(Conflict):
        check_item(
            item_of(row.id, second, community), "failed", text="又漏", photos=(), by=community, now=later
        )
    assert (campaign_of(row.id, bureau)[1].passed, campaign_of(row.id, bureau)[1].failed) == (1, 1)
