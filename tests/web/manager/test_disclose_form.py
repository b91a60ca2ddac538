import pytest
from sqlalchemy import select

from server.core.db import db
from server.disclosures.models import Disclosure
from server.disclosures.service import send_back
from tests.disclosures.samples import CHARGES, entered, income, shown
from tests.web.conftest import filled, read, submit


def address(world, kind, estate="ys.hill"):
    return f"/m/disclosures/{world.estates[estate].id}/{kind}"


def open_form(client, world, kind, who="ys.hill.manager", query=""):
    return read(world.login(client, who).get(address(world, kind) + query))


def send(client, page, act, **fields):
    return submit(
        client, page.main, act=act, **{key.replace("_", "-"): value for key, value in fields.items()}
    )


def values(page):
    return dict(filled(page.main.find("form", method="post")))


def rows():
    return list(db.session.scalars(select(Disclosure).order_by(Disclosure.id)))


def test_each_estate_of_the_manager_shows_how_it_stands(client, world):
    page = read(world.login(client, "ys.hill.manager").get("/m/disclosures"))
    assert [h.text for h in page.main.find_all("h2")] == ["青山花园小区"]
    tags = [tag.text.strip() for tag in page.main.find_all(class_="tag")]
    assert tags == ["未公开"] * 3
    assert page.find("a", href=address(world, "charges"))


def test_the_community_sees_all_its_estates(client, world):
    page = read(world.login(client, "ys.community").get("/m/disclosures"))
    assert {h.text for h in page.main.find_all("h2")} == {"青山花园小区", "湖畔新城", "无物业小区"}


def test_one_more_row_keeps_everything_typed(client, world):
    page = open_form(client, world, "charges")
    page = read(send(client, page, "add.items", items_0_name="物业费", items_0_price="<1.2>"))
    assert values(page)["items-0-name"] == "物业费"
    assert values(page)["items-0-price"] == "<1.2>"
    assert values(page)["items-1-name"] == ""
    page = read(send(client, page, "add.items", items_1_name="停车费"))
    assert values(page)["items-1-name"] == "停车费"
    assert "items-2-name" in values(page)
    assert rows() == []


def test_a_row_that_was_ticked_goes_and_the_others_stay(client, world):
    page = open_form(client, world, "charges")
    page = read(send(client, page, "add.items", items_0_name="甲", items_0_price="1"))
    page = read(send(client, page, "add.items", items_1_name="乙", items_1_price="2", items_0_drop="1"))
    assert values(page)["items-0-name"] == "乙"


def test_faults_stand_at_their_fields_and_nothing_is_lost(client, world):
    page = open_form(client, world, "charges")
    answer = send(client, page, "hand_in", items_0_name="物业费", items_0_unit="元/月")
    assert answer.status_code == 422
    page = read(answer)
    assert page.find("a", href="#f-items-0-price")
    assert "请写收费标准" in page.find(id="e-items-0-price").text
    assert page.find(id="f-items-0-price")["aria-invalid"] == "true"
    assert values(page)["items-0-unit"] == "元/月"
    assert rows() == []


@pytest.mark.parametrize("kind", ["charges", "contacts"])
def test_a_form_without_a_single_row_says_so(client, world, kind):
    page = open_form(client, world, kind)
    assert page.main.find(class_="error", hidden=False) is None
    drops = {f"items_{at}_drop": "1" for at in range(30)}
    page = read(send(client, page, "hand_in", **drops))
    assert "请至少写一" in page.find(id="f-items").find(class_="error").text


def test_a_preview_shows_it_as_residents_will_and_saves_nothing(client, world):
    page = open_form(client, world, "charges")
    page = read(send(client, page, "preview", items_0_name="物业费", items_0_price="1.2"))
    assert "物业费" in page.find("table").text
    assert rows() == []
    answer = submit(client, page.main, act="hand_in")
    assert answer.status_code == 303
    page = read(client.get(answer.location))
    assert "已提交第 1 版" in page.text
    assert [(row.state, row.data["items"][0]["name"]) for row in rows()] == [("draft", "物业费")]


def test_the_same_again_is_said_to_be_the_same(client, world):
    entered(world, CHARGES)
    db.session.commit()
    page = open_form(client, world, "charges")
    page = read(client.get(submit(client, page.main, act="hand_in").location))
    assert "内容和第 1 版一样" in page.text
    assert len(rows()) == 1


def test_what_stands_can_be_confirmed_again_without_typing(client, world):
    shown(world, CHARGES)
    page = open_form(client, world, "charges")
    submit(client, page.main, act="hand_in", reconfirm="1")
    assert [(row.revision, row.state) for row in rows()] == [(1, "released"), (2, "draft")]


def test_a_sum_that_does_not_add_up_says_so_at_the_closing_balance(client, world):
    page = open_form(client, world, "income")
    answer = send(
        client,
        page,
        "hand_in",
        opening="１，０００",
        income_0_name="广告",
        income_0_amount="500",
        closing="1400",
    )
    page = read(answer)
    assert "对不上" in page.find(id="e-closing").text
    assert values(page)["opening"] == "１，０００"
    assert send(client, page, "hand_in", closing="1,500.00").status_code == 303
    assert (rows()[0].period, rows()[0].data["closing"]) == ("2026-Q3", 150_000)


def test_a_quarter_begins_with_what_the_last_one_left_and_a_break_is_pointed_out(client, world):
    shown(world, income(), period="2026-Q2")
    page = open_form(client, world, "income")
    assert values(page)["opening"] == "6049.50"
    page = read(send(client, page, "preview", opening="1", closing="1"))
    assert "不一致" in page.text


def test_another_quarter_can_be_chosen_and_an_unfinished_one_cannot(client, world):
    page = open_form(client, world, "income", query="?period=2026-Q1")
    assert values(page)["period"] == "2026-Q1"
    assert client.get(address(world, "income") + "?period=2026-Q4").status_code == 404


def test_a_board_begins_with_the_departments_and_asks_about_mobiles(client, world):
    page = open_form(client, world, "contacts")
    count = sum(name.endswith("-department") for name in values(page))
    assert count > 3
    drops = {f"items_{at}_drop": "1" for at in range(1, count)}
    page = read(send(client, page, "hand_in", items_0_phone="13800000000", **drops))
    assert "手机号" in page.find(id="e-items-0-phone").text
    assert send(client, page, "hand_in", items_0_office="1").status_code == 303
    assert rows()[0].data["items"][0]["office"] is True


def test_who_entered_sees_why_it_came_back(client, world):
    row = entered(world, CHARGES)
    send_back("371323", row.id, note="请写明单位", by=world.actor("ys.bureau"), now=world.now)
    db.session.commit()
    page = open_form(client, world, "charges")
    assert "退回原因：请写明单位" in page.text
    assert values(page)["items-0-price"] == "1.20"


@pytest.mark.parametrize("kind", ["charges", "income", "contacts"])
@pytest.mark.parametrize("who", ["ys.lake.manager", "st.bureau", "st.hill.manager"])
def test_a_foreign_estate_does_not_exist(client, world, who, kind):
    assert world.login(client, who).get(address(world, kind)).status_code == 404


def test_strange_fields_and_acts_do_no_harm(client, world):
    page = open_form(client, world, "charges")
    more = {f"items-{at}-name": "x" for at in range(100, 999, 9)}
    answer = submit(
        client, page.main, act="add.nothing", **more, **{"other-1-name": "x", "items-1-strange": "y"}
    )
    assert answer.status_code == 200
    assert client.get(address(world, "nothing")).status_code == 404
