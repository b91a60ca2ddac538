"""`seed demo`: four counties to walk through; again it changes nothing; production refuses it."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, select

from server.accounts.login import check_login
from server.accounts.models import Body, Person, StaffChange
from server.cli.demo.cast import CAST, PASSWORD, YISHUI
from server.cli.seeding import night
from server.core import clock
from server.core.db import db
from server.disclosures.models import Disclosure
from server.estates.models import Estate, PlaceChange, ScanCode, Spot
from server.notices.models import Address, Push
from server.photos.models import Photo
from server.policy.loader import books
from server.reports.models import Event, Report

TABLES = (Address, Body, Disclosure, Estate, Event, Person, Photo, PlaceChange, Push, Report, ScanCode, Spot)


@pytest.fixture
def run(app, now):
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


def counts():
    return {
        table.__tablename__: db.session.scalar(select(func.count()).select_from(table))
        for table in (*TABLES, StaffChange)
    }


@pytest.fixture
def seeded(run):
    result = run("seed", "demo")
    assert result.exit_code == 0, result.output
    return counts()


def test_seeding_shows_everything_and_seeding_twice_changes_nothing(seeded, run, now):
    every_state_of_a_report_is_there()
    everybody_can_log_in_with_the_printed_password(now)
    the_managers_phone_has_something_to_show()
    the_welcome_says_where_to_begin(run("seed", "welcome").output)
    assert run("seed", "demo").exit_code == 0
    assert counts() == seeded
    assert seeded["estate"] == 53


def every_state_of_a_report_is_there():
    states = set(db.session.scalars(select(Report.state)))
    assert {"submitted", "accepted", "resolved", "closed"} <= states
    reports = list(db.session.scalars(select(Report)))
    assert any(report.reopen_count for report in reports)
    assert any(report.safety for report in reports)
    assert {report.county_id for report in reports} == {"371323", "370406", "341622", "652325"}


def everybody_can_log_in_with_the_printed_password(now):
    for one in CAST:
        assert check_login(one.username, PASSWORD, now=now).name == one.name


def the_managers_phone_has_something_to_show():
    manager = db.session.scalar(select(Person.id).where(Person.username == "anju"))
    channels = set(db.session.scalars(select(Address.channel).where(Address.person_id == manager)))
    assert channels == {"wecom_app", "mp_template"}
    assert db.session.scalar(select(func.count()).where(Push.person_id == manager, Push.state == "pending"))


def the_welcome_says_where_to_begin(said):
    code = db.session.scalar(
        select(ScanCode.code).join(Estate).where(Estate.name == "沂水源花园", ScanCode.spot_id.is_(None))
    )
    for words in (f"http://localhost/e/{code}", "http://localhost/login", "/_sandbox/", PASSWORD, "anju"):
        assert words in said


@pytest.mark.parametrize(
    ("hour", "minute", "silent"),
    [(21, 29, False), (21, 30, True), (0, 0, True), (7, 29, True), (7, 30, False)],
)
def test_by_night_the_welcome_says_why_a_phone_stays_silent_and_what_rings(hour, minute, silent):
    said = night(books()[YISHUI], datetime(2026, 11, 18, hour, minute, tzinfo=clock.ZONE))
    assert said == (
        "现在是夜间（21:30到07:30），普通事项早上才推送；想马上看到，请报“电梯困人”。" if silent else ""
    )


def test_production_refuses_made_up_people(run, app):
    demo = app.extensions["settings"]
    app.extensions["settings"] = replace(demo, mode="production")
    try:
        result = run("seed", "demo")
    finally:
        app.extensions["settings"] = demo
    assert result.exit_code == 1
    assert "production" in result.stderr
    assert counts()["person"] == 0
