from datetime import date, timedelta

import pytest

from server.core.db import db
from server.disclosures.contents import Charge, Charges
from tests.disclosures.samples import BOARD, CHARGES, entered, income, shown
from tests.statements import recorded
from tests.web.conftest import read


def page_of(client, world, what="disclosures", estate="ys.hill"):
    return read(client.get(f"/e/{world.code(estate)}/{what}"))


def state_of(page, section):
    return page.find(id=section).find(class_="tag").text.strip()


def fill(world):
    project = world.projects["ys.hill"]
    project.manager_name, project.manager_phone = "甲经理", "0539-2000003"
    project.services, project.since_on = "保洁每天一次，门岗二十四小时值守", date(2024, 1, 1)
    world.bodies["ys.community"].phone, world.bodies["ys.bureau"].phone = "0539-2000004", "0539-2000005"
    db.session.commit()
    shown(world, CHARGES)
    shown(world, income(), period="2026-Q2")
    shown(world, income(opening=604_950), period="2026-Q3")
    shown(world, BOARD)


def test_all_five_stand_there_each_with_its_day(client, world):
    fill(world)
    with recorded() as sent:
        page = page_of(client, world)
    assert len([text for text in sent.texts if text.startswith("SELECT")]) <= 3
    five = ("manager", "services", "charges", "phones", "income")
    assert [state_of(page, one) for one in five] == ["已公开"] * 5
    assert "甲经理" in page.find(id="manager").text
    assert "2024年1月1日起" in page.find(id="services").text
    assert "2026年11月18日公开" in page.find(id="charges").text
    assert "1.20" in page.find(id="charges").table.text
    links = [a["href"] for a in page.find(id="phones").find_all("a")]
    assert {"tel:0539-2000003", "tel:0539-2000004", "tel:0539-2000005", "tel:12345"} <= set(links)


def test_each_quarter_has_its_plot_and_then_its_table(client, world):
    fill(world)
    section = page_of(client, world).find(id="income")
    assert [h.text.split()[0] for h in section.find_all("h3")] == ["2026年第三季度", "2026年第二季度"]
    for figure in section.find_all("figure"):
        assert figure.svg.title
        assert figure.find_next_sibling().table
    foot = [cell.text.strip() for cell in section.find("tfoot").find_all("td")]
    assert foot == ["合计和期末结余", "1,500.00", "450.50", "7,099.00"]


def test_what_is_missing_is_shown_as_missing(client, world):
    page = page_of(client, world, estate="ys.bare")
    assert state_of(page, "manager") == "已公开"
    assert {state_of(page, one) for one in ("services", "charges", "phones", "income")} == {"未公开"}
    assert "应在 2026年10月15日前公开，还没有公开" in page.find(id="income").text


def test_what_is_stale_is_shown_as_stale_and_a_gap_stays_visible(client, world):
    shown(world, CHARGES, now=world.now - timedelta(days=366))
    shown(world, income(), period="2026-Q1")
    page = page_of(client, world)
    assert state_of(page, "charges") == "已过期"
    quarters = page.find(id="income").find_all("h3")
    assert [q.find(class_="tag").text.strip() for q in quarters] == ["未公开", "未公开", "已公开"]


@pytest.mark.parametrize("what", ["disclosures", "contacts"])
def test_what_waits_is_nowhere_to_be_seen(client, world, what):
    entered(world, Charges((Charge("秘密收费", "99"),)))
    entered(world, BOARD)
    text = page_of(client, world, what).text
    assert "秘密收费" not in text
    assert "0539-0000001" not in text


def test_the_board_has_numbers_to_tap(client, world):
    fill(world)
    page = page_of(client, world, "contacts")
    assert state_of(page, "main") == "已公开"
    links = [a["href"] for a in page.main.find_all("a") if a["href"].startswith("tel:")]
    assert links[:2] == ["tel:0539-0000001", "tel:13800000000"]


def test_a_correction_leaves_the_older_revision_readable(client, world):
    shown(world, CHARGES)
    shown(world, Charges((Charge("物业服务费", "1.50", "元/㎡·月"),)))
    page = page_of(client, world, "disclosures/charges")
    assert [h.text for h in page.find_all("h2")] == ["第 2 版", "第 1 版"]
    marks = [tag.text.strip() for tag in page.find("table").find_all(class_="tag")]
    assert marks == ["修改", "删去"]
    assert "1.20" in page.find_all("table")[1].text


@pytest.mark.parametrize("what", ["charges", "income/2026-Q3", "income/x", "income/%00", "nothing"])
def test_what_was_never_released_has_no_history(client, world, what):
    entered(world, CHARGES)
    assert client.get(f"/e/{world.code('ys.hill')}/disclosures/{what}").status_code == 404


@pytest.mark.parametrize("what", ["disclosures", "contacts", "disclosures/charges"])
def test_an_unknown_code_has_no_page(client, world, what):
    assert client.get(f"/e/ZZZZZZZZZZZZ/{what}").status_code == 404
