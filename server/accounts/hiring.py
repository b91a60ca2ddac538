"""Bringing somebody in: a person, a post of a body, and the invitation link, all at once."""

import re
from datetime import datetime

from server.accounts import invitations, people
from server.accounts.bodies import ensure_post
from server.accounts.models import Body, BodyKind, Person, StaffChange
from server.accounts.roles import DUTY_OF_ROLE, ROLE_NAMES, ROLE_OF_BODY, Role
from server.core.db import db
from server.core.errors import Conflict, Invalid
from server.core.text import taken

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
INVITATION_PATH = "/invite/"
DUTY_MOST, NAME_MOST = 40, 40


def roles_of(kind: str) -> tuple[Role, ...]:
    """The roles that a body's posts may have; the bureau keeps admins and auditors too, a project its company's head."""
    more = {BodyKind.BUREAU: (Role.ADMIN, Role.AUDITOR), BodyKind.PROJECT: (Role.COMPANY,)}
    return (ROLE_OF_BODY[kind], *more.get(BodyKind(kind), ()))


def hire(
    body: Body,
    *,
    name: str,
    username: str,
    role: Role | None = None,
    duty: str = "",
    phone: str = "",
    until_at: datetime | None = None,
    by: int | None,
    now: datetime,
) -> tuple[Person, str]:
    """A new person in a post of the body, and the token of his invitation. Raises Invalid or Conflict with the field."""
    wanted = role or roles_of(body.kind)[0]
    _check(body, wanted, name, username, duty)
    person = people.add_person(
        body.county_id,
        name=taken(name, field="name", most=60),
        username=username,
        phone=phone or None,
        by=by,
        now=now,
    )
    post = ensure_post(body, wanted, taken(duty, field="duty", most=40) or DUTY_OF_ROLE[wanted], now=now)
    people.take_post(person, post, until_at=until_at, by=by, now=now)
    return person, invitations.invite(person, by=by, now=now)


def _check(body: Body, role: Role, name: str, username: str, duty: str) -> None:
    faults: dict[str, str] = {}
    if role not in roles_of(body.kind):
        faults["role"] = f"{body.name}没有“{ROLE_NAMES[role]}”这种岗位"
    for field, text, most in (("name", name, NAME_MOST), ("duty", duty, DUTY_MOST)):
        if len(text) > most:
            faults[field] = f"太长了，最多 {most} 个字"
    if not name.strip():
        faults["name"] = "请填写姓名"
    if not USERNAME.fullmatch(username):
        faults["username"] = "用户名用 3 到 40 个小写字母、数字、点、横线，例如 wuye.zhang"
    if faults:
        raise Invalid("；".join(faults.values()), fields=faults)


def invite_again(person: Person, *, by: int | None, now: datetime) -> str:
    """A new link for somebody who lost his, or his password; older links stop. Raises Conflict once he has left."""
    if person.disabled_at is not None:
        raise Conflict("这个人已离开，不能再发邀请。需要回来工作的，请新建账号。")
    return invitations.invite(person, by=by, now=now)


def invitation_link(base_url: str, token: str) -> str:
    """The link to send to the person."""
    return f"{base_url}{INVITATION_PATH}{token}"


def changes_of(person_id: int, *, most: int = 20) -> list[StaffChange]:
    """What was done to somebody's account, the latest first."""
    query = db.select(StaffChange).where(StaffChange.person_id == person_id)
    return list(db.session.scalars(query.order_by(StaffChange.id.desc()).limit(most)))
