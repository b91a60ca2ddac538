"""Finding the words of a report's push when it is sent, from how the report stands then."""

from flask import current_app

from server.core.db import db
from server.notices.channels import Message
from server.notices.models import Push
from server.notices.residents import NEIGHBOUR
from server.policy.loader import book_behind
from server.reports.eyes import MASKED, TYPED
from server.reports.links import track_url
from server.reports.matters import duties_for_post
from server.reports.messages import About, message
from server.reports.models import Report
from server.reports.queries import names_of
from server.reports.words import STAFF_STATES, STATES


def compose_push(push: Push) -> Message | None:
    """The message of a push about a report; None when the report is not there."""
    report = db.session.get(Report, push.report_id)
    if report is None:
        return None
    to_resident = push.resident_id is not None
    eyes = TYPED if to_resident else MASKED
    mine = [] if to_resident else duties_for_post(report, push.post_id)
    about = About(
        no=report.no,
        estate=names_of(report).estate,
        kind=book_behind(report).kinds[report.kind].label,
        place="" if push.purpose.startswith(NEIGHBOUR) else eyes.place(report),
        state=(STATES if to_resident else STAFF_STATES)[report.state],
        due_at=mine[0].due_at if mine else report.due_at,
        todo=mine[0].words if mine else "",
    )
    base = current_app.extensions["settings"].base_url
    url = track_url(report.no) if to_resident else f"{base}/go/{report.no}"
    return message(about, purpose=push.purpose, key=f"push-{push.id}", url=url, to_resident=to_resident)
