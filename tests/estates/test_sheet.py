"""The import of estates from files as they come."""

from decimal import Decimal
from pathlib import Path

import pytest

import server.estates
from server.core.errors import HouseError, Invalid, TooLarge
from server.estates.sheet import faults_xlsx, read_estates, template_xlsx
from tests.estates.tables import HEADS, as_csv, as_xls, as_xlsx, line

SEED = Path(server.estates.__file__).parent / "seed"
WRITERS = {
    "xlsx": as_xlsx,
    "xls": as_xls,
    "csv utf-8": as_csv,
    "csv utf-8 without a mark": lambda rows: as_csv(rows, "utf-8"),
    "csv gb18030": lambda rows: as_csv(rows, "gb18030"),
    "csv utf-16, tabs": lambda rows: as_csv(rows, "utf-16", "\t"),
}
FULL = line(
    类别="1",
    入驻物业管理企业名称="示例物业服务有限公司",
    物业管理性质="外聘物业公司",
    入驻时间="2019年10月",
    服务内容="保洁",
    物业负责人="项目负责人",
    联系电话="0632-0000001",
    备注="附件3",
    户数="860",
    建筑面积="92000.5",
    楼栋="1-2号楼(2单元)",
)


def names(sheet):
    return [row.name for row in sheet.rows]


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_file_gives_the_same_rows(kind):
    sheet = read_estates(WRITERS[kind]([["附件5"], HEADS, FULL, line("龙珠百合")]))
    assert not sheet.faults
    first, second = sheet.rows
    assert (first.row, first.township, first.community, first.name) == (3, "山城街道", "梅园社区", "梅花园")
    assert (first.category, first.company, first.nature) == ("1", "示例物业服务有限公司", "外聘物业公司")
    assert (first.since, first.service, first.manager) == ("2019年10月", "保洁", "项目负责人")
    assert (first.phone, first.note, first.households) == ("0632-0000001", "附件3", 860)
    assert first.area == Decimal("92000.5")
    assert [(one.name, len(one.units)) for one in first.buildings] == [("1号楼", 2), ("2号楼", 2)]
    assert (second.name, second.households, second.area, second.buildings) == ("龙珠百合", None, None, ())


@pytest.mark.parametrize("write", [as_xlsx, as_xls])
def test_whole_numbers_of_excel_become_text_again(write):
    (row,) = read_estates(
        write([HEADS, line(序号=1.0, 类别=2.0, 联系电话=13800000000.0, 户数=300.0, 建筑面积=1234.5)])
    ).rows
    assert (row.category, row.phone, row.households, row.area) == ("2", "13800000000", 300, Decimal("1234.5"))


@pytest.mark.parametrize("above", [0, 1, 5, 9])
def test_the_head_is_found_in_the_first_ten_rows(above):
    sheet = read_estates(as_xlsx([*[["山亭区物业管理推进情况表"]] * above, HEADS, line()]))
    assert [(row.row, row.name) for row in sheet.rows] == [(above + 2, "梅花园")]


def test_heads_are_known_in_other_spellings_and_any_order():
    heads = [
        "小 区 名 称*",
        "所属社区",
        "物业管理性质（自主或外聘物业公司）",
        "镇(街道)",
        "总户数",
        "建筑面积（万平方米）",
        "项目经理",
    ]
    (row,) = read_estates(
        as_csv([heads, ["梅花园", "梅园社区", "自主", "山城街道", "1,200户", "9.2", "某"]])
    ).rows
    assert (row.name, row.community, row.nature, row.township) == ("梅花园", "梅园社区", "自主", "山城街道")
    assert (row.households, row.area, row.manager) == (1200, Decimal(92000), "某")


def test_merged_cells_count_for_every_row_they_cover():
    rows = [HEADS, line("甲园"), line("乙园", 社区名称="", 镇街=""), line("丙园", 社区名称="", 镇街="")]
    sheet = read_estates(as_xlsx(rows, merged=[(1, 1, 3, 1), (1, 11, 3, 11)]))
    assert [(row.community, row.township) for row in sheet.rows] == [("梅园社区", "山城街道")] * 3


