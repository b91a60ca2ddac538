import gzip
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.db import db
from server.estates.models import ScanCode
from server.estates.service import add_spot, revoke_code, set_emergency_numbers
from tests.statements import recorded
from tests.web.conftest import read

HEAVIEST = 12 * 1024


def asked(statements):
    """What was asked of the database beside the commit."""
    return [text for text in statements.texts if text != "COMMIT"]


def page_of(client, code):
    return read(client.get(f"/e/{code}"))


def test_the_estate_its_manager_and_the_way_to_report_are_there(client, world):
    world.projects["ys.hill"].manager_name = "项目负责人"
    world.projects["ys.hill"].manager_phone = "0539-2000003"
    db.session.flush()
    code = world.code("ys.hill")
    page = page_of(client, code)
    assert page.h1.text == "青山花园小区"
    assert "好邻居物业" in page.text
    assert page.find("a", href="tel:0539-2000003")
    assert page.find("a", class_="btn")["href"] == f"/e/{code}/report"
    assert page.title.text == "青山花园小区"


def test_where_there_is_no_company_the_community_stands_in(client, world):
    page = page_of(client, world.code("ys.bare"))
    assert "由社区负责受理" in page.text
    assert "测试社区" in page.text


def test_emergency_numbers_come_before_everything_else(client, world):
    numbers = [("lift_firm", "电梯维保", "0539-2000001"), ("gas", "燃气抢修", "0539-2000002")]
    set_emergency_numbers(world.estates["ys.hill"], numbers, now=world.now)
    page = page_of(client, world.code("ys.hill"))
    links = [link["href"] for link in page.main.find_all("a")]
    assert links[:5] == ["tel:119", "tel:110", "tel:120", "tel:0539-2000001", "tel:0539-2000002"]


def test_missing_disclosures_are_shown_as_missing(client, world):
    page = page_of(client, world.code("ys.hill"))
    tags = [tag.text.strip() for tag in page.find_all(class_="tag")]
    assert "未公开" in tags
    assert page.find("a", href=f"/e/{world.code('ys.hill')}/contacts")


def test_the_code_stands_there_as_printed_and_the_bureau_can_be_rung(client, world):
    world.bodies["ys.bureau"].phone = "0539-2000009"
    db.session.flush()
    code = world.code("ys.hill")
    foot = page_of(client, code).footer
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in foot.text
    assert foot.find("a", href="tel:0539-2000009")


def test_a_spot_says_where_one_stands(client, world):
    spot = add_spot(world.estates["ys.hill"], kind="lift", name="东侧电梯", now=world.now)
    code = db.session.scalar(select(ScanCode.code).where(ScanCode.spot_id == spot.id))
    assert "东侧电梯" in page_of(client, code).main.text


@pytest.mark.parametrize("spell", [str.lower, lambda code: f"{code[:4]}-{code[4:8]}-{code[8:]}"])
def test_a_code_in_any_spelling_leads_to_its_one_address(client, world, spell):
    code = world.code("ys.hill")
    answer = client.get(f"/e/{spell(code)}")
    assert answer.status_code == 301
    assert answer.location.endswith(f"/e/{code}")


def test_unknown_and_revoked_codes_get_the_very_same_answer(client, world):
    code = world.code("ys.hill")
    client.get(f"/e/{code}")
    revoke_code("371323", code, now=world.now)
    db.session.commit()
    answers = [client.get(f"/e/{one}") for one in (code, "0000AAAA0000")]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].data.replace(code.encode(), b"") == answers[1].data.replace(b"0000AAAA0000", b"")
    page = read(answers[0])
    assert "二维码" in page.h1.text
    assert page.find("a", href="tel:12345")
    assert "青山花园" not in page.text


def test_a_page_costs_at_most_four_statements_and_then_none(client, world):
    code = world.code("ys.hill")
    with recorded() as first:
        client.get(f"/e/{code}")
    with recorded() as second:
        client.get(f"/e/{code}")
    assert 1 < len(asked(first)) <= 4, first.texts
    assert asked(second) == []


def test_a_change_elsewhere_is_seen_within_five_seconds(client, world):
    code = world.code("ys.hill")
    client.get(f"/e/{code}")
    db.session.connection().exec_driver_sql(
        "UPDATE estate SET name = '新名字小区' WHERE name = '青山花园小区'"
    )
    assert page_of(client, code).h1.text == "青山花园小区"
    with clock.stopped(world.now + timedelta(seconds=5)):
        assert page_of(client, code).h1.text == "新名字小区"


def test_a_change_here_is_seen_at_once(client, world):
    code = world.code("ys.hill")
    client.get(f"/e/{code}")
    world.estates["ys.hill"].name = "新名字小区"
    db.session.commit()
    assert page_of(client, code).h1.text == "新名字小区"


def test_it_may_be_cached_and_is_not_sent_twice(client, world):
    answer = client.get(f"/e/{world.code('ys.hill')}")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=3"
    assert "Cookie" in answer.headers["Vary"]
    again = client.get(f"/e/{world.code('ys.hill')}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_it_weighs_less_than_twelve_kilobytes_with_all_that_an_estate_can_have(client, world):
    estate = world.estates["ys.hill"]
    estate.name = "一个名字特别特别长的住宅小区（二期北区）" * 2
    numbers = [(f"k{number}", f"抢修电话{number}", f"0539-20000{number:02}") for number in range(12)]
    set_emergency_numbers(estate, numbers, now=world.now)
    answer = client.get(f"/e/{world.code('ys.hill')}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < HEAVIEST
    assert "抢修电话11" in gzip.decompress(answer.data).decode()


def test_nothing_but_the_page_itself_is_needed_to_paint_it(client, world):
    page = page_of(client, world.code("ys.hill"))
    assert not page.find("link", rel="stylesheet")
    assert all(script.get("type") == "module" for script in page.find_all("script"))
    assert "nonce" not in str(page.style.attrs)


def test_the_policy_names_the_inline_style_by_its_hash(client, world):
    from server.core.headers import style_source

    answer = client.get(f"/e/{world.code('ys.hill')}")
    assert style_source(read(answer).style.string) in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("size", "shown"), [("xl", "xl"), ("large", "large"), ("normal", None), ("huge", None)]
)
def test_the_size_of_type_is_asked_for_and_kept(client, world, size, shown):
    code = world.code("ys.hill")
    assert page_of(client, f"{code}?size={size}").html.get("data-size") == shown
    assert page_of(client, code).html.get("data-size") == shown


def test_what_one_reader_asks_for_is_not_in_the_page_of_the_next(client, world):
    code = world.code("ys.hill")
    client.get(f"/e/{code}?from=neighbour")
    assert "neighbour" not in client.get(f"/e/{code}").get_data(as_text=True)
