"""A furnished world, and browsers of everybody who may come."""

from datetime import timedelta

import pytest

from server.core.db import db
from server.disclosures.contents import Charge, Charges, Contact, Contacts, Entry, Income
from server.disclosures.service import hand_in, publish
from server.policy.loader import books
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.links import read_key
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from tests.conftest import Browser

CALLERS = ("nobody", "owner", "ys.hill.manager", "ys.community", "ys.town", "ys.bureau", "ys.admin")
DEVICE = "device-of-the-owner-0123456789abcdef"


def kind_of(label):
    """The key of a kind by its words."""
    return next(kind.key for kind in books()["371323"].kinds.values() if kind.label == label)


@pytest.fixture
def furnish(world, now):
    """Makes reports of some states, disclosures and a quarter's income, with these words in all of them."""

    def make(words=("楼道灯不亮",)):
        from server.accounts.roles import Actor
        from server.core.tokens import fingerprint

        place, manager, owner = (
            world.place("ys.hill"),
            world.actor("ys.hill.manager"),
            Actor(device_hash=fingerprint(DEVICE)),
        )
        numbers = []
        for number, text in enumerate(words):
            filing = Filing(
                kind=kind_of("路灯"),
                text=text,
                building=text[:40],
                unit=text[:20],
                where=text[:80],
                phone="13812345678",
                contact_ok=True,
            )
            by = owner if number < 3 else Actor(device_hash=fingerprint(f"{DEVICE}{number}"))
            filed = file_report(
                place, filing, key=f"furnish-{number:026d}", by=by, now=now - timedelta(minutes=number)
            )
            numbers.append(filed.no)
            report = report_by_no(filed.no)
            if number % 2:
                act_on(report, Act.ACCEPT, Deed(version=report.version), by=manager, now=now)
                act_on(report, Act.REPLY, Deed(version=report.version, text=text), by=manager, now=now)
        for text in words[:8]:
            line = text[:20]
            publish(place, Charges((Charge(line, "1.20", line, line),)), by=world.actor("ys.bureau"), now=now)
            hand_in(place, Contacts((Contact(line, line, line, "0539-2000001"),)), by=manager, now=now)
        income = Income(0, (Entry(words[0][:40], 100),), (Entry(words[-1][:40], 40),), 60)
        publish(place, income, period="2026-Q3", by=world.actor("ys.bureau"), now=now)
        db.session.commit()
        return numbers

    return make


@pytest.fixture
def browser(app, world):
    """A browser of somebody; the owner's has the device that the first reports were sent from."""

    def make(who):
        app.test_client_class = Browser
        client = app.test_client()
        if who == "owner":
            client.set_cookie("device", DEVICE)
        elif who != "nobody":
            world.login(client, who)
        return client

    return make


@pytest.fixture
def starts(world):
    """Where residents begin: the code on the wall and the reports' own links."""

    def make(numbers):
        code = world.code("ys.hill")
        paths = [f"/e/{code}", f"/e/{code}/report", f"/e/{code}/mine", f"/e/{code}/contacts"]
        return (
            paths
            + [f"/r/{no}?k={read_key(no)}" for no in numbers[:6]]
            + [f"/m/{no}" for no in numbers[:2]]
            + [f"/b/{no}" for no in numbers[:2]]
        )

    return make
