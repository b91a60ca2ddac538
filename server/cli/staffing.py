"""`flask --app wsgi staff …`: the first accounts, before anybody can log in."""

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select

from server.accounts import second_factor
from server.accounts.bodies import ensure_bodies
from server.accounts.hiring import hire, invitation_link
from server.accounts.models import Body, Person
from server.accounts.roles import STAFF, Role
from server.cli.edge import county_option, edge, settings
from server.confidential.bodies import ensure_sealed_body
from server.core import clock
from server.core.db import db
from server.core.errors import NotFound
from server.core.text import taken
from server.policy.loader import books
from server.reports.handover import hand_over, posts_held

REASON_MOST = 200
staffing = AppGroup("staff", help="工作人员账号。")


def find_body(county: str, named: str) -> Body:
    """A body by the book's key, its name, or `#number`. Raises NotFound, or a usage error when several fit."""
    bureau = ensure_bodies(books()[county], now=clock.now())
    if not named:
        return bureau
    number = int(named[1:]) if named[:1] == "#" and named[1:].isdigit() else 0
    query = select(Body).where(
        Body.county_id == county, or_(Body.key == named, Body.name == named, Body.id == number)
    )
    found = list(db.session.scalars(query.order_by(Body.id)))
    if not found:
        raise NotFound(f"没有找到单位“{named}”。请写规则书里的代号、全名，或 #编号。")
    if len(found) > 1:
        several = "、".join(f"#{body.id} {body.name}（{body.kind}）" for body in found)
        raise click.UsageError(f"有几个单位叫“{named}”，请用编号：{several}")
    return found[0]


def find_sealed(county: str, named: str) -> Body:
    """The side of a body that alone reads confidential reports; only here can somebody be put there."""
    return ensure_sealed_body(books()[county], named, now=clock.now())


@staffing.command("add", help="新建账号并打印邀请链接（只显示这一次）。")
@county_option
@click.option("--name", required=True, help="姓名。")
@click.option("--username", required=True, help="登录用户名：小写字母、数字、点、横线。")
@click.option("--body", default="", help="单位：规则书里的代号、全名或 #编号；不写是主管部门。")
@click.option(
    "--role", type=click.Choice(sorted(role.value for role in STAFF)), help="岗位类别；不写按单位。"
)
@click.option("--duty", default="", help="岗位名称，例如 物业科。")
@click.option("--phone", default="", help="手机号，可以不写；加密保存。")
@edge
def add(*, county: str, name: str, username: str, body: str, role: str | None, duty: str, phone: str) -> None:
    """A person in a post, and the link by which he sets his password."""
    where = find_sealed(county, body) if role == Role.CONFIDENTIAL else find_body(county, body)
    person, token = hire(
        where,
        name=name,
        username=username,
        role=Role(role) if role else None,
        duty=duty,
        phone=phone,
        by=None,
        now=clock.now(),
    )
    click.echo(f"已为 {where.name} 建立账号 {person.username}。请把链接发给本人，用一次即失效：")
    click.echo(invitation_link(settings().base_url, token))


def find_person(username: str) -> Person:
    """Somebody who has not left, by user name. Raises NotFound."""
    found = db.session.scalar(select(Person).where(Person.username == username, Person.disabled_at.is_(None)))
    if found is None:
        raise NotFound(f"没有找到在用的账号“{username}”。")
    return found


@staffing.command("disable", help="停用账号并交接：登录立即失效，在办留在岗位上。")
@click.argument("username")
@click.option("--heir", default="", help="接手人的用户名；不写则岗位空缺，消息转上一级。")
@edge
def disable(*, username: str, heir: str) -> None:
    """Somebody leaves; all his posts go to one person, or stay vacant."""
    person = find_person(username)
    successor = find_person(heir) if heir else None
    heirs = {post.id: successor for post in posts_held(person, now=clock.now())}
    done = hand_over(person, heirs, by=None, now=clock.now())
    click.echo(
        f"{username} 已停用：{done.posts} 个岗位，{done.open_reports} 件在办留在岗位上，"
        f"{done.pushes} 条未发出的消息已转出，{done.links} 个办理链接已收回。"
    )


@staffing.command("totp-reset", help="重置两步验证：手机和恢复码都丢了，又没有别的管理员的时候。")
@click.argument("username")
@click.option("--reason", required=True, help="原因，记入审计。")
@edge
def totp_reset(*, username: str, reason: str) -> None:
    """Somebody lost phone and recovery codes; his logins end and a password is enough to set it up anew."""
    person = find_person(username)
    second_factor.reset(
        person, reason=taken(reason, field="reason", most=REASON_MOST), by=None, now=clock.now()
    )
    click.echo(f"{username} 的两步验证已重置，所有登录已退出。请本人用密码登录后重新设置。")
