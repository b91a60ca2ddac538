from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from server.core.clock import today
from server.core.db import db
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.disclosures import lists, queries, revisions
from server.disclosures.contents import Charge, Charges
from server.disclosures.models import Disclosure
from server.disclosures.rules import Kind, State
from server.disclosures.service import digest, hand_in, place_for, publish, release, send_back
from server.policy.loader import books
from tests.disclosures.samples import BOARD, CHARGES, entered, income, shown
from tests.statements import UNCOUNTED

BOOK = books()["371323"]


@contextmanager
def statements():
    """The statements that are sent within the block."""
    sent = []

    def note(link, cursor, statement, *rest):
        if not statement.startswith(UNCOUNTED):
            sent.append(statement)

    event.listen(db.session.get_bind(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.session.get_bind(), "before_cursor_execute", note)


def priced(number):
    return Charges((Charge("物业服务费", f"{number}.00"),))


def frozen():
    """What never changes of every row."""
    query = select(
        Disclosure.id, Disclosure.revision, Disclosure.data, Disclosure.digest, Disclosure.entered_by
    ).order_by(Disclosure.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_a_hundred_edits_are_a_hundred_revisions_and_none_changes_an_older_one(world):
    seen = []
    for number in range(1, 101):
        row = entered(world, priced(number), now=world.now + timedelta(minutes=number))
        if number % 3 == 0:
            release("371323", row.id, by=world.actor("ys.bureau"), now=world.now)
        elif number % 3 == 1:
            send_back("371323", row.id, note="改", by=world.actor("ys.bureau"), now=world.now)
        db.session.expire_all()
        assert frozen()[:-1] == seen
        seen = frozen()
    assert [row[1] for row in seen] == list(range(1, 101))
    assert len({row[3] for row in seen}) == 100


def test_digests_form_a_chain_that_a_quiet_change_breaks(world):
    rows = [entered(world, priced(number)) for number in (1, 2, 3)]
    db.session.commit()
    db.session.expire_all()
    assert [
        digest(row, before=last) for row, last in zip(rows, ["", rows[0].digest, rows[1].digest], strict=True)
    ] == [row.digest for row in rows]
    rows[1].data = {"items": []}
    assert digest(rows[1], before=rows[0].digest) != rows[1].digest
    db.session.rollback()


def test_the_same_content_again_is_no_new_revision(world):
    first = entered(world, CHARGES)
    again = hand_in(world.place("ys.hill"), CHARGES, by=world.actor("ys.hill.manager"), now=world.now)
    assert (again.row.id, again.new) == (first.id, False)


def test_what_was_checked_anew_is_a_new_revision_once_it_is_released(world):
    shown(world, CHARGES)
    given = {"by": world.actor("ys.hill.manager"), "now": world.now}
    assert not hand_in(world.place("ys.hill"), CHARGES, **given).new
    assert hand_in(world.place("ys.hill"), CHARGES, reconfirm=True, **given).row.revision == 2
    assert not hand_in(world.place("ys.hill"), CHARGES, reconfirm=True, **given).new


def test_a_newer_hand_in_replaces_the_one_that_waits(world):
    first, second = entered(world, priced(1)), entered(world, priced(2))
    assert (first.state, second.state) == ("replaced", "draft")
    with pytest.raises(Conflict, match="新的一版"):
        release("371323", first.id, by=world.actor("ys.bureau"), now=world.now)
    assert [row.id for row in lists.waiting("371323", after=None, limit=20).items] == [second.id]


def test_nothing_is_public_before_the_bureau_releases_it(world):
    estate = world.estates["ys.hill"].id
    old = shown(world, CHARGES)
    row = entered(world, priced(2))
    assert revisions.released(estate).charges.id == old.id
    send_back("371323", row.id, note="没写计费单位", by=world.actor("ys.bureau"), now=world.now)
    assert revisions.released(estate).charges.id == old.id
    assert [one.id for one in revisions.history(estate, Kind.CHARGES)] == [old.id]
    new = shown(world, priced(3))
    assert revisions.released(estate).charges.id == new.id
    assert [one.revision for one in revisions.history(estate, Kind.CHARGES)] == [3, 1]
    everything = revisions.history(estate, Kind.CHARGES, everything=True)
    assert [(one.state, one.note) for one in everything] == [
        ("released", None),
        ("returned", "没写计费单位"),
        ("released", None),
    ]


def test_each_quarter_is_released_on_its_own(world):
    shown(world, income(), period="2026-Q2")
    shown(world, income(opening=604_950), period="2026-Q3")
    shown(world, income(rent=999), period="2026-Q2")
    found = revisions.released(world.estates["ys.hill"].id)
    assert [(one.period, one.revision) for one in found.income] == [("2026-Q3", 1), ("2026-Q2", 2)]
    assert found.of(Kind.INCOME, "2026-Q2").content.income[0].amount == 999


@pytest.mark.parametrize("period", ["", "2026-Q4", "2027-Q1", "2019-Q1", "2026Q3", "2026-Q3 "])
def test_only_a_quarter_that_is_over_and_not_long_ago_is_taken(world, period):
    with pytest.raises(Invalid) as caught:
        entered(world, income(), period=period)
    assert "period" in caught.value.fields


def test_what_has_no_quarters_takes_none(world):
    with pytest.raises(Invalid):
        entered(world, CHARGES, period="2026-Q3")


@pytest.mark.parametrize("who", ["ys.lake.manager", "ys.town", "ys.admin", "st.bureau", "st.hill.manager"])
def test_strangers_to_the_estate_neither_enter_nor_learn_that_it_exists(world, who):
    with pytest.raises(Forbidden):
        entered(world, CHARGES, by=who)
    with pytest.raises(NotFound):
        place_for(world.actor(who), world.estates["ys.hill"].id)


@pytest.mark.parametrize("who", ["ys.hill.manager", "ys.community", "ys.bureau"])
def test_manager_community_and_bureau_enter(world, who):
    assert place_for(world.actor(who), world.estates["ys.hill"].id).estate_name == "青山花园小区"
    assert entered(world, CHARGES, by=who).entered_by == world.people[who].id


@pytest.mark.parametrize("who", ["ys.hill.manager", "ys.community", "st.bureau", "ys.admin"])
def test_only_the_county_s_bureau_releases(world, who):
    row = entered(world, CHARGES)
    with pytest.raises(NotFound):
        release(row.county_id, row.id, by=world.actor(who), now=world.now)


def test_a_return_says_why_and_a_decision_is_made_once(world):
    row, bureau = entered(world, CHARGES), world.actor("ys.bureau")
    with pytest.raises(Invalid):
        send_back("371323", row.id, note=" ", by=bureau, now=world.now)
    release("371323", row.id, by=bureau, now=world.now)
    with pytest.raises(Conflict, match="已公开"):
        send_back("371323", row.id, note="改", by=bureau, now=world.now)


def test_what_the_bureau_publishes_itself_is_out_at_once_and_only_once(world):
    given = {"by": world.actor("ys.bureau"), "now": world.now}
    first = publish(world.place("ys.hill"), income(), period="2026-Q3", **given)
    again = publish(world.place("ys.hill"), income(), period="2026-Q3", **given)
    assert (first.id, first.state, first.revision) == (again.id, "released", 1)


def test_the_summary_shows_the_five_and_the_board_in_one_statement(world):
    project = world.projects["ys.hill"]
    project.manager_name, project.services, project.since_on = "甲经理", "保洁、保安、维修", date(2024, 1, 1)
    shown(world, CHARGES)
    shown(world, income(), period="2026-Q2")
    day = today(world.now)
    with statements() as sent:
        lines = queries.summary(world.estates["ys.hill"].id, BOOK, day)
    assert len(sent) == 1
    assert [(line.kind, line.state) for line in lines] == [
        ("manager", State.CURRENT),
        ("services", State.CURRENT),
        ("charges", State.CURRENT),
        ("phones", State.MISSING),
        ("income", State.STALE),
        ("contacts", State.MISSING),
    ]
    since = date(2024, 1, 1)
    assert [line.on for line in lines] == [since, since, day, None, date(2026, 10, 15), None]


def test_an_estate_without_a_company_says_who_looks_after_it(world):
    lines = queries.summary(world.estates["ys.bare"].id, BOOK, today(world.now))
    assert (lines[0].state, lines[0].words) == (State.CURRENT, "没有物业企业，由测试社区负责")


def test_the_late_list_agrees_with_the_rules_and_turns_page_by_page(world):
    day = today(world.now)
    shown(world, CHARGES)
    shown(world, BOARD, now=world.now - timedelta(days=181))
    shown(world, income(), period="2026-Q3")
    with statements() as sent:
        first = lists.late(BOOK, kind=None, after=None, limit=2, today=day)
    assert len(sent) == 1
    rest = lists.late(BOOK, kind=None, after=first.next, limit=2, today=day)
    found = {one.name: {line.kind: line.state for line in one.late} for one in (*first.items, *rest.items)}
    everything = dict.fromkeys(Kind, State.MISSING)
    assert found == {
        "青山花园小区": {"contacts": State.STALE},
        "湖畔新城": everything,
        "无物业小区": everything,
    }
    assert rest.next is None
    one_kind = lists.late(BOOK, kind=Kind.CHARGES, after=None, limit=20, today=day)
    assert {one.name for one in one_kind.items} == {"湖畔新城", "无物业小区"}
    assert lists.counts(BOOK, today=day) == (0, 3)


@pytest.mark.parametrize("age", [179, 180, 181, 182])
def test_the_late_list_has_the_same_border_as_the_rules(world, age):
    shown(world, BOARD, now=world.now - timedelta(days=age))
    found = lists.late(BOOK, kind=Kind.CONTACTS, after=None, limit=20, today=today(world.now))
    assert ("青山花园小区" in {one.name for one in found.items}) == (age > 180)


def test_waiting_is_the_county_s_own_oldest_first(world):
    entered(world, CHARGES, now=world.now - timedelta(hours=1))
    entered(world, BOARD)
    entered(world, CHARGES, estate="st.hill", by="st.hill.manager")
    with statements() as sent:
        page = lists.waiting("371323", after=None, limit=1)
    assert len(sent) == 1
    assert [row.kind for row in page.items] == ["charges"]
    assert [row.kind for row in lists.waiting("371323", after=page.next, limit=1).items] == ["contacts"]


def test_a_board_s_revision_keeps_its_confirmation(world):
    row = shown(world, replace(BOARD))
    assert revisions.released(row.estate_id).contacts.content == BOARD
