"""Whose turn it is when pushes pile up, and that asking for it stays cheap in a flood."""

import pytest
from sqlalchemy import insert, text

from server.core.db import db
from server.notices.fairness import FREE, Job, share_out, turns
from server.notices.jobs import push as push_job
from server.notices.models import Push
from tests.notices.desk import filed, push_to

FLOOD, QUICK = 3000, "5s"
"""Compared each with each this takes many seconds."""


def arrived(*whose, turn=0, first=1):
    return [Job(first + n, turn, one) for n, one in enumerate(whose)]


def test_what_an_estate_has_beyond_its_free_places_goes_behind():
    assert turns(arrived(*["a"] * FREE, *["b"] * FREE)) == {}
    assert turns(arrived(*["a"] * (FREE + 2), "b")) == {FREE + 1: -1, FREE + 2: -2}


def test_two_that_flood_alternate_and_a_third_goes_before_both():
    found = turns(arrived(*["a", "b"] * (FREE + 2), "c"))
    assert sorted(found.values(), reverse=True) == [-1, -1, -2, -2]


@pytest.mark.parametrize(("turn", "expected"), [(-1, [-2, -3]), (-70, [-71, -72])])
def test_who_stands_behind_already_goes_on_behind_himself(turn, expected):
    waiting = [*arrived("a", turn=turn), *arrived("a", "b", "a", first=2)]
    assert list(turns(waiting).values()) == expected


def test_a_flood_that_begins_later_begins_where_the_first_one_is():
    waiting = [*arrived("a", "a", turn=-40), *arrived(*["b"] * (FREE + 1), first=3)]
    assert list(turns(waiting).values()) == [-41]


def test_a_flood_after_a_calm_day_is_shared_out_quickly(world):
    """The server reckons with the few that waited when it last counted, if it ever did."""
    filed(world)
    first = push_to(world, "ys.hill.manager")
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    columns = {one.name for one in Push.__table__.columns} - {"id", "occasion"}
    row = {name: getattr(first, name) for name in columns}
    db.session.execute(insert(Push), [row | {"occasion": f"more:{n}"} for n in range(FLOOD)])
    queue = """INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status)
    SELECT 'push', :task, 0, jsonb_build_object('push_id', id, 'county_id', county_id), 'todo'
    FROM push WHERE occasion LIKE 'more:%'"""
    db.session.execute(text(queue), {"task": push_job.name})
    db.session.execute(text(f"SET LOCAL statement_timeout = '{QUICK}'"))
    assert share_out(world.now) == FLOOD - FREE
    assert share_out(world.now) == 0
