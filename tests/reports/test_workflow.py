from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.accounts.permissions import Part
from server.reports.workflow import STEPS, Act, Facts, acts, may, missing

NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRESH = Facts(
    state="submitted",
    now=NOW,
    due_at=NOW + HOUR,
    resolve_due_at=NOW + 24 * HOUR,
    asked=False,
    rated=False,
    reminded=False,
    extension_asked=False,
    extended=False,
    closed_at=None,
    reopen_until=None,
    grants_by_community=True,
)
ACCEPTED = replace(FRESH, state="accepted")
WHISTLED = replace(FRESH, state="whistled")
LATE = replace(ACCEPTED, due_at=NOW - HOUR)
RESOLVED = replace(FRESH, state="resolved", reopen_until=NOW + HOUR)
CLOSED = replace(RESOLVED, state="closed", rated=True)
REFERRED = replace(FRESH, state="referred")
MERGED = replace(CLOSED, merged=True, split_until=NOW + HOUR)
ASKED_FOR_TIME = replace(ACCEPTED, extension_asked=True)
OWNER, HANDLER = frozenset({Part.OWNER}), frozenset({Part.PROJECT, Part.HANDLER})
PROJECT = frozenset({Part.PROJECT})
COMMUNITY, TOWNSHIP, BUREAU = (
    frozenset({Part.COMMUNITY}),
    frozenset({Part.TOWNSHIP}),
    frozenset({Part.BUREAU}),
)
JOINT = frozenset({Part.JOINT})
COMMUNITY_HANDLES = COMMUNITY | {Part.HANDLER}

