"""What a resolution must show, and when an answer is the same again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.policy.loader import books
from server.reports.evidence import Answer, lacking
from server.reports.sameness import Answered, Rule, alike, canned, normalised

LAW = "《民法典》第二百七十八条，需业主共同决定"
WORDS = "已经修好，请查看"
NEEDS = [
    # kind, outcome, what is shown → the fields that are missing
    ("repair.road", "solved", {}, {"photos"}),
    ("repair.road", "solved", {"photo": True}, set()),
    ("repair.road", "solved", {"text": WORDS}, set()),
    ("repair.road", "solved", {"text": "好"}, {"photos"}),
    ("clean.cleaning", "solved", {"text": WORDS}, {"photos"}),
    ("clean.cleaning", "solved", {"photo": True}, set()),
    ("service.attitude", "solved", {"photo": True}, {"text"}),
    ("lift.trapped", "solved", {"text": WORDS}, {"measure"}),
    ("lift.trapped", "solved", {"text": WORDS, "measured": True}, set()),
    ("fire.equipment", "solved", {"text": WORDS}, {"photos", "measure"}),
    ("clean.cleaning", "not_solvable", {"basis": LAW}, set()),
    ("fire.equipment", "not_solvable", {"basis": LAW}, {"measure"}),
    ("repair.road", "not_solvable", {"text": WORDS}, {"basis"}),
    ("repair.road", "not_solvable", {"basis": "领导说办不了"}, {"basis"}),
    ("repair.road", "partly", {"photo": True}, {"basis"}),
    ("repair.road", "partly", {"photo": True, "basis": "配件未到"}, set()),
    ("repair.road", "needs_fund", {}, {"text"}),
    ("clean.cleaning", "needs_vote", {"text": "需要业主大会表决"}, set()),
    ("repair.road", "referred", {"text": "已转县供电公司办理"}, set()),
    ("repair.road", "whatever", {"photo": True}, {"outcome"}),
]


def test_what_each_kind_and_ending_needs():
    book = books()["371323"]
    wrong = [
        (kind, outcome, shown, found)
        for kind, outcome, shown, fields in NEEDS
        if (found := set(lacking(book, kind, Answer(outcome, **shown)))) != fields
    ]
    assert wrong == []


@given(st.sampled_from(sorted(books())), st.data(), st.booleans(), st.booleans())
def test_no_ending_without_work_ever_asks_for_a_photo_and_none_goes_without_any_words(
    county, data, photo, measured
):
    book = books()[county]
    kind = data.draw(st.sampled_from(sorted(book.kinds)))
    outcome = data.draw(st.sampled_from(sorted(set(book.outcomes) - {"solved", "partly"})))
    silent = lacking(book, kind, Answer(outcome, photo=photo, measured=measured))
    assert silent
    assert "photos" not in silent
    spoken = lacking(book, kind, Answer(outcome, text=WORDS * 3, basis=LAW, measured=True))
    assert spoken == {}


START, RULE = datetime(2026, 11, 1, 2, tzinfo=UTC), Rule(least=3, days=30, percent=75)
SAME = "已安排人员现场处理完毕，感谢您的监督"


def said(*texts, days=1, photo=False):
    return [
        Answered(number, START + number * timedelta(days=days), text, photo)
        for number, text in enumerate(texts)
    ]


CANNED = [
    ("three alike", said(SAME, SAME, SAME), {0, 1, 2}),
    ("two are too few", said(SAME, SAME), set()),
    ("signs and blanks change nothing", said(SAME, SAME + "！", " ".join(SAME)), {0, 1, 2}),
    ("nor do house numbers", said("3号楼已处理完毕", "12号楼已处理完毕", "7号楼已处理完毕"), {0, 1, 2}),
    ("nearly the same", said(SAME, SAME + "了", "已安排人员到现场处理完毕，感谢您的监督"), {0, 1, 2}),
    ("other words beside them stay", said(SAME, "换了闸阀，试水一小时不漏", SAME, SAME), {0, 2, 3}),
    ("too far apart in time", said(SAME, SAME, SAME, days=16), set()),
    ("nothing was said", said("", "", ""), set()),
    ("the book's own phrase with a photo", said(*["已修复，请查看照片"] * 4, photo=True), set()),
    ("the book's own phrase without one", said(*["已修复，请查看照片"] * 3), {0, 1, 2}),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "flagged"), [row[1:] for row in CANNED], ids=[row[0] for row in CANNED])
def test_the_same_answer_again_and_again(answers, flagged):
    assert set(canned(answers, RULE, phrases=["已修复，请查看照片"])) == flagged


@given(st.text(max_size=40), st.text(max_size=40), st.integers(1, 100))
def test_likeness_is_mutual_and_a_text_is_like_itself(one, other, percent):
    first, second = normalised(one), normalised(other)
    assert alike(first, first, percent=percent)
    assert alike(first, second, percent=percent) == alike(second, first, percent=percent)
