"""A confidential report comes in by the ordinary call and is found by nobody but its body and its sender."""

import pytest

from server.confidential.models import SealedEvent, SealedReport
from server.confidential.queries import body_report, inbox
from server.core.db import db
from server.core.errors import NotFound
from server.core.tokens import new_token
from server.notices.models import Push
from server.reports.models import Report
from tests.confidential.stage import CRIME, OFFICIAL, open_desks, told


@pytest.fixture
def desks(world):
    open_desks(world)
    db.session.commit()
    return world


def kinds(client, world, estate="ys.hill"):
    return {kind["key"]: kind for kind in client.get(f"/api/v1/places/{world.code(estate)}").json["kinds"]}


def test_a_kind_is_offered_only_where_its_body_has_somebody_who_can_log_in(client, world):
    assert not {OFFICIAL, CRIME} & kinds(client, world).keys()
    assert told(client, world).status_code == 422
    open_desks(world, police=False)
    world.people["st.sealed"].password_hash = None
    db.session.commit()
    assert kinds(client, world)[OFFICIAL]["handler"] == "县纪委监委"
    assert kinds(client, world)[OFFICIAL]["joint"] == []
    assert CRIME not in kinds(client, world)
    assert OFFICIAL not in kinds(client, world, "st.hill")


def test_the_answer_looks_like_any_other(client, desks):
    plain = told(client, desks, kind="repair.door")
    plain = (
        plain
        if plain.status_code == 201
        else told(client, desks, kind=next(k for k in kinds(client, desks) if not k.startswith("accuse")))
    )
    sealed = told(client, desks)
    assert (plain.status_code, sealed.status_code) == (201, 201)
    assert list(plain.json) == list(sealed.json)
    assert [len(plain.json[name]) for name in ("no", "owner_token")] == [
        len(sealed.json[name]) for name in ("no", "owner_token")
    ]


def test_the_same_key_gives_the_same_number_and_another_body_is_refused(client, desks):
    key = new_token()
    first, again = told(client, desks, key=key), told(client, desks, key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    other = told(client, desks, key=key, text="另一件")
    assert other.status_code == 409
    assert other.json["no"] == first.json["no"]
    assert db.session.query(SealedReport).count() == 1
    assert db.session.query(Report).count() == 0


def test_its_body_alone_has_it(client, desks):
    no = told(client, desks).json["no"]
    assert body_report(no, desks.actor("ys.sealed")).report.no == no
    assert [row.no for row in inbox(desks.actor("ys.sealed"), over=False, after=None, limit=9).items] == [no]
    for name in ("st.sealed", "ys.police_sealed", "ys.bureau", "ys.admin", "ys.hill.manager", "ys.town"):
        with pytest.raises(NotFound):
            body_report(no, desks.actor(name))
        assert not inbox(desks.actor(name), over=False, after=None, limit=9).items


def test_the_sender_follows_it_by_his_token_alone(client, desks):
    sent = told(client, desks).json
    address, token = f"/api/v1/reports/{sent['no']}", {"Authorization": f"Bearer {sent['owner_token']}"}
    mine = client.get(address, headers=token)
    assert mine.json["acts"] == ["add", "withdraw"]
    assert mine.json["handler"] == "县纪委监委"
    assert mine.json["text"] == ""
    unknown = client.get("/api/v1/reports/YS261118-22222")
    for headers in (
        {},
        {"Authorization": f"Bearer {new_token()}"},
        desks.bearer("ys.bureau"),
        desks.bearer("ys.sealed"),
    ):
        hidden = client.get(address, headers=headers)
        assert (hidden.status_code, hidden.json) == (404, unknown.json)
    added = client.post(f"{address}/acts/add", json={"version": 1, "text": "补一句"}, headers=token)
    assert [one["act"] for one in added.json["events"]] == ["submit", "add"]
    stale = client.post(f"{address}/acts/withdraw", json={"version": 1}, headers=token)
    assert stale.status_code == 409
    gone = client.post(f"{address}/acts/withdraw", json={"version": 2}, headers=token)
    assert gone.json["state"] == "withdrawn"
    assert client.post(f"{address}/acts/confirm", json={"version": 3}, headers=token).status_code == 404


def test_the_push_names_no_report_no_county_and_no_post(client, desks):
    told(client, desks)
    pushes = db.session.query(Push).all()
    assert [(one.county_id, one.report_id, one.post_id) for one in pushes] == [("000000", None, None)]
    assert [one.person_id for one in pushes] == [desks.people["ys.sealed"].id]


def test_events_are_kept_but_never_edited(client, desks):
    told(client, desks)
    assert db.session.query(SealedEvent).count() == 1
