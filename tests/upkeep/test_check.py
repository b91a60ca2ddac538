import json
from datetime import timedelta
from functools import partial, reduce

import psycopg
import pytest
from sqlalchemy import select, text

from server.core.db import db
from server.escalation.service import sweep
from server.escalation.untold import look_for
from server.notices.models import Inbox, Push
from server.notices.rules import LEASE
from server.reports.workflow import Act
from server.upkeep import asleep
from server.upkeep.checker import check
from server.upkeep.models import CheckRun
from server.worker import duties
from server.worker.duties import DUTIES, run_duty
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


def look(world, *, whole=False, after=SOON, answered=(), most=1000):
    return check(whole=whole, now=world.now + after, answered=answered, most=most)


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


NEVER_WOKEN = {
    "unaccepted, all levels due": (timedelta(days=30), {}, "sweep_at = NULL"),
    "one that was merged and split before looks were kept": (
        timedelta(days=30),
        {"state": "accepted"},
        "sweep_at = NULL",
    ),
    "looked at too late": (timedelta(days=3), {}, "sweep_at = sweep_at + interval '90 days'"),
    "answered, and the silence ran out": (
        timedelta(days=30),
        {"state": "resolved", "resolved_at": "submitted_at"},
        "sweep_at = NULL",
    ),
    "nothing due yet, and nobody would ever look": (LATER + timedelta(minutes=5), {}, "sweep_at = NULL"),
}


@pytest.mark.parametrize("case", NEVER_WOKEN)
def test_a_clock_that_sleeps_is_woken_and_the_clocks_do_the_rest(world, case):
    after, columns, slept = NEVER_WOKEN[case]
    report = filed(world, now=world.now + LATER)
    run("UPDATE push SET state = 'sent', done_at = next_at")
    changes = [
        f"{name} = {value if value == 'submitted_at' else repr(value)}" for name, value in columns.items()
    ]
    run(f"UPDATE report SET {', '.join([*changes, slept])}")
    db.session.expire_all()
    outcome = look(world, after=after, whole=True)
    assert (outcome.found, outcome.repaired) == ({"clock": 1}, 1)
    assert "时限已经到了" in feed(reason="check_found")[0].detail
    while sweep(world.now + after):
        db.session.commit()
    run("UPDATE push SET state = 'sent', done_at = next_at")
    assert look(world, after=after + timedelta(minutes=1), whole=True).found == {}
    db.session.refresh(report)
    assert report.state == "closed" if columns.get("state") == "resolved" else report.state != "closed"
    if after > timedelta(days=29) and report.state != "closed":
        assert [one.level for one in feed(report, reason="not_resolved")] == [
            "community",
            "township",
            "bureau",
        ]


def test_a_called_body_whose_clock_sleeps_is_woken(world):
    report = filed(world, now=world.now + LATER)
    do(world, report, Act.WHISTLE, "ys.community", now=world.now + LATER, body_id=world.bodies["ys.fire"].id)
    run("UPDATE push SET state = 'sent', done_at = next_at")
    run("UPDATE report_part SET sweep_at = NULL")
    db.session.expire_all()
    after = LATER + timedelta(minutes=3)
    assert look(world, after=after).found == {"clock": 1}
    assert look(world, after=after).found == {}


def test_what_was_told_and_closed_by_hand_is_no_sleeper(world):
    report = filed(world, now=world.now + LATER)
    run("UPDATE push SET state = 'sent', done_at = next_at")
    after = timedelta(days=30)
    while sweep(world.now + after):
        db.session.commit()
    run("UPDATE push SET state = 'sent', done_at = next_at")
    run("UPDATE feed_entry SET closed_at = opened_at, closed_by = 1")
    db.session.refresh(report)
    assert report.sweep_at is None
    assert look(world, after=after, whole=True).found == {}


def test_a_report_that_cannot_be_judged_keeps_no_other_from_being_woken(world, monkeypatch):
    broken, sound = (
        filed(world, now=world.now + LATER),
        filed(world, "ys.lake", now=world.now + LATER, key="l" * 32),
    )
    run("UPDATE push SET state = 'sent', done_at = next_at")
    run("UPDATE report SET sweep_at = NULL")
    db.session.expire_all()
    broken_id = broken.id

    def judged(report, told, *, now):
        if report.id == broken_id:
            raise KeyError(report.id)
        return look_for(report, told, now=now)

    monkeypatch.setattr(asleep, "look_for", judged)
    assert look(world, after=timedelta(days=3), whole=True).found == {"clock": 1}
    db.session.refresh(sound)
    assert sound.sweep_at == world.now + timedelta(days=3)


def test_a_run_that_mends_as_much_as_it_may_goes_on_and_counts_as_one_good_run_at_its_end(world, leak):
    before = everything(leak)
    run(DAMAGE["inbox"], report=leak.id)
    lost, rounds = len(before[0]), []
    while not rounds or rounds[-1].more:
        rounds.append(look(world, most=3))
        db.session.commit()
    assert [one.found.get("inbox", 0) for one in rounds[:-1]] == [3] * (len(rounds) - 1)
    assert sum(one.repaired for one in rounds) == lost
    assert everything(leak) == before
    (kept,) = db.session.scalars(select(CheckRun)).all()
    assert (kept.repaired, kept.found, kept.lost) == (lost, {"inbox": lost}, 0)
    (entry,) = feed(reason="check_found")
    assert "3 处以上" in entry.detail
    whole = reduce(lambda earlier, later: later.after(earlier), rounds)
    assert (whole.found, whole.repaired, whole.more) == ({"inbox": lost}, lost, False)


@pytest.mark.parametrize("whole", [False, True])
def test_a_run_that_was_broken_off_moves_no_window(world, leak, whole):
    assert look(world).found == {}
    later = timedelta(hours=5)
    run("UPDATE push SET state = 'sent', done_at = next_at")
    newer = filed(world, now=world.now + timedelta(hours=1), key="n" * 32, time_class="urgent", safety=True)
    run("UPDATE push SET state = 'sent', done_at = next_at")
    run("DELETE FROM inbox WHERE report_id IN (:old, :new)", old=leak.id if whole else 0, new=newer.id)
    assert look(world, after=later, most=1, whole=whole).more
    again = look(world, after=later + timedelta(minutes=20), most=1)
    assert (again.whole, again.more) == (whole, True)
    rest = look(world, after=later + timedelta(minutes=40))
    assert rest.found["inbox"] > 0
    assert not rest.more
    following = look(world, after=later + timedelta(minutes=45))
    assert (following.found, following.whole) == ({}, False)
    assert look(world, after=later + timedelta(hours=2), whole=True).found == {}


def test_the_duty_goes_on_round_after_round(world, leak, monkeypatch):
    before = everything(leak)
    run(DAMAGE["inbox"], report=leak.id)
    db.session.commit()
    monkeypatch.setattr(duties, "check", partial(check, most=2))
    run_duty(next(one for one in DUTIES if one.name == "check"), now=world.now + SOON)
    assert everything(leak)[0] == before[0]


def test_before_the_server_has_counted_its_tables_nothing_is_compared_row_by_row(world, peopled, leak):
    address = peopled[0].url.set(drivername="postgresql", username="postgres")
    with psycopg.connect(address.render_as_string(hide_password=False)) as owner:
        owner.execute("SELECT pg_clear_relation_stats('public', 'inbox')")
    look(world, whole=True)
    assert run("SHOW enable_nestloop").scalar() == "off"
