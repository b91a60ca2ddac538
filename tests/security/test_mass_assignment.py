"""No call and no form takes a column that is not its own (A8): refused, or the database the same as without it."""

import pytest
from sqlalchemy import BigInteger, Boolean, DateTime, Integer, SmallInteger, text

from server.core.db import Base, db
from tests.security.canaries import LATER
from tests.security.matrix.row import Row
from tests.security.matrix.table import BOARD, CHARGES
from tests.security.matrix.test_matrix import filled
from tests.security.scene import FAR, OWN

COLUMNS = sorted({column.name for table in Base.metadata.sorted_tables for column in table.columns})
NUMBERS = (BigInteger, Integer, SmallInteger)
WISHES = {
    "county_id": "370406",
    "state": "closed",
    "role": "admin",
    "outcome": "solved",
    "closed_as": "confirmed",
    "score": "5",
    "kind": "praise",
    "channel": "wecom_app",
    "level": "bureau",
}
"""What somebody would like a column to be; everything else gets a value of its type."""
OWN_FIELDS = {
    "reports.file": {"kind", "text", "phone", "public", "contact_ok", "key"},
    "reports.act": {"version", "text", "outcome", "score", "basis", "lead", "person"},
    "disclosures.enter": {"kind", "period"},
    "disclosures.put_contacts": set(),
    "sessions.staff": {"username"},
    "wechat.login": {"code"},
    "reports.contact": {"contact_ok"},
    "neighbours.join_report": {"building", "unit", "version"},
    "neighbours.change": {"building", "unit", "answer"},
    "suggestions.suggest": {"words"},
}
"""Columns' names that a call of the API has fields of."""
JOINING = "/api/v1/reports/{no}"
NEW = {"place": "{code}", "kind": "", "text": "水管漏水"}
CALLS = (
    Row("PUT reports.contact", "/api/v1/reports/{no}/contact", own="reporter", json={"contact_ok": False}),
    Row("POST reports.file", "/api/v1/reports", own="manager", json=NEW),
    Row("POST reports.act", "/api/v1/reports/{no}/acts/remind", own="bureau", json={"version": 1}),
    Row("POST neighbours.join_report", f"{JOINING}/acts/join", own="manager", json={"place": "{code}"}),
    Row("PUT neighbours.change", f"{JOINING}/join", own="manager", json={}),
    Row("POST disclosures.enter", "/api/v1/estates/{estate}/disclosures", own="manager", json=CHARGES),
    Row("PUT disclosures.put_contacts", "/api/v1/estates/{estate}/contacts", own="manager", json=BOARD),
    Row(
        "POST sessions.staff",
        "/api/v1/sessions/staff",
        own="manager",
        json={"username": "a", "password": "b"},
    ),
    Row(
        "POST suggestions.suggest",
        "/api/v1/places/{code}/kinds/suggest",
        own="manager",
        json={"words": "漏水"},
    ),
    Row("POST wechat.login", "/api/v1/sessions/wechat", own="manager", json={"app": "mini", "code": "c"}),
)
FACTS = {
    "name": "改名小区",
    "category": "1",
    "households": "10",
    "area": "5",
    "remark": "备注",
    "committee": "yes",
    "stand_kind": "",
    "stand_name": "",
    "stand_phone": "",
}
SERVICE = {
    "company": "新物业", "phone": "0539-1111111", "nature": "外聘", "services": "保洁", "manager_name": "某经理",
    "manager_phone": "0539-2222222", "since": "2026-01-01",
}  # fmt: skip
PERSON = {"name": "新人", "username": "xin.ren", "duty": "", "phone": "", "role": ""}
FORMS = (
    Row("POST bureau_estates.add", "/b/estates/new", own="bureau", form=FACTS | {"community": "{community}"}),
    Row("POST bureau_estates.change", "/b/estates/{estate}/edit", own="admin", form=FACTS),
    Row("POST bureau_estate_parts.change_company", "/b/estates/{estate}/company", own="bureau", form=SERVICE),
    Row("POST bureau_estate_parts.end_company", "/b/estates/{estate}/company/end", own="bureau"),
    Row(
        "POST bureau_estate_parts.change_buildings",
        "/b/estates/{estate}/buildings",
        own="bureau",
        form={"lines": "2号楼 3"},
    ),
    Row(
        "POST bureau_estate_parts.change_numbers",
        "/b/estates/{estate}/numbers",
        own="bureau",
        form={"kind": "lift", "label-0": "电梯", "phone-0": "0539-3333333"},
    ),
    Row(
        "POST bureau_estate_parts.add_spot",
        "/b/estates/{estate}/spots/new",
        own="bureau",
        form={"spot": "大门", "kind": "gate", "building": ""},
    ),
    Row("POST bureau_estate_parts.close_spot", "/b/estates/{estate}/spots/{spot}/close", own="bureau"),
    Row(
        "POST bureau_estate_parts.renew_code",
        "/b/estates/{estate}/codes/renew",
        own="bureau",
        form={"spot": ""},
    ),
    Row(
        "POST bureau_people.set_phone",
        "/b/people/bodies/{body}/phone",
        own="admin",
        form={"office": "0539-4444444"},
    ),
    Row(
        "POST bureau_people.invite",
        "/b/people/bodies/{body}/invite",
        own="admin",
        form=PERSON | {"role": "manager"},
    ),
    Row("POST bureau_people.invite_once_more", "/b/people/{person}/invite", own="admin"),
    Row("POST bureau_handover.leave", "/b/people/{person}/leave", own="admin"),
    Row("POST bureau_handover.end", "/b/people/{person}/posts/{post}/end", own="admin"),
    Row("POST feed_page.close", "/b/entries/{entry}/close", own="bureau", form={"note": "已看"}),
    Row(
        "POST bureau_disclosures.decide",
        "/b/disclosures/{revision}",
        own="bureau",
        form={"act": "return", "note": "请改"},
    ),
    Row(
        "POST disclose.send",
        "/m/disclosures/{estate}/charges",
        own="manager",
        form={"act": "hand_in", "items-0-name": "停车费", "items-0-price": "3", "period": ""},
    ),
    Row("POST handled.do", "/m/{no}/accept", own="manager", form={"version": "1"}),
    Row(
        "POST handled.do",
        "/m/{no}/reply",
        own="manager",
        form={"version": "1", "text": "已安排", "until": "", "part": "", "basis": ""},
    ),
    Row("POST watched.do", "/b/{no}/supervise", own="bureau", form={"version": "1", "text": "请抓紧"}),
    Row(
        "POST resident_acts.do",
        "/r/{no}/withdraw",
        own="reporter",
        form={"version": "1", "text": "不用了", "score": "", "why": "", "reasons": "", "key": "k" * 32},
    ),
    Row("POST account.wecom", "/account/wecom", own="manager", form={"target": "zhangsan"}),
    Row("POST account.release", "/account/addresses/{address}/end", own="manager"),
    Row("POST account.end", "/account/logins/{session}/end", own="manager"),
    Row("POST account.test", "/account/test", own="manager"),
    Row("POST account.end_others", "/account/logins/end-others", own="manager"),
    Row(
        "POST bureau_terms.keep_term",
        "/b/people/{person}/posts/{post}/term",
        own="admin",
        form={"until_on": "2026-12-31"},
    ),
    Row("POST contact.show", "/b/{no}/contact", own="bureau", form={"reason": "check", "words": "核实位置"}),
    Row("POST resident_contact.contact", "/r/{no}/contact", own="reporter", form={"ok": "0"}),
    Row("POST resident_rights.erase", "/r/{no}/erase", own="reporter"),
    Row("POST resident_logins.end", "/my/logins/{session}/end", own="resident"),
    Row("POST resident_logins.others", "/my/logins/end-others", own="resident"),
    Row(
        "POST bureau_review.decide",
        "/b/review/{no}/{piece}",
        own="bureau",
        form={"act": "refuse", "reason": "有个人信息", "version": "1", "text": ""},
    ),
    Row("POST patrol.removed", "/patrol/faults/{check}/removed", own="community"),
    Row("POST lookback.close", "/b/lookback/{campaign}/close", own="bureau"),
    Row(
        "POST lookback_item.check",
        "/b/lookback/{campaign}/{no}",
        own="bureau",
        form={"result": "passed", "text": "现场看过"},
    ),
    Row("POST bureau_flags.drop", "/b/flags/{flag}/dismiss", own="bureau", form={"why": "核实过"}),
    Row("POST body_links.make", "/b/{no}/parts/{part}/link", own="bureau"),
    Row("POST body_links.revoke", "/b/{no}/links/{link}/revoke", own="bureau"),
    Row(
        "POST called_link.do",
        "/d/{lent}/report_in",
        own="anonymous",
        form={"version": "1", "text": "已处理", "basis": "条例第三条", "outcome": "solved", "key": "k" * 32},
    ),
    Row("POST bureau_hotline.two", "/b/hotline/orders/{order}/two", own="bureau"),
    Row("POST bureau_hotline_table.columns", "/b/hotline/{orders}/columns", own="bureau"),
    Row("POST bureau_hotline_table.names", "/b/hotline/{orders}/names", own="bureau"),
    Row("POST bureau_hotline_table.run", "/b/hotline/{orders}", own="bureau"),
    Row(
        "POST goal.enter",
        "/b/goal",
        own="bureau",
        form={"month": "2025-03", "count": "12", "source": "12345 月报", "township": ""},
    ),
    Row("POST sealed_report.do", "/c/{sealed}/accept", own="confidential", form={"version": "1", "text": ""}),
)
VOLATILE = {
    "id",
    "code",
    "no",
    "digest",
    "hash",
    "prev_hash",
    "occasion",
    "detail",
    "about",
    "facts",
    "columns",
    "data",
}


