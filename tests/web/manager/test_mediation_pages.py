"""A dispute on its way to the court's centre and back, by the pages of everybody who takes part (A12)."""

from dataclasses import replace
from datetime import timedelta

from server.accounts.roles import Actor, Role
from server.core.clock import local
from server.core.db import db
from server.core.tokens import fingerprint
from server.reports.filing import Filing, file_report
from server.reports.identity import IdentityView
from tests.web.conftest import read, submit
from tests.world import hire

PHONE, DEVICE = "13800000000", "device-of-the-reporter-ddd"
TYPED = f"收费不合理，打我电话 {PHONE}"


def as_person(world, client, name):
    client.delete_cookie("device")
    return world.login(client, name)


def as_reporter(client):
    client.delete_cookie("session")
    client.set_cookie("device", DEVICE)
    return client


def post(client, address, **fields):
    page = read(client.get(address)).find("main")
    answer = submit(client, page, at=address, **fields)
    assert answer.status_code == 303, (address, answer.status_code, answer.get_data(as_text=True)[:3000])
    return answer


def test_a_dispute_goes_to_the_centre_and_comes_back_with_a_result(client, world):
    hire(world, "ys.court", world.bodies["ys.court"], Role.COURT)
    owner = replace(Actor(), device_hash=fingerprint(DEVICE))
    filing = Filing(kind="service.price", text=TYPED, phone=PHONE, contact_ok=True)
    no = file_report(world.place("ys.hill"), filing, key="m" * 32, by=owner, now=world.now).no
    as_person(world, client, "ys.court")
    assert client.get(f"/m/{no}").status_code == 404
    assert "没有正在调解的报告" in client.get("/m/mediation").text

    post(as_person(world, client, "ys.hill.manager"), f"/m/{no}/refer", text="收费标准有争议")
    page = as_reporter(client).get(f"/r/{no}").text
    assert "同意调解" in page
    assert "收费标准有争议" in page
    post(client, f"/r/{no}/consent", phone_ok="1")
    assert "调解中心" in client.get(f"/r/{no}").text

    as_person(world, client, "ys.court")
    assert no in client.get("/m/mediation").text
    page = read(client.get(f"/m/{no}"))
    assert PHONE not in page.text
    assert "〔号码已隐去〕" in page.text, "the centre reads it masked as well"
    assert client.get(f"/m/{no}/contact").status_code == 404, "not before it has taken the case"
    form = page.find("form", action=f"/m/{no}/take")
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    assert client.post(f"/m/{no}/take", data=fields).status_code == 303
    shown = submit(
        client,
        read(client.get(f"/m/{no}/contact")).find("main"),
        reason="visit",
        words="约调解时间",
        at=f"/m/{no}/contact",
    )
    assert PHONE in shown.text
    assert db.session.query(IdentityView).one().by_label.startswith("县人民法院")
    meet = local(world.now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    post(client, f"/m/{no}/appoint", until=meet, text="调解中心三楼，带合同")
    assert "约在" in client.get("/m/mediation").text

    manager = as_person(world, client, "ys.hill.manager").get(f"/m/{no}").text
    assert "调解中心三楼" in manager
    assert PHONE not in manager
    assert "/contact" not in manager

    post(as_person(world, client, "ys.court"), f"/m/{no}/settle", result="not_agreed", text="双方差距大")
    assert client.get(f"/m/{no}/contact").status_code == 404, "the right ends with the case"
    assert "没有达成协议" in client.get("/m/mediation?done=1").text
    assert "没有达成协议" in as_person(world, client, "ys.bureau").get(f"/b/{no}").text
    assert no in client.get("/m/mediation?done=1").text
    assert "没有达成协议" in as_reporter(client).get(f"/r/{no}").text
