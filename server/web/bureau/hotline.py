"""`/b/hotline`: 12345 work orders: a table in, what must be looked at, answers out."""

from typing import Any

from flask import Blueprint, Response, request

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry, takes_files
from server.core.errors import HouseError, Invalid
from server.estates.workbook import MAX_BYTES
from server.interop.hotline.answers import export_answers, waiting_answers
from server.interop.hotline.drafts import keep_draft
from server.interop.hotline.gauge import goal_of
from server.interop.hotline.unsure import say_same, say_two, unsure_orders
from server.reports.exporting import A_DAY, REASON_MOST, left_today
from server.reports.words import STAFF_STATES
from server.web.bureau.reading import Form
from server.web.bureau.shell import back, county, me, page, refused
from server.web.desk.rows import kind_of
from server.web.times import stamp

pages = Blueprint("bureau_hotline", __name__, url_prefix="/b/hotline")
FORMS = {
    "xlsx": ("Excel（.xlsx）", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("CSV", "text/csv; charset=utf-8"),
}


@pages.get("")
@entry(Role.BUREAU)
def overview() -> str:
    """Where a table is chosen, what waits for the bureau's word, and answers to take along."""
    return page("hotline", given={}, **_shown())


@pages.post("")
@entry(Role.BUREAU)
@takes_files(most=MAX_BYTES + 2**20)
def upload() -> Any:
    """Take a table and show what is in it; no order of it comes in yet."""
    file, history = request.files.get("file"), "history" in request.form
    try:
        if file is None or not file.filename:
            raise Invalid("请选择文件。", fields={"file": "请选择一个 XLSX、XLS 或 CSV 文件"})
        name, data = file.filename, file.read()
        draft = keep_draft(county(), me() or 0, data, file_name=name, history=history, now=clock.now())
    except HouseError as error:
        if not error.fields:
            error = Invalid(error.message, fields={"file": error.message})
        return refused(error, "hotline", **_shown())
    return back(f"/b/hotline/{draft.id}")


@pages.post("/export")
@entry(Role.BUREAU)
def export() -> Any:
    """The answers in the hotline's own columns; why they are taken along is kept."""
    given, now = Form(request.form), clock.now()
    try:
        form = given.choice("form", FORMS, "文件格式", need=True)
        reason = given.text("reason", "原因", most=REASON_MOST)
        given.check()
        every = "every" in request.form
        done = export_answers(county(), form=form, every=every, reason=reason, by=actor(), now=now)
    except Invalid as error:
        return refused(error, "hotline", **_shown())
    answer = Response(done.data, mimetype=FORMS[form][1])
    name = f"12345-{clock.today(now):%Y%m%d}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.post("/orders/<int:order_id>/same")
@entry(Role.BUREAU)
def same(order_id: int) -> Any:
    """The order and the report are one matter."""
    number = say_same(county(), order_id, by=actor(), now=clock.now())
    return back("/b/hotline", f"工单 {number} 已并入那件报告，只算一件。")


@pages.post("/orders/<int:order_id>/two")
@entry(Role.BUREAU)
def two(order_id: int) -> Any:
    """They are two matters."""
    return back("/b/hotline", f"工单 {say_two(county(), order_id)} 单独办理。")


def _shown() -> dict[str, Any]:
    now = clock.now()
    return {
        "unsure": [_pair(row, now=now) for row in unsure_orders(county())],
        "waiting": waiting_answers(county()),
        "forms_of_file": [(key, words) for key, (words, _) in FORMS.items()],
        "goal": goal_of(county()),
        "reason_most": REASON_MOST,
        "left": left_today(actor(), now=now),
        "a_day": A_DAY,
    }


def _pair(row: Any, *, now: Any) -> dict[str, Any]:
    kinds = [kind_of(row.county_id, key) for key in (row.kind, row.other_kind)]
    return {
        "id": row.id,
        "number": row.number,
        "no": row.no,
        "kind": kinds[0].label if kinds[0] else row.kind,
        "text": row.text,
        "at": stamp(row.received_at, now=now),
        "other_no": row.other_no,
        "other_kind": kinds[1].label if kinds[1] else row.other_kind,
        "other_text": row.other_text,
        "other_at": stamp(row.other_at, now=now),
        "other_state": STAFF_STATES.get(row.other_state, row.other_state),
        "estate": row.estate,
    }
