"""`/b/<no>/parts/<part>/link`: a link for a called body that has no account, shown once; and taking one back (A7)."""

from flask import Blueprint, current_app, redirect, render_template
from werkzeug import Response

from server.accounts.bodies import names
from server.accounts.guards import actor
from server.core import clock
from server.core.entry import entry
from server.policy.loader import book_behind
from server.reports.body_links import make_link, revoke_link
from server.reports.queries import names_of, visible_report
from server.web.navigation import WATCHING
from server.web.times import day_time

pages = Blueprint("body_links", __name__)


@pages.post("/b/<no:no>/parts/<int:part>/link")
@entry(*WATCHING)
def make(no: str, part: int) -> str:
    """A fresh link with the words to send along."""
    now, asking = clock.now(), actor()
    report = visible_report(no, asking)
    link, token = make_link(report, part, by=asking, now=now)
    address = f"{current_app.extensions['settings'].base_url}/d/{token}"
    body, until = names([link.body_id])[link.body_id], day_time(link.expires_at)
    kind, estate = book_behind(report).kinds[report.kind].label, names_of(report).estate
    words = f"{estate}“{kind}”请{body}办理（编号 {report.no}）。打开链接就能报到和答复，不用登录，{until}前有效：{address}"
    return render_template("desk/link.html", no=report.no, body=body, words=words, link=address, until=until)


@pages.post("/b/<no:no>/links/<int:link>/revoke")
@entry(*WATCHING)
def revoke(no: str, link: int) -> Response:
    """Take a link back."""
    asking = actor()
    report = visible_report(no, asking)
    revoke_link(report, link, by=asking, now=clock.now())
    return redirect(f"/b/{report.no}#called", 303)
