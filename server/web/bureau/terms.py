"""A term's last day, a colleague who stands in during leave, and a second factor that was lost."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request

from server.accounts import second_factor
from server.accounts.holding import held_post, set_end, stand_in, terms_of
from server.accounts.models import Person, Post
from server.accounts.people import person_in, person_named, post_name
from server.accounts.roles import Role
from server.accounts.terms import last_day, through
from server.companies.staff import candidates
from server.core import clock
from server.core.entry import entry
from server.core.errors import HouseError
from server.web.bureau.people import others_only
from server.web.bureau.reading import Form
from server.web.bureau.shell import KEEPERS, back, county, me, page, refused

pages = Blueprint("bureau_terms", __name__, url_prefix="/b/people/<int:person_id>")
REASON_MOST = 200


def _other(person_id: int) -> Person:
    """Somebody of this county who is not at the desk himself."""
    person = person_in(county(), person_id)
    others_only(person)
    return person


def _shown(person: Person, post: Post, now: datetime) -> dict[str, Any]:
    term = next((one for one in terms_of(person.id, now=now) if one.post_id == post.id), None)
    return {
        "person": person,
        "label": post_name(post),
        "until_on": term.last_on if term else None,
        "today": clock.today(now),
        "candidates": candidates(county(), but=person.id, now=now),
    }


@pages.get("/posts/<int:post_id>/term")
@entry(*KEEPERS)
def ask_term(person_id: int, post_id: int) -> Any:
    """The last day of a term."""
    person, now = _other(person_id), clock.now()
    return page("term", given={}, **_shown(person, held_post(person, post_id, now=now), now))


@pages.post("/posts/<int:post_id>/term")
@entry(*KEEPERS)
def keep_term(person_id: int, post_id: int) -> Any:
    """Set the last day of a term, or take it away."""
    person, now, form = _other(person_id), clock.now(), Form(request.form)
    post = held_post(person, post_id, now=now)
    try:
        until_at = through(form.day("until_on", "最后一天"))
        form.check()
        set_end(person, post, until_at, by=me(), now=now)
    except HouseError as error:
        return refused(error, "term", **_shown(person, post, now))
    words = (
        f"最后一天是 {last_day(until_at).isoformat()}，过了当天零点自动收回。" if until_at else "不设期限。"
    )
    return back(f"/b/people/{person_id}", f"{person.name}的任期已保存：{words}")


@pages.get("/posts/<int:post_id>/stand-in")
@entry(*KEEPERS)
def ask_stand_in(person_id: int, post_id: int) -> Any:
    """Who stands in during somebody's leave."""
    person, now = _other(person_id), clock.now()
    return page("stand_in", given={}, **_shown(person, held_post(person, post_id, now=now), now))


@pages.post("/posts/<int:post_id>/stand-in")
@entry(*KEEPERS)
def begin_stand_in(person_id: int, post_id: int) -> Any:
    """A colleague works in the post as well, until the last day of the leave."""
    person, now, form = _other(person_id), clock.now(), Form(request.form)
    post = held_post(person, post_id, now=now)
    try:
        until_at = through(form.day("until_on", "最后一天"))
        username = form.text("person", "代班人的用户名", most=60, need=True)
        form.check()
        colleague = person_named(county(), username, field="person")
        others_only(colleague)
        stand_in(colleague, post, absent=person, until_at=until_at, by=me(), now=now)
    except HouseError as error:
        return refused(error, "stand_in", **_shown(person, post, now))
    return back(f"/b/people/{person_id}", f"{colleague.name}开始代班，到期自动结束。")


@pages.get("/totp-reset")
@entry(Role.ADMIN)
def ask_reset(person_id: int) -> Any:
    """Why a second factor is to be reset."""
    return page("totp_reset", given={}, person=_other(person_id))


@pages.post("/totp-reset")
@entry(Role.ADMIN)
def reset(person_id: int) -> Any:
    """Reset it for somebody who lost phone and recovery codes; his logins end."""
    person, form = _other(person_id), Form(request.form)
    try:
        reason = form.text("reason", "原因", most=REASON_MOST, need=True)
        form.check()
        second_factor.reset(person, reason=reason, by=me(), now=clock.now())
    except HouseError as error:
        return refused(error, "totp_reset", person=person)
    return back(f"/b/people/{person_id}", f"{person.name}的两步验证已重置，所有登录已退出。")
