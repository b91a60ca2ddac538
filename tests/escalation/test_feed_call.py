from datetime import timedelta

import pytest

from server.core.db import db
from server.core.errors import Forbidden, NotFound
from server.escalation.feed import close_entry
from server.escalation.models import FeedEntry
from server.escalation.queries import FeedFilter, feed_page, feed_version
from server.escalation.schemas import FeedPage
from server.escalation.service import sweep
from server.reports.workflow import Act
from tests.escalation.cases import do, feed, filed
from tests.statements import recorded

MANAGER = "ys.hill.manager"
FEED = "/api/v1/feed"


@pytest.fixture
def late(world):
    """Two reports in one county and one in the other, none of them accepted in time."""
    reports = [filed(world, name, key=name * 4) for name in ("ys.hill", "ys.lake", "st.hill")]
    for report in reports:
        report.swept_at = reports[0].accept_due_at + timedelta(days=3)
    while sweep(reports[0].swept_at):
        db.session.commit()
    return reports


def get(client, world, who="ys.bureau", query="", **headers):
    return client.get(FEED + query, headers=world.bearer(who) | headers)


def numbers(answer):
    return [one["report"]["no"] for one in answer.json["items"]]


def test_the_bureau_sees_its_whole_county_newest_first_in_the_documented_shape(client, world, late):
    answer = get(client, world)
    assert answer.status_code == 200
    assert FeedPage().validate(answer.json) == {}
    assert set(numbers(answer)) == {late[0].no, late[1].no}
    ids = [int(one["id"]) for one in answer.json["items"]]
    assert ids == sorted(ids, reverse=True)
    first = answer.json["items"][0]
    assert (first["reason"], first["title"], first["level_label"]) == (
        "not_accepted",
        "超时未受理",
        "主管部门",
    )
    assert "未受理" in first["detail"]


def test_township_and_community_see_their_own_area_and_the_other_county_nothing_of_it(client, world, late):
    for who in ("ys.town", "ys.community"):
        assert set(numbers(get(client, world, who))) == {late[0].no, late[1].no}
    for who in ("st.bureau", "st.town", "st.community"):
        assert set(numbers(get(client, world, who))) == {late[2].no}


@pytest.mark.parametrize("who", [MANAGER, "ys.admin"])
def test_whoever_has_no_feed_is_not_let_in(client, world, who):
    assert get(client, world, who).status_code == 403


def test_without_a_token_one_must_log_in_first(client, world):
    assert client.get(FEED).status_code == 401


def test_polling_costs_one_look_up_until_something_changes(client, world, late):
    headers = world.bearer("ys.bureau")
    tag = client.get(FEED, headers=headers).headers["ETag"]
    with recorded() as sent:
        again = client.get(FEED, headers=headers | {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert sum("feed_version" in one for one in sent.texts) == 1
    assert not any("feed_entry" in one for one in sent.texts)
    do(world, late[0], Act.ACCEPT, MANAGER, now=late[0].swept_at)
    assert client.get(FEED, headers=headers | {"If-None-Match": tag}).status_code == 200


def test_another_countys_changes_move_nothing_here(world, late):
    before = feed_version("371323")
    do(world, late[2], Act.ACCEPT, "st.hill.manager", now=late[2].swept_at)
    assert feed_version("371323") == before


def test_a_page_takes_no_more_statements_the_longer_it_is(world, late):
    bureau = world.actor("ys.bureau")
    for limit in (1, 100):
        with recorded() as sent:
            feed_page(bureau, FeedFilter(), after=None, limit=limit)
        assert len(sent) == 1


def test_pages_follow_one_another_without_gap_or_repeat(client, world, late):
    whole = [one["id"] for one in get(client, world).json["items"]]
    seen, cursor = [], ""
    while cursor is not None:
        answer = get(client, world, query="?limit=2" + (f"&after={cursor}" if cursor else "")).json
        seen += [one["id"] for one in answer["items"]]
        cursor = answer["next"]
    assert seen == whole
    assert len(whole) == 6


def test_filters_narrow_by_reason_openness_kind_tile_and_area(client, world, late):
    do(world, late[0], Act.ACCEPT, MANAGER, now=late[0].swept_at)
    town, kind = world.bodies["ys.town"].id, late[0].kind
    cases = {
        "?open=true": {late[1].no},
        "?open=false": {late[0].no},
        "?reason=safety": set(),
        "?reason=not_accepted": {late[0].no, late[1].no},
        f"?kind={kind}": {late[0].no, late[1].no},
        f"?area={town}": {late[0].no, late[1].no},
        f"?area={world.bodies['ys.community'].id}&open=true": {late[1].no},
    }
    for query, expected in cases.items():
        assert set(numbers(get(client, world, query=query))) == expected, query
    from server.policy.loader import books

    tile = books()["371323"].kinds[kind].tile
    assert set(numbers(get(client, world, query=f"?kind={tile}"))) == {late[0].no, late[1].no}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?colour=red", 422),
        ("?reason=none", 422),
        ("?kind=none", 422),
        ("?open=perhaps", 422),
        ("?after=x", 422),
        ("?limit=0", 422),
        ("?area=99999999", 404),
    ],
)
def test_what_is_not_understood_is_refused(client, world, query, status):
    assert get(client, world, query=query).status_code == status


def test_another_countys_area_and_one_that_is_no_area_do_not_exist(client, world):
    for body in ("st.town", "ys.bureau"):
        assert get(client, world, query=f"?area={world.bodies[body].id}").status_code == 404


def test_the_bureau_closes_an_entry_by_hand_once_and_with_a_note(world, late):
    bureau, entry, before = world.actor("ys.bureau"), feed()[0], feed_version("371323")
    close_entry(entry.id, by=bureau, note=" 已约谈 ", now=world.now)
    close_entry(entry.id, by=bureau, note="又一次", now=world.now + timedelta(hours=1))
    kept = db.session.get(FeedEntry, entry.id)
    assert (kept.closed_at, kept.closed_by, kept.note) == (world.now, bureau.person_id, "已约谈")
    assert feed_version("371323") == before + 1


@pytest.mark.parametrize(("who", "refusal"), [("st.bureau", NotFound), ("ys.town", Forbidden)])
def test_nobody_else_closes_it(world, late, who, refusal):
    with pytest.raises(refusal):
        close_entry(feed()[0].id, by=world.actor(who), note="", now=world.now)
