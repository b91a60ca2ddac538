import json
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select, text

from server.core.db import db
from server.notices.models import Inbox, Push
from server.notices.rules import LEASE
from server.reports.workflow import Act
from server.upkeep.checker import check
from server.upkeep.models import CheckRun
from tests.escalation.cases import do, feed, filed

LATER = timedelta(minutes=2)
"""After the people of the world came to their posts."""
SOON = LATER + timedelta(minutes=1, seconds=30)


def run(statement, **given):
    return db.session.execute(text(statement), given)


@pytest.fixture
def leak(world):
    """A dangerous report, of which many bodies are told at once."""
    return filed(world, now=world.now + LATER, time_class="urgent", safety=True)


def everything(report):
    """The desks and the pushes of a report, without their numbers."""
    boxes = select(Inbox.post_id, Inbox.body_id, Inbox.part).where(Inbox.report_id == report.id)
    pushes = select(Push.person_id, Push.address_id, Push.purpose, Push.occasion).where(
        Push.report_id == report.id
    )
    return sorted(db.session.execute(boxes).all()), sorted(db.session.execute(pushes).all())


def look(world, *, whole=False, after=SOON, answered=()):
    return check(whole=whole, now=world.now + after, answered=answered)


def jobs_of(report):
    """The pushes of a report for which a job waits, each with how many."""
    rows = run("SELECT args FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'push'").scalars()
    found = [one for args in rows for one in args.get("push_ids", [args.get("push_id")])]
    ours = set(db.session.scalars(select(Push.id).where(Push.report_id == report.id)))
    return sorted(one for one in found if one in ours)


def test_where_all_is_well_nothing_is_found_and_nothing_is_said(world, leak):
    filed(world, "ys.bare", now=world.now + LATER, key="j" * 32)
    filed(world, "st.hill", now=world.now + LATER, key="i" * 32)
    do(world, leak, Act.ACCEPT, "ys.hill.manager", now=world.now + LATER)
    do(world, leak, Act.SUPERVISE, "ys.bureau", now=world.now + LATER)
    do(world, leak, Act.ADD, now=world.now + LATER)
    stood = len(feed())
    for whole in (False, True):
        outcome = look(world, whole=whole)
        assert (outcome.found, outcome.lost) == ({}, 0)
    assert len(feed()) == stood


DAMAGE = {
    "inbox": "DELETE FROM inbox WHERE report_id = :report",
    "push": "DELETE FROM push WHERE report_id = :report",
    "job": "DELETE FROM procrastinate_jobs WHERE task_name = 'push'",
}


@pytest.mark.parametrize("fault", DAMAGE)
def test_what_is_missing_is_named_made_good_and_told_once(world, leak, fault):
    before = everything(leak)
    assert look(world).found == {}
    run(DAMAGE[fault], report=leak.id)
    outcome = look(world)
    assert outcome.found.keys() == {fault}
    assert (outcome.repaired, outcome.lost) == (sum(outcome.found.values()), 0)
    assert everything(leak) == before
    pending = db.session.scalars(select(Push.id).where(Push.report_id == leak.id, Push.state == "pending"))
    assert set(jobs_of(leak)) == set(pending)
    (entry,) = feed(reason="check_found")
    assert str(outcome.repaired) in entry.detail
    assert look(world).found == {}
    assert len(feed(reason="check_found")) == 1


def test_a_message_about_an_act_is_made_good_as_well(world, leak):
    do(world, leak, Act.SUPERVISE, "ys.bureau", now=world.now + LATER)
    before = everything(leak)
    run("DELETE FROM push WHERE purpose = 'supervise'")
    assert look(world).found == {"push": 1}
    assert everything(leak) == before


def test_where_nobody_holds_the_post_the_next_level_up_has_it_too(world):
    run("UPDATE holding SET ended_at = :now WHERE person_id = :who", now=world.now,
        who=world.people["ys.hill.manager"].id)  # fmt: skip
    report = filed(world, now=world.now + LATER)
    before = everything(report)
    assert "escalated" in {part for _, _, part in before[0]}
    assert look(world).found == {}
    run("DELETE FROM inbox WHERE report_id = :report AND part = 'escalated'", report=report.id)
    assert look(world).found == {"inbox": 1}
    assert everything(report)[0] == before[0]


