"""Operators are told of every duty that the worker does, and how often."""

import re

import pytest

from server.worker import duties, tasks
from server.worker.duties import DUTIES
from tests.conftest import ROOT

ROW = re.compile(r"^\| `(\w+)` \| ([^|]+?) \|", re.MULTILINE)
SPANS = {
    duties.EVERY_THREE: "3 秒",
    duties.EVERY_FIVE: "5 秒",
    duties.EVERY_TEN: "10 秒",
    duties.EVERY_THIRTY: "30 秒",
    duties.EVERY_MINUTE: "1 分钟",
    duties.PHOTOS: "2 分钟",
    duties.FIVE_MINUTES: "5 分钟",
    duties.TEN_MINUTES: "10 分钟",
    duties.HOURLY: "每小时",
    duties.NIGHTLY: "每天凌晨",
    tasks.STALLED_CRON: "5 秒",
    tasks.PURGE_CRON: "每小时",
}


@pytest.fixture(scope="module")
def told():
    text = (ROOT / "docs" / "operations" / "pushes.md").read_text(encoding="utf-8")
    return ROW.findall(text)


def test_every_duty_stands_in_the_table_with_its_span(told):
    done = {one.name: SPANS[one.cron] for one in DUTIES}
    done |= {"rescue_jobs": SPANS[tasks.STALLED_CRON], "purge_jobs": SPANS[tasks.PURGE_CRON]}
    assert dict(told) == done


def test_none_stands_there_twice(told):
    names = [name for name, _ in told]
    assert len(names) == len(set(names))
