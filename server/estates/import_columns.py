"""The columns of the estates' table (山政办发〔2020〕9号 附件5 and ours), and how their heads are spelt."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

HEADER_WITHIN = 10


class Column(StrEnum):
    """A column by its printed head; the first eleven in the order of 附件5."""

    NUMBER = "序号"
    COMMUNITY = "社区名称"
    NAME = "小区名称"
    CATEGORY = "类别"
    COMPANY = "入驻物业管理企业名称"
    NATURE = "物业管理性质"
    SINCE = "入驻时间"
    SERVICE = "服务内容"
    MANAGER = "物业负责人"
    PHONE = "联系电话"
    NOTE = "备注"
    TOWNSHIP = "镇街"
    HOUSEHOLDS = "户数"
    AREA = "建筑面积"
    BUILDINGS = "楼栋"


SPELLINGS: dict[str, Column] = {
    "序": Column.NUMBER,
    "编号": Column.NUMBER,
    "社区": Column.COMMUNITY,
    "所属社区": Column.COMMUNITY,
    "社区居委会": Column.COMMUNITY,
    "小区": Column.NAME,
    "小区名": Column.NAME,
    "项目名称": Column.NAME,
    "住宅小区名称": Column.NAME,
    "物业项目名称": Column.NAME,
    "小区类别": Column.CATEGORY,
    "物业管理企业名称": Column.COMPANY,
    "物业企业名称": Column.COMPANY,
    "物业公司名称": Column.COMPANY,
    "物业服务企业": Column.COMPANY,
    "物业企业": Column.COMPANY,
    "物业公司": Column.COMPANY,
    "管理性质": Column.NATURE,
    "负责人": Column.MANAGER,
    "项目负责人": Column.MANAGER,
    "项目经理": Column.MANAGER,
    "电话": Column.PHONE,
    "联系方式": Column.PHONE,
    "负责人电话": Column.PHONE,
    "街道": Column.TOWNSHIP,
    "乡镇": Column.TOWNSHIP,
    "镇(街)": Column.TOWNSHIP,
    "乡镇(街道)": Column.TOWNSHIP,
    "镇(街道)": Column.TOWNSHIP,
    "所属镇街": Column.TOWNSHIP,
    "街道名称": Column.TOWNSHIP,
    "镇街名称": Column.TOWNSHIP,
    "总户数": Column.HOUSEHOLDS,
    "住户数": Column.HOUSEHOLDS,
    "面积": Column.AREA,
    "总建筑面积": Column.AREA,
    "楼号": Column.BUILDINGS,
    "楼栋号": Column.BUILDINGS,
    "楼栋及单元": Column.BUILDINGS,
    "楼幢": Column.BUILDINGS,
} | {column.value: column for column in Column}


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[Column, int]] | None:
    """Which of the first ten rows heads the table, and where each column stands; None where none names estates."""
    best: tuple[int, dict[Column, int]] | None = None
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        heads: dict[Column, int] = {}
        for at, cell in enumerate(row):
            column = head_of(cell)
            if column:
                heads.setdefault(column, at)
        if Column.NAME in heads and len(heads) > (len(best[1]) if best else 1):
            best = index, heads
    return best


def head_of(cell: str) -> Column | None:
    """The column that a head means, whatever its brackets, blanks and stars."""
    head = re.sub(r"[\s*:。]+", "", unicodedata.normalize("NFKC", cell))
    return SPELLINGS.get(head) or SPELLINGS.get(re.sub(r"\(.*?\)", "", head))
