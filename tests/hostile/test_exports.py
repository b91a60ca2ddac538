"""Formulas in every export: written as text, and read back as the text that was typed."""

import re
import zipfile
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from server.core.db import db
from server.core.spreadsheet import write_xlsx
from server.core.text import clean
from server.estates.import_rules import Fault
from server.estates.models import Estate
from server.estates.sheet import faults_xlsx, read_estates
from tests.hostile.tables import FORMULAS

FORMULA_CELL = re.compile(rb"<f[ >/]|t=\"(?:str|e)\"|<hyperlink")
ALLOWED_PARTS = re.compile(
    r"(?:\[Content_Types\]\.xml|_rels/\.rels|docProps/.+|xl/(?:_rels/)?[a-zA-Z]+\.xml(?:\.rels)?|xl/theme/.+|xl/worksheets/sheet1\.xml)\Z"
)


def check_plain(data):
    """No formula, link, macro or outside reference anywhere in the file."""
    with zipfile.ZipFile(BytesIO(data)) as book:
        for name in book.namelist():
            assert ALLOWED_PARTS.match(name), name
            if name.startswith("xl/worksheets"):
                assert not FORMULA_CELL.search(book.read(name)), name
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def test_formulas_are_text_in_a_written_sheet():
    rows = check_plain(write_xlsx(["内容", "=1+1"], [(one, one) for one in FORMULAS], title="=1+1"))
    assert [row[0] for row in rows[1:]] == [row[1] for row in rows[1:]]
    squeezed = [re.sub(r"_x000[Dd]_|[\r\n]", "", str(row[0])) for row in rows[1:]]
    assert squeezed == [re.sub(r"[\r\n]", "", one) for one in FORMULAS]


def test_formulas_are_text_in_the_ledger(client, furnish, world):
    furnish([one for one in FORMULAS if clean(one)])
    world.login(client, "ys.bureau")
    page = client.get("/b/reports/export").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    answer = client.post("/b/reports/export", data={"csrf_token": token, "reason": "例行核对台账，防止公式"})
    assert answer.status_code == 200, answer.text[:300]
    rows = check_plain(answer.data)
    assert len(rows) == len(FORMULAS) + 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_formulas_in_a_table_that_comes_in_stay_text_and_are_told_as_text(kind):
    head = ["镇街", "社区名称", "小区名称", "户数", "备注"]
    table = [["测试街道", "测试社区", f"小区{number}", one, one] for number, one in enumerate(FORMULAS)]
    if kind == "xlsx":
        data = write_xlsx(head, table)
    else:
        quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [head, *table]]
        data = "\r\n".join(quoted).encode("utf-8-sig")
    sheet = read_estates(data)
    assert not sheet.rows or all(row.households is None or row.households > 0 for row in sheet.rows)
    assert len(check_plain(faults_xlsx(sheet.faults))) == len(sheet.faults) + 1
    check_plain(faults_xlsx((Fault.at(2, "=1+1", "=1+1"),)))


def test_a_name_that_is_a_formula_stays_text_in_the_estates(world):
    estate = db.session.scalar(select(Estate).where(Estate.id == world.estates["ys.hill"].id))
    estate.name = FORMULAS[1]
    db.session.flush()
    assert check_plain(write_xlsx(["小区"], [(estate.name,)]))[1][0] == FORMULAS[1]
