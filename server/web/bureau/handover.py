"""When somebody leaves or gives up a post: who takes over, what moves, what ends."""

from typing import Any

from flask import Blueprint, request

from server.accounts.models import Person
from server.accounts.people import person_in, person_named
from server.accounts.sessions import posts_of
from server.companies.staff import candidates
from server.core import clock
from server.core.entry import entry
from server.core.errors import HouseError, NotFound
from server.reports.handover import HandedOver, give_up, hand_over, open_work
from server.web.bureau.people import others_only
from server.web.bureau.reading import Form
from server.web.bureau.shell import KEEPERS, back, county, me, page, refused

pages = Blueprint("bureau_handover", __name__, url_prefix="/b/people/<int:person_id>")


def _shown(person: Person, post_id: int | None = None) -> dict[str, Any]:
    posts = [
        post for post in posts_of(person.id, now=clock.now()) if post_id is None or post.post_id == post_id
    ]
    if post_id is not None and not posts:
        raise NotFound("这个人现在没有这个岗位。")
    return {
        "person": person,
        "posts": posts,
        "leaving": post_id is None,
        "work": open_work(post.post_id for post in posts),
        "candidates": candidates(county(), but=person.id, now=clock.now()),
    }


def _heirs(posts: Any) -> dict[int, Person | None]:
    """Who takes each post; an empty field leaves it vacant."""
    form, found = Form(request.form), dict[int, Person | None]()
    for post in posts:
        field = f"heir-{post.post_id}"
        username = form.text(field, "接手人", most=60)
        found[post.post_id] = person_named(county(), username, field=field) if username else None
    form.check()
    return found


def _words(person: Person, done: HandedOver, *, leaving: bool) -> str:
    access = "登录立即失效，" if leaving else "这个岗位的权限立即收回，"
    links = f"{done.links} 个办理链接已收回，请接手的人重新生成。" if done.links else ""
    return (
        f"{person.name}已{'离开' if leaving else '卸任'}：{access}"
        f"{done.open_reports} 件在办留在岗位上，{done.pushes} 条未发出的消息已转给接手的人。{links}"
    )


@pages.get("/leave")
@entry(*KEEPERS)
def ask_leave(person_id: int) -> Any:
    """Who takes over each post of somebody who leaves."""
    person = person_in(county(), person_id)
    others_only(person)
    return page("handover", given={}, **_shown(person))


@pages.post("/leave")
@entry(*KEEPERS)
def leave(person_id: int) -> Any:
    """Somebody leaves for good."""
    person = person_in(county(), person_id)
    others_only(person)
    shown = _shown(person)
    try:
        done = hand_over(person, _heirs(shown["posts"]), by=me(), now=clock.now())
    except HouseError as error:
        return refused(error, "handover", **shown)
    return back(f"/b/people/{person_id}", _words(person, done, leaving=True))


@pages.get("/posts/<int:post_id>/end")
@entry(*KEEPERS)
def ask_end(person_id: int, post_id: int) -> Any:
    """Who takes over one post."""
    person = person_in(county(), person_id)
    others_only(person)
    return page("handover", given={}, **_shown(person, post_id))


@pages.post("/posts/<int:post_id>/end")
@entry(*KEEPERS)
def end(person_id: int, post_id: int) -> Any:
    """Somebody gives up one post."""
    person = person_in(county(), person_id)
    others_only(person)
    shown = _shown(person, post_id)
    try:
        heir = _heirs(shown["posts"])[post_id]
        done = give_up(person, post_id, heir, by=me(), now=clock.now())
    except HouseError as error:
        return refused(error, "handover", **shown)
    return back(f"/b/people/{person_id}", _words(person, done, leaving=False))
