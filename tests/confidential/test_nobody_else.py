"""A hundred confidential reports leave no trace anywhere but with their body; a stolen database and store say nothing."""

from base64 import b64encode
from io import BytesIO

import pytest

from server.confidential.keys import set_key
from server.confidential.queries import counts, inbox
from server.core.db import db
from server.core.report_no import SHAPE
from server.escalation.alarms import notice_dead_pushes
from server.escalation.service import sweep
from server.notices import ledger
from server.notices.models import Push
from server.photos.service import discard_unused
from tests.confidential.plain_hpke import point_of, private_key
from tests.confidential.stage import CRIME, OFFICIAL, open_desks, told
from tests.photos.pictures import encoded, flag

CANARY = "金丝雀七四一"
PHONE = "13900007411"
MANY = 100
CALLS = ("/api/v1/reports", "/api/v1/feed")
PAGES = (
    "/b/",
    "/b/status",
    "/b/reports",
    "/b/counts",
    "/b/reports.xlsx",
    "/b/people",
    "/m/",
    "/b/reports?q=" + CANARY,
)
WATCHERS = (
    "ys.bureau", "ys.admin", "ys.town", "ys.community", "ys.hill.manager", "ys.lake.manager", "st.bureau", "st.hill.manager",
)  # fmt: skip
OWN = {"sealed_report", "sealed_event", "sealed_photo", "sealed_key"}


@pytest.fixture
def desks(world):
    open_desks(world)
    db.session.commit()
    return world


def sights(app, world):
    """Everything that each of the others sees: answers of calls and pages, with what changes by itself taken out."""
    found = {}
    for name in WATCHERS:
        headers = world.bearer(name)
        for way in CALLS:
            answer = app.test_client().get(way, headers=headers)
            found[name, way] = (answer.status_code, answer.headers.get("ETag"), answer.data)
        browser = world.login(app.test_client(), name)
        for way in PAGES:
            answer = browser.get(way)
            found[name, way] = (answer.status_code, len(answer.data))
    for way in ("/healthz", "/readyz", "/metrics"):
        found["operator", way] = (app.test_client().get(way).status_code, app.test_client().get(way).data)
    found["landing"] = app.test_client().get(f"/e/{world.code('ys.hill')}").data
    return found


def rows():
    """How many rows each table has, as its owner counts them."""
    tables = db.session.scalars(db.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    count = "SELECT count(*) FROM {}"
    return {name: db.session.scalar(db.text(count.format(name))) for name in tables}


ALLOWED = OWN | {"push", "procrastinate_jobs", "procrastinate_events", "tally", "session"}
"""Where rows may appear: its own tables, the body's own push with its job, a keyed tally; sessions are the test's."""


def test_a_hundred_reports_are_seen_by_their_body_and_by_nobody_else(client, app, desks):
    before, tables = sights(app, desks), rows()
    numbers = [
        told(client, desks, text=f"{CANARY}{one}", kind=(OFFICIAL, CRIME)[one % 2]).json["no"]
        for one in range(MANY)
    ]
    assert len(set(numbers)) == MANY
    assert all(SHAPE.match(no) for no in numbers)
    sweep(desks.now)
    notice_dead_pushes(desks.now)
    assert {name for name, count in rows().items() if count != tables[name]} <= ALLOWED
    after = sights(app, desks)
    assert {key for key in before if before[key] != after[key]} == set()
    assert counts(desks.actor("ys.sealed")) == (MANY / 2, 0)
    assert counts(desks.actor("ys.police_sealed")) == (MANY / 2, 0)
    assert counts(desks.actor("st.sealed")) == (0, 0)
    assert len(inbox(desks.actor("ys.sealed"), over=False, after=None, limit=MANY).items) == MANY / 2


def test_operators_learn_at_most_that_one_push_could_not_be_delivered(client, app, desks):
    told(client, desks)
    assert not ledger.entries(dead=False, most=9)
    assert ledger.totals() == {}
    assert ledger.oldest_due_at() is None
    db.session.execute(db.update(Push).values(state="dead", last_code="43101"))
    db.session.commit()
    tables = rows()
    notice_dead_pushes(desks.now)
    assert rows() == tables
    said = app.test_cli_runner().invoke(args=["pushes", "--dead"]).output
    line = next(line for line in said.splitlines() if "43101" in line)
    assert "通知" in line
    assert "371323" not in said
    assert "纪委" not in said


def dump():
    """Every row of every table as text, by table."""
    return {name: "\n".join(db.session.scalars(db.text(f"SELECT x::text FROM {name} x"))) for name in rows()}


@pytest.mark.parametrize("keyed", [True, False])
def test_neither_the_tables_nor_the_store_hold_a_word_of_it(client, app, desks, keyed):
    if keyed:
        post = desks.actor("ys.sealed").posts[0]
        point = b64encode(point_of(private_key(b"\x07" * 32))).decode()
        set_key(post.county_id, post.body_id, point, by=1, now=desks.now)
        db.session.commit()
    picture = (BytesIO(encoded(flag((480, 320)), quality=90)), f"{CANARY}.jpg")
    photo = client.post("/api/v1/photos", data={"file": picture}).json["id"]
    store = app.extensions["settings"].var / "photos"
    assert (store / photo).exists()
    before = set((store / "sealed").glob("*"))
    where = {"building": "", "unit": "", "text": CANARY}
    sent = told(client, desks, text=CANARY, photos=[photo], phone=PHONE, where=where)
    tables = dump()
    for secret in (CANARY, PHONE, "监管失职", sent.json["owner_token"]):
        assert secret not in "\n".join(tables.values())
    assert "青山花园小区" not in "\n".join(tables[name] for name in OWN)
    kept = sorted(set((store / "sealed").glob("*")) - before)
    assert len(kept) == 1
    assert kept[0].read_bytes().startswith(b"hpke." if keyed else b"vault.")
    assert not list((store / photo).glob("*"))
    assert told(client, desks, text=CANARY, photos=[photo]).status_code == 422
    discard_unused(now=desks.now)
    assert not dump()["photo"]
