"""Estates from a table, in three steps: upload, look over what is wrong, import the rest."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from server.companies.drafts import draft_of, import_draft, keep_draft, sheet_of
from server.companies.imports import rehearse
from server.core import clock
from server.core.entry import entry, takes_files
from server.core.errors import HouseError, Invalid
from server.estates.sheet import faults_xlsx, template_xlsx
from server.estates.workbook import MAX_BYTES
from server.web.bureau.reading import Form
from server.web.bureau.shell import KEEPERS, county, me, page, refused
from server.web.bureau.shell import back as go

imports = Blueprint("bureau_imports", __name__, url_prefix="/b/estates/import")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200
"""Faults on the page; all of them are in the file to download."""


def _download(data: bytes, name: str) -> Response:
    response = Response(data, mimetype=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@imports.get("")
@entry(*KEEPERS)
def form() -> Any:
    """Where a table is chosen."""
    return page("import", given={})


@imports.get("/template.xlsx")
@entry(*KEEPERS)
def template() -> Response:
    """The table to fill in (山政办发〔2020〕9号 附件5)."""
    return _download(template_xlsx(), "小区导入模板.xlsx")


@imports.post("")
@entry(*KEEPERS)
@takes_files(most=MAX_BYTES + 2**20)
def upload() -> Any:
    """Take a table and show what is in it; nothing of it is saved as an estate."""
    given, file = Form(request.form), request.files.get("file")
    try:
        township = given.text("township", "镇街", most=60)
        if file is None or not file.filename:
            given.faults["file"] = "请选择一个 XLSX、XLS 或 CSV 文件"
        given.check()
        data = file.read() if file else b""
        name = (file.filename if file else "") or "表格"
        draft = keep_draft(county(), me() or 0, data, file_name=name, township=township, now=clock.now())
    except HouseError as error:
        if not error.fields:
            error = Invalid(error.message, fields={"file": error.message})
        return refused(error, "import")
    return go(f"/b/estates/import/{draft.id}")


@imports.get("/<int:draft_id>")
@entry(*KEEPERS)
def preview(draft_id: int) -> Any:
    """The bad rows, and what the others would bring."""
    draft = draft_of(me() or 0, draft_id, now=clock.now())
    sheet = sheet_of(draft)
    return page(
        "import_preview",
        draft=draft,
        faults=sheet.faults[:SHOWN],
        bad_rows=len({fault.row for fault in sheet.faults}),
        many=len(sheet.faults),
        ready=len(sheet.rows),
        result=rehearse(draft.county_id, sheet.rows, now=clock.now()),
    )


@imports.get("/<int:draft_id>/faults.xlsx")
@entry(*KEEPERS)
def faults(draft_id: int) -> Response:
    """Every fault as a table to work through."""
    draft = draft_of(me() or 0, draft_id, now=clock.now())
    return _download(faults_xlsx(sheet_of(draft).faults), "需要修改.xlsx")


@imports.post("/<int:draft_id>")
@entry(*KEEPERS)
def run(draft_id: int) -> Any:
    """Save the rows that are right."""
    now = clock.now()
    draft = draft_of(me() or 0, draft_id, now=now)
    result = import_draft(draft, by=me() or 0, now=now)
    return page("import_done", result=result)
