"""Every text field of the API × sixty texts: refused with the field named, or kept as it was meant."""

import json
from itertools import count
from urllib.parse import quote

import pytest
from sqlalchemy import select

from server.core.db import db
from server.core.text import clean
from server.policy.loader import books
from server.reports.models import Event, Report
from tests.hostile.tables import TEXTS

KEYS = count()
STORED = {"text": 0, "where.text": 1, "where.building": 2, "where.unit": 3}


def key():
    return f"hostile-{next(KEYS):030d}"


def post(client, path, body, headers=None):
    """Sent as a program would that escapes what is no ASCII; half characters get through that way."""
    return client.post(path, data=json.dumps(body), content_type="application/json", headers=headers)


def filed(world, **more):
    return {"place": world.code("ys.hill"), "kind": "lighting", "text": "三楼楼道灯不亮"} | more


@pytest.fixture
def a_kind():
    return next(kind.key for kind in books()["371323"].kinds.values() if kind.label == "路灯")


REPORT_FIELDS = {
    "text": lambda text: {"text": text},
    "where.text": lambda text: {"where": {"text": text}},
    "where.building": lambda text: {"where": {"building": text}},
    "where.unit": lambda text: {"where": {"unit": text}},
    "phone": lambda text: {"phone": text},
    "place": lambda text: {"place": text},
    "kind": lambda text: {"kind": text},
    "photos": lambda text: {"photos": [text]},
}


@pytest.mark.parametrize("field", REPORT_FIELDS)
def test_a_report_is_kept_as_typed_or_refused_by_field(client, world, a_kind, field):
    for text, kept in TEXTS:
        body = filed(world, kind=a_kind) | REPORT_FIELDS[field](text)
        answer = post(client, "/api/v1/reports", body, {"Idempotency-Key": key()})
        if answer.status_code == 201:
            assert kept is not None
            report = db.session.scalar(select(Report).where(Report.no == answer.json["no"]))
            stored = (report.text, report.where_text, report.building, report.unit)
            at = STORED.get(field)
            assert at is None or stored[at] == (kept or None), ascii(text)
            continue
        assert answer.status_code == (404 if field == "place" and kept is not None else 422), ascii(text)
        if answer.status_code == 422:
            assert any(name.startswith(field.split(".")[0]) for name in answer.json["errors"]), ascii(text)
        assert field != "text" or kept is None


ACT_FIELDS = {
    "text": lambda text: {"text": text},
    "basis": lambda text: {"basis": text, "outcome": "solved"},
    "reasons": lambda text: {"reasons": [text]},
}


@pytest.mark.parametrize("field", ACT_FIELDS)
def test_an_act_keeps_what_was_written_or_says_what_is_wrong(client, world, a_kind, field):
    made = client.post(
        "/api/v1/reports", json=filed(world, kind=a_kind), headers={"Idempotency-Key": key()}
    ).json
    report = db.session.scalar(select(Report).where(Report.no == made["no"]))
    headers = world.bearer("ys.hill.manager")
    for text, kept in TEXTS:
        body = {"version": report.version, "text": "正在处理"} | ACT_FIELDS[field](text)
        answer = post(client, f"/api/v1/reports/{made['no']}/acts/reply", body, headers)
        assert answer.status_code in ({200, 422} if kept is not None else {422}), (ascii(text), answer.json)
        if answer.status_code == 200 and field == "text":
            last = db.session.scalar(
                select(Event.text).where(Event.report_id == report.id).order_by(Event.id.desc())
            )
            assert last == kept
        db.session.refresh(report)


OTHER_CALLS = {
    "username": ("/api/v1/sessions/staff", lambda text: {"username": text, "password": "long enough"}),
    "password": ("/api/v1/sessions/staff", lambda text: {"username": "ys.bureau", "password": text}),
    "code": ("/api/v1/sessions/wechat", lambda text: {"app": "mini", "code": text}),
    "app": ("/api/v1/sessions/wechat", lambda text: {"app": text, "code": "x"}),
}


@pytest.mark.parametrize("field", OTHER_CALLS)
def test_logins_refuse_what_is_no_text(client, world, field):
    path, body = OTHER_CALLS[field]
    for text, kept in TEXTS:
        answer = post(client, path, body(text))
        allowed = {401, 404, 422, 429} if kept is not None or field == "password" else {422, 404}
        assert answer.status_code in allowed, (ascii(text), answer.status_code)


@pytest.mark.parametrize("path", ["/api/v1/reports?q=", "/api/v1/feed?kind=", "/api/v1/reports?after="])
def test_searches_take_any_text_and_break_on_none(client, world, path):
    headers = world.bearer("ys.bureau")
    for text, kept in TEXTS:
        answer = client.get(path + quote(text.encode("utf-8", "surrogatepass")), headers=headers)
        assert answer.status_code in ({200, 422} if kept is not None else {400, 422}), ascii(text)


DISCLOSURES = {
    "name": lambda text: {"kind": "charges", "charges": [{"name": text, "price": "1.20"}]},
    "price": lambda text: {"kind": "charges", "charges": [{"name": "物业费", "price": text}]},
    "unit": lambda text: {"kind": "charges", "charges": [{"name": "物业费", "price": "1", "unit": text}]},
    "basis": lambda text: {"kind": "charges", "charges": [{"name": "物业费", "price": "1", "basis": text}]},
    "period": lambda text: {"kind": "income", "period": text, "income": None},
}


@pytest.mark.parametrize("field", DISCLOSURES)
def test_a_disclosure_is_kept_as_typed_or_refused(client, world, field):
    path = f"/api/v1/estates/{world.estates['ys.hill'].id}/disclosures"
    headers = world.bearer("ys.hill.manager")
    for text, kept in TEXTS:
        answer = post(client, path, DISCLOSURES[field](text), headers)
        assert answer.status_code in ({200, 201, 422, 404, 409} if kept is not None else {422}), ascii(text)
        if answer.status_code == 201 and field != "period":
            shown = json.dumps(answer.json, ensure_ascii=False)
            one_line = json.dumps(" ".join(clean(text).split()), ensure_ascii=False)[1:-1]
            assert one_line in shown, (ascii(text), shown)
