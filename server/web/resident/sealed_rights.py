"""A sender's rights over his confidential report: what is held about him, and deleting what leads to him."""

from datetime import datetime

from flask import redirect, render_template
from werkzeug.wrappers import Response

from server.confidential.acting import words_of
from server.confidential.compartments import county_of
from server.confidential.erasing import erase_own, holds_contact
from server.confidential.messages import ACTS, STATES, name_of
from server.confidential.models import SealedEvent
from server.confidential.queries import Whole, own_report, own_reports
from server.confidential.rules import Act, Part
from server.confidential.sealing import is_keyed
from server.policy.loader import books
from server.web.resident import query_code, sealed
from server.web.resident.device import as_resident
from server.web.resident.own_data import Part as DataPart
from server.web.resident.own_data import shown_at


def parts(no: str) -> list[DataPart] | None:
    """What is held about the sender of this report; None for everybody else."""
    mine = sealed.found(no)
    return _parts(mine) if mine else None


def all_parts() -> list[DataPart]:
    """The same for every confidential report that this browser was let remember."""
    me = as_resident()
    return [part for report in own_reports(me) for part in _parts(own_report(report.no, me))]


def ask_erase(no: str) -> str | None:
    """What is deleted, what stays; None for everybody but the sender."""
    mine = sealed.found(no)
    if mine is None:
        return None
    days = books()[county_of(mine.report.county_id)].limits.contact_days
    return render_template(
        "resident/sealed_erase.html",
        report=mine.report,
        handler=mine.handler,
        held=holds_contact(mine.report),
        keyed=is_keyed(mine.report.content),
        coded=query_code.is_code_of(mine.report, query_code.lent()),
        days=days,
    )


def erase(no: str, *, now: datetime) -> Response | None:
    """Delete it, and leave the query code with the browser until it is closed; None for everybody but the sender."""
    mine, code = sealed.found(no), query_code.lent()
    if mine is None:
        return None
    kept = code if query_code.is_code_of(mine.report, code) else None
    code = erase_own(mine.report, code=kept, now=now)
    return query_code.lend(redirect(f"/r/{mine.report.no}?sent=erased", code=303), code)


def _parts(mine: Whole) -> list[DataPart]:
    report = mine.report
    times = (
        ("提交时间", report.submitted_at),
        ("受理时间", report.accepted_at),
        ("办结时间", report.closed_at),
    )
    told = [
        ("状态", STATES[report.state]),
        ("谁在办", mine.handler),
        *((name, shown_at(at)) for name, at in times if at),
        ("您写的内容和位置", f"已封存，只有{mine.handler}能看，这里不能再显示"),
        ("照片", f"{len(mine.photos)} 张，已封存"),
    ]
    reached = [
        ("电话和接听电话的同意", "已删除" if report.contact is None else "已封存，填没填都一样"),
        ("浏览器标记", "有，只存它的指纹" if report.device_index else "没有"),
    ]
    steps = [(shown_at(event.at), _line(event, mine)) for event in mine.events]
    return [
        DataPart(f"保密件 {report.no}", told),
        DataPart(f"怎样联系到您（{report.no}）", reached),
        DataPart(f"经过（{report.no}）", steps),
    ]


def _line(event: SealedEvent, mine: Whole) -> str:
    said = "" if event.by_kind == Part.OWNER else words_of(event.words, no=mine.report.no)
    took = f"{name_of(event.by_kind, handler=mine.handler)} {ACTS[Act(event.act)]}"
    return f"{took}：{said}" if said else took
