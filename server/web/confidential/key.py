"""`/c/key`: the body's public key; its private half is made and kept in the body's own browser."""

from flask import Blueprint, flash, get_flashed_messages, make_response, redirect, render_template
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.accounts.roles import Actor, Held, Role
from server.confidential.bodies import holders
from server.confidential.keys import keys_of, set_key
from server.core import clock
from server.core.entry import entry
from server.core.errors import Conflict, Invalid, NotFound
from server.web.times import stamp
from server.web.typed import KEY_LETTERS, said

pages = Blueprint("sealed_key", __name__, url_prefix="/c")


@pages.get("/key")
@entry(Role.CONFIDENTIAL)
def show() -> str:
    """The keys there are, and the form that makes a new one in the browser."""
    return _page()


@pages.post("/key")
@entry(Role.CONFIDENTIAL)
def put() -> Response:
    """Take the public half; from now on everything new is sealed to it."""
    post = _post(actor())
    try:
        key = set_key(
            post.county_id,
            post.body_id,
            said("public_key", most=KEY_LETTERS),
            by=actor().person_id or 0,
            now=clock.now(),
        )
    except (Invalid, Conflict) as refused:
        return make_response(_page(refused.message), refused.status)
    flash(f"密钥 {key.kid} 已启用，以后的新件只有持有它的人能打开。", "ok")
    return redirect("/c/key", code=303)


def _post(asking: Actor) -> Held:
    """The confidential post that somebody acts by. Raises NotFound without one."""
    found = next((post for post in asking.posts if post.role is Role.CONFIDENTIAL), None)
    if found is None:
        raise NotFound("没有这个页面。")
    return found


def _page(refused: str = "") -> str:
    now, post = clock.now(), _post(actor())
    names = {one.person_id: one.name for one in holders([post.body_id], now=now)}
    keys = [
        (one.kid, stamp(one.made_at, now=now), names.get(one.made_by, "已离任的人"), one.ended_at is None)
        for one in keys_of(post.body_id)
    ]
    return render_template(
        "confidential/key.html",
        keys=keys,
        body=post.body_name,
        refused=refused,
        flashes=get_flashed_messages(with_categories=True),
    )