def test_blank_communities_take_the_one_above_until_the_township_changes():
    rows = [HEADS, line("甲园"), line("乙园", 社区名称="", 镇街=""), line("丙园", 社区名称="", 镇街="桑村镇")]
    sheet = read_estates(as_csv(rows))
    assert names(sheet) == ["甲园", "乙园"]
    assert [fault.sentence for fault in sheet.faults] == ["第 4 行 社区名称：没有填写"]


def test_a_township_given_beside_the_file_stands_in_where_none_is_written():
    heads = HEADS[:11]
    assert read_estates(as_csv([heads, line()[:11]]), township="山城街道").rows[0].township == "山城街道"
    (fault,) = read_estates(as_csv([heads, line()[:11]])).faults
    assert fault.sentence == "第 2 行 镇街：没有填写"


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"户数": "约300"}, "第 3 行 户数：应为整数，现为“约300”"),
        ({"户数": "-5"}, "第 3 行 户数：应为整数，现为“-5”"),
        ({"户数": "3.5"}, "第 3 行 户数：应为整数，现为“3.5”"),
        ({"户数": "9" * 30}, f"第 3 行 户数：最多 100000，现为“{'9' * 30}”"),
        ({"建筑面积": "很大"}, "第 3 行 建筑面积：应为平方米数，例如 52000，现为“很大”"),
        ({"建筑面积": ",,"}, "第 3 行 建筑面积：应为平方米数，例如 52000，现为“,,”"),
        ({"类别": "4"}, "第 3 行 类别：应为 1、2、3 之一，现为“4”"),
        ({"小区名称": ""}, "第 3 行 小区名称：没有填写"),
        ({"小区名称": "园" * 61}, "第 3 行 小区名称：太长了，最多 60 个字，现在是 61 个字"),
        ({"联系电话": "问门卫"}, "第 3 行 联系电话：应为电话号码，现为“问门卫”"),
        ({"楼栋": "12"}, "第 3 行 楼栋：请写成“1-12号楼”或“1号楼,2号楼(3单元)”，现为“12”"),
    ],
)
def test_a_wrong_cell_is_named_by_row_column_and_what_was_expected(own, sentence):
    sheet = read_estates(as_csv([HEADS, line("甲园"), line(**{"小区名称": "乙园"} | own), line("丙园")]))
    assert [fault.sentence for fault in sheet.faults] == [sentence]
    assert [fault.row for fault in sheet.faults] == [3]
    assert names(sheet) == ["甲园", "丙园"]


def test_every_fault_of_a_row_is_told_at_once():
    faults = read_estates(as_csv([HEADS, line(户数="几百", 类别="五", 楼栋="?")])).faults
    assert [fault.column for fault in faults] == ["类别", "户数", "楼栋"]


@pytest.mark.parametrize("text", ["无", "/", "—", "-", "暂无", " "])
def test_words_for_nothing_are_nothing(text):
    (row,) = read_estates(
        as_csv([HEADS, line(户数=text, 建筑面积=text, 楼栋=text, 类别=text, 联系电话=text)])
    ).rows
    assert (row.households, row.area, row.buildings, row.category, row.phone) == (None, None, (), "", "")


@pytest.mark.parametrize(
    ("text", "category"), [("一类", "1"), ("2类", "2"), ("Ⅲ", "3"), ("第三类", "3"), ("II", "2"), ("１", "1")]
)
def test_a_category_is_known_in_any_writing(text, category):
    assert read_estates(as_csv([HEADS, line(类别=text)])).rows[0].category == category


def test_an_estate_named_twice_is_told_with_both_rows_and_kept_once():
    sheet = read_estates(
        as_csv(
            [HEADS, line("梅花园"), line("龙珠百合"), line("梅 花 园"), line("梅花园", 社区名称="丰泽社区")]
        )
    )
    assert [fault.sentence for fault in sheet.faults] == [
        "第 4 行 小区名称：与第 2 行重复（梅园社区 梅花园）"
    ]
    assert [row.row for row in sheet.rows] == [2, 3, 5]


def test_blank_rows_totals_and_repeated_heads_are_passed_over():
    rows = [
        HEADS,
        line("甲园"),
        [""] * 15,
        ["2", *[""] * 14],
        HEADS,
        ["合计", "", "", *[""] * 9, "860"],
        line("乙园"),
    ]
    sheet = read_estates(as_csv(rows))
    assert (names(sheet), sheet.faults) == (["甲园", "乙园"], ())


