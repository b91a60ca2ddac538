"""Alarms in the database, and the figures at /metrics: once each, guarded, and nothing of what is confidential."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from server.core import clock, jobs
from server.core.db import NATIONAL, db
from server.escalation.models import Beat
from server.notices.channels import RefusalKind, Refused
from server.notices.jobs import push as push_job
from server.notices.models import Push
from server.seeing import alarms, gauges
from server.seeing.models import Alarm
from server.worker.duties import beat
from tests.conftest import NOON

TOKEN = "a-token-of-prometheus-alone"
SECOND = timedelta(seconds=1)


def waiting_push(county_id, *, now, waits):
    """A push that should have gone so long ago."""
    at = now - waits
    row = Push(
        county_id=county_id, purpose="new", occasion=f"{county_id}:{waits}", channel="mp_template",
        urgent=True, state="pending", created_at=at, next_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    jobs.defer(db.session, push_job, [{"push_id": row.id, "county_id": county_id}])
    db.session.commit()
    return row


def alive(now):
    """Workers that run."""
    for name in ("sweep", "wake_pushes"):
        beat(name, now=now)
    db.session.commit()


class Group:
    """The operators' group; it may be away."""

    def __init__(self):
        self.texts, self.away = [], False

    def __call__(self, text):
        """Take a text."""
        if self.away:
            raise Refused("timeout", RefusalKind.RETRY)
        self.texts.append(text)


def half_minutes(group, *, since, count, well=True):
    """The duty every half a minute, and the job it wants."""
    for step in range(count):
        now = since + step * 30 * SECOND
        if well:
            alive(now)
        alarms.watch(now)
        alarms.say(group, now=now)
    return since + count * 30 * SECOND


def test_a_trouble_is_told_once_its_end_too_and_a_group_that_is_away_hears_later(world):
    group, now = Group(), world.now
    now = half_minutes(group, since=now, count=3)
    assert group.texts == []
    stuck = waiting_push("371323", now=now, waits=timedelta(minutes=11))
    group.away = True
    now = half_minutes(group, since=now, count=3)
    group.away = False
    now = half_minutes(group, since=now, count=10)
    assert [text.count("一条也没有送出") for text in group.texts] == [1]
    stuck = db.session.merge(stuck)
    stuck.state, stuck.done_at = "sent", now
    db.session.commit()
    half_minutes(group, since=now, count=10)
    assert len(group.texts) == 2
    assert "已恢复" in group.texts[1]
    assert db.session.scalars(select(Alarm.said)).all() == ["clear"]


def test_a_restart_after_a_night_off_is_no_news(world):
    alive(world.now - timedelta(hours=9))
    group = Group()
    now = half_minutes(group, since=world.now, count=1, well=False)
    half_minutes(group, since=now, count=8)
    assert group.texts == []
    assert not alarms.open_alarms()


def scrape(app):
    """What Prometheus reads, without what moves by itself."""
    text = gauges.shown(app.extensions["settings"], now=clock.now()).decode()
    return "\n".join(
        line
        for line in text.splitlines()
        if not re.search(r"database_|disk|_created|_total|_bucket|_sum|_count", line)
    )


def test_what_is_confidential_is_in_no_figure_no_light_and_no_alarm(app, world):
    alive(world.now)
    waiting_push("371323", now=world.now, waits=timedelta(minutes=3))
    before = scrape(app), alarms.look(now=world.now)
    assert 'mashangban_push_oldest_seconds{channel="mp_template"} 180.0' in before[0]
    assert 'mashangban_jobs{queue="push",status="todo"} 1.0' in before[0]
    waiting_push(NATIONAL, now=world.now, waits=timedelta(hours=3))
    db.session.execute(update(Push).where(Push.county_id == NATIONAL).values(last_code="45009"))
    assert (scrape(app), alarms.look(now=world.now)) == before


def test_figures_are_shown_for_the_token_alone(app, client, world):
    wanted = app.extensions["settings"]
    ways = (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": TOKEN},
        {"Authorization": f"Bearer {TOKEN}"},
    )
    assert [client.get("/metrics", headers=way).status_code for way in ways] == [404] * 4
    app.extensions["settings"] = replace(wanted, metrics_token=TOKEN)
    answers = [client.get("/metrics", headers=way) for way in ways]
    app.extensions["settings"] = wanted
    assert [answer.status_code for answer in answers] == [404, 404, 404, 200]
    failed = re.findall(r'scrape_failed\{group="(\w+)"\} 1', answers[3].text)
    assert failed == []
    assert "371323" not in answers[3].text


def test_the_page_says_what_is_so_and_what_to_do(client, world):
    browser = world.login(client, "ys.bureau")
    alive(world.now)
    assert "一切正常" in browser.get("/b/status").text
    db.session.execute(update(Beat).values(at=NOON - timedelta(minutes=9)))
    page = browser.get("/b/status").text
    assert "最后一次动静是9 分钟前" in page
    assert "重启 work 进程" in page


@pytest.mark.parametrize("line", ["disk:elsewhere", "stuck"])
def test_another_machine_s_disk_is_not_called_well_from_here(world, line):
    old = world.now - timedelta(hours=1)
    db.session.add(Alarm(key=line, words="x", opened_at=old, seen_at=old))
    db.session.commit()
    alive(world.now)
    alarms.look(now=world.now)
    assert [one.key for one in alarms.open_alarms()] == ([line] if line.startswith("disk") else [])
