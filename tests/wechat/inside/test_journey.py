"""From a report in the browser to messages on two phones, over the wire in both directions."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from server.core.crypto import vault
from server.core.db import db
from server.notices.dispatch import deliver_push
from server.notices.models import Address, Consent, Push
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.models import Report
from server.reports.workflow import Act
from server.wechat.sandbox.demo import MP_APPID, demo_openid, demo_target, demo_userid
from tests.wechat.conftest import serve

pytestmark = pytest.mark.usefixtures("served", "manager")
RESIDENT = demo_openid(MP_APPID, "resident-1")


@pytest.fixture
def served(app, sandbox):
    """The application on a port of its own, where the sandbox's events arrive."""
    server = serve(app)
    sandbox.state.target = demo_target(f"http://127.0.0.1:{server.port}/wechat/callback")
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def manager(world):
    """The manager's WeCom is a phone of the demonstration."""
    person = world.people["ys.hill.manager"]
    address = db.session.scalars(select(Address).where(Address.person_id == person.id)).one()
    address.target_sealed = vault().seal(demo_userid("manager-1"))
    db.session.commit()
    return person


@pytest.fixture
def deliver(app, now):
    """Delivers what is due to somebody, until nothing is; how many rows."""

    def until_done(**whose):
        query = select(Push.id).filter_by(state="pending", **whose)
        done = 0
        while waiting := db.session.scalars(query).all():
            for push_id in waiting:
                deliver_push(push_id, channels=app.extensions["channels"], now=now)
                done += 1
        return done

    return until_done


def accept(world, report):
    """The manager takes the report on."""
    report = db.session.get(Report, report.id, populate_existing=True)
    by = world.actor("ys.hill.manager")
    act_on(report, Act.ACCEPT, Deed(version=report.version), by=by, now=world.now)
    db.session.commit()
    return report


def agree(browser, link):
    """Follow the link to the question, choose the resident, allow one message."""
    question = urlsplit(browser.log_in(link).headers["Location"])
    query = {name: values[0] for name, values in parse_qs(question.query).items()}
    answer = browser.client.get(question.path, query_string=query | {"as": RESIDENT, "answer": "accept"})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_manager_and_resident_have_it_on_their_phones(deliver, world, browser, report_of, sandbox):
    report = report_of(browser)
    assert deliver(person_id=world.people["ys.hill.manager"].id) == 1
    assert sandbox.messages(demo_userid("manager-1")) == ["新的居民报告"]

    assert agree(browser, f"/wechat/news?next=/r/{report.no}") == f"http://localhost/r/{report.no}"
    assert sandbox.state.pushed == [200]
    assert db.session.scalars(select(Consent.left)).all() == [1]

    report = accept(world, report)
    assert deliver(resident_id=report.resident_id) == 1
    assert sandbox.messages(RESIDENT) == ["办理进度通知"]
    message = sandbox.app.test_client().get(f"/_sandbox/api/phones/{RESIDENT}").get_json()["messages"][0]
    assert ["说明", "您的报告已受理"] in message["lines"]
    assert message["link"].startswith(f"http://localhost/r/{report.no}?k=")
    assert db.session.scalars(select(Consent.left).execution_options(populate_existing=True)).all() == [0]
    # Told of its success as well; that event changes nothing.
    assert sandbox.state.pushed == [200, 200]


def test_after_the_one_message_the_template_goes_to_followers(deliver, world, browser, report_of, sandbox):
    report = report_of(browser)
    browser.log_in()
    report = accept(world, report)
    deliver(resident_id=report.resident_id)
    assert [
        push.channel for push in db.session.scalars(select(Push).where(Push.resident_id.is_not(None)))
    ] == ["mp_template"]
    assert sandbox.messages(RESIDENT) == ["办理进度通知"]


def test_one_token_serves_every_push(deliver, manager, report_of, browse, sandbox):
    for number in range(3):
        report_of(browse(), key=str(number) * 32)
    deliver(person_id=manager.id)
    assert len(sandbox.messages(demo_userid("manager-1"))) == 3
    fetched = [call for call in sandbox.state.calls if call["path"] == "/cgi-bin/gettoken"]
    assert len(fetched) == 1