def test_the_table_may_stand_on_a_later_sheet():
    assert names(read_estates(as_xlsx([HEADS, line()], before=["填表说明"]))) == ["梅花园"]


def test_invisible_letters_are_taken_out():
    assert names(read_estates(as_csv([HEADS, line("\u202e梅\u200b花园\x07")]))) == ["梅花园"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空的"),
        (b" \r\n ", "空的"),
        (as_csv([["甲", "乙"], ["1", "2"]]), "没有找到表头"),
        (as_csv([*[["说明"]] * 10, HEADS, line()]), "没有找到表头"),
        (as_csv([["小区名称", "户数"], ["梅花园", "3"]]), "缺少“社区名称”"),
        (as_xlsx([HEADS, line()])[:-200], "已损坏"),
        (as_xlsx([HEADS, line()])[:60], "已损坏"),
        (as_xls([HEADS, line()])[:700], "已损坏"),
        (b"PK\x03\x04" + bytes(100), "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "已损坏"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "不是 XLSX"),
        (b"%PDF-1.7\n\x93\x8c\x8b\x9e\xff\x00", "不是 XLSX"),
    ],
)
def test_a_file_that_is_no_table_of_estates_is_refused_with_a_sentence(data, word):
    with pytest.raises(Invalid, match=word):
        read_estates(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(as_xlsx([HEADS, line(), *[[]] * 30_000, ["远"]]), id="far below"),
        pytest.param(as_xlsx([HEADS, line(), [*[""] * 300, "远"]]), id="far to the right"),
        pytest.param(as_csv([HEADS, *[["x"]] * 20_000]), id="many rows"),
        pytest.param(b"x," * 6_000_000, id="many bytes"),
    ],
)
def test_a_table_beyond_the_limits_is_refused_with_them(data):
    with pytest.raises(TooLarge, match="分成几个文件"):
        read_estates(data)


def test_a_small_file_that_would_fill_the_memory_ends_its_own_reader_and_nothing_else():
    sheet = as_xlsx([HEADS, line(), *[[]] * 1_048_570, [*[""] * 16_383, "远"]])
    assert len(sheet) < 20_000
    with pytest.raises(HouseError, match="太大"):
        read_estates(sheet)


@pytest.mark.parametrize("write", [as_xlsx, as_xls, as_csv])
def test_a_file_with_flipped_bytes_is_read_or_refused_but_never_breaks(write):
    data = write([HEADS, FULL, line("龙珠百合")])
    for at in range(0, len(data), max(1, len(data) // 15)):
        broken = bytearray(data)
        broken[at] ^= 0xFF
        try:
            read_estates(bytes(broken))
        except HouseError:
            continue


def test_the_template_reads_as_a_table_and_its_example_has_no_fault():
    sheet = read_estates(template_xlsx())
    assert sheet.faults == ()
    assert sheet.rows[0].households == 860
    assert len(sheet.rows[0].buildings) == 12


def test_faults_can_be_taken_along_as_a_file():
    faults = read_estates(as_csv([HEADS, line(户数="约300")])).faults
    assert faults_xlsx(faults).startswith(b"PK")


def test_the_seed_of_shanting_holds_the_estates_of_both_annexes():
    sheet = read_estates((SEED / "shanting.csv").read_bytes())
    assert (len(sheet.rows), sheet.faults) == (41, ())
    assert sum(row.note.startswith("附件3") for row in sheet.rows) == 20
    assert {row.township for row in sheet.rows} == {"山城街道"}
    assert {row.community for row in sheet.rows} == {"梅园社区", "紫薇社区", "丰泽社区", "东、西鲁社区"}
    assert not any(row.phone or row.manager for row in sheet.rows)


def test_the_demo_county_of_yishui_has_buildings_and_only_made_up_phones():
    sheet = read_estates((SEED / "yishui.csv").read_bytes())
    assert (len(sheet.rows), sheet.faults) == (8, ())
    assert len({row.township for row in sheet.rows}) == 2
    assert all(row.buildings and row.households and row.area for row in sheet.rows)
    assert all(row.phone.startswith("0539-000000") for row in sheet.rows if row.phone)
