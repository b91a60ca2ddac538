"""The words of every push about a report: title and lines, from plain values (pure)."""

from dataclasses import dataclass
from datetime import datetime

from server.core.workdays import ZONE
from server.notices.channels import Message

STAFF_TITLES = {
    "new": "新的居民报告",
    "answer": "报告人补充了回答",
    "add": "报告人补充了材料",
    "confirm": "报告人确认已解决",
    "rate": "报告人作了评价",
    "reopen": "报告人反映没解决，要求重办",
    "withdraw": "报告人撤回了报告",
    "remind": "催办：请尽快处理",
    "supervise": "督办：请立即处理并答复",
    "transfer": "转给您单位办理",
    "hand_back": "有报告被退回，请处理",
    "extend": "申请延期，请审核",
    "grant": "延期已同意",
    "deny": "延期未同意，原时限不变",
    "close": "报告人未答复，系统办结",
    "overdue": "时限已过，请督促处理",
}
RESIDENT_TITLES = {
    "accept": "您的报告已受理",
    "reply": "您的报告有新答复",
    "ask": "处理人有问题请您回答",
    "resolve": "已处理，请您确认是否解决",
    "transfer": "您的报告已转办",
    "grant": "处理时限已延长",
    "close": "您的报告已自动办结",
    "void": "您的报告被主管部门认定为无效",
    "identity_view": "有工作人员查看了您的手机号",
}
TEMPLATE = {"new": "new_report", "overdue": "overdue"}
"""Purposes with a template of their own; everything else is progress."""
PURPOSES = tuple(dict.fromkeys((*STAFF_TITLES, *RESIDENT_TITLES)))


@dataclass(frozen=True)
class About:
    """What a message may say about a report; never who sent it."""

    no: str
    estate: str
    kind: str
    place: str
    state: str
    due_at: datetime


def when(at: datetime) -> str:
    """An instant as WeChat's templates take it: `2026年3月1日 15:01`."""
    local = at.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def message(about: About, *, purpose: str, key: str, url: str, to_resident: bool) -> Message:
    """One push in plain words."""
    titles = RESIDENT_TITLES if to_resident else STAFF_TITLES
    lines = [("小区", about.estate), ("问题", about.kind)]
    if about.place:
        lines.append(("位置", about.place))
    lines += [("状态", about.state), ("时限", when(about.due_at))]
    return Message(
        key=key,
        purpose=TEMPLATE.get(purpose, "progress"),
        title=titles.get(purpose, "报告有新进展"),
        lines=(*lines, ("说明", titles.get(purpose, "报告有新进展"))),
        url=url,
        no=about.no,
    )
