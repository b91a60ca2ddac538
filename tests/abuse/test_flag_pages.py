"""The bureau reads flags and dismisses them with a reason; property staff never see one."""

import pytest

from server.core.audit import Audit
from server.core.db import db
from server.reports.fairness import Flag
from server.reports.flagging import flag_reports
from server.reports.flags import ReportFlag
from tests.abuse.test_fairness import counted, filed, later
from tests.web.conftest import read, submit


def test_a_flag_is_read_and_dismissed_by_the_bureau(world, client):
    report, twin = filed(world, 1), filed(world, 1, key="t" * 32)
    flag_reports(later(world))
    db.session.commit()
    bureau = world.login(client, "ys.bureau")
    page = read(bureau.get("/b/flags?flag=duplicate"))
    assert twin.no in page.text
    assert report.no not in page.text
    assert "重复上报" in read(bureau.get(f"/b/{twin.no}")).text
    form = page.main.find("form", method="post")
    assert submit(bureau, page.main, why=" ").status_code == 422
    assert form["action"].startswith("/b/flags/")
    assert submit(bureau, page.main, why="看过，是两处").status_code == 303
    assert twin.no not in read(bureau.get("/b/flags")).main.find_all("div")[-1].text
    assert "看过，是两处" in read(bureau.get(f"/b/{twin.no}")).text
    assert counted(world).counted == 2
    assert db.session.query(Audit).filter(Audit.act == "flag.dismiss").count() == 1


def test_the_company_sees_nothing_of_it(world, client):
    twin = [filed(world, 1), filed(world, 1, key="t" * 32)][1]
    flag_reports(later(world))
    db.session.commit()
    assert db.session.query(ReportFlag).filter(ReportFlag.flag == Flag.DUPLICATE).count() == 1
    manager = world.login(client, "ys.hill.manager")
    for address in (f"/m/{twin.no}", "/m/"):
        text = manager.get(address).text
        assert "标记" not in text
        assert "同一人" not in text
    assert (
        "duplicate"
        not in client.get(f"/api/v1/reports/{twin.no}", headers=world.bearer("ys.hill.manager")).text
    )


def test_counts_show_reporters_and_what_is_left_out(world, client):
    filed(world, 1), filed(world, 1, key="t" * 32)
    flag_reports(later(world))
    db.session.commit()
    page = read(world.login(client, "ys.bureau").get("/b/counts"))
    line = next(row for row in page.find_all("tr") if "青山花园小区" in row.text)
    assert [cell.text.strip() for cell in line.find_all("td")][-4:] == ["1", "1", "1", "0"]


@pytest.mark.parametrize("why", ["理由" * 101, "不是\0文字"], ids=["too long", "no text"])
def test_a_reason_that_cannot_be_kept_whole_comes_back_as_it_was_typed(world, client, why):
    filed(world, 1), filed(world, 1, key="t" * 32)
    flag_reports(later(world))
    db.session.commit()
    bureau = world.login(client, "ys.bureau")
    refused = submit(bureau, read(bureau.get("/b/flags?flag=duplicate")).main, why=why)
    assert refused.status_code == 422
    field = read(refused).select_one("input[name=why][aria-invalid]")
    assert field["value"] == why.replace("\0", "\ufffd")
    assert db.session.query(Audit).filter(Audit.act == "flag.dismiss").count() == 0
