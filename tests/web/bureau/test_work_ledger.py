"""The work ledger: problem, place, who answers for it, deadline, evidence, struck off; on screen, paper, file (A9)."""

import csv
from io import BytesIO, StringIO

from python_calamine import CalamineWorkbook

from server.accounts.roles import Actor
from server.core.csv_file import write_csv
from server.core.db import db
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from server.web.bureau.work_rows import HEADERS
from tests.hostile.tables import FORMULAS
from tests.supervision.stage import closed
from tests.web.conftest import read

PHONE = "13812345678"


def test_the_ledger_in_all_its_forms(client, world):
    done = closed(world, "ys.hill", "done")
    filing = Filing(kind="service.price", text=f"=1+1 打我电话 {PHONE}", phone=PHONE, contact_ok=True)
    open_ = file_report(world.place("ys.lake"), filing, key="o" * 32, by=Actor(), now=world.now)
    db.session.commit()
    world.login(client, "ys.bureau")
    page = read(client.get("/b/ledger"))
    rows = {
        row.find("td").get_text(): [cell.get_text() for cell in row.find_all("td")]
        for row in page.select("tbody tr")
    }
    struck, standing = rows[done.no], rows[open_.no]
    assert dict(zip(HEADERS, struck, strict=True)) == {
        "编号": done.no,
        "问题": f"{struck[1].partition('：')[0]}：漏水",
        "小区": "青山花园小区",
        "位置": "",
        "责任单位": struck[4],
        "责任岗位": "项目经理",
        "整改时限": struck[6],
        "整改措施或答复": "已经修好了，换了接头",
        "整改凭据": "现场检查记录",
        "状态": "已销号，报告人已确认解决",
        "销号日期": "2026-11-18",
    }
    assert (standing[8], standing[9], standing[10]) == ("", "待受理", "")
    for who in ("ys.bureau", "ys.community", "ys.town"):
        for address in ("/b/ledger", "/b/ledger/print"):
            assert PHONE not in world.login(client, who).get(address).text, "it may hang on a wall"
    world.login(client, "ys.bureau")
    lake, kind = world.estates["ys.lake"].id, report_by_no(open_.no).kind
    town = world.bodies["ys.town"].id
    for query, shown in (
        ("standing=struck", {done.no}),
        ("standing=standing", {open_.no}),
        (f"estate={lake}", {open_.no}),
        (f"township={town}", {done.no, open_.no}),
        (f"kind={kind}", {open_.no}),
        ("begins_on=2026-11-18&ends_on=2026-11-18", {done.no, open_.no}),
        ("begins_on=2026-11-19", set()),
        ("ends_on=2026-11-17", set()),
        ("begins_on=0001-01-01&estate=x&kind=x", {done.no, open_.no}),
    ):
        text = client.get(f"/b/ledger?{query}").text
        assert {no for no in (done.no, open_.no) if no in text} == shown, query
        assert {
            no for no in (done.no, open_.no) if no in client.get(f"/b/ledger/print?{query}").text
        } == shown
    assert "物业问题工作台账" in client.get("/b/ledger/print").text

    token = read(client.get("/b/ledger/export")).find("main").find("input", {"name": "csrf_token"})["value"]
    assert client.post("/b/ledger/export", data={"csrf_token": token, "reason": ""}).status_code == 422
    given = {"csrf_token": token, "reason": "上报工作专班"}
    book = client.post("/b/ledger/export", data=given | {"file": "xlsx"})
    table = CalamineWorkbook.from_filelike(BytesIO(book.data)).get_sheet_by_index(0).to_python()
    plain = client.post("/b/ledger/export", data=given | {"file": "csv"})
    lines = list(csv.reader(StringIO(plain.data.decode("utf-8-sig"))))
    assert table[0] == lines[0] == ["序号", *HEADERS]
    assert [row[1] for row in table[1:]] == [row[1] for row in lines[1:]] == [open_.no, done.no]
    assert PHONE not in plain.data.decode()
    assert b"=1+1" in plain.data
    assert lines[1][2].startswith("收费")
    assert str(table[2][-1])[:10] == lines[2][-1] == "2026-11-18"
    assert world.login(client, "ys.community").get("/b/ledger/export").status_code == 403


def test_no_cell_of_a_csv_begins_a_formula():
    rows = list(csv.reader(StringIO(write_csv(["内容"], [(one,) for one in FORMULAS]).decode("utf-8-sig"))))
    assert len(rows) == len(FORMULAS) + 1
    assert not [row for row in rows[1:] if row and row[0].lstrip().startswith(("=", "+", "-", "@"))]
