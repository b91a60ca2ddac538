from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import delete, select, update
from sqlalchemy.exc import ProgrammingError

from server.core.audit import Audit
from server.core.db import db
from server.core.errors import Conflict, Invalid, NotFound
from server.core.masks import NUMBER
from server.moderation import review
from server.moderation.boxes import Box
from server.moderation.checking import check
from server.moderation.deciding import Copy, refuse, release, release_clean
from server.moderation.hiding import drop_copies
from server.moderation.models import PublicDecision
from server.moderation.showing import copies_of, count_published, public_photo, published
from server.photos.links import Size
from server.photos.service import file_name, store
from server.policy.loader import books
from server.reports.workflow import Act
from tests.moderation.conftest import piece_of, pieces_of

LEFT = Box(0, 0, 0.5, 1)


@pytest.fixture
def decide(world, now):
    """Releases a piece of a report as a copy, by default as it is, or refuses it with a reason."""

    def do(report, kind="text", *, text="地下室漏水", boxes=(), reason="", by="ys.bureau", version=None):
        piece = piece_of(report, kind)
        seen = version or piece.version
        actor = world.actor(by)
        if reason:
            return refuse(report.no, piece.id, reason=reason, version=seen, by=actor, now=now)
        return release(report.no, piece.id, Copy(text, tuple(boxes)), version=seen, by=actor, now=now)

    return do


def public(report):
    return copies_of([report.id])[report.id]


def pixels(data):
    with Image.open(BytesIO(data)) as image:
        return image.size, image.convert("RGB"), dict(image.info)


def test_nothing_is_public_before_a_person_released_it(tell):
    report = tell(photos=2)
    copies = public(report)
    assert (copies.text, copies.photos, copies.answers) == ("", (), ())
    assert count_published(report.estate_id) == 0


def test_pieces_are_released_one_by_one(tell, decide):
    report = tell(photos=1)
    decide(report)
    assert public(report).text == "地下室漏水"
    assert public(report).photos == ()
    assert count_published(report.estate_id) == 1


def test_numbers_are_masked_whatever_the_reviewer_left(tell, decide):
    report = tell(text="漏水，请打13812345678")
    decide(report, text="漏水，请打13812345678")
    assert public(report).text == f"漏水，请打{NUMBER}"


def test_a_copy_that_adds_words_is_refused_and_nothing_becomes_public(tell, decide):
    report = tell()
    with pytest.raises(Invalid) as wrong:
        decide(report, text="地下室漏水，物业很好")
    assert "text" in wrong.value.fields
    assert public(report).text == ""


def test_an_empty_copy_is_no_release(tell, decide):
    with pytest.raises(Invalid):
        decide(tell(), text="  ")


def test_a_report_without_words_is_released_by_its_kind_and_place(tell, decide):
    report = tell(text="")
    decide(report, text="")
    assert count_published(report.estate_id) == 1


