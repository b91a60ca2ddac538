"""`/invite/<token>`: a new member of staff sets a password and is in."""

from flask import Blueprint, current_app, render_template
from werkzeug import Response

from server.accounts.invitations import accept_invitation, invited
from server.accounts.passwords import SHORTEST
from server.core import clock
from server.core.entry import PUBLIC, entry
from server.core.errors import Invalid, NotFound
from server.core.tokens import plausible
from server.web.staff.entrance import proceed
from server.web.typed import secret

pages = Blueprint("invitation", __name__)

GONE = "邀请链接不完整。请让发给您的人重新发一个，并整条复制。"
UNEQUAL = "两次输入的密码不一样。"


@pages.get("/invite/<token>")
@entry(PUBLIC)
def ask(token: str) -> str:
    """Who is invited, and the form for his password."""
    return _form(token, {})


@pages.post("/invite/<token>")
@entry(PUBLIC)
def accept(token: str) -> Response | tuple[str, int]:
    """Set the password; the invitation works once, and its holder is logged in."""
    now, password = clock.now(), secret("password")
    _check(token)
    if password != secret("again"):
        return _form(token, {"again": UNEQUAL}), 422
    try:
        person = accept_invitation(token, password, now=now)
    except Invalid as refused:
        return _form(token, {"password": refused.message}), 422
    return proceed(person, "/account?done=welcome", settings=current_app.extensions["settings"], now=now)


def _form(token: str, errors: dict[str, str]) -> str:
    _check(token)
    person = invited(token, now=clock.now())
    return render_template(
        "staff/invitation.html", name=person.name, username=person.username, errors=errors, shortest=SHORTEST
    )


def _check(token: str) -> None:
    if not plausible(token):
        raise NotFound(GONE)
