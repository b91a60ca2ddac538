"""The bureau keeps estates: finds, adds, changes them, and never another county's."""

import pytest
from sqlalchemy import event, select

from server.companies.places import place_of_estate
from server.core.db import db
from server.estates.models import Building, EmergencyNumber, Estate, PlaceChange, ScanCode, Spot
from tests.web.bureau.forms import follow, opened, send, words
from tests.web.conftest import read


@pytest.fixture
def bureau(world, client):
    return world.login(client, "ys.bureau")


@pytest.fixture
def hill(world):
    return f"/b/estates/{world.estates['ys.hill'].id}"


def names(page):
    return [cell.strong.text for cell in page.select("main a.cell")]


def statements(act):
    seen = []
    listener = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    act()
    event.remove(db.engine, "before_cursor_execute", listener)
    return [one for one in seen if one.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "WITH"))]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"青山花园小区", "湖畔新城", "无物业小区"}),
        ("?q=青山", {"青山花园小区"}),
        ("?q=安心物业", {"湖畔新城"}),
        ("?q=测试社区", {"青山花园小区", "湖畔新城", "无物业小区"}),
        ("?managed=no", {"无物业小区"}),
        ("?managed=yes", {"青山花园小区", "湖畔新城"}),
        ("?category=3", set()),
        ("?q=100%25", set()),
    ],
)
def test_the_list_is_searched_and_filtered_within_the_county(bureau, query, expected):
    assert set(names(opened(bureau, f"/b/estates{query}"))) == expected


def test_the_list_goes_on_page_by_page_without_gap_or_repeat(world, bureau):
    community = world.bodies["ys.community"]
    for number in range(45):
        db.session.add(
            Estate(
                county_id="371323", community_id=community.id, name=f"小区{number:02}", created_at=world.now
            )
        )
    db.session.commit()
    address, found = "/b/estates", []
    while address:
        page = opened(bureau, address)
        found += names(page)
        after = page.find("a", rel="next")
        address = after and after["href"]
    assert len(found) == len(set(found)) == 48


def test_the_list_takes_four_statements_at_most(bureau):
    bureau.get("/b/estates")
    assert len(statements(lambda: bureau.get("/b/estates?q=小区"))) <= 4


@pytest.mark.parametrize(
    "page", ["", "/edit", "/company", "/buildings", "/numbers", "/spots/new", "/print/poster.pdf"]
)
def test_another_countys_estate_is_not_there(world, bureau, page):
    assert bureau.get(f"/b/estates/{world.estates['st.hill'].id}{page}").status_code == 404


@pytest.mark.parametrize("who", ["ys.hill.manager", "ys.community", "ys.town"])
@pytest.mark.parametrize("page", ["/b/estates", "/b/estates/import", "/b/people"])
def test_only_bureau_and_admin_may_come_in(world, client, who, page):
    assert world.login(client, who).get(page).status_code == 403


def test_an_admin_keeps_places_too(world, client, hill):
    assert world.login(client, "ys.admin").get(hill).status_code == 200


def test_a_stranger_is_asked_to_log_in(client, world, hill):
    assert client.get(hill).status_code == 401


