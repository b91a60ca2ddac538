"""`/b/audit`: what was done that must be answered for; for auditors and administrators, never an identity."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.accounts.trail import names_about, trail
from server.core import clock
from server.core.entry import entry
from server.core.paging import LIMIT
from server.web.times import stamp
from server.web.typed import looked_for

pages = Blueprint("audit", __name__)

ACTS = {
    "login.open": "登录",
    "login.lock": "连续输错被锁定",
    "login.password_set": "用邀请链接设置密码",
    "login.password_change": "修改密码",
    "login.totp_on": "开启两步验证",
    "login.totp_off": "关闭两步验证",
    "login.totp_reset": "重置他人的两步验证",
    "login.recovery_used": "用恢复码登录",
    "person.add": "新建账号",
    "person.invite": "发出邀请",
    "person.disable": "停用账号",
    "post.take": "任岗",
    "post.term": "改岗位期限",
    "post.end": "结束岗位",
    "post.end_all": "结束全部岗位",
    "identity.reveal": "查看报告人联系方式",
    "identity.erase": "删除联系信息",
    "identity.export": "报告人取回自己的信息",
    "ledger.export": "导出台账",
    "campaign.open": "发起回头看",
    "campaign.close": "结束回头看",
    "campaign.export": "导出回头看结果",
    "hotline.import": "导入 12345 工单",
    "hotline.export": "导出 12345 答复",
    "hotline.month": "填写 12345 公布数",
    "code.reissue": "换发二维码",
    "code.revoke": "停用二维码",
    "photo.release": "公开照片",
    "report.void": "作废报告",
    "report.reject": "不予受理",
    "link.made": "生成部门办理链接",
    "link.open": "打开部门办理链接",
    "link.revoke": "收回部门办理链接",
    "link.report_in": "凭链接报到",
    "link.reply": "凭链接答复",
    "link.resolve": "凭链接办结",
    "link.hand_back": "凭链接退回",
    "sight.refuse": "想打开不归自己的内容，被拒绝",
    "key.rotate": "更换加密密钥",
    "backup.made": "备份",
    "backup.restored": "从备份恢复",
}
"""Acts as people say them; an act that is missing here is shown by its own name."""
THINGS = {
    "person": "人员",
    "report": "报告",
    "campaign": "回头看",
    "estate": "小区",
    "ledger": "台账",
    "name": "用户名",
    "hotline": "12345 工单",
}
FACTS = {
    "detail": "",
    "code": "码",
    "spot": "位置",
    "rows": "件数",
    "words": "查找",
    "state": "情况",
    "estate": "小区",
    "campaign": "回头看",
}
NOBODY = "系统或命令行"
ACT_MOST, NAME_MOST = 40, 60


@pages.get("/b/audit")
@entry(Role.AUDITOR, Role.ADMIN)
def show() -> str:
    """The county's chain, the newest first, narrowed by act and by person."""
    now = clock.now()
    act, person = looked_for("act", most=ACT_MOST), looked_for("person", most=NAME_MOST)
    county = actor().county_id or ""
    found = trail(county, act=act, username=person, after=request.args.get("after"), limit=LIMIT)
    names = names_about(list(found.items))
    given = {"act": act, "person": person}
    return render_template(
        "bureau/audit.html",
        rows=[_shown(row, names, stamp(row.at, now=now)) for row in found.items],
        acts=list(ACTS.items()),
        given=given,
        next=_address(given, after=found.next) if found.next else "",
        first=_address(given) if request.args.get("after") else "",
    )


def _shown(row: Any, names: dict[str, str], when: str) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "when": when,
        "act": ACTS.get(row.act, row.act),
        "who": f"{row.name}（{row.username}）" if row.name else NOBODY,
        "about": about_words(row.about, names),
        "reason": row.reason,
        "facts": facts_words(row.facts),
        "hash": row.hash[:12],
    }


def about_words(about: str, names: dict[str, str]) -> str:
    """`人员 张三`, `报告 YS240715-7K2QM`: what a row is about, in words."""
    thing, _, which = about.partition(":")
    return " ".join(part for part in (THINGS.get(thing, thing), names.get(about, which)) if part)


def facts_words(facts: dict[str, str]) -> str:
    """The facts in one line."""
    return "；".join(f"{FACTS.get(key, key)} {value}".strip() for key, value in sorted(facts.items()))


def _address(given: dict[str, str], **more: str) -> str:
    query = urlencode({key: value for key, value in (given | more).items() if value})
    return f"/b/audit?{query}" if query else "/b/audit"
