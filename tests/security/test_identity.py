"""Nothing that the company can reach tells who reported: every page, call, push, photo, error and log line."""

import itertools
import logging
import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update

from server.accounts.roles import Role
from server.core import clock
from server.core.db import db
from server.core.logs import JsonLines
from server.notices.channels import MemoryChannel
from server.notices.dispatch import deliver_push
from server.notices.models import Push
from server.photos.models import Photo
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.links import read_key
from server.reports.models import Report
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from tests.security.plants import FROM, HEADERS, MARKS, NUMBERS, by_call, by_form, kept, resident
from tests.world import hire

COMPANY = ("ys.hill.manager", "ys.hill.company")
SMALL = 40
"""Addresses of one route that are tried at most."""


@pytest.fixture
def planted(app, client, world, now):
    """Two reports of one person, gone through every act that carries words; everything that is his."""
    hire(world, "ys.hill.company", world.bodies["ys.hill"], Role.COMPANY, duty="负责人")
    token = resident(now)
    first = by_call(app.test_client(), world.code("ys.hill"), token)
    browser = app.test_client()
    second = by_form(browser, world.code("ys.hill"))
    _live(client, world, first["no"], {"Authorization": f"Bearer {token}"})
    secrets = NUMBERS | MARKS | {"owner token": first["owner_token"], "session token": token}
    secrets |= kept((first["no"], second))
    return {"numbers": (first["no"], second), "secrets": secrets, "owner": token}


def _live(client, world, no, own):
    """Ask, answer, add, supervise, resolve, reopen, rate; and the bureau looks at the phone."""
    manager, bureau = world.bearer("ys.hill.manager"), world.bearer("ys.bureau")
    steps = (
        (manager, "accept", {}),
        (manager, "ask", {"text": "具体在哪？"}),
        (own, "answer", {"text": f"就在那，打{NUMBERS['answer']}"}),
        (own, "add", {"text": f"补充，{NUMBERS['addition']}"}),
        (bureau, "supervise", {"text": f"报告人手机{NUMBERS['office']}，请联系"}),
        (manager, "resolve", {"outcome": "solved", "basis": "现场已处理", "text": "修好了"}),
        (own, "reopen", {"text": f"没好，{NUMBERS['reopening']}"}),
        (manager, "resolve", {"outcome": "solved", "basis": "现场已处理", "text": "又修了"}),
        (own, "confirm", {"score": 5, "reasons": [f"好，{NUMBERS['reason of a rating']}"]}),
    )
    for who, act, body in steps:
        given = body | {"version": _version(no)}
        answer = client.post(
            f"/api/v1/reports/{no}/acts/{act}", json=given, headers=HEADERS | who, environ_base=FROM
        )
        assert answer.status_code == 200, (act, answer.json)
    _contacted(world, no)
    desk = world.login(client.application.test_client(), "ys.bureau")
    page = BeautifulSoup(desk.get(f"/b/{no}/contact").get_data(as_text=True), "html.parser")
    fields = {"reason": "check", "words": MARKS["reason of the look"]}
    fields["csrf_token"] = page.find("input", {"name": "csrf_token"})["value"]
    shown = desk.post(f"/b/{no}/contact", data=fields)
    assert NUMBERS["phone field"] in shown.get_data(as_text=True)


def _contacted(world, no):
    """The community tells the reporter something, and calls him by his name; where the county orders it, it must."""
    report, now = report_by_no(no), clock.now()
    db.session.execute(update(Report).where(Report.no == no).values(contact_due_at=now, state="accepted"))
    db.session.refresh(report)
    said = f"{MARKS['name in a contact']}您好，明天上午上门"
    deed = Deed(version=report.version, way="phone", result="reached", text=said)
    act_on(report, Act.CONTACT, deed, by=world.actor("ys.community"), now=now)
    db.session.execute(update(Report).where(Report.no == no).values(state="closed"))
    db.session.commit()


def _version(no):
    return db.session.scalar(select(Report.version).where(Report.no == no))


