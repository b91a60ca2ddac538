"""The mini-program: who opened it, subscribe messages to him, and checks of what he wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.notices.channels import RefusalKind
from server.wechat.account import Account, stable_grant, text_in
from server.wechat.errors import MALFORMED, WeChatRefused
from server.wechat.sdk import Wire
from server.wechat.tokens import TokenKeeper, TokenStore


@dataclass(frozen=True)
class MiniUser:
    """Who a login code belongs to; the session key is dropped, nothing here needs it."""

    openid: str
    unionid: str


SCENE = 2
"""Words on a matter, as a comment is: neither a profile nor a forum nor a diary."""
IMAGE = 2
NORMAL = 100


@dataclass(frozen=True)
class Said:
    """What a check found: pass, review or risky, and the label of why (100 is nothing)."""

    suggest: str
    label: int


def said_in(answer: Mapping[str, Any]) -> Said:
    """The result in an answer or a push; raises WeChatRefused when it is not there. Numbers may come as texts."""
    result = answer.get("result")
    found = result if isinstance(result, Mapping) else {}
    try:
        return Said(text_in(found, "suggest"), int(found.get("label", NORMAL)))
    except (TypeError, ValueError):
        raise WeChatRefused(MALFORMED, RefusalKind.RETRY) from None


def typed(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Template values in the shape WeChat takes them."""
    return {name: {"value": value} for name, value in values.items()}


class MiniProgram:
    """Calls of the mini-program's account."""

    def __init__(self, appid: str, secret: str, *, wire: Wire, store: TokenStore) -> None:
        self.appid, self._secret, self._wire = appid, secret, wire
        keeper = TokenKeeper(
            store, f"{appid}_access_token", lambda: stable_grant(wire, appid=appid, secret=secret)
        )
        self._account = Account(wire, keeper)

    def code2session(self, code: str) -> MiniUser:
        """Whose login code this is (single use, five minutes); raises WeChatRefused."""
        query = [
            ("appid", self.appid),
            ("secret", self._secret),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ]
        answer = self._wire.ask("get", "sns/jscode2session", query)
        return MiniUser(text_in(answer, "openid"), str(answer.get("unionid") or ""))

    def subscribe_send(
        self,
        openid: str,
        template_id: str,
        values: Mapping[str, str],
        *,
        page: str = "",
        state: str = "formal",
        lang: str = "zh_CN",
    ) -> str:
        """Send a subscribe message (uses up one consent); gives its number. Raises WeChatRefused."""
        body = {
            "touser": openid,
            "template_id": template_id,
            "page": page,
            "miniprogram_state": state,
            "lang": lang,
            "data": typed(values),
        }
        answer = self._account.call("post", "cgi-bin/message/subscribe/send", body=body)
        return str(answer.get("msgid") or "")

    def msg_sec_check(self, openid: str, text: str) -> Said:
        """What is to be said of a text by somebody who opened the mini-program within two hours.

        Raises WeChatRefused.
        """
        body = {"version": 2, "openid": openid, "scene": SCENE, "content": text}
        return said_in(self._account.call("post", "wxa/msg_sec_check", body=body))

    def media_check(self, openid: str, url: str) -> str:
        """Ask about a picture that Tencent can fetch; the number that its pushed result carries.

        Raises WeChatRefused.
        """
        body = {"version": 2, "openid": openid, "scene": SCENE, "media_type": IMAGE, "media_url": url}
        return text_in(self._account.call("post", "wxa/media_check_async", body=body), "trace_id")
