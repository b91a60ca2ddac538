"""At the door: who comes, by which token, and whether the route's declaration lets him in."""

from flask import Flask, current_app, g, request

from server.accounts.roles import STRANGER, Actor
from server.accounts.sessions import actor_of
from server.core import clock
from server.core.entry import PUBLIC, STAFF, declared, undeclared
from server.core.errors import Forbidden, NotLoggedIn
from server.core.tokens import fingerprint, plausible

API = "/api/"


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
        found = actor_of(token, now=clock.now()) if token else None
        return found or (Actor(owner_hash=fingerprint(token)) if token else STRANGER)
    token, device = _cookie("session"), _cookie("device")
    found = actor_of(token, now=clock.now()) if token else None
    known = found or STRANGER
    return Actor(
        person_id=known.person_id,
        person_name=known.person_name,
        resident_id=known.resident_id,
        session_id=known.session_id,
        posts=known.posts,
        device_hash=fingerprint(device) if device else None,
    )


def actor() -> Actor:
    """Who is asking; looked up once a request, and only when somebody wants to know."""
    if "actor" not in g:
        g.actor = find_actor()
    found: Actor = g.actor
    return found


def allowed(who: frozenset[str], asking: Actor) -> bool:
    """Whether a route's declaration lets the actor in."""
    return (STAFF in who and asking.is_staff) or bool(who & {role.value for role in asking.roles})


def check_door() -> None:
    """Refuse whoever the route does not name; runs before every request."""
    if request.endpoint is None:
        return
    who = declared(current_app, request.endpoint) or frozenset()
    if PUBLIC in who:
        return
    asking = actor()
    if allowed(who, asking):
        return
    if asking.person_id or asking.resident_id:
        raise Forbidden("您的岗位不能打开这里。如有疑问，请联系主管部门的管理员。")
    raise NotLoggedIn("请先登录。")


def install(app: Flask) -> None:
    """Guard every route; an application with an undeclared one does not start."""
    missing = undeclared(app)
    if missing:
        raise RuntimeError("routes that do not say who may enter: " + ", ".join(missing))
    app.before_request(check_door)
