"""What each county's book says about what goes beyond the estate, as its plan words it."""

import pytest

from server.policy.handling import Caller, Proof, Stand
from server.policy.ledger import Every
from server.policy.loader import books
from server.policy.model import BodyRole
from server.policy.spans import Span, Unit
from server.policy.terms import Level

BOOKS = books()
YISHUI, SHANTING, MENGCHENG, QITAI = (BOOKS[code] for code in ("371323", "370406", "341622", "652325"))


def test_each_county_whistles_in_its_plans_words() -> None:
    called = {book.county_name: (book.whistle.name, set(book.whistle.by)) for book in BOOKS.values()}
    bureau, town, community = Caller.BUREAU, Caller.TOWNSHIP, Caller.COMMUNITY
    assert called == {
        "山亭区": ("镇街吹哨、部门报到", {bureau, town}),
        "蒙城县": ("社区吹哨、部门报到", {bureau, town, community}),
        "奇台县": ("社区吹哨、部门报到", {bureau, town, community}),
        "沂水县": ("交办督办、部门报到", {bureau, town, community, Caller.MANAGER}),
    }


def test_mengchengs_eight_and_more_may_be_called_in_the_plans_order() -> None:
    names = [MENGCHENG.bodies[key].name for key in MENGCHENG.whistle.bodies]
    assert MENGCHENG.whistle.township
    assert names == [
        *("县公安局", "县城市管理局", "县市场监管局", "县消防救援大队", "县自然资源和规划局", "县住建局"),
        *("县住房发展中心", "县供电公司", "县供水公司", "县电信公司"),
    ]


@pytest.mark.parametrize("county", BOOKS)
def test_nobody_may_whistle_for_a_court_or_a_confidential_body(county: str) -> None:
    book = BOOKS[county]
    roles = {book.bodies[key].role for key in book.whistle.bodies}
    assert not roles & {BodyRole.COURT, BodyRole.CONFIDENTIAL}


def test_mengchengs_eleven_kinds_each_have_a_row_and_a_choice() -> None:
    rows = [MENGCHENG.rows[number] for number in range(21, 32)]
    assert tuple(row.problem for row in rows) == MENGCHENG.lists["violations"].items
    assert all("default" in row.source for row in rows)
    assert {kind.row for kind in MENGCHENG.kinds.values()} >= set(range(21, 32))


def test_only_mengcheng_orders_the_community_to_call_back_first() -> None:
    assert [book.county_name for book in BOOKS.values() if book.contact.ordered] == ["蒙城县"]
    spans = MENGCHENG.contact.patience
    assert spans.span("urgent") == Span(30, Unit.MINUTES)
    assert spans.span("hard") == Span(2, Unit.WORKING_HOURS)


def test_a_second_body_checks_where_a_plan_speaks_of_it() -> None:
    checked = {
        book.county_name: [key for key in book.classes if book.second_body.checks(key)]
        for book in BOOKS.values()
    }
    assert checked["沂水县"] == ["hard"]
    assert checked["蒙城县"] == list(MENGCHENG.classes)
    assert checked["山亭区"] == checked["奇台县"] == []


@pytest.mark.parametrize(
    ("kind", "given", "lacks"),
    [
        ("repair.light", {}, (Proof.PHOTO,)),
        ("repair.light", {Proof.WORDS}, ()),
        ("clean.waste", {Proof.WORDS}, (Proof.PHOTO,)),
        ("service.attitude", {Proof.PHOTO}, (Proof.WORDS,)),
        ("lift.upkeep", {Proof.PHOTO}, (Proof.MEASURE,)),
        ("lift.upkeep", {Proof.MEASURE}, (Proof.PHOTO,)),
        ("fire.equipment", {}, (Proof.PHOTO, Proof.MEASURE)),
    ],
)
def test_what_a_resolution_still_lacks(kind: str, given: set[Proof], lacks: tuple[Proof, ...]) -> None:
    assert YISHUI.evidence.of(kind).lacks(frozenset(given)) == lacks


@pytest.mark.parametrize("county", BOOKS)
def test_the_outcomes_say_what_comes_next(county: str) -> None:
    outcomes = BOOKS[county].outcomes
    assert list(outcomes) == ["solved", "partly", "not_solvable", "needs_fund", "needs_vote", "referred"]
    assert [key for key, one in outcomes.items() if one.solved] == ["solved"]
    assert outcomes["not_solvable"].basis
    assert all(one.next_step for key, one in outcomes.items() if key != "solved")


def test_qitais_hazards_are_filed_with_the_fire_brigade() -> None:
    assert QITAI.hazard.filed_with == ("fire",)
    assert set(QITAI.hazard.phone_first) == {"lift.trapped", "pipe.gas"}
    assert QITAI.hazard.reinspect_after == Span(7, Unit.DAYS)


def test_estates_without_company_or_committee_have_somebody() -> None:
    assert set(SHANTING.no_company.stands) == set(Stand)
    assert {book.no_company.stands[0] for book in BOOKS.values()} == {Stand.COMMUNITY}
    assert {book.committee.by for book in BOOKS.values()} == {Level.COMMUNITY}
    assert "二（三）" in SHANTING.committee.source
    assert "10" in QITAI.committee.source


def test_the_plans_lists_cadences_and_goals_are_data() -> None:
    assert len(QITAI.lists["five_public"].items) == len(QITAI.lists["five_filed"].items) == 5
    assert len(MENGCHENG.lists["systems"].items) == 8
    assert SHANTING.cadences["progress"].days == (1, 15)
    assert [one.every for one in MENGCHENG.cadences.values()] == [Every.MONTH, Every.QUARTER, Every.YEAR]
    assert QITAI.cadences["evaluation"].every is Every.HALF_YEAR
    assert YISHUI.goals["hotline"].percent == 30
    assert [goal.percent for goal in MENGCHENG.goals.values()] == [100, 100, 100]


def test_disputes_go_to_the_court_or_to_the_peoples_mediators() -> None:
    assert YISHUI.bodies[YISHUI.mediation.body].role is BodyRole.COURT
    assert SHANTING.bodies[SHANTING.mediation.body].name == "区司法局"


@pytest.mark.parametrize("county", BOOKS)
def test_12345_categories_lead_to_kinds_and_kinds_have_words(county: str) -> None:
    book = BOOKS[county]
    assert set(book.hotline.categories.values()) <= set(book.kinds)
    assert [kind.key for kind in book.kinds.values() if not kind.words and not kind.confidential] == []