def test_the_public_copy_of_a_photo_is_another_file_with_the_boxes_burnt_in(tell, decide):
    report = tell(photos=1)
    photo = piece_of(report, "photo").photo_id
    before = store().open(file_name(photo, Size.FULL))
    piece = decide(report, "photo", boxes=[LEFT])
    assert piece.public_key != photo
    assert store().open(file_name(photo, Size.FULL)) == before
    for size in Size:
        dimensions, image, info = pixels(public_photo(report.estate_id, piece.public_key, size))
        width, height = dimensions
        assert set(info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert max(image.getpixel((width // 4, height // 2))) < 30
        assert max(image.getpixel((width * 3 // 4, height // 2))) > 60
    assert pixels(before)[0] == pixels(public_photo(report.estate_id, piece.public_key, Size.FULL))[0]


def test_boxes_are_drawn_anew_from_the_original_and_the_old_copy_is_gone(tell, decide):
    report = tell(photos=1)
    old = decide(report, "photo", boxes=[LEFT]).public_key
    new = decide(report, "photo", boxes=[]).public_key
    assert old != new
    with pytest.raises(NotFound):
        public_photo(report.estate_id, old, Size.FULL)
    with pytest.raises(NotFound):
        store().open(file_name(old, Size.FULL))
    _, image, _ = pixels(public_photo(report.estate_id, new, Size.FULL))
    assert max(image.getpixel((image.width // 4, image.height // 2))) > 30


def test_a_refusal_names_its_reason_and_takes_down_what_was_out(tell, decide, now):
    report = tell(photos=1)
    key = decide(report, "photo").public_key
    decide(report, "photo", reason="看得到人脸")
    piece = piece_of(report, "photo")
    assert (piece.state, piece.reason) == ("refused", "看得到人脸")
    with pytest.raises(NotFound):
        public_photo(report.estate_id, key, Size.FULL)
    assert count_published(report.estate_id) == 0
    assert drop_copies(now) == 1
    with pytest.raises(NotFound):
        store().open(file_name(key, Size.FULL))


@pytest.mark.parametrize("reason", ["", "长" * 201])
def test_a_refusal_needs_a_reason_of_reasonable_length(tell, world, now, reason):
    report = tell()
    with pytest.raises(Invalid):
        refuse(report.no, piece_of(report).id, reason=reason, version=1, by=world.actor("ys.bureau"), now=now)


def test_two_reviewers_do_not_overrule_each_other_unseen(tell, decide):
    report = tell()
    decide(report, reason="先放一放")
    with pytest.raises(Conflict):
        decide(report, version=1)


@pytest.mark.parametrize("by", ["ys.hill.manager", "ys.town", "ys.admin", "st.bureau", "st.community"])
def test_nobody_else_reviews(tell, decide, world, by):
    report = tell()
    with pytest.raises(NotFound):
        decide(report, by=by)
    assert review.waiting(world.actor(by), after=None, limit=9).items == []


@pytest.mark.parametrize("by", ["ys.bureau", "ys.community"])
def test_bureau_and_community_review_their_area(tell, decide, world, by):
    report = tell()
    assert [row.no for row in review.waiting(world.actor(by), after=None, limit=9).items] == [report.no]
    decide(report, by=by)
    assert review.waiting(world.actor(by), after=None, limit=9).items == []


@pytest.fixture
def book(monkeypatch):
    """Changes the county's publishing rules."""

    def change(**rules):
        county = books()["371323"]
        changed = replace(county, publishing=replace(county.publishing, **rules))
        monkeypatch.setitem(books(), "371323", changed)

    return change


def test_a_book_may_keep_reviewing_to_the_bureau(tell, decide, world, book):
    report = tell()
    book(by_community=False)
    assert not review.may_review(world.actor("ys.community"))
    with pytest.raises(NotFound):
        decide(report, by="ys.community")


def test_a_book_may_let_a_passed_text_out_but_never_a_photo_or_a_number(tell, checks, now, book):
    book(release_on_pass=True)
    plain, numbered = tell(photos=1), tell(text="请打13812345678")
    check(piece_of(plain).id, checks, now=now)
    check(piece_of(numbered).id, checks, now=now)
    checks.said = ["trace-1"]
    check(piece_of(plain, "photo").id, checks, now=now)
    assert public(plain).text == "地下室漏水"
    assert piece_of(plain, "photo").state == "waiting"
    assert piece_of(numbered).state == "waiting"
    assert db.session.scalars(select(PublicDecision.act)).all() == ["auto"]


def test_all_that_nothing_speaks_against_is_released_at_once(tell, world, now):
    report = tell(photos=3, text="请打13812345678")
    text, safe, risky, running = piece_of(report), *[one for one in pieces_of(report) if one.piece == "photo"]
    text.verdict, safe.verdict, risky.verdict, running.verdict = "manual", "pass", "risky", "asked"
    db.session.flush()
    assert release_clean(report.no, by=world.actor("ys.bureau"), now=now) == 2
    states = {one.id: one.state for one in pieces_of(report)}
    assert [states[one.id] for one in (text, safe, risky, running)] == [
        "released",
        "released",
        "waiting",
        "waiting",
    ]
    assert public(report).text == f"请打{NUMBER}"


def test_once_hidden_nobody_shows_it_again_not_even_its_author(tell, decide, act, world, now):
    report = tell(photos=1)
    key = decide(report, "photo").public_key
    decide(report)
    act(report, Act.HIDE)
    assert public(report).text == ""
    assert count_published(report.estate_id) == 0
    with pytest.raises(NotFound):
        public_photo(report.estate_id, key, Size.THUMB)
    for kind in ("text", "photo"):
        with pytest.raises(Conflict):
            decide(report, kind)
        with pytest.raises(Conflict):
            decide(report, kind, reason="不公开")
    with pytest.raises(Conflict):
        release_clean(report.no, by=world.actor("ys.bureau"), now=now)
    with pytest.raises(Conflict):
        act(report, Act.HIDE)
    assert drop_copies(now) == 1


def test_withdrawing_takes_it_from_the_public_as_well(tell, decide, act):
    report = tell()
    decide(report)
    act(report, Act.WITHDRAW, text="不用了")
    assert count_published(report.estate_id) == 0


def test_a_report_declared_void_is_not_shown(tell, decide):
    report = tell()
    decide(report)
    report.state = "void"
    db.session.flush()
    assert count_published(report.estate_id) == 0
    assert public(report).text == ""


def test_an_answer_alone_makes_no_report_public(tell, decide, act):
    report = tell()
    act(report, Act.REPLY, "ys.hill.manager", text="明天来修")
    decide(report, "answer", text="明天来修")
    assert published(report.estate_id, after=None, limit=9).items == []
    decide(report)
    assert public(report).answers == ((piece_of(report, "answer").event_id, "明天来修"),)


def test_every_decision_is_kept_with_the_copy_before_and_after(tell, decide, world):
    report = tell(text="地下室漏水，张三说的")
    decide(report, text="地下室漏水")
    decide(report, text="地下室漏水，***说的")
    rows = db.session.scalars(select(PublicDecision).order_by(PublicDecision.id)).all()
    assert [row.data["after"]["text"] for row in rows] == ["地下室漏水…", "地下室漏水，***说的"]
    assert rows[1].data["before"]["text"] == "地下室漏水…"
    assert {row.by_person_id for row in rows} == {world.people["ys.bureau"].id}
    audited = db.session.scalars(select(Audit).where(Audit.act == "piece.release")).all()
    assert [row.about for row in audited] == [f"report:{report.no}"] * 2


@pytest.mark.parametrize("change", [update(PublicDecision).values(act="x"), delete(PublicDecision)])
def test_decisions_cannot_be_changed(tell, decide, change):
    decide(tell())
    with pytest.raises(ProgrammingError), db.session.begin_nested():
        db.session.execute(change)


def test_the_queue_is_oldest_first_and_goes_on_by_key(tell, world):
    numbers = [tell().no for _ in range(5)]
    actor, seen, after = world.actor("ys.bureau"), [], None
    while True:
        page = review.waiting(actor, after=after, limit=2)
        seen += [row.no for row in page.items]
        after = page.next
        if not after:
            break
    assert seen == numbers
    assert review.counts(actor) == (5, 0)
