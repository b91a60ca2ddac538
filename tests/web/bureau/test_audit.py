"""`/b/audit`: for auditors and administrators, of their own county, the newest first."""

import pytest

from server.accounts.bodies import ensure_post
from server.accounts.people import take_post
from server.accounts.roles import Role
from server.core import audit
from server.core.db import db
from server.core.paging import LIMIT
from server.web.bureau.audit import about_words, facts_words
from tests.web.bureau.forms import opened, words

PAGE = "/b/audit"


@pytest.fixture
def auditor(world, client):
    """The county's admin; an auditor's post gives the same page."""
    return world.login(client, "ys.admin")


def record(act, *, county="371323", number=1, **more):
    given = {"person_id": None, "about": f"report:YS{number}", "now": more.pop("now"), **more}
    audit.record(county, act, **given)
    db.session.commit()


def titles(page):
    return [entry.h2.text.strip() for entry in page.select("li.entry")]


def test_acts_are_told_in_words_newest_first(world, auditor, now):
    bureau = world.people["ys.bureau"]
    record("identity.reveal", person_id=bureau.id, reason="回访", now=now)
    record("ledger.export", person_id=bureau.id, about="ledger", facts={"rows": "12"}, now=now)
    page = opened(auditor, PAGE)
    assert titles(page)[:2] == ["导出台账 · 台账", "查看报告人联系方式 · 报告 YS1"]
    said = words(page)
    for part in (bureau.name, "原因：回访", "件数12", "登录"):
        assert part in said


@pytest.mark.parametrize(
    ("query", "found"),
    [("act=code.revoke", 1), ("act=nonsense", 0), ("person=nobody", 0)],
)
def test_the_list_is_narrowed_by_act_and_person(world, auditor, now, query, found):
    record("code.revoke", now=now)
    assert len(titles(opened(auditor, f"{PAGE}?{query}"))) == found


def test_a_person_is_found_by_the_user_name(world, auditor, now):
    bureau = world.people["ys.bureau"]
    record("code.revoke", person_id=bureau.id, now=now)
    assert titles(opened(auditor, f"{PAGE}?person={bureau.username}")) == ["停用二维码 · 报告 YS1"]


def test_another_county_is_not_in_it(world, auditor, now):
    record("identity.reveal", county="370406", now=now)
    assert "查看报告人联系方式" not in "".join(titles(opened(auditor, PAGE)))


def test_pages_follow_each_other_without_a_gap(world, auditor, now):
    for number in range(LIMIT + 5):
        record("test.act", number=number, now=now)
    first = opened(auditor, f"{PAGE}?act=test.act")
    link = first.find("a", href=lambda href: href and "after=" in href)["href"]
    both = titles(first) + titles(opened(auditor, link))
    assert both == [f"test.act · 报告 YS{number}" for number in reversed(range(LIMIT + 5))]


@pytest.mark.parametrize("name", ["ys.bureau", "ys.town", "ys.hill.manager", "ys.community"])
def test_nobody_else_may_read_it(world, client, name):
    assert world.login(client, name).get(PAGE).status_code == 403


def test_an_auditor_reads_it_and_finds_it_in_the_navigation(world, client, now):
    post = ensure_post(world.bodies["ys.bureau"], Role.AUDITOR, "审计", now=now)
    take_post(world.people["ys.town"], post, by=None, now=now)
    page = opened(world.login(client, "ys.town"), PAGE)
    assert page.select_one("nav a[href='/b/audit']")
    assert "任岗" in words(page)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("person:7", "人员 张三"),
        ("person:8", "人员 8"),
        ("report:YS1", "报告 YS1"),
        ("odd", "odd"),
        ("ledger", "台账"),
    ],
)
def test_what_a_row_is_about_is_said_in_words(about, said):
    assert about_words(about, {"person:7": "张三"}) == said


def test_facts_stand_in_one_line():
    assert facts_words({"rows": "3", "detail": "某岗位", "other": "x"}) == "某岗位；other x；件数 3"
