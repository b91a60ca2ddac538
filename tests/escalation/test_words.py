from datetime import UTC, datetime, timedelta

import pytest

from server.escalation import messages
from server.escalation.counts import month_bounds
from server.escalation.rules import SETTLES, Reason, is_bad, settled_by
from server.policy.clocks import Clock
from server.policy.terms import Level
from server.reports.workflow import Act

DUE = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "clock", "level", "words"),
    [
        (timedelta(), Clock.ACCEPT, Level.COMMUNITY, "到时限仍未受理，已通知社区"),
        (timedelta(seconds=20), Clock.RESOLVE, Level.COMMUNITY, "到时限仍未办结，已通知社区"),
        (timedelta(minutes=1), Clock.ACCEPT, Level.BUREAU, "超时 1 分钟未受理，已通知主管部门"),
        (timedelta(hours=3), Clock.ACCEPT, Level.TOWNSHIP, "超时 3 小时未受理，已通知镇街"),
        (timedelta(hours=3, minutes=5), Clock.ACCEPT, Level.TOWNSHIP, "超时 3 小时 5 分钟未受理，已通知镇街"),
        (timedelta(days=2), Clock.RESOLVE, Level.BUREAU, "超时 2 天未办结，已通知主管部门"),
        (
            timedelta(days=1, hours=4, minutes=9),
            Clock.RESOLVE,
            Level.BUREAU,
            "超时 1 天 4 小时未办结，已通知主管部门",
        ),
    ],
)
def test_an_overrun_is_told_in_plain_words(late, clock, level, words):
    assert messages.overrun(clock, level, due_at=DUE, at=DUE + late) == words


def test_every_reason_and_level_has_its_words():
    assert set(messages.TITLES) == set(Reason)
    assert set(messages.LEVELS) == set(Level)


def test_three_reasons_of_handing_back_stand_side_by_side_and_fit():
    words = messages.hand_backs(
        [("甲物业 项目经理", "不归我们管" * 60), ("乙社区", "没有执法权" * 60), ("丙镇街", "请指定")]
    )
    assert all(who in words for who in ("甲物业", "乙社区", "丙镇街：请指定"))
    assert len(words) <= messages.MOST


@pytest.mark.parametrize(("score", "bad"), [(None, False), (1, True), (2, True), (3, False), (5, False)])
def test_the_book_says_which_rating_is_bad(score, bad):
    assert is_bad(score, unhappy_to=2) is bad


def test_answering_settles_nothing_and_resolving_all_but_a_bad_rating():
    assert settled_by(Act.REPLY) == frozenset()
    kept = {Reason.BAD_RATING, Reason.HOLIDAYS, Reason.BULK_CLOSED, Reason.CHECK_LATE, Reason.REINSPECT_LATE}
    assert set(Reason) - SETTLES[Act.RESOLVE] >= kept
    assert Reason.NOT_RESOLVED not in SETTLES[Act.ACCEPT]


@pytest.mark.parametrize(
    ("month", "since", "until"),
    [
        ((2026, 11), datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)),
        ((2026, 12), datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ((2028, 2), datetime(2028, 1, 31, 16, tzinfo=UTC), datetime(2028, 2, 29, 16, tzinfo=UTC)),
    ],
)
def test_a_month_begins_and_ends_at_midnight_in_shanghai(month, since, until):
    assert month_bounds(*month) == (since, until)
