"""The mini-program: who opened it, and subscribe messages to him."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.wechat.account import Account, stable_grant, text_in
from server.wechat.sdk import Wire
from server.wechat.tokens import TokenKeeper, TokenStore


@dataclass(frozen=True)
class MiniUser:
    """Who a login code belongs to; the session key is dropped, nothing here needs it."""

    openid: str
    unionid: str


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
