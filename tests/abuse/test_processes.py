"""Four processes at once: one person's thousand reports are exactly the limit; three hundred neighbours all pass."""

import json
import os
import subprocess
import sys

import pytest

from server.accounts.models import Resident
from server.accounts.sessions import open_for_resident
from server.app import create_app
from server.core import clock
from server.core.db import db
from server.policy.loader import books
from server.reports.models import Report
from server.settings import Settings
from tests.conftest import ROOT, copy_database
from tests.world import YISHUI, build

PROCESSES = 4
LEAK = next(kind for kind in books()[YISHUI].kinds.values() if kind.label == "漏水")


@pytest.fixture
def town(cluster, template, worker_name, tmp_path):
    """The small world in a database that keeps what is committed, and how a process reaches it."""
    owner, url = copy_database(cluster, template, f"flood_{worker_name}")
    told = Settings(database_url=url, database_owner_url=owner, var_dir=str(tmp_path))
    with create_app(told).app_context():
        world = build(clock.now())
        world.code_now = world.code("ys.hill")
        world.env = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(tmp_path), "PYTHONWARNINGS": "ignore"}
        db.session.commit()
        yield world
        db.session.remove()
        db.engine.dispose()


def residents(town, count):
    """So many people with a WeChat identity; the token of each."""
    tokens = []
    for number in range(count):
        one = Resident(
            county_id="000000",
            appid="wx",
            openid_sealed="x",
            openid_index=f"{number:064d}",
            created_at=town.now,
        )
        db.session.add(one)
        db.session.flush()
        tokens.append(open_for_resident(one.id, device="test", now=clock.now())[0])
    db.session.commit()
    return tokens


def flood(town, sends):
    """All the sends at once, shared out among the processes; every answer."""
    body = {"place": town.code_now, "kind": LEAK.key, "text": "楼道漏水", "where": {}}
    running = []
    for number in range(PROCESSES):
        command = [sys.executable, "-m", "tests.abuse.sender"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=ROOT, env=town.env, stdin=pipe, stdout=pipe, text=True)
        running.append((process, json.dumps({"body": body, "sends": sends[number::PROCESSES]})))
    for process, order in running:
        process.stdin.write(order)
        process.stdin.close()
    answers = []
    for process, _ in running:
        with process.stdout as said:
            answers += json.loads(said.read())
        assert process.wait() == 0
    return answers


def one_person(town, count):
    """Whoever sends that many, the limit is what is stored, and nobody goes without an answer."""
    guard = books()[YISHUI].guard
    (token,) = residents(town, 1)
    before = clock.now()
    answers = flood(town, [(f"{number:032d}", token) for number in range(count)])
    windows = 1 + int(clock.now().timestamp()) // (guard.short_minutes * 60)
    windows -= int(before.timestamp()) // (guard.short_minutes * 60)
    stored = db.session.query(Report).count()
    assert guard.short_most <= stored <= guard.short_most * windows
    assert sum(status == 201 for status, _ in answers) == stored
    assert all(status == 201 or (status == 429 and int(wait) > 0) for status, wait in answers)
    assert len(answers) == count


def neighbours(town, count):
    """That many people behind one address, one report each: every one is taken."""
    tokens = residents(town, count)
    answers = flood(town, [(f"{number:032d}", token) for number, token in enumerate(tokens)])
    assert [status for status, _ in answers] == [201] * count


def test_one_person_over_four_processes_gets_exactly_the_limit(town):
    one_person(town, 80)


def test_neighbours_behind_one_address_over_four_processes_all_pass(town):
    neighbours(town, 40)


@pytest.mark.hostile
def test_one_person_s_thousand_reports_over_four_processes_are_exactly_the_limit(town):
    one_person(town, 1000)


@pytest.mark.hostile
def test_three_hundred_neighbours_behind_one_address_all_pass(town):
    neighbours(town, 300)
