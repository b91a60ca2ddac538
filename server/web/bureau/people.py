"""The bureau's people: who holds which post, inviting somebody, the offices' numbers."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, make_response, request
from werkzeug.wrappers import Response

from server.accounts.bodies import body_in, ensure_post
from server.accounts.guards import actor
from server.accounts.hiring import changes_of, hire, invitation_link, invite_again, roles_of
from server.accounts.holding import terms_of
from server.accounts.invitations import INVITATION_LASTS
from server.accounts.models import Body, BodyKind, Person
from server.accounts.people import person_in, person_named, record, take_post
from server.accounts.roles import DUTY_OF_ROLE, ROLE_NAMES, Role
from server.accounts.sessions import posts_of
from server.accounts.terms import last_day, through
from server.companies.staff import below, candidates, one_body, search, top_of
from server.core import clock
from server.core.crypto import vault
from server.core.entry import entry
from server.core.errors import Forbidden, HouseError, Invalid
from server.core.masks import masked
from server.notices.addresses import addresses_of
from server.reports.handover import open_work
from server.web.bureau.marks import qr_mark
from server.web.bureau.reading import Form
from server.web.bureau.shell import KEEPERS, back, county, me, page, refused
from server.web.times import day_time, stamp

pages = Blueprint("bureau_people", __name__, url_prefix="/b/people")
KINDS = {
    BodyKind.BUREAU: "主管部门",
    BodyKind.TOWNSHIP: "镇街",
    BodyKind.COMMUNITY: "社区",
    BodyKind.PROJECT: "物业项目",
    BodyKind.DEPARTMENT: "部门",
    BodyKind.UTILITY: "水电气暖单位",
    BodyKind.COURT: "法院",
}
DONE = {
    "added": "建立账号",
    "invited": "发出邀请",
    "password_set": "设置密码",
    "password_changed": "修改密码",
    "post_taken": "担任岗位",
    "post_ended": "卸任岗位",
    "terms_ended": "全部卸任",
    "term_set": "设定任期",
    "stand_in": "代班",
    "totp_on": "开启两步验证",
    "totp_off": "关闭两步验证",
    "totp_reset": "重置两步验证",
    "recovery_used": "用恢复码登录",
    "address_bound": "绑定接收方式",
    "address_replaced": "改绑接收方式",
    "address_ended": "解除接收方式",
    "disabled": "离开，账号停用",
    "phone_set": "修改办公电话",
}


def others_only(person: Person) -> None:
    """Nobody gives himself a post or takes his own away. Raises Forbidden."""
    if person.id == me():
        raise Forbidden("自己的岗位不能自己办理，请由另一位管理人员操作。")


@pages.get("")
@entry(*KEEPERS)
def show_list() -> Any:
    """Bodies with posts and holders: the top of the county, below one township, or found by words."""
    form, now = Form(request.args), clock.now()
    words, township = form.text("q", "搜索", most=40), form.number("under")
    if words:
        rows = search(county(), words, now=now)
    elif township is not None:
        rows = below(county(), township, now=now)
    else:
        rows = top_of(county(), now=now)
    return page("people", rows=rows, words=words, under=township, kinds=KINDS)


@pages.get("/bodies/<int:body_id>")
@entry(*KEEPERS)
def show_body(body_id: int) -> Any:
    """One body: its number, its posts, whom to invite."""
    return page("body", given={}, **_body(body_id))


def _body(body_id: int) -> dict[str, Any]:
    body = body_in(county(), body_id)
    row = one_body(county(), body.id, now=clock.now())
    roles = [(role.value, ROLE_NAMES[role]) for role in roles_of(body.kind)]
    return {
        "body": body,
        "posts": row.posts if row else [],
        "kind": KINDS[BodyKind(body.kind)],
        "roles": roles,
        "duty": DUTY_OF_ROLE[roles_of(body.kind)[0]],
        "candidates": candidates(county(), but=me() or 0, now=clock.now()),
        "last_day": last_day,
    }


def _end(form: Form, field: str) -> datetime | None:
    """When a term with the last day in this field runs out."""
    until_at = through(form.day(field, "任期最后一天"))
    if until_at and until_at <= clock.now():
        form.faults[field] = "任期最后一天不能早于今天"
    return until_at


def _role(form: Form, body: Body) -> Role:
    """The role that was chosen; a body with one kind of post needs no choice."""
    offered = roles_of(body.kind)
    chosen = form.given.get("role", offered[0])
    if chosen not in offered:
        raise Invalid("请选择岗位类别。", fields={"role": "请选择岗位类别"})
    return Role(chosen)


@pages.post("/bodies/<int:body_id>/phone")
@entry(*KEEPERS)
def set_phone(body_id: int) -> Any:
    """The office number that everybody may see, on posters and pages."""
    body, form = body_in(county(), body_id), Form(request.form)
    phone = form.phone("office", "办公电话")
    try:
        form.check()
    except HouseError as error:
        return refused(error, "body", **_body(body_id))
    body.phone = phone
    keeper = person_in(county(), me() or 0)
    record("phone_set", keeper, f"{body.name} {phone or '清空'}", by=me(), now=clock.now())
    return back(f"/b/people/bodies/{body_id}", "办公电话已更新。已经打印的海报上还是旧号码。")


@pages.post("/bodies/<int:body_id>/invite")
@entry(*KEEPERS)
def invite(body_id: int) -> Any:
    """A new person in a post; his link is shown this once."""
    body, form = body_in(county(), body_id), Form(request.form)
    try:
        given = {key: form.text(key, key, most=60) for key in ("name", "username", "duty", "phone")}
        form.check()
        until_at = _end(form, "until_on")
        form.check()
        role = _role(form, body)
        person, token = hire(body, role=role, **given, until_at=until_at, by=me(), now=clock.now())
    except HouseError as error:
        return refused(error, "body", **_body(body_id))
    return _shown_once(person, token)


@pages.post("/bodies/<int:body_id>/take")
@entry(*KEEPERS)
def take(body_id: int) -> Any:
    """Somebody known takes a post as well."""
    body, form = body_in(county(), body_id), Form(request.form)
    try:
        person = person_named(county(), form.text("person", "用户名", most=60), field="person")
        others_only(person)
        role = _role(form, body)
        duty = form.text("post_duty", "岗位名称", most=40) or DUTY_OF_ROLE[role]
        until_at = _end(form, "take_until_on")
        form.check()
        post = ensure_post(body, role, duty, now=clock.now())
        take_post(person, post, until_at=until_at, by=me(), now=clock.now())
    except HouseError as error:
        return refused(error, "body", **_body(body_id))
    return back(f"/b/people/bodies/{body_id}", f"{person.name} 已担任“{duty}”。")


@pages.get("/<int:person_id>")
@entry(*KEEPERS)
def show(person_id: int) -> Any:
    """One person: posts, whether he can be reached, what was done to his account."""
    person, now = person_in(county(), person_id), clock.now()
    posts = posts_of(person_id, now=now)
    return page(
        "person",
        person=person,
        posts=posts,
        terms={term.post_id: term for term in terms_of(person_id, now=now)},
        resets=Role.ADMIN in actor().roles,
        work=open_work(post.post_id for post in posts),
        phone=masked(vault().open(person.phone_sealed)) if person.phone_sealed else "",
        addresses=addresses_of(person_id),
        myself=person_id == me(),
        changes=[(DONE.get(one.act, one.act), one, stamp(one.at, now=now)) for one in changes_of(person_id)],
        stamp=lambda at: stamp(at, now=now),
    )


@pages.post("/<int:person_id>/invite")
@entry(*KEEPERS)
def invite_once_more(person_id: int) -> Any:
    """A new link; older ones stop."""
    person = person_in(county(), person_id)
    return _shown_once(person, invite_again(person, by=me(), now=clock.now()))


def _shown_once(person: Person, token: str) -> Response:
    """The link and its code; the page is kept nowhere, and only the token's fingerprint is stored."""
    link = invitation_link(current_app.extensions["settings"].base_url, token)
    response = make_response(
        page(
            "invitation",
            person=person,
            link=link,
            mark=qr_mark(link, f"{person.name}的邀请链接"),
            until=day_time(clock.now() + INVITATION_LASTS),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response
