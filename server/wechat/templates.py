"""Which words of a message go into which typed field of a template; the one place that knows."""

from collections.abc import Mapping

from server.notices.channels import Message, RefusalKind
from server.wechat.errors import WeChatRefused
from server.wechat.values import fit, usable

NUMBER, TITLE, SUMMARY = "编号", "标题", "摘要"
BAD_VALUE = "47003"

# The templates picked in Tencent's console must have these fields; a purpose not named here uses DEFAULT.
# A label is one of the message's own lines, or its number, its title, or all of its lines in short.
DEFAULT: Mapping[str, str] = {"character_string1": NUMBER, "thing2": TITLE, "thing3": SUMMARY}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "new_report": {"character_string1": NUMBER, "thing2": "小区", "thing3": "问题", "time4": "时限"},
    "overdue": {"character_string1": NUMBER, "thing2": "小区", "thing3": TITLE, "time4": "时限"},
    "progress": {"character_string1": NUMBER, "thing2": TITLE, "phrase3": "状态", "thing4": "说明"},
}


def fields_of(purpose: str) -> Mapping[str, str]:
    """The fields of a purpose's template, each with the label that fills it."""
    return FIELDS.get(purpose, DEFAULT)


def typed_values(message: Message) -> dict[str, str]:
    """The template values of a message, all acceptable; a time or number it does not have is refused as final."""
    words = _words(message)
    values = {}
    for name, label in fields_of(message.purpose).items():
        text = words.get(label, "")
        if not usable(name, text):
            raise WeChatRefused(BAD_VALUE, RefusalKind.FINAL)
        values[name] = fit(name, text)
    return values


def _words(message: Message) -> dict[str, str]:
    summary = "；".join(f"{label}：{text}" for label, text in message.lines)
    return {NUMBER: message.no, TITLE: message.title, SUMMARY: summary, **dict(message.lines)}