def wish(scene, name):
    """What somebody would send for a column."""
    if name in WISHES:
        return WISHES[name]
    kinds = {
        type(column.type)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name == name
    }
    if Boolean in kinds:
        return "true"
    if DateTime in kinds:
        return "2001-01-01T00:00:00+08:00"
    if kinds & set(NUMBERS):
        return str(scene.things[FAR].get(name.removesuffix("_id"), 7))
    return "别人的字"


def snapshot():
    """Every column of every table in a form that two runs of one deed have in common."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name in VOLATILE or column.name.endswith(("_hash", "_index", "_sealed")):
                continue
            value = f'"{column.name}"::text'
            if isinstance(column.type, NUMBERS):
                value = f'least("{column.name}", {LATER})::text'
            found[f"{table.name}.{column.name}"] = value
    parts = []
    for table in Base.metadata.sorted_tables:
        names = {name: value for name, value in found.items() if name.split(".")[0] == table.name}
        sums = ", ".join(f"md5(string_agg({value}, ',' ORDER BY {value}))" for value in names.values())
        parts.append((list(names), f'SELECT {sums} FROM "{table.name}"'))
    return {
        name: value
        for names, statement in parts
        if names
        for name, value in zip(names, db.session.execute(text(statement)).one(), strict=True)
    }


def deed(stage, row, more):
    """What the database is like after a form was sent with more fields than it has; and the answer's status."""
    seen = {}
    names = stage.scene.names(row.own, OWN)
    sent = more | filled(row.form, names)
    answer = stage.call(
        row.method, filled(row.address, names), row.own, data=sent, look=lambda: seen.update(snapshot())
    )
    return answer.status_code, seen


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.route + row.address[-12:])
def test_a_form_takes_no_column_that_is_not_its_own(stage, row):
    wishes = {name: wish(stage.scene, name) for name in COLUMNS}
    status, plain = deed(stage, row, {})
    assert status in {200, 303}, "the form itself must be right, or nothing is tried"
    greedy_status, greedy = deed(stage, row, wishes)
    assert greedy_status == status
    assert {name for name in plain if plain[name] != greedy[name]} == set()


