"""The push channels over WeChat and WeCom, as server.notices.channels asks for them."""

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from server.notices.channels import Channel, Message, RefusalKind, Sent
from server.wechat.client import WeChat
from server.wechat.errors import WeChatRefused
from server.wechat.mini import MiniProgram
from server.wechat.mp import ServiceAccount
from server.wechat.templates import typed_values
from server.wechat.values import cut_bytes
from server.wechat.wecom import TEXT_BYTES, WeCom

NO_TEMPLATE = "no_template"
ANY_PURPOSE = "*"
MINI_PAGE = "pages/web/index?url="


def body_text(message: Message) -> str:
    """The lines of a message as plain text."""
    return "\n".join(f"{label}：{text}" for label, text in message.lines)


@dataclass(frozen=True)
class WecomApp:
    """A card to one colleague; the address is a WeCom user id."""

    wecom: WeCom
    name: str = "wecom_app"

    def send(self, address: str, message: Message) -> Sent:
        """Send the card; raises Refused."""
        description = escape(body_text(message) or message.title, quote=False)
        return Sent(
            self.wecom.send_textcard(address, title=message.title, description=description, url=message.url)
        )


@dataclass(frozen=True)
class WecomRobot:
    """A text to a group; the address is a webhook address, or empty for the configured one."""

    wechat: WeChat
    name: str = "wecom_robot"

    def send(self, address: str, message: Message) -> Sent:
        """Post the text, its link always whole; raises Refused."""
        room = TEXT_BYTES - len(message.url.encode()) - 1
        words = cut_bytes(f"{message.title}\n{body_text(message)}", room)
        # Plain text: in markdown a resident's words could pose as a link or call everybody.
        self.wechat.robot(address).send_text(f"{words}\n{message.url}")
        return Sent()


@dataclass(frozen=True)
class MpTemplate:
    """A template message to a follower of the service account; the address is his openid there."""

    mp: ServiceAccount
    templates: dict[str, str]
    name: str = "mp_template"

    def send(self, address: str, message: Message) -> Sent:
        """Send the message; its key keeps a repeat from being shown twice. Raises Refused."""
        template, values = _template(self.templates, message), typed_values(message)
        return Sent(self.mp.template_send(address, template, values, url=message.url, key=message.key))


@dataclass(frozen=True)
class MpSubscribe:
    """A subscribe notice to whoever agreed on a page; the address is his openid at the service account."""

    mp: ServiceAccount
    templates: dict[str, str]
    name: str = "mp_subscribe"

    def send(self, address: str, message: Message) -> Sent:
        """Send the notice; raises Refused."""
        template, values = _template(self.templates, message), typed_values(message)
        return Sent(self.mp.subscribe_bizsend(address, template, values, page=message.url))


@dataclass(frozen=True)
class MiniSubscribe:
    """A subscribe message of the mini-program; the address is the openid there."""

    mini: MiniProgram
    templates: dict[str, str]
    name: str = "mini_subscribe"

    def send(self, address: str, message: Message) -> Sent:
        """Send the message; it opens our page inside the mini-program. Raises Refused."""
        template, values = _template(self.templates, message), typed_values(message)
        page = MINI_PAGE + quote(message.url, safe="")
        return Sent(self.mini.subscribe_send(address, template, values, page=page))


def _template(templates: dict[str, str], message: Message) -> str:
    found = templates.get(message.purpose) or templates.get(ANY_PURPOSE)
    if not found:
        raise WeChatRefused(NO_TEMPLATE, RefusalKind.FINAL)
    return found


def channels(wechat: WeChat) -> dict[str, Channel]:
    """The channels that the configuration allows, by name."""
    config = wechat.config
    built: list[Channel] = []
    if wechat.wecom:
        built.append(WecomApp(wechat.wecom))
    if config.wecom_robot_url:
        built.append(WecomRobot(wechat))
    if wechat.mp:
        built.append(MpTemplate(wechat.mp, dict(config.mp_templates)))
        built.append(MpSubscribe(wechat.mp, dict(config.subscribe_templates)))
    if wechat.mini:
        built.append(MiniSubscribe(wechat.mini, dict(config.mini_templates)))
    return {one.name: one for one in built}
