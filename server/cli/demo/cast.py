"""Who plays in the demonstration: made-up people, their posts, and the sandbox phones they carry."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.accounts import people
from server.accounts.bodies import ensure_post
from server.accounts.models import Body, BodyKind, Person, Post
from server.accounts.passwords import hash_password
from server.accounts.roles import ROLE_OF_BODY, Role
from server.companies.models import Project
from server.core.crypto import vault
from server.core.db import db
from server.estates.models import Estate
from server.notices.addresses import addresses_of, bind
from server.notices.models import Address
from server.wechat.sandbox.demo import MP_APPID, demo_openid, demo_userid

YISHUI, SHANTING, MENGCHENG, QITAI = "371323", "370406", "341622", "652325"
PASSWORD = "saoma-banshi-2026"  # noqa: S105 - made up, printed for everybody, and refused in production


@dataclass(frozen=True)
class Player:
    """One made-up member of staff."""

    username: str
    name: str
    county: str
    bodies: tuple[str, ...]
    """Keys of the book, names of places, or `@estate` for the company's project there."""
    phone: str = ""
    """Whose phone in the sandbox he carries; empty for nobody's."""
    role: Role | None = None
    about: str = ""


CAST = (
    Player("zhujian", "主管部门值班员", YISHUI, ("housing",), "bureau-1", about="县住建局，看全县动态、督办"),
    Player("zhujian2", "主管部门经办人", YISHUI, ("housing",), "bureau-2", about="县住建局，第二个人"),
    Player(
        "guanli", "系统管理员", YISHUI, ("housing",), role=Role.ADMIN, about="管小区和人员，看不到上报内容"
    ),
    Player("yicheng", "镇街工作人员", YISHUI, ("沂城街道",), "township-1", about="沂城街道"),
    Player("longjiaquan", "镇街工作人员二", YISHUI, ("龙家圈街道",), about="龙家圈街道，没有绑定消息"),
    Player(
        "shifan1",
        "社区工作人员",
        YISHUI,
        ("示范一社区",),
        "community-1",
        about="示范一社区，老粮局宿舍没有物业，由它受理",
    ),
    Player("shifan2", "社区工作人员二", YISHUI, ("示范二社区",), about="示范二社区"),
    Player(
        "anju", "项目经理甲", YISHUI, ("@沂水源花园", "@正阳佳苑"), "manager-1", about="安居物业，两个小区"
    ),
    Player(
        "runze", "项目经理乙", YISHUI, ("@东皋新城", "@书香雅居"), "manager-2", about="润泽物业，两个小区"
    ),
    Player("heshun", "项目经理丙", YISHUI, ("@龙湾半岛", "@圈里人家"), about="和顺物业，没有绑定消息"),
    Player("xiaofang", "消防值班员", YISHUI, ("fire",), "fire-1", about="县消防大队，消防类上报直接收到"),
    Player(
        "shichang",
        "市场监管值班员",
        YISHUI,
        ("market",),
        "market-1",
        about="县市场监管局，电梯类上报直接收到",
    ),
    Player("shanting", "山亭主管部门值班员", SHANTING, ("housing",), about="山亭区住建局"),
    Player("shancheng", "山城街道工作人员", SHANTING, ("山城街道",), about="山城街道"),
    Player("meiyuan", "梅园社区工作人员", SHANTING, ("梅园社区",), about="梅园社区"),
    Player("mengcheng", "蒙城主管部门值班员", MENGCHENG, ("housing",), about="县住房发展中心"),
    Player("mcjiedao", "蒙城街道工作人员", MENGCHENG, ("城关街道",), about="城关街道"),
    Player("mcshequ", "蒙城社区工作人员", MENGCHENG, ("示范社区",), about="示范社区，先联系报告人，可以吹哨"),
    Player("mcxiaofang", "蒙城消防值班员", MENGCHENG, ("fire",), about="县消防救援大队，吹哨要报到"),
    Player("mcgongan", "蒙城公安值班员", MENGCHENG, ("police",), about="县公安局，吹哨要报到"),
    Player("hemei", "项目经理丁", MENGCHENG, ("@蒙城示例嘉苑",), about="和美物业"),
    Player("qitai", "奇台主管部门值班员", QITAI, ("housing",), about="县住建局"),
    Player("qtzhen", "奇台镇工作人员", QITAI, ("奇台镇",), about="奇台镇"),
    Player("qtshequ", "奇台社区工作人员", QITAI, ("示范社区",), about="示范社区"),
    Player(
        "qtshichang", "奇台市场监管值班员", QITAI, ("market",), about="县市场监督管理局，电梯隐患直接收到"
    ),
    Player("anhe", "项目经理戊", QITAI, ("@奇台示例高层小区",), about="安和物业"),
)


def ensure_cast(*, now: datetime) -> None:
    """Everybody is there, in his posts, with the demo password and his phone; nothing is done twice."""
    for one in CAST:
        person = db.session.scalar(select(Person).where(Person.username == one.username))
        if person is None:
            person = people.add_person(one.county, name=one.name, username=one.username, by=None, now=now)
            person.password_hash = hash_password(PASSWORD, username=one.username)
            _take_posts(person, one, now=now)
        if one.phone and not addresses_of(person.id):
            bind(one.county, person.id, "wecom_app", demo_userid(one.phone), now=now)
            bind(one.county, person.id, "mp_template", demo_openid(MP_APPID, one.phone), rank=1, now=now)
    _ensure_group(now=now)


def _take_posts(person: Person, one: Player, *, now: datetime) -> None:
    for named in one.bodies:
        body = body_named(one.county, named)
        role = one.role or ROLE_OF_BODY[body.kind]
        query = select(Post).where(Post.body_id == body.id, Post.role == role).order_by(Post.id)
        post = db.session.scalars(query).first() or ensure_post(body, role, now=now)
        people.take_post(person, post, by=None, now=now)


def body_named(county: str, named: str) -> Body:
    """A body by key, by name, or the project at an estate."""
    if named.startswith("@"):
        query = (
            select(Body)
            .join(Project, Project.body_id == Body.id)
            .join(Estate, Estate.id == Project.estate_id)
            .where(Estate.county_id == county, Estate.name == named[1:], Project.ended_on.is_(None))
        )
    else:
        query = select(Body).where(Body.county_id == county, (Body.key == named) | (Body.name == named))
    return db.session.scalars(query).one()


def _ensure_group(*, now: datetime) -> None:
    """The bureau's group has a robot, whose address stands in the settings."""
    bureau = db.session.scalars(
        select(Body).where(Body.county_id == YISHUI, Body.kind == BodyKind.BUREAU)
    ).one()
    if db.session.scalar(select(Address.id).where(Address.body_id == bureau.id, Address.ended_at.is_(None))):
        return
    db.session.add(
        Address(
            county_id=YISHUI,
            body_id=bureau.id,
            channel="wecom_robot",
            target_sealed=vault().seal(""),
            target_index=vault().blind("", purpose="wecom_robot"),
            created_at=now,
        )
    )
