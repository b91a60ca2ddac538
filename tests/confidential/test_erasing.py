"""A sender's rights over a confidential report: what leads to him goes, on request or in time; what was told stays."""

import json
from base64 import b64encode
from datetime import timedelta

import pytest

from server.accounts.roles import Actor
from server.confidential.acting import content_of
from server.confidential.compartments import compartment_of, inside
from server.confidential.erasing import erase_expired_sealed
from server.confidential.keys import set_key
from server.confidential.models import SealedEvent, SealedReport
from server.confidential.queries import own_report
from server.core.audit import Audit
from server.core.db import db
from server.core.tokens import fingerprint, new_token
from server.policy.loader import books
from tests.confidential.stage import OFFICIAL, open_desks, told
from tests.confidential.test_pages import file, look_up, other
from tests.confidential.test_sealing import pair
from tests.web.conftest import read, submit
from tests.world import YISHUI

PHONE, TYPED = "13912340917", "13712345678"
WORDS = f"某干部收了好处，可打{TYPED}"
KEPT = timedelta(days=books()[YISHUI].limits.contact_days)


@pytest.fixture
def desks(world):
    open_desks(world)
    db.session.commit()
    return world


def the_report():
    db.session.expire_all()
    return db.session.scalars(db.select(SealedReport)).one()


def steps():
    query = db.select(SealedEvent.act, SealedEvent.by_kind).order_by(SealedEvent.id)
    return [tuple(row) for row in db.session.execute(query)]


def close(no, at):
    db.session.execute(
        db.update(SealedReport).where(SealedReport.no == no).values(state="closed", closed_at=at)
    )
    db.session.commit()


def test_the_phone_lies_in_a_seal_of_its_own_as_long_as_an_empty_one(client, desks):
    told(client, desks, phone=PHONE)
    told(client, desks)
    with_one, without = db.session.scalars(db.select(SealedReport).order_by(SealedReport.id)).all()
    assert len(with_one.contact) == len(without.contact)
    assert (content_of(with_one)["phone"], content_of(without)["phone"]) == (PHONE, "")


def test_whoever_asks_is_forgotten_at_once_and_comes_back_by_a_code(client, app, desks):
    way = file(client, desks, text=WORDS, phone=PHONE).location.split("?")[0]
    no = way.rsplit("/", 1)[1]
    audits = db.session.scalar(db.select(db.func.count()).select_from(Audit))
    assert "180 天" in read(client.get(f"{way}/erase")).get_text()
    gone = submit(client, read(client.get(f"{way}/erase")))
    assert gone.status_code == 303
    page = read(client.get(gone.location))
    code = page.select_one("code").text
    assert "已经删除" in page.get_text()
    report = the_report()
    assert (report.contact, report.device_index, report.owner_hash) == (None, None, fingerprint(code))
    assert content_of(report).get("phone") is None
    assert TYPED not in json.dumps(dict(content_of(report)), ensure_ascii=False)
    assert steps() == [("submit", "reporter"), ("erase", "reporter")]
    assert db.session.scalar(db.select(db.func.count()).select_from(Audit)) == audits
    assert no not in read(client.get("/my")).get_text()
    later = other(app)
    assert later.get(look_up(later, no, code).location).status_code == 200
    assert "已经删除了" in read(later.get(f"{way}/erase")).get_text()
    assert f"{way}/erase" not in str(read(later.get(way)))
    desk = read(desks.login(other(app), "ys.sealed").get(f"/c/{no}")).get_text()
    assert "某干部收了好处" in desk
    assert "已按规定删除" in desk
    assert "删除联系方式" in desk


def test_whoever_has_a_code_keeps_it(client, app, desks):
    sent = file(client, desks, no_trace="1", phone=PHONE)
    code = read(client.get(sent.location)).select_one("code").text
    way = sent.location.split("?")[0]
    submit(client, read(client.get(f"{way}/erase")))
    assert the_report().owner_hash == fingerprint(code)
    assert the_report().contact is None


def test_nobody_else_can_ask_and_the_answers_do_not_tell(client, app, desks):
    way = file(client, desks, phone=PHONE).location.split("?")[0]
    stranger = other(app)
    for word in ("erase", "data", "data.json"):
        assert stranger.get(f"{way}/{word}").status_code == 404
        for name in ("ys.bureau", "ys.sealed"):
            assert desks.login(other(app), name).get(f"{way}/{word}").status_code == 404
    page = read(stranger.get("/find"))
    token = page.find("input", {"name": "csrf_token"})["value"]
    assert stranger.post(f"{way}/erase", data={"csrf_token": token}).status_code == 404
    assert the_report().contact is not None


def test_the_sender_reads_what_is_held_and_never_his_words(client, desks):
    way = file(client, desks, text=WORDS, phone=PHONE).location.split("?")[0]
    no = way.rsplit("/", 1)[1]
    shown = read(client.get(f"{way}/data")).get_text()
    whole = read(client.get("/my/data")).get_text()
    for page in (shown, whole, client.get(f"{way}/data.json").text):
        assert PHONE not in page
        assert "好处" not in page
    assert f"保密件 {no}" in shown
    assert f"保密件 {no}" in whole
    titles = [part["title"] for part in client.get("/my/data.json").json["parts"]]
    assert f"保密件 {no}" in titles


@pytest.mark.parametrize(("late", "held"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_what_nobody_asked_for_goes_when_its_time_is_over(client, desks, late, held):
    way = file(client, desks, text=WORDS, phone=PHONE).location.split("?")[0]
    no = way.rsplit("/", 1)[1]
    close(no, desks.now)
    done = erase_expired_sealed(desks.now + KEPT + late)
    db.session.commit()
    assert done == (0 if held else 1)
    report = the_report()
    assert (report.contact is not None, report.device_index is not None) == (held, held)
    assert report.state == "closed"
    if not held:
        assert steps()[-1] == ("erase", "system")
        assert erase_expired_sealed(desks.now + KEPT + late) == 0
        assert client.get(way).status_code == 404


def test_an_open_report_keeps_it_however_old(client, desks):
    told(client, desks, phone=PHONE)
    assert erase_expired_sealed(desks.now + KEPT * 4) == 0


def test_under_the_bodys_own_key_the_contact_goes_and_the_seal_around_the_words_stays(client, desks):
    _, public = pair()
    with inside(YISHUI):
        text = b64encode(public.point).decode()
        set_key(compartment_of(YISHUI), desks.bodies["ys.sealed"].id, text, by=1, now=desks.now)
    db.session.commit()
    key = new_token()
    no = told(client, desks, phone=PHONE, text=WORDS, key=key, kind=OFFICIAL).json["no"]
    before = the_report().content
    assert before.startswith("hpke.")
    assert the_report().contact.startswith("hpke.")
    close(no, desks.now)
    erase_expired_sealed(desks.now + KEPT + timedelta(days=1))
    db.session.commit()
    assert the_report().content == before
    assert the_report().contact is None
    with inside(YISHUI):
        assert own_report(no, Actor(owner_hash=the_report().owner_hash)).report.no == no
