"""Nothing leads to the reporter any more; the report, the ledger and every count are as before."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from server.accounts.forgetting import KEPT, forget_invitations, forget_sessions
from server.accounts.invitations import invite
from server.accounts.models import Invitation, Resident, Session
from server.accounts.roles import Actor
from server.accounts.sessions import open_for_resident
from server.core import verify
from server.core.audit import Audit
from server.core.crypto import Unreadable, vault
from server.core.db import db
from server.core.errors import NotFound
from server.core.masks import NUMBER
from server.core.seals import SETTLED, seal
from server.core.tokens import fingerprint
from server.escalation.models import FeedVersion
from server.notices.models import Address, Consent, Push
from server.policy.loader import books
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.erasing import erase_contact, erase_expired, forget_lone_residents
from server.reports.filing import Filing, file_report
from server.reports.ledger import export_rows
from server.reports.models import Event, Report
from server.reports.queries import Filter, report_by_no, tab_counts
from server.reports.workflow import Act

PHONE, OPENID, DEVICE = "13912340917", "oCANARY-openid-7731", "device-canary-" + "e" * 20
CANARIES = (PHONE, OPENID, fingerprint(DEVICE))
DAYS = timedelta(days=180)


@pytest.fixture
def resident(world):
    """Somebody known to WeChat, with an address, a consent and a login."""
    county, now = "000000", world.now
    one = Resident(
        county_id=county,
        appid="wx1",
        openid_sealed=vault().seal(OPENID),
        openid_index=vault().blind(OPENID, purpose="openid"),
        created_at=now,
    )
    db.session.add(one)
    db.session.flush()
    address = Address(
        county_id=county,
        resident_id=one.id,
        channel="mini",
        target_sealed=vault().seal(OPENID),
        target_index=vault().blind(OPENID, purpose="mini"),
        created_at=now,
    )
    db.session.add(address)
    db.session.flush()
    db.session.add(
        Consent(county_id=county, address_id=address.id, purpose="progress", left=2, changed_at=now)
    )
    open_for_resident(one.id, device="手机", now=now)
    db.session.commit()
    return one.id


@pytest.fixture
def filed(world, resident):
    """File a report that holds every canary; gives it as stored."""
    made = []

    def file(**more):
        kind = next(kind.key for kind in books()["371323"].kinds.values() if kind.label == "漏水")
        filing = Filing(kind=kind, text=f"漏水了，打 {PHONE}", phone=PHONE, contact_ok=True, **more)
        by = Actor(device_hash=fingerprint(DEVICE), resident_id=resident)
        found = file_report(world.place("ys.hill"), filing, key=f"{len(made):032d}", by=by, now=world.now)
        made.append(found)
        db.session.commit()
        report = report_by_no(found.no)
        push = {
            "purpose": "progress",
            "occasion": "event:1",
            "channel": "mini",
            "urgent": False,
            "state": "pending",
        }
        address = db.session.scalar(select(Address.id).where(Address.resident_id == resident))
        db.session.add(
            Push(
                county_id="371323", report_id=report.id, resident_id=resident, address_id=address,
                next_at=world.now, created_at=world.now, **push,
            )
        )  # fmt: skip
        db.session.commit()
        return report

    return file


def plain(value):
    """A value as it is and, where one of our keys opens it, what is sealed in it."""
    try:
        return f"{value} {vault().open(value)}"
    except (Unreadable, ValueError):
        return value


def found_in_database():
    """Every column of every table in which a canary, or its blind index, can be read."""
    marks = {
        *CANARIES,
        *(vault().blind(one, purpose=p) for one in CANARIES for p in ("phone", "openid", "mini")),
    }
    columns = db.session.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'bytea')"
        )
    ).all()
    hits = set()
    for table, column in columns:
        rows = db.session.execute(
            text(f'SELECT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')
        )
        if any(mark in plain(value) for value in rows.scalars() for mark in marks):
            hits.add(f"{table}.{column}")
    return hits


def counted(world):
    """What the statistics and the ledger say to the bureau."""
    bureau, now = world.actor("ys.bureau"), world.now
    ledger = [
        tuple(value for key, value in row._mapping.items() if key != "text")
        for row in export_rows(bureau, Filter(), most=100, now=now)
    ]
    return ledger, tab_counts(bureau, mine=False, now=now)


def test_before_the_deletion_the_scan_finds_every_place(filed):
    filed()
    assert found_in_database() >= {
        "report.phone_sealed", "report.phone_index", "report.device_hash", "report.text",
        "resident.openid_sealed", "resident.openid_index", "address.target_sealed", "address.target_index",
    }  # fmt: skip


def test_after_the_deletion_phone_openid_and_device_are_in_no_table(world, filed, resident):
    report = filed()
    before = counted(world)
    erase_contact(report, by=Actor(resident_id=resident), now=world.now)
    assert found_in_database() == set()
    assert counted(world) == before
    assert db.session.scalar(select(Push.state).where(Push.channel == "mini")) == "cancelled"
    assert db.session.scalars(select(Session).where(Session.resident_id == resident)).all() == []


def test_another_report_of_the_same_person_keeps_what_it_needs(world, filed, resident):
    one, other = filed(), filed()
    erase_contact(one, by=Actor(resident_id=resident), now=world.now)
    assert report_by_no(other.no).phone_sealed
    assert db.session.get(Resident, resident)
    erase_contact(other, by=Actor(device_hash=fingerprint(DEVICE)), now=world.now)
    assert db.session.get(Resident, resident), "he is still logged in"
    later = world.now + timedelta(days=181)
    assert forget_lone_residents(later) == 1
    assert found_in_database() == set()


def test_only_the_reporter_may_ask_and_the_proof_by_token_stays(world, filed):
    report = filed()
    owner = report.owner_hash
    for stranger in (
        Actor(),
        Actor(device_hash="x"),
        world.actor("ys.bureau"),
        world.actor("ys.hill.manager"),
    ):
        with pytest.raises(NotFound):
            erase_contact(report, by=stranger, now=world.now)
    erase_contact(report, by=Actor(owner_hash=owner), now=world.now)
    assert report_by_no(report.no).owner_hash == owner
    row = db.session.scalar(select(Audit).where(Audit.act == "identity.erase"))
    assert (row.about, row.reason) == (f"report:{report.no}", "报告人要求")


@pytest.mark.parametrize(("after", "gone"), [(DAYS, 0), (DAYS + timedelta(minutes=1), 1)])
def test_contact_data_go_by_themselves_when_the_book_says_so(world, filed, after, gone):
    report = filed()
    assert erase_expired(world.now + 2 * DAYS) == 0, "it is still open"
    db.session.execute(
        db.update(Report).where(Report.id == report.id).values(closed_at=world.now, state="closed")
    )
    assert timedelta(days=books()["371323"].limits.contact_days) == DAYS
    assert erase_expired(world.now + after) == gone
    db.session.refresh(report)
    assert (report.phone_sealed is None, report.device_hash is None) == (bool(gone), bool(gone))
    assert erase_expired(world.now + after) == 0


PLANTED = {"building": "13912340917号楼", "unit": "139 1234 0917", "where": "门口 13912340917"}
LONG = "没修好" + "。" * 380 + PHONE
"""So long that the feed cuts the number in two."""


def step(report, act, *, by, now, **deed):
    act_on(report, act, Deed(version=report.version, **deed), by=by, now=now)
    db.session.commit()


@pytest.fixture
def planted(world, filed, resident):
    """A report with the phone in everything that its reporter can type, reopened and badly rated."""
    me, staff = Actor(resident_id=resident), world.actor("ys.hill.manager")
    report = filed(**PLANTED)
    step(report, Act.ADD, by=me, now=world.now, text=f"再说一次：{PHONE}")
    for words in (f"没修好，打 {PHONE}", LONG):
        step(report, Act.RESOLVE, by=staff, now=world.now, text="修好了", basis="换了", outcome="solved")
        step(report, Act.REOPEN, by=me, now=world.now, text=words)
    step(report, Act.RESOLVE, by=staff, now=world.now, text="修好了", basis="换了", outcome="solved")
    rating = {"score": 1, "reasons": (f"没人打 {PHONE}",), "text": f"太慢 {PHONE}"}
    step(report, Act.CONFIRM, by=me, now=world.now, **rating)
    return report


def kept(report):
    """Every column of the row, of its steps and of its feed entries, as text."""
    rows = [("report", "id"), ("report_event", "report_id"), ("feed_entry", "report_id")]
    return [
        line
        for table, column in rows
        for line in db.session.execute(
            text(f'SELECT t::text FROM "{table}" t WHERE "{column}" = :id ORDER BY id'), {"id": report.id}
        ).scalars()
    ]


def test_the_number_goes_from_everything_that_the_reporter_typed(world, planted, resident):
    assert sum(PHONE in line for line in kept(planted)) >= 6
    assert found_in_database() >= {
        "report.building",
        "report.where_text",
        "report_event.text",
        "feed_entry.detail",
    }
    version = feed_version()
    erase_contact(planted, by=Actor(resident_id=resident), now=world.now)
    assert found_in_database() == set()
    left = "\n".join(kept(planted))
    assert "1391" not in left, "nor a part of it"
    assert "139 1234" not in left
    for words in ("再说一次", "没修好，打", "太慢", "修好了", NUMBER):
        assert words in left, "the rest stays"
    assert feed_version() > version


def feed_version():
    return db.session.scalar(select(FeedVersion.version).where(FeedVersion.county_id == "371323"))


def test_it_goes_by_itself_too_when_the_time_is_over(world, planted):
    assert erase_expired(world.now + DAYS + timedelta(minutes=1)) == 1
    assert "1391" not in "\n".join(kept(planted))


def test_what_offices_wrote_stays_and_the_seals_still_fit(world, planted, resident):
    staff = Event.by_kind == "staff"
    before = db.session.execute(select(Event.id, Event.text, Event.data).where(staff)).all()
    for at in (world.now, world.now + SETTLED + timedelta(minutes=1)):
        seal(at)
    assert verify.covered("report_event") >= max(row.id for row in before)
    erase_contact(planted, by=Actor(resident_id=resident), now=world.now)
    assert db.session.execute(select(Event.id, Event.text, Event.data).where(staff)).all() == before
    assert verify.histories() == []


HIDDEN = "SELECT hide_words(:step, :words, NULL)"


def test_the_door_only_hides_and_only_what_a_forgotten_reporter_typed(world, planted, resident):
    own, office = (
        db.session.scalar(select(func.min(Event.id)).where(Event.by_kind == kind, Event.text.contains(words)))
        for kind, words in (("reporter", "再说一次"), ("staff", "修好了"))
    )

    def hides(step, words):
        return db.session.scalar(text(HIDDEN), {"step": step, "words": words})

    assert not hides(own, f"再说一次：{NUMBER}"), "something leads to him still"
    erase_contact(planted, by=Actor(resident_id=resident), now=world.now)
    assert not hides(own, "我很满意")
    assert not hides(own, "再说一%")
    assert not hides(own, f"再说两次：{NUMBER}")
    assert not hides(office, NUMBER)
    assert hides(own, f"再说一次：{NUMBER}")
    db.session.execute(text("SELECT set_config('app.county', '370406', true)"))
    assert not hides(own, f"再说一次：{NUMBER}"), "another county's"


def test_logins_and_invitations_that_are_over_are_forgotten(world, resident):
    invite(world.people["ys.bureau"], by=None, now=world.now)
    db.session.commit()
    sessions, invitations = (db.session.query(model).count() for model in (Session, Invitation))
    assert (forget_sessions(world.now), forget_invitations(world.now)) == (0, 0)
    much_later = world.now + timedelta(days=180) + KEPT + timedelta(days=1)
    assert forget_sessions(much_later) == sessions
    assert forget_invitations(much_later) == invitations
