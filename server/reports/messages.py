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
    "whistle": "吹哨：请按时报到并办理",
    "report_in": "被吹哨的单位已报到",
    "not_reported_in": "吹哨后仍未报到，请督促",
    "part_late": "有单位到时限没有答复，请督促",
    "transfer": "转给您单位办理",
    "hand_back": "有报告被退回，请处理",
    "extend": "申请延期，请审核",
    "grant": "延期已同意",
    "deny": "延期未同意，原时限不变",
    "close": "报告人未答复，系统办结",
    "merge": "这一件已并入另一件一起办",
    "split": "合并的一件已拆开，请单独办理",
    "consent": "报告人同意调解，已转调解中心",
    "unrefer": "不转调解，请继续办理",
    "take": "调解中心已收案",
    "appoint": "调解时间已约定",
    "settle": "调解有结果",
    "look_back": "回头看没有通过，请重办",
    "campaign": "有回头看抽查项目要检查",
    "overdue": "时限已过，请督促处理",
    "check": "答复已提交，请核对",
    "measure": "隐患整改措施备案",
    "sent_back": "答复被退回，请重新办理",
    "reinspect": "隐患复查有结果",
    "fund_or_vote": "需要业主共同决定，请代业主委员会组织",
    "reply": "会办单位已答复",
    "reject": "主管部门认定不予受理",
}
RESIDENT_TITLES = {
    "accept": "您的报告已受理",
    "reply": "您的报告有新答复",
    "ask": "处理人有问题请您回答",
    "resolve": "已处理，请您确认是否解决",
    "whistle": "已为您的报告叫来负责的部门",
    "report_in": "负责的部门已报到",
    "transfer": "您的报告已转办",
    "reject": "您的报告不予受理，理由见办理过程",
    "grant": "处理时限已延长",
    "close": "您的报告已自动办结",
    "void": "您的报告被主管部门认定为无效",
    "contact": "社区已联系您，请看进度",
    "check": "已处理，社区核对过，请您确认是否解决",
    "measure": "已写明整改措施和期限",
    "reinspect": "隐患已复查，请看结果",
    "merge": "您的报告和邻居报的是同一件，已合并办理",
    "split": "您的报告已拆开，单独办理",
    "join_accept": "您也遇到的问题已受理",
    "join_resolve": "您也遇到的问题已处理，请说说是否解决",
    "join_confirm": "您也遇到的问题，报告人确认已解决",
    "join_reopen": "您也遇到的问题没解决，已退回重办",
    "join_withdraw": "您也遇到的问题，报告人已撤回；还没好的请您自己上报",
    "join_void": "您也遇到的问题被主管部门认定为无效",
    "refer": "想请您同意转法院调解",
    "unrefer": "没有转调解，继续办理",
    "take": "调解中心已收案",
    "appoint": "调解时间已约定，请查看",
    "settle": "调解有结果，请查看",
    "look_back": "您的报告经回头看检查，已退回重办",
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
    todo: str = ""
    """What the reader's own body must do now; empty where it is only told."""


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
    lines += [("要办", about.todo)] if about.todo else []
    lines += [("状态", about.state), ("时限", when(about.due_at))]
    return Message(
        key=key,
        purpose=TEMPLATE.get(purpose, "progress"),
        title=titles.get(purpose, "报告有新进展"),
        lines=(*lines, ("说明", titles.get(purpose, "报告有新进展"))),
        url=url,
        no=about.no,
    )
