"""`/r/<no>/contact`: the reporter gives or takes back his word that he may be rung."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from server.core import clock
from server.core.entry import PUBLIC, entry
from server.reports.contact import set_contact
from server.reports.links import read_key
from server.web.resident.acts import own_report
from server.web.resident.device import as_resident

blueprint = Blueprint("resident_contact", __name__)


@blueprint.post("/r/<no>/contact")
@entry(PUBLIC)
def contact(no: str) -> Response:
    """Do as the button said; it holds from the next look on."""
    report, ok = own_report(no), request.form.get("ok") == "1"
    set_contact(report, ok=ok, by=as_resident(), now=clock.now())
    did = "contact_on" if ok else "contact_off"
    return redirect(
        url_for("resident_track.track", no=report.no, k=read_key(report.no), did=did, _anchor="looks"), 303
    )