def candidates(app, world, numbers):
    """What may stand for each name in an address."""
    photos = list(db.session.scalars(select(Photo.id)))
    acts = [act.value for act in Act]
    return {
        "no": numbers,
        "code": [world.code("ys.hill")],
        "act": acts,
        "word": [*acts, "contact"],
        "estate_id": [world.estates["ys.hill"].id],
        "kind": ["charges", "contacts", "income", "pdf", "png"],
        "paper": ["a3", "sticker"],
        "photo_id": photos,
        "size": ["320", "1600"],
        "period": ["2026-3"],
        "filename": ["js/report.js"],
        "body_id": [world.bodies["ys.hill"].id],
        "person_id": [world.people["ys.hill.manager"].id],
    }


def addresses(app, world, numbers):
    """Every GET route of the application with its arguments filled in: a new route is covered by itself."""
    known = candidates(app, world, numbers)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        names = sorted(rule.arguments)
        choices = [known.get(name, ["1"]) for name in names]
        with app.test_request_context():
            for values in itertools.islice(itertools.product(*choices), SMALL):
                built = rule.build(dict(zip(names, values, strict=True)), append_unknown=False)
                if built:
                    yield built[1]


QUERIES = ("?tab=new", "?tab=doing", "?tab=late", "?tab=waiting", "?tab=done", "?q=漏水", "?state=closed")
LINK = re.compile(r'"(/(?:p|api|m|b|go|r|e|pub)/[^"\\]*)"')


def crawl(browser, start, headers):
    """Everything that a browser gets by these addresses and by the links on what it gets."""
    seen, todo = {}, list(start)
    while todo:
        address = todo.pop()
        if address in seen or address.startswith("/static/"):
            continue
        answer = browser.get(address, headers=headers if address.startswith("/api/") else {})
        seen[address] = answer.get_data() + str(answer.headers).encode()
        assert answer.status_code < 500, address
        kind = answer.content_type or ""
        if "html" in kind:
            page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
            found = [
                tag.get("href") or tag.get("src") for tag in page.find_all(["a", "img", "link", "script"])
            ]
            todo += [link.split("#")[0] for link in found if link and link.startswith("/")]
        elif "json" in kind:
            todo += LINK.findall(answer.get_data(as_text=True))
    return seen


SHORT = 8
"""A secret of fewer letters may stand by chance within a request's id or a token; people write it apart."""


def shows(secret, body):
    """Whether a secret stands in what came back."""
    plain = re.escape(secret.encode())
    return re.search(rb"(?<![\w-])%b(?![\w-])" % plain if len(secret) < SHORT else plain, body) is not None


def test_a_short_secret_is_seen_where_people_write_it_and_not_within_an_id():
    assert shows("1703", "我住3号楼2单元1703，".encode())
    assert shows("1703", b'"door": "1703"')
    assert not shows("1703", b"c8f1703a")


def hits(seen, secrets):
    """Where something of the reporter's shows."""
    return [
        (name, address)
        for address, body in seen.items()
        for name, secret in secrets.items()
        if secret not in address and shows(secret, body)
    ]


@pytest.mark.parametrize("name", COMPANY)
def test_no_byte_that_the_company_can_get_tells_who_reported(client, world, planted, caplog, name):
    app = client.application
    caplog.set_level(logging.DEBUG)
    browser, bearer = world.login(app.test_client(), name), world.bearer(name)
    start = [*addresses(app, world, planted["numbers"])]
    start += [f"{path}{query}" for path in ("/m/", "/api/v1/reports") for query in QUERIES]
    seen = crawl(browser, start, bearer)
    seen |= errors(browser, client, planted["numbers"], bearer)
    caplog.handler.setFormatter(JsonLines())
    lines = "\n".join(caplog.handler.format(record) for record in caplog.records)
    for no in planted["numbers"]:
        assert b"\xe6\xbc\x8f\xe6\xb0\xb4" in seen[f"/m/{no}"] or no.encode() in seen[f"/m/{no}"]
        assert f"/m/{no}/reply" in seen
        assert no.encode() in seen[f"/api/v1/reports/{no}"]
    assert any(address.startswith("/p/") and b"JFIF" in body for address, body in seen.items())
    assert len(planted["secrets"]) >= 30
    assert hits(seen | {"the log": lines.encode()}, planted["secrets"]) == []