def test_a_push_in_the_hands_of_a_dead_worker_gets_a_job(world, leak):
    run("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'push'")
    run("UPDATE push SET attempts = 1, next_at = :until", until=world.now + LATER + LEASE)
    assert look(world, after=LATER).found == {}
    outcome = look(world)
    assert outcome.found.keys() == {"job"}
    assert len(jobs_of(leak)) == outcome.repaired


def test_what_waits_for_a_later_hour_is_no_fault(world, leak):
    run("UPDATE push SET next_at = :later", later=world.now + timedelta(hours=9))
    run("DELETE FROM procrastinate_jobs")
    assert look(world).found == {}


def test_a_push_that_no_worker_takes_cannot_be_mended(world, leak):
    outcome = look(world, after=timedelta(minutes=13))
    assert outcome.found.keys() == {"stuck"}
    assert outcome.lost
    assert outcome.oldest_push_s > 600


def test_a_message_handed_to_a_next_way_that_is_not_there_is_sent_again(world, leak):
    run("UPDATE push SET state = 'passed', done_at = :now WHERE person_id = :who",
        now=world.now + LATER, who=world.people["ys.bureau"].id)  # fmt: skip
    assert look(world).found == {"next": 1}
    states = select(Push.state).where(Push.person_id == world.people["ys.bureau"].id)
    assert db.session.scalars(states).all() == ["pending"]


@pytest.mark.parametrize("noticed", [True, False])
def test_a_dead_push_without_an_entry_on_the_feed_gets_one(world, leak, noticed):
    at = world.now + LATER
    run("UPDATE push SET state = 'dead', last_code = '47003', done_at = :at, noticed_at = :noticed WHERE person_id = :who",
        at=at, noticed=at if noticed else None, who=world.people["ys.bureau"].id)  # fmt: skip
    assert look(world).found == {"alarm": 1}
    assert [one.person_id for one in feed(reason="undelivered")] == [world.people["ys.bureau"].id]
    assert look(world).found == {}


def test_what_nobody_can_make_up_again_is_told_once_a_day(world, leak):
    columns = ", ".join(run("SELECT column_name FROM information_schema.columns WHERE table_name = 'report' "
                            "AND column_name NOT IN ('id', 'no', 'key_hash')").scalars())  # fmt: skip
    run(f"INSERT INTO report (no, key_hash, {columns}) SELECT 'XX', 'XX', {columns} FROM report WHERE id = :id",
        id=leak.id)  # fmt: skip
    run("UPDATE inbox SET report_id = 987654 WHERE report_id = :id", id=leak.id)
    for _ in range(2):
        outcome = look(world, answered=[leak.no, "YS000000-00000"])
        assert outcome.found["report"] == 2
        assert outcome.found["event"] == 1
    assert len(feed(reason="check_found")) == 3


def test_a_run_begins_some_time_before_the_last_good_one(world):
    assert look(world).found == {}
    first = filed(world, now=world.now + SOON)
    outcome = look(world, after=SOON + timedelta(minutes=2))
    assert outcome.report_id == first.id
    second = filed(world, now=world.now + timedelta(hours=2), key="j" * 32)
    run("UPDATE push SET state = 'sent', done_at = now()")
    assert look(world, after=timedelta(hours=2)).found == {}
    run("DELETE FROM inbox WHERE report_id IN (:first, :second)", first=first.id, second=second.id)
    again = timedelta(hours=2, minutes=20)
    found = look(world, after=again).found["inbox"]
    assert look(world, after=again, whole=True).found["inbox"] == found
    assert db.session.scalars(select(CheckRun.whole).order_by(CheckRun.id)).all()[-1]


def test_the_command_prints_one_line_and_fails_only_for_what_is_lost(world, app, leak, tmp_path):
    run("DELETE FROM inbox WHERE report_id = :report", report=leak.id)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["check", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output)["found"].keys() == {"inbox"}
    told = tmp_path / "answered"
    told.write_text(f"{leak.no}\nYS000000-00000\n")
    lost = runner.invoke(args=["check", "--all", "--answered", str(told)])
    assert lost.exit_code == 1
    assert "补不上 1 处" in lost.output
    assert "没有丢失" in runner.invoke(args=["check"]).output


def test_before_the_server_has_counted_its_tables_nothing_is_compared_row_by_row(world, peopled, leak):
    address = peopled[0].url.set(drivername="postgresql", username="postgres")
    with psycopg.connect(address.render_as_string(hide_password=False)) as owner:
        owner.execute("SELECT pg_clear_relation_stats('public', 'inbox')")
    look(world, whole=True)
    assert run("SHOW enable_nestloop").scalar() == "off"