@pytest.mark.parametrize("row", CALLS, ids=lambda row: row.route)
def test_a_call_names_every_field_it_does_not_have(stage, row):
    names = stage.scene.names(row.own, OWN)
    address, body = filled(row.address, names), filled(row.json, names)
    more = {name: wish(stage.scene, name) for name in COLUMNS if name not in body}
    answer = stage.call(row.method, address, row.own, json=more | body)
    assert answer.status_code == 422
    refused = set(answer.json["errors"])
    assert set(more) - refused <= OWN_FIELDS[row.endpoint]


PARTS = (
    ("POST", "/api/v1/reports", NEW | {"where": {}}, "where"),
    ("POST", "/api/v1/estates/{estate}/disclosures", CHARGES, "charges.0"),
    ("PUT", "/api/v1/estates/{estate}/contacts", BOARD, "items.0"),
)


@pytest.mark.parametrize(("method", "address", "body", "part"), PARTS)
def test_nor_does_a_part_of_a_body(stage, method, address, body, part):
    names = stage.scene.names("manager", OWN)
    body = filled(body, names)
    inner = body[part.split(".")[0]]
    target = inner[0] if isinstance(inner, list) else inner
    more = {"county_id": "370406", "estate_id": 1, "state": "released", "id": 1}
    greedy = dict(target) | more
    body = body | {part.split(".")[0]: [greedy] if isinstance(inner, list) else greedy}
    answer = stage.call(method, filled(address, names), "manager", json=body)
    assert answer.status_code == 422
    assert {f"{part}.{name}" for name in more} <= set(answer.json["errors"])


