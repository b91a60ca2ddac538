"""A look-back by its pages: opened, checked on a phone, taken away, ended (A10)."""

import re
from io import BytesIO

from python_calamine import CalamineWorkbook

from server.core import clock
from server.core.db import db
from server.supervision.models import CampaignItem
from tests.supervision.stage import some_closed
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
    file = client.post(f"{address}/export", data={"csrf_token": token})
    table = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in table[1:]]
    assert "不合格，已退回重办" in {row[8] for row in table[1:]}
    assert client.post(f"{address}/close", data={"csrf_token": token}).status_code == 303
    world.login(client, "ys.community")
    assert "这次回头看已经结束" in client.get(links[1]).text
    page = read(client.get(links[1])).find("main")
    assert page.find("form") is None
    assert db.session.query(CampaignItem).filter_by(result=None).count() >= 1
