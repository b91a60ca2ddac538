"""`alarms`: what a timer sees and tells, above all while the database is away; its exit says whether somebody knows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from server.app import create_app
from server.cli import alarming
from server.core import clock
from server.notices.channels import RefusalKind, Refused
from server.seeing import stamp
from server.settings import Settings
from tests.conftest import NOON, ROOT

ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"
UNIT = ROOT / "docs/operations/deploy/systemd/mashangban-alarms.service"


@pytest.fixture
def group(monkeypatch):
    """What the operators' group was told."""
    told = []
    monkeypatch.setattr(alarming, "tell_group", told.append)
    monkeypatch.setattr(alarming, "AGAIN_SECONDS", 0.0)
    return told


def asked(app, *words):
    """The exit and the words of one look."""
    done = app.test_cli_runner().invoke(args=["alarms", *words])
    return done.exit_code, done.output


@pytest.fixture
def away(tmp_path):
    """An application whose database is away."""
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    return create_app(Settings(database_url=url, var_dir=str(tmp_path / "var"), alarm_robot_url=ROBOT))


def test_a_database_that_is_away_is_told_once_again_after_hours_and_at_its_end(
    away, group, monkeypatch, request
):
    with clock.stopped(NOON):
        assert [asked(away, "--say")[0] for _ in range(3)] == [2] * 3
    assert len(group) == 1
    assert "数据库连不上" in group[0]
    with clock.stopped(NOON + timedelta(hours=6)):
        assert asked(away, "--say")[0] == 2
    assert len(group) == 2
    app = request.getfixturevalue(
        "app"
    )  # not before: the context that stands is the one that commands run in
    var = away.extensions["settings"].var
    back = replace(app.extensions["settings"], var_dir=str(var), alarm_robot_url=ROBOT)
    monkeypatch.setitem(app.extensions, "settings", back)
    assert [asked(app, "--say")[0] for _ in range(2)] == [0] * 2
    ends = [text for text in group if "【已恢复】数据库" in text]
    assert len(ends) == 1
    assert not (var / stamp.NAME).exists()


def test_without_the_option_nobody_is_told_and_the_exit_says_that_nobody_could_look(away, group):
    code, words = asked(away)
    assert (code, group) == (2, [])
    assert "数据库连不上" in words


def test_a_group_that_does_not_listen_is_told_at_the_next_look(away, group, monkeypatch):
    def refusing(text):
        raise Refused("timeout", RefusalKind.RETRY)

    with monkeypatch.context() as patched:
        patched.setattr(alarming, "tell_group", refusing)
        code, words = asked(away, "--say")
        assert code == 2
        assert "运维群没有收下（代码 timeout）" in words
    asked(away, "--say")
    assert len(group) == 1


def test_without_a_group_to_tell_the_exit_and_a_sentence_say_so(app, group):
    code, words = asked(app, "--say")
    assert code == 2
    assert "没有设置 ALARM_ROBOT_URL" in words


def test_what_is_wrong_is_listed_and_a_timer_that_tells_has_done_its_work(app, world, group, monkeypatch):
    assert asked(app)[0] == 1
    monkeypatch.setitem(
        app.extensions, "settings", replace(app.extensions["settings"], alarm_robot_url=ROBOT)
    )
    assert asked(app, "--say")[0] == 0
    with clock.stopped(NOON + timedelta(minutes=1)):
        assert asked(app, "--say")[0] == 0
    assert "后台进程" in group[0]


def test_the_timer_takes_nothing_for_success_but_a_look_that_was_told():
    assert "SuccessExitStatus" not in UNIT.read_text()
