"""Every field that a page's code reads, shown in a form or not, with what no form would send: none ends in a fault."""

import json

import pytest
from bs4 import BeautifulSoup

from server.core.db import db
from server.disclosures.models import Disclosure
from server.escalation.feed import open_entries
from server.escalation.models import FeedEntry
from server.escalation.rules import Entry, Reason
from server.reports.fairness import Flag
from server.reports.flags import ReportFlag, raise_flags
from server.reports.models import Report
from server.supervision.campaigns import Plan, open_campaign
from server.supervision.choices import inspectors_of
from tests.hostile.fields import EVERYWHERE, doors, fields_read
from tests.savepoint import undone
from tests.supervision.stage import some_closed
from tests.world import YISHUI

LONG = "9" * 5000
"""More digits than Python makes a number of."""
WORST = ["a\0b", LONG]
VALUES = [
    *WORST,
    "\ufffd",
    "x" * 5000,
    "9" * 19,
    "-1",
    "１２",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59",
    "²",
    "",
]
CALLERS = ("ys.bureau", "ys.admin", "ys.community", "ys.town", "ys.hill.manager", "owner", "nobody")
AFTER = {"logout", "login", "wechat"}
"""Rooms whose forms end the session; tests/hostile/test_doors.py looks at them."""


@pytest.fixture
def ways(app, world, furnish, now):
    """What stands for the parts of addresses: things that are there."""
    [no, *_] = furnish(("楼道灯不亮", "水管漏水", "门禁坏了", "路灯不亮"))
    some_closed(world)
    report = db.session.scalar(db.select(Report).where(Report.no == no))
    open_entries([Entry(YISHUI, Reason.REOPENED, f"{no}:x", "重办", report_id=report.id)], now=now)
    raise_flags([(YISHUI, report.id, Flag.DUPLICATE, "同一人")], now=now)
    posts = tuple(one.post_id for one in inspectors_of(YISHUI))
    plan = Plan("回头看", now.date(), now.date(), posts=posts)
    campaign = open_campaign(plan, seed="0" * 16, by=world.actor("ys.bureau"), now=now)
    db.session.commit()
    first = lambda model: db.session.scalar(db.select(model.id).order_by(model.id))  # noqa: E731
    person = world.people["ys.hill.manager"]
    return {
        "no": no, "code": world.code("ys.hill"), "kind": "charges", "paper": "a4", "word": "add", "act": "reply",
        "estate_id": world.estates["ys.hill"].id, "entry_id": first(FeedEntry), "flag_id": first(ReportFlag),
        "campaign_id": campaign.id, "revision_id": first(Disclosure), "person_id": person.id,
        "body_id": world.bodies["ys.community"].id, "post_id": posts[0] if posts else 1, "token": "x" * 43,
    }  # fmt: skip


def address(app, rule, ways):
    """An address of the route with things that are there; numbers of what is not are 1."""
    given = {
        name: ways.get(name, 1 if "id" in name or name in {"part", "link"} else "x")
        for name in rule.arguments
    }
    return app.url_map.bind("localhost").build(rule.endpoint, given, method="POST")


def token_of(client):
    """A CSRF token of this browser's."""
    page = BeautifulSoup(client.get("/find").text, "html.parser")
    return page.find("input", {"name": "csrf_token"})["value"]


def sent(app, client, ways, values, *, shared=()):
    """Every route's every own field with every value, each by itself and all at once; how many were sent."""
    token, count = token_of(client), 0
    fresh = client.get_cookie("form").value
    for rule, names in doors(app):
        if AFTER & {rule.endpoint.partition(".")[0], rule.rule.strip("/").split("/")[0]}:
            continue
        way = address(app, rule, ways)
        for value in values:
            alone = ({name: value} for name in names if name not in EVERYWHERE or name in shared)
            for data in (*alone, dict.fromkeys(names, value)):
                client.set_cookie(
                    "form", fresh
                )  # nobody reads the pages on which the said things would be told
                with undone(db.engines[None]):
                    answer = client.post(way, data=data | {"csrf_token": token})
                count += 1
                assert answer.status_code < 500, (way, list(data), ascii(value)[:40])
    return count


def test_no_field_that_the_bureau_s_pages_read_ends_in_a_fault(app, browser, ways):
    assert sent(app, browser("ys.bureau"), ways, WORST) > 500


@pytest.mark.hostile
@pytest.mark.parametrize("who", CALLERS)
def test_no_field_that_any_page_reads_ends_in_a_fault(app, browser, ways, who):
    print(json.dumps({"caller": who, "sent": sent(app, browser(who), ways, VALUES, shared=EVERYWHERE)}))


@pytest.mark.parametrize("value", WORST, ids=["no text", "a long number"])
def test_what_was_once_a_fault_is_refused_beside_its_field(app, browser, ways, value):
    client = browser("ys.bureau")
    token = token_of(client)
    plan = {"name": "回头看", "begins_on": "2026-11-18", "ends_on": "2026-11-18"}
    for way, name, others in (
        (f"/b/entries/{ways['entry_id']}/close", "note", {}),
        (f"/b/flags/{ways['flag_id']}/dismiss", "why", {}),
        (f"/b/estates/{ways['estate_id']}/edit", "households", {}),
        ("/b/goal", "count", {}),
        ("/b/lookback/new", "number", plan),
        ("/b/lookback/new", "posts", plan),
    ):
        data = others | {"csrf_token": token, name: value}
        answer = client.post(way, data=data, headers={"Accept": "application/json"})
        assert answer.status_code == 422, way
        assert name in answer.json["errors"], way
        page = client.post(way, data=data)
        assert (page.status_code, "\0" in page.text) == (422, False)


def test_the_source_names_the_fields(app):
    found = {rule.rule: names for rule, names in doors(app)}
    assert "note" in found["/b/entries/<int:entry_id>/close"]
    assert {"posts", "number", "begins_on"} <= set(found["/b/lookback/new"])
    assert "label-0" in fields_read(app.view_functions["bureau_estate_parts.change_numbers"])
