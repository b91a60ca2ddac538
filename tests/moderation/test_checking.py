from datetime import timedelta

import pytest
from sqlalchemy import text

from server.core import clock
from server.core.db import db
from server.moderation import rules
from server.moderation.answers import give_up_waiting, settle, take_answer
from server.moderation.checking import Found, check
from server.notices.channels import RefusalKind, Refused
from tests.moderation.conftest import piece_of, pieces_of, shown_of

RETRY, PAUSE, FINAL = RefusalKind.RETRY, RefusalKind.PAUSE, RefusalKind.FINAL
MINUTE = timedelta(minutes=1)


def standing(piece_holder, kind="text"):
    piece = piece_of(piece_holder, kind)
    return piece.verdict, piece.why


def ask(report, checks, now, kind="text"):
    return check(piece_of(report, kind).id, checks, now=now)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Found("pass", 100), "pass"),
        (Found("review", 20003), "review"),
        (Found("risky", 20006), "risky"),
        (Found("odd", 1), "review"),
    ],
)
def test_what_the_check_says_of_a_text_stands_beside_it_and_releases_nothing(
    tell, checks, now, found, verdict
):
    report = tell()
    checks.said = [found]
    assert ask(report, checks, now) == verdict
    assert standing(report) == (verdict, str(found.label))
    assert piece_of(report).state == "waiting"
    assert shown_of(report).published_at is None


@pytest.mark.parametrize("why", [rules.NO_ACCOUNT, rules.NO_OPENID, rules.VISIT_OVER])
def test_without_an_openid_a_person_must_look(tell, checks, now, why):
    report = tell(photos=1)
    checks.openid, checks.why = "", why
    for one in pieces_of(report):
        assert check(one.id, checks, now=now) == "manual"
        assert (one.verdict, one.why) in {("due", ""), ("manual", why)}
    assert {(one.verdict, one.why) for one in pieces_of(report)} == {("manual", why)}
    assert checks.asked == []


def test_a_check_is_asked_once(tell, checks, now):
    report = tell()
    assert ask(report, checks, now) == "pass"
    assert ask(report, checks, now) is None
    assert len(checks.asked) == 1


def test_what_is_decided_already_is_not_asked_about(tell, act, checks, now):
    report = tell()
    piece_of(report).state = "refused"
    db.session.flush()
    assert ask(report, checks, now) is None


def test_a_long_text_is_for_a_person(tell, checks, now):
    report = tell(text="漏" * 2501)
    assert ask(report, checks, now) == "manual"
    assert standing(report) == ("manual", rules.LONG)


def test_a_text_that_is_none_has_nothing_to_object_to(tell, checks, now):
    assert ask(tell(text=""), checks, now) == "pass"
    assert checks.asked == []


@pytest.mark.parametrize(("code", "why"), [("61010", rules.VISIT_OVER), ("40003", rules.DOWN)])
def test_a_final_refusal_leaves_it_to_a_person(tell, checks, now, code, why):
    report = tell()
    checks.said = [Refused(code, FINAL)]
    assert ask(report, checks, now) == "manual"
    assert standing(report) == ("manual", why)


@pytest.mark.parametrize(("code", "kind"), [("timeout", RETRY), ("45009", PAUSE), ("http_502", RETRY)])
def test_a_check_that_is_away_is_asked_again_and_the_piece_says_why(tell, checks, now, code, kind):
    report = tell()
    checks.said = [Refused(code, kind)]
    assert ask(report, checks, now) == "due"
    assert standing(report) == ("due", rules.DOWN)
    query = text(
        "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'check_piece' ORDER BY id DESC"
    )
    assert db.session.scalar(query) == now + MINUTE
    assert ask(report, checks, now + 2 * MINUTE) == "pass"


