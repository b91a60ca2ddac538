import pytest
from sqlalchemy import func, select, text

from server.core.db import db
from server.moderation.models import PublicDecision, PublicPiece, PublicReport
from server.notices.models import Inbox, Push
from server.photos.service import keep_photo
from server.reports.workflow import Act
from tests.moderation.conftest import piece_of, pieces_of, shown_of
from tests.photos.pictures import encoded, flag
from tests.statements import recorded


def kinds(report):
    return [(one.piece, one.state, one.verdict) for one in pieces_of(report)]


def jobs(task):
    query = text("SELECT args, lock, priority FROM procrastinate_jobs WHERE task_name = :task ORDER BY id")
    return db.session.execute(query, {"task": task}).all()


def test_a_report_that_nobody_agreed_to_show_has_no_piece(tell):
    report = tell(public=False, photos=1)
    assert pieces_of(report) == []
    assert shown_of(report) is None
    assert jobs("check_piece") == []


def test_text_and_photos_come_under_review_one_by_one(tell):
    report = tell(photos=2)
    assert sorted(kinds(report)) == [("photo", "waiting", "due")] * 2 + [("text", "waiting", "due")]
    assert shown_of(report).published_at is None


def test_each_piece_has_a_job_and_the_jobs_run_one_after_another(tell):
    report = tell(photos=1)
    found = jobs("check_piece")
    assert {row.args["piece_id"] for row in found} == {one.id for one in pieces_of(report)}
    assert {(row.lock, row.priority) for row in found} == {("content_check", -10)}


def test_a_report_without_words_is_reviewed_all_the_same(tell):
    assert kinds(tell(text="")) == [("text", "waiting", "due")]


def test_agreeing_costs_one_statement_and_not_agreeing_none(tell, world):
    tell()
    with recorded() as quiet:
        tell(public=False)
    with recorded() as open_one:
        tell()
    assert len(open_one) == len(quiet) + 1


def test_nobody_waits_for_a_check(tell, world):
    report = tell(photos=1)
    desks = select(func.count()).select_from(Inbox).where(Inbox.report_id == report.id)
    pushes = select(Push.next_at).where(Push.report_id == report.id, Push.state == "pending")
    assert db.session.scalar(desks) > 1
    assert set(db.session.scalars(pushes)) == {world.now}


@pytest.mark.parametrize(
    ("step", "deed"),
    [
        (Act.REPLY, {"text": "明天来修"}),
        (Act.RESOLVE, {"text": "修好了", "basis": "换了管子", "outcome": "solved"}),
    ],
)
def test_an_answer_is_a_piece_that_a_person_must_look_at(tell, act, step, deed):
    report = tell()
    event = act(report, step, "ys.hill.manager", **deed)
    answer = piece_of(report, "answer")
    assert (answer.event_id, answer.verdict, answer.why) == (event.id, "manual", "staff")


def test_what_is_said_between_offices_and_reporter_is_no_piece(tell, act):
    report = tell()
    act(report, Act.ASK, "ys.hill.manager", text="几号楼？")
    act(report, Act.ANSWER, text="三号楼")
    assert [one.piece for one in pieces_of(report)] == ["text"]


def test_photos_that_come_later_are_reviewed_as_well(tell, act, now):
    report = tell()
    later, _ = keep_photo(encoded(flag((400, 300))), now=now)
    event = act(report, Act.ADD, photos=(later.id,))
    photo = piece_of(report, "photo")
    assert (photo.photo_id, photo.state) == (later.id, "waiting")
    assert event.id not in {one.event_id for one in pieces_of(report)}


@pytest.mark.parametrize("step", [Act.HIDE, Act.WITHDRAW])
def test_the_author_takes_everything_back(tell, act, step, now):
    report = tell(photos=1)
    act(report, step, text="算了")
    assert {one.state for one in pieces_of(report)} == {"hidden"}
    assert shown_of(report).hidden_at == now
    acts = db.session.scalars(select(PublicDecision.act)).all()
    assert acts == ["hide", "hide"]


def test_after_hiding_nothing_comes_under_review_any_more(tell, act):
    report = tell()
    act(report, Act.HIDE)
    act(report, Act.REPLY, "ys.hill.manager", text="明天来修")
    assert [one.piece for one in pieces_of(report)] == ["text"]


def test_hiding_leaves_other_reports_alone(tell, act):
    mine, other = tell(), tell()
    act(mine, Act.HIDE)
    assert piece_of(other).state == "waiting"


def test_rows_belong_to_the_county_of_the_report(tell):
    tell(photos=1)
    for model in (PublicReport, PublicPiece):
        assert set(db.session.scalars(select(model.county_id))) == {"371323"}
