"""`/r/<no>/data`, `/my/data`, `/r/<no>/erase`: a reporter's rights over what is held about him."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from server.core import clock
from server.core.counties import Key, open_by
from server.core.entry import PUBLIC, entry
from server.core.report_no import normalise
from server.policy.loader import books
from server.reports.erasing import erase_contact
from server.reports.links import read_key
from server.reports.models import Report
from server.reports.neighbours import joined_reports
from server.reports.own import own_numbers
from server.reports.queries import report_by_no
from server.web.resident import sealed_rights
from server.web.resident.acts import own_report
from server.web.resident.device import as_resident
from server.web.resident.logins import logins_here
from server.web.resident.own_data import Part, as_json, of_account, of_joins, of_report
from server.web.resident.track_view import look_up

blueprint = Blueprint("resident_rights", __name__)


@blueprint.get("/r/<no>/data")
@entry(PUBLIC)
def data(no: str) -> str:
    """Everything that is held about this report's reporter, to read."""
    parts = None if look_up(no) else sealed_rights.parts(no)
    if parts is not None:
        return _data(parts, file=f"/r/{no}/data.json", back=f"/r/{no}")
    report, now = own_report(no), clock.now()
    return _data(of_report(report, now=now), file=f"/r/{report.no}/data.json", back=_back(report))


@blueprint.get("/r/<no>/data.json")
@entry(PUBLIC)
def data_file(no: str) -> Response:
    """The same as a file."""
    now, parts = clock.now(), None if look_up(no) else sealed_rights.parts(no)
    if parts is not None:
        return _file(parts, name=normalise(no) or "all", now=now)
    report = own_report(no)
    return _file(of_report(report, now=now), name=report.no, now=now)


@blueprint.get("/my/data")
@entry(PUBLIC)
def all_data() -> str:
    """Everything that is held about whoever asks, over all his reports, to read."""
    now = clock.now()
    return _data(_everything(now=now), file="/my/data.json", back="/my", logins=logins_here(now=now))


@blueprint.get("/my/data.json")
@entry(PUBLIC)
def all_data_file() -> Response:
    """The same as a file."""
    now = clock.now()
    return _file(_everything(now=now), name="all", now=now)


@blueprint.get("/r/<no>/erase")
@entry(PUBLIC)
def ask_erase(no: str) -> str:
    """What is deleted, what stays, what can no longer be done afterwards."""
    sealed_page = None if look_up(no) else sealed_rights.ask_erase(no)
    if sealed_page is not None:
        return sealed_page
    report = own_report(no)
    days = books()[report.county_id].limits.contact_days
    return render_template("resident/erase.html", report=report, days=days, back=_back(report))


@blueprint.post("/r/<no>/erase")
@entry(PUBLIC)
def erase(no: str) -> Response:
    """Delete it at once; the link goes on showing the progress."""
    now, erased = clock.now(), None
    if look_up(no) is None:
        erased = sealed_rights.erase(no, now=now)
    if erased is not None:
        return erased
    report = own_report(no)
    erase_contact(report, by=as_resident(), now=now)
    return redirect(
        url_for("resident_track.track", no=report.no, k=read_key(report.no), did="erased"), code=303
    )


def _everything(*, now: datetime) -> list[Part]:
    myself = as_resident()
    if myself.device_hash:
        open_by(Key.DEVICE, myself.device_hash)
    if not (myself.device_hash or myself.resident_id):
        return []
    parts = of_account(myself.resident_id) if myself.resident_id else []
    for no in own_numbers(myself, now=now):
        parts += of_report(report_by_no(no), now=now)
    return parts + sealed_rights.all_parts() + of_joins(joined_reports(myself))


def _data(parts: list[Part], *, file: str, back: str, logins: Sequence[dict[str, str]] = ()) -> str:
    return render_template("resident/data.html", parts=parts, file=file, back=back, logins=logins)


def _file(parts: list[Part], *, name: str, now: datetime) -> Response:
    answer = jsonify(as_json(parts, now=now))
    answer.headers["Content-Disposition"] = f'attachment; filename="my-data-{name}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(report: Report) -> str:
    return url_for("resident_track.track", no=report.no, k=read_key(report.no))
