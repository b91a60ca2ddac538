from datetime import timedelta

import pytest
from sqlalchemy import select

from server.core.db import db
from server.disclosures.contents import Charge, Charges
from server.disclosures.models import Disclosure
from server.estates import codes
from tests.disclosures.samples import BOARD, CHARGES, entered, income, shown
from tests.estates import scanning
from tests.statements import recorded
from tests.web.conftest import read, submit


def bureau(client, world):
    return world.login(client, "ys.bureau")


def fetch(client, href="/b/disclosures"):
    return read(client.get(href))


def state(row):
    db.session.expire_all()
    return db.session.get_one(Disclosure, row.id).state


def test_what_waits_is_listed_in_few_statements(client, world):
    for name in ("ys.hill", "ys.lake", "ys.bare"):
        entered(world, CHARGES, estate=name, by="ys.community")
    entered(world, CHARGES, estate="st.hill", by="st.hill.manager")
    db.session.commit()
    bureau(client, world)
    with recorded() as sent:
        page = fetch(client)
    assert len([text for text in sent.texts if text.startswith("SELECT")]) <= 4
    cells = page.main.find("ul", class_="cells").find_all("li")
    assert len(cells) == 3
    assert page.find("nav", class_="tabs").find(class_="count").text == "3"


def test_a_correction_is_shown_beside_what_is_out_and_released(client, world):
    shown(world, CHARGES)
    row = entered(world, Charges((Charge("物业服务费", "1.50", "元/㎡·月", "物业服务合同"),)))
    db.session.commit()
    bureau(client, world)
    page = fetch(client, f"/b/disclosures/{row.id}")
    assert [tag.text.strip() for tag in page.find("table").find_all(class_="tag")] == ["修改", "删去"]
    answer = submit(client, page.main, act="release")
    assert answer.status_code == 303
    assert "已公开，居民现在就能看到" in read(client.get(answer.location)).text
    assert state(row) == "released"
    again = client.get(f"/b/disclosures/{row.id}")
    assert read(again).main.find("form", method="post") is None


def test_a_return_needs_its_reason(client, world):
    row = entered(world, CHARGES)
    db.session.commit()
    page = fetch(bureau(client, world), f"/b/disclosures/{row.id}")
    answer = submit(client, page.main, act="return", note="")
    assert answer.status_code == 422
    page = read(answer)
    assert "退回的原因" in page.find(id="e-note").text
    assert state(row) == "draft"
    assert submit(client, page.main, act="return", note="没写单位").status_code == 303
    assert state(row) == "returned"


def test_a_second_decision_is_told_what_happened(client, world):
    row = entered(world, CHARGES)
    db.session.commit()
    page = fetch(bureau(client, world), f"/b/disclosures/{row.id}")
    submit(client, page.main, act="release")
    answer = submit(client, page.main, act="return", note="晚了")
    assert answer.status_code == 409
    assert "已公开" in read(answer).find(id="errors").text
    assert submit(client, page.main, act="explode").status_code == 404


def test_a_quarter_that_does_not_follow_is_pointed_out(client, world):
    shown(world, income(), period="2026-Q2")
    row = entered(world, income(), period="2026-Q3")
    db.session.commit()
    page = fetch(bureau(client, world), f"/b/disclosures/{row.id}")
    assert "不一致" in page.main.text
    assert page.find("svg")


def test_late_estates_are_listed_with_what_is_late_and_filtered(client, world):
    shown(world, CHARGES)
    shown(world, BOARD, now=world.now - timedelta(days=200))
    bureau(client, world)
    with recorded() as sent:
        page = fetch(client, "/b/disclosures?tab=late")
    assert len([text for text in sent.texts if text.startswith("SELECT")]) <= 4
    found = {
        s.h2.text.split()[0]: [a.strong.text for a in s.find_all("a")] for s in page.main.find_all("section")
    }
    assert found.keys() == {"青山花园小区", "湖畔新城", "无物业小区"}
    assert found["青山花园小区"] == ["公共收益", "执法部门职责及联系人公告牌"]
    page = fetch(client, "/b/disclosures?tab=late&kind=charges")
    assert {s.h2.text.split()[0] for s in page.main.find_all("section")} == {"湖畔新城", "无物业小区"}
    link = page.main.find("section").find("a")["href"]
    assert client.get(link).status_code == 200


def test_another_county_s_revision_does_not_exist(client, world):
    row = entered(world, CHARGES, estate="st.hill", by="st.hill.manager")
    db.session.commit()
    assert bureau(client, world).get(f"/b/disclosures/{row.id}").status_code == 404


def test_who_only_fills_in_is_led_to_his_own_pages(client, world):
    row = entered(world, CHARGES)
    db.session.commit()
    world.login(client, "ys.hill.manager")
    assert client.get("/b/disclosures").location == "/m/disclosures"
    assert client.get(f"/b/disclosures/{row.id}").status_code == 403


@pytest.mark.parametrize("paper", ["a4", "a3"])
@pytest.mark.parametrize("who", ["ys.bureau", "ys.hill.manager", "ys.community", "ys.town"])
def test_the_board_prints_every_line_with_the_estate_s_code(client, world, who, paper):
    shown(world, BOARD)
    answer = world.login(client, who).get(f"/b/estates/{world.estates['ys.hill'].id}/board.pdf?paper={paper}")
    assert answer.mimetype == "application/pdf"
    (words,) = scanning.pdf_words(answer.data)
    joined = words.replace("\r\n", "")
    for line in BOARD.items:
        assert line.department in joined
        assert line.phone in joined
    assert "青山花园小区" in joined
    assert "2026年11月18日核对" in joined
    (page,) = scanning.pdf_pages(answer.data, dpi=120)
    assert scanning.read(page).text == codes.url("http://localhost", world.code("ys.hill"))


@pytest.mark.parametrize(
    ("who", "estate", "query"),
    [
        ("ys.lake.manager", "ys.hill", ""),
        ("st.bureau", "ys.hill", ""),
        ("ys.bureau", "ys.lake", ""),
        ("ys.bureau", "ys.hill", "?paper=a0"),
    ],
)
def test_a_board_that_is_not_there_is_404(client, world, who, estate, query):
    shown(world, BOARD)
    entered(world, BOARD, estate="ys.lake", by="ys.bureau")
    db.session.commit()
    href = f"/b/estates/{world.estates[estate].id}/board.pdf{query}"
    assert world.login(client, who).get(href).status_code == 404


def test_nothing_waits_once_everything_is_decided(client, world):
    shown(world, CHARGES)
    assert "没有等待公开的内容" in fetch(bureau(client, world)).text
    assert db.session.scalars(select(Disclosure.state)).all() == ["released"]


@pytest.mark.parametrize(
    ("href", "status"),
    [
        ("/b/disclosures?after=zzz", 422),
        ("/b/disclosures?tab=late&after=WyJhIiwgMV0", 422),
        ("/b/disclosures?tab=late&kind=nothing", 200),
        (f"/b/disclosures/{10**30}", 404),
        (f"/m/disclosures/{10**30}/charges", 404),
        (f"/b/estates/{10**30}/board.pdf", 404),
    ],
)
def test_strange_addresses_are_refused_kindly(client, world, href, status):
    assert bureau(client, world).get(href).status_code == status
