"""The service account: H5 login, template messages, subscribe notices, JS-SDK, media."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from urllib.parse import quote, urlencode, urlsplit

from server.core.errors import Forbidden
from server.wechat.account import Account, grant_in, stable_grant, text_in
from server.wechat.mini import typed
from server.wechat.sdk import Wire, jsapi_signature
from server.wechat.tokens import TokenKeeper, TokenStore

STATE = re.compile(r"[A-Za-z0-9]{1,128}")


@dataclass(frozen=True)
class Visitor:
    """Who came back from the H5 login; `openid` is empty for a snapshot visitor, who is nobody."""

    openid: str
    unionid: str

    @property
    def anonymous(self) -> bool:
        """Whether WeChat only showed the page to a virtual user."""
        return not self.openid


@dataclass(frozen=True)
class JsSignature:
    """What a page hands to wx.config."""

    appid: str
    timestamp: int
    nonce: str
    signature: str


class ServiceAccount:
    """Calls of the service account."""

    def __init__(self, appid: str, secret: str, *, wire: Wire, store: TokenStore, open_base: str) -> None:
        self.appid, self._secret, self._wire = appid, secret, wire
        self._open = open_base.rstrip("/")
        keeper = TokenKeeper(
            store, f"{appid}_access_token", lambda: stable_grant(wire, appid=appid, secret=secret)
        )
        self._account = Account(wire, keeper)
        self._ticket = TokenKeeper(
            store,
            f"{appid}_jsapi_ticket",
            lambda: grant_in(
                self._account.call("get", "cgi-bin/ticket/getticket", [("type", "jsapi")]), "ticket"
            ),
        )

    def authorize_url(self, redirect_uri: str, *, state: str) -> str:
        """Where to send a browser that shall log in silently; `state` is 1 to 128 letters and digits."""
        if not STATE.fullmatch(state):
            raise ValueError("state is 1 to 128 letters and digits")
        query = {
            "appid": self.appid,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        # Some WeChat clients depend on this order of the parameters.
        return f"{self._open}/connect/oauth2/authorize?{urlencode(query, quote_via=quote, safe='')}#wechat_redirect"

    def exchange(self, code: str) -> Visitor:
        """Who the login code belongs to (single use, five minutes); raises WeChatRefused."""
        query = [
            ("appid", self.appid),
            ("secret", self._secret),
            ("code", code),
            ("grant_type", "authorization_code"),
        ]
        answer = self._wire.ask("get", "sns/oauth2/access_token", query)
        openid = text_in(answer, "openid")
        if str(answer.get("is_snapshotuser") or "0") != "0":
            return Visitor("", "")
        return Visitor(openid, str(answer.get("unionid") or ""))

    def template_send(
        self, openid: str, template_id: str, values: Mapping[str, str], *, url: str, key: str
    ) -> str:
        """Send a template message to a follower; the same `key` is sent once. Gives its number."""
        body = {
            "touser": openid,
            "template_id": template_id,
            "url": url,
            "client_msg_id": key,
            "data": typed(values),
        }
        answer = self._account.call("post", "cgi-bin/message/template/send", body=body)
        return str(answer.get("msgid") or "")

    def subscribe_bizsend(
        self, openid: str, template_id: str, values: Mapping[str, str], *, page: str
    ) -> str:
        """Send a subscribe notice, to non-followers too (uses up one consent); gives its number."""
        body = {"touser": openid, "template_id": template_id, "page": page, "data": typed(values)}
        answer = self._account.call("post", "cgi-bin/message/subscribe/bizsend", body=body)
        return str(answer.get("msgid") or "")

    def sign_url(self, url: str, own_host: str, *, now: datetime) -> JsSignature:
        """The JS-SDK signature for a page of ours; any other host is Forbidden, or it would borrow our ticket."""
        if not _ours(url, own_host):
            raise Forbidden("只能为本网站的页面签名。", code="foreign_page")
        nonce, timestamp = secrets.token_hex(8), int(now.timestamp())
        signature = jsapi_signature(
            ticket=self._ticket.value(), nonce=nonce, timestamp=timestamp, url=url.split("#", 1)[0]
        )
        return JsSignature(self.appid, timestamp, nonce, signature)

    def media_get(self, media_id: str) -> tuple[str, bytes]:
        """Content type and bytes of a photo taken through the JS-SDK (kept three days)."""
        return self._account.download("cgi-bin/media/get", [("media_id", media_id)])

    def media_put(self, name: str, file: IO[bytes]) -> str:
        """Store a picture for three days; gives its media id. Raises WeChatRefused."""
        answer = self._account.call("post", "cgi-bin/media/upload", [("type", "image")], file=(name, file))
        return text_in(answer, "media_id")


def _ours(url: str, own_host: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = url.isprintable() and "\\" not in url and " " not in url
    return plain and parts.scheme in {"http", "https"} and parts.netloc.lower() == own_host.lower()
