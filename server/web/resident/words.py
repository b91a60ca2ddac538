"""What the resident's pages say about acts: buttons, headings, what happens next (pure)."""

from dataclasses import dataclass

from server.reports.workflow import Act

SENT = {
    "1": "已提交，物业和主管部门都收到了。",
    "again": "这一件之前已经提交过，没有重复提交。",
}
DONE = {
    Act.REMIND.value: "已催办，会再次提醒办理的人。",
    Act.ANSWER.value: "已回答。",
    Act.ADD.value: "已补充。",
    Act.CONFIRM.value: "谢谢，已确认解决。",
    Act.RATE.value: "谢谢您的评价。",
    Act.REOPEN.value: "已退回重办，主管部门会看到。",
    Act.WITHDRAW.value: "已撤回。",
    Act.CONSENT.value: "已同意，调解中心会联系您约时间。收案前您还可以反悔。",
    Act.UNREFER.value: "已记下，不转调解，继续办理。",
    Act.HIDE.value: "已不再公开，以后也不会再公开。",
    "contact_on": "已同意。社区和主管部门查看号码要写明原因，您在下面能看到。",
    "contact_off": "已收回。从现在起谁都看不到您的号码，办理的人只能在这里问您。",
    "joined": "已记下您也遇到。办到哪一步，在这里看；办结后请您说说是否解决。",
    "said": "已记下，谢谢。",
    "left": "已退出，和您有关的记录已删除。",
    "erased": "已删除您的联系信息。请收好这个页面的链接，以后只能从链接看进度。",
    "found": "已找回，这台手机可以继续办理这一件。",
}


@dataclass(frozen=True)
class Words:
    """How one act is called on its button and its page."""

    button: str
    title: str
    about: str
    tone: str = ""


OWN = {
    Act.ANSWER: Words("回答问题", "回答办理人的问题", "写一句话就可以。"),
    Act.CONFIRM: Words("已解决", "确认已经解决", "确认后这一件就办结了。打不打分都可以。"),
    Act.REOPEN: Words("没解决", "没解决，要求重办", "会退回重办，时限更短，主管部门会看到。", "danger"),
    Act.RATE: Words("评价", "评价这次办理", "差评主管部门会看到。", "plain"),
    Act.CONSENT: Words(
        "同意调解",
        "同意转法院调解",
        "请法院的调解中心帮您和物业商量，约好时间当面谈；不同意也照常办理。物业在系统里看不到您的手机号。调解中心收案前，您可以反悔。",
    ),
    Act.UNREFER: Words("不调解", "不转法院调解", "由原来的单位继续办理，时限照常计算。", "plain"),
    Act.REMIND: Words("催办", "催办", "已经超过时限，可以催一次。"),
    Act.ADD: Words("补充", "补充照片或说明", "新情况、新照片都可以加。", "plain"),
    Act.WITHDRAW: Words("撤回", "撤回这一件", "撤回后不再办理。", "danger"),
    Act.HIDE: Words(
        "不再公开",
        "永远不再公开这一件",
        "文字和照片马上从公开页面消失，已经发出去的照片链接也打不开。这一步不能反悔：以后谁都不能再公开它，您自己也不能。"
        "办理不受影响。",
        "danger",
    ),
}
"""The reporter's acts, the most important first."""
FIRST = frozenset({Act.CONFIRM, Act.REOPEN, Act.REMIND, Act.CONSENT})
"""What is waited for, or has a right to be at hand: stays in sight while the page scrolls."""
