"""Where somebody is asked whether messages may come: our page with WeChat's button, or the sandbox's."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, request

from server.accounts.guards import actor
from server.wechat import plug
from server.wechat.consents import PROGRESS, left_for, template_for

WECHAT = "MicroMessenger"


@dataclass(frozen=True)
class Offer:
    """What a page may offer: a way to agree to messages, and how many are agreed to already."""

    href: str
    left: int


def template() -> str:
    """The template of notices about progress; empty where the service account has none."""
    given = plug.config()
    return template_for(given.subscribe_templates, PROGRESS) if given.mp_appid else ""


def ask_address(back: str) -> str:
    """Where to ask, with the way back to one of our pages."""
    if not plug.sandboxed(current_app.extensions["settings"]):
        return "/wechat/ask?" + urlencode({"next": back})
    query = {
        "appid": plug.config().mp_appid,
        "template_id": template(),
        "back": plug.here(request.host_url) + back,
    }
    return "/_sandbox/subscribe?" + urlencode(query)


def offer() -> Offer | None:
    """The offer for this page; None where messages cannot come: outside WeChat, or without an account for it.

    The name of the browser only chooses words; who somebody is says WeChat's login.
    """
    inside = WECHAT in request.user_agent.string or plug.sandboxed(current_app.extensions["settings"])
    if not inside or not template():
        return None
    resident_id = actor().resident_id
    here = request.full_path.rstrip("?")
    return Offer("/wechat/news?" + urlencode({"next": here}), left_for(resident_id) if resident_id else 0)
