"""A look-back by its pages: opened, checked on a phone, taken away, ended (A10)."""

import re
from io import BytesIO

from python_calamine import CalamineWorkbook
from sqlalchemy import select

from server.core import clock
from server.core.audit import Audit
from server.core.db import db
from server.photos.service import keep_photo
from server.reports.exporting import A_DAY
from server.supervision.campaigns import Plan, open_campaign
from server.supervision.checking import check_item, item_of
from server.supervision.models import CampaignItem
from tests.photos.pictures import encoded, flag
from tests.supervision.stage import some_closed
from tests.web.bureau.forms import send, words
from tests.web.conftest import read, submit


def test_the_whole_campaign_by_its_pages(client, world, picture):
    some_closed(world)
    world.login(client, "ys.bureau")
    form = read(client.get("/b/lookback/new")).find("main")
    today, post = clock.today(world.now).isoformat(), str(world.actor("ys.community").posts[0].post_id)
    refused = submit(client, form, name="", begins_on=today, posts=[post])
    assert refused.status_code == 422
    assert "请填写名称" in refused.text
    opened = submit(client, form, name="年末回头看", begins_on=today, posts=[post])
    assert opened.status_code == 303
    address = opened.headers["Location"]
    seed = re.search(r"[0-9a-f]{16}", read(client.get(address)).get_text())
    assert seed, "whoever wants to draw again finds the seed"

    world.login(client, "ys.community")
    assert "年末回头看" in client.get("/b/lookback").text
    links = [tag["href"] for tag in read(client.get(address)).select("main .cells a.cell")]
    page = read(client.get(links[0])).find("main")
    assert submit(client, page, at=links[0], result="failed", text="").status_code == 422
    done = submit(client, page, at=links[0], result="failed", text="还在漏", files=[picture()])
    assert done.status_code == 303
    assert "不合格" in client.get(address).text
    no = links[0].rsplit("/", 1)[1]
    assert "还在漏" in client.get(f"/b/{no}").text
    assert "回头看" in client.get(f"/b/{no}").text
    assert submit(client, page, at=links[0], result="passed", text="好了").status_code == 409
    for url in ("/b/lookback/new", f"{address}/close"):
        assert client.get(url).status_code in {403, 405}
    assert client.get("/b/lookback/999").status_code == 404
    world.login(client, "ys.town")
    assert client.get(address).status_code == 404, "nothing of it is the township's to check"

    world.login(client, "ys.bureau")
    token = read(client.get(address)).find("main").find("input", {"name": "csrf_token"})["value"]
    assert client.post(f"{address}/close", data={"csrf_token": token}).status_code == 303
    world.login(client, "ys.community")
    assert "这次回头看已经结束" in client.get(links[1]).text
    page = read(client.get(links[1])).find("main")
    assert page.find("form") is None
    assert db.session.query(CampaignItem).filter_by(result=None).count() >= 1


def test_the_results_leave_with_a_reason_masked_and_a_few_times_a_day(client, world):
    reports = some_closed(world)
    bureau, today = world.actor("ys.bureau"), clock.today(world.now)
    plan = Plan("年末回头看", today, today, number=6, posts=(bureau.posts[0].post_id,))
    row = open_campaign(plan, seed="a1", by=bureau, now=world.now)
    item = item_of(row.id, reports[0].no, bureau)
    said = "还在漏，打13911112222"
    check_item(item, "failed", text=said, photos=[keep()], by=bureau, now=world.now)
    world.login(client, "ys.bureau")
    page = f"/b/lookback/{row.id}/export"
    refused = send(client, page)
    assert refused.status_code == 422
    assert "请写明为什么要导出" in words(read(refused))
    file = send(client, page, reason="汇总")
    table = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert "不合格，已退回重办" in {line[8] for line in table[1:]}
    assert {line[9] for line in table[1:]} == {"", "还在漏，打〔号码已隐去〕"}
    (kept,) = db.session.scalars(select(Audit).where(Audit.act == "campaign.export"))
    assert (kept.reason, kept.facts) == ("汇总", {"campaign": "年末回头看", "rows": "6"})
    for _ in range(A_DAY - 1):
        assert send(client, "/b/reports/export", reason="汇总").status_code == 200
    token = read(client.get("/account")).find("input", {"name": "csrf_token"})["value"]
    assert client.post(page, data={"csrf_token": token, "reason": "再来一次"}).status_code == 429
    assert f"最多导出{A_DAY}次" in words(read(client.get(page)))


def keep():
    """A photo of the place."""
    return keep_photo(encoded(flag((640, 480))), now=clock.now())[0].id
