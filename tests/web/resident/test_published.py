import gzip

import pytest

from server.core import clock
from server.core.db import db
from server.moderation.deciding import Copy, release
from server.reports.links import read_key
from server.reports.workflow import Act
from tests.moderation.conftest import DEVICE, act, piece_of, pieces_of, tell  # noqa: F401 - fixtures
from tests.statements import recorded
from tests.web.conftest import filled, read, submit

HEAVIEST = 12 * 1024


@pytest.fixture
def out(world, now):
    """Releases every piece of a report as it is."""

    def do(report):
        for piece in pieces_of(report):
            text = report.text if piece.piece == "text" else "修好了\n原因和依据：换了管子"
            release(
                report.no, piece.id, Copy(text), version=piece.version, by=world.actor("ys.bureau"), now=now
            )
        db.session.flush()
        return report

    return do


def listed(client, world, estate="ys.hill", **query):
    return read(client.get(f"/e/{world.code(estate)}/reports", query_string=query))


def bare(client, report):
    client.delete_cookie("device")
    return read(client.get(f"/r/{report.no}?k={read_key(report.no)}"))


def test_before_a_release_nothing_stands_there(client, world, tell):  # noqa: F811
    tell(photos=1)
    page = listed(client, world)
    assert "还没有公开的上报" in page.text
    assert not page.main.find_all("img")


def test_kind_building_day_state_words_and_photos_and_no_more(client, world, tell, out):  # noqa: F811
    report = out(tell(photos=1, building="3号楼2单元", unit="2单元", where="301室门口", phone="13812345678"))
    page = listed(client, world)
    article = page.find("article").text
    for shown in ("漏水", "3号楼", "11月18日", "待受理", "地下室漏水"):
        assert shown in article
    for kept in (report.no, "2单元", "301", "1381234", "138****", str(report.id)):
        assert kept not in article
    assert len(page.find("article").find_all("img")) == 1
    assert report.no not in str(page)


def test_the_companys_answer_stands_there_once_released(client, world, tell, act, out):  # noqa: F811
    report = tell()
    act(report, Act.RESOLVE, "ys.hill.manager", text="修好了", basis="换了管子", outcome="solved")
    out(report)
    assert "换了管子" in listed(client, world).find("article").text
    assert "已解决" in listed(client, world).find("article").text


def test_other_estates_show_their_own(client, world, tell, out):  # noqa: F811
    out(tell("ys.lake"))
    assert "还没有公开的上报" in listed(client, world).text
    assert listed(client, world, "ys.lake").find("article")


def test_the_list_goes_on_by_key_and_costs_the_same(client, world, tell, out):  # noqa: F811
    for number in range(14):
        with clock.stopped(clock.now()):
            out(tell(text=f"第{number}件漏水了"))
    with recorded() as asked:
        page = listed(client, world)
    assert len([text for text in asked.texts if "public_" in text]) == 2
    first = [article.find(class_="lines").text for article in page.find_all("article")]
    more = read(client.get(page.find("a", rel="next")["href"]))
    second = [article.find(class_="lines").text for article in more.find_all("article")]
    assert len(first) == 12
    assert sorted(first + second) == sorted(f"第{number}件漏水了" for number in range(14))


def test_a_full_first_page_is_light(client, world, tell, out):  # noqa: F811
    for number in range(13):
        out(tell(photos=3, text=f"{number}号楼地下室漏水，" + "物业说没人修，已经好几天了。" * 20))
    body = client.get(f"/e/{world.code('ys.hill')}/reports").get_data()
    assert len(gzip.compress(body)) < HEAVIEST


def test_the_landing_page_counts_and_leads_there(client, world, tell, out):  # noqa: F811
    code = world.code("ys.hill")
    link = read(client.get(f"/e/{code}?size=normal")).find("a", href=f"/e/{code}/reports")
    assert "还没有公开的" in link.text
    out(tell())
    link = read(client.get(f"/e/{code}?size=large")).find("a", href=f"/e/{code}/reports")
    assert "已公开 1 件" in link.text


