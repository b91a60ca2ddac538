"""The bureau's pages of 12345: a table is looked over, names are explained, orders come in, answers and goals go out."""

import pytest
from sqlalchemy import func, select

from server.core.db import db
from server.interop.hotline.models import HotlineDraft, HotlineOrder
from server.reports.models import Report
from tests.estates.tables import as_csv, as_xlsx
from tests.interop.damages import HEADS, order
from tests.web.bureau.forms import follow, send, words
from tests.web.conftest import read

PAGE = "/b/hotline"
STRANGE = {
    "小区": "老纺织厂家属院",
    "地址": "",
    "诉求类别": "其它杂项",
    "诉求内容": "说不清",
    "标题": "不知道",
}


@pytest.fixture
def bureau(world, client):
    return world.login(client, "ys.bureau")


def rows(*orders, heads=HEADS):
    return [heads, *[[cells.get(head, "") for head in HEADS] for cells in orders]]


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_table_is_looked_over_explained_and_taken_in(bureau, world):
    bad = order(3) | {"受理时间": "昨天"}
    uploaded = send(bureau, PAGE, file=("工单.xlsx", as_xlsx(rows(order(1), order(2) | STRANGE, bad))))
    page = follow(bureau, uploaded)
    at = uploaded.headers["Location"]
    assert "有2行需要修改" in words(page)
    assert "第4行受理时间：应为日期和时间" in words(page)
    assert "第2行" not in words(page)
    assert count(HotlineOrder) == 0
    draft = db.session.scalars(select(HotlineDraft)).one()
    assert "139000" not in draft.table_sealed
    token = page.find("input", {"name": "csrf_token"})["value"]
    given = {"csrf_token": token, "estate-words-0": STRANGE["小区"], "estate-0": "不在列表里"}
    refused = bureau.post(f"{at}/names", data=given)
    assert refused.status_code == 422
    read(refused)
    given |= {"estate-0": "湖畔新城（测试社区）", "kind-words-0": "其它杂项", "kind-0": "clean.waste"}
    page = follow(bureau, bureau.post(f"{at}/names", data=given))
    assert "已记住2个名称" in words(page)
    page = follow(bureau, bureau.post(at, data={"csrf_token": token}))
    assert "新增2件" in words(page)
    assert count(HotlineOrder) == count(Report) == 2
    page = follow(bureau, bureau.post(at, data={"csrf_token": token}))
    assert "以前导入过2件" in words(page)
    assert bureau.get(f"{at}/faults.xlsx").status_code == 200


def test_what_a_strange_category_may_mean_stands_first_and_nothing_is_chosen(bureau):
    strange = order(1) | STRANGE | {"诉求类别": "卫生差没人拖地"}
    page = follow(bureau, send(bureau, PAGE, file=("工单.xlsx", as_xlsx(rows(strange)))))
    options = page.find("select", {"name": "kind-0"}).find_all("option")
    assert [options[0]["value"], options[1]["value"]] == ["", "clean.cleaning"]
    assert options[1].text == "可能是：卫生垃圾 · 保洁不到位"
    assert len({one["value"] for one in options}) == len(options) > 40
    assert not [one for one in options if one.has_attr("selected")]


def test_columns_are_chosen_on_the_page_and_remembered(bureau):
    heads = ["流水", "时点", "时限", "题", "说了什么", *HEADS[5:]]
    table = as_csv(rows(order(1), order(2), heads=heads), "gb18030")
    uploaded = send(bureau, PAGE, file=("工单.csv", table))
    page, at = follow(bureau, uploaded), uploaded.headers["Location"]
    assert "还不知道哪一列是：工单编号、受理时间、诉求内容" in words(page)
    token = page.find("input", {"name": "csrf_token"})["value"]
    chosen = {"column-number": "流水", "column-received_at": "时点", "column-content": "说了什么"}
    twice = bureau.post(f"{at}/columns", data=chosen | {"csrf_token": token, "column-title": "流水"})
    assert twice.status_code == 422
    chosen |= {"column-category": "诉求类别", "column-estate": "小区", "column-phone": "联系电话"}
    page = follow(bureau, bureau.post(f"{at}/columns", data=chosen | {"csrf_token": token}))
    assert "导入2件" in words(page)
    again = follow(bureau, send(bureau, PAGE, file=("工单.csv", table)))
    assert "每一行都可以导入" in words(again)
    assert send(bureau, PAGE, file=("工单.csv", b"\x00\x01")).status_code == 422


def test_answers_and_goals_are_for_the_bureau_and_the_township(bureau, world, client):
    page = read(bureau.get("/b/goal"))
    token = page.find("input", {"name": "csrf_token"})["value"]
    wrong = bureau.post("/b/goal", data={"csrf_token": token, "month": "2026-03", "count": "x"})
    assert wrong.status_code == 422
    given = {"csrf_token": token, "month": "2025-03", "count": "40", "source": "12345 月报"}
    page = follow(bureau, bureau.post("/b/goal", data=given))
    assert "12345月报" in words(page)
    assert "40" in words(page)
    assert "12345物业诉求量下降" in words(read(bureau.get("/b/counts")))
    assert bureau.post("/b/hotline/export", data={"csrf_token": token, "form": "csv"}).status_code == 422
    given = {"csrf_token": token, "form": "csv", "reason": "回传", "every": "1"}
    answer = bureau.post("/b/hotline/export", data=given)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    world.login(client, "ys.town")
    assert "测试街道" in words(read(client.get("/b/goal")))
    assert client.get(PAGE).status_code == 403
