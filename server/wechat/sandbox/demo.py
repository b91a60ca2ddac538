"""The sandbox's made-up accounts and people; a demonstration binds its own people to these addresses."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from server.wechat.config import WeChatConfig
from server.wechat.sandbox.model import Account, Kind, Person, State, Target, Template
from server.wechat.templates import DEFAULT, FIELDS, fields_of

ANY_PURPOSE = "*"
TITLES = {"new_report": "新报修提醒", "overdue": "逾期提醒", "progress": "办理进度通知"}
OTHER_TITLE = "办事提醒"
AGENTID = 1000002

PEOPLE: Mapping[str, tuple[str, str]] = {
    "resident-1": ("业主甲", "居民"),
    "resident-2": ("业主乙", "居民，大字版"),
    "manager-1": ("项目经理甲", "物业项目经理"),
    "manager-2": ("项目经理乙", "物业项目经理"),
    "community-1": ("社区工作人员", "社区居委会"),
    "township-1": ("镇街工作人员", "镇街物业管理办公室"),
    "bureau-1": ("主管部门值班员", "县住建部门"),
    "bureau-2": ("主管部门经办人", "县住建部门"),
    "fire-1": ("消防值班员", "消防救援部门"),
    "market-1": ("市场监管值班员", "市场监管部门"),
}
GROUP = ("主管部门工作群", "群机器人")


def made(name: str, *, length: int = 32) -> str:
    """A fixed made-up value in hexadecimal, the same in every process."""
    return hashlib.sha256(f"sandbox:{name}".encode()).hexdigest()[:length]


MINI_APPID = "wx" + made("mini", length=16)
MP_APPID = "wx" + made("mp", length=16)
CORPID = "ww" + made("corp", length=16)


def demo_openid(appid: str, person: str) -> str:
    """The 28-character openid that somebody of PEOPLE has at an account."""
    return "o" + made(f"{appid}:{person}", length=27)


def demo_userid(person: str) -> str:
    """The WeCom user id of somebody of PEOPLE."""
    return person


def robot_key() -> str:
    """The key of the group's robot."""
    return made("robot")


def aes_key() -> str:
    """A made-up EncodingAESKey: 43 characters."""
    return b64encode(bytes.fromhex(made("aes", length=64))).decode().rstrip("=")


def template_id(kind: str, purpose: str) -> str:
    """The id of the template for a purpose (`*`: any other) of a kind: mini, mp or sub."""
    return f"tpl-{kind}-{'any' if purpose == ANY_PURPOSE else purpose}"


def template_ids(kind: str) -> dict[str, str]:
    """The ids of all templates of a kind, by purpose."""
    return {purpose: template_id(kind, purpose) for purpose in (*FIELDS, ANY_PURPOSE)}


def demo_config(base: str, *, open_base: str = "") -> WeChatConfig:
    """The configuration that talks to a sandbox at `base`; `open_base` is where browsers find its login page."""
    return WeChatConfig(
        mini_appid=MINI_APPID,
        mini_secret=made("mini-secret"),
        mp_appid=MP_APPID,
        mp_secret=made("mp-secret"),
        mp_token=made("mp-token"),
        mp_aes_key=aes_key(),
        wecom_corpid=CORPID,
        wecom_secret=made("corp-secret"),
        wecom_agentid=str(AGENTID),
        wecom_robot_url=f"{base}/cgi-bin/webhook/send?key={robot_key()}",
        api_base=base,
        open_base=open_base or base,
        wecom_api_base=base,
        mini_templates=template_ids("mini"),
        mp_templates=template_ids("mp"),
        subscribe_templates=template_ids("sub"),
    )


def demo_target(url: str) -> Target:
    """Where and how the service account's events are pushed: encrypted XML, before the answer leaves."""
    return Target(url, made("mp-token"), MP_APPID, aes_key=aes_key(), tries=4)


def _templates(*kinds: str) -> dict[str, Template]:
    return {
        template_id(kind, purpose): Template(
            TITLES.get(purpose, OTHER_TITLE), dict(DEFAULT if purpose == ANY_PURPOSE else fields_of(purpose))
        )
        for kind in kinds
        for purpose in (*FIELDS, ANY_PURPOSE)
    }


def _person(person: str, name: str, about: str) -> Person:
    addresses = {appid: demo_openid(appid, person) for appid in (MINI_APPID, MP_APPID)}
    staff = not person.startswith("resident")
    return Person(name, about, addresses | ({CORPID: demo_userid(person)} if staff else {}))


def demo_state(clock: Callable[[], datetime], *, path: Path | None = None, oauth_host: str = "") -> State:
    """A sandbox's state at the start: three accounts, the made-up people, one group."""
    state = State(clock, path=path)
    for account in (
        Account(MINI_APPID, made("mini-secret"), Kind.MINI, templates=_templates("mini")),
        Account(
            MP_APPID,
            made("mp-secret"),
            Kind.MP,
            oauth_host=oauth_host,
            templates=_templates("mp", "sub"),
        ),
        Account(CORPID, made("corp-secret"), Kind.CORP, agentid=AGENTID),
    ):
        state.accounts[account.appid] = account
    state.people = [_person(person, *words) for person, words in PEOPLE.items()]
    state.people.append(Person(*GROUP, addresses={"robot": robot_key()}, group=True))
    return state
