"""What is wrong, what the group hears, and what the page says: tables of facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.seeing.known import Checked, Facts
from server.seeing.light import ALARM, OK, WARN
from server.seeing.lights import lights
from server.seeing.room import Room
from server.seeing.rules import is_mine, text_of, unsaid, wrong

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
TEN = timedelta(minutes=10)


def ago(**span):
    """An instant that long before now."""
    return NOW - timedelta(**span)


LIVING = {"sweep": ago(seconds=8), "wake_pushes": ago(seconds=3)}
PERIODS = {
    "sweep": timedelta(seconds=10),
    "end_terms": timedelta(minutes=1),
    "forget_sessions": timedelta(hours=1),
}
WELL = Facts(
    now=NOW,
    last_sent_at=ago(hours=9),
    beats=LIVING | {"gone_with_a_release": ago(days=2)},
    periods=PERIODS | {"check": timedelta(minutes=5)},
    backup_at=ago(hours=20),
    checked=Checked(ago(minutes=4), 0, 0),
    drill_on=date(2026, 11, 18),
    drill_whole=True,
    key_at=ago(days=90),
    free_bytes=50 * 1024**3,
)
PAUSE = (("微信服务号", "45009", NOW + timedelta(hours=6)),)
CASES = (
    ({}, set(), set()),
    ({"beats": {}}, {"silent"}, {"后台进程"}),
    ({"beats": {"sweep": ago(seconds=121), "wake_pushes": ago(hours=1)}}, {"silent"}, {"后台进程"}),
    ({"beats": {"sweep": ago(minutes=9), "wake_pushes": ago(seconds=119)}}, set(), set()),
    ({"waiting": 3, "oldest_seconds": 600.0}, {"stuck"}, {"推送"}),
    ({"waiting": 3, "oldest_seconds": 599.0}, set(), set()),
    ({"waiting": 3, "oldest_seconds": 900.0, "last_sent_at": ago(minutes=1)}, set(), {"推送"}),
    ({"waiting": 3, "oldest_seconds": 900.0, "last_sent_at": None}, {"stuck"}, {"推送"}),
    ({"lag_seconds": 301.0}, {"lag"}, {"时限和逐级上报"}),
    ({"lag_seconds": 301.0, "beats": {}}, {"silent"}, {"时限和逐级上报", "后台进程"}),
    ({"dead": 2}, {"dead"}, {"微信和企业微信"}),
    ({"resting": PAUSE}, {"channel:微信服务号"}, {"微信和企业微信"}),
    ({"checked": Checked(ago(minutes=4), 2, 0)}, {"repaired"}, {"有没有遗漏"}),
    ({"checked": Checked(ago(minutes=61), 2, 0)}, {"check"}, {"有没有遗漏"}),
    ({"checked": Checked(ago(minutes=4), 0, 1)}, {"lost"}, {"有没有遗漏"}),
    ({"checked": Checked(ago(minutes=21), 0, 0)}, {"check"}, {"有没有遗漏"}),
    ({"checked": Checked(ago(minutes=19), 0, 0)}, set(), set()),
    ({"checked": Checked(ago(minutes=21), 0, 0), "beats": {}}, {"silent"}, {"有没有遗漏", "后台进程"}),
    ({"checked": None, "beats": LIVING | {"check": ago(minutes=21)}}, {"check"}, {"有没有遗漏"}),
    ({"beats": LIVING | {"end_terms": ago(minutes=11)}}, {"duty:end_terms"}, {"定时任务"}),
    ({"beats": LIVING | {"end_terms": ago(minutes=9)}}, set(), set()),
    ({"beats": LIVING | {"forget_sessions": ago(minutes=181)}}, {"duty:forget_sessions"}, {"定时任务"}),
    ({"beats": LIVING | {"forget_sessions": ago(minutes=179)}}, set(), set()),
    ({"beats": LIVING | {"end_terms": ago(hours=9), "awake": ago(minutes=2)}}, set(), set()),
    ({"beats": {"sweep": ago(minutes=11), "wake_pushes": ago(seconds=3)}}, {"duty:sweep"}, {"定时任务"}),
    ({"beats": {"end_terms": ago(hours=9)}}, {"silent"}, {"后台进程"}),
    ({"beats": LIVING | {"photos_kept": ago(minutes=6)}}, {"photos"}, {"照片空间"}),
    ({"beats": LIVING | {"photos_kept": ago(minutes=6)}, "free_bytes": None}, {"photos"}, {"照片空间"}),
    ({"beats": LIVING | {"photos_kept": ago(minutes=4)}}, set(), set()),
    ({"beats": {"photos_kept": ago(hours=4)}}, {"silent"}, {"后台进程"}),
    ({"tight": "host-1"}, {"disk:host-1"}, {"照片空间"}),
    ({"apart": "host-1"}, {"clock:host-1"}, {"机器时钟"}),
    ({"unheld": "host-1"}, {"role:host-1"}, {"数据库账号"}),
    ({"backup_at": ago(hours=37)}, {"backup"}, {"备份"}),
    ({"backup_at": None}, {"backup"}, {"备份"}),
    ({"backup_at": None, "backup_wanted": False}, set(), set()),
    ({"drill_whole": False}, set(), {"每日演练"}),
)


@pytest.mark.parametrize(("change", "alarms", "dark"), CASES)
def test_what_is_wrong_is_told_and_has_its_light(change, alarms, dark):
    facts = replace(WELL, **change)
    assert wrong(facts, stuck_after=TEN).keys() == alarms
    shown = lights(facts, stuck_after=TEN)
    assert {one.title for one in shown if one.tone in {WARN, ALARM}} == dark
    assert all(one.remedy for one in shown if one.tone != OK)


SAID = (
    ({"lasted": timedelta(0)}, False),
    ({}, True),
    ({"tried_at": ago(seconds=59)}, False),
    ({"tried_at": ago(seconds=60)}, True),
    ({"said": "open", "said_at": ago(hours=5)}, False),
    ({"said": "open", "said_at": ago(hours=6)}, True),
    ({"said": "clear", "said_at": ago(days=3)}, True),
    ({"is_open": False}, False),
    ({"is_open": False, "said": "open", "said_at": ago(minutes=9)}, True),
    ({"is_open": False, "said": "clear", "said_at": ago(minutes=9)}, False),
)


@pytest.mark.parametrize(("change", "said"), SAID)
def test_the_group_hears_each_thing_once_again_after_six_hours_and_of_its_end(change, said):
    terms = {"is_open": True, "lasted": timedelta(minutes=1), "said": "", "said_at": None, "tried_at": None}
    assert unsaid(**(terms | change), now=NOW) is said


def test_a_message_stays_short_whatever_happens():
    text = text_of(["出了问题"] * 40, ["恢复了"] * 3, where="https://wy.example.gov.cn")
    assert len(text.splitlines()) == 14
    assert text.endswith("https://wy.example.gov.cn/b/status")


@pytest.mark.parametrize(
    ("total", "free", "tight"), [(100, 11, False), (100, 9, True), (900, 21, False), (900, 19, True)]
)
def test_a_disk_is_tight_below_a_tenth_unless_that_is_ample(total, free, tight):
    assert Room(total * 1024**3, free * 1024**3).tight is tight


@pytest.mark.parametrize("kind", ["disk", "clock", "role"])
def test_only_the_machine_itself_says_that_its_disk_clock_or_role_is_well_again(kind):
    assert [is_mine(key, "a") for key in (f"{kind}:a", f"{kind}:b", "stuck")] == [True, False, True]
