import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import Invalid
from server.disclosures.contents import (
    Contact,
    Contacts,
    Entry,
    Income,
    break_between,
    check_income,
    from_data,
    kind_of,
    to_data,
)
from server.disclosures.diff import Mark, changes
from server.disclosures.money import MOST, MoneyError, decimal, parse_yuan, yuan
from server.disclosures.typed import (
    MOST_ROWS,
    default_rows,
    read_charges,
    read_contacts,
    read_income,
    typed_rows,
)
from server.policy.loader import books


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12,345.60", 1234560),
        ("12345.6", 1234560),
        ("１２，３４５．６０", 1234560),
        ("￥1,000", 100000),
        ("¥ 1 000 元", 100000),
        ("0.01", 1),
        ("00012", 1200),
        ("1,000,000,000.00", MOST),
    ],
)
def test_amounts_are_read_as_people_write_them(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "请填写金额"),
        ("12,34.5", "逗号"),
        (",345", "逗号"),
        ("1.2万", "请写成元"),
        ("1.234", "两位小数"),
        ("1e5", "只写数字"),
        ("12。5", "只写数字"),
        ("一千", "只写数字"),
        ("1.", "只写数字"),
        ("+5", "只写数字"),
        ("1²", "只写数字"),
        ("٣", "只写数字"),
        ("nan", "只写数字"),
        ("-5", "大于 0"),
        ("0", "大于 0"),
        ("1000000000.01", "太大"),
        ("9" * 400, "太大"),
        ("12\x00", "只写数字"),
    ],
)
def test_amounts_that_cannot_be_read_say_how_to_write_them(text, word):
    with pytest.raises(MoneyError, match=word):
        parse_yuan(text)


def test_a_balance_may_be_nothing_or_a_debt():
    assert parse_yuan("0", signed=True) == 0
    assert parse_yuan("－１２．５", signed=True) == -1250


@given(st.integers(-MOST, MOST))
def test_every_amount_is_read_back_from_both_its_spellings(fen):
    assert parse_yuan(yuan(fen), signed=True) == fen
    assert parse_yuan(decimal(fen), signed=True) == fen


@given(st.text(max_size=20))
def test_no_text_does_worse_than_a_sentence(text):
    try:
        found = parse_yuan(text, signed=True)
    except MoneyError:
        return
    assert abs(found) <= MOST


fen = st.integers(1, 10**9)
entries = st.lists(st.builds(Entry, st.sampled_from(["电梯广告", "停车费", "场地租金"]), fen), max_size=8)


@given(st.integers(-(10**9), 10**9), entries, entries, st.integers(-(10**6), 10**6))
def test_income_is_taken_when_and_only_when_it_adds_up(opening, income, spending, off):
    right = opening + sum(e.amount for e in income) - sum(e.amount for e in spending)
    given_income = Income(opening, tuple(income), tuple(spending), right + off)
    if off == 0:
        assert check_income(given_income) == given_income
        assert from_data(kind_of(given_income), to_data(given_income)) == given_income
        return
    with pytest.raises(Invalid) as caught:
        check_income(given_income)
    assert yuan(abs(off)) in caught.value.fields["closing"]


def rows(*pairs):
    return [{"name": name, "amount": amount} for name, amount in pairs]


def test_a_sum_that_is_wrong_names_both_figures_and_the_difference():
    with pytest.raises(Invalid) as caught:
        read_income(
            opening="1,000", income=rows(("广告", "500.50")), spending=rows(("维修", "200")), closing="1300"
        )
    assert caught.value.fields == {
        "closing": "对不上：期初 1,000.00 + 收入 500.50 − 支出 200.00 = 1,300.50 元，您填的期末结余少了 0.50 元。"
    }


def test_every_faulty_field_is_named_at_once():
    with pytest.raises(Invalid) as caught:
        read_income(
            opening="",
            income=rows(("", "5"), ("广告", "五")),
            spending=[{"name": "", "amount": ""}],
            closing="x",
        )
    assert caught.value.fields.keys() == {"opening", "income.0.name", "income.1.amount", "closing"}


def test_a_quarter_that_does_not_begin_where_the_last_one_ended_is_asked_about():
    first, second = Income(0, (), (), 0), Income(5, (), (), 5)
    assert break_between(first, first) is None
    assert break_between(None, second) is None
    assert "0.05" in break_between(first, second)


