"""The import of estates: a file in, rows and plain faults out; nothing is saved here."""

from dataclasses import dataclass

from server.core.errors import Invalid
from server.core.spreadsheet import write_xlsx
from server.estates.import_cells import TEN_THOUSAND
from server.estates.import_columns import Column, find_header
from server.estates.import_rules import EMPTY, EstateRow, Fault, doubles, is_row, read_row
from server.estates.workbook import Rows, read_tables

CARRIED = (Column.TOWNSHIP, Column.COMMUNITY)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: the rows that can be saved, and every fault of the others in the file's order."""

    rows: tuple[EstateRow, ...]
    faults: tuple[Fault, ...]


def read_estates(data: bytes, *, township: str = "") -> Sheet:
    """The estates of an XLSX, XLS or CSV file; `township` stands in where the table names none.

    Invalid where the file as a whole cannot be read, or no row within the first ten heads a table of estates.
    """
    for table in read_tables(data):
        header = find_header(table)
        if header:
            return _read(table, *header, township=township)
    raise Invalid(
        f"没有找到表头。前 10 行里要有一行写着“{Column.COMMUNITY}”“{Column.NAME}”等列名，可以先下载模板对照。"
    )


def template_xlsx() -> bytes:
    """An empty table with every column in its place and one row to show how it is filled in."""
    example = {
        Column.NUMBER: "1",
        Column.COMMUNITY: "示例社区",
        Column.NAME: "示例花园（请删除本行）",
        Column.CATEGORY: "1",
        Column.COMPANY: "示例物业服务有限公司",
        Column.NATURE: "外聘物业公司",
        Column.SINCE: "2020年5月",
        Column.SERVICE: "保洁、绿化、秩序维护、设施维修",
        Column.TOWNSHIP: "示例街道",
        Column.HOUSEHOLDS: "860",
        Column.AREA: "92000",
        Column.BUILDINGS: "1-11号楼,12号楼(3单元)",
    }
    return write_xlsx(list(Column), [[example.get(column, "") for column in Column]], title="小区导入模板")


def faults_xlsx(faults: tuple[Fault, ...]) -> bytes:
    """The faults as a file to work through."""
    return write_xlsx(
        ("行", "列", "问题"), [(one.row, one.column, one.sentence) for one in faults], title="需要修改"
    )


def _read(table: Rows, head: int, columns: dict[Column, int], *, township: str) -> Sheet:
    if Column.COMMUNITY not in columns:
        raise Invalid(f"表头里缺少“{Column.COMMUNITY}”这一列，请补上后再导入。")
    area_unit = TEN_THOUSAND if Column.AREA in columns and "万" in table[head][columns[Column.AREA]] else 1
    rows: list[EstateRow] = []
    faults: list[Fault] = []
    above: dict[Column, str] = {}
    for number, line in enumerate(table[head + 1 :], start=head + 2):
        cells = {column: line[at] for column, at in columns.items() if at < len(line)}
        if not is_row(cells):
            continue
        above = _carry_down(cells, above)
        if cells.get(Column.TOWNSHIP, "") in EMPTY and township:
            cells[Column.TOWNSHIP] = township
        row, wrong = read_row(number, cells, area_unit=area_unit)
        rows += [row] if row else []
        faults += wrong
    return _without_doubles(rows, faults)


def _carry_down(cells: dict[Column, str], above: dict[Column, str]) -> dict[Column, str]:
    """Fill in what a merged or blank cell means: the township and community named above it."""
    renewed = False
    for column in CARRIED:
        if cells.get(column, "") not in EMPTY:
            renewed = True
        elif not renewed and above.get(column):
            cells[column] = above[column]
    return {column: cells.get(column, "") for column in CARRIED}


def _without_doubles(rows: list[EstateRow], faults: list[Fault]) -> Sheet:
    twice = list(doubles(rows))
    dropped = {fault.row for fault in twice}
    return Sheet(
        rows=tuple(row for row in rows if row.row not in dropped),
        faults=tuple(sorted([*faults, *twice], key=lambda fault: fault.row)),
    )
