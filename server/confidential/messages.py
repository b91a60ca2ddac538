"""The words about confidential reports; a push says that there is one and nothing more (pure)."""

from server.confidential.rules import SYSTEM_PART, Act, Part, State

NEW, LATE, KEY = "sealed", "sealed_late", "sealed_key"
PUSHES = {
    NEW: "有一件新的保密件",
    LATE: "有保密件超过时限",
    KEY: "收件密钥有变动",
}
"""Purpose → all that a push says."""
STATES = {
    State.SUBMITTED.value: "待受理",
    State.ACCEPTED.value: "处理中",
    State.CLOSED.value: "已办结",
    State.WITHDRAWN.value: "已撤回",
}
ACTS = {
    Act.SUBMIT: "提交",
    Act.ACCEPT: "受理",
    Act.ASK: "询问",
    Act.REPLY: "答复",
    Act.CLOSE: "办结",
    Act.ANSWER: "回答",
    Act.ADD: "补充",
    Act.WITHDRAW: "撤回",
    Act.ERASE: "删除联系方式",
}
REPORTER = "提交人"
SYSTEM = "系统"
NOT_OFFERED = "没有这一类问题，请重新选择。"
NOT_HERE = "没有找到这份报告，请检查编号。"
STALE = "这一件刚刚有了新的进展，刚才的操作没有执行。请看最新情况。"
NOT_NOW = "现在不能这样做，请看最新情况。"
NO_WORDS = "请写一句话。"


def name_of(by_kind: str, *, handler: str) -> str:
    """Who took a step, as the sender and the body read it."""
    return {Part.OWNER.value: REPORTER, SYSTEM_PART: SYSTEM}.get(by_kind, handler)


def readers(body: str, *, keyed: bool) -> str:
    """Who can read a report of this kind, in plain words, for whoever is about to write one."""
    first = (
        f"只送{body}。物业、社区、镇街、主管部门都看不到，也不进任何统计、搜索和台账。"
        "选这一类，上面写的“谁能看”不适用。"
    )
    if keyed:
        second = f"内容、位置、电话和照片用{body}自己的密钥封存，只有他们能打开，维护系统的人也打不开。"
    else:
        second = (
            f"{body}还没有设自己的密钥：内容在系统里加密保存，但维护系统的人有办法打开。不放心请直接打电话。"
        )
    return f"{first}{second}维护系统的人能看出有人访问过本系统。"
