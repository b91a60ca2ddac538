"""The acts of calling bodies in as staff are offered them: whistle, report in, refuse (pure, A7)."""

from server.reports.workflow import Act
from server.web.desk.offer import Offer, asks

CALLING = (
    Offer(
        Act.REPORT_IN,
        "报到",
        "报到",
        tone="",
        drawing="check",
        said="已报到，吹哨的单位和报告人会收到消息。",
    ),
    Offer(
        Act.WHISTLE,
        "吹哨，叫部门来办",
        "吹哨",
        "小区解决不了的，叫负责的部门来办。部门要在 {whistle_span}内报到。原来的时限照常计算，不会重来。",
        asks("body", "joint", "text"),
        "为什么要叫部门来",
        tone="",
        drawing="bell",
        short="吹哨",
        said="已吹哨，被叫的单位会收到消息；没有账号的，在下面生成链接发过去。",
    ),
    Offer(
        Act.REJECT,
        "不予受理",
        "不予受理",
        "不属于物业管理的，写明理由和应找的单位。报告人会看到理由；单独统计，不能恢复。",
        asks("text"),
        "理由和应找的单位",
        tone="danger",
        drawing="close",
        said="已记为不予受理，报告人会看到理由。",
    ),
)