def test_the_bare_link_shows_what_is_released_and_the_author_everything(client, tell, out):  # noqa: F811
    report = tell(photos=2, where="301室门口", building="3号楼")
    page = bare(client, report)
    assert "地下室漏水" not in page.text
    assert "301" not in page.text
    assert not page.main.find_all("img")
    client.set_cookie("device", DEVICE)
    mine = read(client.get(f"/r/{report.no}"))
    assert "地下室漏水" in mine.text
    assert len(mine.main.find_all("img")) == 2
    out(report)
    page = bare(client, report)
    assert "地下室漏水" in page.text
    assert {img["src"].split("/")[1] for img in page.main.find_all("img")} == {"pub"}


def test_what_office_and_reporter_say_to_each_other_is_not_on_the_bare_link(client, tell, act):  # noqa: F811
    report = tell(public=False)
    act(report, Act.ASK, "ys.hill.manager", text="是301的张三吗？")
    act(report, Act.ANSWER, text="是我")
    act(report, Act.REPLY, "ys.hill.manager", text="已联系张三")
    page = bare(client, report)
    assert "张三" not in page.text
    assert "是我" not in page.text
    assert "答复" in page.text


def photo_of(client, world):
    return listed(client, world).find("article").find("img")["src"]


def test_a_public_photo_is_asked_for_anew_each_time(client, world, tell, out):  # noqa: F811
    out(tell(photos=1))
    source = photo_of(client, world)
    answer = client.get(source)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = client.get(source, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_hiding_works_at_once_everywhere_and_says_for_ever_before(client, world, tell, out):  # noqa: F811
    report = out(tell(photos=1))
    source = photo_of(client, world)
    client.set_cookie("device", DEVICE)
    page = read(client.get(f"/r/{report.no}"))
    form = read(client.get(page.find("a", string="不再公开")["href"]))
    assert "永远" in form.h1.text
    assert "不能反悔" in form.text
    answer = submit(client, form)
    assert answer.status_code == 303
    assert "以后也不会再公开" in read(client.get(answer.location)).text
    assert "还没有公开的上报" in listed(client, world).text
    assert client.get(source).status_code == 404
    assert client.get(source, headers={"If-None-Match": "x"}).status_code == 404
    assert "地下室漏水" not in bare(client, report).text
    client.set_cookie("device", DEVICE)
    assert client.get(f"/r/{report.no}/hide").status_code == 409


def test_the_author_hides_by_the_api_as_well(client, tell, out):  # noqa: F811
    report = out(tell())
    path = f"/api/v1/reports/{report.no}/acts/hide"
    assert client.post(path, json={"version": report.version}).status_code == 404
    from server.reports.filing import owner_token

    token = {"Authorization": f"Bearer {owner_token('public-' + '0' * 25)}"}
    assert "hide" in client.get(f"/api/v1/reports/{report.no}", headers=token).json["acts"]
    answer = client.post(path, json={"version": report.version}, headers=token)
    assert answer.status_code == 200
    assert "hide" not in answer.json["acts"]


@pytest.mark.parametrize("who", ["ys.bureau", "ys.community", "ys.hill.manager"])
def test_nobody_hides_for_the_author(client, world, tell, out, who):  # noqa: F811
    report = out(tell())
    path = f"/api/v1/reports/{report.no}/acts/hide"
    answer = client.post(path, json={"version": report.version}, headers=world.bearer(who))
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "address", ["/pub/1/x/320", "/pub/0/{key}/320", "/pub/{estate}/{key}/999", "/pub/{estate}/{other}/320"]
)
def test_an_odd_address_is_no_photo(client, world, tell, out, address):  # noqa: F811
    report = out(tell(photos=1))
    key = piece_of(report, "photo").public_key
    filled_in = address.format(estate=report.estate_id, key=key, other="0" * 32)
    assert client.get(filled_in).status_code == 404


def test_the_original_photo_is_not_at_the_public_address(client, tell, out):  # noqa: F811
    report = out(tell(photos=1))
    photo = piece_of(report, "photo").photo_id
    assert client.get(f"/pub/{report.estate_id}/{photo}/1600").status_code == 404


def test_the_form_asks_and_does_not_presume(client, world):
    form = read(client.get(f"/e/{world.code('ys.hill')}/report"))
    assert "public" not in dict(filled(form.find("form", method="post")))
    assert form.find("input", attrs={"name": "public"})
