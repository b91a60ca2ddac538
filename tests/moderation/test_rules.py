import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.masks import DOOR, NUMBER, mask_numbers
from server.moderation.boxes import BOXES_MOST, COLUMNS, ROWS, Box, boxes_from
from server.moderation.redaction import NoRedaction, building_only, redaction
from server.moderation.rules import WHY, Verdict, again_after, check_words

TEXT = "我是3号楼张三，电话13812345678，楼上漏水三天了，物业不管"


@pytest.mark.parametrize(
    ("copy", "public"),
    [
        (TEXT, TEXT),
        (f"  {TEXT}\n", TEXT),
        ("我是3号楼***，电话*，楼上漏水三天了，物业不管", "我是3号楼***，电话*，楼上漏水三天了，物业不管"),
        ("楼上漏水三天了，物业不管", "…楼上漏水三天了，物业不管"),
        ("我是3号楼张三", "我是3号楼张三…"),
        ("楼上漏水三天了，物业管", "…楼上漏水三天了，物业…管"),
        (
            f"我是3号楼张三，电话{NUMBER}，楼上漏水三天了，物业不管",
            f"我是3号楼张三，电话{NUMBER}，楼上漏水三天了，物业不管",
        ),
        (f"我住{DOOR}", None),
        ("楼上漏水三十天了", None),
        ("物业不管，楼上漏水", None),
        ("〔别的话〕楼上漏水", None),
        ("<b>楼上漏水</b>", None),
    ],
)
def test_a_copy_shortens_and_masks_and_says_nothing_else(copy, public):
    if public is None:
        with pytest.raises(NoRedaction):
            redaction(TEXT, copy)
    else:
        assert redaction(TEXT, copy) == public


@given(st.text(alphabet="楼上漏水三天物业不管，13", max_size=60), st.data())
def test_whatever_is_left_out_leaves_a_mark(original, data):
    kept = data.draw(st.lists(st.booleans(), min_size=len(original), max_size=len(original)))
    copy = "".join(letter for letter, stays in zip(original, kept, strict=True) if stays)
    public = redaction(original, copy)
    assert public.replace("…", "") == copy
    assert ("…" in public) == (bool(copy) and copy != original)


@given(st.text(alphabet="0123456789楼漏水电话， 号138", max_size=60))
def test_a_masked_text_is_a_copy_and_a_copy_stays_one(original):
    once = redaction(original, mask_numbers(original))
    assert redaction(original, once) == once


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_letter_comes_from_elsewhere(original, copy):
    try:
        public = redaction(original, copy)
    except NoRedaction:
        return
    assert set(public) - set(original) <= set("*＊█×…" + NUMBER + DOOR)


def test_boxes_are_fractions_of_the_picture():
    assert boxes_from([[0, 0.5, 1, 0.5]]) == (Box(0, 0.5, 1, 0.5),)
    assert boxes_from([[0.75, 0.75, 1, 1]]) == (Box(0.75, 0.75, 0.25, 0.25),)


@pytest.mark.parametrize(
    "wrong",
    [
        {}, "x", None, [1], [[0, 0, 1]], [[0, 0, 0, 1]], [[1, 0, 1, 1]], [[-0.1, 0, 1, 1]], [[0, 0, 1.1, 1]],
        [[float("nan"), 0, 1, 1]], [[float("inf"), 0, 1, 1]], [["0", 0, 1, 1]], [[True, 0, 1, 1]],
        [[0, 0, 0.1, 0.1]] * (BOXES_MOST + 1),
    ],
)  # fmt: skip
def test_odd_boxes_are_refused(wrong):
    with pytest.raises(ValueError):
        boxes_from(wrong)


def test_the_cells_cover_the_whole_picture():
    boxes = boxes_from([], range(1, COLUMNS * ROWS + 1))
    assert sum(box.width * box.height for box in boxes) == pytest.approx(1)
    for cell in (0, COLUMNS * ROWS + 1):
        with pytest.raises(ValueError):
            boxes_from([], [cell])


@given(st.tuples(*[st.floats(0, 1)] * 4), st.tuples(st.integers(1, 2000), st.integers(1, 2000)))
def test_a_box_covers_every_pixel_it_touches_and_stays_inside(sides, size):
    x, y, width, height = sides
    if x >= 1 or y >= 1 or not (width and height):
        return
    box = boxes_from([[x, y, width, height]])[0]
    left, top, right, bottom = box.pixels(size)
    assert 0 <= left <= right < size[0]
    assert 0 <= top <= bottom < size[1]
    assert left <= box.x * size[0]
    assert right + 1 >= min(size[0], (box.x + box.width) * size[0])


@pytest.mark.parametrize(
    ("typed", "public"),
    [
        ("3号楼", "3号楼"), ("3号楼2单元301", "3号楼"), ("东区 3号楼", ""), ("A栋", "A栋"), ("十二幢", "十二幢"),
        ("张三家", ""), ("13812345678", ""), ("", ""), (None, ""), ("3#楼", "3#楼"), ("张三3号楼", ""),
    ],
)  # fmt: skip
def test_a_place_is_no_finer_than_a_building(typed, public):
    assert building_only(typed) == public


def test_every_check_has_words():
    for verdict in Verdict:
        assert check_words(verdict, "100" if verdict in {"pass", "review", "risky"} else "")
    assert all(check_words(Verdict.MANUAL, why) == words for why, words in WHY.items())
    assert "会再试" in check_words(Verdict.DUE, "down")


def test_tries_end_within_two_hours():
    waits = []
    while (wait := again_after(len(waits) + 1)) is not None:
        waits.append(wait.total_seconds())
    assert 0 < sum(waits) < 2 * 3600
