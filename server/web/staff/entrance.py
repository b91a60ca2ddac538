"""Letting somebody in: the session's cookie, the way on, the name of his browser."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import redirect, render_template, request, session
from werkzeug import Response

from server.accounts.devices import know_device
from server.accounts.guards import actor, cookie_name
from server.accounts.models import Person
from server.accounts.roles import Actor
from server.accounts.sessions import STAFF_MOST, close, open_for_person, posts_of
from server.core.tokens import fingerprint
from server.settings import Settings
from server.web.navigation import home_of
from server.web.resident.device import device_token, give

BROWSERS = (
    ("wxwork", "企业微信"),
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
WAITING, WAITS = "second_step", timedelta(minutes=10)
NO_WAY_BACK = ("/login", "/logout", "/invite")


def own_path(text: str) -> str:
    """A path of ours to go on to, or nothing: never another site, never a control character."""
    parts = urlsplit(text)
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    if not plain or parts.scheme or parts.netloc or "\\" in text or parts.path.startswith(NO_WAY_BACK):
        return ""
    return text


def browser_words(agent: str) -> str:
    """`微信 · 安卓`: what a browser calls itself, short enough to be recognised."""
    browser = next((words for mark, words in BROWSERS if mark in agent), "浏览器")
    system = next((words for mark, words in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def proceed(person: Person, way: str, *, settings: Settings, now: datetime) -> Response | tuple[str, int]:
    """On to the second step for whoever has a second factor, else in."""
    if person.totp_since_at is None:
        return let_in(person, way, settings=settings, now=now)
    session[WAITING] = {"name": person.username, "at": int(now.timestamp()), "way": own_path(way)}
    return redirect("/login/code", 303)


def waiting(*, now: datetime) -> tuple[str, str] | None:
    """The user name whose password this browser has just proved, and the way on; None when that is too long ago.

    It stands in the signed cookie of forms, so a stolen database does not hold it.
    """
    found = session.get(WAITING)
    if not isinstance(found, dict) or now.timestamp() - found["at"] > WAITS.total_seconds():
        return None
    return found["name"], found["way"]


def let_in(person: Person, way: str, *, settings: Settings, now: datetime) -> Response | tuple[str, int]:
    """A new session for somebody who proved who he is; the one this browser had before ends."""
    posts = posts_of(person.id, now=now)
    if not posts:
        return render_template("staff/no_post.html", name=person.name), 403
    before = actor().session_id
    if before is not None:
        close(before, now=now)
    session.clear()
    token, _ = open_for_person(person, device=browser_words(request.user_agent.string), now=now)
    answer = redirect(own_path(way) or home_of(Actor(posts=posts)), 303)
    answer.set_cookie(
        cookie_name("session"),
        token,
        max_age=STAFF_MOST,
        httponly=True,
        samesite="Lax",
        secure=settings.secure,
        path="/",
    )
    device = device_token()
    know_device(person, fingerprint(device), now=now)
    return give(answer, device)
