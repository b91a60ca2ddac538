"""The page of rules, the form and the tracking page say who must act, by when, and by which clause."""

from server.accounts.roles import Actor
from server.reports.filing import Filing, file_report
from server.reports.links import track_url


def test_an_estates_rules_name_its_bodies_and_the_plans_clauses(client, world):
    page = client.get(f"/e/{world.code('ys.hill')}/rules").text
    assert "办字〔2024〕9号 二（三）4" in page
    assert "再过4个工作小时通知测试街道" in page
    assert "电梯困人" in page
    assert "保护伞" not in page


def test_an_estate_without_a_company_names_its_community_first(client, world):
    page = client.get(f"/e/{world.code('ys.bare')}/rules").text
    assert "<dt>谁先办</dt><dd>测试社区</dd>" in page


def test_the_form_and_the_tracking_page_name_the_clause(client, world):
    filed = file_report(
        world.place("ys.hill"),
        Filing(kind="clean.waste", text="没人收"),
        key="r" * 32,
        by=Actor(),
        now=world.now,
    )
    assert "依据：办字〔2024〕9号 二（三）1。" in client.get(f"/e/{world.code('ys.hill')}/report").text
    page = client.get(track_url(filed.no)).text
    assert "<dt>牵头部门</dt><dd>县综合执法局</dd>" in page
    assert "办字〔2024〕9号 二（三）1" in page
