from datetime import timedelta

import pytest
from sqlalchemy import text, update

from server.core import clock
from server.core.db import db
from server.notices import ledger
from server.notices.dispatch import deliver_push
from server.notices.models import Push
from tests.notices.desk import BAD, bind, channels, filed, jobs_of, push_to

MANAGER = "ys.hill.manager"
SECOND, MANY = timedelta(seconds=1), 5


@pytest.fixture
def dead(world):
    filed(world)
    push = push_to(world, MANAGER)
    deliver_push(push.id, channels=channels(BAD), now=world.now)
    return push_to(world, MANAGER)


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["pushes", *words])


def test_dead_pushes_are_sent_again_when_somebody_says_so(world, dead):
    before = len(jobs_of(dead.id))
    assert ledger.retry_dead(now=world.now) == 1
    again = push_to(world, MANAGER)
    assert (again.state, again.attempts, again.failing_at, again.noticed_at) == ("pending", 0, None, None)
    assert len(jobs_of(dead.id)) == before + 1
    ways = channels()
    deliver_push(dead.id, channels=ways, now=world.now)
    assert push_to(world, MANAGER).state == "sent"


def test_another_countys_dead_pushes_stay(world, dead):
    assert ledger.retry_dead(now=world.now, county_id="370406") == 0


def test_whoever_has_bound_a_channel_since_is_told_by_it_and_whoever_has_not_stays_dead(world):
    db.session.execute(text("UPDATE address SET ended_at = now()"))
    filed(world)
    assert push_to(world, MANAGER).last_code == "no_address"
    assert ledger.retry_dead(now=world.now) == 0
    bind(world, MANAGER, "mp_template")
    assert ledger.retry_dead(now=world.now) == 1
    assert (push_to(world, MANAGER).channel, push_to(world, MANAGER).state) == ("mp_template", "pending")
    assert push_to(world, "ys.bureau").state == "dead"


def test_the_command_lists_what_waits_by_report_with_nobodys_name(world, run):
    report = filed(world)
    shown = run()
    assert shown.exit_code == 0
    assert report.no in shown.output
    assert "企业微信" in shown.output
    assert MANAGER not in shown.output


def test_the_command_lists_the_dead_and_sends_them_again(world, dead, run):
    assert "47003" in run("--dead").output
    assert "1 条" in run("--retry").output
    assert push_to(world, MANAGER).state == "pending"
    assert "47003" not in run("--dead").output


def test_sending_again_comes_to_an_end_although_the_channel_goes_on_refusing(world, dead, run, monkeypatch):
    again, rounds = ledger.retry_dead, []

    def with_a_worker(*, now):
        """A batch, and a worker that is as quick as the command."""
        found = again(now=now)
        deliver_push(dead.id, channels=channels(BAD), now=clock.now() + SECOND)
        rounds.append(found)
        return found if len(rounds) < MANY else 0

    monkeypatch.setattr(ledger, "retry_dead", with_a_worker)
    db.session.execute(update(Push).where(Push.id == dead.id).values(urgent=True))
    assert "1 条" in run("--retry").output
    assert rounds == [1, 0]
    assert push_to(world, MANAGER).state == "dead"


def test_operators_see_since_when_the_oldest_push_waits(world):
    assert ledger.oldest_due_at() is None
    filed(world)
    assert ledger.oldest_due_at() == world.now
