"""The words for states, acts and outcomes that people read; one place (pure)."""

from server.reports.workflow import Act

STATES = {
    "submitted": "待受理",
    "accepted": "处理中",
    "resolved": "待您确认",
    "closed": "已办结",
    "withdrawn": "已撤回",
    "whistled": "已吹哨",
    "referred": "已转调解",
    "rejected": "不予受理",
    "void": "无效",
}
STAFF_STATES = STATES | {"resolved": "待确认"}
CHECKING = "答复核对中"
"""How an answer stands that a second body checks before the reporter is asked."""
CLOSED_AS = {
    "confirmed": "报告人已确认解决",
    "unconfirmed": "到期未确认，自动办结",
    "merged": "已并入另一件一起办",
}
OUTCOMES = {
    "solved": "已解决",
    "partly": "部分解决",
    "not_solvable": "不能解决",
    "needs_fund": "需要动用维修资金",
    "needs_vote": "需要业主共同决定",
    "referred": "已转其他单位",
}

ACTS = {
    Act.SUBMIT: "提交",
    Act.ACCEPT: "受理",
    Act.REPLY: "答复",
    Act.ASK: "询问报告人",
    Act.ANSWER: "补充回答",
    Act.ADD: "补充材料",
    Act.RESOLVE: "办结，等待确认",
    Act.CONFIRM: "确认解决",
    Act.RATE: "评价",
    Act.REOPEN: "没解决，要求重办",
    Act.WITHDRAW: "撤回",
    Act.REMIND: "催办",
    Act.SUPERVISE: "督办",
    Act.WHISTLE: "吹哨",
    Act.REPORT_IN: "报到",
    Act.TRANSFER: "转办",
    Act.HAND_BACK: "退回",
    Act.EXTEND: "申请延期",
    Act.GRANT: "同意延期",
    Act.DENY: "不同意延期",
    Act.CLOSE: "系统办结",
    Act.HIDE: "不再公开",
    Act.REJECT: "不予受理",
    Act.VOID: "认定无效",
    Act.REFER: "询问是否同意调解",
    Act.CONSENT: "同意调解，已转调解中心",
    Act.UNREFER: "不转调解",
    Act.TAKE: "调解中心已收案",
    Act.APPOINT: "约定调解时间",
    Act.SETTLE: "调解有结果",
    Act.LOOK_BACK: "回头看",
    Act.JOIN: "邻居也遇到",
    Act.MERGE: "合并办理",
    Act.SPLIT: "拆开，单独办理",
    Act.CONTACT: "社区联系报告人",
    Act.CHECK: "核对答复",
    Act.MEASURE: "写明整改措施",
    Act.REINSPECT: "复查",
    Act.MISSED: "没有生效的操作",
}

LACKS = {
    "text": "请写一句说明。",
    "evidence": "请上传处理后的照片，或写明原因和依据。",
    "addition": "请写一句话或加一张照片。",
    "score": "请选择 1 到 5 星。",
    "body": "请选择单位。",
    "lead": "请选择并入哪一件。",
    "until": "请选择时限。",
    "result": "请选择结果。",
    "person": "请写责任人的岗位或职务。",
}
"""What an act still needs, as a request."""
