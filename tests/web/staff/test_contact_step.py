"""The forms of the contact step and of a check, as the community opens them."""

from server.reports.workflow import Act
from tests.reports.beside import add_county, do, filed
from tests.web.conftest import read, submit


def test_the_community_writes_to_whoever_may_not_be_rung_then_checks_the_answer(world, client):
    add_county(world, "mc")
    report = filed(world, "mc.hill", "repair.road")
    community = world.login(client, "mc.community")
    page = read(community.get(f"/b/{report.no}"))
    assert page.find("a", href=f"/b/{report.no}/contacted")
    form = read(community.get(f"/b/{report.no}/contacted"))
    assert form.find(attrs={"name": "way"})["value"] == "message"
    where = f"/b/{report.no}/contacted"
    answer = submit(community, form.find("main"), at=where, text="请问是哪一段路面？")
    assert answer.status_code == 303
    assert report.contact_due_at is None
    do(world, report, Act.RESOLVE, "mc.hill.manager", text="已经补平路面")
    where = f"/b/{report.no}/check"
    form = read(community.get(where))
    answer = submit(community, form.find("main"), at=where, result="sent_back")
    assert answer.status_code == 422
    assert "退回要写明理由" in read(answer).find(id="e-text").text
    assert submit(community, read(answer).find("main"), at=where, result="agreed").status_code == 303
    assert report.checked_at is not None