TABLE = [
    ("a stranger may do nothing", FRESH, frozenset(), ""),
    ("a neighbour while it is open", ACCEPTED, frozenset({Part.NEIGHBOUR}), "join"),
    ("a neighbour after the answer", RESOLVED, frozenset({Part.NEIGHBOUR}), ""),
    ("the bureau with a merged report", MERGED, BUREAU, "split"),
    ("the community with a merged report", MERGED, COMMUNITY, "split"),
    ("the bureau after the book's days", replace(MERGED, split_until=NOW - HOUR), BUREAU, ""),
    ("the reporter of a merged report", replace(MERGED, rated=False), OWNER, ""),
    ("the township merges nothing", MERGED, TOWNSHIP, ""),
    ("the manager with a new report", FRESH, HANDLER, "accept reply ask resolve transfer hand_back extend"),
    ("the manager after accepting", ACCEPTED, HANDLER, "reply ask resolve transfer hand_back extend"),
    ("the manager after the deadline", replace(ACCEPTED, resolve_due_at=NOW), HANDLER, "reply ask resolve transfer hand_back"),
    ("the manager who asked for time", ASKED_FOR_TIME, HANDLER, "reply ask resolve transfer hand_back"),
    ("the manager whose time was extended once", replace(ACCEPTED, extended=True), HANDLER, "reply ask resolve transfer hand_back"),
    ("the manager after resolving", RESOLVED, HANDLER, ""),
    ("the manager can close nothing", CLOSED, HANDLER, ""),
    ("the company while another body handles", ACCEPTED, PROJECT, ""),
    ("the reporter of a new report", FRESH, OWNER, "add withdraw"),
    ("the reporter who was asked", replace(ACCEPTED, asked=True), OWNER, "answer add withdraw"),
    ("the reporter once it is late", LATE, OWNER, "add withdraw remind"),
    ("the reporter who has reminded", replace(LATE, reminded=True), OWNER, "add withdraw"),
    ("the reporter of a resolved report", RESOLVED, OWNER, "add confirm rate reopen"),
    ("the reporter of a closed report", CLOSED, OWNER, "reopen"),
    ("the reporter long after", replace(CLOSED, reopen_until=NOW - HOUR), OWNER, ""),
    ("the community watching", ACCEPTED, COMMUNITY, "remind transfer merge"),
    ("the community asked for time", ASKED_FOR_TIME, COMMUNITY, "remind transfer merge grant deny"),
    ("the community that handles cannot grant itself time", ASKED_FOR_TIME, COMMUNITY_HANDLES, "reply ask resolve remind transfer merge hand_back"),
    ("the community where the bureau grants", replace(ASKED_FOR_TIME, grants_by_community=False), COMMUNITY, "remind transfer merge"),
    ("the township watching", ACCEPTED, TOWNSHIP, "remind"),
    ("the bureau watching", ACCEPTED, BUREAU, "remind supervise transfer merge reject void"),
    ("the bureau asked for time", ASKED_FOR_TIME, BUREAU, "remind supervise transfer merge grant deny reject void"),
    ("the bureau that handles has nobody to hand back to", ACCEPTED, BUREAU | {Part.HANDLER}, "reply ask resolve remind supervise transfer merge extend reject void"),
    ("a joint department", ACCEPTED, JOINT, "reply"),
    ("the reporter of a public report", replace(FRESH, public=True), OWNER, "add withdraw hide"),
    ("the reporter whose public report is closed", replace(CLOSED, public=True), OWNER, "reopen hide"),
    ("nobody else hides a public report", replace(ACCEPTED, public=True), BUREAU | HANDLER, "reply ask resolve remind supervise transfer merge extend reject void"),
    ("nothing is left to hide", replace(CLOSED, public=False), OWNER, "reopen"),
    ("the called body before it reports in", WHISTLED, JOINT | {Part.HANDLER}, "report_in hand_back"),
    ("the company of a report that was whistled up", WHISTLED, PROJECT, ""),
    ("the community where the book lets it whistle", replace(ACCEPTED, whistlers=COMMUNITY), COMMUNITY, "remind transfer merge whistle"),
    ("the manager who handles and may whistle", replace(ACCEPTED, whistlers=PROJECT), HANDLER, "reply ask resolve transfer whistle hand_back extend"),
    ("the company that does not handle cannot whistle", replace(ACCEPTED, whistlers=PROJECT), PROJECT, ""),
    ("a department cannot whistle on", replace(ACCEPTED, whistlers=PROJECT | COMMUNITY | BUREAU), JOINT | {Part.HANDLER}, "reply ask resolve transfer hand_back extend"),
    ("a joint body that was whistled for", replace(WHISTLED, own_open=True, own_waits=True), JOINT, "report_in hand_back"),
    ("a joint body that has reported in", replace(WHISTLED, own_open=True), JOINT, "reply hand_back"),
    ("the reporter of a report that was whistled up", WHISTLED, OWNER, "add withdraw"),
    ("the manager where a centre mediates", replace(ACCEPTED, mediates=True), HANDLER, "reply ask resolve transfer hand_back extend refer"),
    ("the manager who asked for mediation", replace(ACCEPTED, mediates=True, referral="asked"), HANDLER, "reply ask resolve transfer hand_back extend unrefer"),
    ("the reporter who is asked whether he agrees to mediation", replace(ACCEPTED, referral="asked"), OWNER, "add withdraw consent unrefer"),
    ("the reporter before the centre takes it", replace(REFERRED, referral="waiting"), OWNER, "add withdraw unrefer"),
    ("the reporter while the centre has it", replace(REFERRED, referral="taken"), OWNER, "add withdraw"),
    ("the centre before it takes it", replace(REFERRED, referral="waiting"), JOINT | {Part.HANDLER}, "reply take unrefer"),
    ("the centre while it has it", replace(REFERRED, referral="taken"), JOINT | {Part.HANDLER}, "reply appoint settle"),
    ("the company while the centre has it", replace(REFERRED, referral="taken"), PROJECT, ""),
    ("the bureau while the centre has it", replace(REFERRED, referral="taken"), BUREAU, "supervise void"),
    ("nobody looks back at a closed report outside a campaign", CLOSED, BUREAU | COMMUNITY, "void"),
    ("anybody, once rejected", replace(FRESH, state="rejected"), OWNER | HANDLER | BUREAU, ""),
    ("anybody, once withdrawn", replace(FRESH, state="withdrawn"), OWNER | HANDLER | BUREAU, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "parts", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_who_may_do_what(facts, parts, expected):
    assert set(acts(facts, parts)) == set(expected.split())


FACTS = st.builds(
    Facts,
    state=st.sampled_from(
        [
            "submitted",
            "accepted",
            "whistled",
            "referred",
            "rejected",
            "resolved",
            "closed",
            "withdrawn",
            "void",
        ]
    ),
    now=st.just(NOW),
    due_at=st.sampled_from([NOW - HOUR, NOW, NOW + HOUR]),
    resolve_due_at=st.sampled_from([NOW - HOUR, NOW, NOW + HOUR]),
    asked=st.booleans(),
    rated=st.booleans(),
    reminded=st.booleans(),
    extension_asked=st.booleans(),
    extended=st.booleans(),
    closed_at=st.none(),
    reopen_until=st.sampled_from([None, NOW - HOUR, NOW + HOUR]),
    grants_by_community=st.booleans(),
    public=st.booleans(),
    whistlers=st.frozensets(st.sampled_from([Part.PROJECT, Part.COMMUNITY, Part.TOWNSHIP, Part.BUREAU])),
    own_open=st.booleans(),
    own_waits=st.booleans(),
    referral=st.sampled_from(["", "asked", "waiting", "taken"]),
    mediates=st.booleans(),
)
PARTS = st.frozensets(st.sampled_from(list(Part)))


@given(FACTS, PARTS)
def test_only_the_reporter_confirms_rates_reopens_withdraws_or_hides(facts, parts):
    if Part.OWNER not in parts:
        assert not {Act.CONFIRM, Act.RATE, Act.REOPEN, Act.WITHDRAW, Act.HIDE} & set(acts(facts, parts))


@given(FACTS, PARTS)
def test_nobody_who_neither_handles_nor_reported_can_move_a_report_to_another_state(facts, parts):
    if not parts & {Part.OWNER, Part.HANDLER}:
        mine = set(acts(facts, parts))
        assert all(
            STEPS[act].after is None
            for act in mine - {Act.VOID, Act.REJECT, Act.WHISTLE, Act.REPORT_IN, Act.MERGE}
        )
        assert not mine & {Act.VOID, Act.REJECT} or Part.BUREAU in parts
        assert Act.WHISTLE not in mine or parts & facts.whistlers
        assert Act.REPORT_IN not in mine or facts.own_waits


@given(FACTS, PARTS, st.sampled_from(list(Act)))
def test_an_act_is_listed_exactly_when_it_may_be_done(facts, parts, act):
    assert (act in acts(facts, parts)) == may(act, facts, parts)


@pytest.mark.parametrize(
    ("act", "given_things", "lacking"),
    [
        (Act.RESOLVE, set(), set()),
        (Act.CONTACT, {"text"}, {"result"}),
        (Act.MEASURE, {"text"}, {"until", "person"}),
        (Act.TRANSFER, {"text"}, {"body"}),
        (Act.RATE, {"text"}, {"score"}),
        (Act.ACCEPT, set(), set()),
    ],
)
def test_an_act_names_what_it_lacks(act, given_things, lacking):
    assert missing(act, given_things) == lacking