def test_while_it_is_away_the_other_pieces_do_not_wait_for_it(tell, checks, now):
    first, second = tell(), tell()
    checks.said = [Refused("timeout", RETRY)]
    ask(first, checks, now)
    assert ask(second, checks, now + MINUTE / 2) == "due"
    assert len(checks.asked) == 1


def test_dead_for_six_hours_nothing_is_public_and_the_queue_says_why(tell, checks, now, world):
    reports = [tell(photos=1) for _ in range(3)]
    for minutes in range(0, 360, 5):
        at = now + minutes * MINUTE
        for report in reports:
            for piece in pieces_of(report):
                checks.said = [Refused("timeout", RETRY)]
                check(piece.id, checks, now=at)
        give_up_waiting(at)
    for report in reports:
        assert {(one.state, one.verdict) for one in pieces_of(report)} == {("waiting", "manual")}
        assert {one.why for one in pieces_of(report)} <= {rules.DOWN, rules.LATE}
        assert shown_of(report).published_at is None
    late = text("SELECT count(*) FROM push WHERE next_at > created_at")
    assert db.session.scalar(late) == 0


def test_a_photo_waits_for_its_answer(tell, checks, now):
    report = tell(photos=1)
    checks.said = ["trace-1"]
    assert ask(report, checks, now, "photo") == "asked"
    take_answer("trace-1", errcode=0, suggest="risky", label=20002, now=now)
    assert settle("trace-1", now=now) == "risky"
    assert standing(report, "photo") == ("risky", "20002")


def test_an_answer_may_come_before_the_question_is_written_down(tell, checks, now):
    report = tell(photos=1)
    take_answer("trace-1", errcode=0, suggest="pass", label=100, now=now)
    assert settle("trace-1", now=now) is None
    checks.said = ["trace-1"]
    assert ask(report, checks, now, "photo") == "pass"
    assert piece_of(report, "photo").state == "waiting"


def test_the_first_answer_stands_and_twenty_more_change_nothing(tell, checks, now):
    report = tell(photos=1)
    checks.said = ["trace-1"]
    ask(report, checks, now, "photo")
    for suggest in ["risky"] + ["pass"] * 20:
        take_answer("trace-1", errcode=0, suggest=suggest, label=20002, now=now)
        settle("trace-1", now=now)
    assert standing(report, "photo") == ("risky", "20002")
    query = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'settle_check'")
    assert db.session.scalar(query) == 1


def test_a_photo_that_could_not_be_fetched_was_not_checked(tell, checks, now):
    report = tell(photos=1)
    checks.said = ["trace-1"]
    ask(report, checks, now, "photo")
    take_answer("trace-1", errcode=-1008, suggest="pass", label=100, now=now)
    settle("trace-1", now=now)
    assert standing(report, "photo") == ("manual", rules.UNREAD)


def test_an_answer_about_nothing_changes_nothing(tell, now):
    report = tell(photos=1)
    take_answer("trace-9", errcode=0, suggest="pass", label=100, now=now)
    assert settle("trace-9", now=now) is None
    assert standing(report, "photo") == ("due", "")


@pytest.mark.parametrize(("minutes", "verdict"), [(29, "asked"), (31, "manual")])
def test_an_answer_that_never_comes_is_waited_for_half_an_hour(tell, checks, now, minutes, verdict):
    report = tell(photos=1)
    checks.said = ["trace-1"]
    ask(report, checks, now, "photo")
    with clock.stopped(now + minutes * MINUTE):
        give_up_waiting(clock.now())
    assert standing(report, "photo")[0] == verdict


def test_an_answer_after_that_changes_nothing_any_more(tell, checks, now):
    report = tell(photos=1)
    checks.said = ["trace-1"]
    ask(report, checks, now, "photo")
    give_up_waiting(now + 31 * MINUTE)
    take_answer("trace-1", errcode=0, suggest="pass", label=100, now=now + 32 * MINUTE)
    assert settle("trace-1", now=now + 32 * MINUTE) is None
    assert standing(report, "photo") == ("manual", rules.LATE)