def errors(browser, client, numbers, bearer):
    """What the company is told when it does something wrong."""
    seen = {}
    for no in numbers:
        for act in (act.value for act in Act):
            for body in ({"version": 999}, {"version": "x"}, {}, []):
                answer = client.post(f"/api/v1/reports/{no}/acts/{act}", json=body, headers=bearer)
                seen[f"POST {act} {body} {no}"] = answer.get_data()
        seen[f"PUT {no}"] = client.put(
            f"/api/v1/reports/{no}/contact", json={"contact_ok": True}, headers=bearer
        ).get_data()
        for path in (f"/m/{no}/resolve", f"/b/{no}/contact", f"/r/{no}/contact", f"/r/{no}/add"):
            seen[f"POST {path}"] = browser.post(path, data={"version": "999"}).get_data()
    return seen


def test_no_push_to_anybody_of_staff_tells_who_reported(app, world, planted):
    channel = MemoryChannel("wecom_app")
    later = clock.now()
    for push in list(db.session.scalars(select(Push.id).where(Push.person_id.is_not(None)))):
        deliver_push(push, channels={"wecom_app": channel}, now=later)
    assert channel.sent
    told = {f"push {number}": repr(message).encode() for number, (_, message) in enumerate(channel.sent)}
    assert hits(told, planted["secrets"]) == []


@pytest.mark.parametrize("name", COMPANY)
def test_a_search_does_not_answer_what_the_masks_hide(client, world, planted, name):
    bearer = world.bearer(name)
    for words in ("漏水", *NUMBERS.values(), "139", "1"):
        found = client.get("/api/v1/reports", query_string={"q": words}, headers=bearer).json["items"]
        assert found == [], words
    assert client.get("/api/v1/reports?q=青山", headers=bearer).json["items"]
    assert client.get("/api/v1/reports?q=车库", headers=world.bearer("ys.bureau")).json["items"]


@pytest.mark.parametrize("name", COMPANY)
def test_two_reports_of_one_person_have_nothing_in_common_but_what_everybodys_have(
    app, client, world, planted, name
):
    bearer = world.bearer(name)
    one, two = (client.get(f"/api/v1/reports/{no}", headers=bearer).json for no in planted["numbers"])
    assert {photo["id"] for photo in one["photos"]}.isdisjoint(photo["id"] for photo in two["photos"])
    for view in (one, two):
        assert not {"contact_ok", "has_phone", "identity_views"} & view.keys()
        instants = [view["submitted_at"], view["due_at"], *(event["at"] for event in view["events"])]
        assert all(re.search(r":\d\d:00(?:\+|$)", instant) for instant in instants), instants


@pytest.mark.parametrize("name", ["ys.bureau", "ys.community", "ys.town"])
def test_the_offices_read_it_as_it_was_typed(client, world, planted, name):
    no = planted["numbers"][0]
    view = client.get(f"/api/v1/reports/{no}", headers=world.bearer(name)).json
    assert NUMBERS["phone with blanks"] in view["text"]
    assert NUMBERS["place"] in view["where"]["text"]
    assert any(NUMBERS["answer"] in event["text"] for event in view["events"])
    assert any(MARKS["name in a contact"] in event["text"] for event in view["events"])
    assert NUMBERS["phone field"] not in str(view)


def test_the_reporter_reads_his_own_words_and_the_holder_of_his_link_does_not(app, client, planted):
    no = planted["numbers"][0]
    own = client.get(f"/api/v1/reports/{no}", headers={"Authorization": f"Bearer {planted['owner']}"}).json
    assert own["text"] == report_by_no(no).text
    assert [look["words"] for look in own["identity_views"]] == [MARKS["reason of the look"]]
    page = app.test_client().get(f"/r/{no}?k={read_key(no)}").get_data(as_text=True)
    assert hits({"page": page.encode()}, NUMBERS | MARKS) == []
    assert "谁看过" not in page


def test_the_company_has_no_page_of_counts(app, world, planted):
    for name in COMPANY:
        browser = world.login(app.test_client(), name)
        for address in ("/b/counts", "/b/reports", "/b/"):
            assert browser.get(address).status_code == 403
