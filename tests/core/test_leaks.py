"""What leaves the process beside answers, log lines and reports of faults: canaries sent down every road are in none."""

import io
import json
import logging
import uuid
from dataclasses import replace
from typing import ClassVar

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport
from sqlalchemy.exc import SQLAlchemyError

from server.core import counties, jobs, logs, reporting, tracing
from server.core.db import NATIONAL, db
from server.core.entry import PUBLIC, entry
from server.core.traces import shortened
from server.notices.desks import Reach
from server.notices.jobs import push as push_job
from server.notices.models import Address
from server.notices.service import write_pushes
from server.worker import traced as middleware

PHONE, OPENID, CARD = "13912345678", "oCANARY7f3a9cOpenIdOfSomebod", "371323199001011234"
TOKEN, CODE, WORDS = "canaryTOKEN7f3a9c" + "x" * 26, "CANARYCODE77", "金丝雀说楼上漏水"
CANARIES = (PHONE, OPENID, CARD, TOKEN, CODE, WORDS)
PROXY_ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def logged():
    """Everything that is logged, as it would be written."""
    out, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(out), root.level
    handler.setFormatter(logs.JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


class Kept(Transport):
    """A transport that keeps what would leave."""

    sent: ClassVar[list[str]] = []

    def capture_envelope(self, envelope):
        """Keep the envelope as it would be on the wire."""
        Kept.sent.append(envelope.serialize().decode())


@pytest.fixture
def reported(app):
    """What would go to Sentry."""
    Kept.sent.clear()
    settings = replace(app.extensions["settings"], sentry_dsn="https://key@sentry.invalid/1")
    reporting.start(settings, transport=Kept)
    yield Kept.sent
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def blow_up(text):
    """A fault whose words, values and causes quote a person."""
    try:
        db.session.execute(db.text("SELECT CAST(:text AS integer)"), {"text": f"{WORDS} {PHONE}"})
    except SQLAlchemyError as fault:
        local = f"{OPENID} {CARD}"
        raise ValueError(f"{text} {local}") from fault


@pytest.fixture
def broken(app, monkeypatch):
    """The help page, broken."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    name = "landing.landing"
    monkeypatch.setitem(app.view_functions, name, entry(PUBLIC)(lambda **given: blow_up(str(given))))


def test_no_line_and_no_report_of_a_fault_holds_a_word_of_a_person(client, world, logged, reported, broken):
    query = f"?k={TOKEN}&phone={PHONE}&openid={OPENID}&text={WORDS}"
    heads = {"Authorization": f"Bearer {TOKEN}", "X-Request-Id": PHONE, "Cookie": f"login={TOKEN}"}
    for path in (f"/d/{TOKEN}", f"/invite/{TOKEN}", f"/nowhere/{TOKEN}/{PHONE}", "/b/"):
        client.get(path + query, headers=heads)
    answer = client.get(f"/e/{CODE}{query}", headers=heads)
    logging.getLogger("server").warning(
        "GET https://x/e/%s?k=%s for %s %s %s", CODE, TOKEN, PHONE, OPENID, CARD
    )
    said = logged.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    assert answer.status_code == 500
    assert [one for one in CANARIES if one in said or one in "".join(reported)] == []
    failed = next(line for line in lines if "trace" in line)
    assert "InvalidTextRepresentation 22P02" in failed["trace"]
    assert "ValueError" in failed["trace"]
    assert failed["request_id"] == answer.headers["X-Request-Id"]
    slow = next(line for line in lines if line.get("status") == 500)
    assert (slow["route"], slow["method"]) == ("/e/<code>", "GET")
    [report] = reported
    event = json.loads(report.splitlines()[-1])
    assert set(event) <= {*reporting.KEPT, "tags", "exception", "contexts"}
    assert event["tags"]["place"] == "/e/<code>"
    assert event["tags"]["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("hops", "given", "taken"),
    [(1, PROXY_ID, True), (0, PROXY_ID, False), (1, PHONE, False), (1, CARD, False), (1, TOKEN, False)],
)
def test_a_proxy_s_request_id_holds_only_where_a_proxy_stands_and_only_when_it_looks_like_one(
    settings, hops, given, taken
):
    from server.app import create_app

    app = create_app(replace(settings, proxy_hops=hops))
    found = app.test_client().get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert (found == given) is taken
    assert uuid.UUID(found)


def test_a_job_goes_on_under_its_request_and_a_confidential_one_under_none(world):
    own = tracing.begin()
    address = Address(
        county_id=NATIONAL, channel="mp_template", target_sealed="x", target_index="x", created_at=world.now
    )
    db.session.add(address)
    db.session.flush()
    jobs.defer(db.session, push_job, [{"push_id": 1, "county_id": "371323"}])
    for county in ("371323", NATIONAL):
        reach = [Reach(None, None, address.id, "mp_template")]
        write_pushes(
            county, reach, report_id=None, purpose="new", occasion=county, urgent=True, now=world.now
        )
    found = "SELECT args FROM procrastinate_jobs WHERE task_name = 'push' ORDER BY id DESC LIMIT 3"
    args = list(reversed(db.session.scalars(db.text(found)).all()))
    assert [one.get("request_id") for one in args] == [own, own, None]


@pytest.mark.parametrize(
    "given", [{"request_id": PROXY_ID, "county_id": "371323"}, {"county_id": NATIONAL}, {}]
)
def test_the_worker_names_request_and_county_and_hands_the_task_its_own_arguments(given):
    class Job:
        task_name, task_kwargs = "push", dict(given)

    class Context:
        job = Job

    async def call():
        return dict(Job.task_kwargs), tracing.request_id(), tracing.county()

    import asyncio

    kwargs, request_id, county = asyncio.run(middleware.traced(call, Context, None))
    assert "request_id" not in kwargs
    assert (request_id == PROXY_ID) is ("request_id" in given)
    assert county == ("371323" if given.get("county_id") == "371323" else "")


def test_a_line_names_the_county_once_it_is_known(app):
    with app.test_request_context():
        tracing.begin()
        assert tracing.county() == ""
        counties.remember("371323")
        assert tracing.county() == "371323"
        counties.remember("371323,371324")
        assert tracing.county() == ""


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/srv/app/server/core/http.py", "server/core/http.py"),
        ("/srv/app/.venv/lib/python3.11/site-packages/flask/app.py", "flask/app.py"),
        ("/usr/lib/python3.11/json/decoder.py", "decoder.py"),
    ],
)
def test_a_fault_s_places_tell_nothing_of_the_machine(path, shown):
    assert shortened(path) == shown
