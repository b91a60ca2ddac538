"""`/bind/<token>`: binding a WeChat by a personal link, made on any screen and opened in WeChat."""

from datetime import timedelta

from flask import Blueprint, current_app, make_response, render_template
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.accounts.invitations import GONE, WECHAT, invite, invited
from server.accounts.models import Person
from server.accounts.own import myself
from server.core import clock
from server.core.entry import PUBLIC, STAFF, entry
from server.core.errors import NotFound
from server.core.tokens import plausible
from server.web.bureau.marks import qr_mark
from server.web.wechat.trips import depart
from server.wechat.errands import Goal
from server.wechat.login import service_account

pages = Blueprint("wechat_binding", __name__)
LASTS = timedelta(minutes=10)


@pages.post("/account/wechat/link")
@entry(STAFF)
def make() -> Response:
    """A link of one's own, shown this once; an older one stops."""
    service_account()
    person = myself(actor().person_id)
    token = invite(person, purpose=WECHAT, lasts=LASTS, by=person.id, now=clock.now())
    link = f"{current_app.extensions['settings'].base_url}/bind/{token}"
    minutes = LASTS // timedelta(minutes=1)
    mark = qr_mark(link, "用微信扫的绑定码")
    answer = make_response(render_template("staff/bind_link.html", link=link, mark=mark, minutes=minutes))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/bind/<token>")
@entry(PUBLIC)
def ask(token: str) -> str:
    """To whose account this WeChat would be bound; nothing happens before the button."""
    return render_template("staff/bind.html", name=_invited(token).name)


@pages.post("/bind/<token>")
@entry(PUBLIC)
def go(token: str) -> Response:
    """Off to WeChat, which says who is reading this."""
    _invited(token)
    return depart(Goal.LINK, "/bound", link=token)


@pages.get("/bound")
@entry(PUBLIC)
def done() -> str:
    """The binding is made."""
    return render_template("staff/bound.html")


def _invited(token: str) -> Person:
    if not plausible(token):
        raise NotFound(GONE[WECHAT])
    return invited(token, purpose=WECHAT, now=clock.now())