@pytest.mark.parametrize(
    ("row", "field", "word"),
    [
        ({"name": "", "price": "1"}, "items.0.name", "请写收费项目"),
        ({"name": "物业费", "price": " "}, "items.0.price", "请写收费标准"),
        ({"name": "长" * 41, "price": "1"}, "items.0.name", "最多 40 个字"),
        ({"name": "物业费", "price": "1\x07"}, "items.0.price", "不能显示"),
        ({}, "items", "至少写一个"),
    ],
)
def test_charges_that_cannot_be_taken_say_where(row, field, word):
    with pytest.raises(Invalid) as caught:
        read_charges([row])
    assert word in caught.value.fields[field]


def test_a_charged_item_stands_only_once_and_rows_have_an_end():
    with pytest.raises(Invalid, match="1 处"):
        read_charges([{"name": "物业费", "price": "1"}, {"name": "物业费", "price": "2"}])
    with pytest.raises(Invalid) as caught:
        read_charges([{"name": f"第{n}项", "price": "1"} for n in range(MOST_ROWS + 1)])
    assert "items" in caught.value.fields


def contact(phone, office=""):
    return [{"department": "县住建局", "duty": "监管", "contact": "值班室", "phone": phone, "office": office}]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0539-0000001", "0539-0000001"),
        ("（０５３９）００００００１", "05390000001"),
        ("12345", "12345"),
        ("110", "110"),
        ("96119", "96119"),
        ("400-000-0001", "4000000001"),
    ],
)
def test_office_numbers_are_taken_as_they_are(typed, kept):
    assert read_contacts(contact(typed)).items[0].phone == kept


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "请写电话"),
        ("0000001", "区号"),
        ("0539-0000001、0539-0000002", "一行只写一个"),
        ("电话", "不完整"),
    ],
)
def test_numbers_that_nobody_can_dial_are_refused(typed, word):
    with pytest.raises(Invalid) as caught:
        read_contacts(contact(typed))
    assert word in caught.value.fields["items.0.phone"]


@pytest.mark.parametrize(
    "typed", ["13800000000", "１３８００００００００", "+86 138 0000 0000", "138-0000-0000"]
)
def test_a_mobile_number_needs_the_word_that_it_is_an_office_s(typed):
    with pytest.raises(Invalid) as caught:
        read_contacts(contact(typed))
    assert "手机号" in caught.value.fields["items.0.phone"]
    assert read_contacts(contact(typed, "1")).items == (
        Contact("县住建局", "监管", "值班室", "13800000000", office=True),
    )


@pytest.mark.parametrize("county", sorted(books()))
def test_a_board_begins_with_the_county_s_departments(county):
    found = default_rows(books()[county])
    assert len(found) == len(books()[county].board) > 3
    with pytest.raises(Invalid) as caught:
        read_contacts(found)
    assert len(caught.value.fields) == len(found)


def test_what_was_read_can_be_edited_and_read_again():
    charges = read_charges([{"name": "物业费", "price": "1.20", "unit": "元/㎡·月", "basis": "合同"}])
    assert read_charges(typed_rows(charges)["items"]) == charges
    board = Contacts((Contact("县住建局", "监管", "", "13800000000", office=True),))
    assert read_contacts(typed_rows(board)["items"]) == board
    income = Income(5, (Entry("广告", 10),), (Entry("维修", 3),), 12)
    assert read_income(opening="0.05", closing="0.12", **typed_rows(income)) == income


def test_a_diff_names_what_came_what_went_and_what_changed():
    before = read_charges([{"name": "物业费", "price": "1.0"}, {"name": "停车费", "price": "50"}])
    after = read_charges([{"name": "物业费", "price": "1.2"}, {"name": "装修费", "price": "5"}])
    assert [(one.mark, one.name, one.before, one.after) for one in changes(before, after)] == [
        (Mark.CHANGED, "物业费", "1.0", "1.2"),
        (Mark.ADDED, "装修费", "", "5"),
        (Mark.REMOVED, "停车费", "50", ""),
    ]
    assert {one.mark for one in changes(after, after)} == {Mark.SAME}
    assert {one.mark for one in changes(None, after)} == {Mark.ADDED}