def test_every_unsafe_call_and_form_is_tried(application):
    tried = {row.endpoint for row in (*CALLS, *FORMS)}
    unsafe = {
        rule.endpoint
        for rule in application.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "DELETE", "PATCH"}
    }
    assert unsafe - tried == LEFT_OUT


LEFT_OUT = {
    "bureau_hotline.export", "bureau_hotline.same", "bureau_hotline.upload",
    "bureau_review.all_clean", "bureau_terms.begin_stand_in", "bureau_terms.reset", "ledger.export", "lookback.export", "work_ledger.export", "lookback.add", "contact.show_centre", "login.check_second", "patrol.look",
    "sealed_key.put", "second_factor.begin", "second_factor.codes", "second_factor.confirm", "second_factor.off",
    "wechat_binding.go", "wechat_binding.make",
    "account.password", "bureau_estate_parts.stop_code", "bureau_imports.run", "bureau_imports.upload",
    "bureau_people.take", "invitation.accept", "login.log_in", "login.log_out", "photos.take", "resident_find.find",
    "neighbours.end", "resident_neighbours.change", "resident_neighbours.join_one", "resident_report.send", "sessions.end", "wechat_callback.receive",
}  # fmt: skip
"""Forms that write nothing of what they are sent, or one thing only: a password, a file, the end of a login."""
QUERIES = (
    "/api/v1/reports", "/api/v1/reports/{no}", "/api/v1/feed", "/api/v1/places/{code}",
    "/api/v1/estates/{estate}/disclosures", "/api/v1/estates/{estate}/contacts",
)  # fmt: skip


@pytest.mark.parametrize("address", QUERIES)
def test_a_query_of_the_api_knows_its_own_fields_alone(stage, address):
    where = filled(address, stage.scene.things[OWN])
    for name in ("county_id", "handler_id", "sort", "fields", "include", "actor"):
        answer = stage.call("GET", f"{where}?{name}=1", "bureau")
        assert answer.status_code == 422, name
        assert name in answer.json["errors"]


@pytest.mark.parametrize("row", CALLS, ids=lambda row: row.route)
def test_nor_does_an_unsafe_call_take_a_query(stage, row):
    names = stage.scene.names(row.own, OWN)
    answer = stage.call(
        row.method, filled(row.address, names) + "?county_id=1", row.own, json=filled(row.json, names)
    )
    assert answer.status_code == 422
    assert "county_id" in answer.json["errors"]
