"""At the door: who comes, by which token, and whether the route's declaration lets him in."""

from dataclasses import replace

from flask import Flask, current_app, g, redirect, request
from werkzeug import Response

from server.accounts.roles import STRANGER, TWO_FACTORS, Actor
from server.accounts.sessions import actor_behind, actor_of
from server.core import clock
from server.core.entry import PUBLIC, STAFF, declared, undeclared
from server.core.errors import Forbidden, NotLoggedIn
from server.core.http import wants_json
from server.core.tokens import fingerprint, plausible

API = "/api/"
ENROLMENT, ENROLMENT_PAGE = "second_factor", "/account/second-factor"
"""The pages where a second factor is set up: the blueprint's name, and where they begin."""
ENROL_FIRST = "您的岗位要先设置两步验证才能使用，请在网页上登录后按提示设置。"


def cookie_name(kind: str) -> str:
    """The cookie of a login or of a device; with its `__Host-` prefix where we are on https."""
    return f"__Host-{kind}" if current_app.extensions["settings"].secure else kind


def bearer() -> str | None:
    """The token of the Authorization header, if it looks like one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and plausible(token) else None


def _cookie(kind: str) -> str | None:
    token = request.cookies.get(cookie_name(kind), "")
    return token if plausible(token) else None


def find_actor() -> Actor:
    """Who is asking. The API knows header tokens alone, pages know cookies alone, so CSRF has no hold there."""
    if request.path.startswith(API):
        token = bearer()
        found = _known(token)
        return found or (Actor(owner_hash=fingerprint(token)) if token else STRANGER)
    token, device = _cookie("session"), _cookie("device")
    known = _known(token) or STRANGER
    return replace(known, device_hash=fingerprint(device) if device else None)


def _known(token: str | None) -> Actor | None:
    """Who holds the token."""
    return _with_factor(actor_of(token, now=clock.now()) if token else None)


def reader_behind(login: str) -> Actor | None:
    """Who is still logged in by the login of a fingerprint, for an address that was signed for it alone."""
    return _with_factor(actor_behind(login, now=clock.now()))


def _with_factor(found: Actor | None) -> Actor | None:
    """Somebody as he is; without a second factor where it is demanded, his posts count for nothing."""
    if found is None or found.second_factor or not found.roles & TWO_FACTORS:
        return found
    demanded = current_app.extensions["settings"].totp_demanded
    return replace(found, posts=(), enrolling=True) if demanded else found


def actor() -> Actor:
    """Who is asking; looked up once a request, and only when somebody wants to know."""
    if "actor" not in g:
        g.actor = find_actor()
    found: Actor = g.actor
    return found


def allowed(who: frozenset[str], asking: Actor) -> bool:
    """Whether a route's declaration lets the actor in."""
    return (STAFF in who and asking.is_staff) or bool(who & {role.value for role in asking.roles})


def check_door() -> Response | None:
    """Refuse whoever the route does not name; whoever must set up a second factor first is led there."""
    if request.endpoint is None:
        return None
    who = declared(current_app, request.endpoint) or frozenset()
    if PUBLIC in who:
        return None
    asking = actor()
    if allowed(who, asking):
        return None
    if asking.enrolling:
        return _to_enrolment()
    if asking.person_id or asking.resident_id:
        raise Forbidden("您的岗位不能打开这里。如有疑问，请联系主管部门的管理员。")
    raise NotLoggedIn("请先登录。")


def _to_enrolment() -> Response | None:
    if request.blueprint == ENROLMENT:
        return None
    if request.method != "GET" or wants_json():
        raise Forbidden(ENROL_FIRST, code="totp_enrol")
    return redirect(ENROLMENT_PAGE, 303)


def install(app: Flask) -> None:
    """Guard every route; an application with an undeclared one does not start."""
    missing = undeclared(app)
    if missing:
        raise RuntimeError("routes that do not say who may enter: " + ", ".join(missing))
    app.before_request(check_door)