def test_an_estate_is_added_with_its_code_in_a_new_community(bureau):
    page = follow(
        bureau,
        send(
            bureau,
            "/b/estates/new",
            name="新城花苑",
            new_township="新镇",
            new_community="新社区",
            households="1,200",
            category="2",
            committee="yes",
        ),
    )
    assert "新镇·新社区" in words(page)
    estate = db.session.scalar(select(Estate).where(Estate.name == "新城花苑"))
    assert (estate.households, estate.category, estate.has_committee) == (1200, "2", True)
    assert db.session.scalar(select(ScanCode.code).where(ScanCode.estate_id == estate.id))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "请填写小区名称"),
        ({"households": "约300"}, "户数应为整数，例如 860，现为“约300”"),
        ({"community": "", "new_township": "新镇"}, "新的社区请把镇街和社区名称都写上"),
        ({"name": "青山花园小区"}, "同名小区已存在"),
        ({"name": "长" * 61}, "小区名称太长了，最多 60 个字，现在是 61 个字"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_rest_is_kept(world, bureau, fields, sentence):
    given = {"name": "新城花苑", "community": str(world.bodies["ys.community"].id), "remark": "靠近河边"}
    response = send(bureau, "/b/estates/new", **given | fields)
    assert response.status_code in {409, 422}
    page = read(response)
    assert sentence.replace(" ", "") in words(page)
    assert page.find("textarea", id="f-remark").text == "靠近河边"


def test_another_countys_community_cannot_be_chosen(world, bureau):
    response = send(bureau, "/b/estates/new", name="新城花苑", community=str(world.bodies["st.community"].id))
    assert response.status_code == 404


def test_facts_are_changed_and_the_change_is_written_down(world, bureau, hill):
    page = follow(bureau, send(bureau, f"{hill}/edit", name="青山花园一期", households="620"))
    assert "青山花园一期" in words(page)
    change = db.session.scalar(select(PlaceChange).order_by(PlaceChange.id.desc()))
    assert (change.act, change.detail) == ("changed", "名称、户数")
    assert change.by_person_id == world.people["ys.bureau"].id
    assert place_of_estate("371323", world.estates["ys.hill"].id).company_name == "好邻居物业"


def test_the_company_changes_and_leaves(world, bureau, hill):
    estate_id = world.estates["ys.hill"].id
    follow(
        bureau,
        send(
            bureau,
            f"{hill}/company",
            company="新邻居物业",
            manager_name="负责人丁",
            manager_phone="0539-0000009",
            since="2026-11-01",
        ),
    )
    place = place_of_estate("371323", estate_id)
    assert (place.company_name, place.manager_name, place.manager_phone) == (
        "新邻居物业",
        "负责人丁",
        "0539-0000009",
    )
    page = follow(bureau, send(bureau, f"{hill}/company", f"{hill}/company/end"))
    assert "没有物业企业" in words(page)
    assert place_of_estate("371323", estate_id).handler_id == world.bodies["ys.community"].id


@pytest.mark.parametrize("fields", [{"company": ""}, {"since": "去年"}, {"manager_phone": "没有"}])
def test_a_wrong_company_form_is_refused(bureau, hill, fields):
    assert send(bureau, f"{hill}/company", **fields).status_code == 422


def test_buildings_are_typed_line_by_line(world, bureau, hill):
    page = follow(bureau, send(bureau, f"{hill}/buildings", lines="1-2号楼 3单元\n综合楼\n\n5号楼"))
    assert "1号楼（3单元）、2号楼（3单元）、综合楼、5号楼" in words(page)
    again = opened(bureau, f"{hill}/buildings").find("textarea").text
    assert again.strip() == "1号楼 3单元\n2号楼 3单元\n综合楼\n5号楼"
    follow(bureau, send(bureau, f"{hill}/buildings", lines="5号楼 2单元"))
    rows = db.session.execute(select(Building.name, Building.units)).all()
    assert [tuple(row) for row in rows] == [("5号楼", 2)]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("1号楼\n1号楼", "“1号楼”写了两次"),
        ("1号楼 99单元", "第1行：单元最多40个"),
        ("9-3号楼", "第1行"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(bureau, hill, lines, sentence):
    response = send(bureau, f"{hill}/buildings", lines=lines)
    assert response.status_code == 422
    page = read(response)
    assert sentence in words(page)
    assert page.find("textarea").text.split() == lines.split()


def test_emergency_numbers_are_the_book_s_and_two_of_ones_own(world, bureau, hill):
    page = opened(bureau, f"{hill}/numbers")
    labels = [field["value"] for field in page.select("input[name^=label-]")]
    assert labels == ["电梯维保单位", "燃气抢修", "供暖服务", "", ""]
    fields = {"phone-0": "0539-0000011", "label-3": "门卫", "phone-3": "0539-0000012"}
    shown = words(follow(bureau, send(bureau, f"{hill}/numbers", **fields)))
    assert "电梯维保单位0539-0000011" in shown
    assert "门卫0539-0000012" in shown
    kinds = db.session.execute(select(EmergencyNumber.kind, EmergencyNumber.phone)).all()
    assert [tuple(row) for row in kinds] == [("lift_firm", "0539-0000011"), ("other", "0539-0000012")]
    assert send(bureau, f"{hill}/numbers", **{"phone-4": "0539-0000013"}).status_code == 422


def test_a_spot_gets_a_code_of_its_own_and_loses_it_when_closed(world, bureau, hill):
    follow(bureau, send(bureau, f"{hill}/buildings", lines="3号楼 2单元"))
    building = db.session.scalar(select(Building.id))
    page = follow(
        bureau,
        send(bureau, f"{hill}/spots/new", kind="lift", spot="2单元电梯", building=str(building)),
    )
    assert "3号楼2单元电梯（电梯）" in words(page)
    assert (
        send(bureau, f"{hill}/spots/new", kind="lift", spot="2单元电梯", building=str(building)).status_code
        == 422
    )
    spot = db.session.scalar(select(Spot))
    code = db.session.scalar(select(ScanCode.code).where(ScanCode.spot_id == spot.id))
    assert bureau.get(f"/e/{code}").status_code == 200
    follow(bureau, send(bureau, hill, f"{hill}/spots/{spot.id}/close"))
    assert bureau.get(f"/e/{code}").status_code == 404


@pytest.mark.parametrize("fields", [{"kind": "moon", "spot": "门"}, {"kind": "lift", "spot": ""}])
def test_a_wrong_spot_is_refused(bureau, hill, fields):
    assert send(bureau, f"{hill}/spots/new", **fields).status_code == 422


def test_another_estates_building_is_not_taken(world, bureau, hill):
    db.session.add(
        other := Building(
            county_id="370406", estate_id=world.estates["st.hill"].id, name="9号楼", units=1, rank=0
        )
    )
    db.session.commit()
    response = send(bureau, f"{hill}/spots/new", kind="lift", spot="电梯", building=str(other.id))
    assert response.status_code == 422


@pytest.mark.parametrize("page", ["", "/edit", "/company", "/buildings", "/numbers", "/spots/new"])
def test_every_page_stands_and_parses(bureau, hill, page):
    assert opened(bureau, f"{hill}{page}").h1
