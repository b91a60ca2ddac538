"""The acts beside the answer as staff are offered them: contact, check, measure, second look (pure)."""

from server.reports.workflow import Act
from server.web.desk.offer import Offer, asks

BESIDE = (
    Offer(
        Act.CONTACT,
        "联系报告人",
        "记下联系结果",
        "写的话只有报告人、社区、镇街和主管部门看得到；物业和其他单位只看到联系过。没有同意接听电话的，请写一段话，系统会发给报告人。",
        asks("way", "result", "text"),
        "说了什么",
        tone="",
        drawing="chat",
        said="已记下，报告人会看到。",
        short="联系",
    ),
    Offer(
        Act.CHECK,
        "核对答复",
        "提交核对结果",
        "属实的，接着请报告人确认；不属实或没办好的，写明理由退回重办，原时限不变。",
        asks("result", "text"),
        "核对情况",
        tone="",
        drawing="check",
        said="已核对。",
        short="核对",
    ),
    Offer(
        Act.MEASURE,
        "写明整改措施",
        "保存措施",
        "安全隐患先写明措施、期限和责任人，再办结。整改期限最长 {hazard.longest_days} 天；有变化可以再写一次。",
        asks("text", "person", "until", "photos"),
        "整改措施",
        drawing="alert",
        said="已写明，报告人和主管部门会看到。",
        short="整改措施",
    ),
    Offer(
        Act.REINSPECT,
        "复查隐患",
        "提交复查结果",
        "到现场看过再填。隐患还在的，用原编号退回重办。",
        asks("result", "text", "photos"),
        "现场情况",
        tone="",
        drawing="search",
        said="已记下复查结果。",
        short="复查",
    ),
)
"""Offered like all others."""
