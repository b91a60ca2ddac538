"""Staff in browsers, and reports to deal with."""

from io import BytesIO

import pytest
from werkzeug.datastructures import MultiDict

from server.accounts.passwords import hash_password
from server.accounts.roles import Actor
from server.core import clock
from server.core.db import db
from server.core.tokens import fingerprint
from server.photos.service import keep_photo
from server.policy.loader import books
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from tests.web.conftest import filled, read

PHONE = "13812345678"
DEVICE = "device-canary-" + "d" * 20
PASSWORD = "correct horse battery"


def kind_of(label, county="371323"):
    return next(kind.key for kind in books()[county].kinds.values() if kind.label == label)


@pytest.fixture
def filed(world):
    """File a report as a resident would; gives it as stored."""
    made = []

    def file(
        estate="ys.hill", label="漏水", text="地下室漏水\n水已经漫到楼道", *, phone=PHONE, photo=None, **more
    ):
        key = f"{len(made):032d}"
        if photo:
            more["photos"] = (keep_photo(photo, now=world.now)[0].id,)
        filing = Filing(kind=kind_of(label), text=text, building="3号楼", unit="2单元", phone=phone, **more)
        by = Actor(device_hash=fingerprint(DEVICE))
        found = file_report(world.place(estate), filing, key=key, by=by, now=world.now)
        made.append(found)
        db.session.commit()
        return report_by_no(found.no)

    return file


@pytest.fixture
def staff(app, client, world):
    """A browser in which a person is logged in."""

    def enter(name):
        world.now = clock.now()
        return world.login(client.application.test_client(), name)

    return enter


@pytest.fixture
def password(world):
    """Give somebody a password."""

    def give(name):
        person = world.people[name]
        person.password_hash = hash_password(PASSWORD, username=person.username)
        db.session.commit()
        return PASSWORD

    return give


def page_of(browser, address, status=200):
    """The parsed page at an address."""
    answer = browser.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)[:300]
    return read(answer)


def send(browser, page, action, photos=(), headers=None, **fields):
    """Post the form of a page that leads to `action`, some of its fields filled in."""
    form = next(
        one for one in page.find_all("form", method="post") if (one.get("action") or action) == action
    )
    data = MultiDict((name, value) for name, value in filled(form) if name not in fields)
    for name, value in fields.items():
        if value is not None:
            data.add(name, value)
    for number, photo in enumerate(photos):
        data.add("photo", (BytesIO(photo), f"{number}.jpg"))
    return browser.post(action, data=data, content_type="multipart/form-data", headers=headers)


def act(browser, base, report, name, **fields):
    """Fill in and send the form of an act, as a manager does."""
    address = f"{base}{report.no}/{name}"
    page = page_of(browser, f"{base}{report.no}")
    if not any(form.get("action") == address for form in page.find_all("form")):
        page = page_of(browser, address)
    return send(browser, page, address, **fields)


def tabs_of(page):
    """The tabs of an inbox: word → count."""
    links = page.find("nav", class_="tabs").find_all("a")
    return {link.contents[0].strip(): int(link.find(class_="count").text) for link in links}
