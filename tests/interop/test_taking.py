"""A hotline's table comes in: every good order once, every bad one named, one report for one matter."""

import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from server.core.db import db
from server.interop.hotline.models import HotlineOrder
from server.interop.hotline.reading import read_file, understand
from server.interop.hotline.taking import CHUNK, Taken, take_in
from server.reports.models import Report
from tests.estates.tables import as_xlsx
from tests.interop.damages import COUNTY, damages, table


def bring(data, now, *, history=False):
    """Import a file whole; what it says and what it brought."""
    reading = understand(COUNTY, read_file(COUNTY, data), history=history, now=now)
    taken = Taken()
    for start in range(0, len(reading.sheet.rows), CHUNK):
        taken += take_in(COUNTY, reading.sheet.rows[start : start + CHUNK], history=history, now=now)
    return reading, taken


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def whole(size, now):
    """Import a damaged file twice and look at all of it; the seconds that each took."""
    rows, good, bad = table(size)
    data = as_xlsx(rows, before=("填表说明",))
    began = time.perf_counter()
    reading, taken = bring(data, now)
    between = time.perf_counter()
    assert {fault.row: fault.column for fault in reading.sheet.faults} == bad
    assert all(fault.sentence.startswith(f"第 {fault.row} 行") for fault in reading.sheet.faults)
    assert Counter(db.session.scalars(select(HotlineOrder.number))) == Counter(good)
    assert taken.new == len(good) == count(Report) == count(HotlineOrder)
    _, again = bring(data, now)
    assert (again.new, again.joined, again.known) == (0, 0, len(good))
    assert len(good) == count(Report) == count(HotlineOrder)
    return between - began, time.perf_counter() - between


def test_every_good_order_comes_in_once_and_every_bad_line_is_named(world, now):
    assert len(damages(0)) >= 40
    whole(400, now)


@pytest.mark.hostile
def test_five_thousand_lines_come_in_whole(world, now, record_property):
    first, second = whole(5000, now)
    record_property("seconds", f"{first:.1f}, again {second:.1f}")
